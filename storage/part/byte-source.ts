// Where an image's bytes come from: a memory part lies in the shared arena, a segment's blocks are
// read from its file through the block cache.

/** Random access to the bytes of one immutable image. */
export interface ByteSource {
  readonly byteLength: number
  /** A view of `bytes` bytes at `offset`, valid until release(); loads and caches what it must.
   * `cacheSlot`: the number of the block in the image (its cache key), -1 for what is not a block
   * (footer): read uncached. */
  view(offset: number, bytes: number, cacheSlot: number): Uint8Array
  /** Ends the use of all views handed out since the last release (unpins their blocks). */
  release(): void
}
