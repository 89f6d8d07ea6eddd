// FarmHash (Geoff Pike, Google; the xo, na and uo mixes) and MetroHash64 (J. Andrew Rogers) over bytes.
// Invariant: bit-exact with ClickHouse; all arithmetic is modulo 2^64.

import { FunctionError } from '../values/function.ts'

const M64 = 0xffffffffffffffffn
const K0 = 0xc3a5c85c97cb3127n
const K1 = 0xb492b66fbe98f273n
const K2 = 0x9ae16a3b2f90404fn

const cut = (x: bigint): bigint => x & M64
const right = (x: bigint, n: bigint): bigint => ((x >> n) | (x << (64n - n))) & M64
const shiftMix = (x: bigint): bigint => x ^ (x >> 47n)

function pairHash(u: bigint, v: bigint, mul: bigint): bigint {
  const a = shiftMix(cut((u ^ v) * mul))
  return cut(shiftMix(cut((v ^ a) * mul)) * mul)
}

/** Words of the bytes, low byte first. */
class Words {
  readonly size: number
  private readonly view: DataView
  readonly bytes: Uint8Array
  constructor(bytes: Uint8Array) {
    this.bytes = bytes
    this.size = bytes.length
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
  }
  at(offset: number): bigint { return this.view.getBigUint64(offset, true) }
  half(offset: number): bigint { return BigInt(this.view.getUint32(offset, true)) }
  short(offset: number): bigint { return BigInt(this.view.getUint16(offset, true)) }
}

function upTo16(words: Words): bigint {
  const { size, bytes } = words
  const mul = cut(K2 + BigInt(size * 2))
  if (size >= 8) {
    const a = cut(words.at(0) + K2)
    const b = words.at(size - 8)
    return pairHash(cut(right(b, 37n) * mul + a), cut((right(a, 25n) + b) * mul), mul)
  }
  if (size >= 4) return pairHash(cut(BigInt(size) + (words.half(0) << 3n)), words.half(size - 4), mul)
  if (size === 0) return K2
  const y = BigInt(bytes[0] + (bytes[size >> 1] << 8))
  const z = BigInt(size + (bytes[size - 1] << 2))
  return cut(shiftMix(cut(y * K2) ^ cut(z * K0)) * K2)
}

/** The words that a hash of 17 to 64 bytes begins with. */
function ends(words: Words, mul: bigint): readonly [y: bigint, v: bigint, a: bigint] {
  const { size } = words
  const a = cut(words.at(0) * K1)
  const b = words.at(8)
  const c = cut(words.at(size - 8) * mul)
  const d = cut(words.at(size - 16) * K2)
  return [cut(right(cut(a + b), 43n) + right(c, 30n) + d), cut(a + right(cut(b + K2), 18n) + c), a]
}

function upTo32(words: Words): bigint {
  const mul = cut(K2 + BigInt(words.size * 2))
  const [y, v] = ends(words, mul)
  return pairHash(y, v, mul)
}

type Pair = readonly [bigint, bigint]

function weak(words: Words, at: number, seedA: bigint, seedB: bigint): Pair {
  const [w, x, y, z] = [words.at(at), words.at(at + 8), words.at(at + 16), words.at(at + 24)]
  const a = cut(seedA + w)
  const b = right(cut(seedB + a + z), 21n)
  const sum = cut(a + x + y)
  return [cut(sum + z), cut(b + right(sum, 44n) + a)]
}

function na33to64(words: Words): bigint {
  const { size } = words
  const mul = cut(K2 + BigInt(size * 2))
  const a = cut(words.at(0) * K2)
  const b = words.at(8)
  const c = cut(words.at(size - 8) * mul)
  const d = cut(words.at(size - 16) * K2)
  const y = cut(right(cut(a + b), 43n) + right(c, 30n) + d)
  const z = pairHash(y, cut(a + right(cut(b + K2), 18n) + c), mul)
  const e = cut(words.at(16) * mul)
  const f = words.at(24)
  const g = cut((y + words.at(size - 32)) * mul)
  const h = cut((z + words.at(size - 24)) * mul)
  return pairHash(cut(right(cut(e + f), 43n) + right(g, 30n) + h), cut(e + right(cut(f + a), 18n) + g), mul)
}

const SEED = 81n

/** farmhashna: the fingerprint. */
/** Two fingerprints as one. */
export function farmFingerprint128(low: bigint, high: bigint): bigint {
  const multiplier = 0x9ddfea08eb382d69n
  const wrap = (x: bigint): bigint => BigInt.asUintN(64, x)
  let a = wrap((low ^ high) * multiplier)
  a ^= a >> 47n
  let b = wrap((high ^ a) * multiplier)
  b = wrap((b ^ (b >> 44n)) * multiplier)
  return wrap((b ^ (b >> 41n)) * multiplier)
}

