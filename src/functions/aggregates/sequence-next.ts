// sequenceNextNode: the event that follows a chain of events, or goes before it.
// Invariant: events are sorted by time, of one time by their value.

import { bareType, nullableOf, STRING, type DataType } from '../../../storage/column/data-type.ts'
import type { Vector } from '../../../storage/column/vector.ts'
import type { Value } from '../values/value.ts'
import { bytesReader } from '../base/define-text.ts'
import { numberReader } from '../base/define.ts'
import { FunctionError, type AggregateDef, type EvalContext } from '../values/function.ts'
import { collectedStates, type Groups } from './group-array-more.ts'
import { numberInfo } from '../values/types.ts'
import { retype, take, zeroBytes } from '../values/vectors.ts'

const NAME = 'sequenceNextNode'
const EVENTS_MAX = 64
const TIME = 0
const VALUE = 1
const BASE = 2
/** Arguments before the events: time, value, whether a row may be the chain's first. */
const LEADING = 3

type Start = 'head' | 'tail' | 'first_match' | 'last_match'
type Walk = { readonly isForward: boolean; readonly start: Start }

function walkOf(parameters: readonly Value[], events: number): Walk {
  const fail = (what: string, code: string): FunctionError => new FunctionError(`Aggregate function ${NAME} ${what}`, code)
  const [direction, start] = parameters
  if (parameters.length < 2) throw fail('requires a direction and a base', 'NUMBER_OF_ARGUMENTS_DOESNT_MATCH')
  if (typeof direction !== 'string' || typeof start !== 'string') throw fail('takes texts as parameters', 'ILLEGAL_TYPE_OF_ARGUMENT')
  if (!['forward', 'backward'].includes(direction)) throw fail(`knows no direction '${direction}'`, 'BAD_ARGUMENTS')
  if (!['head', 'tail', 'first_match', 'last_match'].includes(start)) throw fail(`knows no base '${start}'`, 'BAD_ARGUMENTS')
  const isForward = direction === 'forward'
  if ((start === 'head' && !isForward) || (start === 'tail' && isForward)) throw fail(`cannot go ${direction} from the ${start}`, 'BAD_ARGUMENTS')
  if (start.endsWith('_match') && events < 1) throw fail(`requires an event for ${start}`, 'NUMBER_OF_ARGUMENTS_DOESNT_MATCH')
  return { isForward, start: start as Start }
}

function checkArguments(args: readonly DataType[]): void {
  const fail = (index: number, wanted: string): FunctionError => new FunctionError(
    `Illegal type ${args[index].name} of argument ${index + 1} of aggregate function ${NAME}, must be ${wanted}`)
  args.forEach((arg, i) => {
    const bare = bareType(arg)
    if (i >= BASE && bare.id !== 'UInt8' && bare.id !== 'Bool') throw fail(i, 'UInt8')
    if (i === VALUE && bare.id !== 'String') throw fail(i, 'String')
    const info = numberInfo(bare)
    const isTime = bare.id === 'Date' || bare.id === 'DateTime' || (info !== null && !info.isFloat && !info.isSigned && info.bytes <= 8)
    if (i === TIME && !isTime) throw fail(i, 'an unsigned number, Date or DateTime')
  })
}

/** The row of a group that the walk ends at; -1: no chain is there. `holds(event, row)`. */
function endOf(rows: Uint32Array, { isForward, start }: Walk, events: number, canBegin: (row: number) => boolean,
  holds: (event: number, row: number) => boolean): number {
  if (rows.length <= events) return -1
  const last = rows.length - 1
  const isFirst = (at: number): boolean => canBegin(rows[at]) && (!start.endsWith('_match') || holds(0, rows[at]))
  let base = start === 'head' || start === 'first_match' ? 0 : last
  const step = base === 0 ? 1 : -1
  if (start.endsWith('_match')) while (base >= 0 && base <= last && !isFirst(base)) base += step
  if (base < 0 || base > last || !isFirst(base)) return -1
  for (let event = 0; event < events; event++) {
    const at = isForward ? base + event : base - event
    if (at > last || (isForward ? false : at < 1) || !holds(event, rows[at])) return -1
  }
  return rows[isForward ? base + events : base - events] ?? -1
}

function nextNodes({ columns, offsets, rows, groupCount }: Groups, walk: Walk, context: EvalContext): Vector {
  const { account } = context
  const time = numberReader(columns[TIME])
  const value = bytesReader(columns[VALUE], context)
  const flags = columns.slice(BASE).map(numberReader)
  const events = columns.length - LEADING
  const found = account.u32(groupCount).fill(0)
  const nulls = zeroBytes(groupCount, account)
  for (let group = 0; group < groupCount; group++) {
    const own = rows.slice(offsets[group], offsets[group + 1])
    own.sort((a, b) => time(a) - time(b) || Buffer.compare(value(a), value(b)))
    const row = endOf(own, walk, events, (at) => flags[0](at) !== 0, (event, at) => flags[event + 1](at) !== 0)
    if (row < 0) nulls[group] = 1
    else found[group] = row
  }
  if (columns[VALUE].length === 0) return { ...take(emptyText(context), found, groupCount, account), type: nullableOf(STRING), nulls } as Vector
  return retype(take(columns[VALUE], found, groupCount, account), nullableOf(STRING), nulls)
}

/** One row without bytes, where no row was seen. */
function emptyText({ account }: EvalContext): Vector {
  return { kind: 'bytes', type: STRING, length: 1, isConst: false, nulls: null, offsets: account.u32(2).fill(0), bytes: account.u8(0) }
}

export const SEQUENCE_NEXT: readonly AggregateDef[] = [{
  name: NAME, arity: [LEADING, LEADING + EVENTS_MAX], nulls: 'skip',
  returnType: (args, parameters) => {
    walkOf(parameters, args.length - LEADING)
    checkArguments(args)
    return nullableOf(STRING)
  },
  create: (args, parameters, context) => {
    const walk = walkOf(parameters, args.length - LEADING)
    return collectedStates(args.map(bareType), context, (groups) => nextNodes(groups, walk, context))
  },
}]
