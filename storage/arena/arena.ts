// Shared arenas: a few 1 GiB SharedArrayBuffers, made once, that hold encoded blocks for all
// threads. One allocator owns them; its whole state lies in the control buffer, so any thread can
// allocate and free. Two arenas, each with a budget of its own, can take from the same pages: one then uses
// what the other had touched and freed.
//
//   control: | lock | hint | accounts: pages used, cell free lists ... | page table: one i32 a page ... |
//   data:    buffer 0 | buffer 1 | ...        page = 64 KiB; small cells are carved from pages
//
// Address = buffer * 2^30 + offset, a number; 0 is never handed out. Invariant: a run of bytes
// never crosses a buffer.

/** What crosses to a worker so that it can attach. */
export type ArenaHandle = {
  readonly control: SharedArrayBuffer
  readonly buffers: readonly SharedArrayBuffer[]
  /** Which of those that share the pages it is. */
  readonly account: number
}

export interface Arena {
  readonly handle: ArenaHandle
  /** Address of at least `bytes` bytes (8-byte aligned), or 0 when the budget or the space is full
   * (the caller evicts and tries again, or refuses). */
  allocate(bytes: number): number
  /** `bytes` is what it was asked with. */
  free(address: number, bytes: number): void
  /** A view; the caller sees to it that the bytes are not freed meanwhile. */
  bytes(address: number, bytes: number): Uint8Array
  /** Where a view that bytes() answered, or a part of it, begins; 0: it lies elsewhere. */
  addressOf(view: Uint8Array): number
  u32(address: number, count: number): Uint32Array
  i32(address: number, count: number): Int32Array
  f64(address: number, count: number): Float64Array
  /** Bytes allocated now, over all threads, by this arena. */
  readonly usedBytes: number
  readonly budgetBytes: number
}
