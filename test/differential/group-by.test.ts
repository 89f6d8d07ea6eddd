// GROUP BY against the oracle: generated statements with keys of every type, NULLs, -If, HAVING, a total
// order and LIMIT, with one worker and three. The same seed makes the same statements.

import { describe } from 'vitest'
import { differential, type SqlTable } from './oracle-cases.ts'

const SEED = 20261126
const ROWS = 260
const STATEMENTS = 110

/** Numbers from 0 to 1 (mulberry32). */
function randomOf(seed: number): () => number {
  let state = seed
  return () => {
    state = state + 0x6d2b79f5 | 0
    let x = Math.imul(state ^ state >>> 15, 1 | state)
    x = x + Math.imul(x ^ x >>> 7, 61 | x) ^ x
    return ((x ^ x >>> 14) >>> 0) / 4294967296
  }
}

const random = randomOf(SEED)
const below = (count: number): number => Math.floor(random() * count)
const oneOf = <T>(values: readonly T[]): T => values[below(values.length)]
const orNull = (text: string): string => (random() < 0.2 ? 'NULL' : text)

/** A UUID text; few distinct ones, so that they repeat over row sets. */
const uuid = (): string => {
  const n = below(150)
  return `${(n * 2654435761 % 4294967296).toString(16).padStart(8, '0')}-0000-4000-8000-${n.toString(16).padStart(12, 'a')}`
}

/** Columns with a way to write a value in row set `part`. */
const COLUMNS: readonly (readonly [name: string, type: string, value: (part: number) => string])[] = [
  ['id', 'UInt32', () => String(below(1_000_000))],
  ['s', 'String', () => `'s${below(12)}'`],
  ['wide', 'String', () => `'w${below(400)}'`],
  ['u', 'String', (part) => (part === 2 && below(10) === 0 ? `'not a uuid ${below(3)}'` : `'${uuid()}'`)],
  ['uonly', 'String', () => `'${uuid()}'`],
  ['ns', 'Nullable(String)', () => orNull(`'n${below(6)}'`)],
  ['nu', 'Nullable(String)', () => orNull(`'${uuid()}'`)],
  ['lc', 'LowCardinality(String)', () => `'l${below(5)}'`],
  ['ln', 'LowCardinality(Nullable(String))', () => orNull(`'l${below(4)}'`)],
  ['i8', 'Int8', () => String(below(20))],
  ['i16', 'Int16', () => String(below(3000))],
  ['u64', 'UInt64', () => oneOf(['1', '2', '18446744073709551615', '9007199254740993', String(below(40))])],
  ['i64', 'Int64', () => oneOf(['0', '9007199254740993', '4611686018427387904', String(below(9) * 4294967296)])],
  ['ni', 'Nullable(Int32)', () => orNull(String(below(15)))],
  ['f32', 'Float32', () => String(below(8) / 4)],
  ['f64', 'Float64', () => String(below(50) / 8)],
  ['nf', 'Nullable(Float64)', () => orNull(String(below(6) / 2))],
  ['d', 'Date', () => `'2024-0${1 + below(6)}-1${below(9)}'`],
  ['t', 'DateTime', () => `'2024-0${1 + below(3)}-0${1 + below(8)} 0${below(10)}:${10 + below(50)}:00'`],
  ['a', 'Array(String)', () => `['x${below(3)}','y${below(3)}']`],
]

const TABLE: SqlTable = {
  name: 'g', columns: COLUMNS.map(([name, type]) => `${name} ${type}`).join(', '),
  rowSets: [0, 1, 2, 3].map((part) => Array.from({ length: ROWS }, () =>
    `(${COLUMNS.map(([,, value]) => value(part)).join(',')})`).join(',')),
}

/** So few rows that their groups need no table (src/exec/groups/few-groups.ts). */
const FEW: SqlTable = {
  ...TABLE, name: 'few', rowSets: [Array.from({ length: 40 }, () => `(${COLUMNS.map(([,, value]) => value(0)).join(',')})`).join(',')],
}

const uuidOf = (n: number): string => {
  const digits = (Math.imul(n, 0x9e3779b1) >>> 0).toString(16).padStart(8, '0')
  return n % 3 === 0 ? `01900000-0000-7000-8000-0000${digits}` : `${digits}-0000-4000-8000-${digits}aaaa`
}

/** UUIDs that do not repeat: in every row set, in some of them, beside NULLs. */
const IDS: SqlTable = {
  name: 'ids', columns: 'id UInt32, e String, m String, n Nullable(String)',
  rowSets: [0, 1, 2].map((part) => Array.from({ length: 1500 }, (_, i) => {
    const id = part * 1500 + i
    const mixed = part !== 1 ? uuidOf(id + 9000) : ['', uuidOf(id).toUpperCase(), uuidOf(id + 9000), 'x'][i % 4]
    return `(${id},'${uuidOf(id)}','${mixed}',${i % 5 === part ? 'NULL' : `'${uuidOf(id)}'`})`
  }).join(',')),
}

const KEYS = [
  ...COLUMNS.map(([name]) => name).filter((name) => name !== 'id'),
  'toStartOfMonth(t)', 'toStartOfWeek(t)', 'toStartOfDay(t)', 'toStartOfInterval(t, INTERVAL 1 week)', 'toYYYYMM(d)',
  'toDayOfWeek(t)', 'toHour(t)', 'toISOWeek(t)', 'i8 % 3', 'upper(s)', 'substring(u, 1, 2)', "ns = 'n1'", 'length(wide)', 'i8 > 9',
  'tuple(i8, s)', 'toLastDayOfMonth(d)', 'intDiv(i16, 1000)',
]

