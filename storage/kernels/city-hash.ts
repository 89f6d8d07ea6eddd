// CityHash64 of version 1.0.2 (Geoff Pike and Jyrki Alakuijala, MIT), the one that ClickHouse keeps:
// what cityHash64() answers and uniq() samples strings by. The references of city-hash.as.ts.
// Invariant: all arithmetic is modulo 2^64.

import type { KernelMemory } from './kernel-memory.ts'

export type CityHashKernels = {
  /** The hashes (u64 at `target`) of `count` strings: bytes[offsets[i] .. offsets[i + 1]). */
  readonly cityHashes: (offsets: number, bytes: number, count: number, target: number) => void
  /** Their lower 32 bits (u32 at `target`) after the finalizer by which uniq() samples. */
  readonly citySamples: (offsets: number, bytes: number, count: number, target: number) => void
}

const K0 = 0xc3a5c85c97cb3127n
const K1 = 0xb492b66fbe98f273n
const K2 = 0x9ae16a3b2f90404fn
const K3 = 0xc949d7c7509e6557n
const KMUL = 0x9ddfea08eb382d69n
const MASK = 0xffffffffffffffffn

const u64 = (x: bigint): bigint => x & MASK
const rotate = (x: bigint, bits: bigint): bigint =>
  (bits === 0n ? x : (x >> bits) | u64(x << (64n - bits)))
const shiftMix = (x: bigint): bigint => x ^ (x >> 47n)

function fetch32(bytes: Uint8Array, at: number): bigint {
  return BigInt((bytes[at] | (bytes[at + 1] << 8) | (bytes[at + 2] << 16) | (bytes[at + 3] << 24)) >>> 0)
}

const fetch64 = (bytes: Uint8Array, at: number): bigint =>
  fetch32(bytes, at) | (fetch32(bytes, at + 4) << 32n)

/** Two 64-bit hashes as one. */
export function hash128to64(low: bigint, high: bigint): bigint {
  let a = u64((low ^ high) * KMUL)
  a ^= a >> 47n
  let b = u64((high ^ a) * KMUL)
  b ^= b >> 47n
  return u64(b * KMUL)
}

function upTo16(bytes: Uint8Array, at: number, length: number): bigint {
  if (length > 8) {
    const a = fetch64(bytes, at)
    const b = fetch64(bytes, at + length - 8)
    return hash128to64(a, rotate(u64(b + BigInt(length)), BigInt(length))) ^ b
  }
  if (length >= 4) {
    const a = fetch32(bytes, at)
    return hash128to64(u64(BigInt(length) + (a << 3n)), fetch32(bytes, at + length - 4))
  }
  if (length > 0) {
    const a = bytes[at]
    const b = bytes[at + (length >> 1)]
    const c = bytes[at + length - 1]
    const y = BigInt(a + (b << 8))
    const z = BigInt(length + (c << 2))
    return u64(shiftMix(u64(y * K2) ^ u64(z * K3)) * K2)
  }
  return K2
}

function upTo32(bytes: Uint8Array, at: number, length: number): bigint {
  const a = u64(fetch64(bytes, at) * K1)
  const b = fetch64(bytes, at + 8)
  const c = u64(fetch64(bytes, at + length - 8) * K2)
  const d = u64(fetch64(bytes, at + length - 16) * K0)
  return hash128to64(u64(rotate(u64(a - b), 43n) + rotate(c, 30n) + d),
    u64(a + rotate(b ^ K3, 20n) - c + BigInt(length)))
}

