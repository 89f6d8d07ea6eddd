// The cells of strings that are codes: each distinct one is written once for all blocks of a result, as
// long as those that are known are few enough.
// Invariant: a row's cell is the text of its code, `null` where the row is NULL.

import { parseDataType } from '../../storage/column/parse-type.ts'
import type { CodesVector, Dictionary } from '../../storage/column/vector.ts'
import type { Kernels } from '../../storage/kernels/load.ts'
import type { MemoryAccount } from '../../storage/kernels/work-memory.ts'
import { ScratchAccount } from '../exec/scratch.ts'
import { ByteBuilder } from '../functions/byte-builder.ts'
import { asBytes } from '../functions/vectors.ts'

/** Distinct codes that are kept written, at most; a month of two thousand sessions a day fits. */
const KNOWN_MAX = 1 << 16
/** Bytes of their texts above which all are forgotten. */
const KNOWN_BYTES = 1 << 22
const ESCAPED_BYTES = 6
const NULL_CELL = 1
const STRING = parseDataType('String')

/** Where cells lie: of row i the one that `rows` names; `most`: the bytes of all rows, or more. */
export type CodedCells = { readonly offsets: number; readonly bytes: number; readonly rows: number; readonly most: number }

export class CodeCells {
  readonly dictionary: Dictionary
  private readonly kernels: Kernels
  private readonly temporary: ScratchAccount
  private readonly room: number
  /** Pairs: a code and one more, its cell. */
  private readonly slots: Uint32Array
  private readonly rows: Uint32Array
  private readonly fresh: Uint32Array
  private readonly ends: Uint32Array
  private readonly texts: ByteBuilder
  private known = 0
  /** Bytes of the longest cell. */
  private longest = 0

  /** For rows of `dictionary`, `rowsAhead` of them, of which at most `chunkRows` are asked at once. */
  constructor(dictionary: Dictionary, rowsAhead: number, chunkRows: number, account: MemoryAccount, kernels: Kernels) {
    this.dictionary = dictionary
    this.kernels = kernels
    this.temporary = new ScratchAccount(account)
    this.room = NULL_CELL + chunkRows + Math.min(KNOWN_MAX, dictionary.size, rowsAhead)
    this.slots = account.u32(2 << (33 - Math.clz32(this.room)))
    this.rows = account.u32(chunkRows)
    this.fresh = account.u32(chunkRows)
    this.ends = account.u32(chunkRows + 1)
    this.texts = new ByteBuilder(this.room, account)
    this.restart()
  }

  private restart(): void {
    this.slots.fill(0)
    this.texts.restart()
    this.texts.text('null')
    this.texts.endRow()
    this.known = NULL_CELL
    this.longest = this.texts.length
  }

  /** The cells of rows [from, from + count) of codes, and of NULLs (0: none), in work memory. */
  of(codes: Uint32Array, nulls: number, from: number, count: number): CodedCells {
    const { rows, slots, texts } = this
    if (this.known + count > this.room || texts.length > KNOWN_BYTES) this.restart()
    const fresh = this.kernels.codeCells(codes.byteOffset, nulls, from, count, slots.byteOffset, slots.length / 2 - 1,
      this.known, rows.byteOffset, this.fresh.byteOffset)
    if (fresh > 0) this.write(fresh)
    return {
      offsets: texts.rowOffsets.byteOffset, bytes: texts.bytes.byteOffset, rows: rows.byteOffset, most: count * this.longest,
    }
  }

  /** The cells of the first `count` fresh codes, behind those that are known. */
  private write(count: number): void {
    const { texts, ends, temporary } = this
    const vector: CodesVector = {
      kind: 'codes', type: STRING, length: count, isConst: false, nulls: null, codes: this.fresh,
      dictionary: this.dictionary,
    }
    const { offsets, bytes } = asBytes(vector, temporary)
    texts.reserve(bytes.length * ESCAPED_BYTES + 2 * count)
    this.kernels.stringCells(offsets.byteOffset, bytes.byteOffset, 0, 0, count, ends.byteOffset,
      texts.bytes.byteOffset + texts.length)
    temporary.releaseAll()
    const before = texts.length
    for (let i = 1; i <= count; i++) {
      this.longest = Math.max(this.longest, ends[i] - ends[i - 1])
      texts.length = before + ends[i]
      texts.endRow()
    }
    this.known += count
  }
}
