// Where an image's bytes come from: a memory part lies in the shared arena, a segment's sections are
// read from its file through the block cache.

/** Sections that lie end to end, as those of a column do: who reads one reads the next ones soon.
 * Section i is the bytes [starts[i], starts[i + 1]). */
export type SectionRun = { readonly starts: Float64Array; readonly checksums: Uint32Array | null }

/** Random access to the bytes of one immutable image. */
export interface ByteSource {
  readonly byteLength: number
  /** Bytes of the head or the footer, as a copy or a view that lasts; neither cached nor compared
   * with a checksum. */
  read(offset: number, bytes: number): Uint8Array
  /** A view of section `index` of a run, valid until release(). Loads and caches what it must;
   * bytes that come from a file are compared with their checksum when they are loaded. A scan will
   * want `ahead` more sections: some may be loaded along. Throws DamagedBytes. */
  view(run: SectionRun, index: number, ahead: number): Uint8Array
  /** As view(), of a section of which a little is read again and again: the bytes are kept at hand, and
   * stay as they are until the cache's trimLeases() or close(). */
  lease(run: SectionRun, index: number): Uint8Array
  /** How often leases have ended. */
  readonly leasesEnded: number
  /** Ends the use of all views handed out since the last release (unpins their bytes). */
  release(): void
  /** What `expand` makes of a section in `expandedBytes` bytes (a multiple of 4 at a multiple of 4).
   * It stays until close(). */
  hold(
    run: SectionRun, index: number, expandedBytes: number,
    expand: (from: Uint8Array, to: Uint8Array) => void): Uint8Array
  /** What `expand` makes of a section, to `to`, for who reads it once. A section that somebody holds is
   * never viewed: the cache has one form of each. */
  expand(
    run: SectionRun, index: number, to: Uint8Array, expand: (from: Uint8Array, to: Uint8Array) => void): void
  close(): void
}

/** Bytes of a section are not what was written; the reader adds column and block. */
export class DamagedBytes extends Error {
  constructor(why: string) {
    super(why)
    this.name = 'DamagedBytes'
  }
}
