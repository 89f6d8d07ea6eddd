// Random queries over three small tables, built as text out of parts that fast-check can shrink: joins,
// aggregates, windows, set operations, array joins, subqueries. Every query orders by all of its columns,
// so that equal rows are all that may change places.

import fc from 'fast-check'
import type { SqlTable } from './oracle-cases.ts'

const ROWS = 24

/** Tables with values from small ranges, so that joins and groups meet; floats are eighths. */
export function randomTables(seed: number): readonly SqlTable[] {
  let state = seed >>> 0
  const below = (n: number) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return Math.floor(state / 4294967296 * n)
  }
  const row = (i: number) => `(${i},${below(4)},'${['a', 'b', 'Cc', '', 'é'][below(5)]}',`
    + `${below(4) === 0 ? 'NULL' : below(9) - 4},${(below(33) - 16) / 8},${19700 + below(6)},`
    + `'${['p', 'q', ''][below(3)]}',[${Array.from({ length: below(4) }, () => `'${['p', 'q', 'r'][below(3)]}'`)}])`
  return ['t0', 't1', 't2'].map((name, number) => ({
    name, columns: 'id UInt32, k UInt8, s String, n Nullable(Int32), f Float64, d Date, lc LowCardinality(String), a Array(String)',
    rowSets: [0, 1].map((part) => Array.from({ length: ROWS / 2 - number * 3 }, (_, i) =>
      row(part * 12 + i)).join(',')),
  }))
}

type Text = fc.Arbitrary<string>
const text = (parts: readonly (string | Text)[]): Text =>
  fc.tuple(...parts.map((part) => (typeof part === 'string' ? fc.constant(part) : part)))
    .map((all) => all.join(''))
const oneOf = (...texts: readonly string[]): Text => fc.constantFrom(...texts)
const list = (item: Text, most: number): Text =>
  fc.array(item, { minLength: 1, maxLength: most }).map((items) => items.join(', '))

/** Expressions over the columns of the tables named; `''`: one table, no qualifier. */
function expressions(tables: readonly string[]) {
  const column = (...names: readonly string[]): Text =>
    fc.tuple(oneOf(...tables), oneOf(...names)).map(([table, name]) => (table === '' ? name : `${table}.${name}`))
  const literal = oneOf('0', '1', '2', '3', '-1')
  const plainNumber = fc.oneof(column('id', 'k', 'n'), literal)
  const string = fc.oneof(
    column('s', 'lc'), oneOf("'a'", "'p'", "''"), text(['upper(', column('s', 'lc'), ')']),
    text(['concat(', column('s'), ", '-', ", column('lc'), ')']),
    text(['substring(', column('s'), ', 1, 1)']))
  const number = fc.oneof(
    { weight: 3, arbitrary: plainNumber },
    text(['(', plainNumber, oneOf(' + ', ' - ', ' * '), literal, ')']),
    text(['length(', string, ')']), text(['ifNull(', column('n'), ', 0)']),
    text(['if(', plainNumber, ' > 1, ', column('k'), ', ', column('n'), ')']))
  const simple = fc.oneof(
    text([number, oneOf(' = ', ' != ', ' < ', ' >= '), number]),
    text([string, oneOf(' = ', ' != ', ' < '), string]),
    text([column('n'), oneOf(' IS NULL', ' IS NOT NULL')]),
    text([column('k', 'n'), oneOf(' IN ', ' NOT IN '), oneOf('(1, 2)', '(0)', '(1, NULL)')]),
    text([column('s'), oneOf(" LIKE '%c%'", " ILIKE 'c_'")]),
    text([column('k'), ' IN (SELECT k FROM t2 WHERE n > ', literal, ')']),
    text([column('id'), ' > (SELECT avg(id) FROM t1)']))
  const condition = fc.oneof(
    { weight: 3, arbitrary: simple }, text(['(', simple, oneOf(' AND ', ' OR '), simple, ')']),
    text(['NOT (', simple, ')']))
  const other = column('d', 'f', 'a')
  const value = fc.oneof({ weight: 3, arbitrary: number }, { weight: 3, arbitrary: string }, other)
  const aggregate = fc.oneof(
    oneOf('count()'), text(['count(', column('n', 's'), ')']),
    text([oneOf('sum', 'min', 'max', 'avg'), '(', number, ')']), text(['sum(', column('f'), ')']),
    text([oneOf('min', 'max'), '(', fc.oneof(string, column('d')), ')']),
    text(['uniqExact(', fc.oneof(number, string), ')']), text(['countIf(', condition, ')']),
    text(['sumIf(', number, ', ', condition, ')']), text(['arraySort(groupArray(', column('k', 's'), '))']))
  return { number, string, condition, value, aggregate, column }
}

