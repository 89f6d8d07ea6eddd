// The private memory of one worker: one WebAssembly memory of fixed size, so views never detach
// (untouched pages cost nothing: 2 GiB showed 42 MB resident for the whole process), and kernels can
// be handed `view.byteOffset` of anything that lives in it. Pages that were touched go with the memory alone, so
// a worker at rest takes another one (renewMemory in load.ts).
// Invariant: what is allocated on a query's account is returned when the query ends, whatever
// happened to it; while anything is held the memory stays the same.

import { classBytes, CLASS_MAX, classOf, FreeRanges, namedCell } from './free-ranges.ts'
import type { Kernels } from './load.ts'

const PAGE_BYTES = 65536
/** Kernels may read this far past the end of what they were given (SIMD loads). */
export const SLACK_BYTES = 64
const CLASS_SHIFT_MIN = 6 // smallest cell: 64 bytes
const CLASSES = CLASS_MAX + 1 - CLASS_SHIFT_MIN
/** Smaller cells are cut from pieces of PAGE_BYTES, and stay what they are. */
const LARGE_SHIFT_MIN = 12
/** Large free cells become stretches of any size again when they are many, and this share of the memory in
 * use so far: doing it costs a sort of them (with an eighth and no least, 4 % of small merges). */
const LOOSE_SHARE = 1 / 4
const LOOSE_BYTES_MIN = 16 * 2 ** 20
/** Before so much is touched anew they do from fewer bytes on: new pages cost more than the sort. */
const MUCH_BYTES = 2 ** 20
const LOOSE_BYTES_FOR_MUCH = 4 * 2 ** 20

/** A query asked for more than its budget or the worker has: answered as 400, never a crash. */
export class MemoryLimitExceeded extends Error {
  readonly askedBytes: number
  readonly limitBytes: number
  constructor(askedBytes: number, limitBytes: number) {
    super(`Memory limit exceeded: the query needs more than ${limitBytes} bytes `
      + `(setting max_memory_usage); it asked for ${askedBytes} more. Let it read or keep less, or give the server more memory (--memory)`)
    this.name = 'MemoryLimitExceeded'
    this.askedBytes = askedBytes
    this.limitBytes = limitBytes
  }
}

/** What a query may not have, because others hold it: it can be sent again (503). */
export class MemoryTaken extends MemoryLimitExceeded {
  constructor(askedBytes: number, limitBytes: number) {
    super(askedBytes, limitBytes)
    this.name = 'MemoryTaken'
    this.message = `Other queries hold the memory that this one needs (${limitBytes} bytes in each worker); try again in a second`
  }
}

/** Bytes that an account is given whatever others hold. */
const FREE_BYTES = 8 * 2 ** 20

/** The class of the cell that holds `bytes` and the slack. */
const cellClass = (bytes: number): number => Math.max(CLASS_SHIFT_MIN, classOf(bytes + SLACK_BYTES))

/** One worker's linear memory with an allocator of cells of a few sizes over it. A cell that comes back is
 * the next one of its size; before the memory in use grows, cells of all sizes are put together again. (By
 * size alone each size kept the most that any query ever had of it: what a worker holds rose with every new
 * statement.) */
export class WorkMemory {
  /** These four are others after takeOver(). */
  memory: WebAssembly.Memory
  buffer: ArrayBuffer
  u8: Uint8Array
  u32: Uint32Array
  private freeLists: number[][] = Array.from({ length: CLASSES }, () => [])
  private ranges = new FreeRanges()
  /** Bytes of large cells in the free lists. */
  private looseBytes = 0
  /** Where the piece begins and ends from which the next small cell of a size is cut. */
  private pieces = Array.from({ length: LARGE_SHIFT_MIN - CLASS_SHIFT_MIN }, () => ({ at: 0, end: 0 }))
  /** Of the cell at a pointer: where the account that holds it has noted it (a number for each 64 bytes). */
  private places = new Uint32Array(PAGE_BYTES >>> CLASS_SHIFT_MIN)
  private top = PAGE_BYTES // page 0 stays unused, so that pointer 0 is never valid
  private reached = PAGE_BYTES
  /** Bytes handed out in cells and not returned. */
  usedBytes = 0
  /** The kernels that were bound to it, for those who only hold an account. */
  kernels: Kernels | null = null

  constructor(bytesMax: number) {
    const pages = Math.ceil(bytesMax / PAGE_BYTES)
    this.memory = new WebAssembly.Memory({ initial: pages, maximum: pages })
    this.buffer = this.memory.buffer as ArrayBuffer
    this.u8 = new Uint8Array(this.buffer)
    this.u32 = new Uint32Array(this.buffer)
  }

  /** Bytes from the start that were in use at a time, about. */
  get reachBytes(): number { return this.reached }

