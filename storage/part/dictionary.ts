// The sorted dictionary of one column of an image: strings by rank. FORMAT.md, "Dictionary".
//
//   | size u32 | reserved u32 | offsets u32 * (size + 1), padded to 8 | bytes |

import type { LocalDictionary } from './row-set.ts'

/** -1, 0, 1 as memcmp, the shorter first. */
export function compareBytes(
  a: Uint8Array, aFrom: number, aTo: number, b: Uint8Array, bFrom: number, bTo: number,
): number {
  const length = Math.min(aTo - aFrom, bTo - bFrom)
  for (let at = 0; at < length; at++) {
    const difference = a[aFrom + at] - b[bFrom + at]
    if (difference !== 0) return difference < 0 ? -1 : 1
  }
  return Math.sign((aTo - aFrom) - (bTo - bFrom))
}

export type Strings = { readonly size: number; readonly bytes: Uint8Array; readonly offsets: Uint32Array }

/** Sorts distinct strings; rankOf[code] is the place of string `code`. */
export function sortStrings(strings: Strings): { readonly order: Uint32Array; readonly rankOf: Uint32Array } {
  const { size, bytes, offsets } = strings
  const order = Uint32Array.from({ length: size }, (_, code) => code)
  order.sort((a, b) => compareBytes(bytes, offsets[a], offsets[a + 1], bytes, offsets[b], offsets[b + 1]))
  const rankOf = new Uint32Array(size)
  for (let rank = 0; rank < size; rank++) rankOf[order[rank]] = rank
  return { order, rankOf }
}

/** The section of a dictionary whose strings are taken in `order`. */
export function encodeDictionary(strings: Strings, order: Uint32Array): Uint8Array {
  const { size, bytes, offsets } = strings
  const bytesAt = 8 + (((size + 1) * 4 + 7) & ~7)
  const out = new Uint8Array(bytesAt + offsets[size])
  const words = new Uint32Array(out.buffer, 0, 2 + size + 1)
  words[0] = size
  let at = 0
  for (let rank = 0; rank < size; rank++) {
    const code = order[rank]
    out.set(bytes.subarray(offsets[code], offsets[code + 1]), bytesAt + at)
    at += offsets[code + 1] - offsets[code]
    words[3 + rank] = at
  }
  return out
}

/** A dictionary over the bytes of its section (8-byte aligned). */
export function openDictionary(section: Uint8Array): LocalDictionary {
  const head = new Uint32Array(section.buffer, section.byteOffset, 1)
  const size = head[0]
  const offsets = new Uint32Array(section.buffer, section.byteOffset + 8, size + 1)
  const bytes = section.subarray(8 + (((size + 1) * 4 + 7) & ~7))
  return {
    size, bytes, offsets,
    find: (wanted) => {
      let low = 0
      let high = size - 1
      while (low <= high) {
        const middle = (low + high) >> 1
        const order = compareBytes(bytes, offsets[middle], offsets[middle + 1], wanted, 0, wanted.length)
        if (order === 0) return middle
        if (order < 0) low = middle + 1
        else high = middle - 1
      }
      return -1
    },
  }
}