type Expressions = ReturnType<typeof expressions>

/** FROM, and what may be said over it. */
type From = { readonly text: Text; readonly over: Expressions }

const TABLES = ['t0', 't1', 't2'] as const
const WORDS = ['JOIN', 'LEFT JOIN', 'RIGHT JOIN', 'FULL JOIN', 'LEFT SEMI JOIN', 'LEFT ANTI JOIN'] as const

function fromArbitrary(): readonly From[] {
  const one = expressions([''])
  const two = expressions(['x', 'y'])
  const equality = text(['x.', oneOf('k', 'n', 's', 'id'), ' = y.', oneOf('k', 'n', 'id')])
    .filter((on) => !(on.startsWith('x.s')))
  const on = fc.oneof(
    { weight: 3, arbitrary: equality }, oneOf('x.s = y.s', 'x.lc = y.lc AND x.k = y.k'),
    text([equality, ' AND ', two.condition.filter((part) => !part.includes('SELECT'))]),
    text([equality, ' OR ', oneOf('x.s = y.s', 'x.id = y.id')]))
  const side = (alias: string) => fc.oneof(
    { weight: 3, arbitrary: text([oneOf(...TABLES), ` AS ${alias}`]) },
    text(['(SELECT * FROM ', oneOf(...TABLES), ' WHERE ', one.condition, `) AS ${alias}`]))
  return [
    { text: oneOf(...TABLES), over: one },
    { text: text(['(SELECT * FROM ', oneOf(...TABLES), ' WHERE ', one.condition, ')']), over: one },
    { text: text([side('x'), ' ', oneOf('JOIN', 'LEFT JOIN', 'RIGHT JOIN', 'FULL JOIN'), ' ', side('y'), ' ON ', on]), over: two },
    { text: text([side('x'), ', ', side('y')]), over: two },
  ]
}

/** Of SEMI and ANTI only the side that rows come from is asked. */
const oneSided = (): Text => {
  const left = expressions(['x'])
  return text(['SELECT ', list(left.value, 3), ' FROM ', oneOf(...TABLES), ' AS x ',
    oneOf(...WORDS.slice(4)), ' ', oneOf(...TABLES), ' AS y ON x.', oneOf('k = y.k', 's = y.s AND x.k = y.k', 'n = y.n')])
}

const maybe = (part: Text): Text => fc.oneof(fc.constant(''), part)
const aliased = (values: Text): Text => values.map((all) => all)

function rows({ text: from, over }: From): Text {
  return text(['SELECT ', oneOf('', 'DISTINCT '), aliased(list(over.value, 4)), ' FROM ', from,
    maybe(text([' WHERE ', over.condition]))])
}

/** Keys with aliases, so that HAVING and ORDER BY read them by name. */
function groups({ text: from, over }: From): Text {
  const keys = fc.array(fc.oneof(over.number, over.string, over.column('d')), { minLength: 1, maxLength: 3 })
  const tail = oneOf('', '', '', ' WITH ROLLUP', ' WITH CUBE', ' WITH TOTALS')
  return fc.tuple(keys, list(over.aggregate, 3), from, maybe(text([' WHERE ', over.condition])), tail,
    maybe(oneOf(' HAVING count() > 1', ' HAVING min(0) = 0')))
    .map(([names, aggregates, source, where, modifier, having]) => {
      const list = names.map((name, i) => `${name} AS g${i}`).join(', ')
      return `SELECT ${list}, ${aggregates} FROM ${source}${where} GROUP BY `
        + `${names.map((_, i) => `g${i}`).join(', ')}${modifier}${having}`
    })
}

