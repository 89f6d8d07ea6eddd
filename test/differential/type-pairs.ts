// Every pair of types under every operator: one statement each over a table that has a column of every
// type, so that types, values and refusals of the whole matrix can be compared with ClickHouse's.

import type { SqlTable } from './oracle-cases.ts'

/** Three values of each type, as SQL. */
const VALUES: Readonly<Record<string, readonly [string, string, string]>> = {
  'UInt8': ['0', '7', '200'],
  'UInt16': ['0', '7', '60000'],
  'UInt32': ['0', '7', '4000000000'],
  'UInt64': ['0', '7', '18446744073709551615'],
  'UInt128': ["'0'", "'7'", "'18446744073709551616'"],
  'UInt256': ["'0'", "'7'", "'18446744073709551616'"],
  'Int8': ['0', '7', '-100'],
  'Int16': ['0', '7', '-30000'],
  'Int32': ['0', '7', '-2000000000'],
  'Int64': ['0', '7', '-9223372036854775807'],
  'Int128': ["'0'", "'7'", "'-18446744073709551616'"],
  'Int256': ["'0'", "'7'", "'-18446744073709551616'"],
  'Float32': ['0', '7', '-1.5'],
  'Float64': ['0', '7', '-1.25'],
  'Decimal(9, 2)': ["'0'", "'7'", "'-1.25'"],
  'Decimal(18, 4)': ["'0'", "'7'", "'12345.6789'"],
  'Decimal(38, 3)': ["'0'", "'7'", "'-1.125'"],
  'Bool': ['false', 'true', 'true'],
  'String': ["''", "'7'", "'x'"],
  'LowCardinality(String)': ["''", "'7'", "'x'"],
  'FixedString(3)': ["''", "'7'", "'abc'"],
  'UUID': ["'00000000-0000-0000-0000-000000000000'", "'61f0c404-5cb3-11e7-907b-a6006ad3dba0'",
    "'00000000-0000-0000-0000-000000000007'"],
  'Date': ["'1970-01-01'", "'1970-01-08'", "'2024-02-29'"],
  'Date32': ["'1970-01-01'", "'1970-01-08'", "'1950-06-30'"],
  'DateTime': ["'1970-01-01 00:00:00'", "'1970-01-08 00:00:00'", "'2024-02-29 12:30:00'"],
  "DateTime('Europe/Berlin')": ["'1970-01-01 01:00:00'", "'1970-01-08 00:00:00'", "'2024-02-29 12:30:00'"],
  'DateTime64(3)': ["'1970-01-01 00:00:00.000'", "'1970-01-08 00:00:00.000'", "'2024-02-29 12:30:00.123'"],
  'Time': ["'00:00:00'", "'00:00:07'", "'-100:30:15'"],
  'Time64(3)': ["'00:00:00.000'", "'00:00:07.000'", "'12:30:00.125'"],
  "Enum8('x' = 1, '7' = 7)": ["'x'", "'7'", "'x'"],
  'IPv4': ["'0.0.0.0'", "'0.0.0.7'", "'10.1.2.3'"],
  'IPv6': ["'::'", "'::7'", "'2001:db8::1'"],
  'Nullable(Int32)': ['0', '7', 'NULL'],
  'Nullable(String)': ["''", "'7'", 'NULL'],
  'Array(UInt8)': ['[]', '[7]', '[1,2]'],
  'Array(String)': ['[]', "['7']", "['x','']"],
  'Tuple(UInt8, String)': ["(0,'')", "(7,'7')", "(1,'x')"],
  'Map(String, UInt8)': ["map()", "map('7',7)", "map('x',1)"],
}

export const PAIR_TYPES = Object.keys(VALUES)
const name = (number: number): string => `c${number}`

export const PAIR_TABLE: SqlTable = {
  name: 'm',
  columns: `id UInt8, ${PAIR_TYPES.map((type, i) => `${name(i)} ${type}`).join(', ')}`,
  rowSets: [[0, 1, 2].map((row) => `(${[String(row), ...PAIR_TYPES.map((type) => VALUES[type][row])].join(',')})`).join(',')],
}

type Operator = { readonly name: string; readonly of: (a: string, b: string, type: string) => string }
const shown = (expr: string) => `SELECT toTypeName(x), x FROM (SELECT ${expr} AS x, id FROM m ORDER BY id)`
const infix = (sign: string): Operator => ({ name: sign, of: (a, b) => shown(`${a} ${sign} ${b}`) })
const call = (func: string): Operator => ({ name: func, of: (a, b) => shown(`${func}(${a}, ${b})`) })

