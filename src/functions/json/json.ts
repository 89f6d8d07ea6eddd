// JSONExtract* and their kin over strings, by the scanner of json-scan.ts.
// Invariant: a document that is not JSON answers as a missing value does: the type's default.

import { clockOfNumber } from '../../../storage/column/clock-time.ts'
import {
  arrayOf, bareType, FLOAT64, INT64, internType, isNullable, STRING, UINT64, UINT8, type DataType,
} from '../../../storage/column/data-type.ts'
import { parseDataType } from '../../../storage/column/parse-type.ts'
import type { Vector } from '../../../storage/column/vector.ts'
import type { MemoryAccount } from '../../../storage/kernels/work-memory.ts'
import type { Value } from '../values/value.ts'
import { ByteBuilder } from '../values/byte-builder.ts'
import { ANY_COUNT, badArgument, constantInfo, constantOf, define, expectTypes, numbersBy } from '../base/define.ts'
import { fewStringsOf, type FewStrings } from '../base/few-strings.ts'
import { FunctionError, type ArgInfo, type EvalContext, type FunctionDef } from '../values/function.ts'
import { constantPath, locateArgs, locatePath, type Located } from './json-locate.ts'
import { placesOf, standardPath } from './json-wildcards.ts'
import { decodeString, findKey, keysOf, kindAt, members, skipValue } from '../values/json-scan.ts'
import { shrink, tryParse } from '../values/parse-value.ts'
import { stringArraysBy } from '../base/define-text.ts'
import { floatText } from '../values/float-text.ts'
import { placesInFrames, type FramePlace, type FramePlaces } from './template-json.ts'
import { isClock, isInteger, isString, NULL_ONLY, nullableIfPossible, numberInfo } from '../values/types.ts'
import { defaultValue, defaultVector, markNulls, valueAt, vectorOf } from '../values/values.ts'
import { asBytes, bytesVector, elementTypeOf, numberVector, retype } from '../values/vectors.ts'

const encoder = new TextEncoder()
const decoder = new TextDecoder()

/** Calls back with each row's value, `at` -1 where there is none. */
function eachValue(
  args: readonly Vector[], rowCount: number, context: EvalContext,
  visit: (row: number, bytes: Uint8Array, at: number, end: number) => void,
): void {
  visitAll(locateArgs(asBytes(args[0], context.account), args.slice(1), rowCount, context), rowCount, visit)
}

function visitAll(
  { bytes, starts, ends }: Located, rowCount: number,
  visit: (row: number, bytes: Uint8Array, at: number, end: number) => void,
): void {
  for (let row = 0; row < rowCount; row++) {
    visit(row, bytes, ends[row] === 0 ? -1 : starts[row], ends[row])
  }
}

export function expectPath(name: string, args: readonly ArgInfo[]): void {
  expectTypes(name, args, isString, (type) => isString(type) || isInteger(type))
}

type ReadNumber = (bytes: Uint8Array, at: number, end: number) => number | bigint

const numberText = (bytes: Uint8Array, at: number, end: number): string =>
  decoder.decode(bytes.subarray(at, skipValue(bytes, at, end)))

/** A number, or a string that holds one. */
const readAs = (type: DataType): ReadNumber => (bytes, at, end) => {
  switch (kindAt(bytes, at, end)) {
    case 'number': return numberOfText(numberText(bytes, at, end), type) ?? 0
    case 'string': {
      const text = decodeString(bytes, at, skipValue(bytes, at, end)) ?? ''
      return numberOfText(text, type) ?? 0
    }
    default: return 0
  }
}

const DECIMAL = /^[+-]?\d+(\.\d*)?([eE][+-]?\d+)?$/

/** A number's text as a value of a number type; undefined when it does not fit. */
function numberOfText(text: string, type: DataType): number | bigint | undefined {
  const parsed = tryParse(text, type)
  if (typeof parsed === 'number' || typeof parsed === 'bigint') return parsed
  if (!DECIMAL.test(text) || numberInfo(type)?.isFloat !== false) return undefined
  const near = Math.trunc(Number(text))
  const back = Number.isFinite(near) ? tryParse(String(BigInt(near)), type) : undefined
  return typeof back === 'number' || typeof back === 'bigint' ? back : undefined
}

