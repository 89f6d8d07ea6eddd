// Names of data types as a person may write them: families, aliases from other dialects, and which
// of them may be written in any case. The list is ClickHouse's system.data_type_families.

/** Before a zone that a query's session gave: functions read by it, and no name of a type shows it. */
export const SESSION_MARK = '@'

/** The name of a type as it is shown. */
export const shownTypeName = (name: string): string =>
  (name.includes(`'${SESSION_MARK}`) ? name.replace(/\('@[^']*'\)|, '@[^']*'(?=\))/g, '') : name)

/** A zone by its plain name. */
export const plainZone = (zone: string): string => (zone.startsWith(SESSION_MARK) ? zone.slice(1) : zone)

/** Families whose name may be written in any case: lower case -> canonical. */
const ANY_CASE: ReadonlyMap<string, string> = new Map([
  'Bool', 'Date', 'Date32', 'DateTime', 'DateTime32', 'DateTime64', 'Decimal', 'Decimal32',
  'Decimal64', 'Decimal128', 'Decimal256', 'Enum', 'JSON', 'Time', 'Time64',
].map((name) => [name.toLowerCase(), name]))

/** Families whose name must be written exactly so. */
const EXACT_CASE: readonly string[] = [
  'Nothing', 'Int8', 'Int16', 'Int32', 'Int64', 'Int128', 'Int256', 'UInt8', 'UInt16', 'UInt32',
  'UInt64', 'UInt128', 'UInt256', 'Float32', 'Float64', 'BFloat16', 'String', 'FixedString', 'UUID',
  'IPv4', 'IPv6', 'Enum8', 'Enum16', 'LowCardinality', 'Nullable', 'Array', 'Tuple', 'Map', 'Nested',
  'AggregateFunction', 'SimpleAggregateFunction', 'Point', 'Ring', 'Polygon', 'MultiPolygon',
  'LineString', 'MultiLineString', 'Geometry', 'Variant', 'Dynamic', 'QBit', 'IntervalNanosecond',
  'IntervalMicrosecond', 'IntervalMillisecond', 'IntervalSecond', 'IntervalMinute', 'IntervalHour',
  'IntervalDay', 'IntervalWeek', 'IntervalMonth', 'IntervalQuarter', 'IntervalYear',
]

const INTEGER_ALIASES: readonly (readonly [string, string])[] = [
  ['bigint', 'Int64'], ['int', 'Int32'], ['integer', 'Int32'], ['mediumint', 'Int32'],
  ['smallint', 'Int16'], ['tinyint', 'Int8'], ['int1', 'Int8'],
]

const STRING_ALIASES: readonly string[] = [
  'binary large object', 'binary varying', 'blob', 'bytea', 'char', 'char large object',
  'char varying', 'character', 'character large object', 'character varying', 'clob', 'longblob',
  'longtext', 'mediumblob', 'mediumtext', 'national char', 'national char varying',
  'national character', 'national character large object', 'national character varying', 'nchar',
  'nchar large object', 'nchar varying', 'nvarchar', 'text', 'tinyblob', 'tinytext', 'varbinary',
  'varchar', 'varchar2',
]

/** Aliases, all in any case: lower case, words by one blank -> family. */
const ALIASES: ReadonlyMap<string, string> = new Map<string, string>([
  ...INTEGER_ALIASES.flatMap(([alias, family]): [string, string][] => [
    [alias, family], [`${alias} signed`, family], [`${alias} unsigned`, `U${family}`]]),
  ...STRING_ALIASES.map((alias): [string, string] => [alias, 'String']),
  ['binary', 'FixedString'], ['bit', 'UInt64'], ['boolean', 'Bool'], ['byte', 'Int8'],
  ['dec', 'Decimal'], ['numeric', 'Decimal'], ['fixed', 'Decimal'], ['double', 'Float64'],
  ['double precision', 'Float64'], ['float', 'Float32'], ['real', 'Float32'],
  ['single', 'Float32'], ['inet4', 'IPv4'], ['inet6', 'IPv6'], ['set', 'UInt64'],
  ['signed', 'Int64'], ['unsigned', 'UInt64'], ['timestamp', 'DateTime'], ['year', 'UInt16'],
])

const EXACT: ReadonlySet<string> = new Set(EXACT_CASE)

/** Words that may follow a first word to make one name of several (`DOUBLE PRECISION`). */
const NAME_STARTS: ReadonlySet<string> = new Set(
  [...ALIASES.keys()].flatMap((alias) => alias.split(' ').map((_, i, words) =>
    words.slice(0, i).join(' '))).filter((start) => start !== ''))

/** True where more words may make `name` (lower case, words by one blank) a longer name. */
export const mayContinue = (name: string): boolean => NAME_STARTS.has(name)

/** The family that a written name means, or null. */
export function familyOf(name: string): string | null {
  if (EXACT.has(name)) return name
  const lower = name.toLowerCase()
  return ANY_CASE.get(lower) ?? ALIASES.get(lower) ?? null
}

/** The known name nearest to a misspelt one, or null when none is near. */
export function nearestTypeName(name: string): string | null {
  const lower = name.toLowerCase()
  const candidates = [...EXACT_CASE, ...ANY_CASE.values(), ...ALIASES.keys()]
  let best: string | null = null
  let bestDistance = Math.max(1, Math.floor(name.length / 3)) + 1
  for (const candidate of candidates) {
    const distance = editDistance(lower, candidate.toLowerCase())
    if (distance < bestDistance) {
      bestDistance = distance
      best = candidate
    }
  }
  return best
}

/** Levenshtein's distance, one row at a time. */
function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j)
  for (let i = 1; i <= a.length; i++) {
    const next = [i]
    for (let j = 1; j <= b.length; j++) {
      const replaced = row[j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1)
      next.push(Math.min(replaced, row[j] + 1, next[j - 1] + 1))
    }
    row = next
  }
  return row[b.length]
}

/** Words that ClickHouse quotes when they name an element of a tuple. */
const QUOTED: ReadonlySet<string> = new Set(
  ['distinct', 'all', 'table', 'select', 'from', 'values', 'null'])

/** An element's name as canonical text shows it: back-quoted where it is no plain identifier. */
export function quoteName(name: string): string {
  if (/^[A-Za-z_][A-Za-z0-9_]*$/.test(name) && !QUOTED.has(name.toLowerCase())) return name
  return `\`${name.replace(/\\/g, '\\\\').replace(/`/g, '\\`')}\``
}

const ESCAPES: Readonly<Record<string, string>> = {
  '\\': '\\\\', "'": "\\'", '\b': '\\b', '\f': '\\f', '\n': '\\n', '\r': '\\r', '\t': '\\t',
  '\0': '\\0',
}

/** A string literal as ClickHouse prints it. */
export const quoteText = (text: string): string =>
  `'${text.replace(/[\\'\b\f\n\r\t\0]/g, (found) => ESCAPES[found])}'`
