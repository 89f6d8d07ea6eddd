// Strings to strings and numbers: length, lower, concat, substring, trim, replace, split …
// Loops run over bytes; the UTF8 forms count code points.
// Invariant: input may be any bytes; positions count from 1, as in SQL.

import { DYNAMIC, arrayOf, internType, STRING, UINT64, UINT8, type DataType } from '../../../storage/column/data-type.ts'
import type { ArrayVector, BytesVector, Vector } from '../../../storage/column/vector.ts'
import { bytesOfText, textOfBytes } from '../../sql/raw-text.ts'
import { ByteBuilder } from '../values/byte-builder.ts'
import { castToString } from '../values/cast.ts'
import {
  always, ANY_COUNT, badArgument, constantOf, countReader, define, expectTypes, numberReader, numbersBy,
  ofStrings, overDefaults, stringsToString,
} from './define.ts'
import { sizesOf } from './json-paths.ts'
import { FunctionError, type ArgInfo, type EvalContext, type FunctionDef } from '../values/function.ts'
import { memoryReader } from './memory-bytes.ts'
import { isEnum, isInteger, isNumber, isString, tupleOf } from '../values/types.ts'
import { arrayVector, asBytes, materialize, newNumbers, numberVector, take } from '../values/vectors.ts'

const isArrayLike = (type: DataType): boolean => type.id === 'Array' || type.id === 'Map'

/** A string result made row by row from the first argument's bytes. */
export function mapBytes(
  vector: Vector, type: DataType, rowCount: number, context: EvalContext,
  write: (out: ByteBuilder, bytes: Uint8Array, start: number, end: number, row: number) => void,
): Vector {
  const text = asBytes(vector, context.account)
  const out = new ByteBuilder(rowCount, context.account, text.bytes.length)
  for (let row = 0; row < rowCount; row++) {
    const slot = text.isConst ? 0 : row
    write(out, text.bytes, text.offsets[slot], text.offsets[slot + 1], row)
    out.endRow()
  }
  return out.finish(type)
}

/** Row r's bytes as JavaScript text. */
export function textReader(vector: Vector, context: EvalContext): (row: number) => string {
  const text = asBytes(vector, context.account)
  return (row) => {
    const slot = text.isConst ? 0 : row
    return textOfBytes(text.bytes.subarray(text.offsets[slot], text.offsets[slot + 1]))
  }
}

/** Lengths of strings in bytes, of arrays and maps in elements. */
function lengths(vector: Vector): (row: number) => number {
  if (vector.kind === 'codes') {
    const { codes, dictionary, isConst } = vector
    return (row) => dictionary.lengthOf(codes[isConst ? 0 : row])
  }
  if (vector.kind === 'bytes' || vector.kind === 'array') {
    const { offsets, isConst } = vector
    return (row) => (isConst ? offsets[1] - offsets[0] : offsets[row + 1] - offsets[row])
  }
  throw new Error(`functions: ${vector.type.name} has no length`)
}

/** Values of a fixed size are empty where they are 0. */
const isZeroable = (type: DataType): boolean => ['UUID', 'IPv4', 'IPv6', 'FixedString'].includes(type.id)

function nonZeroBytes(vector: Vector, context: EvalContext): (row: number) => number {
  const read = memoryReader(vector, context)
  return (row) => read(row).reduce((count, byte) => count + (byte === 0 ? 0 : 1), 0)
}

/** The lengths of a column, where its values lie end to end; null: they do not. */
function allLengths(vector: Vector, type: DataType, context: EvalContext): Vector | null {
  if (vector.isConst || (vector.kind !== 'bytes' && vector.kind !== 'array') || isZeroable(vector.type)) return null
  const { offsets, length } = vector
  const out = newNumbers(type, length, context.account)
  if (!(out instanceof Float64Array)) return null
  const { account, kernels } = context
  if (offsets.buffer === account.work.buffer) kernels.lengthsToDoubles(offsets.byteOffset, length, out.byteOffset)
  else for (let row = 0; row < length; row++) out[row] = offsets[row + 1] - offsets[row]
  return numberVector(type, out)
}

