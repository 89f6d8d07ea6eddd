// A regular expression as a table: for each state and each ASCII character the next state, so that a
// kernel asks texts byte by byte (storage/kernels/automaton.ts) instead of V8 text by text. The states
// are sets of re2js's instructions, so what the table says is what RE2 says; whether there is a match,
// not where.
//
//   state = instructions that wait for the next character, and what kind the last one was (for ^ $ \b)
//   DEAD: no match can come any more    ACCEPT: there is one
//
// Invariant: beyond ASCII the table says nothing; such texts are asked otherwise.

import { RE2JS } from 're2js'
import { ACCEPT, CHARACTERS, DEAD } from '../../../storage/kernels/automaton.ts'

export type Automaton = {
  /** CHARACTERS entries a state. */
  readonly next: Uint16Array
  /** 1: the text may end here. */
  readonly ends: Uint8Array
  /** The state at a place behind each character, and last at the beginning of the text. */
  readonly starts: Uint16Array
  /** States below have nothing in work but matches that begin at their place. */
  readonly busyFrom: number
}

/** What an instruction of re2js is; its package declares no types for them. */
export type Instruction = {
  readonly op: number; readonly out: number; readonly arg: number
  readonly matchRune: (rune: number) => boolean
}
type Program = { readonly start: number; readonly startCond: () => number; readonly numInst: () => number
  readonly getInst: (at: number) => Instruction }

export const [ALT, ALT_MATCH, CAPTURE, EMPTY_WIDTH, FAIL, MATCH, NOP, RUNE, RUNE1, ANY, ANY_NOT_NEWLINE] =
  [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]
const KNOWN_OPS = new Set([ALT, ALT_MATCH, CAPTURE, EMPTY_WIDTH, FAIL, MATCH, NOP, RUNE, RUNE1, ANY, ANY_NOT_NEWLINE])
export const [BEGIN_LINE, END_LINE, BEGIN_TEXT, END_TEXT, WORD_EDGE, NO_WORD_EDGE] = [1, 2, 4, 8, 16, 32]
const NEWLINE = 10
/** A rune that is not there: before the first, behind the last. */
export const NONE = -1

/** Larger tables would not stay in the processor's cache, and take long to make. */
const STATES_MAX = 256
const INSTRUCTIONS_MAX = 400

/** The instructions of a pattern, and the number of the first. */
export function instructionsOf(re2: RE2JS): { readonly start: number; readonly instructions: readonly Instruction[] } {
  const program = re2.re2Input.prog as Program
  return { start: program.start, instructions: Array.from({ length: program.numInst() }, (_, at) => program.getInst(at)) }
}

/** Null: the pattern has too many states, or something that tables can't say. */
export function automatonOf(re2: RE2JS): Automaton | null {
  const program = re2.re2Input.prog as Program
  return program.numInst() > INSTRUCTIONS_MAX ? null : new Builder(program).build()
}

const isWord = (rune: number): boolean => (rune >= 48 && rune <= 57) || (rune >= 65 && rune <= 90)
  || rune === 95 || (rune >= 97 && rune <= 122)

/** What holds between two runes: RE2's conditions of no width. */
export function conditionsBetween(before: number, after: number): number {
  return (before === NONE ? BEGIN_TEXT | BEGIN_LINE : before === NEWLINE ? BEGIN_LINE : 0)
    | (after === NONE ? END_TEXT | END_LINE : after === NEWLINE ? END_LINE : 0)
    | (isWord(before) !== isWord(after) ? WORD_EDGE : NO_WORD_EDGE)
}

/** A rune for each kind that conditions tell apart. */
const kindOf = (rune: number): number => (rune === NONE || rune === NEWLINE ? rune : isWord(rune) ? 97 : 32)

class Builder {
  private readonly program: Program
  private readonly instructions: readonly Instruction[]
  private readonly hasConditions: boolean
  private readonly isAnchored: boolean
  private readonly numbers = new Map<string, number>()
  private readonly states: { readonly waiting: readonly number[]; readonly before: number }[] = []

  constructor(program: Program) {
    this.program = program
    this.instructions = Array.from({ length: program.numInst() }, (_, at) => program.getInst(at))
    this.hasConditions = this.instructions.some(({ op }) => op === EMPTY_WIDTH)
    this.isAnchored = (program.startCond() & BEGIN_TEXT) !== 0
  }

