// Values of type JSON and what their paths hold. A JSON column is its text; json.a.b finds the value of a
// path in it (Dynamic: the value's own text, NULL where there is none), json.a.b.:T the value where it is
// of type T, json.^a the object under a.
// Invariant: text that leaves is in ClickHouse's form: members by name, no NULLs, no empty objects.

import {
  arrayOf, bareType, DYNAMIC, isNullable, lowCardinalityOf, STRING, type DataType,
} from '../../../storage/column/data-type.ts'
import { parseDataType } from '../../../storage/column/parse-type.ts'
import { quoteName, quoteText } from '../../../storage/column/type-names.ts'
import type { BytesVector, Vector } from '../../../storage/column/vector.ts'
import type { MemoryAccount } from '../../../storage/kernels/work-memory.ts'
import { ByteBuilder } from '../values/byte-builder.ts'
import { castVector } from '../values/cast.ts'
import { define } from './define.ts'
import { FunctionError, type EvalContext, type FunctionDef } from '../values/function.ts'
import { JSON_TYPE, keysOfPath, pathTexts } from '../values/json-path-texts.ts'
import { typedPathsOf, writeCanonicalJson } from '../values/json-text.ts'
import { decodeString, kindAt, members, skipValue } from '../values/json-scan.ts'
import { nullableIfPossible } from '../values/types.ts'
import { valueAt, vectorOf } from '../values/values.ts'
import { arrayVector, asBytes, asConst, materialize, retype } from '../values/vectors.ts'

/** `a.b.:Int64` apart: keys, and a type or the mark of a whole object. */
function parsePath(path: string): { keys: Uint8Array[]; typeName: string | null; isObject: boolean } {
  const isObject = path.startsWith('^')
  const mark = path.indexOf('.:')
  const plain = (mark < 0 ? path : path.slice(0, mark)).slice(isObject ? 1 : 0)
  return {
    keys: keysOfPath(plain), isObject,
    typeName: mark < 0 ? null : path.slice(mark + 2),
  }
}

/** Documents as they are shown: equal ones are equal bytes. */
export function canonicalDocuments(vector: Vector, account: MemoryAccount): BytesVector {
  const text = asBytes(vector, account)
  const out = new ByteBuilder(text.length, account, text.bytes.length)
  const typed = typedPathsOf(bareType(vector.type))
  for (let row = 0; row < text.length; row++) {
    const slot = text.isConst ? 0 : row
    if (text.nulls === null || text.nulls[slot] === 0) writeCanonicalJson(out, text.bytes, text.offsets[slot], text.offsets[slot + 1], typed)
    out.endRow()
  }
  const { nulls } = text
  return out.finish(vector.type, nulls === null || !text.isConst ? nulls : account.u8(text.length).fill(nulls[0]))
}

/** Items of lists, bytes of texts; of other values there is no size. */
export function sizesOf(name: string, vector: Vector, rowCount: number, { account }: EvalContext): Uint32Array {
  const text = asBytes(vector, account)
  const sizes = account.u32(rowCount).fill(0)
  for (let row = 0; row < rowCount; row++) {
    const slot = text.isConst ? 0 : row
    if (text.nulls !== null && text.nulls[slot] === 1) continue
    const [start, end] = [text.offsets[slot], text.offsets[slot + 1]]
    const kind = kindAt(text.bytes, start, end)
    if (kind === 'array') sizes[row] = members(text.bytes, start, end).length
    else if (kind === 'string') sizes[row] = Buffer.byteLength(decodeString(text.bytes, start, end) ?? '')
    else if (start < end) throw new FunctionError(`Function ${name} takes texts and lists, not ${kind ?? 'nothing'}`)
  }
  return sizes
}

/** Item `index` (from 1, or from the end) of each list; NULL where there is none. */
export function itemsOf(vector: Vector, index: (row: number) => number, rowCount: number, { account }: EvalContext): Vector {
  const text = asBytes(vector, account)
  const out = new ByteBuilder(rowCount, account, 64)
  const nulls = account.u8(rowCount).fill(0)
  for (let row = 0; row < rowCount; row++) {
    const slot = text.isConst ? 0 : row
    const [start, end] = [text.offsets[slot], text.offsets[slot + 1]]
    const isList = (text.nulls === null || text.nulls[slot] === 0) && kindAt(text.bytes, start, end) === 'array'
    const places = isList ? members(text.bytes, start, end) : []
    const wanted = index(row)
    const at = places[wanted > 0 ? wanted - 1 : places.length + wanted]
    if (wanted === 0 || at === undefined || kindAt(text.bytes, at, end) === 'null') nulls[row] = 1
    else out.slice(text.bytes, at, skipValue(text.bytes, at, end))
    out.endRow()
  }
  return out.finish(DYNAMIC, nulls.includes(1) ? nulls : null)
}

/** `a.:Array(JSON).b` apart: the list, and the path within each of its documents; null: another path. */
function pathWithin(path: string): readonly [list: string, within: string] | null {
  const match = /^(.*?\.:Array\(JSON\))\.(.+)$/.exec(path)
  return match === null ? null : [match[1], match[2]]
}

