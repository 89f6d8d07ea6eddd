// Hashes that ClickHouse knows, over bytes: xxHash, MurmurHash, Java's and Hive's.
// Invariant: bit-exact with ClickHouse; test/cases/functions/hashes.sql compares them.

import { bytesOfWords } from './sip-hash.ts'

const M64 = 0xffffffffffffffffn
const rotl = (x: bigint, n: bigint): bigint => ((x << n) | (x >> (64n - n))) & M64
const rotl32 = (x: number, n: number): number => (x << n) | (x >>> (32 - n))

const viewOf = (bytes: Uint8Array): DataView => new DataView(bytes.buffer, bytes.byteOffset, bytes.length)

/** The bucket of a hash (Lamping and Veach's jump consistent hash). */
export function jumpBucket(hash: bigint, buckets: number): number {
  let key = hash
  let [bucket, next] = [-1, 0]
  while (next < buckets) {
    bucket = next
    key = (key * 2862933555777941757n + 1n) & M64
    next = Math.floor((bucket + 1) * (2147483648 / (Number(key >> 33n) + 1)))
  }
  return bucket
}

const P32 = [2654435761, 2246822519, 3266489917, 668265263, 374761393] as const

export function xxHash32(bytes: Uint8Array): number {
  const view = viewOf(bytes)
  const size = bytes.length
  let at = 0
  let hash: number
  if (size >= 16) {
    const v = [(P32[0] + P32[1]) | 0, P32[1] | 0, 0, -P32[0] | 0]
    for (; at + 16 <= size; at += 16) {
      for (let i = 0; i < 4; i++) {
        v[i] = Math.imul(rotl32((v[i] + Math.imul(view.getUint32(at + 4 * i, true), P32[1])) | 0, 13), P32[0])
      }
    }
    hash = (rotl32(v[0], 1) + rotl32(v[1], 7) + rotl32(v[2], 12) + rotl32(v[3], 18)) | 0
  } else {
    hash = P32[4] | 0
  }
  hash = (hash + size) | 0
  for (; at + 4 <= size; at += 4) {
    hash = Math.imul(rotl32((hash + Math.imul(view.getUint32(at, true), P32[2])) | 0, 17), P32[3])
  }
  for (; at < size; at++) hash = Math.imul(rotl32((hash + Math.imul(bytes[at], P32[4])) | 0, 11), P32[0])
  hash = Math.imul(hash ^ (hash >>> 15), P32[1])
  hash = Math.imul(hash ^ (hash >>> 13), P32[2])
  return (hash ^ (hash >>> 16)) >>> 0
}

const P64 = [11400714785074694791n, 14029467366897019727n, 1609587929392839161n, 9650029242287828579n,
  2870177450012600261n] as const

const round64 = (acc: bigint, word: bigint): bigint => (rotl((acc + word * P64[1]) & M64, 31n) * P64[0]) & M64

export function xxHash64(bytes: Uint8Array, seed = 0n): bigint {
  const view = viewOf(bytes)
  const size = bytes.length
  let at = 0
  let hash: bigint
  if (size >= 32) {
    const v = [(seed + P64[0] + P64[1]) & M64, (seed + P64[1]) & M64, seed, (seed - P64[0]) & M64]
    for (; at + 32 <= size; at += 32) {
      for (let i = 0; i < 4; i++) v[i] = round64(v[i], view.getBigUint64(at + 8 * i, true))
    }
    hash = (rotl(v[0], 1n) + rotl(v[1], 7n) + rotl(v[2], 12n) + rotl(v[3], 18n)) & M64
    for (const part of v) hash = ((hash ^ round64(0n, part)) * P64[0] + P64[3]) & M64
  } else {
    hash = seed + P64[4]
  }
  hash = (hash + BigInt(size)) & M64
  for (; at + 8 <= size; at += 8) {
    hash = (rotl(hash ^ round64(0n, view.getBigUint64(at, true)), 27n) * P64[0] + P64[3]) & M64
  }
  if (at + 4 <= size) {
    hash = (rotl(hash ^ ((BigInt(view.getUint32(at, true)) * P64[0]) & M64), 23n) * P64[1] + P64[2]) & M64
    at += 4
  }
  for (; at < size; at++) hash = (rotl(hash ^ ((BigInt(bytes[at]) * P64[4]) & M64), 11n) * P64[0]) & M64
  hash = ((hash ^ (hash >> 33n)) * P64[1]) & M64
  hash = ((hash ^ (hash >> 29n)) * P64[2]) & M64
  return hash ^ (hash >> 32n)
}

export function murmurHash2x32(bytes: Uint8Array, seed = 0): number {
  const m = 0x5bd1e995
  const view = viewOf(bytes)
  const size = bytes.length
  let hash = seed ^ size
  let at = 0
  for (; at + 4 <= size; at += 4) {
    let k = Math.imul(view.getInt32(at, true), m)
    k = Math.imul(k ^ (k >>> 24), m)
    hash = Math.imul(hash, m) ^ k
  }
  for (let i = size - at - 1; i >= 0; i--) hash ^= bytes[at + i] << (8 * i)
  if (at < size) hash = Math.imul(hash, m)
  hash = Math.imul(hash ^ (hash >>> 13), m)
  return (hash ^ (hash >>> 15)) >>> 0
}

