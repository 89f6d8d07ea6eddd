// Kernels for keys of 128 bits: see keys.ts for what each promises.

import { packUuids } from './strings.as'

@inline
function turn(x: u32, bits: u32): u32 { return (x << bits) | (x >> (32 - bits)) }

@inline
function finalize(h: u32): u32 {
  let x = (h ^ (h >> 16)) * 0x85ebca6b
  x = (x ^ (x >> 13)) * 0xc2b2ae35
  return x ^ (x >> 16)
}

/** Up to four bytes of the last `rest` at `at`; zeros beyond. */
@inline
function tailWord(at: usize, rest: i32): u32 {
  if (rest <= 0) return 0
  const word = load<u32>(at)
  return rest >= 4 ? word : word & ((<u32>1 << (<u32>rest << 3)) - 1)
}

function hashInto(from: usize, length: u32, target: usize): void {
  let a: u32 = 0x9747b28c
  let b: u32 = 0x3c6ef372
  let c: u32 = 0x78dde6e4
  let d: u32 = 0x1b873593
  let at = from
  let rest = <i32>length
  for (; rest >= 16; rest -= 16) {
    a = (turn(a ^ (turn(load<u32>(at) * 0x239b961b, 15) * 0xab0e9789), 19) + b) * 5 + 0x561ccd1b
    b = (turn(b ^ (turn(load<u32>(at, 4) * 0xab0e9789, 16) * 0x38b34ae5), 17) + c) * 5 + 0x0bcaa747
    c = (turn(c ^ (turn(load<u32>(at, 8) * 0x38b34ae5, 17) * 0xa1e38b93), 15) + d) * 5 + 0x96cd1c35
    d = (turn(d ^ (turn(load<u32>(at, 12) * 0xa1e38b93, 18) * 0x239b961b), 13) + a) * 5 + 0x32ac3b17
    at += 16
  }
  a ^= turn(tailWord(at, rest) * 0x239b961b, 15) * 0xab0e9789
  b ^= turn(tailWord(at + 4, rest - 4) * 0xab0e9789, 16) * 0x38b34ae5
  c ^= turn(tailWord(at + 8, rest - 8) * 0x38b34ae5, 17) * 0xa1e38b93
  d ^= turn(tailWord(at + 12, rest - 12) * 0xa1e38b93, 18) * 0x239b961b
  a ^= length
  b ^= length
  c ^= length
  d ^= length
  a += b + c + d
  b += a
  c += a
  d += a
  a = finalize(a)
  b = finalize(b)
  c = finalize(c)
  d = finalize(d)
  a += b + c + d
  store<u32>(target, a)
  store<u32>(target, b + a, 4)
  store<u32>(target, c + a, 8)
  store<u32>(target, d + a, 12)
}

export function stringKeys(offsets: usize, bytes: usize, count: u32, target: usize): void {
  for (let i: u32 = 0; i < count; i++) {
    const place = offsets + (<usize>i << 2)
    const to = target + (<usize>i << 4)
    const from = load<u32>(place)
    const length = load<u32>(place, 4) - from
    if (length == 36 && packUuids(place, bytes, 1, to) == 1) continue
    hashInto(bytes + from, length, to)
  }
}

export function internKeys(
  keys: usize, count: u32, slots: usize, mask: u32, known: usize, size: u32, isNew: u32, codes: usize,
): u32 {
  for (let i: u32 = 0; i < count; i++) {
    const key = keys + (<usize>i << 4)
    const low = load<u64>(key)
    const high = load<u64>(key, 8)
    let hash = (low ^ (low >> 32)) * 0x9e3779b97f4a7c15 ^ high
    hash = (hash ^ (hash >> 32)) * 0xbf58476d1ce4e5b9
    let slot = <u32>(hash >> 32) & mask
    // There are more slots than codes: the bits above a code are the hash's, so that another key is seldom looked at.
    const mark = <u32>hash & ~mask
    let code: u32 = 0
    for (;;) {
      const place = slots + (<usize>slot << 2)
      const taken = load<u32>(place)
      if (taken == 0) {
        code = 0xffffffff
        if (isNew == 0) break
        code = size++
        const at = known + (<usize>code << 4)
        store<u64>(at, low)
        store<u64>(at, high, 8)
        store<u32>(place, mark | (code + 1))
        break
      }
      if ((taken & ~mask) == mark) {
        code = (taken & mask) - 1
        const at = known + (<usize>code << 4)
        if (load<u64>(at) == low && load<u64>(at, 8) == high) break
      }
      slot = (slot + 1) & mask
    }
    store<u32>(codes + (<usize>i << 2), code)
  }
  return size
}

export function internNumbers(
  keys: usize, count: u32, slots: usize, mask: u32, known: usize, size: u32, isNew: u32, codes: usize,
): u32 {
  for (let i: u32 = 0; i < count; i++) {
    const key = load<u32>(keys + (<usize>i << 2))
    let slot = (key ^ (key >> 15)) * 0x9e3779b1
    slot = (slot ^ (slot >> 16)) & mask
    let code: u32 = 0
    for (;;) {
      const place = slots + (<usize>slot << 2)
      const taken = load<u32>(place)
      if (taken == 0) {
        code = 0xffffffff
        if (isNew == 0) break
        code = size++
        store<u32>(known + (<usize>code << 2), key)
        store<u32>(place, code + 1)
        break
      }
      code = taken - 1
      if (load<u32>(known + (<usize>code << 2)) == key) break
      slot = (slot + 1) & mask
    }
    store<u32>(codes + (<usize>i << 2), code)
  }
  return size
}
