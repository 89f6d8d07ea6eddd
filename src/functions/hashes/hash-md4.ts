// MD4 (RFC 1320), which OpenSSL keeps among its old ciphers and Node does not load.

const ROUNDS: readonly { readonly order: readonly number[]; readonly shifts: readonly number[]; readonly constant: number
  readonly mix: (b: number, c: number, d: number) => number }[] = [
  { order: [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15], shifts: [3, 7, 11, 19], constant: 0,
    mix: (b, c, d) => (b & c) | (~b & d) },
  { order: [0, 4, 8, 12, 1, 5, 9, 13, 2, 6, 10, 14, 3, 7, 11, 15], shifts: [3, 5, 9, 13], constant: 0x5a827999,
    mix: (b, c, d) => (b & c) | (b & d) | (c & d) },
  { order: [0, 8, 4, 12, 2, 10, 6, 14, 1, 9, 5, 13, 3, 11, 7, 15], shifts: [3, 9, 11, 15], constant: 0x6ed9eba1,
    mix: (b, c, d) => b ^ c ^ d },
]
const BLOCK = 64

/** The sixteen bytes of a text's MD4. */
export function md4(bytes: Uint8Array): Uint8Array {
  const padded = new Uint8Array(Math.ceil((bytes.length + 9) / BLOCK) * BLOCK)
  padded.set(bytes)
  padded[bytes.length] = 0x80
  const view = new DataView(padded.buffer)
  view.setBigUint64(padded.length - 8, BigInt(bytes.length) * 8n, true)
  const state = Int32Array.of(0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476)
  for (let at = 0; at < padded.length; at += BLOCK) {
    let [a, b, c, d] = state
    for (const { order, shifts, constant, mix } of ROUNDS) {
      for (let i = 0; i < 16; i++) {
        const sum = (a + mix(b, c, d) + view.getInt32(at + 4 * order[i], true) + constant) | 0
        const shift = shifts[i % 4]
        const turned = (sum << shift) | (sum >>> (32 - shift))
        a = d
        d = c
        c = b
        b = turned
      }
    }
    state[0] += a
    state[1] += b
    state[2] += c
    state[3] += d
  }
  return new Uint8Array(state.buffer)
}