const sizeFunction = (name: string, type: DataType, each: (size: number) => number,
  aliases: readonly string[] = []): FunctionDef =>
  define(name, [1, 1], (args) => {
    expectTypes(name, args, (t) => t === DYNAMIC || isString(t) || isArrayLike(t) || (type === UINT8 && isZeroable(t)))
    return type
  }, ([a], result, rowCount, context) => {
    if (a.type === DYNAMIC) {
      const sizes = sizesOf(name, a, rowCount, context)
      return numbersBy(result, rowCount, context, (row) => each(sizes[row]))
    }
    const all = name === 'length' ? allLengths(a, result, context) : null
    if (all !== null) return all
    const size = isZeroable(a.type) && type === UINT8 ? nonZeroBytes(a, context) : lengths(a)
    return numbersBy(result, rowCount, context, (row) => each(size(row)))
  }, { aliases })

const lengthUtf8 = define('lengthUTF8', [1, 1], ofStrings('lengthUTF8', UINT64),
  ([a], type, rowCount, context) => {
    const text = asBytes(a, context.account)
    return numbersBy(type, rowCount, context, (row) => {
      const slot = text.isConst ? 0 : row
      return codePoints(text.bytes, text.offsets[slot], text.offsets[slot + 1])
    })
  }, { aliases: ['CHAR_LENGTH', 'CHARACTER_LENGTH'] })

export function codePoints(bytes: Uint8Array, start: number, end: number): number {
  let count = 0
  for (let at = start; at < end; at++) if ((bytes[at] & 0xc0) !== 0x80) count++
  return count
}

/** A type rule: one string of a kind that stays. */
export const sameString = (name: string) => (args: readonly ArgInfo[]): DataType => {
  stringsToString(name)(args)
  return args[0].type
}

/** lower and upper of ASCII letters. */
const caseFunction = (name: string, first: number, aliases: readonly string[]): FunctionDef =>
  define(name, [1, 1], sameString(name), ([a], type, rowCount, context) => {
    const text = asBytes(a, context.account)
    const total = text.bytes.length
    const bytes = context.account.u8(total)
    for (let at = 0; at < total; at++) {
      const byte = text.bytes[at]
      bytes[at] = byte >= first && byte < first + 26 ? byte ^ 32 : byte
    }
    if (!text.isConst) return { ...text, type, bytes, length: rowCount }
    return { ...text, type, bytes }
  }, { aliases })

const caseUtf8 = (name: string, change: (text: string) => string): FunctionDef =>
  define(name, [1, 1], stringsToString(name), ([a], type, rowCount, context) => {
    const read = textReader(a, context)
    return mapBytes(a, type, rowCount, context, (out, _b, _s, _e, row) => out.text(change(read(row))))
  })

/** Bytes, elements or fields from the last to the first. */
const reverse = define('reverse', [1, 1], ([{ type }]) => {
  if (type.id === 'Array') return type
  if (type.id !== 'Tuple') return sameString('reverse')([{ type, value: undefined }])
  const args = [...type.args].reverse()
  if (type.names === null) return tupleOf(args)
  const names = [...type.names].reverse()
  return internType(`Tuple(${args.map((arg, i) => `${names[i]} ${arg.name}`).join(', ')})`, 'Tuple', { args, names })
}, ([a], type, rowCount, context) => {
  if (a.kind === 'tuple') return { ...a, type, fields: [...a.fields].reverse() }
  if (a.kind === 'array') return reversedArrays(a, type, rowCount, context)
  return mapBytes(a, type, rowCount, context, (out, bytes, start, end) => {
    for (let at = end - 1; at >= start; at--) out.byte(bytes[at])
  })
})

function reversedArrays(lists: ArrayVector, type: DataType, rowCount: number, { account }: EvalContext): Vector {
  const full = materialize({ ...lists, length: rowCount }, account) as ArrayVector
  const places = account.u32(full.offsets[rowCount])
  for (let row = 0; row < rowCount; row++) {
    const [start, end] = [full.offsets[row], full.offsets[row + 1]]
    for (let at = start; at < end; at++) places[at] = end - 1 - (at - start)
  }
  return arrayVector(type, full.offsets, take(full.values, places, places.length, account))
}

