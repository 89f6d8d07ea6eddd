// Whether texts hold a needle, told from their templates (storage/column/text-parts.ts): a frame says
// where the needle can stand, and the numbers of a row whether it does.
//
// The needle is texts between runs of digits: L0 D1 L1 ... Dk Lk. Frames have no digits, so runs of
// digits lie on runs of marks, one by one: whole, but that the first may be the end of a number where
// L0 is empty, and the last the beginning of one where Lk is.

import { MARKS } from '../../../storage/kernels/texts.ts'
import type { TextParts } from '../../../storage/column/text-parts.ts'
import type { EvalContext } from '../values/function.ts'

/** Both ends are in. */
type Ranges = readonly (readonly [number, number])[]

/** What a number must be: in one of the ranges, or of the given last digits. */
type Test =
  | { readonly slot: number; readonly ranges: Ranges }
  | { readonly slot: number; readonly modulus: number; readonly rest: number; readonly least: number }

/** Always, never, or where all tests of some place hold. */
type Answer = boolean | readonly (readonly Test[])[]

/** A needle or a frame: its texts, and what stands between them. */
type Cut<Run> = { readonly texts: readonly Uint8Array[]; readonly runs: readonly Run[] }
/** Marks next to each other are one run of digits; `slot`: of the first. */
type MarkRun = { readonly slot: number; readonly marks: readonly number[] }

const DIGITS_MAX = 9

const isDigit = (byte: number): boolean => byte >= 48 && byte <= 57

/** Fills `out` (in work memory) with 1 where the text holds the needle, else 0. False: the templates do
 * not tell. */
export function holdsNeedle(needle: Uint8Array, parts: TextParts, out: Uint8Array, context: EvalContext): boolean {
  const { frames: { bytes, offsets }, frameCount, codes } = parts
  const known = knownAnswers(needle, context)
  const answers: Answer[] = []
  for (let frame = 0; frame < frameCount; frame++) {
    const text = latin1(bytes, offsets[frame], offsets[frame + 1])
    let answer = known.get(text)
    if (answer === undefined) {
      answer = answerOf(cutNeedle(needle), cutFrame(bytes.slice(offsets[frame], offsets[frame + 1])))
      known.set(text, answer)
    }
    if (answer === null) return false
    answers.push(answer)
  }
  const { account, kernels } = context
  const table = account.u32(Math.max(1, frameCount) * FRAME_WORDS)
  const asked: Asked[] = []
  const odd = answers.filter((answer, frame) => !enterFrame(table, frame, answer, parts, asked, context))
  kernels.answerFrames(codes.byteOffset, codes.length, table.byteOffset, frameCount, out.byteOffset)
  if (odd.length > 0) {
    for (let row = 0; row < codes.length; row++) {
      const answer = answers[codes[row]]
      if (odd.includes(answer)) out[row] = holds(answer, parts, row)
    }
  }
  return true
}

const FRAMES_MAX = 4096

/** Frames asked before by one needle: blocks of a table have the same few. */
type Known = { readonly needle: string; readonly answers: Map<string, Answer | null> }
const lately = new WeakMap<EvalContext, Known>()

function knownAnswers(needle: Uint8Array, context: EvalContext): Known['answers'] {
  const text = latin1(needle, 0, needle.length)
  const known = lately.get(context)
  if (known?.needle === text && known.answers.size < FRAMES_MAX) return known.answers
  const answers: Known['answers'] = new Map()
  lately.set(context, { needle: text, answers })
  return answers
}

const latin1 = (bytes: Uint8Array, from: number, to: number): string =>
  Buffer.from(bytes.buffer, bytes.byteOffset + from, to - from).toString('latin1')

const FRAME_WORDS = 4

/** What is asked of a slot, which several frames may share: its words in the kernel's table. */
type Asked = { readonly slot: number; readonly ranges: Ranges; readonly words: readonly number[] }

/** Writes a frame's answer as the kernel reads it. False: it asks for more than one number. */
function enterFrame(
  table: Uint32Array, frame: number, answer: Answer, parts: TextParts, asked: Asked[], context: EvalContext,
): boolean {
  const at = frame * FRAME_WORDS
  table.fill(0, at, at + FRAME_WORDS)
  if (typeof answer === 'boolean') {
    table[at] = answer ? 1 : 0
    return true
  }
  const [[test]] = answer
  if (answer.length > 1 || answer[0].length > 1 || !('ranges' in test)) return false
  const { slot, ranges } = test
  let known = asked.find((one) => one.slot === slot && areAlike(one.ranges, ranges))
  if (known === undefined) asked.push(known = { slot, ranges, words: wordsOf(ranges, parts.slotOf(slot), context) })
  table.set(known.words, at)
  return true
}

const areAlike = (a: Ranges, b: Ranges): boolean =>
  a.length === b.length && a.every(([from, to], i) => from === b[i][0] && to === b[i][1])

