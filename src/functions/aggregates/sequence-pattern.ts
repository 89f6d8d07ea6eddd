// Patterns of sequenceMatch and sequenceCount: `(?1)` an event for which condition 1 holds, `.` any
// event, `.*` any number of them, `(?t>=5)` how far apart its neighbours may be.
// Invariant: matching backtracks over at most EVENTS * PATTERN steps before it gives up with an error.

import { FunctionError } from '../values/function.ts'

type Step =
  | { readonly kind: 'condition'; readonly bit: number }
  | { readonly kind: 'any' } | { readonly kind: 'many' }
  | { readonly kind: 'time'; readonly compare: string; readonly bound: number }

export type Pattern = { readonly steps: readonly Step[] }

const TOKEN = /\(\?(\d+)\)|\(\?t(<=|>=|==|!=|<|>)(\d+)\)|(\.\*)|(\.)/y

/** Throws FunctionError where the text is no pattern over `size` conditions. */
export function parsePattern(text: string, size: number): Pattern {
  const steps: Step[] = []
  let at = 0
  while (at < text.length) {
    TOKEN.lastIndex = at
    const found = TOKEN.exec(text)
    if (found === null) throw badPattern(text, at)
    const [whole, condition, compare, bound, many] = found
    if (condition !== undefined) {
      const number = Number(condition)
      if (number < 1 || number > size) {
        throw new FunctionError(`Event number ${number} is out of range`, 'BAD_ARGUMENTS')
      }
      steps.push({ kind: 'condition', bit: 1 << (number - 1) })
    } else if (compare !== undefined) {
      if (steps.length === 0 || steps.at(-1)?.kind === 'time') throw badPattern(text, at)
      steps.push({ kind: 'time', compare, bound: Number(bound) })
    } else steps.push({ kind: many === undefined ? 'any' : 'many' })
    at += whole.length
  }
  return { steps }
}

const badPattern = (text: string, at: number): FunctionError =>
  new FunctionError(`Malformed pattern '${text}' at position ${at}`, 'BAD_ARGUMENTS')

function holds(compare: string, distance: number, bound: number): boolean {
  switch (compare) {
    case '<=': return distance <= bound
    case '>=': return distance >= bound
    case '<': return distance < bound
    case '>': return distance > bound
    case '==': return distance === bound
    default: return distance !== bound
  }
}

type Events = { readonly times: Float64Array; readonly bits: Uint32Array }

const STEPS_MAX = 1_000_000 // ClickHouse's bound on what one match may cost

/** How many times the pattern is found in events without a condition dropped, one after another; only
 * the first with isCounting false. */
export function matchPattern(pattern: Pattern, events: Events, isCounting: boolean): number {
  const known = keptEvents(pattern, events)
  const matcher = new Matcher(pattern.steps, known)
  let count = 0
  let start = 0
  while (start < known.times.length) {
    const end = matcher.from(start)
    if (end < 0) start++
    else {
      count++
      if (!isCounting) return count
      start = Math.max(end, start + 1)
    }
  }
  return count
}

/** The places of the events that conditions of the pattern met in its first match; without one, those of the longest
 * beginning of a match. */
export function matchedEvents(pattern: Pattern, events: Events): number[] {
  const rows = seenRows(pattern, events)
  const known = { times: Float64Array.from(rows, (i) => events.times[i]), bits: Uint32Array.from(rows, (i) => events.bits[i]) }
  const matcher = new Matcher(pattern.steps, known)
  for (let start = 0; start < rows.length; start++) if (matcher.from(start) >= 0) break
  return matcher.longest.map((at) => rows[at])
}

const seenRows = (pattern: Pattern, { times, bits }: Events): number[] =>
  [...times.keys()].filter((i) => bits[i] !== 0 || pattern.steps.length === 0)

/** Events for which no condition holds are not seen at all. */
function keptEvents(pattern: Pattern, { times, bits }: Events): Events {
  const rows = seenRows(pattern, { times, bits })
  if (rows.length === times.length || pattern.steps.length === 0) return { times, bits }
  return { times: Float64Array.from(rows, (i) => times[i]), bits: Uint32Array.from(rows, (i) => bits[i]) }
}

class Matcher {
  private readonly steps: readonly Step[]
  private readonly events: Events
  private cost = 0
  private readonly met: number[] = []
  /** The most events that conditions met on one way. */
  longest: readonly number[] = []

  constructor(steps: readonly Step[], events: Events) {
    this.steps = steps
    this.events = events
  }

  /** The place behind a match that begins with event `start`; -1: there is none. */
  from(start: number): number { return this.match(0, start, start) }

  private meet(step: number, at: number): number {
    this.met.push(at)
    if (this.met.length > this.longest.length) this.longest = [...this.met]
    const end = this.match(step + 1, at + 1, at)
    this.met.pop()
    return end
  }

  private match(step: number, at: number, last: number): number {
    if (++this.cost > STEPS_MAX) {
      throw new FunctionError('Pattern application proves too difficult, exceeding max iterations '
        + `(${STEPS_MAX})`, 'TOO_SLOW')
    }
    const { times, bits } = this.events
    if (step === this.steps.length) return at
    const wanted = this.steps[step]
    switch (wanted.kind) {
      case 'condition':
        return at < times.length && (bits[at] & wanted.bit) !== 0 ? this.meet(step, at) : -1
      case 'any': return at < times.length ? this.match(step + 1, at + 1, at) : -1
      case 'many':
        for (let next = at; next <= times.length; next++) {
          const end = this.match(step + 1, next, next > at ? next - 1 : last)
          if (end >= 0) return end
        }
        return -1
      default:
        // Events may stand between: the next one need only be far (or near) enough.
        for (let next = at; next < times.length; next++) {
          if (!holds(wanted.compare, times[next] - times[last], wanted.bound)) continue
          const end = this.match(step + 1, next, last)
          if (end >= 0) return end
        }
        return -1
    }
  }
}
