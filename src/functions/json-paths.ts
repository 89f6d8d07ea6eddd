// Values of type JSON and what their paths hold. A JSON column is its text; json.a.b finds the value of a
// path in it (Dynamic: the value's own text, NULL where there is none), json.a.b.:T the value where it is
// of type T, json.^a the object under a.
// Invariant: text that leaves is in ClickHouse's form: members by name, no NULLs, no empty objects.

import {
  bareType, DYNAMIC, internType, isNullable, lowCardinalityOf, STRING, type DataType,
} from '../../storage/column/data-type.ts'
import { parseDataType } from '../../storage/column/parse-type.ts'
import type { BytesVector, Vector } from '../../storage/column/vector.ts'
import { ByteBuilder } from './byte-builder.ts'
import { castVector } from './cast.ts'
import { define } from './define.ts'
import { FunctionError, type EvalContext, type FunctionDef } from './function.ts'
import { findKey, kindAt, skipSpace, skipValue } from './json-scan.ts'
import { nullableIfPossible } from './types.ts'
import { valueAt } from './values.ts'
import { asBytes, retype } from './vectors.ts'

const JSON_TYPE = internType('JSON', 'JSON')
const encoder = new TextEncoder()

/** `a.b.:Int64` apart: keys, and a type or the mark of a whole object. */
function parsePath(path: string): { keys: Uint8Array[]; typeName: string | null; isObject: boolean } {
  const isObject = path.startsWith('^')
  const mark = path.indexOf('.:')
  const plain = (mark < 0 ? path : path.slice(0, mark)).slice(isObject ? 1 : 0)
  return {
    keys: plain.split('.').map((key) => encoder.encode(key)), isObject,
    typeName: mark < 0 ? null : path.slice(mark + 2),
  }
}

/** The type of a path of a JSON type. */
export function subcolumnType(json: DataType, path: string): DataType {
  const { typeName, isObject } = parsePath(path)
  if (isObject) return JSON_TYPE
  if (typeName !== null) return nullableIfPossible(parseDataType(typeName))
  const known = json.names?.indexOf(path) ?? -1
  return known < 0 ? DYNAMIC : json.args[known]
}

/** Where the value of a path begins; -1: nowhere. */
function findPath(bytes: Uint8Array, start: number, end: number, keys: readonly Uint8Array[]): number {
  let at = skipSpace(bytes, start, end)
  for (const key of keys) {
    at = at < 0 ? -1 : findKey(bytes, at, end, key)
    if (at < 0) return -1
  }
  return at
}

/** The texts of a path's values: NULL for what is missing, null, or an object (or none, `isObject`). */
function pathTexts(
  text: BytesVector, keys: readonly Uint8Array[], isObject: boolean, rowCount: number,
  { account }: EvalContext,
): Vector {
  const out = new ByteBuilder(rowCount, account)
  const nulls = account.u8(rowCount).fill(0)
  for (let row = 0; row < rowCount; row++) {
    const slot = text.isConst ? 0 : row
    const end = text.offsets[slot + 1]
    const isAbsent = text.nulls?.[slot] === 1
    const at = isAbsent ? -1 : findPath(text.bytes, text.offsets[slot], end, keys)
    const kind = kindAt(text.bytes, at, end)
    if (kind === null || kind === 'null' || (kind === 'object') !== isObject) {
      if (isObject) out.text('{}')
      else nulls[row] = 1
    } else out.slice(text.bytes, at, skipValue(text.bytes, at, end))
    out.endRow()
  }
  return out.finish(isObject ? JSON_TYPE : DYNAMIC, nulls.includes(1) ? nulls : null)
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

/** getSubcolumn(json, 'a.b'): what the name json.a.b means. */
const getSubcolumn: FunctionDef = define('getSubcolumn', [2, 2],
  ([json, path]) => {
    if (bareType(json.type).id !== 'JSON' || typeof path.value !== 'string') {
      throw new FunctionError('Function getSubcolumn takes a JSON value and the constant name of a path')
    }
    return subcolumnType(bareType(json.type), path.value)
  },
  ([json, path], type, rowCount, context) => {
    const name = String(valueAt(path, 0))
    const { keys, typeName, isObject } = parsePath(name)
    const texts = pathTexts(asBytes(json, context.account), keys, isObject, rowCount, context)
    if (typeName !== null) return typedTexts(texts, type, context)
    return type === DYNAMIC || isObject ? texts : castVector(texts, type, context)
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
