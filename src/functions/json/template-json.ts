// Values of JSON documents by path, told from the templates of their texts (storage/column/text-parts.ts):
// where a value lies is asked once a frame, in a sample of it; numbers come from the slots.
//
// Invariant: digits decide neither whether a document is JSON nor where its values lie, or the template
// is not used: no escape is written in digits, no number begins with a digit that may be a leading
// zero, no exponent is one, and the wanted keys have no digits.

import type { JsonStep } from '../../../storage/kernels/json.ts'
import { locateValue } from '../../../storage/kernels/json.ts'
import { MARKS } from '../../../storage/kernels/texts.ts'
import { partsOf, type TextParts } from '../../../storage/column/text-parts.ts'
import type { Vector } from '../../../storage/column/vector.ts'
import type { EvalContext } from '../values/function.ts'

/** A value in the sample of its frame: none (`end` 0), or bytes of it without a number of the row, or
 * just the number of a slot. */
export type FramePlace = {
  readonly sample: Uint8Array; readonly start: number; readonly end: number; readonly slot: number
}

export type FramePlaces = { readonly parts: TextParts; readonly places: readonly FramePlace[] }

const FRAMES_MAX = 4096
const QUOTE = 34
const BACKSLASH = 92
const POINT = 46
const LETTER_U = 117
const ONE = 49

/** Frames asked before, by path and then by text. */
const known = new WeakMap<EvalContext, Map<string, Map<string, FramePlace | null>>>()

function memoOf(path: readonly JsonStep[], context: EvalContext): Map<string, FramePlace | null> {
  let paths = known.get(context)
  if (paths === undefined) known.set(context, paths = new Map())
  const name = path.map((step) => ('key' in step ? JSON.stringify(Buffer.from(step.key).toString('latin1')) : '')).join()
  let memo = paths.get(name)
  if (memo === undefined || memo.size > FRAMES_MAX) paths.set(name, memo = new Map())
  return memo
}

/** Where a path leads in every frame of the texts; null: these are no templates, or do not tell. */
export function placesInFrames(
  vector: Vector, path: readonly JsonStep[], context: EvalContext): FramePlaces | null {
  const parts = partsOf(vector)
  if (parts === null || !path.every((step) => 'key' in step && !step.key.some(isDigit))) return null
  const memo = memoOf(path, context)
  const { frames: { bytes, offsets }, frameCount } = parts
  // Each block asks again: a view and no copies.
  const texts = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)
  const places: FramePlace[] = []
  for (let frame = 0; frame < frameCount; frame++) {
    const key = texts.toString('latin1', offsets[frame], offsets[frame + 1])
    let place = memo.get(key)
    if (place === undefined) memo.set(key, place = placeIn(bytes.slice(offsets[frame], offsets[frame + 1]), path))
    if (place === null) return null
    places.push(place)
  }
  return { parts, places }
}

const isDigit = (byte: number): boolean => byte >= 48 && byte <= 57

/** null: numbers could change the answer. */
function placeIn(frame: Uint8Array, path: readonly JsonStep[]): FramePlace | null {
  if (!isSteady(frame)) return null
  const sample: number[] = []
  const marks: { readonly at: number; readonly end: number; readonly isPlain: boolean }[] = []
  for (const byte of frame) {
    if (byte >= MARKS) sample.push(byte)
    else {
      const at = sample.length
      for (let i = 0; i < Math.max(1, byte); i++) sample.push(ONE)
      marks.push({ at, end: sample.length, isPlain: byte === 0 })
    }
  }
  const bytes = Uint8Array.from(sample)
  const place = locateValue(bytes, 0, bytes.length, path)
  if (place === null || place === undefined) return { sample: bytes, start: 0, end: 0, slot: -1 }
  const [start, end] = place
  const inside = marks.findIndex((mark) => mark.at < end && mark.end > start)
  if (inside < 0) return { sample: bytes, start, end, slot: -1 }
  const { at, end: markEnd, isPlain } = marks[inside]
  return isPlain && at === start && markEnd === end ? { sample: bytes, start, end, slot: inside } : null
}

/** Whether digits in place of the marks make the same tokens, whatever they are. */
function isSteady(frame: Uint8Array): boolean {
  let isInString = false
  for (let i = 0; i < frame.length; i++) {
    const byte = frame[i]
    if (isInString) {
      if (byte === BACKSLASH) {
        if (frame[i + 1] === LETTER_U || frame[i + 1] < MARKS) return false
        i++
      } else if (byte === QUOTE) isInString = false
      continue
    }
    if (byte === QUOTE) isInString = true
    if (byte >= MARKS) continue
    const before = i === 0 ? 0 : frame[i - 1]
    const isInteger = byte === 0 && !isExponent(frame, i)
    if (!isInteger && before !== POINT) return false
  }
  return true
}

const SIGNS: ReadonlySet<number> = new Set([43, 45])
const EXPONENTS: ReadonlySet<number> = new Set([69, 101])

/** Whether the mark at `at` stands behind an e, signed or not. */
function isExponent(frame: Uint8Array, at: number): boolean {
  const before = frame[SIGNS.has(frame[at - 1]) ? at - 2 : at - 1]
  return EXPONENTS.has(before)
}
