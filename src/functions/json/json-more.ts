// More of JSON: the CaseInsensitive forms of JSONExtract*, keys with values, JSON_EXISTS.
// Invariant: keys are compared without case by ASCII's letters; the first that fits is taken.

import { arrayOf, STRING, UINT8, type DataType } from '../../../storage/column/data-type.ts'
import { parseDataType } from '../../../storage/column/parse-type.ts'
import type { BytesVector, Vector } from '../../../storage/column/vector.ts'
import { locateValue } from '../../../storage/kernels/json.ts'
import type { Value } from '../values/value.ts'
import { ByteBuilder } from '../values/byte-builder.ts'
import { ANY_COUNT, badArgument, constantInfo, define, numbersBy } from '../base/define.ts'
import type { EvalContext, FunctionDef } from '../values/function.ts'
import { compact, expectPath, extracted, JSON_FUNCTIONS } from './json.ts'
import { locateArgs, locatePath } from './json-locate.ts'
import { placesOf, standardPath } from './json-wildcards.ts'
import { keysOf, kindAt, members, skipValue } from '../values/json-scan.ts'
import { isString, tupleOf } from '../values/types.ts'
import { valueAt, vectorOf } from '../values/values.ts'
import { asBytes } from '../values/vectors.ts'

const upper = (text: string): string => text.replace(/[a-z]/g, (letter) => letter.toUpperCase())

/** Where the value of a path begins, -1 for nowhere. */
function placeOf(bytes: Uint8Array, start: number, end: number, path: readonly Value[]): number {
  let at = start
  for (const step of path) {
    const places = members(bytes, at, end)
    const index = typeof step !== 'string' ? Number(step) < 0 ? places.length + Number(step) : Number(step) - 1
      : kindAt(bytes, at, end) === 'object' ? keysOf(bytes, at, end).findIndex((key) => upper(key) === upper(step)) : -1
    if (index < 0 || index >= places.length) return -1
    at = places[index]
  }
  return at
}

/** The texts of the values that paths lead to; '' for none. */
function textsAt(documents: BytesVector, path: readonly Vector[], rowCount: number, { account }: EvalContext): Vector {
  const out = new ByteBuilder(rowCount, account)
  for (let row = 0; row < rowCount; row++) {
    const slot = documents.isConst ? 0 : row
    const root = locateValue(documents.bytes, documents.offsets[slot], documents.offsets[slot + 1], []) ?? null
    if (root !== null) {
      const at = placeOf(documents.bytes, root[0], root[1], path.map((step) => valueAt(step, row)))
      if (at >= 0) out.slice(documents.bytes, at, skipValue(documents.bytes, at, root[1]))
    }
    out.endRow()
  }
  return out.finish(STRING)
}

/** A function of JSON whose keys may be written in any case. */
function anyCase(def: FunctionDef, typeArguments: number): FunctionDef {
  return {
    ...def, name: `${def.name}CaseInsensitive`,
    evaluate: (args, type, rowCount, context, lambda) => {
      const path = args.slice(1, args.length - typeArguments)
      const found = textsAt(asBytes(args[0], context.account), path, rowCount, context)
      return def.evaluate([found, ...args.slice(args.length - typeArguments)].slice(0, 1 + typeArguments),
        type, rowCount, context, lambda)
    },
  }
}

type ReadMember = (bytes: Uint8Array, at: number, end: number) => Value | undefined

/** Pairs of an object's keys and values. */
function pairsBy(args: readonly Vector[], type: DataType, rowCount: number, context: EvalContext, read: ReadMember): Vector {
  const { bytes, starts, ends } = locateArgs(asBytes(args[0], context.account), args.slice(1), rowCount, context)
  const rows: Value[] = [] // one block's
  for (let row = 0; row < rowCount; row++) {
    const [at, end] = [starts[row], ends[row]]
    if (end === 0 || kindAt(bytes, at, end) !== 'object') {
      rows.push([])
      continue
    }
    const places = members(bytes, at, end)
    rows.push(keysOf(bytes, at, end).flatMap((key, i) => {
      const value = read(bytes, places[i], end)
      return value === undefined ? [] : [[key, value]]
    }))
  }
  return vectorOf(rows, type, context.account)
}

const keysAndValues = define('JSONExtractKeysAndValues', [2, ANY_COUNT], (args) => {
  expectPath('JSONExtractKeysAndValues', args.slice(0, -1))
  const type = parseDataType(String(constantInfo('JSONExtractKeysAndValues', args, args.length - 1)))
  return arrayOf(tupleOf([STRING, type]))
}, (args, type, rowCount, context) => {
  const valueType = type.args[0].args[1]
  return pairsBy(args.slice(0, -1), type, rowCount, context, (bytes, at, end) => extracted(bytes, at, end, valueType))
})

const keysAndValuesRaw = define('JSONExtractKeysAndValuesRaw', [1, ANY_COUNT], (args) => {
  expectPath('JSONExtractKeysAndValuesRaw', args)
  return arrayOf(tupleOf([STRING, STRING]))
}, (args, type, rowCount, context) => pairsBy(args, type, rowCount, context, (bytes, at, end) =>
  compact(bytes, at, skipValue(bytes, at, end))))

const exists = define('JSON_EXISTS', [2, 2], (args) => {
  for (const [i, { type }] of args.entries()) if (!isString(type)) throw badArgument('JSON_EXISTS', i, type)
  standardPath(String(constantInfo('JSON_EXISTS', args, 1)))
  return UINT8
}, ([json, path], type, rowCount, context) => {
  const { steps, wild } = standardPath(String(valueAt(path, 0)))
  const { bytes, starts, ends } = locatePath(asBytes(json, context.account), steps, rowCount, context)
  return numbersBy(type, rowCount, context, (row) =>
    Number(ends[row] !== 0 && (wild.length === 0 || placesOf(bytes, starts[row], ends[row], wild).length > 0)))
})

const TYPED = ['JSONExtract', 'JSONExtractKeysAndValues']
const FOLDED = /^JSONExtract(Int|UInt|Float|Bool|String|Raw|ArrayRaw|Keys)?$/

export const JSON_MORE: readonly FunctionDef[] = [
  keysAndValues, keysAndValuesRaw, exists,
  ...[...JSON_FUNCTIONS.filter((def) => FOLDED.test(def.name)), keysAndValues, keysAndValuesRaw]
    .map((def) => anyCase(def, TYPED.includes(def.name) ? 1 : 0)),
]
