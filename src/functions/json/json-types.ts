// What a JSON value holds: JSONAllPaths, the types of its paths, their values as texts.
// Invariant: paths come in their order as bytes; NULLs and empty objects are no paths.

import { arrayOf, isNullable, mapOf, STRING, type DataType } from '../../../storage/column/data-type.ts'
import type { Vector } from '../../../storage/column/vector.ts'
import type { Value } from '../values/value.ts'
import { badArgument, define } from '../base/define.ts'
import type { EvalContext, FunctionDef } from '../values/function.ts'
import { decodeString, keysOf, kindAt, members, skipSpace, skipValue } from '../values/json-scan.ts'
import { textReader } from '../base/strings.ts'
import { vectorOf } from '../values/values.ts'
import { asBytes } from '../values/vectors.ts'

const decoder = new TextDecoder()

/** A path and where its value lies. */
type Place = { readonly path: string; readonly at: number; readonly after: number }

function walk(bytes: Uint8Array, at: number, end: number, prefix: string, out: Place[]): void {
  const keys = keysOf(bytes, at, end)
  members(bytes, at, end).forEach((place, i) => {
    const path = prefix === '' ? keys[i] : `${prefix}.${keys[i]}`
    const kind = kindAt(bytes, place, end)
    if (kind === 'object') walk(bytes, place, end, path, out)
    else if (kind !== 'null' && kind !== null) out.push({ path, at: place, after: skipValue(bytes, place, end) })
  })
}

const OBJECT = 'JSON(max_dynamic_types=16, max_dynamic_paths=256)'
const DAY = /^\d{4}-\d{1,2}-\d{1,2}$/
const MOMENT = /^\s*\d{4}-\d{1,2}-\d{1,2}(?:[T ]\d{1,2}:\d{2}:\d{2})?(\.\d+)?Z?$/
const UINT32_SECONDS = 4_294_967_295

/** Texts of days and moments are of their types. */
function typeOfText(text: string): string {
  if (!MOMENT.test(text)) return 'String'
  const [year, month, day] = text.trim().split(/[-T ]/).map(Number)
  const seconds = Date.UTC(year, month - 1, day) / 1000
  const isReal = month >= 1 && month <= 12 && day >= 1 && new Date(seconds * 1000).getUTCDate() === day
  if (!isReal) return 'String'
  if (text.includes('.') || seconds < 0 || seconds > UINT32_SECONDS) return 'DateTime64(9)'
  return DAY.test(text) ? 'Date' : 'DateTime'
}

const INT64_MAX = 9223372036854775807n

function typeOfNumber(text: string): string {
  if (!/^-?\d+$/.test(text)) return 'Float64'
  return BigInt(text) > INT64_MAX ? 'UInt64' : 'Int64'
}

/** One type for the elements of an array; Dynamic where they have none in common. */
function commonType(types: readonly string[]): string {
  const present = [...new Set(types.filter((type) => type !== 'NULL'))]
  const isNull = types.includes('NULL')
  if (present.length === 0) return 'NULL'
  if (present.every((type) => type.startsWith('Array('))) return commonArray(present)
  if (present.length === 1) return present[0] === OBJECT && !isNull ? OBJECT : `Nullable(${present[0]})`
  const are = (...names: string[]): boolean => present.every((type) => names.includes(type))
  if (are('Int64', 'Bool')) return 'Nullable(Int64)'
  if (are('Int64', 'Float64', 'UInt64', 'Bool')) return 'Nullable(Float64)'
  return are('String', 'Date', 'DateTime', 'DateTime64(9)') ? 'Nullable(String)' : 'Dynamic'
}

/** The type of an array in which nothing but NULLs is, told from that of texts. */
const NULLS = 'Array(NULL)'

/** Arrays of nothing but NULLs take the type of the others. */
function commonArray(types: readonly string[]): string {
  const known = types.filter((type) => type !== NULLS)
  return known.length === 0 ? NULLS : known.length === 1 ? known[0] : 'Dynamic'
}

function typeOf(bytes: Uint8Array, at: number, end: number): string {
  switch (kindAt(bytes, at, end)) {
    case 'string': return typeOfText(decodeString(bytes, at, skipValue(bytes, at, end)) ?? '')
    case 'true': case 'false': return 'Bool'
    case 'number': return typeOfNumber(decoder.decode(bytes.subarray(at, skipValue(bytes, at, end))))
    case 'array': {
      const common = commonType(members(bytes, at, end).map((place) => typeOf(bytes, place, end)))
      return `Array(${common})`
    }
    case 'object': return OBJECT
    default: return 'NULL'
  }
}

