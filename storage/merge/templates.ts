// A String column whose every block is texts around numbers goes through a merge as frames and numbers:
// no text is made and taken apart again.
// Invariant: its new blocks keep no zone, for nobody has seen their texts.

import { ByteReader } from '../bytes/byte-reader.ts'
import { readBlock } from '../codec/block.ts'
import { CODEC_TEMPLATE } from '../codec/codecs.ts'
import { distinctStrings } from '../codec/distinct-strings.ts'
import type { EncodeSpace } from '../codec/space.ts'
import { decodeStrings } from '../codec/string-block.ts'
import { concatVectors, takeStrings, takeWords } from '../codec/take.ts'
import { fillNumbers, writeSplit, type TemplateBlock } from '../codec/template-block.ts'
import { STRING } from '../column/data-type.ts'
import { BLOCK_ROWS_MAX, type BytesVector } from '../column/vector.ts'
import { MARKS } from '../kernels/texts.ts'
import type { ImageWriter } from '../part/image-writer.ts'
import { isEveryBlock, type Order, type Source } from './sources.ts'

/** All rows of a column, in the account's memory. */
export type TemplateRows = {
  readonly frames: BytesVector
  /** Marks of each frame. */
  readonly marks: Uint32Array
  readonly codes: Uint32Array
  /** A slot's numbers by row; undefined (0) where a row's block has no such slot. */
  readonly slots: readonly Uint32Array[]
}

/** Frames that pay, as a share of the rows. */
const FRAMES_SHARE = 0.25

/** The parts of all rows end to end; null: some block is of another kind, or has NULLs. */
export function readTemplates(sources: readonly Source[], rowCount: number, space: EncodeSpace): TemplateRows | null {
  if (!isEveryBlock(sources, CODEC_TEMPLATE)) return null
  const { account, kernels } = space
  const local = account.u32(rowCount)
  const slots: Uint32Array[] = []
  const frames: BytesVector[] = []
  const firsts: number[] = []
  let frameCount = 0
  let row = 0
  overBlocks(sources, (bytes, rows, source) => {
    const copy = account.copyOf(bytes)
    const block = readBlock(new ByteReader(copy), source.reader.type, rows)
    if (block.kind !== 'template') throw new RangeError('a template block is parsed as another')
    const { body } = block
    fillNumbers(body.frames.codes, copy, local.subarray(row, row + rows), kernels)
    fillSlots(body, copy, row, rowCount, slots, space)
    const { rows: length } = body.frames.strings
    const strings = decodeStrings(body.frames.strings, copy, account, kernels)
    frames.push({ kind: 'bytes', type: STRING, length, isConst: false, nulls: null, ...strings })
    firsts.push(row, frameCount)
    frameCount += length
    row += rows
    account.freeCopy(copy)
  })
  return numbered(concatVectors(frames, STRING, account) as BytesVector, firsts, local, slots, space)
}

function overBlocks(
  sources: readonly Source[], use: (bytes: Uint8Array, rows: number, source: Source) => void,
): void {
  for (const source of sources) {
    for (let block = 0; block < source.set.blockCount; block++) {
      source.reader.withBlock(block, (bytes) => use(bytes, source.set.blockRows(block), source))
    }
  }
}

function fillSlots(
  body: TemplateBlock, bytes: Uint8Array, row: number, rowCount: number, slots: Uint32Array[],
  { account, kernels }: EncodeSpace,
): void {
  body.slots.forEach((numbers, slot) => {
    slots[slot] ??= account.u32(rowCount).fill(0)
    fillNumbers(numbers, bytes, slots[slot].subarray(row, row + numbers.count), kernels)
  })
}

/** Gives equal frames of several blocks one number. `firsts`: of each block its first row and its first
 * frame. */
function numbered(
  all: BytesVector, firsts: readonly number[], codes: Uint32Array, slots: readonly Uint32Array[],
  space: EncodeSpace,
): TemplateRows | null {
  const { account } = space
  const { size, offsets, bytes, numbers } = distinctStrings(all, all.length, space)
  if (size > codes.length * FRAMES_SHARE) return null
  for (let block = 0; block < firsts.length; block += 2) {
    const end = firsts[block + 2] ?? codes.length
    const own = codes.subarray(firsts[block], end)
    takeWords(numbers.subarray(firsts[block + 1]), own, own.length, own, space)
  }
  const marks = account.u32(size)
  for (let frame = 0; frame < size; frame++) {
    marks[frame] = 0
    for (let at = offsets[frame]; at < offsets[frame + 1]; at++) if (bytes[at] < MARKS) marks[frame]++
  }
  const frames: BytesVector = { ...all, length: size, offsets, bytes }
  return { frames, marks, codes, slots }
}

/** Writes rows as the blocks of a column that was begun. */
export function writeTemplateRows(
  space: EncodeSpace, writer: ImageWriter, all: TemplateRows, order: Order,
): void {
  const scratch = space.scratch()
  const within = { account: scratch, kernels: space.kernels }
  const kept = scratch.u32(all.frames.length)
  const numbers = scratch.u32(all.frames.length)
  const codes = scratch.u32(BLOCK_ROWS_MAX)
  const slots = scratch.u32(BLOCK_ROWS_MAX * all.slots.length)
  const rowCount = (order ?? all.codes).length
  for (let from = 0; from < rowCount; from += BLOCK_ROWS_MAX) {
    const to = Math.min(rowCount, from + BLOCK_ROWS_MAX)
    const count = to - from
    const take = (words: Uint32Array, out: Uint32Array) => {
      if (order === null) out.set(words.subarray(from, to))
      else takeWords(words, order.subarray(from, to), count, out, within)
    }
    take(all.codes, codes)
    const frameCount = space.kernels.keepUsed(
      codes.byteOffset, count, all.frames.length, kept.byteOffset, numbers.byteOffset)
    let slotCount = 0
    for (let i = 0; i < frameCount; i++) slotCount = Math.max(slotCount, all.marks[kept[i]])
    for (let slot = 0; slot < slotCount; slot++) {
      take(all.slots[slot], slots.subarray(slot * count, (slot + 1) * count))
    }
    const frames = takeStrings(all.frames, kept, frameCount, within)
    space.out.u8(CODEC_TEMPLATE)
    writeSplit(space, { slots, slotCount, frames, frameCount, codes }, count)
    writer.endBlock(null, 0)
    scratch.free(frames.offsets.byteOffset)
    scratch.free(frames.bytes.byteOffset)
  }
  scratch.releaseAll()
}