  /** Goes on with the pages of a memory of the same size that nobody has used, and lets its own go. Nothing may be held
   * here, and kernels are to be bound to the others (renewMemory in load.ts). */
  takeOver(fresh: WorkMemory): void {
    if (this.usedBytes > 0) throw new Error(`work memory: ${this.usedBytes} bytes are in use`)
    this.memory = fresh.memory
    this.buffer = fresh.buffer
    this.u8 = fresh.u8
    this.u32 = fresh.u32
    this.freeLists = fresh.freeLists
    this.ranges = fresh.ranges
    this.looseBytes = fresh.looseBytes
    this.pieces = fresh.pieces
    this.places = fresh.places
    this.top = fresh.top
    this.reached = fresh.reached
  }

  /** Bytes of the cell that holds `bytes`. */
  static cellBytes(bytes: number): number { return classBytes(cellClass(bytes)) }

  /** A pointer (multiple of 64) to at least `bytes` bytes plus slack; contents undefined. Throws
   * MemoryLimitExceeded when the memory is full. */
  allocate(bytes: number): number {
    const number = cellClass(bytes)
    const cell = classBytes(number)
    const reused = this.freeLists[number - CLASS_SHIFT_MIN]?.pop()
    let pointer: number
    if (reused === undefined) pointer = number < LARGE_SHIFT_MIN ? this.cutSmall(number, cell) : this.cut(cell, bytes)
    else {
      pointer = reused
      if (number >= LARGE_SHIFT_MIN) this.looseBytes -= cell
    }
    this.usedBytes += cell
    return pointer
  }

  /** Returns a cell; `bytes` is what it was asked with. */
  free(pointer: number, bytes: number): void {
    const number = cellClass(bytes)
    const cell = classBytes(number)
    this.freeLists[number - CLASS_SHIFT_MIN].push(pointer)
    if (number >= LARGE_SHIFT_MIN) this.looseBytes += cell
    this.usedBytes -= cell
  }

  placeOf(pointer: number): number { return this.places[pointer >>> CLASS_SHIFT_MIN] }

  setPlace(pointer: number, place: number): void {
    const at = pointer >>> CLASS_SHIFT_MIN
    if (at >= this.places.length) {
      const larger = new Uint32Array(Math.max(at + 1, this.places.length * 2))
      larger.set(this.places)
      this.places = larger
    }
    this.places[at] = place
  }

  private cutSmall(shift: number, cell: number): number {
    const piece = this.pieces[shift - CLASS_SHIFT_MIN]
    if (piece.at === piece.end) {
      piece.at = this.cut(PAGE_BYTES, cell)
      piece.end = piece.at + PAGE_BYTES
    }
    const pointer = piece.at
    piece.at += cell
    return pointer
  }

  /** Memory that no cell is in: of free stretches, else behind all that was ever used. */
  private cut(cell: number, askedBytes: number): number {
    let found = this.ranges.take(cell)
    if (found !== 0) return found
    const isFull = this.top + cell > this.buffer.byteLength
    const enough = cell >= MUCH_BYTES ? LOOSE_BYTES_FOR_MUCH : Math.max(LOOSE_BYTES_MIN, this.top * LOOSE_SHARE)
    if (this.looseBytes >= (isFull ? cell : Math.max(cell, enough))) {
      this.joinFree()
      found = this.ranges.take(cell)
      if (found !== 0) return found
    }
    const start = this.ranges.takeEnd(this.top)
    if (start + cell > this.buffer.byteLength) {
      if (start < this.top) this.top = start
      if (this.looseBytes > 0) { // what is loose may lie beside what is free
        this.joinFree()
        return this.cut(cell, askedBytes)
      }
      throw new MemoryLimitExceeded(askedBytes, this.buffer.byteLength)
    }
    this.top = start + cell
    if (this.top > this.reached) this.reached = this.top
    return start
  }

  private joinFree(): void {
    const first = LARGE_SHIFT_MIN - CLASS_SHIFT_MIN
    const cells = new Uint32Array(this.freeLists.reduce((sum, list, i) => sum + (i < first ? 0 : list.length), 0))
    let at = 0
    for (let i = first; i < CLASSES; i++) {
      for (const pointer of this.freeLists[i]) cells[at++] = namedCell(pointer, i + CLASS_SHIFT_MIN)
      this.freeLists[i].length = 0
    }
    this.ranges.add(cells)
    this.looseBytes = 0
  }
}

/** One query's (or one task's) account in a WorkMemory: counts, limits, and returns all at once. */
export class MemoryAccount {
  readonly work: WorkMemory
  readonly limitBytes: number
  /** Bytes of the whole memory in use above which this account is given no more than a little. */
  readonly workBytesMax: number
  /** The cells held, in any order, and what they were asked with: [0, held). Not a Map: a point query holds
   * hundreds in turn, and setting and clearing entries took a twentieth of its time. */
  private readonly pointers: number[] = []
  private readonly asked: number[] = []
  private held = 0
  usedBytes = 0
  peakBytes = 0
  /** How often everything was returned: what was allocated under another number is gone. */
  releases = 0
  /** Accounts beside this one that hold something. */
  private beside: Set<MemoryAccount> | null = null

