// Kernels that number strings: see intern.ts for what each promises.

@inline
function rotate(x: u32, bits: u32): u32 { return (x << bits) | (x >> (32 - bits)) }

@inline
function step(hash: u32, lane: u32): u32 { return rotate((hash ^ lane) * 0x85ebca6b, 13) }

/** From so many bytes on four chains are followed at once: one waits for each multiplication. */
const CHAINS_MIN: u32 = 32

function hashAt(at: usize, length: u32): u32 {
  let hash: u32 = length * 0x9e3779b1
  let i: u32 = 0
  if (length >= CHAINS_MIN) {
    let b = rotate(hash, 7)
    let c = rotate(hash, 15)
    let d = rotate(hash, 23)
    for (; i + 16 <= length; i += 16) {
      hash = step(hash, load<u32>(at + i))
      b = step(b, load<u32>(at + i, 4))
      c = step(c, load<u32>(at + i, 8))
      d = step(d, load<u32>(at + i, 12))
    }
    hash = step(step(step(hash, b), c), d)
  }
  for (; i + 4 <= length; i += 4) hash = step(hash, load<u32>(at + i))
  const rest = length - i
  if (rest != 0) hash = step(hash, load<u32>(at + i) & ((1 << (rest << 3)) - 1))
  hash ^= hash >> 16
  hash *= 0xc2b2ae35
  return hash ^ (hash >> 15)
}

function isEqual(a: usize, b: usize, length: u32): bool {
  let i: u32 = 0
  for (; i + 8 <= length; i += 8) if (load<u64>(a + i) != load<u64>(b + i)) return false
  const rest = length - i
  if (rest == 0) return true
  const mask: u64 = (<u64>1 << <u64>(rest << 3)) - 1
  return (load<u64>(a + i) & mask) == (load<u64>(b + i) & mask)
}

/** Strings whose slots are looked at ahead: one alone would wait for memory three times. */
const AHEAD: u32 = 64
/** Up to so many slots stay in the processor's cache. */
const NEAR_MASK: u32 = 0x7fff

/** Writes the hashes of strings [from, to), but for the first, to `codes`, and looks at what the set has
 * for each. */
function touchStrings(
  offsets: usize, bytes: usize, from: u32, to: u32, slots: usize, slotMask: u32, setOffsets: usize, setBytes: usize,
  codes: usize,
): void {
  let seen: u32 = 0
  for (let row = from; row < to; row++) {
    const start = load<u32>(offsets + (<usize>row << 2))
    const hash = hashAt(bytes + start, load<u32>(offsets + (<usize>row << 2), 4) - start)
    store<u32>(codes + (<usize>row << 2), hash)
    seen ^= load<u32>(slots + (<usize>(hash & slotMask) << 3))
  }
  for (let row = from; row < to; row++) {
    const place = slots + (<usize>(load<u32>(codes + (<usize>row << 2)) & slotMask) << 3)
    const taken = load<u32>(place, 4)
    seen ^= load<u32>(setOffsets + (<usize>(taken - <u32>(taken != 0)) << 2))
  }
  for (let row = from; row < to; row++) {
    const hash = load<u32>(codes + (<usize>row << 2))
    const place = slots + (<usize>(hash & slotMask) << 3)
    if (load<u32>(place) != hash) continue
    const taken = load<u32>(place, 4)
    seen ^= load<u32>(setBytes + load<u32>(setOffsets + (<usize>(taken - <u32>(taken != 0)) << 2)))
  }
  // Kept, so that looking is not left out.
  store<u32>(codes + (<usize>from << 2), seen)
}

export function internStrings(
  offsets: usize, bytes: usize, count: u32, slots: usize, slotMask: u32,
  setOffsets: usize, setBytes: usize, setCount: u32, codes: usize,
): u32 {
  let size = setCount
  const isFar = slotMask > NEAR_MASK
  for (let row: u32 = 0; row < count; row++) {
    const isFirst = row % AHEAD == 0
    if (isFar && isFirst) {
      touchStrings(offsets, bytes, row, row + AHEAD < count ? row + AHEAD : count, slots, slotMask, setOffsets, setBytes, codes)
    }
    const from = load<u32>(offsets + (<usize>row << 2))
    const length = load<u32>(offsets + (<usize>row << 2), 4) - from
    const at = bytes + from
    const hash = isFar && !isFirst ? load<u32>(codes + (<usize>row << 2)) : hashAt(at, length)
    let slot = hash & slotMask
    let code: u32 = 0
    for (;;) {
      const place = slots + (<usize>slot << 3)
      const taken = load<u32>(place, 4)
      if (taken == 0) {
        code = size++
        const end = load<u32>(setOffsets + (<usize>code << 2))
        memory.copy(setBytes + end, at, length)
        store<u32>(setOffsets + (<usize>code << 2), end + length, 4)
        store<u32>(place, hash)
        store<u32>(place, code + 1, 4)
        break
      }
      if (load<u32>(place) == hash) {
        code = taken - 1
        const start = load<u32>(setOffsets + (<usize>code << 2))
        if (load<u32>(setOffsets + (<usize>code << 2), 4) - start == length
          && isEqual(setBytes + start, at, length)) break
      }
      slot = (slot + 1) & slotMask
    }
    store<u32>(codes + (<usize>row << 2), code)
  }
  return size
}

export function linkStrings(setOffsets: usize, setBytes: usize, setCount: u32, slots: usize, slotMask: u32): void {
  let start = load<u32>(setOffsets)
  for (let code: u32 = 0; code < setCount; code++) {
    const end = load<u32>(setOffsets + (<usize>code << 2), 4)
    const hash = hashAt(setBytes + start, end - start)
    let place = slots + (<usize>(hash & slotMask) << 3)
    for (let slot = hash & slotMask; load<u32>(place, 4) != 0;) {
      slot = (slot + 1) & slotMask
      place = slots + (<usize>slot << 3)
    }
    store<u32>(place, hash)
    store<u32>(place, code + 1, 4)
    start = end
  }
}