/** concat takes anything and prints what is no string. */
const concat = define('concat', [0, ANY_COUNT], always(STRING), (args, type, rowCount, context) => {
  if (args.length === 1) return castToString(args[0], context)
  const parts = args.map((arg) => asBytes(isString(arg.type) ? arg : castToString(arg, context),
    context.account))
  return joined(parts, null, type, rowCount, context)
})

const concatWs = define('concatWithSeparator', [1, ANY_COUNT], (args) => {
  expectTypes('concatWithSeparator', args.slice(0, 1), isString)
  return STRING
}, (args, type, rowCount, context) => {
    const parts = args.slice(1).map((arg) => asBytes(
      isString(arg.type) ? arg : castToString(arg, context), context.account))
    return joined(parts, asBytes(args[0], context.account), type, rowCount, context)
  }, { aliases: ['concat_ws'] })

function joined(
  parts: readonly BytesVector[], between: BytesVector | null, type: DataType, rowCount: number,
  context: EvalContext,
): Vector {
  const out = new ByteBuilder(rowCount, context.account)
  for (let row = 0; row < rowCount; row++) {
    for (let p = 0; p < parts.length; p++) {
      if (between !== null && p > 0) {
        const slot = between.isConst ? 0 : row
        out.slice(between.bytes, between.offsets[slot], between.offsets[slot + 1])
      }
      const part = parts[p]
      const slot = part.isConst ? 0 : row
      out.slice(part.bytes, part.offsets[slot], part.offsets[slot + 1])
    }
    out.endRow()
  }
  return out.finish(type)
}

/** First and past-the-last unit of substring(text, offset, length) among `size` units; null: none, as from offset 0. */
function range(size: number, offset: number, length: number): readonly [number, number] | null {
  if (offset === 0) return null
  const start = offset > 0 ? offset - 1 : size + offset
  const end = length < 0 ? size + length : start + length
  const from = Math.max(0, start)
  const to = Math.min(size, end)
  return from < to ? [from, to] : null
}

/** A place in a text; a UInt64 beyond 2^63 counts from the end, as ClickHouse's Int64 of it does. */
function placeReader(vector: Vector): (row: number) => number {
  if (vector.kind !== 'big') return numberReader(vector)
  const { values, isConst } = vector
  return (row) => Number(BigInt.asIntN(64, values[isConst ? 0 : row]))
}

const substring = (name: string, isUtf8: boolean, aliases: readonly string[]): FunctionDef =>
  define(name, [2, 3], (args) => {
    expectTypes(name, args, (arg) => isString(arg) || isEnum(arg), isNumber)
    return STRING
  }, (args, type, rowCount, context) => {
    const offset = placeReader(args[1])
    const length = args.length > 2 ? numberReader(args[2]) : () => Number.POSITIVE_INFINITY
    // An offset of 0 that stands in a column, or beside a constant text, gives nothing.
    if (args[1].isConst && !args[0].isConst && rowCount > 0 && Math.trunc(offset(0)) === 0) {
      throw new FunctionError('substring counts from 1: its offset must not be 0',
        'ZERO_ARRAY_OR_TUPLE_INDEX')
    }
    const text = isEnum(args[0].type) ? castToString(args[0], context) : args[0]
    return mapBytes(text, type, rowCount, context, (out, bytes, start, end, row) => {
      const size = isUtf8 ? codePoints(bytes, start, end) : end - start
      const part = range(size, Math.trunc(offset(row)), Math.trunc(length(row)))
      if (part === null) return
      if (isUtf8) {
        out.slice(bytes, byteOf(bytes, start, end, part[0]), byteOf(bytes, start, end, part[1]))
      } else {
        out.slice(bytes, start + part[0], start + part[1])
      }
    })
  }, { aliases })

/** Where code point number `index` begins. */
function byteOf(bytes: Uint8Array, start: number, end: number, index: number): number {
  let seen = -1
  for (let at = start; at < end; at++) {
    if ((bytes[at] & 0xc0) !== 0x80 && ++seen === index) return at
  }
  return end
}

