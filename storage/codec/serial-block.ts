// Strings that are a number between two texts that all rows share: `evt_123`, `42`, `INV-00017`.
//
//   SERIAL | prefix sized | digits u8 | suffix sized | stream of numbers |
//
// Digits 0: as many as the number needs, no leading zeros. Invariant: exactly these bytes come back.

import type { ByteReader } from '../bytes/byte-reader.ts'
import { joinSerials, type SerialNumbers, type SerialShape } from '../column/serial-texts.ts'
import type { Kernels } from '../kernels/load.ts'
import type { MemoryAccount } from '../kernels/work-memory.ts'
import {
  differenceAt, fillDifferences, fillHalves, highHalfAt, isWide, lowHalfAt, readNumbers,
  writeNumbers, writeWideNumbers, type Numbers,
} from './numbers.ts'
import type { EncodeSpace } from './space.ts'
import { reachable, type DecodedStrings, type StringRange } from './string-block.ts'

/** Fewer rows are no pattern. */
const ROWS_MIN = 8
const TWO32 = 4294967296

const ZERO = 48

const isDigit = (char: number): boolean => char >= 48 && char <= 57

/** Bytes before and behind the last run of digits; null: there is no digit. */
function affixesOf(text: Uint8Array): { prefix: Uint8Array; suffix: Uint8Array } | null {
  let end = text.length
  while (end > 0 && !isDigit(text[end - 1])) end--
  if (end === 0) return null
  let start = end
  while (start > 0 && isDigit(text[start - 1])) start--
  return { prefix: text.slice(0, start), suffix: text.slice(end) }
}

/** Appends rows [from, to) as SERIAL; false: they are not of that kind, and nothing was appended. */
export function writeSerials(
  space: EncodeSpace, { bytes, offsets }: StringRange, from: number, to: number,
): boolean {
  const count = to - from
  if (count < ROWS_MIN) return false
  const affixes = affixesOf(bytes.subarray(offsets[from], offsets[from + 1]))
  if (affixes === null) return false
  const { prefix, suffix } = affixes
  const low = space.stage(count)
  const high = space.stage(count, 1)
  const scratch = space.scratch()
  const text = reachable({ bytes, offsets }, from, to, scratch)
  const kind = space.kernels.readSerials(text.offsets.byteOffset, text.bytes.byteOffset, 0, count,
    prefix.length, suffix.length, low.byteOffset, high.byteOffset)
  scratch.releaseAll()
  if (kind === 0) return false
  const digits = offsets[from + 1] - offsets[from] - prefix.length - suffix.length
  writeShape(space, { prefix, suffix, digits: kind === 2 ? digits : 0 })
  writeWideNumbers(space, low, high, count, 0)
  return true
}

function writeShape(space: EncodeSpace, { prefix, suffix, digits }: SerialShape): void {
  space.out.sized(prefix)
  space.out.u8(digits)
  space.out.sized(suffix)
}

/** Appends the body for strings given as their numbers. */
export function writeSerialNumbers(
  space: EncodeSpace, shape: SerialShape, values: SerialNumbers, count: number,
): void {
  writeShape(space, shape)
  if (values instanceof Uint32Array) {
    writeNumbers(space, values, count, 0)
    return
  }
  const low = space.stage(count)
  const high = space.stage(count, 1)
  halve(values, count, low, high)
  writeWideNumbers(space, low, high, count, 0)
}

function halve(values: Float64Array, count: number, low: Uint32Array, high: Uint32Array): void {
  for (let i = 0; i < count; i++) {
    low[i] = values[i]
    high[i] = values[i] / TWO32
  }
}

/** A SERIAL block found in bytes. */
export type SerialBlock = SerialShape & { readonly numbers: Numbers }

/** Fills `out` with the numbers of a block. `bytes` and `out` lie in work memory. */
export function serialNumbers(
  { numbers }: SerialBlock, bytes: Uint8Array, out: Float64Array, account: MemoryAccount,
  kernels: Kernels,
): void {
  const { count } = numbers
  const base = Number(numbers.base)
  const low = account.u32(count)
  if (isWide(numbers)) {
    const high = account.u32(count)
    fillHalves(numbers, bytes, low, high, kernels)
    for (let i = 0; i < count; i++) out[i] = base + low[i] + high[i] * TWO32
    account.free(high.byteOffset)
  } else {
    fillDifferences(numbers, bytes, low, kernels)
    kernels.wordsToDoubles(low.byteOffset, count, base, 1, out.byteOffset)
  }
  account.free(low.byteOffset)
}

