// What template functions are called with: which arguments they can't do without, and by which names others are given.
// Looked at once, when a template is compiled. Invariant: a name that is like none of these is passed over, since
// documentation has names of its own (label=, order=); one that is nearly one of these is a slip.

import { nearestName } from '../sql/suggest.ts'
import { syntaxFault } from './expression-tokens.ts'
import type { Call } from './expression-tree.ts'

/** Arguments in their order; those behind `|` may be left out. */
const SIGNATURES: Readonly<Record<string, string>> = {
  column: 'x | default', columns: 'x | default fn', symbol: 'x | default quote', Symbol: 'x | default quote',
  Column: 'x | default quote', table: 'x | default quote', TABLE: 'x | default quote', sql_unescape: 'x | what',
  split_to_array: 'x | default separator', enumerate_with_last: 'arr', day_diff: 'date_1 date_2 | date_format',
  date_diff_in_seconds: 'date_1 date_2 | date_format backup_date_format none_if_error',
  date_diff_in_minutes: 'date_1 date_2 | date_format backup_date_format none_if_error',
  date_diff_in_hours: 'date_1 date_2 | date_format backup_date_format none_if_error',
  date_diff_in_days: 'date_1 date_2 | date_format backup_date_format none_if_error',
  error: 'message', custom_error: 'message | code', tb_secret: 'name | default', tb_var: 'name | default',
  max_threads: 'threads', cache_ttl: 'ttl', get: 'x | default', min_length: 'x n', jwt_claim: 'name | default',
  len: 'obj', int: 'x', float: 'x', sorted: 'iterable | reverse', reversed: 'sequence', min: 'x', max: 'x', sum: 'iterable',
  abs: 'x', round: 'number | ndigits', any: 'iterable', all: 'iterable', enumerate: 'iterable | start', range: 'stop',
}

/** Of every type of a parameter. */
const OF_TYPES = ['default', 'description', 'required', 'format', 'enum', 'example', 'defined']

/** Throws TemplateFault at the call's place where an argument that it needs is left out, or the name of one is misspelt.
 * Names of `sql_and` are columns. */
export function checkCall(expr: Call): void {
  if (expr.name === 'sql_and') return
  const signature = Object.hasOwn(SIGNATURES, expr.name) ? SIGNATURES[expr.name] : '|'
  const [needed, optional = []] = signature.split('|').map((part) => part.trim().split(' ').filter((name) => name !== ''))
  const missing = needed.slice(expr.args.length).filter((name) => !expr.named.has(name))
  if (missing.length > 0) {
    const shown = [...needed, ...optional.map((name) => `${name}=…`)].join(', ')
    throw syntaxFault(`${expr.name}() needs ${missing.join(' and ')}: ${expr.name}(${shown})`, expr.at)
  }
  const names = [...needed, ...optional, ...OF_TYPES]
  for (const given of expr.named.keys()) {
    const near = names.includes(given) ? null : nearestName(given, names)
    if (near !== null) throw syntaxFault(`${expr.name}() has no argument ${given}; did you mean ${near}?`, expr.at)
  }
}
