// Memory of the block in work: decoded columns and results of expressions live on a scratch account
// that is emptied when the block has gone through its operators, so its cells are reused (and stay in
// the processor's cache). What must outlive the block is copied to the query's own account.
// Invariant: scratch and the query's account together stay below the query's limit.

import { AccountBeside, MemoryLimitExceeded, WorkMemory } from '../../../storage/kernels/work-memory.ts'

/** A scratch account beside `parent`; releaseAll() empties it and leaves the parent as it is. */
export class ScratchAccount extends AccountBeside {
  override allocate(bytes: number): number {
    const together = this.usedBytes + this.parent.usedBytes + WorkMemory.cellBytes(bytes)
    if (together > this.limitBytes) throw new MemoryLimitExceeded(bytes, this.limitBytes)
    if (together > this.parent.peakBytes) this.parent.peakBytes = together
    return super.allocate(bytes)
  }
}

/** An account beside `parent` that is counted on it, for what one operator makes and gives back before the
 * query ends. */
export class PartAccount extends AccountBeside {
  override allocate(bytes: number): number {
    const cell = WorkMemory.cellBytes(bytes)
    this.parent.charge(cell)
    try {
      return super.allocate(bytes)
    } catch (error) {
      this.parent.discharge(cell)
      throw error
    }
  }

  override free(pointer: number): void {
    const before = this.usedBytes
    super.free(pointer)
    this.parent.discharge(before - this.usedBytes)
  }

  override charge(bytes: number): void {
    this.parent.charge(bytes)
    super.charge(bytes)
  }

  override discharge(bytes: number): void {
    this.parent.discharge(bytes)
    super.discharge(bytes)
  }

  override releaseAll(): void {
    this.parent.discharge(this.usedBytes)
    super.releaseAll()
  }
}