function upTo64(bytes: Uint8Array, at: number, length: number): bigint {
  const size = BigInt(length)
  const end = at + length
  let z = fetch64(bytes, at + 24)
  let a = u64(fetch64(bytes, at) + u64((size + fetch64(bytes, end - 16)) * K0))
  let b = rotate(u64(a + z), 52n)
  let c = rotate(a, 37n)
  a = u64(a + fetch64(bytes, at + 8))
  c = u64(c + rotate(a, 7n))
  a = u64(a + fetch64(bytes, at + 16))
  const vf = u64(a + z)
  const vs = u64(b + rotate(a, 31n) + c)
  a = u64(fetch64(bytes, at + 16) + fetch64(bytes, end - 32))
  z = fetch64(bytes, end - 8)
  b = rotate(u64(a + z), 52n)
  c = rotate(a, 37n)
  a = u64(a + fetch64(bytes, end - 24))
  c = u64(c + rotate(a, 7n))
  a = u64(a + fetch64(bytes, end - 16))
  const wf = u64(a + z)
  const ws = u64(b + rotate(a, 31n) + c)
  const r = shiftMix(u64((vf + ws) * K2 + (wf + vs) * K0))
  return u64(shiftMix(u64(r * K0 + vs)) * K2)
}

/** Weak hash of 32 bytes with two seeds. */
function weak32(bytes: Uint8Array, at: number, seedA: bigint, seedB: bigint): [bigint, bigint] {
  const w = fetch64(bytes, at)
  const x = fetch64(bytes, at + 8)
  const y = fetch64(bytes, at + 16)
  const z = fetch64(bytes, at + 24)
  let a = u64(seedA + w)
  let b = rotate(u64(seedB + a + z), 21n)
  const c = a
  a = u64(a + x + y)
  b = u64(b + rotate(a, 44n))
  return [u64(a + z), u64(b + c)]
}

/** The hash of bytes [start, end) as an unsigned 64-bit number. */
export function cityHash64(bytes: Uint8Array, start: number, end: number): bigint {
  const length = end - start
  if (length <= 16) return upTo16(bytes, start, length)
  if (length <= 32) return upTo32(bytes, start, length)
  if (length <= 64) return upTo64(bytes, start, length)
  let x = fetch64(bytes, start)
  let y = fetch64(bytes, end - 16) ^ K1
  let z = fetch64(bytes, end - 56) ^ K0
  let v = weak32(bytes, end - 64, BigInt(length), y)
  let w = weak32(bytes, end - 32, u64(BigInt(length) * K1), K0)
  z = u64(z + u64(shiftMix(v[1]) * K1))
  x = u64(rotate(u64(z + x), 39n) * K1)
  y = u64(rotate(y, 33n) * K1)
  let at = start
  for (let rest = (length - 1) & ~63; rest !== 0; rest -= 64) {
    x = u64(rotate(u64(x + y + v[0] + fetch64(bytes, at + 16)), 37n) * K1)
    y = u64(rotate(u64(y + v[1] + fetch64(bytes, at + 48)), 42n) * K1)
    x ^= w[1]
    y ^= v[0]
    z = rotate(z ^ w[0], 33n)
    v = weak32(bytes, at, u64(v[1] * K1), u64(x + w[0]))
    w = weak32(bytes, at + 32, u64(z + w[1]), y)
    ;[z, x] = [x, z]
    at += 64
  }
  return hash128to64(u64(hash128to64(v[0], w[0]) + u64(shiftMix(y) * K1) + z),
    u64(hash128to64(v[1], w[1]) + x))
}

/** The 32 bits of a 64-bit hash that uniq() samples by: murmur's finalizer. */
export function sampleOf(hash: bigint): number {
  let mixed = u64((hash ^ (hash >> 33n)) * 0xff51afd7ed558ccdn)
  mixed = u64((mixed ^ (mixed >> 33n)) * 0xc4ceb9fe1a85ec53n)
  return Number((mixed ^ (mixed >> 33n)) & 0xffffffffn)
}

export function cityHashReference(work: KernelMemory): CityHashKernels {
  const { u8, u32 } = work
  const hashOf = (offsets: number, bytes: number, row: number): bigint =>
    cityHash64(u8, bytes + u32[offsets / 4 + row], bytes + u32[offsets / 4 + row + 1])
  return {
    cityHashes(offsets, bytes, count, target) {
      const out = new BigUint64Array(work.buffer, target, count)
      for (let row = 0; row < count; row++) out[row] = hashOf(offsets, bytes, row)
    },
    citySamples(offsets, bytes, count, target) {
      for (let row = 0; row < count; row++) u32[target / 4 + row] = sampleOf(hashOf(offsets, bytes, row))
    },
  }
}
