// XXH3 of 64 and of 128 bits (Yann Collet) with its default secret and the seed 0.
// Invariant: bit-exact with ClickHouse's xxh3 and xxh3_128.

const M64 = 0xffffffffffffffffn
const cut = (x: bigint): bigint => x & M64
const left = (x: bigint, n: bigint): bigint => ((x << n) | (x >> (64n - n))) & M64

const SECRET = Buffer.from('b8fe6c3923a44bbe7c01812cf721ad1cded46de9839097db7240a4a4b7b3671fcb79e64eccc0e578825ad07dccff7221'
  + 'b8084674f743248ee03590e6813a264c3c2852bb91c300cb88d0658b1b532ea371644897a20df94e3819ef46a9deacd8a8fa763fe39c343ff9dcbbc7c70b4f1d'
  + '8a51e04bcdb45931c89f7ec9d9787364eac5ac8334d3ebc3c581a0fffa1363eb170ddd51b7f0da49d316552629d4689e2b16be587d47a1fc8ff8b8d17ad031ce'
  + '45cb3a8f95160428afd7fbcabb4b407e', 'hex')
const secret = (at: number): bigint => SECRET.readBigUInt64LE(at)

const P32 = [2654435761n, 2246822519n, 3266489917n] as const
const P64 = [11400714785074694791n, 14029467366897019727n, 1609587929392839161n, 9650029242287828579n,
  2870177450012600261n] as const

const STRIPE = 64
const BLOCK_STRIPES = 16
const BLOCK = STRIPE * BLOCK_STRIPES

function avalanche(x: bigint): bigint {
  const h = cut((x ^ (x >> 37n)) * 0x165667919e3779f9n)
  return h ^ (h >> 32n)
}

function foldedProduct(a: bigint, b: bigint): bigint {
  const product = a * b
  return cut(product) ^ (product >> 64n)
}

export function xxh3(bytes: Uint8Array): bigint {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
  const size = bytes.length
  if (size <= 16) return short(view, size)
  if (size > 240) return merged(longSums(view, size), 11, BigInt(size) * P64[0])
  const mix = (at: number, key: number): bigint =>
    foldedProduct(view.getBigUint64(at, true) ^ secret(key), view.getBigUint64(at + 8, true) ^ secret(key + 8))
  let sum = cut(BigInt(size) * P64[0])
  if (size <= 128) {
    for (let pair = Math.floor((size - 1) / 32); pair >= 0; pair--) {
      sum = cut(sum + mix(16 * pair, 32 * pair) + mix(size - 16 * (pair + 1), 32 * pair + 16))
    }
    return avalanche(sum)
  }
  const rounds = Math.floor(size / 16)
  for (let i = 0; i < 8; i++) sum = cut(sum + mix(16 * i, 16 * i))
  sum = avalanche(sum)
  for (let i = 8; i < rounds; i++) sum = cut(sum + mix(16 * i, 16 * (i - 8) + 3))
  return avalanche(cut(sum + mix(size - 16, 119)))
}

function short(view: DataView, size: number): bigint {
  if (size > 8) {
    const low = view.getBigUint64(0, true) ^ secret(24) ^ secret(32)
    const high = view.getBigUint64(size - 8, true) ^ secret(40) ^ secret(48)
    return avalanche(cut(BigInt(size) + swapped(low) + high + foldedProduct(low, high)))
  }
  if (size >= 4) {
    const word = BigInt(view.getUint32(size - 4, true)) + (BigInt(view.getUint32(0, true)) << 32n)
    let h = word ^ secret(8) ^ secret(16)
    h ^= left(h, 49n) ^ left(h, 24n)
    h = cut(h * 0x9fb21c651e98df25n)
    h ^= (h >> 35n) + BigInt(size)
    h = cut(h * 0x9fb21c651e98df25n)
    return h ^ (h >> 28n)
  }
  if (size === 0) return finish(secret(56) ^ secret(64))
  const word = ((view.getUint8(0) << 16) | (view.getUint8(size >> 1) << 24) | view.getUint8(size - 1) | (size << 8)) >>> 0
  return finish(BigInt(word) ^ BigInt((SECRET.readUInt32LE(0) ^ SECRET.readUInt32LE(4)) >>> 0))
}

/** The last steps of XXH64. */
function finish(x: bigint): bigint {
  let h = cut((x ^ (x >> 33n)) * P64[1])
  h = cut((h ^ (h >> 29n)) * P64[2])
  return h ^ (h >> 32n)
}

function swapped(x: bigint): bigint {
  let out = 0n
  for (let i = 0n; i < 64n; i += 8n) out |= ((x >> i) & 255n) << (56n - i)
  return out
}

