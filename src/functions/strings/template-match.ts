// Whether texts match a regular expression, told from their templates (storage/column/text-parts.ts): its
// table of states walks each frame once, and a row's numbers only where they decide.
//
//   frame   text | mark | text | mark | text
//   steps   state behind the first text -> digits of a number -> what stands behind them leads to -> ...
//
// Before each mark stands one of a few states. Where any digits lead each of them to one state alone
// (mostly back to the beginning), the number is not looked at.
// Invariant: what lies beyond ASCII leads to a state of its own, in which a text stays: UNKNOWN.

import type { TextParts } from '../../../storage/column/text-parts.ts'
import { ACCEPT, CHARACTERS, DEAD, THREE_DIGITS, UNKNOWN } from '../../../storage/kernels/automaton.ts'
import { MARKS } from '../../../storage/kernels/texts.ts'
import type { EvalContext } from '../values/function.ts'
import type { Automaton } from './regexp-automaton.ts'

/** A number that decides; `leads`: for each state behind its digits that of the next step, or the answer. */
type Step = { readonly slot: number; readonly width: number; readonly leads: Uint16Array }
type Program = { readonly state: number; readonly steps: readonly Step[] }

/** Frames that are kept of one table: blocks of a column have the same few. */
const FRAMES_MAX = 4096
/** Frames that each so many rows pay for, and those that are free. */
const ROWS_A_FRAME = 32
const FRAMES_FREE = 256
/** Digits of a number without a fixed width, at most. */
const DIGITS_MAX = 10
const ZERO = 48
const NINE = 57
/** States of a table that digits are looked up in by threes: it must stay in the nearest cache. */
const CHUNK_STATES_MAX = 32
/** Words of a frame, and of a step, as the kernel reads them. */
const ENTRY_WORDS = 4

/** Fills `out`, which lies in work memory, with 1, 0 or UNKNOWN a text. False: frames are so many that
 * asking the texts costs less. */
export function matchParts(automaton: Automaton, parts: TextParts, out: Uint8Array, context: EvalContext): boolean {
  const walk = walkOf(automaton)
  const { account, kernels } = context
  const { codes, slotOf } = parts
  const programs = walk.programsOf(parts)
  if (programs === null) return false
  const entries = account.u32(Math.max(1, programs.length) * ENTRY_WORDS)
  const stepCount = programs.reduce((sum, { steps }) => sum + steps.length, 0)
  const placed = account.u32(Math.max(1, stepCount) * ENTRY_WORDS)
  const leads = account.u16(Math.max(1, stepCount) * walk.stateCount)
  let at = 0
  programs.forEach(({ state, steps }, frame) => {
    entries.set([state, placed.byteOffset + at * ENTRY_WORDS * 4, steps.length, 0], frame * ENTRY_WORDS)
    for (const step of steps) {
      const target = leads.subarray(at * walk.stateCount, (at + 1) * walk.stateCount)
      target.set(step.leads)
      placed.set([slotOf(step.slot).byteOffset, step.width, target.byteOffset, 0], at * ENTRY_WORDS)
      at++
    }
  })
  const next = account.u16(walk.next.length)
  next.set(walk.next)
  const table = stepCount === 0 ? null : walk.chunks
  const chunks = account.u8(table?.length ?? 0)
  if (table !== null) chunks.set(table)
  kernels.matchFrames(codes.byteOffset, codes.length, entries.byteOffset, next.byteOffset,
    table === null ? 0 : chunks.byteOffset, out.byteOffset)
  for (const array of [entries, placed, leads, next, chunks]) account.free(array.byteOffset)
  return true
}

const walks = new WeakMap<Automaton, Walk>()

function walkOf(automaton: Automaton): Walk {
  let walk = walks.get(automaton)
  if (walk === undefined) walks.set(automaton, walk = new Walk(automaton))
  return walk
}

function chunksOf(next: Uint16Array, stateCount: number): Uint8Array {
  const chunks = new Uint8Array(stateCount * THREE_DIGITS)
  const behind = (state: number, digits: string): number => {
    for (const digit of digits) state = next[state * CHARACTERS + digit.charCodeAt(0)]
    return state
  }
  for (let number = 0; number < 1000; number++) {
    const plain = String(number)
    const padded = plain.padStart(3, '0')
    for (let state = 0; state < stateCount; state++) {
      chunks[state * THREE_DIGITS + number] = behind(state, padded)
      chunks[state * THREE_DIGITS + 1000 + number] = behind(state, plain)
    }
  }
  return chunks
}

