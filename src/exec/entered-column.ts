// Strings of row sets that keep no dictionary for a column, as codes of the column's shared one, while
// most row sets have a dictionary: so that all rows of a query speak of the same codes. A string is
// looked up in shared memory once a query and worker, not once a row.

import type { BytesVector, CodesVector, Vector } from '../../storage/column/vector.ts'
import type { EvalContext } from '../functions/function.ts'
import { growWords } from './growing.ts'
import { QueryStrings } from './query-strings.ts'
import { SharedDictionary } from './string-table.ts'

/** Strings entered under one hold of the dictionary's lock. */
const BATCH = 512

/** One column of one scan. */
export class EnteredColumn {
  private readonly dictionary: SharedDictionary
  private readonly durable: EvalContext
  private readonly own: QueryStrings
  private toShared: Uint32Array
  private known = 0

  constructor(dictionary: SharedDictionary, durable: EvalContext) {
    this.dictionary = dictionary
    this.durable = durable
    this.own = new QueryStrings(durable)
    this.toShared = durable.account.u32(256)
  }

  /** The vector in codes of the shared dictionary; as it came when the dictionary takes no more. */
  codesOf(vector: BytesVector, context: EvalContext): CodesVector | BytesVector {
    const codes = context.account.u32(Math.max(1, vector.length))
    this.own.internVector(vector, codes)
    if (!this.enterNew()) return vector
    const { toShared } = this
    for (let row = 0; row < vector.length; row++) codes[row] = toShared[codes[row]]
    const { type, length, isConst, nulls } = vector
    return { kind: 'codes', type, length, isConst, nulls, codes, dictionary: this.dictionary }
  }

  private enterNew(): boolean {
    const { size } = this.own
    this.toShared = growWords(this.durable.account, this.toShared, this.known, size)
    const { bytes, offsets } = this.own.strings()
    for (; this.known < size; this.known = Math.min(size, this.known + BATCH)) {
      const to = Math.min(size, this.known + BATCH)
      if (!this.dictionary.enter(bytes, offsets, this.known, to, this.toShared)) return false
    }
    return true
  }
}

/** Whether a vector can be entered: strings that came as bytes. */
export const isPlainStrings = (vector: Vector): vector is BytesVector => vector.kind === 'bytes' && !vector.isConst
