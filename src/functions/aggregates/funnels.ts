// Aggregates over the order of events in time: windowFunnel, retention, sequenceMatch, sequenceCount.
// Invariant: events are sorted by time, of one time in the order of their conditions.

import { arrayOf, bareType, UINT64, UINT8, type DataType } from '../../../storage/column/data-type.ts'
import type { Vector } from '../../../storage/column/vector.ts'
import type { Value } from '../values/value.ts'
import { FunctionError, type AggregateDef, type EvalContext } from '../values/function.ts'
import { collectedStates, type Groups } from './group-array-more.ts'
import { matchedEvents, matchPattern, parsePattern, type Pattern } from './sequence-pattern.ts'
import { byGroup } from '../values/state-bytes.ts'
import { grown } from '../values/state-array.ts'
import { isMoment, isDay, numberInfo } from '../values/types.ts'
import { arrayVector, numberVector, slotOf, take } from '../values/vectors.ts'

const EVENTS_MAX = 32

function checkArguments(name: string, args: readonly DataType[], hasTime: boolean): void {
  const [time] = args
  const bare = bareType(time)
  if (hasTime && !isMoment(bare) && !isDay(bare) && numberInfo(bare)?.isFloat !== false) {
    throw new FunctionError(`Illegal type ${time.name} of first argument of aggregate function ${name}, must `
      + 'be Unsigned Number, Date, DateTime')
  }
  for (const condition of args.slice(hasTime ? 1 : 0)) {
    const { id } = bareType(condition)
    if (id !== 'UInt8' && id !== 'Bool') {
      throw new FunctionError(`Illegal type ${condition.name} of a condition of aggregate function ${name}, `
        + 'must be UInt8')
    }
  }
}

const numberAt = (vector: Vector, row: number): number =>
  (vector.kind === 'number' || vector.kind === 'big' ? Number(vector.values[slotOf(vector, row)]) : 0)

/** Events of a group by time: (time, bits of the conditions that hold), and their rows. */
type Events = { readonly times: Float64Array; readonly bits: Uint32Array; readonly rows: Uint32Array }

function eventsOf({ columns, offsets, rows }: Groups, group: number): Events {
  const own = rows.slice(offsets[group], offsets[group + 1])
  const [time, ...conditions] = columns
  own.sort((a, b) => numberAt(time, a) - numberAt(time, b) || a - b)
  const times = Float64Array.from(own, (row) => numberAt(time, row))
  const bits = Uint32Array.from(own, (row) => conditions.reduce(
    (sum, condition, i) => (numberAt(condition, row) !== 0 ? sum | (1 << i) : sum), 0))
  return { times, bits, rows: own }
}

type FunnelModes = {
  readonly window: number; readonly size: number; readonly isDeduplicated: boolean
  readonly isOrdered: boolean; readonly isIncreasing: boolean; readonly isReentrant: boolean
  readonly isOnce: boolean
}

/** The furthest condition that is reached in order within the window after the first. */
function funnelLevel(events: Events, modes: FunnelModes): number {
  // (time, number of the condition from 1, 0: none holds; event).
  const list: (readonly [number, number, number])[] = []
  events.times.forEach((time, i) => {
    let any = false
    for (let condition = modes.size; condition >= 1; condition--) {
      if ((events.bits[i] & (1 << (condition - 1))) === 0) continue
      any = true
      list.push([time, condition, i])
    }
    if (!any && modes.isOrdered) list.push([time, 0, i])
  })
  list.sort((a, b) => a[0] - b[0] || a[1] - b[1])
  return modes.isOnce ? levelOfOnce(list, modes) : levelOf(list, modes)
}

function levelOf(list: readonly (readonly [number, number, number])[], modes: FunnelModes): number {
  const first = new Float64Array(modes.size).fill(Number.NaN)
  const previous = new Float64Array(modes.size)
  let hasFirst = false
  const reached = (): number => {
    for (let level = modes.size; level > 0; level--) if (!Number.isNaN(first[level - 1])) return level
    return 0
  }
  for (const [time, condition] of list) {
    const at = condition - 1
    if (modes.isOrdered && at < 0) {
      if (hasFirst) break
    } else if (at === 0) {
      first[0] = time
      previous[0] = time
      hasFirst = true
    } else if (modes.isDeduplicated && !Number.isNaN(first[at])) return reached()
    else if (modes.isOrdered && hasFirst && Number.isNaN(first[at - 1])) {
      if (!modes.isReentrant) return first.findIndex((value) => Number.isNaN(value))
    } else if (!Number.isNaN(first[at - 1])) {
      const isInTime = time <= first[at - 1] + modes.window
        && (!modes.isIncreasing || previous[at - 1] < time)
      if (isInTime) {
        first[at] = first[at - 1]
        previous[at] = time
        if (condition === modes.size) return modes.size
      }
    }
  }
  return reached()
}