export const PAIR_OPERATORS: readonly Operator[] = [
  infix('+'), infix('-'), infix('*'), infix('/'), infix('%'),
  { name: 'intDiv', of: (a, b) => shown(`intDivOrZero(${a}, ${b})`) },
  infix('='), infix('<'), infix('!='), infix('>='),
  { name: 'IN', of: (a, b) => `SELECT id, ${a} IN (SELECT ${b} FROM m) AS x FROM m ORDER BY id` },
  { name: 'if', of: (a, b) => shown(`if(id = 1, ${a}, ${b})`) },
  { name: '[,]', of: (a, b) => shown(`[${a}, ${b}]`) },
  { name: 'UNION', of: (a, b) => `SELECT toTypeName(x), toString(x) AS s FROM (SELECT ${a} AS x FROM m UNION ALL SELECT ${b} FROM m) ORDER BY s` },
  call('coalesce'), call('least'), call('greatest'), call('ifNull'), call('nullIf'),
  { name: 'CAST', of: (a, _, type) => shown(`CAST(${a} AS ${type})`) },
  { name: 'JOIN', of: (a, b) => `SELECT l.id, r.id FROM m AS l JOIN m AS r ON l.${a} = r.${b} ORDER BY l.id, r.id` },
  { name: 'USING', of: (a, b) => `SELECT toTypeName(k), l.i, r.j FROM (SELECT ${a} AS k, id AS i FROM m) AS l FULL JOIN (SELECT ${b} AS k, id AS j FROM m) AS r USING (k) ORDER BY l.i, r.j` },
  { name: 'accurateCastOrNull', of: (a, _, type) => shown(`accurateCastOrNull(${a}, '${type.replaceAll("'", "\\'")}')`) },
]

/** Texts that columns of every type are compared with. */
const TEXTS = ["'7'", "'x'", "''", "'1970-01-08'", "'1970-01-08 00:00:00'", "'-1.5'", "'0.0.0.7'",
  "'[7]'", "'00000000-0000-0000-0000-000000000007'", "'300'", '7', '-1', '7.5', '0', 'NULL', '300', '[7]', 'true']

export type PairStatement = { readonly operator: string; readonly types: string; readonly sql: string }

/** The whole matrix. */
export function* pairStatements(): Generator<PairStatement> {
  for (const operator of PAIR_OPERATORS) {
    for (const [i, a] of PAIR_TYPES.entries()) {
      for (const [j, b] of PAIR_TYPES.entries()) {
        yield { operator: operator.name, types: `${a} | ${b}`, sql: operator.of(name(i), name(j), b) }
      }
    }
  }
  for (const [i, a] of PAIR_TYPES.entries()) {
    for (const text of TEXTS) {
      for (const sign of ['=', '<', 'IN', '+']) {
        const right = sign === 'IN' ? `(${text})` : text
        yield { operator: `literal ${sign}`, types: `${a} | ${text}`, sql: shown(`${name(i)} ${sign} ${right}`) }
      }
      yield { operator: 'literal if', types: `${a} | ${text}`, sql: shown(`if(id = 1, ${name(i)}, ${text})`) }
    }
  }
}

/** Where ClickHouse's own answer is an accident, or Pipit has no such type: docs/sql.md says why. */
const ACCIDENTS: readonly { readonly operator: RegExp; readonly types: RegExp }[] = [
  // A Decimal beside a wide integer overflows into wrong digits there; here it is an error.
  { operator: /^([-+*/]|least|greatest|coalesce|literal .*)$/, types: /Decimal.*U?Int(32|64|128|256)|U?Int(32|64|128|256).*Decimal/ },
  // Divisions by what rounds to zero, and remainders of floats, take low bits there.
  { operator: /^(intDiv|%)$/, types: /./ },
  // Dates moved by numbers beyond 32 bits wrap around there.
  { operator: /^[-+]$/, types: /Date.*Int|Int.*Date/ },
  // Local midnight of 1970-01-01 in Berlin lies before 0; Date32 beside a zone is read in UTC.
  { operator: /./, types: /Date(32)? \| DateTime\('|DateTime\('.* \| Date(32)?$/ },
  // Bool and UInt8 are one type there until they meet another.
  { operator: /./, types: /^(Bool \| UInt8|UInt8 \| Bool)$/ },
  { operator: /^UNION$/, types: /DateTime/ },
  // Numbers out of a type's range as dates.
  { operator: /^CAST$/, types: /U?Int(64|128|256) \| Date|Date32 \| DateTime/ },
  { operator: /^(CAST|accurateCastOrNull)$/, types: /UUID \||IPv6|\| IPv/ },
  { operator: /^(=|!=|<|>=|nullIf)$/, types: /DateTime.*Enum|Enum.*DateTime/ },
  { operator: /^(least|greatest)$/, types: /Nullable\(Int32\)/ },
  // Elements of arrays one by one: arrayMap does it here.
  { operator: /^[-+*/]$/, types: /Array/ },
  // Sets of unlike types: a value that the left type does not hold may match there.
  { operator: /^(IN|accurateCastOrNull)$/, types: /^(?!(.+) \| \1$)/ },
  { operator: /^if$/, types: /FixedString.*Enum|Enum.*FixedString/ },
  { operator: /^literal /, types: /'0\.0\.0\.7'|'300'|'\[7\]'|\| \[7\]|DateTime.*\| '(7|-1\.5)?'|FixedString.*\| 7/ },
  // Nullable(Tuple) is not there.
  { operator: /^(nullIf|literal if|accurateCastOrNull)$/, types: /Tuple/ },
]

/** May answers differ here? Besides the accidents: what is refused there may have an answer here. */
export function mayDiffer(
  { operator, types }: PairStatement, wanted: { readonly error?: string; readonly data?: unknown },
): boolean {
  if (wanted.error !== undefined) return true
  return ACCIDENTS.some((accident) => accident.operator.test(operator) && accident.types.test(types))
}
