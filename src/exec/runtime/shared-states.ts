// Shared memory of one query in all workers: where partial states of groups and rows of windows lie
// between the worker that made them and the one that takes them.

/** Partial states of all parts, of one worker: a place in shared memory. */
export type Chunk = { readonly address: number; readonly bytes: number }

/** Shared memory for partial states, which goes when the query is over in all workers. */
export type SharedStates = {
  /** null: there is no room to spare. `isLast`: none is left at all; a worker's answer may take what there is. */
  readonly allocate: (bytes: number, isLast: boolean) => Chunk | null
  readonly bytes: (chunk: Chunk) => Uint8Array
  /** Groups from which on they are shared out, and tables go into shared memory. */
  readonly shareFrom: number
  readonly flushFrom: number
  /** Rows of a worker from which on the partitions of its windows are shared out (window-parts.ts). */
  readonly windowsFrom: number
}
