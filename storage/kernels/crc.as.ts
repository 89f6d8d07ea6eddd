// Most of a CRC-32C by exclusive ors alone. crc.ts is the reference and says how.

import { CRC_DISTANCE, CRC_PIECE, CRC_ROOM } from './crc-layout'

/** What the bytes before `r` that have been folded add to the 16 at r. */
@inline
function added(r: usize): v128 {
  return v128.xor(
    v128.xor(v128.xor(v128.load(r - 558), v128.load(r - 600)), v128.xor(v128.load(r - 661), v128.load(r - 677))),
    v128.load(r - CRC_DISTANCE))
}

/** As crc.ts says. */
export function foldCrc(from: usize, bytes: u32, register: u32, scratch: usize): u32 {
  const folded = (bytes - CRC_DISTANCE) & ~15
  const end = from + folded
  const ring = scratch + CRC_ROOM
  memory.fill(scratch, 0, CRC_ROOM)
  // The register is part of the first four bytes; nothing stands before these.
  v128.store(ring, v128.xor(v128.load(from), i32x4.replace_lane(i32x4.splat(0), 0, register)))
  let p = from + 16
  let r = ring + 16
  while (true) {
    const left = end - p
    const room = ring + CRC_PIECE - r
    const stop = p + (left < room ? left : room)
    for (; p < stop; p += 16, r += 16) v128.store(r, v128.xor(v128.load(p), added(r)))
    if (p == end) break
    memory.copy(scratch, r - CRC_ROOM, CRC_ROOM)
    r = ring
  }
  memory.fill(r, 0, CRC_ROOM)
  const rest = bytes - folded
  const out = ring + CRC_PIECE + CRC_ROOM
  for (let i: usize = 0; i < rest; i += 16) v128.store(out + i, v128.xor(v128.load(p + i), added(r + i)))
  memory.copy(scratch, out, rest)
  return rest
}
