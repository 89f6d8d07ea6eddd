// SipHash-2-4 (Jean-Philippe Aumasson, Daniel J. Bernstein, "SipHash: a fast short-input PRF"), as ClickHouse's
// sipHash64, sipHash128 and their kin.
// Invariant: a word of 64 bits is two halves of 32, the lower first: BigInts made it 8 µs a value.

/** Two words of 64 bits. */
export type SipKey = readonly [bigint, bigint]
const NO_KEY: SipKey = [0n, 0n]

/** v0 to v3, eight halves; one hash at a time. */
const state = new Int32Array(8)
const words = new BigUint64Array(state.buffer)

/** v3 takes the word, rounds follow, v0 takes the word. */
function mix(low: number, high: number, rounds: number): void {
  let [aLow, aHigh, bLow, bHigh] = [state[0], state[1], state[2], state[3]]
  let [cLow, cHigh, dLow, dHigh] = [state[4], state[5], state[6] ^ low, state[7] ^ high]
  for (let i = 0; i < rounds; i++) {
    let sum = (aLow + bLow) | 0
    aHigh = (aHigh + bHigh + carried(sum, aLow)) | 0
    aLow = sum
    let turned = ((bLow << 13) | (bHigh >>> 19)) ^ aLow
    bHigh = ((bHigh << 13) | (bLow >>> 19)) ^ aHigh
    bLow = turned

    sum = (cLow + dLow) | 0
    cHigh = (cHigh + dHigh + carried(sum, cLow)) | 0
    cLow = sum
    turned = ((dLow << 16) | (dHigh >>> 16)) ^ cLow
    dHigh = ((dHigh << 16) | (dLow >>> 16)) ^ cHigh
    dLow = turned

    // v0 with its halves exchanged, and v3 added.
    sum = (aHigh + dLow) | 0
    aHigh = (aLow + dHigh + carried(sum, aHigh)) | 0
    aLow = sum
    turned = ((dLow << 21) | (dHigh >>> 11)) ^ aLow
    dHigh = ((dHigh << 21) | (dLow >>> 11)) ^ aHigh
    dLow = turned

    sum = (cLow + bLow) | 0
    cHigh = (cHigh + bHigh + carried(sum, cLow)) | 0
    turned = ((bLow << 17) | (bHigh >>> 15)) ^ sum
    bHigh = ((bHigh << 17) | (bLow >>> 15)) ^ cHigh
    bLow = turned
    cLow = cHigh
    cHigh = sum
  }
  state[0] = aLow ^ low
  state[1] = aHigh ^ high
  state[2] = bLow
  state[3] = bHigh
  state[4] = cLow
  state[5] = cHigh
  state[6] = dLow
  state[7] = dHigh
}

/** 1 where a sum of lower halves is past 32 bits. */
const carried = (sum: number, addend: number): number => ((sum >>> 0) < (addend >>> 0) ? 1 : 0)

/** All of bytes [0, length) added, nothing finished; `form` is what the authors' 128 bits begin with. */
function begin(bytes: Uint8Array, length: number, [k0, k1]: SipKey, form = 0n): void {
  words[0] = 0x736f6d6570736575n ^ k0
  words[1] = 0x646f72616e646f6dn ^ k1 ^ form
  words[2] = 0x6c7967656e657261n ^ k0
  words[3] = 0x7465646279746573n ^ k1
  const half = (at: number): number => bytes[at] | (bytes[at + 1] << 8) | (bytes[at + 2] << 16) | (bytes[at + 3] << 24)
  let at = 0
  for (; at + 8 <= length; at += 8) mix(half(at), half(at + 4), 2)
  const last = [0, 0]
  for (let i = 0; at + i < length; i++) last[i >> 2] |= bytes[at + i] << (8 * (i & 3))
  mix(last[0], last[1] | (length << 24), 2)
}

/** v2 takes a byte, four rounds follow. */
function end(): void {
  state[4] ^= 0xff
  mix(0, 0, 4)
}

/** The hash of bytes [0, length), 64 bits. */
export function sipHash64(bytes: Uint8Array, key: SipKey = NO_KEY, length = bytes.length): bigint {
  begin(bytes, length, key)
  end()
  return words[0] ^ words[1] ^ words[2] ^ words[3]
}

/** The lower half of sipHash128 of bytes [0, length). */
export function sipLow128(bytes: Uint8Array, length: number): bigint {
  begin(bytes, length, NO_KEY)
  end()
  return words[0] ^ words[1]
}

/** 16 bytes, as ClickHouse writes them. */
export function sipHash128(bytes: Uint8Array, key: SipKey = NO_KEY): Uint8Array {
  begin(bytes, bytes.length, key)
  end()
  return bytesOfWords(words[0] ^ words[1], words[2] ^ words[3])
}

/** 16 bytes, as SipHash's authors define them. */
export function sipHash128Reference(bytes: Uint8Array, key: SipKey = NO_KEY): Uint8Array {
  begin(bytes, bytes.length, key, 0xeen)
  state[4] ^= 0xee
  mix(0, 0, 4)
  const low = words[0] ^ words[1] ^ words[2] ^ words[3]
  state[2] ^= 0xdd
  mix(0, 0, 4)
  return bytesOfWords(low, words[0] ^ words[1] ^ words[2] ^ words[3])
}

/** Words of 64 bits, the lowest byte first. */
export function bytesOfWords(...all: bigint[]): Uint8Array {
  const view = new DataView(new ArrayBuffer(all.length * 8))
  all.forEach((word, i) => view.setBigUint64(8 * i, word, true))
  return new Uint8Array(view.buffer)
}
