// Groups of one key that comes as codes of a table's dictionary: while rows are many beside all of its codes, a row's
// code is the number of its group, so that no row is looked up.
//
//   rows -> states by code, a bit a code that came -> in the end: codes that came, ascending -> their states
//
// Invariant: the table of groups has none meanwhile, and states have room for all codes of the dictionary.

import { BLOCK_ROWS_MAX, type Block, type CodesVector, type Vector } from '../../../storage/column/vector.ts'
import { grown, hasSpare } from '../../functions/values/state-array.ts'
import type { Runtime } from '../runtime/runtime.ts'

/** Fewer codes are looked up in a table that is near enough to every core. */
const CODES_MIN = 16_384
/** Rows ahead for each code, of all workers, from which on states for all codes cost less than looking them up. */
const ROWS_A_CODE = 4
/** Bytes of a group's state. */
const STATE_BYTES = 8

export class CodedGroups {
  private readonly key: number
  /** The key of some rows. */
  private readonly like: CodesVector
  private readonly runtime: Runtime
  /** Of each code that came. */
  private bits: Uint32Array | null = null

  private constructor(key: number, like: CodesVector, runtime: Runtime) {
    this.key = key
    this.like = like
    this.runtime = runtime
  }

  /** For rows like those of a block, whose key is this column of it, and so many states a group. Null: it has no such
   * codes, or a table does better. */
  static of(block: Block, key: number, stateCount: number, runtime: Runtime): CodedGroups | null {
    const vector = codesIn(block.columns[key])
    if (vector === null) return null
    const { size } = vector.dictionary
    const { account, expectedRows } = runtime.durable
    // Of rows that a condition has left there will be as few as in this block.
    const ahead = (expectedRows?.() ?? 0) * block.rowCount / BLOCK_ROWS_MAX
    if (size < CODES_MIN || size * ROWS_A_CODE > ahead || !hasSpare(account, size * stateCount * STATE_BYTES)) return null
    return new CodedGroups(key, vector, runtime)
  }

  /** The codes of a block's rows; null: kernels can't reach them, or they are of another dictionary. */
  codesOf({ columns }: Block): CodesVector | null {
    const vector = codesIn(columns[this.key])
    const isSame = vector?.dictionary.id === this.like.dictionary.id && vector.codes.buffer === this.runtime.durable.account.work.buffer
    return isSame ? vector : null
  }

  /** Groups of these codes have rows. */
  note({ codes, length, dictionary: { size } }: CodesVector): void {
    const { scratch, durable: { account, kernels } } = this.runtime
    this.bits = grown(Uint32Array, this.bits, Math.ceil(size / 32), account)
    const groups = scratch.account.u32(length).fill(0)
    kernels.setGroupBits(this.bits.byteOffset, 0, groups.byteOffset, codes.byteOffset, length)
    scratch.account.free(groups.byteOffset)
  }

  /** The codes that were noted, ascending, in the query's account. */
  end(): Uint32Array {
    const { bits, runtime: { durable: { account, kernels } } } = this
    if (bits === null) return account.u32(1).subarray(0, 0)
    const count = kernels.countShared(bits.byteOffset, bits.byteOffset, bits.length)
    const codes = account.u32(Math.max(1, count)).subarray(0, count)
    const groups = account.u32(Math.max(1, count))
    kernels.listBits(bits.byteOffset, bits.length, 1, groups.byteOffset, codes.byteOffset)
    for (const array of [bits, groups]) account.free(array.byteOffset)
    this.bits = null
    return codes
  }

  /** Codes as the key column of their groups. */
  columnOf(codes: Uint32Array): CodesVector { return { ...this.like, length: codes.length, codes } }
}

/** A column's codes, where they mean the same in every block. */
const codesIn = (vector: Vector): CodesVector | null =>
  (vector.kind === 'codes' && !vector.isConst && vector.nulls === null && vector.dictionary.id >= 0 ? vector : null)
