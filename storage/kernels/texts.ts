// Numbers in texts, apart from the text around them. The references of texts.as.ts.
//
//   text    {"n":17,"at":"09:05"}
//   frame   {"n":␀,"at":"␂:␂"}      a mark where a number stood, numbers in order into slots
//
//   mark 0: as many digits as the number needs;  mark 1..9: that many, with leading zeros
//
// Up to nine digits are one number; longer runs are cut into numbers of nine. A text with a byte below
// 10 has no frame. Row r's number s is the u32 at slots + 4 * (s * stride + r); a row that has no
// number s repeats the row before (or, among the first rows, the first that has one).

import type { KernelMemory } from './kernel-memory.ts'

export type TextKernels = {
  /** Frames of strings [from, from + count) end to end at `frames` (no longer than the strings), their
   * offsets (from 0) at `frameOffsets`, and their numbers in slots. `pairs` not 0: two digits are
   * always a mark of two (parts of times). Answers how many slots there are; -1: some text has no
   * frame, or more than slotsMax numbers. */
  readonly splitTexts: (
    offsets: number, bytes: number, from: number, count: number, pairs: number, frameOffsets: number,
    frames: number, slots: number, stride: number, slotsMax: number) => number
  /** Offsets (u32 at `target`, count + 1) of the texts of rows whose frames `codes` names. Answers
   * their bytes. No frame has more than 32 marks; `table`: room for two words a frame. */
  readonly joinLengths: (
    frameOffsets: number, frames: number, frameCount: number, codes: number, count: number, slots: number,
    stride: number, table: number, target: number) => number
  /** The bytes of those texts, to where joinLengths() has placed them. */
  readonly joinTexts: (
    frameOffsets: number, frames: number, codes: number, count: number, slots: number, stride: number,
    targetOffsets: number, target: number) => void
  /** Numbers between a prefix and a suffix of so many bytes, which all strings [from, from + count) share
   * with the first: low and high halves (u32). Answers 0: they are not of that kind, or have more
   * than 15 digits; 1: no number has leading zeros; 2: some have, and all have as many digits. */
  readonly readSerials: (
    offsets: number, bytes: number, from: number, count: number, prefix: number, suffix: number,
    low: number, high: number) => number
  /** The texts of whole numbers (f64, below 2^53) between a prefix and a suffix: as many digits as each
   * needs, or `digits` of them where that is not 0. `target` has room for the affixes and `digits`, or
   * 16 digits, a row; `offsets` gets count + 1. Answers the bytes written. */
  readonly serialTexts: (
    values: number, count: number, prefix: number, prefixBytes: number, digits: number, suffix: number,
    suffixBytes: number, offsets: number, target: number) => number
  /** Whole numbers (f64, below 10^15) as far as the order of their decimal texts tells them apart: target[i] =
   * values[i] * scales[n] + (`fill` ? scales[n] - 1 : 0), n being the digits that values[i] has (f64 at
   * `scales`, 16 of them). */
  readonly alignDigits: (values: number, count: number, scales: number, fill: number, target: number) => void
  /** The same of u32, with 11 u32 at `scales`, into u32; no result is beyond them. */
  readonly alignWords: (values: number, count: number, scales: number, fill: number, target: number) => void
}

/** Bytes below it are marks. */
export const MARKS = 10
/** Words of a frame in the table of joinLengths(). */
export const FRAME_WORDS = 2
const CHUNK_DIGITS = 9
const TWO32 = 4294967296

const isDigit = (char: number): boolean => char >= 48 && char <= 57

/** Appends what a mark and its number stand for. */
export const markedDigits = (mark: number, value: number): string =>
  mark === 0 ? String(value) : String(value).padStart(mark, '0')