/** A way through the conditions: its events. */
type Path = { readonly first: number; readonly last: number; readonly events: readonly number[] }

/** Ways through the events of one moment. */
const PATHS_MAX = 100_000

/** The same where no event stands for two conditions of one way: which one it is for is not known before the next, so all
 * ways are kept. Of those up to an earlier moment none comes by the same event again: the one that began last is enough. */
function levelOfOnce(list: readonly (readonly [number, number, number])[], modes: FunnelModes): number {
  const paths: Path[][] = Array.from({ length: modes.size }, () => [])
  const reached = (): number => paths.findLastIndex((level) => level.length > 0) + 1
  let moment = Number.NEGATIVE_INFINITY
  let count = 0
  for (const [time, condition, event] of list) {
    if (time > moment) {
      for (const [level, some] of paths.entries()) if (some.length > 0) paths[level] = [latest(some)]
      moment = time
      count = 0
    }
    const at = condition - 1
    if (at < 0) {
      if (paths[0].length > 0) break
    } else if (at === 0) paths[0].push({ first: time, last: time, events: [event] })
    else if (modes.isDeduplicated && paths[at].length > 0) return reached()
    else if (modes.isOrdered && paths[0].length > 0 && paths[at - 1].length === 0) {
      if (!modes.isReentrant) return paths.findIndex((level) => level.length === 0)
    } else {
      for (const { first, last, events } of paths[at - 1]) {
        if (time > first + modes.window || events.includes(event) || (modes.isIncreasing && last >= time)) continue
        if (condition === modes.size) return modes.size
        paths[at].push({ first, last: time, events: [...events, event] })
        if (++count > PATHS_MAX) {
          throw new FunctionError(`windowFunnel with strict_once: more than ${PATHS_MAX} ways through the events of one moment`, 'LIMIT_EXCEEDED')
        }
      }
    }
  }
  return reached()
}

/** Of ways up to an earlier moment the one that began last. */
function latest(paths: readonly Path[]): Path {
  let first = Number.NEGATIVE_INFINITY
  for (const path of paths) first = Math.max(first, path.first)
  return { first, last: Number.NEGATIVE_INFINITY, events: [] }
}

function funnelModes(parameters: readonly Value[], size: number): FunnelModes {
  const [window, ...modes] = parameters
  if (window === undefined) {
    throw new FunctionError('Aggregate function windowFunnel requires a window as its parameter',
      'NUMBER_OF_ARGUMENTS_DOESNT_MATCH')
  }
  const known = ['strict_deduplication', 'strict_order', 'strict_increase', 'strict_once', 'allow_reentry']
  const bad = modes.find((mode) => !known.includes(String(mode)))
  if (bad !== undefined) {
    throw new FunctionError(`Aggregate function windowFunnel doesn't support a parameter: ${String(bad)}`,
      'BAD_ARGUMENTS')
  }
  return {
    window: Number(window), size, isDeduplicated: modes.includes('strict_deduplication'),
    isOrdered: modes.includes('strict_order'), isIncreasing: modes.includes('strict_increase'),
    isReentrant: modes.includes('allow_reentry'), isOnce: modes.includes('strict_once'),
  }
}

/** One number a group, over its events. */
const overEvents = (
  name: string, type: DataType, least: number,
  prepare: (parameters: readonly Value[], size: number) => (events: Events) => number,
): AggregateDef => ({
  name, arity: [least, EVENTS_MAX + 1], nulls: 'skip',
  returnType: (args, parameters) => {
    checkArguments(name, args, true)
    prepare(parameters, args.length - 1)
    return type
  },
  create: (args, parameters, context) => {
    const answer = prepare(parameters, args.length - 1)
    return collectedStates(args.map(bareType), context, (groups) => {
      const out = context.account.f64(groups.groupCount)
      for (let group = 0; group < groups.groupCount; group++) out[group] = answer(eventsOf(groups, group))
      return numberOf(type, out, context)
    })
  },
})