/** Kinds of what readJsonNumbers() found. */
const KIND_OTHER = 0
const KIND_INTEGER = 1

const number = (name: string, type: DataType): FunctionDef =>
  define(name, [1, ANY_COUNT], (args) => {
    expectPath(name, args)
    return type
  }, (args, result, rowCount, context) => {
    const { account, kernels } = context
    const framed = numbersOfFrames(args, type, rowCount, context)
    if (framed !== null) return numberVector(result, framed)
    const located = locateArgs(asBytes(args[0], account), args.slice(1), rowCount, context)
    const { bytes, starts, ends } = located
    if (bytes.buffer !== account.work.buffer) return odd(located, type, result, rowCount, context)
    const values = account.f64(rowCount)
    const kinds = account.u8(rowCount)
    kernels.readJsonNumbers(bytes.byteOffset, starts.byteOffset, ends.byteOffset, rowCount,
      values.byteOffset, kinds.byteOffset)
    const isUnsigned = type === UINT64
    const read = readAs(type)
    for (let row = 0; row < rowCount; row++) {
      const kind = kinds[row]
      if (kind === KIND_INTEGER ? !isUnsigned || values[row] >= 0 : kind !== KIND_OTHER && type === FLOAT64) continue
      const value = ends[row] === 0 ? 0 : read(bytes, starts[row], ends[row])
      // One value beyond 2^53, and the whole block is of that kind.
      if (typeof value === 'bigint') return odd(located, type, result, rowCount, context)
      values[row] = value
    }
    account.free(kinds.byteOffset)
    return numberVector(result, values)
  })

/** Numbers where templates tell them: the same for all rows of a frame, or what stands in a slot. */
function numbersOfFrames(
  args: readonly Vector[], type: DataType, rowCount: number, context: EvalContext): Float64Array | null {
  const framed = framesOf(args, context)
  if (framed === null) return null
  const { parts: { codes, slotOf }, places } = framed
  const { account, kernels } = context
  const read = readAs(type)
  const fixed = places.map(({ sample, start, end, slot }) => (end === 0 || slot >= 0 ? 0 : read(sample, start, end)))
  if (fixed.some((value) => typeof value === 'bigint')) return null
  const table = account.f64(Math.max(1, places.length) * 2)
  const words = new Uint32Array(table.buffer, table.byteOffset, table.length * 2)
  for (let frame = 0; frame < places.length; frame++) {
    const { slot } = places[frame]
    words[frame * 4] = slot < 0 ? 0 : slotOf(slot).byteOffset
    table[frame * 2 + 1] = Number(fixed[frame])
  }
  const values = account.f64(rowCount)
  kernels.numbersOfFrames(codes.byteOffset, rowCount, table.byteOffset, values.byteOffset)
  return values
}

/** Codes of the strings that lie in frames, in the query's strings: both are of one context. */
const codesOfPlaces = new WeakMap<FramePlace, number>()

/** -1: there are too many strings. */
function codeOf(place: FramePlace, strings: FewStrings, account: MemoryAccount): number {
  const known = codesOfPlaces.get(place)
  if (known !== undefined) return known
  const out = new ByteBuilder(1, account)
  if (place.end > 0) writeString(out, place.sample, place.start, place.end)
  out.endRow()
  const { bytes, offsets } = out.finish(STRING)
  const code = strings.enter(bytes.subarray(0, offsets[1]))
  if (code >= 0) codesOfPlaces.set(place, code)
  return code
}

