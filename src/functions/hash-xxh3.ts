// XXH3 of 64 bits (Yann Collet) with its default secret and the seed 0.
// Invariant: bit-exact with ClickHouse's xxh3.

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
  if (size > 240) return long(view, size)
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

function long(view: DataView, size: number): bigint {
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
  let hash = cut(BigInt(size) * P64[0])
  for (let i = 0; i < 8; i += 2) {
    hash = cut(hash + foldedProduct(sums[i] ^ secret(11 + 8 * i), sums[i + 1] ^ secret(19 + 8 * i)))
  }
  return avalanche(hash)
}
