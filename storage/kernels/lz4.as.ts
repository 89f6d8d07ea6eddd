// The kernel that unpacks an LZ4 block: see lz4.ts for what it promises.

/** Copies `count` bytes sixteen at a time: up to 15 more are read and written. */
@inline
function copySixteens(from: usize, to: usize, count: usize): void {
  let at: usize = 0
  do {
    v128.store(to + at, v128.load(from + at))
    at += 16
  } while (at < count)
}

/** Copies what was written `offset` before: bytes repeat where the two overlap. */
@inline
function copyMatch(to: usize, offset: usize, count: usize): void {
  const from = to - offset
  if (offset >= 16) {
    copySixteens(from, to, count)
    return
  }
  if (offset >= 8) {
    for (let at: usize = 0; at < count; at += 8) store<u64>(to + at, load<u64>(from + at))
    return
  }
  for (let at: usize = 0; at < count; at++) store<u8>(to + at, load<u8>(from + at))
}

export function unpackLz4(source: usize, sourceBytes: u32, target: usize, targetBytes: u32): u32 {
  const sourceEnd = source + sourceBytes
  const targetEnd = target + targetBytes
  let from = source
  let to = target
  while (from < sourceEnd) {
    const token = <u32>load<u8>(from++)
    let literals = <usize>(token >> 4)
    if (literals == 15) {
      let more: u32 = 255
      while (more == 255) {
        if (from >= sourceEnd) return 0
        more = <u32>load<u8>(from++)
        literals += more
      }
    }
    if (literals > sourceEnd - from || literals > targetEnd - to) return 0
    if (literals != 0) copySixteens(from, to, literals)
    from += literals
    to += literals
    if (from == sourceEnd) return to == targetEnd ? 1 : 0
    if (sourceEnd - from < 2) return 0
    const offset = <usize>load<u16>(from)
    from += 2
    if (offset == 0 || offset > to - target) return 0
    let length = <usize>(token & 15) + 4
    if (length == 19) {
      let more: u32 = 255
      while (more == 255) {
        if (from >= sourceEnd) return 0
        more = <u32>load<u8>(from++)
        length += more
      }
    }
    if (length > targetEnd - to) return 0
    copyMatch(to, offset, length)
    to += length
  }
  return 0
}