/** Fills `out` with the numbers of a block and answers what none is above; -1: some are no words, and what `out`
 * holds is undefined. `bytes`, `out` and `ends`, scratch of two numbers, lie in work memory. */
export function fillSerialWords(
  { numbers }: SerialBlock, bytes: Uint8Array, out: Uint32Array, ends: Float64Array, kernels: Kernels,
): number {
  if (isWide(numbers)) return -1
  const { count } = numbers
  const base = Number(numbers.base)
  fillDifferences(numbers, bytes, out, kernels)
  kernels.wordEnds(out.byteOffset, count, ends.byteOffset)
  const most = base + ends[1]
  if (most >= TWO32) return -1
  if (base !== 0) kernels.addToWords(out.byteOffset, count, base)
  return most
}

/** All numbers of a block, as words where they fit them, and what none is above. `bytes` lies in work memory. */
export function serialWords(
  block: SerialBlock, bytes: Uint8Array, account: MemoryAccount, kernels: Kernels,
): { readonly values: SerialNumbers; readonly most: number } {
  const { numbers } = block
  const { count } = numbers
  const ends = account.f64(2)
  try {
    if (!isWide(numbers)) {
      const words = account.u32(count)
      const most = fillSerialWords(block, bytes, words, ends, kernels)
      if (most >= 0) return { values: words, most }
      account.free(words.byteOffset)
    }
    const values = account.f64(count)
    serialNumbers(block, bytes, values, account, kernels)
    kernels.doubleEnds(values.byteOffset, count, ends.byteOffset)
    return { values, most: ends[1] }
  } finally {
    account.free(ends.byteOffset)
  }
}

export function readSerialBlock(reader: ByteReader, rows: number): SerialBlock {
  const prefix = reader.sized()
  const digits = reader.u8()
  const suffix = reader.sized()
  return { prefix, digits, suffix, numbers: readNumbers(reader, rows) }
}

const digitsOf = (value: number): number => {
  let digits = 1
  for (let rest = value; rest >= 10; rest = Math.floor(rest / 10)) digits++
  return digits
}

/** Writes `digits` digits of value at `at`. */
function putDigits(target: Uint8Array, at: number, value: number, digits: number): void {
  let rest = value
  for (let i = at + digits - 1; i >= at; i--) {
    const next = Math.floor(rest / 10)
    target[i] = 48 + rest - next * 10
    rest = next
  }
}

/** All strings. `bytes` lies in work memory. */
export function decodeSerials(
  block: SerialBlock, bytes: Uint8Array, account: MemoryAccount, kernels: Kernels,
): DecodedStrings {
  const values = account.f64(block.numbers.count)
  serialNumbers(block, bytes, values, account, kernels)
  const texts = joinSerials(block, values, account, kernels)
  account.free(values.byteOffset)
  return texts
}

/** The string of one row, in ordinary memory. */
export function serialAt(block: SerialBlock, bytes: Uint8Array, row: number): Uint8Array {
  const { numbers } = block
  const base = Number(numbers.base)
  const value = isWide(numbers)
    ? base + highHalfAt(numbers, bytes, row) * TWO32 + lowHalfAt(numbers, bytes, row)
    : base + differenceAt(numbers, bytes, row)
  return serialText(block, value)
}

/** The number of which a block would make this text; -1: it can't be of the block. */
export function serialNumberOf({ prefix, suffix, digits }: SerialShape, text: Uint8Array): number {
  const end = text.length - suffix.length
  const length = end - prefix.length
  if (length < 1 || (digits > 0 && length !== digits)) return -1
  for (let i = 0; i < prefix.length; i++) if (text[i] !== prefix[i]) return -1
  for (let i = 0; i < suffix.length; i++) if (text[end + i] !== suffix[i]) return -1
  if (digits === 0 && length > 1 && text[prefix.length] === ZERO) return -1
  let number = 0
  for (let i = prefix.length; i < end; i++) {
    if (!isDigit(text[i])) return -1
    number = number * 10 + text[i] - ZERO
  }
  return Number.isSafeInteger(number) ? number : -1
}

/** The string of a number. */
export function serialText(shape: SerialShape, value: number): Uint8Array {
  const { prefix, suffix } = shape
  const digits = shape.digits === 0 ? digitsOf(value) : shape.digits
  const out = new Uint8Array(prefix.length + digits + suffix.length)
  out.set(prefix)
  putDigits(out, prefix.length, value, digits)
  out.set(suffix, prefix.length + digits)
  return out
}