function windows({ text: from, over }: From): Text {
  const partition = maybe(text(['PARTITION BY ', over.column('k', 's', 'lc'), ' ']))
  // Rows that ORDER BY does not tell apart would make ROWS frames a matter of chance.
  const peers = text(['(', partition, 'ORDER BY ', over.column('k', 'n', 'd'), oneOf('', ' DESC'), ')'])
  const whole = text(['(', partition, ')'])
  const calls = fc.oneof(
    text([oneOf('rank()', 'dense_rank()', 'count()', 'cume_dist()'), ' OVER ', peers]),
    text([over.aggregate, ' OVER ', fc.oneof(whole, peers)]))
  return text(['SELECT ', list(over.value, 2), ', ', list(calls, 2), ' FROM ', from,
    maybe(text([' WHERE ', over.condition]))])
}

/** ROWS frames and numbers of rows over one table, ordered by its unique column. */
function orderedWindows(): Text {
  const { column, number, condition } = expressions([''])
  const bound = oneOf('1', '2', '5')
  const frame = fc.oneof(
    text(['ROWS BETWEEN ', bound, ' PRECEDING AND ', bound, ' FOLLOWING']),
    text(['ROWS BETWEEN UNBOUNDED PRECEDING AND ', bound, ' PRECEDING']),
    oneOf('ROWS BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING', ''),
    text(['RANGE BETWEEN ', bound, ' PRECEDING AND CURRENT ROW']))
  const calls = fc.oneof(
    text([oneOf('sum', 'min', 'max', 'count', 'avg', 'first_value', 'last_value', 'groupArray'), '(', column('k', 'n', 'id', 'f'), ')']),
    text([oneOf('lagInFrame', 'leadInFrame', 'lag', 'lead'), '(', column('s', 'n', 'k'), ', ', bound, ')']),
    oneOf('row_number()', 'count()'), text(['max(', column('s'), ')']), text(['uniqExact(', column('k', 's'), ')']))
  const call = text([calls, ' OVER (', maybe(text(['PARTITION BY ', column('k', 'lc'), ' '])), 'ORDER BY id ',
    oneOf('', 'DESC '), frame, ')'])
  return text(['SELECT id, ', list(call, 3), ', ', number, ' FROM ', oneOf(...TABLES), maybe(text([' WHERE ', condition]))])
}

function arrays(): Text {
  const { value, condition } = expressions([''])
  return text(['SELECT ', list(value, 2), ', e FROM ', oneOf(...TABLES), oneOf(' ARRAY JOIN a AS e', ' LEFT ARRAY JOIN a AS e'),
    maybe(text([' WHERE ', fc.oneof(condition, oneOf("e = 'p'", "e != 'q'"))]))])
}

function sets(): Text {
  const { column } = expressions([''])
  return fc.tuple(oneOf('UNION ALL', 'UNION DISTINCT', 'INTERSECT', 'INTERSECT DISTINCT', 'EXCEPT', 'EXCEPT DISTINCT'),
    list(column('k', 's', 'n', 'd'), 2), oneOf(...TABLES), oneOf(...TABLES), oneOf('', ' WHERE k > 1'))
    .map(([word, columns, left, right, where]) =>
      `SELECT ${columns} FROM ${left} ${word} SELECT ${columns} FROM ${right}${where}`)
}

/** A whole statement. */
export function queryArbitrary(): Text {
  const froms = fromArbitrary()
  const inner = fc.oneof(
    ...froms.map(rows), ...froms.map(groups), ...froms.map(windows),
    orderedWindows(), arrays(), sets(), oneSided())
  return fc.tuple(inner, oneOf('', '', ' LIMIT 3', ' LIMIT 5 OFFSET 2'))
    .map(([query, limit]) => (query.includes('WITH TOTALS') ? `${query} ORDER BY ALL`
      : `SELECT * FROM (${query}) ORDER BY ALL${limit}`))
}
