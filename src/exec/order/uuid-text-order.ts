// The order of texts that are all UUIDs (storage/column/uuid-texts.ts), told from their 16 bytes: that of the bytes
// from the first one on.

import { UUID_BYTES, UUID_WORDS, type Uuids } from '../../../storage/column/uuid-texts.ts'
import type { MemoryAccount } from '../../../storage/kernels/work-memory.ts'
import type { Words } from './sort-words.ts'


/** The bytes of a word as a number that orders as they do, the first one counting most. */
const turned = (word: number): number =>
  (word << 24 | (word & 0xff00) << 8 | word >>> 8 & 0xff00 | word >>> 24) >>> 0

/** The words of UUIDs as a sort key (order-words.ts). */
export function uuidTextWords({ values }: Uuids, isDescending: boolean, count: number, account: MemoryAccount): Words[] {
  const turn = isDescending ? 0xffffffff : 0
  return Array.from({ length: UUID_WORDS }, (_, word) => {
    const words = account.u32(count)
    for (let row = 0, at = word; row < count; row++, at += UUID_WORDS) words[row] = turned(values[at]) ^ turn
    return { words, bits: 32 }
  })
}

/** The 32 bits behind those that all UUIDs of `pieces` begin with, as far as these lie in the first word, row by
 * row: a word that never orders two rows otherwise than their texts. */
export function leadingUuidWords(pieces: readonly Uuids[], count: number, account: MemoryAccount): Uint32Array {
  const words = account.u32(count)
  const shared = sharedBits(pieces)
  let row = 0
  for (const { values } of pieces) {
    for (let at = 0; at < values.length; at += UUID_WORDS) {
      const first = turned(values[at])
      words[row++] = shared === 0 ? first
        : shared === 32 ? turned(values[at + 1]) : first << shared | turned(values[at + 1]) >>> 32 - shared
    }
  }
  return words
}

/** How many bits all first words begin with. */
function sharedBits(pieces: readonly Uuids[]): number {
  const first = pieces.find(({ values }) => values.length > 0)
  if (first === undefined) return 0
  const begin = turned(first.values[0])
  let bits = 32
  for (const { values } of pieces) {
    for (let at = 0; at < values.length && bits > 0; at += UUID_WORDS) bits = Math.min(bits, Math.clz32(turned(values[at]) ^ begin))
  }
  return bits
}

/** Compares two rows. */
export function uuidTextOrder({ values }: Uuids, sign: number): (a: number, b: number) => number {
  const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength)
  return (a, b) => {
    for (let i = 0; i < UUID_BYTES; i++) {
      const difference = bytes[a * UUID_BYTES + i] - bytes[b * UUID_BYTES + i]
      if (difference !== 0) return sign * difference
    }
    return 0
  }
}
