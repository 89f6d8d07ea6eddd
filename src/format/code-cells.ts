// The cells of strings that are codes: each distinct one is written once for all blocks of a result, as
// long as those that are known are few enough.
// Invariant: a row's cell is the text of its code, `null` where the row is NULL.

import { parseDataType } from '../../storage/column/parse-type.ts'
import type { CodesVector, Dictionary } from '../../storage/column/vector.ts'
import type { Kernels } from '../../storage/kernels/load.ts'
import type { MemoryAccount } from '../../storage/kernels/work-memory.ts'
import { ScratchAccount } from '../exec/blocks/scratch.ts'
import { ByteBuilder } from '../functions/values/byte-builder.ts'
import { asBytes } from '../functions/values/vectors.ts'

/** Distinct codes that are kept written where these are looked up in slots, at most; a month of two thousand
 * sessions a day fits. */
const KNOWN_MAX = 1 << 16
/** Bytes of their texts above which all are forgotten. */
const KNOWN_BYTES = 1 << 22
const ESCAPED_BYTES = 6
/** A dictionary of so many strings, or of so many for each row ahead, has a word for each: codes that were given one
 * after the other are mostly met so, too, and slots would scatter them. */
const DIRECT_MIN = 4096
const DIRECT_A_ROW = 8
/** Room for strings that others enter meanwhile. */
const GROWTH = 1.25
const LENGTH_BYTES = 4
const NULL_TEXT = new TextEncoder().encode('\x04\0\0\0null')
const STRING = parseDataType('String')

/** Where texts lie: of row i where `rows` says, behind its length; `most`: the bytes of all rows, or more. */
export type CodedCells = { readonly rows: number; readonly bytes: number; readonly most: number }

export class CodeCells {
  readonly dictionary: Dictionary
  /** Codes that this has room for: of a dictionary that grows there may be others later. */
  readonly codesMax: number
  private readonly kernels: Kernels
  private readonly temporary: ScratchAccount
  private readonly isDirect: boolean
  /** Where each code's text begins; or pairs: a code and one more, where its text begins. */
  private readonly known: Uint32Array
  /** Codes that pairs have room for. */
  private readonly room: number
  private readonly rows: Uint32Array
  private readonly fresh: Uint32Array
  /** The words of `known` of the fresh codes. */
  private readonly places: Uint32Array
  private readonly ends: Uint32Array
  private readonly texts: ByteBuilder
  private count = 0
  /** Bytes of the longest text. */
  private longest = 0

  /** For rows of `dictionary`, `rowsAhead` of them, of which at most `chunkRows` are asked at once. */
  constructor(dictionary: Dictionary, rowsAhead: number, chunkRows: number, account: MemoryAccount, kernels: Kernels) {
    const size = Math.ceil(dictionary.size * GROWTH)
    this.dictionary = dictionary
    this.kernels = kernels
    this.temporary = new ScratchAccount(account)
    this.isDirect = size <= Math.max(DIRECT_MIN, DIRECT_A_ROW * rowsAhead)
    this.codesMax = this.isDirect ? size : 2 ** 32
    this.room = this.isDirect ? size : chunkRows + Math.min(KNOWN_MAX, size, rowsAhead)
    this.known = account.u32(this.isDirect ? Math.max(1, size) : 2 << (33 - Math.clz32(this.room)))
    this.rows = account.u32(chunkRows)
    this.fresh = account.u32(chunkRows)
    this.places = this.isDirect ? this.fresh : account.u32(chunkRows)
    this.ends = account.u32(chunkRows + 1)
    this.texts = new ByteBuilder(0, account)
    this.restart()
  }

  private restart(): void {
    this.known.fill(0)
    this.texts.restart()
    this.texts.slice(NULL_TEXT, 0, NULL_TEXT.length)
    this.count = 0
    this.longest = NULL_TEXT.length - LENGTH_BYTES
  }

  /** The cells of rows [from, from + count) of codes, and of NULLs (0: none), in work memory. */
  of(codes: Uint32Array, nulls: number, from: number, count: number): CodedCells {
    const { rows, known, texts, fresh, places, kernels } = this
    if (texts.length > KNOWN_BYTES || (!this.isDirect && this.count + count > this.room)) this.restart()
    const added = this.isDirect
      ? kernels.codeTexts(codes.byteOffset, nulls, from, count, known.byteOffset, rows.byteOffset, fresh.byteOffset)
      : kernels.codeTextsBySlots(codes.byteOffset, nulls, from, count, known.byteOffset, known.length / 2 - 1,
        rows.byteOffset, fresh.byteOffset, places.byteOffset)
    if (added > 0) this.write(added, count)
    return { rows: rows.byteOffset, bytes: texts.bytes.byteOffset, most: count * this.longest }
  }

  /** The texts of the first `count` fresh codes, behind those that are known, for the rows that have them. */
  private write(count: number, rowCount: number): void {
    const { texts, ends, temporary, kernels } = this
    const vector: CodesVector = {
      kind: 'codes', type: STRING, length: count, isConst: false, nulls: null, codes: this.fresh,
      dictionary: this.dictionary,
    }
    const { offsets, bytes } = asBytes(vector, temporary)
    const cells = temporary.u8(bytes.length * ESCAPED_BYTES + 2 * count)
    kernels.stringCells(offsets.byteOffset, bytes.byteOffset, 0, 0, count, ends.byteOffset, cells.byteOffset)
    for (let i = 1; i <= count; i++) this.longest = Math.max(this.longest, ends[i] - ends[i - 1])
    texts.reserve(ends[count] + LENGTH_BYTES * count)
    texts.length = kernels.placeTexts(ends.byteOffset, cells.byteOffset, count, texts.bytes.byteOffset, texts.length,
      this.known.byteOffset, this.places.byteOffset, this.rows.byteOffset, rowCount)
    temporary.releaseAll()
    this.count += count
  }
}