/** Strings where templates tell them: the same for all rows of a frame. */
function stringsOfFrames(
  args: readonly Vector[], type: DataType, rowCount: number, context: EvalContext): Vector | null {
  const framed = framesOf(args, context)
  if (framed === null || framed.places.some(({ slot }) => slot >= 0)) return null
  const { account, kernels } = context
  const { parts: { codes }, places } = framed
  const strings = fewStringsOf(context)
  const byFrame = account.u32(places.length)
  for (let frame = 0; frame < places.length; frame++) {
    const code = codeOf(places[frame], strings, account)
    if (code < 0) return null
    byFrame[frame] = code
  }
  const own = account.u32(rowCount)
  kernels.takeWords(byFrame.byteOffset, codes.byteOffset, rowCount, own.byteOffset)
  return {
    kind: 'codes', type, length: rowCount, isConst: false, nulls: null, codes: own, dictionary: strings,
  }
}

function framesOf([text, ...steps]: readonly Vector[], context: EvalContext): FramePlaces | null {
  const path = constantPath(steps)
  return path === null ? null : placesInFrames(text, path, context)
}

/** Numbers of a block one by one. */
function odd(
  { bytes, starts, ends }: Located, type: DataType, result: DataType, rowCount: number,
  context: EvalContext,
): Vector {
  const read = readAs(type)
  const values: (number | bigint)[] = [] // one block at most
  for (let row = 0; row < rowCount; row++) {
    values[row] = ends[row] === 0 ? 0 : read(bytes, starts[row], ends[row])
  }
  return vectorOf(values, result, context.account)
}

const flag = (name: string, type: DataType, test: (bytes: Uint8Array, at: number, end: number) => boolean) =>
  define(name, [1, ANY_COUNT], (args) => {
    expectPath(name, args)
    return type
  }, (args, result, rowCount, context) => {
    const out = context.account.u8(rowCount)
    eachValue(args, rowCount, context, (row, bytes, at, end) => {
      out[row] = at >= 0 && test(bytes, at, end) ? 1 : 0
    })
    return numberVector(result, out)
  })

/** A text made of each value found; '' for none. */
const textual = (name: string,
  write: (out: ByteBuilder, bytes: Uint8Array, at: number, end: number) => void): FunctionDef =>
  define(name, [1, ANY_COUNT], (args) => {
    expectPath(name, args)
    return STRING
  }, (args, type, rowCount, context) => {
    const out = new ByteBuilder(rowCount, context.account, 16 * rowCount)
    eachValue(args, rowCount, context, (_row, bytes, at, end) => {
      if (at >= 0) write(out, bytes, at, end)
      out.endRow()
    })
    return out.finish(type)
  })

function writeString(out: ByteBuilder, bytes: Uint8Array, at: number, end: number): void {
  const kind = kindAt(bytes, at, end)
  if (kind === null || kind === 'null') return
  const after = skipValue(bytes, at, end)
  if (kind === 'string') out.text(decodeString(bytes, at, after) ?? '')
  else out.text(compact(bytes, at, after))
}

/** A value's text as ClickHouse writes it: no white space between tokens, strings and doubles anew. */
export function compact(bytes: Uint8Array, at: number, after: number): string {
  const raw = decoder.decode(bytes.slice(at, after))
  if (!/[\s\\]|\d[.eE]|-0|[\u2028\u2029]/.test(raw)) return raw
  return raw.replaceAll(/("(?:[^"\\]|\\.)*")|(-?\d[\d.eE+-]*)|\s+/g, (_, text?: string, number?: string) => {
    if (text !== undefined) return /[\\\u2028\u2029]/.test(text) ? jsonText(JSON.parse(text) as string) : text
    if (number === undefined) return ''
    return /[.eE]/.test(number) ? floatText(Number(number)) : number === '-0' ? '0' : number
  })
}

/** Line separators are escaped, too, and digits of escapes are capitals. */
const jsonText = (text: string): string => JSON.stringify(text)
  .replaceAll('\u2028', '\\u2028').replaceAll('\u2029', '\\u2029')
  .replaceAll(/\\(?:u([\da-f]{4})|[^])/g, (escape, digits?: string) =>
    (digits === undefined ? escape : `\\u${digits.toUpperCase()}`))

