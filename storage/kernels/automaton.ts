// Texts asked of a table of states, byte by byte: whether a regular expression matches; of templates only
// numbers that decide it. The reference of automaton.as.ts.
//
// Invariant: a state's entries lead to states that are there (src/functions/strings/regexp-automaton.ts); a text
// is left at its first byte beyond ASCII.

import { markedDigits } from './texts.ts'
import type { KernelMemory } from './kernel-memory.ts'

/** No match can come any more. */
export const DEAD = 0
/** There is a match. */
export const ACCEPT = 1
/** What tables know: ASCII. */
export const CHARACTERS = 128
/** Entries of a state in a table of three digits at once. */
export const THREE_DIGITS = 2000
/** The answer for a text with something beyond ASCII before there is one. */
export const UNKNOWN = 2

export type AutomatonKernels = {
  /** An answer (u8 at `target`) for each of `count` strings: 1 matches, 0 does not, UNKNOWN. `next` has
   * CHARACTERS u16 a state, `ends` a u8 a state: 1 where the text may end; `starts` a u16 for each
   * character, the state at the place behind it, and one for the beginning of a text. `places` (u32; 0:
   * none): where findInStrings() found what every match holds; a string without it does not match. With
   * `length` > 0 every match begins with the `length` bytes at `needle`, which are what was found; states
   * below `busyFrom` are those of `starts`. */
  readonly matchStrings: (
    offsets: number, bytes: number, count: number, next: number, ends: number, starts: number, busyFrom: number,
    needle: number, length: number, places: number, target: number) => void
  /** A u8 at `target` for each row of templates, by its frame's entry of 16 bytes at `frames`: a state
   * (u32), where its steps lie and how many they are. A step (16 bytes): where numbers lie (a u32 a row),
   * the digits they are written with (0: as many as they need), and a u16 a state: what each leads to
   * that stands behind the digits. The last of these is the row's answer. Every state has its row in `next`.
   * `chunks` (0: none): THREE_DIGITS u8 a state, of which number n is the state behind the three digits of n,
   * number 1000 + n that behind its digits without leading zeros. */
  readonly matchFrames: (
    codes: number, count: number, frames: number, next: number, chunks: number, target: number) => void
}

export function automatonReference(work: KernelMemory): AutomatonKernels {
  const { u8, u32 } = work
  const u16 = new Uint16Array(work.buffer)
  return {
    matchStrings(offsets, bytes, count, next, ends, starts, busyFrom, needle, length, places, target) {
      const wanted = Buffer.from(work.buffer, needle, length)
      for (let row = 0; row < count; row++) {
        const from = bytes + u32[offsets / 4 + row]
        const to = bytes + u32[offsets / 4 + row + 1]
        const place = places === 0 ? 1 : u32[places / 4 + row]
        u8[target + row] = 0
        if (place === 0) continue
        let at = length > 0 ? from + place - 1 : from
        const startHere = (): number => (
          u16[starts / 2 + (at === from ? CHARACTERS : Math.min(u8[at - 1], CHARACTERS - 1))])
        let state = startHere()
        while (at < to && state > ACCEPT && u8[at] < CHARACTERS) {
          state = u16[next / 2 + state * CHARACTERS + u8[at++]]
          if (length === 0 || state >= busyFrom || state <= ACCEPT) continue
          const found = Buffer.from(work.buffer, at, to - at).indexOf(wanted)
          at = found < 0 ? to : at + found
          state = found < 0 ? DEAD : startHere()
        }
        u8[target + row] = state <= ACCEPT ? state : at < to ? UNKNOWN : u8[ends + state]
      }
    },
    matchFrames(codes, count, frames, next, _chunks, target) {
      for (let row = 0; row < count; row++) {
        const frame = frames / 4 + u32[codes / 4 + row] * 4
        let state = u32[frame]
        const first = u32[frame + 1] / 4
        for (let step = first; step < first + u32[frame + 2] * 4; step += 4) {
          const value = u32[u32[step] / 4 + row]
          const width = u32[step + 1]
          for (const digit of markedDigits(width, value)) state = u16[next / 2 + state * CHARACTERS + digit.charCodeAt(0)]
          state = u16[u32[step + 2] / 2 + state]
        }
        u8[target + row] = state
      }
    },
  }
}
