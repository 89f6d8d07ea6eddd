// An image that lies in memory as a whole: a memory part in the shared arena, for as long as a
// snapshot names it, or any bytes.

import type { Arena } from '../arena/arena.ts'
import { crc32c } from '../bytes/crc32c.ts'
import { DamagedBytes, type ByteSource } from './byte-source.ts'

/** A part's bytes in the arena. They are trusted: replay of the log compares whole parts. */
export const arenaSource = (arena: Arena, address: number, byteLength: number): ByteSource =>
  memorySource(arena.bytes(address, byteLength), true)

/** `isTrusted` false: sections are compared with their checksums each time they are read. */
export function memorySource(whole: Uint8Array, isTrusted: boolean): ByteSource {
  const view: ByteSource['view'] = ({ starts, checksums }, index) => {
    const bytes = whole.subarray(starts[index], starts[index + 1])
    if (!isTrusted && checksums !== null && crc32c(bytes) !== checksums[index]) {
      throw new DamagedBytes('its checksum differs')
    }
    return bytes
  }
  const leased = new Map<number, Uint8Array>()
  return {
    byteLength: whole.length,
    read: (offset, bytes) => whole.subarray(offset, offset + bytes),
    view,
    leasesEnded: 0,
    lease: (run, index) => {
      const at = run.starts[index]
      let bytes = leased.get(at)
      if (bytes === undefined) leased.set(at, bytes = view(run, index, 0))
      return bytes
    },
    hold: (run, index, expandedBytes, expand) => {
      const expanded = new Uint8Array(expandedBytes)
      expand(view(run, index, 0), expanded)
      return expanded
    },
    expand: (run, index, to, expand) => expand(view(run, index, 0), to),
    release: () => {},
    close: () => {},
  }
}