/** JSONExtractString: strings of a block at once; where there are other values, one by one. */
const extractString = define('JSONExtractString', [1, ANY_COUNT], (args) => {
  expectPath('JSONExtractString', args)
  return STRING
}, (args, type, rowCount, context) => {
  const { account, kernels } = context
  const framed = stringsOfFrames(args, type, rowCount, context)
  if (framed !== null) return framed
  const located = locateArgs(asBytes(args[0], account), args.slice(1), rowCount, context)
  const { bytes, starts, ends } = located
  if (bytes.buffer === account.work.buffer) {
    let room = 0
    for (let row = 0; row < rowCount; row++) room += ends[row] - starts[row]
    const offsets = account.u32(rowCount + 1)
    const out = account.u8(room)
    const others = kernels.readJsonStrings(bytes.byteOffset, starts.byteOffset, ends.byteOffset,
      rowCount, offsets.byteOffset, out.byteOffset)
    if (others === 0) return bytesVector(type, offsets, out.subarray(0, offsets[rowCount]))
    account.free(offsets.byteOffset)
    account.free(out.byteOffset)
  }
  const out = new ByteBuilder(rowCount, account, 16 * rowCount)
  visitAll(located, rowCount, (_row, from, at, end) => {
    if (at >= 0) writeString(out, from, at, end)
    out.endRow()
  })
  return out.finish(type)
})

/** true, or a whole number other than 0. */
function isTruthy(bytes: Uint8Array, at: number, end: number): boolean {
  const kind = kindAt(bytes, at, end)
  return kind === 'true' || (kind === 'number' && /^-?0*[1-9]\d*$/.test(numberText(bytes, at, end)))
}

const isValid = define('isValidJSON', [1, 1], (args) => {
  expectPath('isValidJSON', args)
  return UINT8
}, (args, type, rowCount, context) => {
  const out = context.account.u8(rowCount)
  // The path without steps leads to the document itself.
  eachValue(args, rowCount, context, (row, _bytes, at) => { out[row] = at >= 0 ? 1 : 0 })
  return numberVector(type, out)
})

const TYPE_MEMBERS = [['Null', 0], ['String', 34], ['Array', 91], ['Bool', 98], ['Double', 100],
  ['Int64', 105], ['UInt64', 117], ['Object', 123]] as const

/** The Enum8 of JSONType's answers. */
const JSON_TYPE = internType(
  `Enum8(${TYPE_MEMBERS.map(([name, value]) => `'${name}' = ${value}`).join(', ')})`, 'Enum8',
  { names: TYPE_MEMBERS.map(([name]) => name), values: TYPE_MEMBERS.map(([, value]) => value) })

const TYPE_CODES = { object: 'Object', array: 'Array', string: 'String', true: 'Bool', false: 'Bool', null: 'Null' }

function typeName(bytes: Uint8Array, at: number, end: number): string {
  const kind = kindAt(bytes, at, end)
  if (kind === null) return 'Null'
  if (kind !== 'number') return TYPE_CODES[kind]
  const text = numberText(bytes, at, end)
  if (!/^-?\d+$/.test(text)) return 'Double'
  return text.length > 18 && BigInt(text) >= 2n ** 63n ? 'UInt64' : 'Int64'
}

const length = define('JSONLength', [1, ANY_COUNT], (args) => {
  expectPath('JSONLength', args)
  return UINT64
}, (args, type, rowCount, context) => {
  const out = context.account.f64(rowCount)
  eachValue(args, rowCount, context, (row, bytes, at, end) => {
    out[row] = at < 0 ? 0 : members(bytes, at, end).length
  })
  return numberVector(type, out)
})

const lists = (name: string, read: (bytes: Uint8Array, at: number, end: number) => string[]) =>
  define(name, [1, ANY_COUNT], (args) => {
    expectPath(name, args)
    return arrayOf(STRING)
  }, (args, type, rowCount, context) => {
    const rows: string[][] = Array.from({ length: rowCount }, () => [])
    eachValue(args, rowCount, context, (row, bytes, at, end) => {
      if (at >= 0) rows[row] = read(bytes, at, end)
    })
    return stringArraysBy(type, rowCount, context, (row, push) => rows[row].forEach(push))
  })