const leftRight = (name: string, isLeft: boolean): FunctionDef => define(name, [2, 2], (args) => {
  expectTypes(name, args, isString, isNumber)
  return STRING
}, (args, type, rowCount, context) => {
  const count = countReader(args[1])
  return mapBytes(args[0], type, rowCount, context, (out, bytes, start, end, row) => {
    const wanted = count(row)
    const size = Math.max(0, wanted < 0 ? end - start + wanted : Math.min(wanted, end - start))
    if (isLeft) out.slice(bytes, start, start + size)
    else out.slice(bytes, end - size, end)
  })
})

const SPACE = 32

const trim = (name: string, isLeft: boolean, isRight: boolean, aliases: readonly string[]) =>
  define(name, [1, 2], stringsToString(name), (args, type, rowCount, context) => {
    const set = args.length > 1 ? new Set(bytesOfText(String(constantOf(name, args, 1))))
      : new Set([SPACE])
    return mapBytes(args[0], type, rowCount, context, (out, bytes, start, end) => {
      let from = start
      let to = end
      while (isLeft && from < to && set.has(bytes[from])) from++
      while (isRight && to > from && set.has(bytes[to - 1])) to--
      out.slice(bytes, from, to)
    })
  }, { aliases })

/** Fixed bytes for fixed bytes. */
const replace = (name: string, isAll: boolean, aliases: readonly string[]): FunctionDef =>
  define(name, [3, 3], stringsToString(name), (args, type, rowCount, context) => {
    const needles = asBytes(args[1], context.account)
    const others = asBytes(args[2], context.account)
    return mapBytes(args[0], type, rowCount, context, (out, bytes, start, end, row) => {
      const n = needles.isConst ? 0 : row
      const o = others.isConst ? 0 : row
      const needle = needles.bytes.subarray(needles.offsets[n], needles.offsets[n + 1])
      let at = start
      while (needle.length > 0) {
        const found = indexOfBytes(bytes, at, end, needle)
        if (found < 0) break
        out.slice(bytes, at, found)
        out.slice(others.bytes, others.offsets[o], others.offsets[o + 1])
        at = found + needle.length
        if (!isAll) break
      }
      out.slice(bytes, at, end)
    })
  }, { aliases })

/** First place of `needle` in bytes [start, end), or -1. */
export function indexOfBytes(
  bytes: Uint8Array, start: number, end: number, needle: Uint8Array): number {
  const size = needle.length
  if (size === 0) return start
  const first = needle[0]
  for (let at = start; at <= end - size; at++) {
    if (bytes[at] !== first) continue
    let same = 1
    while (same < size && bytes[at + same] === needle[same]) same++
    if (same === size) return at
  }
  return -1
}

/** Pieces between separators: empty separator splits into bytes. */
function split(
  text: BytesVector, separator: Uint8Array, most: number, type: DataType, rowCount: number,
  context: EvalContext,
): Vector {
  const { account } = context
  const offsets = account.u32(rowCount + 1)
  const pieces = countPieces(text, separator, rowCount)
  const out = new ByteBuilder(pieces, account, text.bytes.length)
  let count = 0
  offsets[0] = 0
  for (let row = 0; row < rowCount; row++) {
    const slot = text.isConst ? 0 : row
    const end = text.offsets[slot + 1]
    let at = text.offsets[slot]
    let taken = 0
    for (let more = true; more && taken < most;) {
      const found = separator.length === 0 ? (at + 1 < end ? at + 1 : -1)
        : indexOfBytes(text.bytes, at, end, separator)
      more = found >= 0
      if (separator.length > 0 || at < end) {
        out.slice(text.bytes, at, more ? found : end)
        out.endRow()
        count++
        taken++
      }
      if (more) at = found + separator.length
    }
    offsets[row + 1] = count
  }
  return arrayVector(type, offsets, out.finish(STRING))
}