export function farmFingerprint64(bytes: Uint8Array): bigint {
  const words = new Words(bytes)
  if (words.size <= 16) return upTo16(words)
  if (words.size <= 32) return upTo32(words)
  return words.size <= 64 ? na33to64(words) : naLong(words)
}

function naLong(words: Words): bigint {
  const { size } = words
  let y = cut(SEED * K1 + 113n)
  let z = cut(shiftMix(cut(y * K2 + 113n)) * K2)
  let x = cut(SEED * K2 + words.at(0))
  let v: Pair = [0n, 0n]
  let w: Pair = [0n, 0n]
  const end = Math.floor((size - 1) / 64) * 64
  const step = (at: number, mul: bigint, isLast: boolean): void => {
    const nine = isLast ? 9n : 1n
    x = cut(right(cut(x + y + v[0] + words.at(at + 8)), 37n) * mul)
    y = cut(right(cut(y + v[1] + words.at(at + 48)), 42n) * mul)
    x ^= cut(w[1] * nine)
    y = cut(y + v[0] * nine + words.at(at + 40))
    z = cut(right(cut(z + w[0]), 33n) * mul)
    v = weak(words, at, cut(v[1] * mul), cut(x + w[0]))
    w = weak(words, at + 32, cut(z + w[1]), cut(y + words.at(at + 16)))
    ;[z, x] = [x, z]
  }
  for (let at = 0; at < end; at += 64) step(at, K1, false)
  const mul = cut(K1 + ((z & 0xffn) << 1n))
  const rest = cut(w[0] + BigInt((size - 1) & 63))
  const first = cut(v[0] + rest)
  v = [first, v[1]]
  w = [cut(rest + first), w[1]]
  step(size - 64, mul, true)
  return pairHash(cut(pairHash(v[0], w[0], mul) + shiftMix(y) * K0 + z), cut(pairHash(v[1], w[1], mul) + x), mul)
}

function xo32(words: Words, at: number, mul: bigint, seeds: Pair = [0n, 0n]): bigint {
  const a = cut(words.at(at) * K1)
  const b = words.at(at + 8)
  const c = cut(words.at(at + 24) * mul)
  const d = cut(words.at(at + 16) * K2)
  const u = cut(right(cut(a + b), 43n) + right(c, 30n) + d + seeds[0])
  const v = cut(a + right(cut(b + K2), 18n) + c + seeds[1])
  const mixed = shiftMix(cut((u ^ v) * mul))
  return shiftMix(cut((v ^ mixed) * mul))
}

export function farmHash64(bytes: Uint8Array): bigint {
  const size = bytes.length
  if (size >= 512) {
    throw new FunctionError('not supported yet: farmHash64 of texts of 512 bytes and more; use cityHash64', 'NOT_IMPLEMENTED')
  }
  if (size <= 32 || (size > 96 && size <= 256)) return farmFingerprint64(bytes)
  const words = new Words(bytes)
  if (size > 256) return uoLong(words)
  const least = size <= 64 ? cut(K2 - 30n) : cut(K2 - 114n)
  const mul = cut(least + BigInt(2 * size))
  const h0 = xo32(words, 0, least)
  if (size <= 64) return cut((xo32(words, size - 32, mul) * mul + h0) * mul)
  const h1 = xo32(words, 32, mul)
  const h2 = xo32(words, size - 32, mul, [h0, h1])
  return cut((h2 * 9n + (h0 >> 17n) + (h1 >> 21n)) * mul)
}

function uoMix(x: bigint, y: bigint, mul: bigint, r: bigint): bigint {
  const a = shiftMix(cut((x ^ y) * mul))
  return cut(right(cut((y ^ a) * mul), r) * mul)
}

