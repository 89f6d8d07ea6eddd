// The order of texts that are numbers between two texts that all share (storage/column/serial-texts.ts), told
// from the numbers: texts of one length order as their numbers do, others as digits written from the left.
//
//   of four digits   7  70  712  8        aligned   7000  7000  7120  8000, then the shorter one first
//   before a `z`     7z 70z 712z 8z       aligned   7999  7099  7129  8999, then the longer one first
//
// What stands behind the last digit decides: it is less than any digit where there is nothing.

import { mostOf, type SerialNumbers, type Serials } from '../../../storage/column/serial-texts.ts'
import type { MemoryAccount } from '../../../storage/kernels/work-memory.ts'
import type { Space, Words } from './sort-words.ts'

const TWO32 = 4294967296
const ZERO = 48
const NINE = 57
/** Doubles are exact up to so many digits. */
const DIGITS_MAX = 15
/** ... and words. */
const WORD_DIGITS_MAX = 9
/** Digits that a number may have, and none. */
const SCALES = 16
const LENGTH_BITS = 4

/** Numbers that order as the texts do as far as they differ. `isSure`: equal ones are equal texts.
 * `isFilled`: of equal ones the longer text is first. */
type Aligned = { readonly ranks: SerialNumbers; readonly isSure: boolean; readonly isFilled: boolean }

/** The aligned numbers of serials of one shape and width, end to end in the account's memory; null: too many
 * digits. */
function alignedOf(pieces: readonly Serials[], count: number, space: Space): Aligned | null {
  const { account, kernels } = space
  const [{ shape: { digits, suffix }, values: first }] = pieces
  const width = digits > 0 ? digits : String(mostOf(pieces)).length
  if (width > DIGITS_MAX) return null
  if (digits > 0 || width === 1) {
    const ranks = first instanceof Uint32Array ? account.u32(count) : account.f64(count)
    placeAll(pieces, (values, at) => ranks.set(values, at))
    return { ranks, isSure: true, isFilled: false }
  }
  const behind = suffix.length === 0 ? -1 : suffix[0]
  if (behind >= ZERO && behind <= NINE) return null
  const isFilled = behind > NINE
  const fill = isFilled ? 1 : 0
  const isNarrow = first instanceof Uint32Array && width <= WORD_DIGITS_MAX
  const scales = isNarrow ? account.u32(SCALES) : account.f64(SCALES)
  for (let length = 0; length < SCALES; length++) scales[length] = 10 ** Math.max(0, width - length)
  if (isNarrow) {
    const ranks = account.u32(count)
    placeAll(pieces, (values, at) => kernels.alignWords(
      values.byteOffset, values.length, scales.byteOffset, fill, ranks.byteOffset + at * ranks.BYTES_PER_ELEMENT))
    return { ranks, isSure: false, isFilled }
  }
  const ranks = account.f64(count)
  placeAll(pieces, (values, at) => {
    const to = ranks.byteOffset + at * ranks.BYTES_PER_ELEMENT
    if (values instanceof Uint32Array) kernels.wordsToDoubles(values.byteOffset, values.length, 0, 1, to)
    else ranks.set(values, at)
  })
  kernels.alignDigits(ranks.byteOffset, count, scales.byteOffset, fill, ranks.byteOffset)
  return { ranks, isSure: false, isFilled }
}

function placeAll(pieces: readonly Serials[], place: (values: SerialNumbers, at: number) => void): void {
  let at = 0
  for (const { values } of pieces) {
    place(values, at)
    at += values.length
  }
}

function endsOf(values: SerialNumbers, { account, kernels }: Space): readonly [number, number] {
  const ends = account.f64(2)
  if (values instanceof Uint32Array) kernels.wordEnds(values.byteOffset, values.length, ends.byteOffset)
  else kernels.doubleEnds(values.byteOffset, values.length, ends.byteOffset)
  return [ends[0], ends[1]]
}

/** A word a row of serials of one shape that never orders two rows otherwise than their texts; null: they have
 * too many digits. */
export function leadingSerialWords(pieces: readonly Serials[], count: number, space: Space): Uint32Array | null {
  const aligned = alignedOf(pieces, count, space)
  if (aligned === null) return null
  const { ranks } = aligned
  if (ranks instanceof Uint32Array) return ranks
  const [least, most] = endsOf(ranks, space)
  const words = space.account.u32(count)
  space.kernels.doublesToWords(ranks.byteOffset, count, least, scaleOf(most - least), words.byteOffset)
  return words
}

/** A power of two: products with it are exact. */
function scaleOf(range: number): number {
  let scale = 1
  while (range * scale >= TWO32) scale /= 2
  return scale
}

/** The words of serials as a sort key (order-words.ts); null: they have too many digits. */
export function serialWords(serials: Serials, isDescending: boolean, count: number, space: Space): Words[] | null {
  const aligned = alignedOf([serials], count, space)
  if (aligned === null) return null
  const { ranks, isSure, isFilled } = aligned
  const [least, most] = endsOf(ranks, space)
  const high = space.account.u32(count)
  const low = space.account.u32(count)
  for (let row = 0; row < count; row++) {
    const rank = isDescending ? most - ranks[row] : ranks[row] - least
    high[row] = rank / TWO32
    low[row] = rank
  }
  const range = most - least
  const words = range < TWO32 ? [{ words: low, bits: bitsOf(range) }]
    : [{ words: high, bits: bitsOf(range / TWO32) }, { words: low, bits: 32 }]
  return isSure ? words
    : [...words, { words: lengthWords(serials.values, isDescending !== isFilled, count, space.account), bits: LENGTH_BITS }]
}

const bitsOf = (most: number): number => 32 - Math.clz32(most)

/** How many digits each number has; `isTurned`: so that more of them come first. */
function lengthWords(values: SerialNumbers, isTurned: boolean, count: number, account: MemoryAccount): Uint32Array {
  const words = account.u32(count)
  for (let row = 0; row < count; row++) {
    let length = 1
    for (let bound = 10; values[row] >= bound; bound *= 10) length++
    words[row] = isTurned ? DIGITS_MAX - length : length
  }
  return words
}
