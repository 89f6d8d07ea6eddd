// CityHash64 of version 1.0.2 for columns of strings: see city-hash.ts for what is promised.

const K0: u64 = 0xc3a5c85c97cb3127
const K1: u64 = 0xb492b66fbe98f273
const K2: u64 = 0x9ae16a3b2f90404f
const K3: u64 = 0xc949d7c7509e6557
const KMUL: u64 = 0x9ddfea08eb382d69

@inline
function shiftMix(x: u64): u64 { return x ^ (x >> 47) }

function hash128to64(low: u64, high: u64): u64 {
  const a = shiftMix((low ^ high) * KMUL)
  return shiftMix((high ^ a) * KMUL) * KMUL
}

function upTo16(at: usize, length: u32): u64 {
  if (length > 8) {
    const a = load<u64>(at)
    const b = load<u64>(at + length - 8)
    return hash128to64(a, rotr<u64>(b + length, length)) ^ b
  }
  if (length >= 4) {
    return hash128to64(<u64>length + (<u64>load<u32>(at) << 3), load<u32>(at + length - 4))
  }
  if (length > 0) {
    const y = <u32>load<u8>(at) + (<u32>load<u8>(at + (length >> 1)) << 8)
    const z = length + (<u32>load<u8>(at + length - 1) << 2)
    return shiftMix(<u64>y * K2 ^ <u64>z * K3) * K2
  }
  return K2
}

function upTo32(at: usize, length: u32): u64 {
  const a = load<u64>(at) * K1
  const b = load<u64>(at + 8)
  const c = load<u64>(at + length - 8) * K2
  const d = load<u64>(at + length - 16) * K0
  return hash128to64(rotr<u64>(a - b, 43) + rotr<u64>(c, 30) + d, a + rotr<u64>(b ^ K3, 20) - c + length)
}

function upTo64(at: usize, length: u32): u64 {
  const end = at + length
  let z = load<u64>(at + 24)
  let a = load<u64>(at) + (<u64>length + load<u64>(end - 16)) * K0
  let b = rotr<u64>(a + z, 52)
  let c = rotr<u64>(a, 37)
  a += load<u64>(at + 8)
  c += rotr<u64>(a, 7)
  a += load<u64>(at + 16)
  const vf = a + z
  const vs = b + rotr<u64>(a, 31) + c
  a = load<u64>(at + 16) + load<u64>(end - 32)
  z = load<u64>(end - 8)
  b = rotr<u64>(a + z, 52)
  c = rotr<u64>(a, 37)
  a += load<u64>(end - 24)
  c += rotr<u64>(a, 7)
  a += load<u64>(end - 16)
  const wf = a + z
  const ws = b + rotr<u64>(a, 31) + c
  const r = shiftMix((vf + ws) * K2 + (wf + vs) * K0)
  return shiftMix(r * K0 + vs) * K2
}

function longer(start: usize, length: u32): u64 {
  const end = start + length
  let x = load<u64>(start)
  let y = load<u64>(end - 16) ^ K1
  let z = load<u64>(end - 56) ^ K0
  // Two weak hashes of 32 bytes each, (v0, v1) and (w0, w1), written out: no pairs in linear memory.
  let a: u64 = <u64>length + load<u64>(end - 64)
  let b = rotr<u64>(y + a + load<u64>(end - 40), 21)
  let c = a
  a += load<u64>(end - 56) + load<u64>(end - 48)
  b += rotr<u64>(a, 44)
  let v0 = a + load<u64>(end - 40)
  let v1 = b + c
  a = <u64>length * K1 + load<u64>(end - 32)
  b = rotr<u64>(K0 + a + load<u64>(end - 8), 21)
  c = a
  a += load<u64>(end - 24) + load<u64>(end - 16)
  b += rotr<u64>(a, 44)
  let w0 = a + load<u64>(end - 8)
  let w1 = b + c
  z += shiftMix(v1) * K1
  x = rotr<u64>(z + x, 39) * K1
  y = rotr<u64>(y, 33) * K1
  let at = start
  for (let rest = (length - 1) & ~63; rest != 0; rest -= 64) {
    x = rotr<u64>(x + y + v0 + load<u64>(at + 16), 37) * K1
    y = rotr<u64>(y + v1 + load<u64>(at + 48), 42) * K1
    x ^= w1
    y ^= v0
    z = rotr<u64>(z ^ w0, 33)
    a = v1 * K1 + load<u64>(at)
    b = rotr<u64>(x + w0 + a + load<u64>(at + 24), 21)
    c = a
    a += load<u64>(at + 8) + load<u64>(at + 16)
    b += rotr<u64>(a, 44)
    v0 = a + load<u64>(at + 24)
    v1 = b + c
    a = z + w1 + load<u64>(at + 32)
    b = rotr<u64>(y + a + load<u64>(at + 56), 21)
    c = a
    a += load<u64>(at + 40) + load<u64>(at + 48)
    b += rotr<u64>(a, 44)
    w0 = a + load<u64>(at + 56)
    w1 = b + c
    const swapped = z
    z = x
    x = swapped
    at += 64
  }
  return hash128to64(hash128to64(v0, w0) + shiftMix(y) * K1 + z, hash128to64(v1, w1) + x)
}

function cityHash(at: usize, length: u32): u64 {
  if (length <= 16) return upTo16(at, length)
  if (length <= 32) return upTo32(at, length)
  return length <= 64 ? upTo64(at, length) : longer(at, length)
}

export function cityHashes(offsets: usize, bytes: usize, count: u32, target: usize): void {
  for (let row: u32 = 0; row < count; row++) {
    const from = load<u32>(offsets + (<usize>row << 2))
    const length = load<u32>(offsets + (<usize>row << 2), 4) - from
    store<u64>(target + (<usize>row << 3), cityHash(bytes + from, length))
  }
}

export function citySamples(offsets: usize, bytes: usize, count: u32, target: usize): void {
  for (let row: u32 = 0; row < count; row++) {
    const from = load<u32>(offsets + (<usize>row << 2))
    const length = load<u32>(offsets + (<usize>row << 2), 4) - from
    let hash = cityHash(bytes + from, length)
    hash = (hash ^ (hash >> 33)) * 0xff51afd7ed558ccd
    hash = (hash ^ (hash >> 33)) * 0xc4ceb9fe1a85ec53
    store<u32>(target + (<usize>row << 2), <u32>(hash ^ (hash >> 33)))
  }
}
