// Rows of an answer as bytes of its format (row-texts.ts), where their workers' texts lie, and their order: they are
// copied once, to where the answer is sent from.
// Invariant: the memory of the texts is the query's, until its end.

import type { BytesVector } from '../../../storage/column/vector.ts'
import type { Space } from './sort-words.ts'
import { ScratchAccount } from '../blocks/scratch.ts'

/** Rows that are put together at once, and their bytes unless one row has more: they stay in the cache until they are
 * copied on. */
const CHUNK_ROWS = 1024
const CHUNK_BYTES = 1 << 18
const WORD = 8

export class WrittenRows {
  readonly rowCount: number
  readonly byteLength: number
  private readonly texts: readonly BytesVector[]
  /** Row i is row order[i] of all texts, end to end; null: as they lie. */
  private readonly order: Uint32Array | null

  /** Both lie in work memory. */
  constructor(texts: readonly BytesVector[], order: Uint32Array | null) {
    this.texts = texts
    this.order = order
    this.rowCount = texts.reduce((sum, { length }) => sum + length, 0)
    this.byteLength = texts.reduce((sum, { offsets, length }) => sum + offsets[length] - offsets[0], 0)
  }

  /** Hands out all bytes in the rows' order, whole rows at a time: views, valid until the next. The first goes to place
   * `at`: sorted ones lie within eight bytes as where they go, as copies to shared memory are several times as fast then. */
  each(space: Space, at: number, take: (rows: Uint8Array) => void): void {
    if (this.order !== null) this.inOrder(this.order, space, at, take)
    else for (const { offsets, bytes, length } of this.texts) take(bytes.subarray(offsets[0], offsets[length]))
  }

  private inOrder(order: Uint32Array, { account, kernels }: Space, first: number, take: (rows: Uint8Array) => void): void {
    const temporary = new ScratchAccount(account)
    try {
      const places = this.places({ account: temporary, kernels })
      const rows = temporary.u32(CHUNK_ROWS)
      const offsets = temporary.u32(CHUNK_ROWS + 1)
      let chunk = temporary.u8(CHUNK_BYTES + WORD)
      let within = first % WORD
      for (let from = 0; from < order.length;) {
        let count = Math.min(CHUNK_ROWS, order.length - from)
        kernels.takeWords(places.rows.byteOffset, order.byteOffset + 4 * from, count, rows.byteOffset)
        kernels.takeLengths(places.bytes.byteOffset, rows.byteOffset, count, offsets.byteOffset)
        while (count > 1 && offsets[count] > CHUNK_BYTES) count >>= 1
        const bytes = offsets[count]
        if (bytes + WORD > chunk.length) {
          temporary.free(chunk.byteOffset)
          chunk = temporary.u8(bytes + WORD)
        }
        kernels.takeStrings(places.bytes.byteOffset, 0, rows.byteOffset, count, offsets.byteOffset, chunk.byteOffset + within)
        take(chunk.subarray(within, within + bytes))
        within = (within + bytes) % WORD
        from += count
      }
    } finally {
      temporary.releaseAll()
    }
  }

  /** Where texts lie, counted from the memory's beginning, each piece with a place more than texts; and of each row its
   * place among these. */
  private places({ account, kernels }: Space): { readonly bytes: Uint32Array; readonly rows: Uint32Array } {
    const bytes = account.u32(this.rowCount + this.texts.length)
    const rows = account.u32(this.rowCount)
    let [row, at] = [0, 0]
    for (const { length, offsets, bytes: { byteOffset } } of this.texts) {
      const [own, places] = [rows.byteOffset + 4 * row, bytes.byteOffset + 4 * at]
      kernels.stepWords(1, length, own)
      kernels.addToWords(own, length, at)
      bytes.set(offsets.subarray(0, length + 1), at)
      kernels.addToWords(places, length + 1, byteOffset)
      row += length
      at += length + 1
    }
    return { bytes, rows }
  }
}
