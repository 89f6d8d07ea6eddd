// A memory part's bytes: they lie in the shared arena, whole, for as long as a snapshot names the part.

import type { Arena } from '../arena/arena.ts'
import type { ByteSource } from './byte-source.ts'

export function arenaSource(arena: Arena, address: number, byteLength: number): ByteSource {
  const whole = arena.bytes(address, byteLength)
  return { byteLength, view: (offset, bytes) => whole.subarray(offset, offset + bytes), release: () => {} }
}