/** The type of a path of a JSON type. */
export function subcolumnType(json: DataType, path: string): DataType {
  const nested = pathWithin(path)
  if (nested !== null) return arrayOf(subcolumnType(JSON_TYPE, nested[1]))
  const { typeName, isObject } = parsePath(path)
  if (isObject) return json.id === 'JSON' ? objectType(json, `${path.slice(1)}.`) : JSON_TYPE
  if (typeName !== null) return nullableIfPossible(parseDataType(typeName))
  const known = json.names?.indexOf(path) ?? -1
  return known < 0 ? DYNAMIC : json.args[known]
}

/** The type of the objects at `prefix`: of the typed paths those within it; all else as it was written. */
function objectType({ name, names, args, skips }: DataType, prefix: string): DataType {
  const settings = /^JSON\((\w+=\d+(?:, \w+=\d+)*)/.exec(name)?.slice(1) ?? []
  const within = (names ?? []).flatMap((path, i) =>
    (path.startsWith(prefix) ? [`${quoteName(path.slice(prefix.length))} ${args[i].name}`] : []))
  const left = [...(skips?.paths ?? []).map((path) => `SKIP ${quoteName(path)}`),
    ...(skips?.patterns ?? []).map((pattern) => `SKIP REGEXP ${quoteText(pattern)}`)]
  const all = [...settings, ...within, ...left]
  return all.length === 0 ? JSON_TYPE : parseDataType(`JSON(${all.join(', ')})`)
}

/** Types of JSON values that `.:T` takes as T. */
function isOfType(text: string, type: DataType): boolean {
  const { id } = bareType(type)
  switch (text[0]) {
    case '"': return id === 'String' || id.startsWith('Date') || id === 'UUID'
    case '[': return id === 'Array'
    case 't': case 'f': return id === 'Bool'
    default: return /^-?\d+$/.test(text) ? id === 'Int64' : id === 'Float64'
  }
}

function typedTexts(texts: Vector, type: DataType, context: EvalContext): Vector {
  const nulls = context.account.u8(texts.length).fill(0)
  for (let row = 0; row < texts.length; row++) {
    const text = valueAt(texts, row)
    if (typeof text !== 'string' || !isOfType(text, type)) nulls[row] = 1
  }
  const chosen = retype(texts, DYNAMIC, nulls.includes(1) ? nulls : null)
  return castVector(chosen, type, context, isNullable(type) ? 'null' : 'default')
}

/** getSubcolumn(json, 'a.b'): what the name json.a.b means. Of other types the analyzer knows the parts. */
const getSubcolumn: FunctionDef = define('getSubcolumn', [2, 2],
  ([json, path]) => {
    if ((bareType(json.type).id !== 'JSON' && json.type !== DYNAMIC) || typeof path.value !== 'string') {
      throw new FunctionError('The second argument of function getSubcolumn is the constant name of a subcolumn', 'ILLEGAL_COLUMN')
    }
    return subcolumnType(bareType(json.type), path.value)
  },
  ([json, path], type, rowCount, context) => {
    const name = String(valueAt(path, 0))
    const nested = pathWithin(name)
    if (nested !== null) {
      const listPath = asConst(vectorOf([nested[0]], STRING, context.account), rowCount)
      const lists = getSubcolumn.evaluate([json, listPath], subcolumnType(bareType(json.type), nested[0]), rowCount, context, null)
      const full = lists.isConst ? materialize({ ...lists, length: rowCount }, context.account) : lists
      if (full.kind !== 'array') throw new Error(`json: ${full.type.name} is no list`)
      const within = asConst(vectorOf([nested[1]], STRING, context.account), full.values.length)
      const values = getSubcolumn.evaluate([full.values, within], type.args[0], full.values.length, context, null)
      return arrayVector(type, full.offsets, values)
    }
    const { keys, typeName, isObject } = parsePath(name)
    const texts = pathTexts(asBytes(json, context.account), keys, isObject, rowCount, context)
    if (typeName !== null) return typedTexts(texts, type, context)
    if (isObject) return retype(texts, type)
    return type === DYNAMIC ? texts : castVector(texts, type, context)
  }, { nulls: 'own' })

/** dynamicType(json.a): the name of the type of each value. */
const dynamicType: FunctionDef = define('dynamicType', [1, 1], ([arg]) => {
  if (arg.type === DYNAMIC) return lowCardinalityOf(STRING)
  throw new FunctionError(`First argument for function dynamicType must be Dynamic, got ${arg.type.name}`)
}, ([vector], _type, rowCount, { account }) => {
  const out = new ByteBuilder(rowCount, account)
  for (let row = 0; row < rowCount; row++) {
    const text = valueAt(vector, row)
    out.text(typeof text === 'string' ? dynamicTypeName(text) : 'None')
    out.endRow()
  }
  return out.finish(lowCardinalityOf(STRING))
}, { nulls: 'own' })

function dynamicTypeName(text: string): string {
  switch (text[0]) {
    case '"': return 'String'
    case 't': case 'f': return 'Bool'
    case '[': return /^\[\s*-?\d+\s*(,\s*-?\d+\s*)*\]$/.test(text) ? 'Array(Nullable(Int64))'
      : 'Array(Nullable(String))'
    default: return /^-?\d+$/.test(text) ? 'Int64' : 'Float64'
  }
}

export const JSON_PATHS: readonly FunctionDef[] = [getSubcolumn, dynamicType]
