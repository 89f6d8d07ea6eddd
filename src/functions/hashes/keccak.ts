// Keccak-256 (Bertoni, Daemen, Peeters, Van Assche), the hash of Ethereum: SHA-3's sponge with the padding
// from before the standard.
// Invariant: lanes are 64 bits; lane (x, y) is state[x + 5 * y].

const M64 = 0xffffffffffffffffn
const RATE_BYTES = 136
const ROUNDS = 24

const rotl = (x: bigint, n: number): bigint => (n === 0 ? x : ((x << BigInt(n)) | (x >> BigInt(64 - n))) & M64)

/** The constants of the rounds, by the linear feedback register that defines them. */
function roundConstants(): bigint[] {
  let register = 1
  return Array.from({ length: ROUNDS }, () => {
    let constant = 0n
    for (let j = 0; j < 7; j++) {
      if (register & 1) constant |= 1n << ((1n << BigInt(j)) - 1n)
      register = (register << 1) ^ (register & 0x80 ? 0x171 : 0)
    }
    return constant
  })
}

const CONSTANTS = roundConstants()

function permute(state: bigint[]): void {
  for (let round = 0; round < ROUNDS; round++) {
    const columns = [0, 1, 2, 3, 4].map((x) => state[x] ^ state[x + 5] ^ state[x + 10] ^ state[x + 15] ^ state[x + 20])
    for (let i = 0; i < 25; i++) state[i] ^= columns[(i + 4) % 5] ^ rotl(columns[(i + 1) % 5], 1)
    let [x, y, lane] = [1, 0, state[1]]
    for (let t = 0; t < 24; t++) {
      ;[x, y] = [y, (2 * x + 3 * y) % 5]
      const at = x + 5 * y
      const moved = rotl(lane, (((t + 1) * (t + 2)) / 2) % 64)
      lane = state[at]
      state[at] = moved
    }
    for (let row = 0; row < 25; row += 5) {
      const lanes = state.slice(row, row + 5)
      for (let i = 0; i < 5; i++) state[row + i] = lanes[i] ^ ((lanes[(i + 1) % 5] ^ M64) & lanes[(i + 2) % 5])
    }
    state[0] ^= CONSTANTS[round]
  }
}

/** 32 bytes. */
export function keccak256(bytes: Uint8Array): Uint8Array {
  const padded = new Uint8Array((Math.floor(bytes.length / RATE_BYTES) + 1) * RATE_BYTES)
  padded.set(bytes)
  padded[bytes.length] |= 1
  padded[padded.length - 1] |= 0x80
  const view = new DataView(padded.buffer)
  const state = Array.from({ length: 25 }, () => 0n)
  for (let at = 0; at < padded.length; at += RATE_BYTES) {
    for (let i = 0; i < RATE_BYTES / 8; i++) state[i] ^= view.getBigUint64(at + 8 * i, true)
    permute(state)
  }
  const out = new DataView(new ArrayBuffer(32))
  for (let i = 0; i < 4; i++) out.setBigUint64(8 * i, state[i], true)
  return new Uint8Array(out.buffer)
}
