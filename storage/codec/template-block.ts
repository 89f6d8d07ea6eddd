// Strings that differ mostly in the numbers that stand in them: JSON, URLs, lines of logs.
//
//   TEMPLATE | slots varint | body of DISTINCT: the frames and each row's frame | slots × slot |
//   slot     | 0 | stream of numbers |    or    | 1 + the earlier slot whose numbers are the same varint |
//
// A frame is the text with a mark for each number (kernels/texts.ts). Every slot has a number for every
// row, so that one row is read at its place; a row whose frame has fewer repeats its neighbour's.

import type { ByteReader } from '../bytes/byte-reader.ts'
import type { TextParts } from '../column/text-parts.ts'
import type { Kernels } from '../kernels/load.ts'
import { markedDigits, MARKS } from '../kernels/texts.ts'
import type { MemoryAccount } from '../kernels/work-memory.ts'
import { readDistinctBlock, writeAside, type DistinctBlock } from './distinct-block.ts'
import { distinctStrings } from './distinct-strings.ts'
import { joinParts } from './lazy-texts.ts'
import { compress } from './lz4.ts'
import { differenceAt, fillDifferences, readNumbers, writeNumbers, type Numbers } from './numbers.ts'
import type { EncodeSpace } from './space.ts'
import {
  decodeStrings, reachable, StringPicker, type DecodedStrings, type StringRange,
} from './string-block.ts'

/** Numbers of one text: with more, it is a list and no template. */
const SLOTS_MAX = 24
/** Fewer rows are no pattern. */
const ROWS_MIN = 32
/** Rows looked at before all are taken apart. */
const SAMPLE_ROWS = 64
/** Frames that pay, as a share of the rows; of a sample more, for each is seen less often. */
const FRAMES_SHARE = 0.25
const SAMPLE_FRAMES_SHARE = 0.5
const LZ4_SAMPLE_BYTES = 16384
/** A template must save a tenth of what LZ4 would take. */
const TEMPLATE_GAIN = 0.9

/** Texts taken apart, in work memory: the numbers of slot s from s × rows on. */
export type Split = {
  readonly slots: Uint32Array
  readonly slotCount: number
  /** Distinct frames, and each row's. */
  readonly frames: StringRange
  readonly frameCount: number
  readonly codes: Uint32Array
}

/** Appends rows [from, to) as TEMPLATE; false: another codec is better, and nothing was appended. */
export function writeTemplates(
  space: EncodeSpace, range: StringRange, from: number, to: number,
): boolean {
  const count = to - from
  if (count < ROWS_MIN) return false
  const scratch = space.scratch()
  const within = { account: scratch, kernels: space.kernels }
  try {
    const texts = reachable(range, from, to, scratch)
    const pairs = pairsOf(within, texts, count)
    if (pairs < 0) return false
    const split = splitRows(within, texts, 0, count, pairs)
    if (split === null || split.frameCount > count * FRAMES_SHARE) return false
    const start = space.out.length
    writeSplit(space, split, count)
    const limit = lz4Bytes(texts, count) * TEMPLATE_GAIN
    if (space.out.length - start <= limit) return true
    space.out.cut(start)
    return false
  } finally {
    scratch.releaseAll()
  }
}

type Within = { readonly account: MemoryAccount; readonly kernels: Kernels }

/** Which treatment of two-digit numbers leaves fewer frames, by rows in the middle; -1: neither leaves
 * few. */
function pairsOf(within: Within, texts: StringRange, count: number): number {
  const rows = Math.min(count, SAMPLE_ROWS)
  const from = (count - rows) >> 1
  let best = -1
  let fewest = rows * SAMPLE_FRAMES_SHARE
  for (const pairs of [0, 1]) {
    const split = splitRows(within, texts, from, rows, pairs)
    if (split !== null && split.slotCount > 0 && split.frameCount < fewest) {
      best = pairs
      fewest = split.frameCount
    }
  }
  return best
}

function splitRows(
  { account, kernels }: Within, { bytes, offsets }: StringRange, from: number, count: number, pairs: number,
): Split | null {
  const length = offsets[from + count] - offsets[from]
  const frameOffsets = account.u32(count + 1)
  const frames = account.u8(length)
  const slots = account.u32(count * SLOTS_MAX)
  const slotCount = kernels.splitTexts(offsets.byteOffset, bytes.byteOffset, from, count, pairs,
    frameOffsets.byteOffset, frames.byteOffset, slots.byteOffset, count, SLOTS_MAX)
  if (slotCount < 0) return null
  const { size, numbers, ...strings } = distinctStrings({ offsets: frameOffsets, bytes: frames }, count, { account, kernels })
  return { slots, slotCount, frames: strings, frameCount: size, codes: numbers }
}