function countPieces(text: BytesVector, separator: Uint8Array, rowCount: number): number {
  let pieces = rowCount
  if (separator.length === 0) return pieces + (text.isConst ? rowCount * text.bytes.length : text.bytes.length)
  for (let row = 0; row < rowCount; row++) {
    const slot = text.isConst ? 0 : row
    const end = text.offsets[slot + 1]
    let at = indexOfBytes(text.bytes, text.offsets[slot], end, separator)
    for (; at >= 0; pieces++) at = indexOfBytes(text.bytes, at + separator.length, end, separator)
  }
  return pieces
}

const splitter = (name: string, isOneByte: boolean): FunctionDef => define(name, [2, 3], (args) => {
  expectTypes(name, args, isString, isString, isInteger)
  return arrayOf(STRING)
}, (args, type, rowCount, context) => {
  const separator = bytesOfText(String(constantOf(name, args, 0)))
  if (isOneByte && separator.length !== 1) {
    throw new FunctionError(`${name} takes a separator of one byte`, 'BAD_ARGUMENTS')
  }
  const limit = args.length > 2 ? Number(constantOf(name, args, 2)) : 0
  return split(asBytes(args[1], context.account), separator,
    limit > 0 ? limit : Number.POSITIVE_INFINITY, type, rowCount, context)
})

const REPEAT_BYTES_MAX = 2 ** 30
/** As ClickHouse bounds it. */
const REPEAT_TIMES_MAX = 1_000_000

const repeat = define('repeat', [2, 2], (args) => {
  expectTypes('repeat', args, isString, isInteger)
  return STRING
}, (args, type, rowCount, context) => {
  const times = numberReader(args[1])
  return mapBytes(args[0], type, rowCount, context, (out, bytes, start, end, row) => {
    const count = Math.max(0, times(row))
    const total = count * (end - start)
    if (total > REPEAT_BYTES_MAX || count > REPEAT_TIMES_MAX) {
      throw new FunctionError(`repeat: ${count} times ${end - start} bytes is more than `
        + `${REPEAT_TIMES_MAX} times or ${REPEAT_BYTES_MAX} bytes`, 'TOO_LARGE_STRING_SIZE')
    }
    out.reserve(total) // meets the query's limit before anything is copied
    for (let i = 0; i < count && end > start; i++) out.slice(bytes, start, end)
  })
})

const space = define('space', [1, 1], ([a]) => {
  if (!isInteger(a.type)) throw badArgument('space', 0, a.type)
  return STRING
}, ([a], type, rowCount, context) => {
  const count = numberReader(a)
  const out = new ByteBuilder(rowCount, context.account)
  for (let row = 0; row < rowCount; row++) {
    const size = Math.max(0, count(row))
    if (size > REPEAT_BYTES_MAX) {
      throw new FunctionError(`space: ${size} is more than ${REPEAT_BYTES_MAX} bytes`, 'TOO_LARGE_STRING_SIZE')
    }
    out.reserve(size)
    out.bytes.fill(SPACE, out.length, out.length + size)
    out.length += size
    out.endRow()
  }
  return out.finish(type)
})

export const STRINGS: readonly FunctionDef[] = [
  sizeFunction('length', UINT64, (size) => size, ['OCTET_LENGTH', 'CARDINALITY']),
  sizeFunction('empty', UINT8, (size) => (size === 0 ? 1 : 0)),
  sizeFunction('notEmpty', UINT8, (size) => (size === 0 ? 0 : 1)),
  lengthUtf8, caseFunction('lower', 65, ['lcase']), caseFunction('upper', 97, ['ucase']),
  caseUtf8('lowerUTF8', (text) => text.toLowerCase()),
  caseUtf8('upperUTF8', (text) => text.toUpperCase()),
  reverse, concat, concatWs, substring('substring', false, ['substr', 'mid', 'byteSlice']),
  substring('substringUTF8', true, []), leftRight('left', true), leftRight('right', false),
  trim('trimBoth', true, true, ['trim']), trim('trimLeft', true, false, ['ltrim']),
  trim('trimRight', false, true, ['rtrim']), replace('replaceAll', true, ['replace']),
  replace('replaceOne', false, []), overDefaults(splitter('splitByChar', true)), overDefaults(splitter('splitByString', false)),
  repeat, space,
]
