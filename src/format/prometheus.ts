// Prometheus' text: a row is a sample. Columns by name: `name` and `value`, and where there are any
// `help`, `type`, `labels` (a Map of strings) and `timestamp`; a metric's help and type stand before its
// first sample, an empty line behind its last.

import type { Vector } from '../../storage/column/vector.ts'
import type { ByteBuilder } from '../functions/values/byte-builder.ts'
import { valueAt } from '../functions/values/values.ts'
import { QueryError } from '../plan/plan.ts'
import type { Value } from '../functions/values/value.ts'
import type { QueryResult } from './result.ts'

const escapeLabel = (text: string): string =>
  text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n')
const escapeHelp = (text: string): string => text.replaceAll('\n', ' ')

function numberText(value: Value): string {
  if (typeof value !== 'number') return String(value)
  if (Number.isNaN(value)) return 'NaN'
  return value === Infinity ? '+Inf' : value === -Infinity ? '-Inf' : String(value)
}

/** `{a="b",c="d"}`; nothing without labels. A Map's value is a list of pairs. */
function labelsText(labels: Value): string {
  if (!Array.isArray(labels) || labels.length === 0) return ''
  const pairs = labels as readonly (readonly [Value, Value])[]
  return `{${pairs.map(([key, value]) => `${String(key)}="${escapeLabel(String(value))}"`).join(',')}}`
}

export function writePrometheus(out: ByteBuilder, result: QueryResult, check: (out: ByteBuilder) => void): void {
  const place = (name: string): number => result.columns.findIndex((column) => column.name === name)
  const [name, value] = [place('name'), place('value')]
  if (name < 0 || value < 0) {
    throw new QueryError('Format Prometheus needs the columns `name` (a string) and `value` (a number)', null, 'BAD_ARGUMENTS')
  }
  const [help, type, labels, timestamp] = [place('help'), place('type'), place('labels'), place('timestamp')]
  let metric: string | null = null
  for (const { rowCount, columns } of result.blocks) {
    const at = (column: number, row: number): Value => {
      if (column < 0) return null
      const vector: Vector = columns[column]
      return valueAt(vector, vector.isConst ? 0 : row)
    }
    for (let row = 0; row < rowCount; row++) {
      const own = String(at(name, row))
      if (own !== metric) {
        if (metric !== null) out.text('\n')
        metric = own
        const [about, kind] = [at(help, row), at(type, row)]
        if (about !== null && about !== '') out.text(`# HELP ${own} ${escapeHelp(String(about))}\n`)
        if (kind !== null && kind !== '') out.text(`# TYPE ${own} ${String(kind)}\n`)
      }
      const when = at(timestamp, row)
      out.text(`${own}${labelsText(at(labels, row))} ${numberText(at(value, row))}`)
      if (when !== null && Number(when) !== 0) out.text(` ${String(when)}`)
      out.text('\n')
      check(out)
    }
  }
  if (metric !== null) out.text('\n')
}