/** JSONExtract(json, path…, 'Type'). */
const extract = define('JSONExtract', [2, ANY_COUNT], (args) => {
  const path = args.slice(0, -1)
  if (path.some(({ type }) => type === NULL_ONLY)) return NULL_ONLY
  if (path[0].type.id === 'LowCardinality' && isNullable(path[0].type)) throw badArgument('JSONExtract', 0, path[0].type)
  expectPath('JSONExtract', path.map((arg) => ({ ...arg, type: bareType(arg.type) })))
  const type = parseDataType(String(constantInfo('JSONExtract', args, args.length - 1)))
  if (!path.some((arg) => isNullable(arg.type))) return type
  const result = nullableIfPossible(type)
  if (isNullable(result)) return result
  throw new FunctionError(`JSONExtract of a Nullable text gives no ${type.name}, which cannot be NULL: use ifNull`)
}, (args, type, rowCount, context) => {
  const { account } = context
  if (type === NULL_ONLY) return defaultVector(type, rowCount, account)
  const path = args.slice(0, -1)
  const own = parseDataType(String(constantOf('JSONExtract', args, args.length - 1)))
  const nulls = account.u8(rowCount).fill(0)
  for (const arg of path) markNulls(arg, nulls, rowCount)
  const values: Value[] = []
  eachValue(path.map((arg) => retype(arg, bareType(arg.type), null)), rowCount, context, (row, bytes, at, end) => {
    values[row] = nulls[row] === 1 ? null : at < 0 ? defaultValue(own) : extracted(bytes, at, end, own) ?? defaultValue(own)
  })
  return vectorOf(values, type, account)
}, { nulls: 'own' })

/** A JSON value in a type; null for JSON's null, undefined for what does not fit. */
export function extracted(bytes: Uint8Array, at: number, end: number, type: DataType): Value | undefined {
  const kind = kindAt(bytes, at, end)
  if (kind === null) return undefined
  if (kind === 'null') return isNullable(type) ? null : undefined
  const bare = bareType(type)
  switch (bare.id) {
    case 'String': case 'FixedString': {
      const after = skipValue(bytes, at, end)
      return kind === 'string' ? decodeString(bytes, at, after) ?? undefined : compact(bytes, at, after)
    }
    case 'Bool': return kind === 'true' || kind === 'false' ? kind === 'true' : undefined
    case 'Array': {
      if (kind !== 'array') return undefined
      const found = members(bytes, at, end).map((place) => extracted(bytes, place, end, bare.args[0]))
      // An array of nothing that fits does not fit itself.
      if (found.every((value) => value === undefined)) return undefined
      return found.map((value) => (value === undefined ? defaultValue(bare.args[0]) : value))
    }
    case 'Map': {
      if (kind !== 'object') return undefined
      const places = members(bytes, at, end)
      const pair = elementTypeOf(bare)
      return keysOf(bytes, at, end).map((key, i) =>
        [key, extracted(bytes, places[i], end, pair.args[1]) ?? defaultValue(pair.args[1])])
    }
    case 'Tuple': return extractedTuple(bytes, at, end, bare)
    default:
  }
  if (kind === 'true' || kind === 'false') return numberInfo(bare) === null ? undefined : Number(kind === 'true')
  if (kind === 'number') {
    if (isClock(bare)) return clockOfNumber(numberText(bytes, at, end), bare)
    return numberInfo(bare) === null ? tryParse(numberText(bytes, at, end), bare)
      : numberOfText(numberText(bytes, at, end), bare)
  }
  const text = kind === 'string' ? decodeString(bytes, at, skipValue(bytes, at, end)) : null
  const value = text === null ? undefined
    : numberInfo(bare) === null ? tryParse(text, bare) : numberOfText(text, bare)
  return typeof value === 'bigint' ? shrink(value) : value
}

