// Regular expressions that match with a few mistakes: multiFuzzyMatchAny and its kin. A mistake is a byte that is
// missing, one too many or another one.
// Invariant: texts and patterns are bytes, as Hyperscan sees them; a pattern that mistakes alone could match is refused.
// Source of the method: Wu and Manber, "Fast text searching allowing errors" (1992), over sets of instructions.

import { arrayOf, UINT64, UINT8 } from '../../../storage/column/data-type.ts'
import { constantOf, define, expectTypes, numbersBy } from '../base/define.ts'
import { bytesReader, numberArraysBy } from '../base/define-text.ts'
import { FunctionError, type FunctionDef } from '../values/function.ts'
import { compileRe2 } from '../values/regexp.ts'
import {
  ALT, ALT_MATCH, CAPTURE, conditionsBetween, EMPTY_WIDTH, instructionsOf, MATCH, NO_WORD_EDGE, NONE, NOP, RUNE, takes,
  WORD_EDGE, type Instruction,
} from './regexp-automaton.ts'
import { isString, numberInfo } from '../values/types.ts'

/** More work than this for one text is given up. */
const STEPS_MAX = 50_000_000
const DISTANCE_MAX = 64
/** More than any number of mistakes. */
const FAR = 255

/** A pattern with up to `distance` mistakes. */
class FuzzyPattern {
  private readonly start: number
  private readonly instructions: readonly Instruction[]
  private readonly distance: number

  constructor(pattern: string, distance: number) {
    const bytes = Buffer.from(pattern).toString('latin1')
    const { start, instructions } = instructionsOf(compileRe2(bytes, false, true))
    this.start = start
    this.instructions = instructions
    this.distance = distance
    if (distance > 0 && instructions.some(({ op, arg }) => op === EMPTY_WIDTH && (arg & (WORD_EDGE | NO_WORD_EDGE)) !== 0)) {
      throw new FunctionError(`Pattern '${pattern}' of function multiFuzzyMatch asks for an edge of a word: with mistakes there is none`, 'BAD_ARGUMENTS')
    }
    if (distance > 0 && this.shortest() <= distance) {
      throw new FunctionError(`Pattern '${pattern}' of function multiFuzzyMatch would match anything by ${distance} mistakes`, 'BAD_ARGUMENTS')
    }
  }

  /** The fewest bytes of a match. */
  private shortest(): number {
    const costs = new Map<number, number>([[this.start, 0]])
    const open = [this.start]
    let least = Infinity
    for (let at = open.shift(); at !== undefined; at = open.shift()) {
      const cost = costs.get(at) as number
      const { op, out, arg } = this.instructions[at]
      if (op === MATCH) least = Math.min(least, cost)
      const next = op === ALT || op === ALT_MATCH ? [out, arg] : op >= RUNE || op === CAPTURE || op === NOP || op === EMPTY_WIDTH ? [out] : []
      for (const to of next) {
        const through = cost + (op >= RUNE ? 1 : 0)
        if (through >= (costs.get(to) ?? Infinity)) continue
        costs.set(to, through)
        open.push(to)
      }
    }
    return least
  }

  matches(text: Uint8Array): boolean {
    const count = this.instructions.length
    let costs = new Uint8Array(count).fill(FAR)
    let next = new Uint8Array(count)
    let steps = 0
    for (let at = 0; at <= text.length; at++) {
      costs[this.start] = 0
      const [before, after] = [at === 0 ? NONE : text[at - 1], at === text.length ? NONE : text[at]]
      if (this.close(costs, conditionsBetween(before, after))) return true
      steps += count
      if (steps > STEPS_MAX) throw new FunctionError('A fuzzy pattern takes too long over this text', 'TIMEOUT_EXCEEDED')
      if (at < text.length) this.consume(costs, next, text[at])
      const old = costs
      costs = next
      next = old
    }
    return false
  }

  /** Goes on without a byte: as the pattern allows, or by leaving out one of its bytes; true: at a match. */
  private close(costs: Uint8Array, conditions: number): boolean {
    const { instructions, distance } = this
    const open: number[] = []
    for (let at = 0; at < costs.length; at++) if (costs[at] <= distance) open.push(at)
    for (let at = open.pop(); at !== undefined; at = open.pop()) {
      const { op, out, arg } = instructions[at]
      if (op === MATCH) return true
      const isFree = op === CAPTURE || op === NOP || op === ALT || op === ALT_MATCH || (op === EMPTY_WIDTH && (arg & ~conditions) === 0)
      const cost = isFree ? costs[at] : op >= RUNE ? costs[at] + 1 : FAR
      for (const to of op === ALT || op === ALT_MATCH ? [out, arg] : [out]) {
        if (cost > distance || cost >= costs[to]) continue
        costs[to] = cost
        open.push(to)
      }
    }
    return false
  }

  /** Takes a byte: the one that is wanted, another, or one too many. */
  private consume(costs: Uint8Array, next: Uint8Array, byte: number): void {
    const { instructions, distance } = this
    next.fill(FAR)
    for (let at = 0; at < costs.length; at++) {
      const cost = costs[at]
      if (cost > distance) continue
      const instruction = instructions[at]
      next[at] = Math.min(next[at], cost + 1)
      if (instruction.op < RUNE) continue
      next[instruction.out] = Math.min(next[instruction.out], takes(instruction, byte) ? cost : cost + 1)
    }
  }
}

const fuzzyMatch = (name: string, how: 'any' | 'index' | 'all'): FunctionDef => define(name, [3, 3], (args) => {
  expectTypes(name, args, isString, (type) => {
    const info = numberInfo(type)
    return info !== null && !info.isFloat && !info.isSigned && info.bytes <= 4
  }, (type) => type.id === 'Array' && type.args[0].id === 'String')
  return how === 'any' ? UINT8 : how === 'index' ? UINT64 : arrayOf(UINT64)
}, (args, type, rowCount, context) => {
  const distance = Number(constantOf(name, args, 1))
  if (distance > DISTANCE_MAX) throw new FunctionError(`Function ${name}: ${distance} mistakes are too many, the most is ${DISTANCE_MAX}`, 'BAD_ARGUMENTS')
  const patterns = (constantOf(name, args, 2) as readonly string[]).map((text) => new FuzzyPattern(text, distance))
  const read = bytesReader(args[0], context)
  if (how === 'all') {
    return numberArraysBy(type, rowCount, context, (row, push) => {
      context.checkAlive()
      patterns.forEach((pattern, i) => { if (pattern.matches(read(row))) push(i + 1) })
    })
  }
  return numbersBy(type, rowCount, context, (row) => {
    context.checkAlive()
    const found = patterns.findIndex((pattern) => pattern.matches(read(row))) + 1
    return how === 'any' ? Math.min(found, 1) : found
  })
})

export const FUZZY_MATCH: readonly FunctionDef[] = [
  fuzzyMatch('multiFuzzyMatchAny', 'any'), fuzzyMatch('multiFuzzyMatchAnyIndex', 'index'), fuzzyMatch('multiFuzzyMatchAllIndices', 'all'),
]
