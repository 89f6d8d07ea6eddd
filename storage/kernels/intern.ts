// Strings by number: a set that gives each distinct string the next code. The reference of
// intern.as.ts, and the hash that both use.
//
//   slots: | hash u32, code + 1 u32 | ..., open addressing; a slot is free where its second word is 0
//   string of code c: setBytes[setOffsets[c] .. setOffsets[c + 1])

import type { KernelMemory } from './kernel-memory.ts'

export type InternKernels = {
  /** Codes (u32 at `codes`) of `count` strings; new ones are entered. Answers the size of the set. The
   * caller has made room: more than size + count slots, offsets for size + count + 1, and bytes
   * for all of the strings. Reads up to 8 bytes past a string. */
  readonly internStrings: (
    offsets: number, bytes: number, count: number, slots: number, slotMask: number,
    setOffsets: number, setBytes: number, setCount: number, codes: number) => number
  /** Enters the `setCount` strings of a set, which all differ, into slots that are free. */
  readonly linkStrings: (
    setOffsets: number, setBytes: number, setCount: number, slots: number, slotMask: number) => void
}

const rotate = (x: number, bits: number): number => (x << bits) | (x >>> (32 - bits))

const step = (hash: number, lane: number): number => rotate(Math.imul(hash ^ lane, 0x85ebca6b), 13)

const laneAt = (bytes: Uint8Array, at: number): number => (
  bytes[at] | (bytes[at + 1] << 8) | (bytes[at + 2] << 16) | (bytes[at + 3] << 24))

/** From so many bytes on there are four chains. */
const CHAINS_MIN = 32

/** Hash of bytes[from .. to): lanes of four bytes, multiplied and rotated, in one chain or in four in turn, and a
 * final mix. */
export function hashString(bytes: Uint8Array, from: number, to: number): number {
  let hash = Math.imul(to - from, 0x9e3779b1)
  let at = from
  if (to - from >= CHAINS_MIN) {
    let b = rotate(hash, 7)
    let c = rotate(hash, 15)
    let d = rotate(hash, 23)
    for (; at + 16 <= to; at += 16) {
      hash = step(hash, laneAt(bytes, at))
      b = step(b, laneAt(bytes, at + 4))
      c = step(c, laneAt(bytes, at + 8))
      d = step(d, laneAt(bytes, at + 12))
    }
    hash = step(step(step(hash, b), c), d)
  }
  for (; at + 4 <= to; at += 4) hash = step(hash, laneAt(bytes, at))
  if (at < to) {
    let lane = 0
    for (let shift = 0; at < to; at++, shift += 8) lane |= bytes[at] << shift
    hash = step(hash, lane)
  }
  hash ^= hash >>> 16
  hash = Math.imul(hash, 0xc2b2ae35)
  return (hash ^ (hash >>> 15)) >>> 0
}

/** True where two runs of bytes of one length are the same. */
export function isSameBytes(
  a: Uint8Array, aFrom: number, b: Uint8Array, bFrom: number, length: number): boolean {
  for (let at = 0; at < length; at++) if (a[aFrom + at] !== b[bFrom + at]) return false
  return true
}

export function internReference(work: KernelMemory): InternKernels {
  const { u8, u32 } = work
  return {
    internStrings(offsets, bytes, count, slots, slotMask, setOffsets, setBytes, setCount, codes) {
      let size = setCount
      for (let row = 0; row < count; row++) {
        const from = bytes + u32[offsets / 4 + row]
        const to = bytes + u32[offsets / 4 + row + 1]
        const hash = hashString(u8, from, to)
        let slot = hash & slotMask
        let code = -1
        for (; code < 0; slot = (slot + 1) & slotMask) {
          const place = slots / 4 + slot * 2
          const taken = u32[place + 1] - 1
          if (taken < 0) {
            code = size++
            const end = u32[setOffsets / 4 + code]
            u8.copyWithin(setBytes + end, from, to)
            u32[setOffsets / 4 + code + 1] = end + to - from
            u32[place] = hash
            u32[place + 1] = code + 1
          } else if (u32[place] === hash) {
            const start = u32[setOffsets / 4 + taken]
            if (u32[setOffsets / 4 + taken + 1] - start === to - from
              && isSameBytes(u8, setBytes + start, u8, from, to - from)) code = taken
          }
        }
        u32[codes / 4 + row] = code
      }
      return size
    },
    linkStrings(setOffsets, setBytes, setCount, slots, slotMask) {
      for (let code = 0; code < setCount; code++) {
        const hash = hashString(u8, setBytes + u32[setOffsets / 4 + code], setBytes + u32[setOffsets / 4 + code + 1])
        let slot = hash & slotMask
        while (u32[slots / 4 + slot * 2 + 1] !== 0) slot = (slot + 1) & slotMask
        u32[slots / 4 + slot * 2] = hash
        u32[slots / 4 + slot * 2 + 1] = code + 1
      }
    },
  }
}
