// wyhash (Wang Yi), final version 3, with its default secret and the seed 0.
// Invariant: bit-exact with ClickHouse's wyHash64.

const M64 = 0xffffffffffffffffn
const SECRET = [0xa0761d6478bd642fn, 0xe7037ed1a0b428dbn, 0x8ebc6af09c88c6e3n, 0x589965cc75374cc3n] as const

/** Both halves of the product, one over the other. */
function mix(a: bigint, b: bigint): bigint {
  const product = a * b
  return (product & M64) ^ (product >> 64n)
}

export function wyHash64(bytes: Uint8Array): bigint {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
  const eight = (at: number): bigint => view.getBigUint64(at, true)
  const size = bytes.length
  let seed: bigint = SECRET[0]
  if (size <= 16) {
    const [a, b] = short(view, size)
    return mix(SECRET[1] ^ BigInt(size), mix(a ^ SECRET[1], b ^ seed))
  }
  let at = 0
  let left = size
  if (left > 48) {
    let [second, third] = [seed, seed]
    for (; left > 48; left -= 48, at += 48) {
      seed = mix(eight(at) ^ SECRET[1], eight(at + 8) ^ seed)
      second = mix(eight(at + 16) ^ SECRET[2], eight(at + 24) ^ second)
      third = mix(eight(at + 32) ^ SECRET[3], eight(at + 40) ^ third)
    }
    seed ^= second ^ third
  }
  for (; left > 16; left -= 16, at += 16) seed = mix(eight(at) ^ SECRET[1], eight(at + 8) ^ seed)
  const [a, b] = [eight(at + left - 16), eight(at + left - 8)]
  return mix(SECRET[1] ^ BigInt(size), mix(a ^ SECRET[1], b ^ seed))
}

/** The two words of up to 16 bytes. */
function short(view: DataView, size: number): readonly [bigint, bigint] {
  if (size === 0) return [0n, 0n]
  if (size < 4) {
    return [(BigInt(view.getUint8(0)) << 16n) | (BigInt(view.getUint8(size >> 1)) << 8n) | BigInt(view.getUint8(size - 1)), 0n]
  }
  const four = (at: number): bigint => BigInt(view.getUint32(at, true))
  const step = (size >> 3) << 2
  return [(four(0) << 32n) | four(step), (four(size - 4) << 32n) | four(size - 4 - step)]
}
