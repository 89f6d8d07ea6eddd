// A String column whose every block is a number between two shared texts (`evt_123`) goes through a
// merge as those numbers: no text is made and read again.

import { ByteReader } from '../bytes/byte-reader.ts'
import { readBlock } from '../codec/block.ts'
import { fillSerialWords, serialNumbers, writeSerialNumbers, type SerialBlock } from '../codec/serial-block.ts'
import { CODEC_SERIAL } from '../codec/codecs.ts'
import type { EncodeSpace } from '../codec/space.ts'
import { takeWords } from '../codec/take.ts'
import { isSameShape, type SerialNumbers, type SerialShape } from '../column/serial-texts.ts'
import { BLOCK_ROWS_MAX } from '../column/vector.ts'
import type { ImageWriter } from '../part/image-writer.ts'
import { serialEnds } from '../part/zones.ts'
import { isEveryBlock, type Order, type Source } from './sources.ts'

/** All rows of a column: `values`, words where all of them are, in the account's memory. */
export type SerialRows = { readonly shape: SerialShape; readonly values: SerialNumbers }

/** The numbers of all rows end to end; null: some block is of another kind, has NULLs, or other texts
 * around its numbers. */
export function readSerials(sources: readonly Source[], rowCount: number, space: EncodeSpace): SerialRows | null {
  if (!isEveryBlock(sources, CODEC_SERIAL)) return null
  const { account, kernels, survey } = space
  const words = account.u32(rowCount)
  let areWords = true
  const shape = overBlocks(sources, space, (block, bytes, from, to) => {
    areWords &&= fillSerialWords(block, bytes, words.subarray(from, to), survey, kernels) >= 0
  })
  if (shape === null) return null
  if (areWords) return { shape, values: words }
  account.free(words.byteOffset)
  const values = account.f64(rowCount)
  overBlocks(sources, space, (block, bytes, from, to) => {
    serialNumbers(block, bytes, values.subarray(from, to), account, kernels)
  })
  return { shape, values }
}

/** Hands over each block, its bytes in work memory, and its rows [from, to); answers what all texts share, null
 * where that differs. */
function overBlocks(
  sources: readonly Source[], { account }: EncodeSpace,
  use: (block: SerialBlock, bytes: Uint8Array, from: number, to: number) => void,
): SerialShape | null {
  let shape: SerialShape | null = null
  let from = 0
  for (const { set, reader } of sources) {
    for (let number = 0; number < set.blockCount; number++) {
      const to = from + set.blockRows(number)
      const isAlike = reader.withBlock(number, (bytes) => {
        const copy = account.copyOf(bytes)
        const parsed = readBlock(new ByteReader(copy), reader.type, to - from)
        if (parsed.kind !== 'serial') throw new RangeError('a serial block is parsed as another')
        const { prefix, suffix, digits } = parsed.body
        shape ??= { prefix: prefix.slice(), suffix: suffix.slice(), digits }
        if (!isSameShape(shape, parsed.body)) return false
        use(parsed.body, copy, from, to)
        account.freeCopy(copy)
        return true
      })
      if (!isAlike) return null
      from = to
    }
  }
  return shape
}

/** Fills `out`, of the kind of `values`, with these rows. */
function pick(values: SerialNumbers, rows: Uint32Array, out: SerialNumbers, space: EncodeSpace): SerialNumbers {
  if (values instanceof Uint32Array && out instanceof Uint32Array) takeWords(values, rows, rows.length, out, space)
  else for (let i = 0; i < rows.length; i++) out[i] = values[rows[i]]
  return out
}

/** Writes rows as the blocks of a column that was begun. */
export function writeSerialRows(
  space: EncodeSpace, writer: ImageWriter, { shape, values }: SerialRows, order: Order, hasZones = true,
): void {
  const { account } = space
  const picked = values instanceof Uint32Array ? account.u32(BLOCK_ROWS_MAX) : account.f64(BLOCK_ROWS_MAX)
  const rowCount = (order ?? values).length
  for (let from = 0; from < rowCount; from += BLOCK_ROWS_MAX) {
    const to = Math.min(rowCount, from + BLOCK_ROWS_MAX)
    const own = order === null ? values.subarray(from, to) : pick(values, order.subarray(from, to), picked, space)
    space.out.u8(CODEC_SERIAL)
    writeSerialNumbers(space, shape, own, to - from)
    writer.endBlock(hasZones ? serialEnds(shape, own, to - from) : null, 0)
  }
  account.free(picked.byteOffset)
}
