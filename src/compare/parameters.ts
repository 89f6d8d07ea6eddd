// Parameters for calls: the defaults where a pipe has them, and values that fit where it has none.

import type { ParamDoc } from '../render/parameter-docs.ts'
import type { ParamValue } from '../render/renderer.ts'

const DAY_SECONDS = 86_400
/** Types of parameters that name a column. */
const NAMING: ReadonlySet<string> = new Set(['column', 'columns', 'symbol', 'Symbol'])

/** A value for a parameter: an example of the pipe's own, what a column of that name holds, else one of
 * the type. */
export function valueFor(
  doc: ParamDoc, columnValue: (name: string) => string | null, columnNames: readonly string[], nowSeconds: number,
): ParamValue {
  const own = [doc.default, doc.example, doc.enum?.[0]].find((value) => value !== null && value !== undefined && value !== '')
  if (own !== null && own !== undefined) return own
  const days = /end|to$|until|max/i.test(doc.name) ? 0 : 30
  const moment = new Date((nowSeconds - days * DAY_SECONDS) * 1000).toISOString()
  const type = doc.type.replace(/^Array\((.*)\)$/, '$1')
  if (type === 'Date') return moment.slice(0, 10)
  if (type === 'DateTime') return moment.slice(0, 19).replace('T', ' ')
  if (type === 'DateTime64') return moment.slice(0, 23).replace('T', ' ')
  if (/^U?Int|^Integer/.test(type)) return '1'
  if (/^Float/.test(type)) return '1.5'
  if (type === 'Boolean') return '1'
  if (NAMING.has(type)) return columnNames[0] ?? 'a'
  return columnValue(doc.name) ?? (/date|time|from|start|end/i.test(doc.name) ? moment.slice(0, 10) : 'a')
}