/** A table of states over frames. */
class Walk {
  /** The table, and a row for what is not known. */
  readonly next: Uint16Array
  readonly stateCount: number
  private readonly beyond: number
  private readonly start: number
  private readonly ends: Uint8Array
  private madeChunks: Uint8Array | null = null
  private readonly programs = new Map<string, Program>()
  /** Frames that may still be walked. */
  private framesLeft = FRAMES_FREE
  private readonly behind = new Map<number, readonly number[]>()

  constructor({ next, starts, ends }: Automaton) {
    this.beyond = ends.length
    this.stateCount = ends.length + 1
    this.next = new Uint16Array(this.stateCount * CHARACTERS)
    this.next.set(next)
    this.next.fill(ACCEPT, ACCEPT * CHARACTERS, (ACCEPT + 1) * CHARACTERS)
    this.next.fill(this.beyond, this.beyond * CHARACTERS)
    this.start = starts[CHARACTERS]
    this.ends = ends
  }

  /** What three digits at once lead to (kernels/automaton.ts); null: there are too many states. */
  get chunks(): Uint8Array | null {
    return this.stateCount > CHUNK_STATES_MAX ? null : this.madeChunks ??= chunksOf(this.next, this.stateCount)
  }

  /** The program of each frame; null: they are too many. */
  programsOf({ frames: { bytes, offsets }, frameCount, codes }: TextParts): Program[] | null {
    this.framesLeft = Math.min(FRAMES_MAX, this.framesLeft + codes.length / ROWS_A_FRAME)
    const programs: Program[] = []
    for (let frame = 0; frame < frameCount; frame++) {
      const from = offsets[frame]
      const text = Buffer.from(bytes.buffer, bytes.byteOffset + from, offsets[frame + 1] - from)
      const program = this.programOf(text)
      if (program === null) return null
      programs.push(program)
    }
    return programs
  }

  private programOf(frame: Buffer): Program | null {
    const text = frame.toString('latin1')
    let program = this.programs.get(text)
    if (program === undefined) {
      if (this.framesLeft < 1) return null
      this.framesLeft--
      if (this.programs.size === FRAMES_MAX) this.programs.clear()
      this.programs.set(text, program = this.make(frame))
    }
    return program
  }

  private make(frame: Uint8Array): Program {
    const steps: Step[] = []
    // Where each state behind the last number that decides has come to; of the first piece there is one.
    let came = new Map([[this.start, this.start]])
    let [state, slot] = [DEAD, 0]
    let number: { slot: number; width: number } | null = null
    const close = () => {
      const leads = new Uint16Array(this.stateCount)
      for (const [from, to] of came) leads[from] = to
      if (number === null) state = leads[this.start]
      else steps.push({ ...number, leads })
    }
    for (const byte of frame) {
      if (byte >= MARKS) {
        for (const [from, to] of came) came.set(from, byte < CHARACTERS ? this.next[to * CHARACTERS + byte] : this.stays(to))
        continue
      }
      const ends = new Map([...came].map(([from, to]) => [from, this.behindDigits(to, byte)]))
      if ([...ends.values()].every((states) => states.length === 1)) {
        for (const [from, [to]] of ends) came.set(from, to)
      } else {
        close()
        number = { slot, width: byte }
        came = new Map([...new Set([...ends.values()].flat())].map((one) => [one, one]))
      }
      slot++
    }
    for (const [from, to] of came) came.set(from, this.answerOf(to))
    close()
    return { state, steps }
  }

  /** Beyond ASCII: what is decided stays so. */
  private stays(state: number): number { return state <= ACCEPT ? state : this.beyond }

  private answerOf(state: number): number {
    return state === this.beyond ? UNKNOWN : state <= ACCEPT ? state : this.ends[state]
  }

  /** The states that can stand behind the digits of a number. */
  private behindDigits(state: number, width: number): readonly number[] {
    const key = width * this.stateCount + state
    let states = this.behind.get(key)
    if (states === undefined) this.behind.set(key, states = [...this.reach(state, width)])
    return states
  }

  private reach(state: number, width: number): Set<number> {
    if (width > 0) {
      let states = new Set([state])
      for (let digit = 0; digit < width; digit++) states = this.behindOne(states, ZERO)
      return states
    }
    // Without a zero before them, unless it is the only one.
    let states = this.behindOne(new Set([state]), ZERO + 1)
    const all = new Set([this.next[state * CHARACTERS + ZERO], ...states])
    for (let digit = 1; digit < DIGITS_MAX; digit++) {
      states = this.behindOne(states, ZERO)
      for (const one of states) all.add(one)
    }
    return all
  }

  private behindOne(states: ReadonlySet<number>, least: number): Set<number> {
    const next = new Set<number>()
    for (const state of states) {
      for (let digit = least; digit <= NINE; digit++) next.add(this.next[state * CHARACTERS + digit])
    }
    return next
  }
}
