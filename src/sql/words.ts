// Lists of words that the grammar treats specially. All in capitals.
// Invariant: a word is special only where its list says so; elsewhere every word is a name, as in
// ClickHouse (`SELECT order, group, limit FROM t` is a query).
import type { IntervalUnit } from './ast.ts'

const words = (text: string): ReadonlySet<string> => new Set(text.split(' '))

/** No alias without AS in the SELECT list. */
export const NO_SELECT_ALIAS = words(
  'ALL AND ANTI ANY ARRAY AS ASOF BETWEEN CROSS DIV ELSE EXCEPT FINAL FORMAT FROM FULL GLOBAL GROUP ' +
  'HAVING ILIKE IN INNER INTERSECT INTO JOIN LEFT LIKE LIMIT MOD NATURAL NOT OFFSET ON ONLY OR ORDER ' +
  'PARALLEL PASTE PREWHERE QUALIFY REGEXP RIGHT SAMPLE SEMI SETTINGS STREAM UNION USING WHERE WINDOW ' +
  'WITH',
)

/** No alias of a table without AS. */
export const NO_TABLE_ALIAS = words(
  'ALL ANTI ANY ARRAY AS ASOF BETWEEN CROSS ELSE EXCEPT FINAL FORMAT FROM FULL GLOBAL GROUP HAVING ' +
  'ILIKE INNER INTERSECT INTO JOIN LEFT LIKE LIMIT NATURAL NOT OFFSET ON ONLY ORDER PARALLEL PASTE ' +
  'PREWHERE QUALIFY RIGHT SAMPLE SELECT SEMI SETTINGS STREAM UNION USING UUID WHERE WINDOW WITH',
)

/**
 * Words that no operand starts with when another operand follows: in `WHERE ORDER BY x` the word
 * ORDER is a keyword, in `SELECT order FROM t` a name.
 */
export const CLAUSE_WORDS = words(
  'SELECT FROM WHERE PREWHERE GROUP HAVING ORDER LIMIT OFFSET SETTINGS FORMAT UNION INTERSECT EXCEPT ' +
  'JOIN INNER LEFT RIGHT FULL CROSS USING ON WITH WINDOW QUALIFY AS AND OR BY IN LIKE ILIKE BETWEEN ' +
  'IS THEN WHEN ELSE END ASC DESC INTO FINAL ARRAY PASTE ASOF GLOBAL',
)

/** Clause words that are functions when a parenthesis follows: `CASE left(a, 1) WHEN ...`. */
export const CLAUSE_FUNCTIONS = words('LEFT RIGHT FORMAT ARRAY LIKE ILIKE')

const unit = (name: IntervalUnit, short: string): [string, IntervalUnit][] =>
  [name, `${name}S`, `SQL_TSI_${name}`, ...short.split(' ')].map((word) => [word, name])

/** Units of time as they may be written: DAY, DAYS, SQL_TSI_DAY, DD, D. */
export const INTERVAL_UNITS: ReadonlyMap<string, IntervalUnit> = new Map([
  ...unit('NANOSECOND', 'NS'),
  ...unit('MICROSECOND', 'MICROSECOND'),
  ...unit('MILLISECOND', 'MS'),
  ...unit('SECOND', 'SS S'),
  ...unit('MINUTE', 'MI N'),
  ...unit('HOUR', 'HH H'),
  ...unit('DAY', 'DD D'),
  ...unit('WEEK', 'WK WW'),
  ...unit('MONTH', 'MM M'),
  ...unit('QUARTER', 'QQ Q'),
  ...unit('YEAR', 'YYYY YY'),
])