  build(): Automaton | null {
    if (this.instructions.some(({ op }) => !KNOWN_OPS.has(op))) return null
    const classes = this.classes()
    const starts = new Uint16Array(CHARACTERS + 1)
    // The states of places come first.
    for (let rune = 0; rune < CHARACTERS; rune++) starts[rune] = this.startAt(rune)
    starts[CHARACTERS] = this.startAt(NONE)
    const busyFrom = this.states.length + ACCEPT + 1
    const rows: Uint16Array[] = []
    for (let at = 0; at < this.states.length; at++) {
      if (at >= STATES_MAX) return null
      const row = new Uint16Array(CHARACTERS)
      const byClass = new Map<number, number>()
      for (let rune = 0; rune < CHARACTERS; rune++) {
        let next = byClass.get(classes[rune])
        if (next === undefined) byClass.set(classes[rune], next = this.nextOf(at, rune))
        row[rune] = next
      }
      rows.push(row)
    }
    const count = this.states.length
    const next = new Uint16Array((count + ACCEPT + 1) * CHARACTERS)
    rows.forEach((row, at) => next.set(row, (at + ACCEPT + 1) * CHARACTERS))
    const ends = new Uint8Array(count + ACCEPT + 1)
    this.states.forEach((_, at) => { ends[at + ACCEPT + 1] = this.reached(at, NONE) === null ? 1 : 0 })
    return { next, ends, starts, busyFrom }
  }

  /** Characters that no instruction and no condition tells apart get one number. */
  private classes(): number[] {
    const numbers = new Map<string, number>()
    const takers = this.instructions.filter(({ op }) => op >= RUNE)
    return Array.from({ length: CHARACTERS }, (_, rune) => {
      const key = takers.map((taker) => (takes(taker, rune) ? '1' : '0')).join('') + kindOf(rune)
      const known = numbers.get(key) ?? numbers.size
      numbers.set(key, known)
      return known
    })
  }

  private startAt(before: number): number {
    return this.stateOf(this.isAnchored && before !== NONE ? [] : [this.program.start], before)
  }

  private stateOf(waiting: readonly number[], before: number): number {
    if (waiting.length === 0) return DEAD
    const kind = this.hasConditions ? kindOf(before) : 0
    const sorted = [...waiting].sort((a, b) => a - b)
    const key = `${sorted.join()}|${kind}`
    let number = this.numbers.get(key)
    if (number === undefined) {
      number = this.states.length + ACCEPT + 1
      this.numbers.set(key, number)
      this.states.push({ waiting: sorted, before: kind })
    }
    return number
  }

  private nextOf(at: number, rune: number): number {
    const reached = this.reached(at, rune)
    if (reached === null) return ACCEPT
    const next = new Set(this.isAnchored ? [] : [this.program.start])
    for (const instruction of reached) if (takes(instruction, rune)) next.add(instruction.out)
    return this.stateOf([...next], rune)
  }

  /** Instructions that take a character, reached from a state when `after` is the next rune; null: a
   * match is. */
  private reached(at: number, after: number): Instruction[] | null {
    const { waiting, before } = this.states[at]
    const conditions = conditionsBetween(before, after)
    const seen = new Set<number>()
    const takers: Instruction[] = []
    const open = [...waiting]
    for (let place = open.pop(); place !== undefined; place = open.pop()) {
      if (seen.has(place)) continue
      seen.add(place)
      const instruction = this.instructions[place]
      const { op, out, arg } = instruction
      if (op === MATCH) return null
      if (op >= RUNE) takers.push(instruction)
      else if (op === ALT || op === ALT_MATCH) open.push(out, arg)
      else if (op === CAPTURE || op === NOP || (op === EMPTY_WIDTH && (arg & ~conditions) === 0)) open.push(out)
    }
    return takers
  }
}

/** Does an instruction of RUNE and above take this character? */
export function takes(instruction: Instruction, rune: number): boolean {
  const { op } = instruction
  return op === ANY || (op === ANY_NOT_NEWLINE ? rune !== NEWLINE : instruction.matchRune(rune))
}
