// What encoders write to and work in: the bytes of the image so far, and scratch in work memory where
// kernels can reach it. One space serves whole images; its scratch is reused block after block.

import { ByteWriter } from '../bytes/byte-writer.ts'
import type { BigArray, NumberArray } from '../column/number-array.ts'
import type { Kernels } from '../kernels/load.ts'
import { AccountBeside, type MemoryAccount } from '../kernels/work-memory.ts'

const SCRATCH_MIN = 64

export class EncodeSpace {
  /** Whoever writes several images side by side sets it before each piece. */
  out: ByteWriter
  readonly account: MemoryAccount
  readonly kernels: Kernels
  /** The five numbers of surveyNumbers. */
  readonly survey: Float64Array
  private readonly stages: Uint32Array[] = []
  private packed: Uint8Array | null = null

  constructor(account: MemoryAccount, kernels: Kernels, out = new ByteWriter()) {
    this.account = account
    this.kernels = kernels
    this.out = out
    this.survey = account.f64(5)
  }

  /** Scratch number `index` for at least `length` u32; what it held before is undefined. */
  stage(length: number, index = 0): Uint32Array {
    const known = this.stages[index]
    if (known !== undefined && known.length >= length) return known
    if (known !== undefined) this.account.free(known.byteOffset)
    const made = this.account.u32(Math.max(SCRATCH_MIN, length))
    this.stages[index] = made
    return made
  }

  /** Scratch for at least `length` packed bytes. */
  packing(length: number): Uint8Array {
    if (this.packed !== null && this.packed.length >= length) return this.packed
    if (this.packed !== null) this.account.free(this.packed.byteOffset)
    this.packed = this.account.u8(Math.max(SCRATCH_MIN * 4, length))
    return this.packed
  }

  /** An account of its own over the same memory, for what goes before the next block. */
  scratch(): MemoryAccount { return new AccountBeside(this.account) }

  /** Returns the scratch to the account. */
  release(): void {
    for (const stage of this.stages) if (stage !== undefined) this.account.free(stage.byteOffset)
    this.stages.length = 0
    if (this.packed !== null) this.account.free(this.packed.byteOffset)
    this.packed = null
    this.account.free(this.survey.byteOffset)
  }
}

/** Whether kernels reach an array. */
export const isReachable = (array: NumberArray | BigArray, { account }: Pick<EncodeSpace, 'account'>): boolean =>
  array.buffer === account.work.buffer
