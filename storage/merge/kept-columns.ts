// Columns that a rewrite reads for the order of its rows, and reads again to write them: strings of several row sets,
// brought to ranks in one dictionary, are kept meanwhile. (Ranking them a second time was an eighth of a flush of
// app_events and a quarter of a merge of hard_events.)

import { LocalStrings } from '../column/local-strings.ts'
import type { CodesVector, Vector } from '../column/vector.ts'
import type { MemoryAccount } from '../kernels/work-memory.ts'

/** Bytes of all that are kept: a rewrite of millions of rows has one column of them at a time. */
const KEPT_BYTES_MAX = 8 * 2 ** 20

/** Copies in memory of the account, until they are freed or it ends. */
export class KeptColumns {
  private readonly account: MemoryAccount
  private readonly vectors = new Map<number, CodesVector>()
  private bytes = 0

  constructor(account: MemoryAccount) { this.account = account }

  /** Keeps a column, if it is of ranks and not too large. */
  keep(columnId: number, vector: Vector): void {
    if (vector.kind !== 'codes' || !(vector.dictionary instanceof LocalStrings) || !vector.dictionary.isSorted) return
    const { codes, nulls, dictionary: { size, bytes, offsets } } = vector
    const all = codes.byteLength + (nulls?.length ?? 0) + bytes.length + offsets.byteLength
    if (this.bytes + all > KEPT_BYTES_MAX || this.vectors.has(columnId)) return
    this.bytes += all
    this.vectors.set(columnId, {
      ...vector, codes: this.words(codes), nulls: nulls === null ? null : this.copy(nulls),
      dictionary: new LocalStrings(size, this.copy(bytes), this.words(offsets), true),
    })
  }

  /** The column, if it was kept: no longer, but to be freed. */
  take(columnId: number): CodesVector | null {
    const vector = this.vectors.get(columnId) ?? null
    this.vectors.delete(columnId)
    return vector
  }

  free({ codes, nulls, dictionary }: CodesVector): void {
    const strings = dictionary instanceof LocalStrings ? [dictionary.bytes, dictionary.offsets] : []
    for (const array of [codes, nulls, ...strings]) if (array !== null) this.account.free(array.byteOffset)
  }

  private copy(from: Uint8Array): Uint8Array {
    const to = this.account.u8(from.length)
    to.set(from)
    return to
  }

  private words(from: Uint32Array): Uint32Array {
    const to = this.account.u32(from.length)
    to.set(from)
    return to
  }
}