const ARGUMENTS = ['id', 'i8', 'i16', 'u64', 'i64', 'ni', 'f64', 'nf', 'd', 't']
const ANYTHING = [...ARGUMENTS, 's', 'wide', 'u', 'uonly', 'ns', 'nu', 'lc', 'ln', 'a', 'upper(wide)', 's, i8', 'u, ns']
const CONDITIONS = ['i8 > 5', "s IN ('s1', 's2', 's3')", 'ni > 7', "lc = 'l1'", 'f64 < 3', 'ns IS NOT NULL', 'i16 % 7 = 0', 'nf > 1']

function aggregate(): string {
  const isIf = below(3) === 0
  const call = (name: string, argument: string) =>
    (isIf ? `${name}If(${argument === '' ? '' : `${argument}, `}${oneOf(CONDITIONS)})` : `${name}(${argument})`)
  switch (below(7)) {
    case 0: return call('count', '')
    case 1: return call('count', oneOf(['ns', 'ni', 's']))
    case 2: return call(oneOf(['sum', 'avg']), oneOf(['id', 'i8', 'i16', 'u64', 'ni', 'f64', 'nf']))
    case 3: case 4: return call(oneOf(['min', 'max']), oneOf([...ARGUMENTS, 's', 'wide', 'u', 'ns', 'lc']))
    default: return call('uniqExact', oneOf(ANYTHING))
  }
}

function statement(table: string): string {
  const keys = [...new Set(Array.from({ length: 1 + below(oneOf([2, 4, 7])) }, () => oneOf(KEYS)))]
  const names = keys.map((_, i) => `k${i}`)
  const aggregates = Array.from({ length: below(4) }, aggregate)
  const where = below(3) === 0 ? ` WHERE ${oneOf(CONDITIONS)}` : ''
  const having = below(3) === 0 ? ` HAVING ${oneOf(['count() > 1', 'max(id) > 500000', 'uniqExact(uonly) >= 2', 'min(i16) < 900'])}` : ''
  const order = below(2) === 0 ? names.join(', ') : [oneOf(['count() DESC', 'min(id)', 'max(t) DESC']), ...names].join(', ')
  const limit = below(2) === 0 ? ` LIMIT ${1 + below(20)}` : ''
  return `SELECT ${[...keys.map((key, i) => `${key} AS ${names[i]}`), ...aggregates].join(', ')} FROM ${table}${where} `
    + `GROUP BY ${names.join(', ')}${having} ORDER BY ${order}${limit}`
}

describe('GROUP BY', () => {
  differential([TABLE, IDS, FEW], [
    ...Array.from({ length: STATEMENTS }, () => statement('g')), ...Array.from({ length: STATEMENTS }, () => statement('few')),
    'SELECT s, lc, min(t), max(t), count(), max(i8) FROM few GROUP BY s, lc HAVING count() > 1 ORDER BY s, lc LIMIT 9',
    'SELECT DISTINCT s, lc, d FROM few ORDER BY ALL LIMIT 20',
    'SELECT count(), sum(i8), min(u), max(uonly), uniqExact(u), uniqExact(a), avg(nf) FROM g',
    'SELECT uniqExactIf(nu, i8 > 3), countIf(ni > 3), sumIf(f64, lc = \'l2\'), minIf(t, i8 = 77), maxIf(u, 0) FROM g',
    'SELECT DISTINCT u FROM g ORDER BY u', 'SELECT DISTINCT uonly, ns FROM g ORDER BY ALL LIMIT 40',
    'SELECT uonly, count() AS c FROM g GROUP BY uonly HAVING c > 5 ORDER BY c DESC, uonly LIMIT 10',
    'SELECT count() FROM g WHERE uonly IN (SELECT u FROM g WHERE i8 < 4)',
    'SELECT u, min(t) AS first FROM g GROUP BY u ORDER BY first DESC, u DESC LIMIT 25',
    'SELECT e, id FROM ids ORDER BY e LIMIT 10 OFFSET 2250', 'SELECT e FROM ids WHERE id % 3 = 0 ORDER BY e DESC LIMIT 10 OFFSET 700',
    'SELECT m, id FROM ids ORDER BY m, id LIMIT 12 OFFSET 370', 'SELECT m FROM ids WHERE id > 100 ORDER BY m DESC LIMIT 2 OFFSET 4000',
    'SELECT m FROM ids ORDER BY m LIMIT 1 WITH TIES', 'SELECT n, id FROM ids ORDER BY n NULLS FIRST, id LIMIT 9 OFFSET 895',
    'SELECT id, e FROM ids ORDER BY e', 'SELECT id FROM ids ORDER BY n DESC, e DESC LIMIT 30 OFFSET 3000',
    'SELECT DISTINCT e FROM ids ORDER BY e LIMIT 5 OFFSET 100', 'SELECT e, count() FROM ids GROUP BY e ORDER BY e DESC LIMIT 5',
    "SELECT count(), min(e), max(m) FROM ids WHERE e LIKE '%42%7%' OR e > 'f8'",
    'SELECT uniqExact(e), uniqExact(m), uniqExact(n), uniq(e), sum(cityHash64(e)) FROM ids',
  ])
})
