// Column types by name: enough to find a misspelt type in a SCHEMA and say where. What a type means
// is the store's business. Invariant: every type name that ClickHouse documents is known here.

import { didYouMean } from './suggest.ts'
import { scanSql } from './scan.ts'

const INTEGERS = ['8', '16', '32', '64', '128', '256'].flatMap(bits => [`Int${bits}`, `UInt${bits}`])

/** Names as ClickHouse writes them. */
const TYPE_NAMES: readonly string[] = [
  ...INTEGERS, 'Float32', 'Float64', 'BFloat16', 'Decimal', 'Decimal32', 'Decimal64', 'Decimal128',
  'Decimal256', 'Bool', 'String', 'FixedString', 'UUID', 'IPv4', 'IPv6', 'Date', 'Date32',
  'DateTime', 'DateTime32', 'DateTime64', 'Time', 'Time64', 'Enum', 'Enum8', 'Enum16', 'Array',
  'Tuple', 'Map', 'Nested', 'Nullable', 'LowCardinality', 'AggregateFunction',
  'SimpleAggregateFunction', 'JSON', 'Object', 'Variant', 'Dynamic', 'Point', 'Ring', 'Polygon',
  'MultiPolygon', 'LineString', 'MultiLineString', 'Nothing',
]

/** Names that ClickHouse takes in any case, and what they stand for. */
const ALIASES: ReadonlyMap<string, string> = new Map(Object.entries({
  INT: 'Int32', INTEGER: 'Int32', TINYINT: 'Int8', SMALLINT: 'Int16', MEDIUMINT: 'Int32',
  BIGINT: 'Int64', SIGNED: 'Int64', UNSIGNED: 'UInt64', INT1: 'Int8', BYTE: 'Int8',
  FLOAT: 'Float32', REAL: 'Float32', SINGLE: 'Float32', DOUBLE: 'Float64', DEC: 'Decimal',
  NUMERIC: 'Decimal', FIXED: 'Decimal', BOOLEAN: 'Bool', TEXT: 'String', VARCHAR: 'String',
  CHAR: 'String', BLOB: 'String', BINARY: 'FixedString', TINYTEXT: 'String', MEDIUMTEXT: 'String',
  LONGTEXT: 'String', CLOB: 'String', CHARACTER: 'String', BYTEA: 'String', VARCHAR2: 'String',
  TIMESTAMP: 'DateTime', INET4: 'IPv4', INET6: 'IPv6', YEAR: 'UInt16', BIT: 'UInt64',
  DATE: 'Date', DATETIME: 'DateTime', DECIMAL: 'Decimal', BOOL: 'Bool', ENUM: 'Enum', JSON: 'JSON',
}))

const NAMES: ReadonlySet<string> = new Set(TYPE_NAMES)
// The first argument of these is a function's name; JSON's arguments are paths and settings.
const FUNCTION_FIRST: ReadonlySet<string> = new Set(['AggregateFunction', 'SimpleAggregateFunction'])
const NAMED_ELEMENTS: ReadonlySet<string> = new Set(['Tuple', 'Nested'])
const UNCHECKED_ARGUMENTS: ReadonlySet<string> = new Set(['JSON', 'Object'])

/** What is wrong with a type's text; `offset` is where in the text. */
export type TypeFinding = { readonly offset: number; readonly message: string }

/** The first thing wrong with the type `text`, or null. Only names and brackets are judged. */
export function checkTypeText(text: string): TypeFinding | null {
  const tokens = scanSql(text)
  const open: { name: string; argument: number }[] = []
  let expectType = true
  for (let i = 0; i < tokens.length; i++) {
    const { kind, text: word, at } = tokens[i]
    const inside = open[open.length - 1]
    const next = tokens[i + 1]
    if (word === '(') {
      open.push({ name: canonicalName(tokens[i - 1]?.name ?? ''), argument: 0 })
      expectType = true
    } else if (word === ')') {
      if (open.pop() === undefined) return { offset: at, message: 'no ( for this )' }
      expectType = false
    } else if (word === ',') {
      if (inside !== undefined) inside.argument += 1
      expectType = true
    } else if (kind === 'word' && expectType && isTypePosition(inside)) {
      // `Tuple(name Type)`: a word before another word is the element's name.
      const named = inside !== undefined && NAMED_ELEMENTS.has(inside.name) &&
        (next?.kind === 'word' || next?.kind === 'quoted')
      if (!named) {
        if (!isTypeName(word)) return unknownType(word, at)
        expectType = false
      }
    }
  }
  if (tokens.length === 0) return { offset: 0, message: 'a type is missing' }
  if (open.length > 0) return { offset: text.length, message: 'a ) is missing at the end of the type' }
  return null
}

function isTypePosition(inside: { name: string; argument: number } | undefined): boolean {
  if (inside === undefined) return true
  if (UNCHECKED_ARGUMENTS.has(inside.name)) return false
  if (FUNCTION_FIRST.has(inside.name)) return inside.argument > 0
  return NAMES.has(inside.name)
}

const canonicalName = (name: string): string => NAMES.has(name) ? name
  : ALIASES.get(name.toUpperCase()) ?? name

/** True for a type's name as ClickHouse takes it. */
export function isTypeName(name: string): boolean {
  return NAMES.has(name) || ALIASES.has(name.toUpperCase())
}

function unknownType(name: string, offset: number): TypeFinding {
  const near = didYouMean(name, TYPE_NAMES)
  const hint = near === '' ? '; expected a type such as String, Int64, DateTime or Array(String)' : near
  return { offset, message: `unknown type ${name}${hint}` }
}
