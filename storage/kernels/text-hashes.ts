// Hashes of texts by which rows are shared out: of their bytes alone, but found without these where texts are known
// as UUIDs or as numbers behind one text (`evt_17`). Where they agree, rows but share a part. The references of
// text-hashes.as.ts.
//
//   UUID in lower case    its 16 bytes
//   head, then a number   of up to nine digits without leading zeros, as far to the left as there are digits
//   any other text        its bytes, and no number

import { packUuid } from './keys.ts'
import type { KernelMemory } from './kernel-memory.ts'

export type TextHashKernels = {
  /** A hash (u32 at `target`) of each of `count` UUIDs of 16 bytes each. */
  readonly hashUuids: (keys: number, count: number, target: number) => void
  /** The same of texts that are `prefix`, which ends in no digit, and a number (u32) below 10^9. */
  readonly hashNumbered: (prefix: number, prefixBytes: number, numbers: number, count: number, target: number) => void
  /** The same of any texts. Reads up to 8 bytes past one; `scratch` has 16 bytes. */
  readonly hashTexts: (offsets: number, bytes: number, count: number, target: number, scratch: number) => void
}

const NO_NUMBER = 2n ** 32n
const NUMBERED = /^([^]*?)(0|[1-9][0-9]{0,8})$/

const times = (a: bigint, b: bigint): bigint => BigInt.asUintN(64, a * b)

function fold(low: bigint, high: bigint): number {
  const x = times(low ^ (low >> 32n), 0xd6e8feb86659fd93n) ^ high
  const y = times(x ^ (x >> 32n), 0xa0761d6478bd642fn)
  return Number(times(y ^ (y >> 32n), 0xd6e8feb86659fd93n) >> 32n)
}

function hashBytes(bytes: Uint8Array): bigint {
  let hash = times(BigInt(bytes.length), 0xe7037ed1a0b428dbn)
  for (let at = 0; at < bytes.length; at += 8) {
    let word = 0n
    for (let i = Math.min(bytes.length, at + 8) - 1; i >= at; i--) word = word << 8n | BigInt(bytes[i])
    hash = times(hash ^ word, 0x8ebc6af09c88c6e3n)
    hash ^= hash >> 32n
  }
  return hash
}

const halves = (words: Uint32Array): [bigint, bigint] =>
  [BigInt(words[0]) | BigInt(words[1]) << 32n, BigInt(words[2]) | BigInt(words[3]) << 32n]

export function textHashesReference({ u8, u32 }: KernelMemory): TextHashKernels {
  const uuid = new Uint32Array(4)
  return {
    hashUuids(keys, count, target) {
      for (let i = 0; i < count; i++) u32[target / 4 + i] = fold(...halves(u32.subarray(keys / 4 + i * 4, keys / 4 + i * 4 + 4)))
    },
    hashNumbered(prefix, prefixBytes, numbers, count, target) {
      const head = hashBytes(u8.subarray(prefix, prefix + prefixBytes))
      for (let i = 0; i < count; i++) u32[target / 4 + i] = fold(head, BigInt(u32[numbers / 4 + i]))
    },
    hashTexts(offsets, bytes, count, target) {
      for (let i = 0; i < count; i++) {
        const text = u8.subarray(bytes + u32[offsets / 4 + i], bytes + u32[offsets / 4 + i + 1])
        if (packUuid(text, 0, text.length, uuid)) {
          u32[target / 4 + i] = fold(...halves(uuid))
          continue
        }
        const [, head, number] = NUMBERED.exec(Buffer.from(text).toString('latin1')) ?? []
        const isNumbered = head !== undefined && !/[0-9]$/.test(head)
        u32[target / 4 + i] = isNumbered ? fold(hashBytes(text.subarray(0, head.length)), BigInt(number)) : fold(hashBytes(text), NO_NUMBER)
      }
    },
  }
}
