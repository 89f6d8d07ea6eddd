// Konstantin Oblakov's consistent hash: a bucket of n, so that with one more bucket as few values as can be move.
// Invariant: works over four words of 16 bits of a value, for up to 32,768 buckets.

/** Buckets at most. */
export const KOSTIK_BUCKETS_MAX = 32_768
const WORD = 16

const bitCount = (value: number): number => 32 - Math.clz32(value)

function oddOnes(value: number): boolean {
  let ones = 0
  for (let rest = value; rest !== 0; rest &= rest - 1) ones++
  return ones % 2 === 1
}

/** The bucket of as many as a power of two, of which the third word says how the first two are used. */
function ofPower([a, b, c]: readonly number[], size: number): number {
  const block = c & (size - 1)
  if (block < 2) return block
  const high = 1 << (bitCount(block) - 1)
  return high + ((oddOnes(block) ? b : a) & (high - 1))
}

/** The bucket, from 0, of a value of 64 bits. */
export function kostikBucket(value: bigint, buckets: number): number {
  if (buckets === 1) return 0
  const words = [0n, 16n, 32n, 48n].map((shift) => Number((value >> shift) & 0xffffn))
  const bits = bitCount(buckets - 1)
  const [large, half] = [1 << bits, 1 << (bits - 1)]
  const found = ofPower(words, large)
  if (found < buckets) return found
  // Between two powers: what is left of the words says who has moved.
  const [a, b, c, d] = words.map(BigInt)
  const [step, width] = [BigInt(bits), BigInt(WORD - bits)]
  let rest = (d << width) | (c >> step)
  rest = (rest << (width + 1n)) | (b >> (step - 1n))
  rest = (rest << (width + 1n)) | (a >> (step - 1n))
  const moved = Math.floor(Number(BigInt.asUintN(64, rest) % BigInt(found * (found + 1))) / large) + half
  return moved < buckets ? moved : ofPower(words, half)
}
