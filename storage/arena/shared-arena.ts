// The one allocator of the shared arena: all state in the control buffer, under a spin-lock, so any
// thread can allocate and free. Small cells are carved from pages of their class (freed pages go back
// when their last cell does); larger pieces are runs of pages, first fit from a hint.
// Invariant: a run never crosses a buffer, and page 0 stays unused, so that address 0 is never valid.

import type { Arena, ArenaHandle } from './arena.ts'
import {
  CLASS_BYTES, classOf, HINT, LISTS, LOCK, PAGES_A_BUFFER, PAGES_BUDGET, PAGES_USED, PAGE_BYTES,
  PAGE_COUNT, PAGE_TABLE, RUN_REST,
} from './layout.ts'

/** Turns of the spin-lock after which something is broken: critical sections are microseconds. */
const SPINS_MAX = 500_000_000

/** The arena as one thread sees it. */
export class SharedArena implements Arena {
  readonly handle: ArenaHandle
  private readonly control: Int32Array
  private readonly bufferBytes: number
  private readonly bytesOf: readonly Uint8Array[]

  constructor(handle: ArenaHandle) {
    this.handle = handle
    this.control = new Int32Array(handle.control)
    this.bufferBytes = handle.buffers[0].byteLength
    this.bytesOf = handle.buffers.map((buffer) => new Uint8Array(buffer))
  }

  get usedBytes(): number { return Atomics.load(this.control, PAGES_USED) * PAGE_BYTES }
  get budgetBytes(): number { return this.control[PAGES_BUDGET] * PAGE_BYTES }

  allocate(bytes: number): number {
    const size = classOf(Math.max(1, bytes))
    this.lock()
    try {
      return size < 0 ? this.takeRun(Math.ceil(bytes / PAGE_BYTES)) * PAGE_BYTES : this.takeCell(size)
    } finally {
      this.unlock()
    }
  }

  free(address: number, bytes: number): void {
    const page = Math.floor(address / PAGE_BYTES)
    this.lock()
    try {
      const size = classOf(Math.max(1, bytes))
      const word = this.control[PAGE_TABLE + page]
      if (word !== (size < 0 ? -Math.ceil(bytes / PAGE_BYTES) : size + 1)) {
        throw new Error(`arena: ${bytes} bytes at ${address} were not allocated so`)
      }
      if (size < 0) this.giveRun(page, -word)
      else this.giveCell(address, page, size)
    } finally {
      this.unlock()
    }
  }

  bytes(address: number, bytes: number): Uint8Array {
    const { index, offset } = this.place(address)
    return this.bytesOf[index].subarray(offset, offset + bytes)
  }

  u32(address: number, count: number): Uint32Array {
    const { index, offset } = this.place(address)
    return new Uint32Array(this.handle.buffers[index], offset, count)
  }

  i32(address: number, count: number): Int32Array {
    const { index, offset } = this.place(address)
    return new Int32Array(this.handle.buffers[index], offset, count)
  }

  f64(address: number, count: number): Float64Array {
    const { index, offset } = this.place(address)
    return new Float64Array(this.handle.buffers[index], offset, count)
  }

  private place(address: number): { index: number; offset: number } {
    const index = Math.floor(address / this.bufferBytes)
    return { index, offset: address - index * this.bufferBytes }
  }

  private lock(): void {
    for (let spins = 0; Atomics.compareExchange(this.control, LOCK, 0, 1) !== 0; spins++) {
      if (spins > SPINS_MAX) throw new Error('arena: a thread died inside the allocator')
    }
  }

  private unlock(): void { Atomics.store(this.control, LOCK, 0) }

  /** First page of a free run of `count` pages, marked as taken; 0: none, or over the budget. */
  private takeRun(count: number): number {
    const { control } = this
    if (control[PAGES_USED] + count > control[PAGES_BUDGET]) return 0
    const first = this.findRun(control[HINT], control[PAGE_COUNT], count)
      || this.findRun(1, Math.min(control[PAGE_COUNT], control[HINT] + count), count)
    if (first === 0) return 0
    control[PAGE_TABLE + first] = -count
    control.fill(RUN_REST, PAGE_TABLE + first + 1, PAGE_TABLE + first + count)
    control[PAGES_USED] += count
    control[HINT] = first + count < control[PAGE_COUNT] ? first + count : 1
    return first
  }

  private findRun(from: number, to: number, count: number): number {
    const { control } = this
    const aBuffer = control[PAGES_A_BUFFER]
    let length = 0
    for (let page = Math.max(1, from); page < to; page++) {
      if (page % aBuffer === 0) length = 0 // a run does not cross buffers
      length = control[PAGE_TABLE + page] === 0 ? length + 1 : 0
      if (length === count) return page - count + 1
    }
    return 0
  }

  private giveRun(page: number, count: number): void {
    const { control } = this
    control.fill(0, PAGE_TABLE + page, PAGE_TABLE + page + count)
    control[PAGES_USED] -= count
    if (page < control[HINT]) control[HINT] = page
  }

  /** Free cells of a class are a doubly linked list through their first two words, each holding an
   * address / 64 (0: end), so that a page's cells can be taken out of it. */
  private takeCell(size: number): number {
    const { control } = this
    if (control[LISTS + size] === 0) {
      const page = this.takeRun(1)
      if (page === 0) return 0
      control[PAGE_TABLE + page] = size + 1
      control[this.usedWord(page)] = 0
      const cell = CLASS_BYTES[size]
      for (let offset = 0; offset + cell <= PAGE_BYTES; offset += cell) {
        this.link(page * PAGE_BYTES + offset, size)
      }
    }
    const address = control[LISTS + size] * 64
    this.unlink(address, size)
    control[this.usedWord(Math.floor(address / PAGE_BYTES))]++
    return address
  }

  private giveCell(address: number, page: number, size: number): void {
    const { control } = this
    this.link(address, size)
    if (--control[this.usedWord(page)] > 0) return
    const cell = CLASS_BYTES[size]
    for (let offset = 0; offset + cell <= PAGE_BYTES; offset += cell) {
      this.unlink(page * PAGE_BYTES + offset, size)
    }
    this.giveRun(page, 1)
  }

  private usedWord(page: number): number { return PAGE_TABLE + this.control[PAGE_COUNT] + page }

  private link(address: number, size: number): void {
    const head = this.control[LISTS + size]
    const words = this.i32(address, 2)
    words[0] = head
    words[1] = 0
    if (head !== 0) this.i32(head * 64, 2)[1] = address / 64
    this.control[LISTS + size] = address / 64
  }

  private unlink(address: number, size: number): void {
    const [next, previous] = this.i32(address, 2)
    if (previous === 0) this.control[LISTS + size] = next
    else this.i32(previous * 64, 2)[0] = next
    if (next !== 0) this.i32(next * 64, 2)[1] = previous
  }
}