/** A value as text: that of an array has quotes within. */
function textOf(bytes: Uint8Array, at: number, end: number, isInner = false): string {
  switch (kindAt(bytes, at, end)) {
    case 'string': {
      const text = decodeString(bytes, at, skipValue(bytes, at, end)) ?? ''
      return isInner ? `'${text.replace(/['\\]/g, '\\$&')}'` : text
    }
    case 'array': return `[${members(bytes, at, end).map((place) => textOf(bytes, place, end, true)).join(',')}]`
    case 'null': return 'NULL'
    default: return decoder.decode(bytes.subarray(at, skipValue(bytes, at, end)))
  }
}

/** Each row's places, declared paths with their types left out of them where `isDynamic`. */
function placesBy(
  vector: Vector, rowCount: number, { account }: EvalContext, each: (bytes: Uint8Array, places: readonly Place[]) => Value,
): Value[] {
  const text = asBytes(vector, account)
  return Array.from({ length: rowCount }, (_, row) => {
    const slot = text.isConst ? 0 : row
    const end = text.offsets[slot + 1]
    const places: Place[] = []
    walk(text.bytes, skipSpace(text.bytes, text.offsets[slot], end), end, '', places)
    return each(text.bytes, places.sort((a, b) => Buffer.compare(Buffer.from(a.path), Buffer.from(b.path))))
  })
}

const declared = (type: DataType): ReadonlyMap<string, DataType> =>
  new Map((type.names ?? []).map((name, i) => [name, type.args[i]]))

/** `paths` of a row, those that the type declares among them. */
function withDeclared(places: readonly Place[], type: DataType): string[] {
  const names = new Set([...places.map((place) => place.path), ...(type.names ?? [])])
  return [...names].sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)))
}

const ofJson = (name: string, result: DataType, each: (type: DataType, bytes: Uint8Array, places: readonly Place[]) => Value): FunctionDef =>
  define(name, [1, 1], ([{ type }]) => {
    if (type.id !== 'JSON') throw badArgument(name, 0, type)
    return result
  }, ([vector], type, rowCount, context) => vectorOf(
    placesBy(vector, rowCount, context, (bytes, places) => each(vector.type, bytes, places)), type, context.account))

const LIST = arrayOf(STRING)
const TYPES = mapOf(STRING, STRING)

const typedPaths = (bytes: Uint8Array, places: readonly Place[]): Map<string, string> =>
  new Map(places.map(({ path, at, after }) => [path, typeOf(bytes, at, after).replace('(NULL)', '(Nullable(String))')]))

/** Keys of the outer object by place are what JSONKey asks for; without a place there is none. */
const jsonKey: FunctionDef = { ...define('JSONKey', [1, 2], ([{ type }, place]) => {
  if (type.id !== 'String') throw badArgument('JSONKey', 0, type)
  if (place !== undefined && (!/^U?Int/.test(place.type.id) || isNullable(place.type))) throw badArgument('JSONKey', 1, place.type)
  return STRING
}, ([json, place], type, rowCount, context) => {
  const read = textReader(json, context)
  const numbers = place?.kind === 'number' ? place.values : null
  return vectorOf(Array.from({ length: rowCount }, (_, row) => {
    const bytes = Buffer.from(read(row))
    const keys = keysOf(bytes, skipSpace(bytes, 0, bytes.length), bytes.length)
    const wanted = numbers === null ? 0 : numbers[place.isConst ? 0 : row]
    return (wanted < 0 ? keys[keys.length + wanted] : keys[wanted - 1]) ?? ''
  }), type, context.account)
}), isPlain: true }

export const JSON_TYPES: readonly FunctionDef[] = [
  ofJson('JSONAllPaths', LIST, (type, _bytes, places) => withDeclared(places, type)),
  ofJson('JSONAllPathsWithTypes', TYPES, (type, bytes, places) => {
    const [known, found] = [declared(type), typedPaths(bytes, places)]
    return withDeclared(places, type).map((path) => [path, known.get(path)?.name ?? found.get(path) ?? ''])
  }),
  ofJson('JSONDynamicPaths', LIST, (type, _bytes, places) =>
    places.map((place) => place.path).filter((path) => !declared(type).has(path))),
  ofJson('JSONDynamicPathsWithTypes', TYPES, (type, bytes, places) =>
    [...typedPaths(bytes, places)].filter(([path]) => !declared(type).has(path))),
  ofJson('JSONSharedDataPaths', LIST, () => []), ofJson('JSONSharedDataPathsWithTypes', TYPES, () => []),
  ofJson('JSONAllValues', LIST, (_type, bytes, places) => places.map(({ at, after }) => textOf(bytes, at, after))),
  jsonKey,
]