export function textsReference(work: KernelMemory): TextKernels {
  const { u8, u32 } = work
  const splitRow = (start: number, end: number, pairs: number, put: (value: number) => boolean,
    frame: number[]): boolean => {
    for (let at = start; at < end;) {
      if (!isDigit(u8[at])) {
        if (u8[at] < MARKS) return false
        frame.push(u8[at++])
        continue
      }
      let stop = at + 1
      while (stop < end && isDigit(u8[stop])) stop++
      const digits = stop - at
      const isFixed = digits > CHUNK_DIGITS || (u8[at] === 48 && digits > 1) || (digits === 2 && pairs !== 0)
      for (; at < stop; at += CHUNK_DIGITS) {
        const chunk = Buffer.from(u8.subarray(at, Math.min(stop, at + CHUNK_DIGITS))).toString('latin1')
        if (!put(Number(chunk))) return false
        frame.push(isFixed ? chunk.length : 0)
      }
      at = stop
    }
    return true
  }
  const textOf = (frameOffsets: number, frames: number, code: number, row: number, slots: number, stride: number) => {
    let slot = 0
    let text = ''
    const [start, end] = [u32[frameOffsets / 4 + code], u32[frameOffsets / 4 + code + 1]]
    for (const char of u8.subarray(frames + start, frames + end)) {
      text += char < MARKS ? markedDigits(char, u32[slots / 4 + slot++ * stride + row]) : String.fromCharCode(char)
    }
    return Buffer.from(text, 'latin1')
  }
  return {
    splitTexts(offsets, bytes, from, count, pairs, frameOffsets, frames, slots, stride, slotsMax) {
      let used = 0
      let out = 0
      u32[frameOffsets / 4] = 0
      for (let row = 0; row < count; row++) {
        const at = offsets / 4 + from + row
        const frame: number[] = []
        let slot = 0
        const put = (value: number): boolean => {
          if (slot === slotsMax) return false
          const first = slots / 4 + slot * stride
          u32.fill(value, slot < used ? first + row : first, first + row + 1)
          used = Math.max(used, ++slot)
          return true
        }
        if (!splitRow(bytes + u32[at], bytes + u32[at + 1], pairs, put, frame)) return -1
        for (; slot < used; slot++) {
          const place = slots / 4 + slot * stride + row
          u32[place] = u32[place - 1]
        }
        u8.set(frame, frames + out)
        out += frame.length
        u32[frameOffsets / 4 + row + 1] = out
      }
      return used
    },
    joinLengths(frameOffsets, frames, _frameCount, codes, count, slots, stride, _table, target) {
      let total = 0
      u32[target / 4] = 0
      for (let row = 0; row < count; row++) {
        total += textOf(frameOffsets, frames, u32[codes / 4 + row], row, slots, stride).length
        u32[target / 4 + row + 1] = total
      }
      return total
    },
    joinTexts(frameOffsets, frames, codes, count, slots, stride, targetOffsets, target) {
      for (let row = 0; row < count; row++) {
        u8.set(textOf(frameOffsets, frames, u32[codes / 4 + row], row, slots, stride), target + u32[targetOffsets / 4 + row])
      }
    },
    serialTexts(values, count, prefix, prefixBytes, digits, suffix, suffixBytes, offsets, target) {
      let out = target
      let row = 0
      u32[offsets / 4] = 0
      for (const value of new Float64Array(work.buffer, values, count)) {
        u8.copyWithin(out, prefix, prefix + prefixBytes)
        const text = Buffer.from(String(value).padStart(digits, '0'), 'latin1')
        u8.set(text, out + prefixBytes)
        u8.copyWithin(out + prefixBytes + text.length, suffix, suffix + suffixBytes)
        out += prefixBytes + text.length + suffixBytes
        u32[offsets / 4 + ++row] = out - target
      }
      return out - target
    },
    alignDigits(values, count, scales, fill, target) {
      const f64 = new Float64Array(work.buffer)
      for (let i = 0; i < count; i++) {
        const value = f64[values / 8 + i]
        const scale = f64[scales / 8 + String(value).length]
        f64[target / 8 + i] = value * scale + (fill === 0 ? 0 : scale - 1)
      }
    },
    alignWords(values, count, scales, fill, target) {
      for (let i = 0; i < count; i++) {
        const value = u32[values / 4 + i]
        const scale = u32[scales / 4 + String(value).length]
        u32[target / 4 + i] = value * scale + (fill === 0 ? 0 : scale - 1)
      }
    },
    readSerials(offsets, bytes, from, count, prefix, suffix, low, high) {
      const string = (i: number) => Buffer.from(u8.subarray(
        bytes + u32[offsets / 4 + from + i], bytes + u32[offsets / 4 + from + i + 1])).toString('latin1')
      const first = string(0)
      let hasZero = false
      let isFixed = true
      for (let i = 0; i < count; i++) {
        const text = string(i)
        const digits = text.slice(prefix, text.length - suffix)
        if (text.length <= prefix + suffix || !/^\d{1,15}$/.test(digits) || text.slice(0, prefix) !== first.slice(0, prefix)
          || text.slice(text.length - suffix) !== first.slice(first.length - suffix)) return 0
        if (digits.length > 1 && digits.startsWith('0')) hasZero = true
        if (text.length !== first.length) isFixed = false
        u32[low / 4 + i] = Number(digits) % TWO32
        u32[high / 4 + i] = Number(digits) / TWO32
      }
      if (!hasZero) return 1
      return isFixed ? 2 : 0
    },
  }
}
