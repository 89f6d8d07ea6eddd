// Strings of row sets that keep no dictionary for a column, as codes of the column's shared one: so
// that all rows of a query speak of the same codes. A string is looked up in shared memory once a query
// and worker, not once a row; the codes of whole blocks are kept, so that the next query reads these
// instead of the strings.

import type { BytesVector, CodesVector, Vector } from '../../../storage/column/vector.ts'
import type { ColumnReader } from '../../../storage/part/row-set.ts'
import type { EvalContext } from '../../functions/values/function.ts'
import { growWords } from '../blocks/growing.ts'
import { QueryStrings } from './query-strings.ts'
import type { SharedDictionaries } from './shared-dictionary.ts'
import { SharedDictionary } from './string-table.ts'

/** Strings entered under one hold of the dictionary's lock. */
const BATCH = 512

/** A block of a column: where its codes are kept. */
export type PlainBlock = { readonly reader: ColumnReader; readonly label: string; readonly block: number }

/** What this worker knows of the column's strings takes no more of the query's memory than this, before it
 * is doubled a last time: further strings stay bytes. */
const OWN_SHARE = 1 / 8

/** One column of one scan. */
export class EnteredColumn {
  readonly dictionary: SharedDictionary
  private readonly dictionaries: SharedDictionaries
  private readonly durable: EvalContext
  private readonly own: QueryStrings
  private toShared: Uint32Array
  private known = 0

  constructor(dictionary: SharedDictionary, dictionaries: SharedDictionaries, durable: EvalContext) {
    this.dictionary = dictionary
    this.dictionaries = dictionaries
    this.durable = durable
    this.own = new QueryStrings(durable)
    this.toShared = durable.account.u32(256)
  }

  /** Codes of all rows of a block as another query left them (kept-codes.ts); null: none did. */
  kept({ reader, label, block }: PlainBlock, rowCount: number): Uint8Array | null {
    return this.dictionaries.blockCodes(this.dictionary, reader, label, block, rowCount)
  }

  /** The rows of a whole block in codes, which are kept. */
  codesOfBlock(vector: BytesVector, place: PlainBlock, context: EvalContext): CodesVector | BytesVector {
    const coded = this.codesOf(vector, context)
    if (coded.kind === 'codes' && coded.nulls === null) {
      this.dictionaries.keepBlockCodes(this.dictionary, place.label, place.block, coded.codes, context)
    }
    return coded
  }

  /** The vector in codes of the shared dictionary; as it came when the dictionary takes no more. */
  codesOf(vector: BytesVector, context: EvalContext): CodesVector | BytesVector {
    const ahead = this.durable.expectedRows?.() ?? 0
    if (!this.dictionary.takesPlain(ahead) || this.own.byteLength > this.durable.account.limitBytes * OWN_SHARE) return vector
    const { account, kernels } = context
    const codes = account.u32(vector.length)
    this.own.internVector(vector, codes)
    if (!this.enterNew()) return vector
    kernels.mapWords(codes.byteOffset, vector.length, this.toShared.byteOffset)
    const { type, length, isConst, nulls } = vector
    return { kind: 'codes', type, length, isConst, nulls, codes, dictionary: this.dictionary }
  }

  private enterNew(): boolean {
    const { size } = this.own
    this.toShared = growWords(this.durable.account, this.toShared, this.known, size)
    for (; this.known < size; this.known = Math.min(size, this.known + BATCH)) {
      const count = Math.min(BATCH, size - this.known)
      const { bytes, offsets } = this.own.strings(this.known, this.known + count)
      const codes = this.toShared.subarray(this.known)
      if (!this.dictionary.enter(bytes, offsets, 0, count, codes, true)) return false
    }
    return true
  }
}

/** Whether a vector can be entered: strings that came as bytes. */
export const isPlainStrings = (vector: Vector): vector is BytesVector => vector.kind === 'bytes' && !vector.isConst
