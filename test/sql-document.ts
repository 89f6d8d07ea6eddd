// docs/sql.md: every function and aggregate by name, with the types that it takes and gives, asked of
// the records themselves. test/docs.test.ts keeps the page up to date.

import { honouredSettings } from '../src/plan/settings.ts'
import type { DataType } from '../storage/column/data-type.ts'
import { parseDataType } from '../storage/column/parse-type.ts'
import type { Value } from '../src/functions/values/value.ts'
import { aggregateDefs } from '../src/functions/aggregates/aggregate-registry.ts'
import { ANY_CASE } from '../src/functions/any-case.ts'
import { callType } from '../src/functions/base/call.ts'
import { COMBINATORS } from '../src/functions/aggregates/combinators.ts'
import { ANY_COUNT } from '../src/functions/base/define.ts'
import type { AggregateDef, ArgInfo, FunctionDef } from '../src/functions/values/function.ts'
import { functionDefs } from '../src/functions/registry.ts'
import { unavailableRows } from '../src/functions/unavailable.ts'

/** Arguments that are tried, in this order; a value stands for a constant. */
const SAMPLES: readonly (readonly [type: string, value?: Value])[] = [
  ['String'], ['Float64'], ['Int32'], ['UInt8'], ['DateTime'], ['Date'], ['DateTime64(3)'], ['Array(Int32)'], ['Array(String)'],
  ['Map(String, Int32)'], ['Tuple(Int32, String)'], ['Decimal(9, 2)'], ['UUID'], ['IPv4'], ['IPv6'], ['Nullable(Int32)'], ['IntervalDay', 1],
  ['UInt8', 1], ['String', 'day'], ['String', 'UTC'], ['String', 'String'], ['String', '$.a'],
]
const SIGNATURES_SHOWN = 3
const TRIED_MAX = 1_500
const ARGUMENTS_TRIED = 3

const typed = SAMPLES.map(([text, value]) => ({ type: parseDataType(text), value }))

/** Lists of arguments of one length, the first samples first. */
function* argumentLists(length: number): Generator<readonly ArgInfo[]> {
  const total = typed.length ** length
  for (let number = 0; number < Math.min(total, TRIED_MAX); number++) {
    const args: ArgInfo[] = []
    for (let i = 0, rest = number; i < length; i++, rest = Math.floor(rest / typed.length)) args.push(typed[rest % typed.length])
    yield args
  }
}

const shown = ({ type, value }: ArgInfo): string => (value === undefined ? type.name
  : typeof value === 'string' ? `'${value}'` : String(value))

/** A type rule's first answers: `String, Int32 → String`. */
function signatures(lengths: readonly number[], typeOf: (args: readonly ArgInfo[]) => DataType): string[] {
  const found: string[] = []
  const seen = new Set<string>()
  for (const length of lengths) {
    for (const args of argumentLists(length)) {
      if (found.length >= SIGNATURES_SHOWN) return found
      try {
        const result = typeOf(args).name
        if (seen.has(result)) continue
        seen.add(result)
        found.push(`${args.map(shown).join(', ') || 'nothing'} → ${result}`)
      } catch {
        continue // these types are not for it
      }
    }
    if (found.length > 0) return found
  }
  return found
}

function arityText([least, most]: readonly [number, number]): string {
  return least === most ? String(least) : most >= ANY_COUNT ? `${least} or more` : `${least} to ${most}`
}

const lengthsOf = ([least, most]: readonly [number, number]): number[] =>
  Array.from({ length: Math.max(0, Math.min(most, ARGUMENTS_TRIED) - least + 1) }, (_, i) => least + i)

const code = (texts: readonly string[]): string => texts.map((text) => `\`${text.replaceAll('|', '\\|')}\``).join('<br>')