/** farmhashuo with the seeds 81 and 0. */
function uoLong(words: Words): bigint {
  const { size } = words
  let [x, y] = [SEED, 113n]
  let z = cut(shiftMix(cut(y * K2)) * K2)
  let [v0, v1, w0, w1] = [SEED, 0n, 0n, 0n]
  let u = cut(x - z)
  x = cut(x * K2)
  const mul = cut(K2 + (u & 0x82n))
  const end = Math.floor((size - 1) / 64) * 64
  for (let at = 0; at < end; at += 64) {
    const a = [0, 8, 16, 24, 32, 40, 48, 56].map((offset) => words.at(at + offset))
    x = cut(right(cut(x + a[0] + a[1]), 26n) * 9n)
    y = right(cut(y + a[2]), 29n)
    z = cut((z + a[3]) * mul)
    v0 = right(cut(v0 + a[4]), 33n)
    v1 = right(cut(v1 + a[5] + a[1]), 30n)
    w0 = cut((cut(w0 + a[6]) ^ x) * 9n)
    z = cut(right(z, 32n) + cut(w1 + a[7]))
    w1 = cut(w1 + a[7] + z)
    z = cut(z * 9n)
    ;[u, y] = [y, u]
    z = cut(z + a[0] + a[6])
    v0 = cut(v0 + a[2])
    v1 = cut(v1 + a[3])
    w0 = cut(w0 + a[4])
    w1 = cut(w1 + a[5] + a[6])
    x = cut(x + a[1])
    y = cut(y + a[7] + v0)
    v0 = cut(v0 + x - y)
    v1 = cut(v1 + w0)
    w0 = cut(w0 + v1)
    w1 = cut(w1 + x - y)
    x = cut(x + w1)
    w1 = right(w1, 34n)
    ;[u, z] = [z, u]
  }
  return uoEnd(words, [x, y, z, u], [v0, v1], [w0, w1], mul)
}

function uoEnd(words: Words, state: readonly bigint[], pairV: Pair, pairW: Pair, mul: bigint): bigint {
  const at = words.size - 64
  let [x, y, z, u] = state
  u = cut(u * 9n)
  const v1 = right(pairV[1], 28n)
  const v0 = right(pairV[0], 20n)
  const w0 = cut(pairW[0] + BigInt((words.size - 1) & 63))
  u = cut(u + y)
  y = cut(y + u)
  x = cut(right(cut(y - x + v0 + words.at(at + 8)), 37n) * mul)
  y = cut(right(y ^ v1 ^ words.at(at + 48), 42n) * mul)
  x ^= cut(pairW[1] * 9n)
  y = cut(y + v0 + words.at(at + 40))
  z = cut(right(cut(z + w0), 33n) * mul)
  const v = weak(words, at, cut(v1 * mul), cut(x + w0))
  const w = weak(words, at + 32, cut(z + pairW[1]), cut(y + words.at(at + 16)))
  return uoMix(cut(pairHash(cut(v[0] + x), w[0] ^ y, mul) + z - u), uoMix(cut(v[1] + y), cut(w[1] + z), K2, 30n) ^ x, K2, 31n)
}

const METRO = [0xc83a91e1n, 0x8648dbdbn, 0x7bdec03bn, 0x2f5870a5n] as const

/** metrohash64_1 with the seed 0. */
export function metroHash64(bytes: Uint8Array): bigint {
  const words = new Words(bytes)
  const [k0, k1, k2, k3] = METRO
  let hash = cut(k2 * k0 + BigInt(words.size))
  let at = 0
  if (words.size >= 32) {
    const v = [hash, hash, hash, hash]
    for (; at + 32 <= words.size; at += 32) {
      for (let i = 0; i < 4; i++) v[i] = cut(right(cut(v[i] + words.at(at + 8 * i) * METRO[i]), 29n) + v[(i + 2) % 4])
    }
    v[2] ^= cut(right(cut((v[0] + v[3]) * k0 + v[1]), 33n) * k1)
    v[3] ^= cut(right(cut((v[1] + v[2]) * k1 + v[0]), 33n) * k0)
    v[0] ^= cut(right(cut((v[0] + v[2]) * k0 + v[3]), 33n) * k1)
    v[1] ^= cut(right(cut((v[1] + v[3]) * k1 + v[2]), 33n) * k0)
    hash = cut(hash + (v[0] ^ v[1]))
  }
  if (words.size - at >= 16) {
    let v0 = cut(right(cut(hash + words.at(at) * k0), 33n) * k1)
    let v1 = cut(right(cut(hash + words.at(at + 8) * k1), 33n) * k2)
    v0 ^= cut(right(cut(v0 * k0), 35n) + v1)
    v1 ^= cut(right(cut(v1 * k3), 35n) + v0)
    hash = cut(hash + v1)
    at += 16
  }
  const tail = (word: bigint, bits: bigint, size: number): void => {
    hash = cut(hash + word * k3)
    hash ^= cut(right(hash, bits) * k1)
    at += size
  }
  if (words.size - at >= 8) tail(words.at(at), 33n, 8)
  if (words.size - at >= 4) tail(words.half(at), 15n, 4)
  if (words.size - at >= 2) tail(words.short(at), 13n, 2)
  if (words.size - at >= 1) tail(BigInt(bytes[at]), 25n, 1)
  hash ^= right(hash, 33n)
  hash = cut(hash * k0)
  return hash ^ right(hash, 33n)
}
