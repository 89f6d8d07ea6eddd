// Rows of a data source as JSON lines, made from its schema: ordinary values mostly, so that joins and
// filters find something, with the extremes of each type among them.
// Invariant: the same seed makes the same rows.

import { bareType, type DataType } from '../../storage/column/data-type.ts'
import { parseDataType } from '../../storage/column/parse-type.ts'
import type { ColumnDef, DatasourceDef } from '../project/definitions.ts'
import { plainText } from './words.ts'
import type { Random, RowMaker } from './row-maker.ts'

/** A counter, mixed: the same numbers on every machine. */
export function randomBySeed(seed: number): Random {
  let state = seed >>> 0
  return () => {
    state = (state + 0x9e3779b9) >>> 0
    let x = state
    x = Math.imul(x ^ (x >>> 16), 0x21f0aaad)
    x = Math.imul(x ^ (x >>> 15), 0x735a2d97)
    return ((x ^ (x >>> 15)) >>> 0) / 2 ** 32
  }
}

export const oneOf = <T>(random: Random, list: readonly T[]): T => list[Math.floor(random() * list.length)]
const below = (random: Random, limit: number): number => Math.floor(random() * limit)

const DAY_SECONDS = 86_400
/** Moments are within these days before now: where queries of a project look. */
const DAYS_BACK = 45
const NULL_SHARE = 0.15
const EXTREME_SHARE = 0.02
const ELEMENTS_MAX = 4

/** Raw JSON, or an object of members. */
type Tree = { [key: string]: Tree | string }

const textOf = (tree: Tree | string): string => (typeof tree === 'string' ? tree
  : `{${Object.entries(tree).map(([key, value]) => `${JSON.stringify(key)}:${textOf(value)}`).join(',')}}`)

/** `count` rows as JSON lines. */
export function rowsOf(source: DatasourceDef, count: number, maker: RowMaker): string {
  const lines: string[] = []
  // Shallow paths first: a column of `$.a` beside one of `$.a.b` is the whole of a.
  const columns = source.columns.filter((column) => column.jsonPath !== null)
    .map((column) => ({ column, type: parseDataType(column.type), path: column.jsonPath as string }))
    .sort((a, b) => b.path.length - a.path.length)
  for (let row = 0; row < count; row++) {
    const tree: Tree = {}
    for (const { column, type, path } of columns) {
      place(tree, path, markOf(column, source, maker) ?? valueOf(column, type, isKey(column, source), maker))
    }
    lines.push(textOf(tree))
  }
  return lines.join('\n')
}

/** Puts a value where its path looks for it; what stands there already stays. */
function place(tree: Tree, path: string, value: string): void {
  const keys = path.split('.').slice(1)
  let at = tree
  for (const [index, key] of keys.slice(0, -1).entries()) {
    const name = key.replace('[:]', '')
    // `$.a[:].b`: a list of objects, whose members are made of the list of values.
    if (key.endsWith('[:]')) {
      if (at[name] === undefined && value.startsWith('[')) at[name] = listOfObjects(value, keys.slice(index + 1))
      return
    }
    const inner = at[name] ??= {}
    if (typeof inner === 'string') return
    at = inner
  }
  const last = keys.at(-1)?.replace('[:]', '')
  if (last !== undefined) at[last] ??= value
}

function listOfObjects(list: string, keys: readonly string[]): string {
  const values = JSON.parse(list) as unknown[]
  return JSON.stringify(values.map((value) => keys.reduceRight<unknown>((inner, key) => ({ [key]: inner }), value)))
}

function isKey(column: ColumnDef, { engine }: DatasourceDef): boolean {
  const keys = [engine.sortingKey, engine.partitionKey, engine.version, engine.ttl]
  return keys.some((key) => key !== null && new RegExp(`\\b${column.name}\\b`).test(key.text))
}

/** What an engine takes in its own columns: a row that is deleted or not, a row or its undoing. */
function markOf(column: ColumnDef, { engine: { isDeleted, sign } }: DatasourceDef, { random }: RowMaker): string | null {
  if (column.name === isDeleted?.text) return oneOf(random, ['0', '0', '1'])
  return column.name === sign?.text ? oneOf(random, ['1', '1', '-1']) : null
}

/** One value as JSON. Keys and their moments get no extremes: a partition a century would be made. */
function valueOf(column: ColumnDef, type: DataType, isKeyColumn: boolean, maker: RowMaker): string {
  const isNullable = type.id === 'Nullable' || (type.id === 'LowCardinality' && type.args[0].id === 'Nullable')
  if (isNullable && maker.random() < NULL_SHARE) return 'null'
  return bareValue(column.name, bareType(type), !isKeyColumn && maker.random() < EXTREME_SHARE, maker)
}

const INTEGERS: Readonly<Record<string, readonly [bigint, bigint]>> = Object.fromEntries(
  [8n, 16n, 32n, 64n, 128n, 256n].flatMap((bits) => [
    [`Int${bits}`, [-(2n ** (bits - 1n)), 2n ** (bits - 1n) - 1n]], [`UInt${bits}`, [0n, 2n ** bits - 1n]]]))

