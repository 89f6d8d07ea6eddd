// ClickHouse's intHash64 and the integers of cityHash64: a constant xored in, then the finalizer of
// MurmurHash3 (uniq uses the finalizer alone).
// Invariant: x is unsigned.

const MASK = 0xffffffffffffffffn

/** Hash of an unsigned 64-bit integer, as SQL's intHash64. */
export const intHash64 = (x: bigint): bigint => finalize64(x ^ 0x4cf2d2baae6da887n)

/** The finalizer alone: what the sketches of aggregates hash integers with. */
export function finalize64(x: bigint): bigint {
  let h = x ^ (x >> 33n)
  h = (h * 0xff51afd7ed558ccdn) & MASK
  h ^= h >> 33n
  h = (h * 0xc4ceb9fe1a85ec53n) & MASK
  return h ^ (h >> 33n)
}

/** The low 32 bits of the finalizer over a 64-bit integer given in halves. */
export function finalizeLow(low: number, high: number): number {
  const value = (BigInt(high >>> 0) << 32n) | BigInt(low >>> 0)
  return Number(finalize64(value) & 0xffffffffn)
}

/** ClickHouse's intHash32 with salt 0 (Thomas Wang's hash of a 64-bit integer to 32 bits). */
export function intHash32(value: bigint): bigint {
  const cut = (x: bigint) => BigInt.asUintN(64, x)
  let key = cut(~value + (value << 18n))
  key ^= cut((key >> 31n) | (key << 33n))
  key = cut(key * 21n)
  key ^= cut((key >> 11n) | (key << 53n))
  key = cut(key + (key << 6n))
  key ^= cut((key >> 22n) | (key << 42n))
  return BigInt.asUintN(32, key)
}
