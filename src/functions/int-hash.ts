// ClickHouse's intHash64 and the integers of cityHash64: a constant xored in, then the finalizer of
// MurmurHash3 (uniq uses the finalizer alone).
// Invariant: x is unsigned.

const MASK = 0xffffffffffffffffn

/** Hash of an unsigned 64-bit integer. */
export function intHash64(x: bigint): bigint {
  const seeded = x ^ 0x4cf2d2baae6da887n
  let h = seeded ^ (seeded >> 33n)
  h = (h * 0xff51afd7ed558ccdn) & MASK
  h ^= h >> 33n
  h = (h * 0xc4ceb9fe1a85ec53n) & MASK
  return h ^ (h >> 33n)
}