  constructor(work: WorkMemory, limitBytes: number, workBytesMax = Number.POSITIVE_INFINITY) {
    this.work = work
    this.limitBytes = limitBytes
    this.workBytesMax = workBytesMax
  }

  /** As WorkMemory.allocate, on this account. Throws MemoryTaken, too. */
  allocate(bytes: number): number {
    const cell = WorkMemory.cellBytes(bytes)
    if (this.usedBytes + cell > this.limitBytes) throw new MemoryLimitExceeded(cell, this.limitBytes)
    if (this.work.usedBytes + cell > this.workBytesMax && this.usedBytes + cell > FREE_BYTES) throw new MemoryTaken(cell, this.workBytesMax)
    const pointer = this.work.allocate(bytes)
    const place = this.held++
    this.pointers[place] = pointer
    this.asked[place] = bytes
    this.work.setPlace(pointer, place)
    this.usedBytes += cell
    if (this.usedBytes > this.peakBytes) this.peakBytes = this.usedBytes
    return pointer
  }

  free(pointer: number): void {
    const { pointers, asked, work } = this
    const place = work.placeOf(pointer)
    if (!(place < this.held) || pointers[place] !== pointer) {
      throw new Error(`work memory: pointer ${pointer} is not of this account`)
    }
    const bytes = asked[place]
    const last = --this.held
    if (place < last) {
      pointers[place] = pointers[last]
      asked[place] = asked[last]
      work.setPlace(pointers[last], place)
    }
    this.usedBytes -= WorkMemory.cellBytes(bytes)
    work.free(pointer, bytes)
  }

  /** Bytes from anywhere, copied to where kernels can reach them; freeCopy() returns it. The copy lies
   * within eight bytes as its source does: from shared memory that is 9 to 17 GB/s, else 1.3. */
  copyOf(bytes: Uint8Array): Uint8Array {
    const pointer = this.allocate(bytes.length + 8)
    const copy = new Uint8Array(this.work.buffer, pointer + (bytes.byteOffset & 7), bytes.length)
    copy.set(bytes)
    return copy
  }

  freeCopy(copy: Uint8Array): void { this.free(copy.byteOffset - copy.byteOffset % 8) }

  /** Counts memory that lies outside of the work memory (a JavaScript typed array, a library's). */
  charge(bytes: number): void {
    if (this.usedBytes + bytes > this.limitBytes) throw new MemoryLimitExceeded(bytes, this.limitBytes)
    this.usedBytes += bytes
    if (this.usedBytes > this.peakBytes) this.peakBytes = this.usedBytes
  }

  discharge(bytes: number): void {
    this.usedBytes -= bytes
  }

  u8(length: number): Uint8Array { return new Uint8Array(this.work.buffer, this.allocate(length), length) }
  u16(length: number): Uint16Array { return new Uint16Array(this.work.buffer, this.allocate(length * 2), length) }
  u32(length: number): Uint32Array { return new Uint32Array(this.work.buffer, this.allocate(length * 4), length) }
  i32(length: number): Int32Array { return new Int32Array(this.work.buffer, this.allocate(length * 4), length) }
  f64(length: number): Float64Array { return new Float64Array(this.work.buffer, this.allocate(length * 8), length) }
  i64(length: number): BigInt64Array { return new BigInt64Array(this.work.buffer, this.allocate(length * 8), length) }

  /** What an account beside this one holds goes with this one's. */
  note(account: MemoryAccount): void { (this.beside ??= new Set()).add(account) }

  /** It holds nothing any more. */
  forget(account: MemoryAccount): void { this.beside?.delete(account) }

  /** Returns everything; the account may be used again. */
  releaseAll(): void {
    if (this.beside !== null) for (const account of this.beside) account.releaseAll()
    for (let place = 0; place < this.held; place++) this.work.free(this.pointers[place], this.asked[place])
    this.held = 0
    this.usedBytes = 0
    this.releases++
  }
}

/** An account of the same memory and limit beside another: what it holds goes with the other's at the latest, so that
 * nobody who fails in between has to give it back. */
export class AccountBeside extends MemoryAccount {
  protected readonly parent: MemoryAccount
  private isNoted = false

  constructor(parent: MemoryAccount) {
    super(parent.work, parent.limitBytes, parent.workBytesMax)
    this.parent = parent
  }

  override allocate(bytes: number): number {
    if (!this.isNoted) this.beNoted()
    return super.allocate(bytes)
  }

  override note(account: MemoryAccount): void {
    super.note(account)
    if (!this.isNoted) this.beNoted()
  }

  private beNoted(): void {
    this.isNoted = true
    this.parent.note(this)
  }

  override releaseAll(): void {
    super.releaseAll()
    if (!this.isNoted) return
    this.isNoted = false
    this.parent.forget(this)
  }
}