/** Appends the body for texts given as their parts. */
export function writeSplit(space: EncodeSpace, split: Split, count: number): void {
  const { slots, slotCount, frames, frameCount, codes } = split
  space.out.varint(slotCount)
  space.out.varint(frameCount)
  space.out.sized(writeAside(space, frames, frameCount))
  writeNumbers(space, codes, count, 0)
  for (let slot = 0; slot < slotCount; slot++) {
    const numbers = slots.subarray(slot * count, (slot + 1) * count)
    const same = sameSlot(slots, slot, count)
    space.out.varint(same + 1)
    if (same < 0) writeNumbers(space, numbers, count, 0)
  }
}

/** An earlier slot with the same numbers (an id that stands twice in a text); -1: there is none. */
function sameSlot(slots: Uint32Array, slot: number, count: number): number {
  const start = slot * count
  for (let other = 0; other < slot; other++) {
    let row = 0
    while (row < count && slots[other * count + row] === slots[start + row]) row++
    if (row === count) return other
  }
  return -1
}

/** What LZ4 would come to, guessed from the middle, with a byte a row for offsets. */
function lz4Bytes({ bytes, offsets }: StringRange, count: number): number {
  const plain = bytes.subarray(0, offsets[count])
  const from = Math.max(0, (plain.length - LZ4_SAMPLE_BYTES) >> 1)
  const sample = plain.subarray(from, from + LZ4_SAMPLE_BYTES)
  const share = Math.min(1, compress(sample).length / Math.max(1, sample.length))
  return plain.length * share + count
}

/** A TEMPLATE block found in bytes. */
export type TemplateBlock = { readonly frames: DistinctBlock; readonly slots: readonly Numbers[] }

export function readTemplateBlock(reader: ByteReader, rows: number): TemplateBlock {
  const slotCount = reader.varint()
  const frames = readDistinctBlock(reader, rows)
  const slots: Numbers[] = []
  for (let slot = 0; slot < slotCount; slot++) {
    const same = reader.varint() - 1
    slots.push(same < 0 ? readNumbers(reader, rows) : slots[same])
  }
  return { frames, slots }
}

/** Fills `target` with all numbers of a stream. `bytes` and `target` lie in work memory. */
export function fillNumbers(
  numbers: Numbers, bytes: Uint8Array, target: Uint32Array, kernels: Kernels,
): void {
  fillDifferences(numbers, bytes, target, kernels)
  const base = Number(numbers.base)
  if (base !== 0) kernels.addToWords(target.byteOffset, target.length, base)
}

/** The frames and numbers of all rows. `bytes` lies in work memory and stays as long as the parts. */
export function decodeParts(
  block: TemplateBlock, bytes: Uint8Array, account: MemoryAccount, kernels: Kernels,
): TextParts {
  const { count } = block.frames.codes
  const frames = decodeStrings(block.frames.strings, bytes, account, kernels)
  const codes = account.u32(count)
  fillNumbers(block.frames.codes, bytes, codes, kernels)
  const slots = account.u32(count * block.slots.length)
  const filled: Uint32Array[] = []
  const slotOf = (slot: number): Uint32Array => {
    if (filled[slot] !== undefined) return filled[slot]
    const target = slots.subarray(slot * count, (slot + 1) * count)
    fillNumbers(block.slots[slot], bytes, target, kernels)
    return filled[slot] = target
  }
  const allSlots = (): Uint32Array => {
    block.slots.forEach((_, slot) => slotOf(slot))
    return slots
  }
  return { frames, frameCount: frames.offsets.length - 1, codes, slotOf, allSlots }
}

/** All strings. `bytes` lies in work memory. */
export function decodeTemplates(
  block: TemplateBlock, bytes: Uint8Array, account: MemoryAccount, kernels: Kernels,
): DecodedStrings {
  const parts = decodeParts(block, bytes, account, kernels)
  const texts = joinParts(parts, account, kernels)
  const { frames, codes } = parts
  for (const array of [frames.offsets, frames.bytes, codes, parts.allSlots()]) account.free(array.byteOffset)
  return texts
}

/** Reads strings of one block one by one. */
export class TemplatePicker {
  private readonly block: TemplateBlock
  private readonly source: Uint8Array
  private readonly frames: StringPicker

  constructor(block: TemplateBlock, bytes: Uint8Array) {
    this.block = block
    this.source = bytes
    this.frames = new StringPicker(block.frames.strings, bytes)
  }

  at(row: number): Uint8Array {
    const { source, block: { frames: { codes }, slots } } = this
    const frame = this.frames.at(Number(codes.base) + differenceAt(codes, source, row))
    let text = ''
    let slot = 0
    for (let at = 0; at < frame.length; at++) {
      if (frame[at] >= MARKS) text += String.fromCharCode(frame[at])
      else {
        const numbers = slots[slot++]
        text += markedDigits(frame[at], Number(numbers.base) + differenceAt(numbers, source, row))
      }
    }
    return Buffer.from(text, 'latin1')
  }
}
