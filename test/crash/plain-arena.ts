// An arena of ordinary memory for the simulator: every allocation is a buffer of its own, so that a
// use after free, a double free and a leak are seen at once.

import type { Arena, ArenaHandle } from '../../storage/arena/arena.ts'

export class PlainArena implements Arena {
  private readonly cells = new Map<number, Uint8Array>()
  private next = 8
  readonly budgetBytes: number
  usedBytes = 0

  constructor(budgetBytes: number) { this.budgetBytes = budgetBytes }

  get handle(): ArenaHandle { throw new Error('a plain arena does not cross to another thread') }

  allocate(bytes: number): number {
    if (this.usedBytes + bytes > this.budgetBytes) return 0
    const address = this.next
    this.next += (bytes + 15) & ~7
    this.cells.set(address, new Uint8Array(bytes))
    this.usedBytes += bytes
    return address
  }

  free(address: number, bytes: number): void {
    const cell = this.cells.get(address)
    if (cell?.length !== bytes) throw new Error(`arena: ${bytes} bytes at ${address} were not allocated so`)
    cell.fill(0xdd) // who still reads it reads nonsense
    this.cells.delete(address)
    this.usedBytes -= bytes
  }

  bytes(address: number, bytes: number): Uint8Array { return this.cell(address, bytes).subarray(0, bytes) }

  addressOf({ buffer, byteOffset }: Uint8Array): number {
    for (const [address, cell] of this.cells) if (cell.buffer === buffer) return address + byteOffset
    return 0
  }

  /** The buffer of an allocation itself. */
  cell(address: number, bytes: number): Uint8Array {
    const cell = this.cells.get(address)
    if (cell === undefined || cell.length < bytes) throw new Error(`arena: ${address} is not allocated`)
    return cell
  }

  u32(address: number, count: number): Uint32Array {
    return new Uint32Array(this.bytes(address, count * 4).buffer, 0, count)
  }

  i32(address: number, count: number): Int32Array {
    return new Int32Array(this.bytes(address, count * 4).buffer, 0, count)
  }

  f64(address: number, count: number): Float64Array {
    return new Float64Array(this.bytes(address, count * 8).buffer, 0, count)
  }
}