function functionRow(def: FunctionDef): string {
  const names = [def.name, ...(def.aliases ?? [])]
  const isAnyCase = ANY_CASE.has(def.name.toLowerCase())
  const types = def.lambdaParameters === undefined ? code(signatures(lengthsOf(def.arity), (args) => callType(def, args)))
    : 'a lambda and its arrays'
  return `| ${names.map((name) => `\`${name}\``).join(', ')} | ${isAnyCase ? 'any' : ''} | ${arityText(def.arity)} | ${types} |`
}

function aggregateRow(def: AggregateDef): string {
  const names = [def.name, ...(def.aliases ?? [])]
  const types = signatures(lengthsOf(def.arity), (args) => {
    if (args.some((arg) => arg.value !== undefined)) throw new Error('aggregates take columns')
    return def.returnType(args.map((arg) => arg.type), [])
  })
  return `| ${names.map((name) => `\`${name}\``).join(', ')} | ${arityText(def.arity)} | ${code(types)} |`
}

const byName = (a: { name: string }, b: { name: string }): number =>
  (a.name.toLowerCase() < b.name.toLowerCase() ? -1 : a.name.toLowerCase() > b.name.toLowerCase() ? 1 : a.name < b.name ? -1 : 1)

/** The text of docs/sql.md. */
export function sqlDocument(): string {
  return [
    '# SQL in Pipit', '',
    'Made from the code by `PIPIT_UPDATE=1 npx vitest run --config test/vitest.config.ts test/docs.test.ts`. Names, rules of case and',
    'types are ClickHouse\'s. The types shown are the first that a function takes; NULL arguments make results',
    'Nullable, and a function of one LowCardinality column is LowCardinality again, as in ClickHouse.', '',
    `## Functions (${functionDefs().length})`, '', '| name | case | arguments | types |', '| --- | --- | --- | --- |',
    ...[...functionDefs()].sort(byName).map(functionRow), '',
    `## Aggregates (${aggregateDefs().length})`, '',
    `Combinators, each after any aggregate: ${COMBINATORS.map((name) => `\`-${name}\``).join(', ')}.`, '',
    '| name | arguments | types |', '| --- | --- | --- |', ...[...aggregateDefs()].sort(byName).map(aggregateRow), '',
    '## Not there on purpose', '', '| names | why, and what instead |', '| --- | --- |',
    ...unavailableRows().map(([names, reason]) => `| ${names} | ${reason} |`), '',
    '## Settings', '',
    'SETTINGS are honoured, or cannot change an answer here (threads, caches, algorithms) and are passed over, or are refused. Honoured:',
    `${honouredSettings().map((name) => `\`${name}\``).join(', ')}.`, '',
    '## Where ClickHouse has accidents', '',
    '- Where two types have no common one (Int64 and Float64, UInt64 and Int8), if, multiIf, coalesce, arrays, maps and UNION make a',
    '  Variant, as there; a constant array of such values (`SELECT [1, \'a\']`) is refused there unless a function takes it. Elsewhere',
    '  (joins, arrayConcat, has) whole numbers beside floats are Float64 here, and an error there. JOIN ON compares Variants of one type only. `v IN (1)` finds whole numbers of every alternative; there none of an integer beside floats.',
    '- A Decimal beside Int128 or wider, and products of long Decimals, may overflow into wrong numbers there; here it is an error.',
    '- Floats beyond 2^53 or with a fraction below 0 become wrong Int128 and Int256 there.',
    '- `count` of a Nullable column over a window may fail there; `groupUniqArray` of moments forgets their zone.',
    '- RANGE frames take fractions and INTERVALs here. Outer, SEMI, ANTI and ASOF joins without an equality in ON answer here.',
    '- PARTITION BY of floats takes 0 and -0 for one partition, as there in one thread; several threads there share rows out by their bits.',
    '- A number of a document that no double holds (`1e400`) is null here; there it refuses the document.',
    '- Dates moved by numbers beyond 32 bits, and numbers beyond a type\'s range as dates, wrap around there.',
    '- `intDiv` by what rounds to zero, and the remainder by a float of integers beyond 2^53, take low bits there.',
    '- Local midnight of 1970-01-01 east of Greenwich lies before the first DateTime there; a Date32 beside a DateTime with a zone is',
    '  read in UTC there.',
    '- In ROLLUP, CUBE and GROUPING SETS keys that mean the same are one, there also where its optimizer finds that out',
    '  (`k IN (1, 2, 3)` and `k = 1 OR k = 2 OR k = 3`; `s LIKE \'a%\'` and `startsWith(s, \'a\')`; `concat(s)` and `toString(s)`;',
    '  `k = 1 AND k = 2`, which is 0 in all sets).',
    '- `leftPad` and `transform` of constants are no constants there: what they stand in beside a LowCardinality column is none.',
    '- Bool and UInt8 are one type there until they meet in a join or UNION, where 7 is not true.',
    '- `x IN (subquery)` of unlike types compares what the left type holds exactly; there some other values match, too.',
    '- IPv4 casts to all numbers here, there to UInt32 and wider ones without a sign. Joins of numbers without a common type answer here.',
    '- Subqueries and table functions of a JOIN need no alias here.',
    '- Variances and deviations of Float32 are gathered in Float32, as there: over many rows the last digits depend on how these are split.',
    '- session_timezone: there some functions (toHour, toDate) read stored DateTime columns in UTC all the same; here all',
    '  moments without a zone of their own are of the session\'s.',
    '- A subquery that reads columns of the query around by an equality with a key of another width (`y.id = x.k`) counts rows',
    '  several times there; a tuple of constants with NULL is NULL as a whole there.',
    '- Operators over arrays take NULL elements here, there they do not.',
    '- `test/differential/type-pairs.ts` lists these for all pairs of types under all operators.',
    '- `replaceRegexpAll` and `replaceRegexpOne` over a column replace a pattern without signs as a plain text, `\\0` in the replacement',
    '  included; over constants they do not. Pipit does both.',
    '- Rings of `polygonsUnion…` and `polygonsSymDifference…` may begin at another corner, and corners along a straight edge stay.',
    '- Places, areas and lengths of H3 are computed by JavaScript\'s sines here: the last digits differ. `h3kRing` takes up to 100 steps,',
    '  `h3ToChildren` and `h3PolygonToCells` give up to a million cells; a NULL beside cells is NULL.',
    '- Regular expressions see characters, not bytes: an empty match moves on by a whole character.',
    '- `toDecimalString` of a Decimal loses the carry there (999999.99 with one digit is 999999.0); here it is 1000000.0.',
    '- `arrayLevenshteinDistance` there misses some ways by insertion and removal together; here the least is found.',
    '- `compareSubstrings` compares bytes above 127 as smaller than others. Pipit does both alike.',
    '- `…_overflow_mode` of `break` and `any` ends a query early there; here it goes on to its end (a result ends after the block with',
    '  row `max_result_rows`). What `max_bytes_in_…` and `max_bytes_to_sort` count are bytes as they lie here.',
    '- FILTER on an aggregate with -If (`sumIfOrNull(…) FILTER (…)`) takes one of the two conditions there; here it is refused.',
    '- What `any`, `argMax` of ties, `topK` of more values than it has counters, `groupArray` or a LIMIT without a total order answer',
    '  depends on the order in which rows are met. What topK drops of arrays, tuples and numbers of more than 64 bits hangs on a hash there.',
    '- A scalar subquery of several columns that has no row is NULL there, and its type hangs on whether it has one; here it is a tuple',
    '  always: its elements are shown as NULL, and are 0 or \'\' where something is made of them.',
    '- `has` and `indexOf` in a column of arrays take -1 for 2^64 - 1 there, where one side is without a sign; in a constant array they do not.',
    '- Days and moments outside the range of a type wrap around there or stop at its ends, function by function; so they do here, but for a',
    '  few listed in `test/long/probe-known.ts`.',
    '- A FixedString, Int128 or Decimal is taken here by functions that refuse it there (JSONExtract…, domain, isNaN, intHash …).',
    '- A bare NULL as the only argument is NULL there before arguments are counted; here their number is checked first.',
    '- `uniqCombined` of 178 thousand to 650 thousand values corrects by a table of measured means there, by the mean itself here: they differ',
    '  by less than 0.005 %.',
    '- NULLs within tuples that ON compares (`ON (a.x, a.y) = (b.x, b.y)`) are equal there; here they are as in any other comparison.',
    '- States of `quantileExact…` that a data source keeps hold doubles: whole numbers beyond 2^53 are exact in queries over rows alone.',
    '- `histogram` and `quantileGK` depend on how rows are split among threads; with one thread both answer alike.',
    '- `round` to more than 19 places before the point that differ from row to row, and such of floats, wrap around at 64 bits there.',
    '- `has` and CASE beside FixedStrings tell the zeros at their end apart there as their arguments are constants or not; so they do here, but for `materialize`.',
    '- States of `deltaSumTimestamp` whose times overlap, as those of several threads may, are added up here; there one of the two sums is lost.',
    '- A loop of `.` or `[^x]` at the end of a pattern (`extract(s, \'x.*\')`) takes bytes that are no UTF-8 there, in columns; here none.',
    '- `flipCoordinates` of a constant Geometry is of its shape here, a Variant there; `readWKT(\'POINT EMPTY\')` is refused.',
    '- `sparkbar` over small integers: sums in a bucket stop at the type\'s end; which of its points are left out then depends there on a hash.',
    '- `avgWeighted` of fractions by whole-number weights drops the fractions there; a Join table of other keys than one number',
    '  or text cannot be read there.',
    '- `unhex` and `URL` functions of texts that are no such thing answer by chance there.',
    '- `sequenceMatchEvents` of neighbours (`(?1)(?2)(?3)`) may name an event of an earlier beginning there.',
    '- `groupNumericIndexedVector` adds values of one index up; there their bits get mixed up.',
    '- `seriesDecomposeSTL` differs in the last digits of single precision.',
    '- `timeSeriesDerivToGrid` and `timeSeriesPredictLinearToGrid` of DateTime64 count by its last digit there, by the second here.',
    '- `farmHash64` of texts of 512 bytes and more is refused here: ClickHouse\'s depends on the processor\'s instructions.', '',
    '## Where Pipit is not there yet', '',
    '- A Dynamic keeps values as documents do: whole numbers are Int64, days and moments texts (`dynamicType`), and `d.UInt64` is refused.',
    '- `formatQuery` and its kin read SELECT statements only.',
    '- `joinGet` of the elements of an array (in a lambda) is refused: use arrayJoin.',
    '- A repetition of `.` or `[^x]` (regular expressions) that needs RE2 itself (counted beyond 50, within another one, over texts of more than',
    '  1,000 characters) passes over bytes that are no UTF-8.', '',
  ].join('\n')
}