/** An entry that asks whether numbers are in ranges: of these, those that some of the numbers may be in. */
function wordsOf(all: Ranges, numbers: Uint32Array, { account, kernels }: EvalContext): number[] {
  if (numbers.length === 0) return []
  const ends = account.f64(2)
  kernels.wordEnds(numbers.byteOffset, numbers.length, ends.byteOffset)
  const near = all.filter(([from, to]) => from <= ends[1] && to >= ends[0]).flat()
  if (near.length === 0) return []
  const ranges = account.u32(near.length)
  ranges.set(near)
  return [2, numbers.byteOffset, ranges.byteOffset, near.length / 2]
}

function holds(answer: Answer, { slotOf }: TextParts, row: number): 0 | 1 {
  if (typeof answer === 'boolean') return answer ? 1 : 0
  for (const tests of answer) {
    if (tests.every((test) => passes(test, slotOf(test.slot)[row]))) return 1
  }
  return 0
}

function passes(test: Test, value: number): boolean {
  if ('modulus' in test) return value >= test.least && value % test.modulus === test.rest
  for (const [from, to] of test.ranges) if (value >= from && value <= to) return true
  return false
}

function cutNeedle(needle: Uint8Array): Cut<string> {
  const texts: Uint8Array[] = []
  const runs: string[] = []
  let at = 0
  for (;;) {
    const start = at
    while (at < needle.length && !isDigit(needle[at])) at++
    texts.push(needle.subarray(start, at))
    if (at === needle.length) return { texts, runs }
    const first = at
    while (at < needle.length && isDigit(needle[at])) at++
    runs.push(Buffer.from(needle.subarray(first, at)).toString('latin1'))
  }
}

function cutFrame(bytes: Uint8Array): Cut<MarkRun> {
  const to = bytes.length
  const texts: Uint8Array[] = []
  const runs: MarkRun[] = []
  let slot = 0
  let at = 0
  for (;;) {
    const start = at
    while (at < to && bytes[at] >= MARKS) at++
    texts.push(bytes.subarray(start, at))
    if (at === to) return { texts, runs }
    const marks: number[] = []
    while (at < to && bytes[at] < MARKS) marks.push(bytes[at++])
    runs.push({ slot, marks })
    slot += marks.length
  }
}

/** null: unknown. */
function answerOf(needle: Cut<string>, frame: Cut<MarkRun>): Answer | null {
  const count = needle.runs.length
  if (count === 0) return frame.texts.some((text) => Buffer.from(text).includes(Buffer.from(needle.texts[0])))
  const places: (readonly Test[])[] = []
  for (let first = 0; first + count <= frame.runs.length; first++) {
    if (!textsFit(needle, frame, first)) continue
    const tests: Test[] = []
    let isPossible = true
    for (let i = 0; i < count && isPossible; i++) {
      const isFromStart = i > 0 || needle.texts[0].length > 0
      const isToEnd = i < count - 1 || needle.texts[count].length > 0
      const test = testOf(needle.runs[i], frame.runs[first + i], isFromStart, isToEnd)
      if (test === undefined) return null
      if (test === null) isPossible = false
      else tests.push(test)
    }
    if (isPossible) places.push(tests)
  }
  return places.length === 0 ? false : places
}

/** Whether the texts around and between runs are the frame's from its run `first` on. */
function textsFit({ texts }: Cut<string>, frame: Cut<MarkRun>, first: number): boolean {
  const last = texts.length - 1
  return texts.every((text, i) => {
    const there = frame.texts[first + i]
    if (i > 0 && i < last) return Buffer.compare(text, there) === 0
    if (text.length > there.length) return false
    const part = i === 0 ? there.subarray(there.length - text.length) : there.subarray(0, text.length)
    return Buffer.compare(text, part) === 0
  })
}

/** What the number must be; null: no number fits; undefined: unknown. */
function testOf(digits: string, { slot, marks }: MarkRun, isFromStart: boolean, isToEnd: boolean): Test | null | undefined {
  if (marks.length > 1 || digits.length > DIGITS_MAX || (!isFromStart && !isToEnd)) return undefined
  const [width] = marks
  const wanted = Number(digits)
  const isShort = digits.length === 1 || digits[0] !== '0' // as a number is written without leading zeros
  if (isFromStart && isToEnd) {
    return width === 0 ? (isShort ? only(slot, wanted) : null)
      : width === digits.length ? only(slot, wanted) : null
  }
  if (width > 0 && digits.length > width) return null
  if (isToEnd) {
    const least = width > 0 || digits.length === 1 ? 0 : 10 ** (digits.length - 1)
    return { slot, modulus: 10 ** digits.length, rest: wanted, least }
  }
  if (width > 0) {
    const scale = 10 ** (width - digits.length)
    return { slot, ranges: [[wanted * scale, (wanted + 1) * scale - 1]] }
  }
  if (!isShort) return null
  if (wanted === 0) return only(slot, 0)
  const more = Array.from({ length: DIGITS_MAX - digits.length + 1 }, (_, i) => 10 ** i)
  return { slot, ranges: more.map((scale) => [wanted * scale, (wanted + 1) * scale - 1] as const) }
}

const only = (slot: number, value: number): Test => ({ slot, ranges: [[value, value]] })