/** The eight sums over a long text. */
function longSums(view: DataView, size: number): readonly bigint[] {
  const sums: bigint[] = [P32[2], P64[0], P64[1], P64[2], P64[3], P32[1], P64[4], P32[0]]
  const stripe = (at: number, key: number): void => {
    for (let i = 0; i < 8; i++) {
      const word = view.getBigUint64(at + 8 * i, true)
      const keyed = word ^ secret(key + 8 * i)
      sums[i ^ 1] = cut(sums[i ^ 1] + word)
      sums[i] = cut(sums[i] + (keyed & 0xffffffffn) * (keyed >> 32n))
    }
  }
  const blocks = Math.floor((size - 1) / BLOCK)
  for (let block = 0; block < blocks; block++) {
    for (let i = 0; i < BLOCK_STRIPES; i++) stripe(block * BLOCK + i * STRIPE, 8 * i)
    for (let i = 0; i < 8; i++) sums[i] = cut((sums[i] ^ (sums[i] >> 47n) ^ secret(128 + 8 * i)) * P32[0])
  }
  const stripes = Math.floor((size - 1 - blocks * BLOCK) / STRIPE)
  for (let i = 0; i < stripes; i++) stripe(blocks * BLOCK + i * STRIPE, 8 * i)
  stripe(size - STRIPE, 121)
  return sums
}

function merged(sums: readonly bigint[], key: number, start: bigint): bigint {
  let hash = cut(start)
  for (let i = 0; i < 8; i += 2) {
    hash = cut(hash + foldedProduct(sums[i] ^ secret(key + 8 * i), sums[i + 1] ^ secret(key + 8 + 8 * i)))
  }
  return avalanche(hash)
}

// ---------------------------------------------------------------------- 128 bits

type Both = readonly [low: bigint, high: bigint]

/** The hash of 128 bits as one number. */
export function xxh3x128(bytes: Uint8Array): bigint {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
  const size = bytes.length
  const [low, high] = size <= 16 ? short128(view, size) : size > 240 ? long128(view, size) : middle128(view, size)
  return (high << 64n) | low
}

const swapped32 = (x: number): number => (((x & 255) << 24) | ((x & 0xff00) << 8) | ((x >>> 8) & 0xff00) | (x >>> 24)) >>> 0

function short128(view: DataView, size: number): Both {
  if (size > 8) {
    const [first, last] = [view.getBigUint64(0, true), view.getBigUint64(size - 8, true)]
    const product = (first ^ last ^ secret(32) ^ secret(40)) * P64[0]
    const turned = last ^ secret(48) ^ secret(56)
    const high = cut((product >> 64n) + turned + (turned & 0xffffffffn) * (P32[1] - 1n))
    const low = cut(product + (BigInt(size - 1) << 54n)) ^ swapped(high)
    const next = low * P64[1]
    return [avalanche(cut(next)), avalanche(cut((next >> 64n) + high * P64[1]))]
  }
  if (size >= 4) {
    const word = BigInt(view.getUint32(0, true)) + (BigInt(view.getUint32(size - 4, true)) << 32n)
    const product = (word ^ secret(16) ^ secret(24)) * (P64[0] + BigInt(size << 2))
    const high = cut((product >> 64n) + (cut(product) << 1n))
    let low = cut(product) ^ (high >> 3n)
    low = cut((low ^ (low >> 35n)) * 0x9fb21c651e98df25n)
    return [low ^ (low >> 28n), avalanche(high)]
  }
  if (size === 0) return [finish(secret(64) ^ secret(72)), finish(secret(80) ^ secret(88))]
  const word = ((view.getUint8(0) << 16) | (view.getUint8(size >> 1) << 24) | view.getUint8(size - 1) | (size << 8)) >>> 0
  const back = swapped32(word)
  const other = ((back << 13) | (back >>> 19)) >>> 0
  const key = (at: number): bigint => BigInt((SECRET.readUInt32LE(at) ^ SECRET.readUInt32LE(at + 4)) >>> 0)
  return [finish(BigInt(word) ^ key(0)), finish(BigInt(other) ^ key(8))]
}

function middle128(view: DataView, size: number): Both {
  let low = cut(BigInt(size) * P64[0])
  let high = 0n
  const word = (at: number): bigint => view.getBigUint64(at, true)
  const mix = (at: number, key: number): bigint => foldedProduct(word(at) ^ secret(key), word(at + 8) ^ secret(key + 8))
  const add = (a: number, b: number, key: number): void => {
    low = cut(low + mix(a, key)) ^ cut(word(b) + word(b + 8))
    high = cut(high + mix(b, key + 16)) ^ cut(word(a) + word(a + 8))
  }
  if (size <= 128) {
    for (let pair = Math.floor((size - 1) / 32); pair >= 0; pair--) add(16 * pair, size - 16 * (pair + 1), 32 * pair)
  } else {
    for (let at = 0; at < 128; at += 32) add(at, at + 16, at)
    low = avalanche(low)
    high = avalanche(high)
    for (let at = 128; at + 32 <= size; at += 32) add(at, at + 16, at - 125)
    add(size - 16, size - 32, 103)
  }
  return [avalanche(cut(low + high)),
    cut(-avalanche(cut(low * P64[0] + high * P64[3] + BigInt(size) * P64[1])))]
}

function long128(view: DataView, size: number): Both {
  const sums = longSums(view, size)
  return [merged(sums, 11, BigInt(size) * P64[0]), merged(sums, 117, ~(BigInt(size) * P64[1]))]
}
