// The allocator of a shared arena as one thread sees it: all state lies in the control buffer
// under a spin-lock, so any thread can allocate and free. Small pieces are cells of slabs (slabs.ts),
// larger ones runs of pages (pages.ts).
// Invariant: whoever holds the lock calls nothing that can throw for want of memory or wait.

import type { Arena, ArenaHandle } from './arena.ts'
import { accountAt, classOf, LOCK, PAGES_BUDGET, PAGES_USED, PAGE_BYTES, RUNS } from './layout.ts'
import { giveRun, takeRun } from './pages.ts'
import { giveCell, isSlabPage, takeCell } from './slabs.ts'
import { lockWord, unlockWord } from './word-lock.ts'

export class SharedArena implements Arena {
  readonly handle: ArenaHandle
  readonly budgetBytes: number
  private readonly control: Int32Array
  /** First word of this arena's account: what it alone has of the control buffer. */
  private readonly account: number
  private readonly bufferBytes: number
  private readonly bytesOf: readonly Uint8Array[]

  constructor(handle: ArenaHandle) {
    this.handle = handle
    this.control = new Int32Array(handle.control)
    this.account = accountAt(handle.account)
    this.bufferBytes = handle.buffers[0].byteLength
    this.bytesOf = handle.buffers.map((buffer) => new Uint8Array(buffer))
    this.budgetBytes = this.control[this.account + PAGES_BUDGET] * PAGE_BYTES
  }

  /** Whole pages: what a slab holds in reserve counts as used. */
  get usedBytes(): number { return Atomics.load(this.control, this.account + PAGES_USED) * PAGE_BYTES }

  allocate(bytes: number): number {
    const { control, account } = this
    const size = classOf(bytes)
    this.lock()
    const address = size >= 0 ? takeCell(control, account, size)
      : takeRun(control, account, Math.ceil(bytes / PAGE_BYTES)) * PAGE_BYTES
    this.unlock()
    return address
  }

  free(address: number, bytes: number): void {
    const size = classOf(bytes)
    this.lock()
    const isTaken = size >= 0 ? giveCell(this.control, this.account, address, size) : this.freeRun(address, bytes)
    this.unlock()
    if (!isTaken) throw new Error(`arena: ${bytes} bytes at ${address} were not allocated so`)
  }

  bytes(address: number, bytes: number): Uint8Array {
    const index = Math.floor(address / this.bufferBytes)
    const offset = address - index * this.bufferBytes
    return this.bytesOf[index].subarray(offset, offset + bytes)
  }

  addressOf({ buffer, byteOffset }: Uint8Array): number {
    const index = this.bytesOf.findIndex((own) => own.buffer === buffer)
    return index < 0 ? 0 : index * this.bufferBytes + byteOffset
  }

  u32(address: number, count: number): Uint32Array {
    const index = Math.floor(address / this.bufferBytes)
    return new Uint32Array(this.handle.buffers[index], address - index * this.bufferBytes, count)
  }

  i32(address: number, count: number): Int32Array {
    const index = Math.floor(address / this.bufferBytes)
    return new Int32Array(this.handle.buffers[index], address - index * this.bufferBytes, count)
  }

  f64(address: number, count: number): Float64Array {
    const index = Math.floor(address / this.bufferBytes)
    return new Float64Array(this.handle.buffers[index], address - index * this.bufferBytes, count)
  }

  private freeRun(address: number, bytes: number): boolean {
    const page = address / PAGE_BYTES
    const count = Math.ceil(bytes / PAGE_BYTES)
    if (!Number.isInteger(page) || this.control[RUNS + page] !== -count) return false
    if (isSlabPage(this.control, page)) return false
    giveRun(this.control, this.account, page, count)
    return true
  }

  private lock(): void { lockWord(this.control, LOCK, 'arena') }

  private unlock(): void { unlockWord(this.control, LOCK) }
}