function numberOf(type: DataType, values: Float64Array, { account }: EvalContext): Vector {
  if (type !== UINT8) return numberVector(type, values)
  const bytes = account.u8(values.length)
  bytes.set(values)
  return numberVector(type, bytes)
}

const patternOf = (parameters: readonly Value[], size: number): Pattern => {
  if (parameters.length !== 1) {
    throw new FunctionError('An aggregate function over sequences requires exactly one parameter, the pattern',
      'NUMBER_OF_ARGUMENTS_DOESNT_MATCH')
  }
  return parsePattern(String(parameters[0]), size)
}

/** retention(c1, c2, …): c1 at all, then c1 and each other. */
const retention: AggregateDef = {
  name: 'retention', arity: [2, EVENTS_MAX], nulls: 'skip', keepsNonNullable: true,
  returnType: (args) => {
    checkArguments('retention', args, false)
    return arrayOf(UINT8)
  },
  create: (args, _parameters, context) => {
    const { account } = context
    let seen = grown(Uint32Array, null, 1, account)
    return byGroup({
      resize: (groupCount) => { seen = grown(Uint32Array, seen, groupCount, account) },
      update: (groups, rowCount, conditions) => {
        for (let row = 0; row < rowCount; row++) {
          conditions.forEach((condition, i) => {
            if (numberAt(condition, row) !== 0) seen[groups[row]] |= 1 << i
          })
        }
      },
      write: (out, group) => out.u32(seen[group]),
      read: (reader, group) => { seen[group] |= reader.u32() },
      finish: (groupCount) => {
        const size = args.length
        const out = account.u8(groupCount * size)
        const offsets = account.u32(groupCount + 1)
        offsets[0] = 0
        for (let group = 0; group < groupCount; group++) {
          const isFirst = seen[group] & 1
          for (let i = 0; i < size; i++) out[group * size + i] = isFirst & (seen[group] >>> i)
          offsets[group + 1] = (group + 1) * size
        }
        return arrayVector(arrayOf(UINT8), offsets, numberVector(UINT8, out))
      },
    }, context)
  },
}

/** sequenceMatchEvents(pattern)(time, c1, c2, …): when the events of a match were. */
const sequenceMatchEvents: AggregateDef = {
  name: 'sequenceMatchEvents', arity: [3, EVENTS_MAX + 1], nulls: 'skip', keepsNonNullable: true,
  returnType: (args, parameters) => {
    checkArguments('sequenceMatchEvents', args, true)
    patternOf(parameters, args.length - 1)
    return arrayOf(bareType(args[0]))
  },
  create: (args, parameters, context) => {
    const pattern = patternOf(parameters, args.length - 1)
    return collectedStates(args.map(bareType), context, (groups) => {
      const { account } = context
      const offsets = account.u32(groups.groupCount + 1)
      offsets[0] = 0
      const found: number[] = []
      for (let group = 0; group < groups.groupCount; group++) {
        const events = eventsOf(groups, group)
        found.push(...matchedEvents(pattern, events).map((at) => events.rows[at]))
        offsets[group + 1] = found.length
      }
      const rows = account.u32(found.length)
      rows.set(found)
      return arrayVector(arrayOf(bareType(args[0])), offsets, take(groups.columns[0], rows, found.length, account))
    })
  },
}

export const FUNNELS: readonly AggregateDef[] = [
  sequenceMatchEvents,
  overEvents('windowFunnel', UINT8, 2, (parameters, size) => {
    const modes = funnelModes(parameters, size)
    return (events) => funnelLevel(events, modes)
  }),
  overEvents('sequenceMatch', UINT8, 3, (parameters, size) => {
    const pattern = patternOf(parameters, size)
    return (events) => (matchPattern(pattern, events, false) > 0 ? 1 : 0)
  }),
  overEvents('sequenceCount', UINT64, 3, (parameters, size) => {
    const pattern = patternOf(parameters, size)
    return (events) => matchPattern(pattern, events, true)
  }),
  retention,
]