export function murmurHash2x64(bytes: Uint8Array, seed = 0n): bigint {
  const m = 0xc6a4a7935bd1e995n
  const view = viewOf(bytes)
  const size = bytes.length
  let hash = seed ^ ((BigInt(size) * m) & M64)
  let at = 0
  for (; at + 8 <= size; at += 8) {
    let k = (view.getBigUint64(at, true) * m) & M64
    k = ((k ^ (k >> 47n)) * m) & M64
    hash = ((hash ^ k) * m) & M64
  }
  if (at < size) {
    for (let i = size - at - 1; i >= 0; i--) hash ^= BigInt(bytes[at + i]) << BigInt(8 * i)
    hash = (hash * m) & M64
  }
  hash = ((hash ^ (hash >> 47n)) * m) & M64
  return hash ^ (hash >> 47n)
}

export function murmurHash3x32(bytes: Uint8Array): number {
  const view = viewOf(bytes)
  const size = bytes.length
  const mix = (k: number): number => Math.imul(rotl32(Math.imul(k, 0xcc9e2d51), 15), 0x1b873593)
  let hash = 0
  let at = 0
  for (; at + 4 <= size; at += 4) {
    hash = (Math.imul(rotl32(hash ^ mix(view.getInt32(at, true)), 13), 5) + 0xe6546b64) | 0
  }
  let tail = 0
  for (let i = size - at - 1; i >= 0; i--) tail ^= bytes[at + i] << (8 * i)
  if (at < size) hash ^= mix(tail)
  hash ^= size
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
  return (hash ^ (hash >>> 16)) >>> 0
}

function final64(x: bigint): bigint {
  let h = ((x ^ (x >> 33n)) * 0xff51afd7ed558ccdn) & M64
  h = ((h ^ (h >> 33n)) * 0xc4ceb9fe1a85ec53n) & M64
  return h ^ (h >> 33n)
}

function murmur128(bytes: Uint8Array): readonly [bigint, bigint] {
  const [c1, c2] = [0x87c37b91114253d5n, 0x4cf5ad432745937fn]
  const view = viewOf(bytes)
  const size = bytes.length
  const mix1 = (k: bigint): bigint => (rotl((k * c1) & M64, 31n) * c2) & M64
  const mix2 = (k: bigint): bigint => (rotl((k * c2) & M64, 33n) * c1) & M64
  let [h1, h2] = [0n, 0n]
  let at = 0
  for (; at + 16 <= size; at += 16) {
    h1 = ((rotl(h1 ^ mix1(view.getBigUint64(at, true)), 27n) + h2) * 5n + 0x52dce729n) & M64
    h2 = ((rotl(h2 ^ mix2(view.getBigUint64(at + 8, true)), 31n) + h1) * 5n + 0x38495ab5n) & M64
  }
  let [k1, k2] = [0n, 0n]
  for (let i = size - at - 1; i >= 0; i--) {
    if (i >= 8) k2 |= BigInt(bytes[at + i]) << BigInt(8 * (i - 8))
    else k1 |= BigInt(bytes[at + i]) << BigInt(8 * i)
  }
  if (size - at > 8) h2 ^= mix2(k2)
  if (size > at) h1 ^= mix1(k1)
  h1 ^= BigInt(size)
  h2 ^= BigInt(size)
  h1 = (h1 + h2) & M64
  h2 = (h2 + h1) & M64
  h1 = final64(h1)
  h2 = final64(h2)
  h1 = (h1 + h2) & M64
  return [h1, (h2 + h1) & M64]
}

export function murmurHash3x64(bytes: Uint8Array): bigint {
  const [h1, h2] = murmur128(bytes)
  return h1 ^ h2
}

export const murmurHash3x128 = (bytes: Uint8Array): Uint8Array => bytesOfWords(...murmur128(bytes))

export function javaHash(bytes: Uint8Array): number {
  let hash = 0
  for (const byte of bytes) hash = (Math.imul(31, hash) + (byte << 24 >> 24)) | 0
  return hash
}

export const hiveHash = (bytes: Uint8Array): number => javaHash(bytes) & 0x7fffffff

/** intHash32 of an unsigned 64-bit integer. */
export function intHash32(x: bigint): number {
  const salted = x ^ 0x75d9543de018bf45n
  let key = ((~salted & M64) + (salted << 18n)) & M64
  key ^= rotl(key, 33n)
  key = (key * 21n) & M64
  key ^= rotl(key, 53n)
  key = (key + (key << 6n)) & M64
  key ^= rotl(key, 42n)
  return Number(key & 0xffffffffn)
}

/** CRC by its reflected polynomial, 32 bits. */
export function crc32(bytes: Uint8Array): number {
  let crc = ~0
  for (const byte of bytes) {
    crc ^= byte
    for (let i = 0; i < 8; i++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0)
  }
  return ~crc >>> 0
}

/** CRC-64 (ECMA-182, reflected). */
export function crc64(bytes: Uint8Array): bigint {
  let crc = 0n
  for (const byte of bytes) {
    crc ^= BigInt(byte)
    for (let i = 0; i < 8; i++) crc = (crc >> 1n) ^ (crc & 1n ? 0xc96c5795d7870f42n : 0n)
  }
  return crc
}