function extractedTuple(
  bytes: Uint8Array, at: number, end: number, type: DataType): Value | undefined {
  const places = members(bytes, at, end)
  return type.args.map((arg, i) => {
    const name = type.names?.[i]
    const place = bytes[at] === 123 && name !== undefined
      ? findKey(bytes, at, end, encoder.encode(name)) : places[i] ?? -1
    return (place < 0 ? undefined : extracted(bytes, place, end, arg)) ?? defaultValue(arg)
  })
}

/** JSON_VALUE gives the first scalar, JSON_QUERY all values in brackets: `write` gets where they begin. */
const standard = (name: string, write: (out: ByteBuilder, bytes: Uint8Array, places: readonly number[], end: number) => void): FunctionDef =>
  define(name, [2, 2], (args) => {
    expectTypes(name, args, isString)
    standardPath(String(constantInfo(name, args, 1)))
    return STRING
  }, (args, result, rowCount, context) => {
    const { steps, wild } = standardPath(String(valueAt(args[1], 0)))
    const out = new ByteBuilder(rowCount, context.account)
    const located = locatePath(asBytes(args[0], context.account), steps, rowCount, context)
    visitAll(located, rowCount, (_row, bytes, at, end) => {
      if (at >= 0) write(out, bytes, placesOf(bytes, at, end, wild), end)
      out.endRow()
    })
    return out.finish(result)
  })

const isContainer = (bytes: Uint8Array, at: number): boolean => bytes[at] === 123 || bytes[at] === 91

const raw = (out: ByteBuilder, bytes: Uint8Array, at: number, end: number): void =>
  out.text(compact(bytes, at, skipValue(bytes, at, end)))

const ALL: readonly FunctionDef[] = [
  number('JSONExtractInt', INT64), number('JSONExtractUInt', UINT64),
  number('JSONExtractFloat', FLOAT64),
  flag('JSONExtractBool', UINT8, isTruthy), flag('JSONHas', UINT8, () => true), isValid,
  extractString, textual('JSONExtractRaw', raw), length, extract,
  define('JSONType', [1, ANY_COUNT], (args) => {
    expectPath('JSONType', args)
    return JSON_TYPE
  }, (args, type, rowCount, context) => {
    const names: string[] = []
    eachValue(args, rowCount, context, (row, bytes, at, end) => { names[row] = typeName(bytes, at, end) })
    return numbersBy(type, rowCount, context, (row) =>
      TYPE_MEMBERS.find(([name]) => name === names[row])?.[1] ?? 0)
  }),
  lists('JSONExtractKeys', keysOf),
  lists('JSONExtractArrayRaw', (bytes, at, end) => (kindAt(bytes, at, end) === 'array'
    ? members(bytes, at, end).map((place) => compact(bytes, place, skipValue(bytes, place, end))) : [])),
  standard('JSON_VALUE', (out, bytes, places, end) => {
    const at = places.find((place) => !isContainer(bytes, place))
    if (at === undefined) return
    // Unlike elsewhere null is a text here, and exponents have their sign.
    if (kindAt(bytes, at, end) === 'null') out.text('null')
    else if (kindAt(bytes, at, end) === 'number') out.text(compact(bytes, at, skipValue(bytes, at, end)).replace(/e(?=\d)/, 'e+'))
    else writeString(out, bytes, at, end)
  }),
  standard('JSON_QUERY', (out, bytes, places, end) => {
    if (places.length === 0) return
    out.byte(91)
    places.forEach((at, index) => {
      if (index > 0) out.text(', ')
      raw(out, bytes, at, end)
    })
    out.byte(93)
  }),
]

/** Values of a LowCardinality text are plain, as in ClickHouse. */
const PLAIN = /^(JSONExtract(Int|UInt|Float|Bool|String|Raw)|JSONHas|JSONLength|isValidJSON)$/

export const JSON_FUNCTIONS: readonly FunctionDef[] = ALL.map((def) => (PLAIN.test(def.name) ? { ...def, isPlain: true } : def))