/** Integers that look like milliseconds or seconds since 1970 by their column's name. */
function integerOf(name: string, id: string, isExtreme: boolean, { random, nowSeconds }: RowMaker): string {
  const [least, most] = INTEGERS[id]
  // A view may hand it on to an engine that takes 0 and 1 alone.
  if (/^is_|deleted|flag|sign/i.test(name)) return String(below(random, 2))
  if (isExtreme) return String(oneOf(random, [least, most, 0n]))
  if (/time|date|_at$|^ts$/i.test(name) && most > 2n ** 40n) {
    return String((nowSeconds - below(random, DAYS_BACK * DAY_SECONDS)) * 1000 + below(random, 1000))
  }
  const limit = oneOf(random, [5, 100, 10_000])
  return String(most < BigInt(limit) ? below(random, Number(most)) : below(random, limit))
}

function bareValue(name: string, type: DataType, isExtreme: boolean, maker: RowMaker): string {
  const { random, nowSeconds } = maker
  if (INTEGERS[type.id] !== undefined) return integerOf(name, type.id, isExtreme, maker)
  switch (type.id) {
    case 'Bool': return random() < 0.5 ? 'true' : 'false'
    case 'Float32': case 'Float64':
      return isExtreme ? oneOf(random, ['0', '-1.5', '1e30', '1e-30']) : String(Math.round(random() * 100_000) / 100)
    case 'Decimal': return String(below(random, 10 ** Math.min(6, type.precision - 1)) / 10 ** Math.min(type.scale, 2))
    case 'UUID': return JSON.stringify(uuidOf(below(random, 50)))
    case 'IPv4': return JSON.stringify(`10.0.${below(random, 3)}.${below(random, 200)}`)
    case 'IPv6': return JSON.stringify(`2001:db8::${below(random, 500).toString(16)}`)
    case 'Enum8': case 'Enum16': return JSON.stringify(oneOf(random, type.names ?? ['']))
    case 'Date': case 'Date32': case 'DateTime': case 'DateTime64': case 'Time': case 'Time64':
      return JSON.stringify(momentText(type, isExtreme ? oneOf(random, [0, 951_782_399, 2_000_000_000])
        : nowSeconds - below(random, DAYS_BACK * DAY_SECONDS), random))
    case 'Array': return `[${many(random, () => bareValue(name, bareType(type.args[0]), isExtreme, maker))}]`
    case 'Map': return `{${[...new Set(['a', 'b', 'c', 'd'].filter(() => random() < 0.5))].map((key) =>
      `${JSON.stringify(key)}:${bareValue(name, bareType(type.args[1]), isExtreme, maker)}`).join(',')}}`
    case 'Tuple': return type.names === null
      ? `[${type.args.map((arg) => bareValue(name, bareType(arg), isExtreme, maker)).join(',')}]`
      : `{${type.args.map((arg, i) => `${JSON.stringify(type.names?.[i])}:${bareValue(name, bareType(arg), isExtreme, maker)}`).join(',')}}`
    case 'JSON': return jsonOf(name, maker) ?? `{"a":${below(random, 10)},"b":{"c":"x"}}`
    case 'FixedString': return JSON.stringify('abcdefgh'.repeat(8).slice(0, type.length))
    default: return JSON.stringify(isExtreme ? oneOf(random, ['', 'é日本🙂', "a'b\\c\"d\n"]) : jsonOf(name, maker)
      ?? plainText(name, maker))
  }
}

const many = (random: Random, each: () => string): string =>
  Array.from({ length: below(random, ELEMENTS_MAX + 1) }, each).join(',')

const uuidOf = (n: number): string => `61f0c404-5cb3-41e7-907b-a6006ad3${(0x1000 + n).toString(16)}`

function momentText(type: DataType, seconds: number, random: Random): string {
  const text = new Date(seconds * 1000).toISOString()
  if (type.id === 'Date' || type.id === 'Date32') return text.slice(0, 10)
  const base = type.id.startsWith('Time') ? text.slice(11, 19) : text.slice(0, 19).replace('T', ' ')
  return type.id === 'DateTime' || type.precision === 0 ? base
    : `${base}.${String(below(random, 1000)).padStart(3, '0').slice(0, type.precision)}`
}

/** A document with what the project's SQL reads out of this column; null where it reads nothing. */
function jsonOf(column: string, maker: RowMaker): string | null {
  const paths = maker.hints.paths.get(column)
  if (paths === undefined) return null
  const tree: Tree = {}
  for (const { keys, reader } of paths) {
    if (keys.length === 0 || maker.random() < EXTREME_SHARE) continue
    place(tree, `$.${keys.join('.')}`, memberOf(keys.at(-1) ?? '', reader, maker))
  }
  return textOf(tree)
}

function memberOf(key: string, reader: string, maker: RowMaker): string {
  const { random } = maker
  if (/Bool/.test(reader)) return random() < 0.5 ? 'true' : 'false'
  if (/Int/.test(reader)) return String(below(random, 1000))
  if (/Float|Decimal/.test(reader)) return String(below(random, 100_000) / 100)
  if (/Array/.test(reader)) return `[${many(random, () => JSON.stringify(plainText(key, maker)))}]`
  return JSON.stringify(plainText(key, maker))
}
