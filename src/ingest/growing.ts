// Arrays in work memory that grow at their end: for what is made in JavaScript, row by row, behind
// the kernel. Accounted, so a hostile body runs into its limit and not into the process's.

import type { MemoryAccount } from '../../storage/kernels/work-memory.ts'

const ITEMS_MIN = 64

type Items = Uint8Array | Uint32Array | Float64Array | BigInt64Array

/** The end of an array: `items` has room for more than `length`. */
class Growing<T extends Items> {
  items: T
  length = 0
  private readonly account: MemoryAccount
  private readonly make: (length: number) => T

  constructor(account: MemoryAccount, make: (length: number) => T) {
    this.account = account
    this.make = make
    this.items = make(ITEMS_MIN)
  }

  /** Makes room for `count` more. */
  reserve(count: number): void {
    if (this.length + count <= this.items.length) return
    const grown = this.make(Math.max(this.items.length * 2, this.length + count))
    ;(grown as Uint8Array).set(this.items.subarray(0, this.length) as Uint8Array)
    this.account.free(this.items.byteOffset)
    this.items = grown
  }

  /** What is there, as a view. */
  taken(): T { return this.items.subarray(0, this.length) as T }
}

export class GrowingBytes extends Growing<Uint8Array> {
  constructor(account: MemoryAccount) { super(account, (length) => account.u8(length)) }

  push(value: number): void {
    this.reserve(1)
    this.items[this.length++] = value
  }

  append(bytes: Uint8Array): void {
    this.reserve(bytes.length)
    this.items.set(bytes, this.length)
    this.length += bytes.length
  }
}

export class GrowingU32 extends Growing<Uint32Array> {
  constructor(account: MemoryAccount) { super(account, (length) => account.u32(length)) }

  push(value: number): void {
    this.reserve(1)
    this.items[this.length++] = value
  }
}

export class GrowingF64 extends Growing<Float64Array> {
  constructor(account: MemoryAccount) { super(account, (length) => account.f64(length)) }

  push(value: number): void {
    this.reserve(1)
    this.items[this.length++] = value
  }
}

export class GrowingI64 extends Growing<BigInt64Array> {
  constructor(account: MemoryAccount) { super(account, (length) => account.i64(length)) }

  push(value: bigint): void {
    this.reserve(1)
    this.items[this.length++] = value
  }
}
