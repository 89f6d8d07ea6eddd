// Windows of time by their bounds: tumble and hop, with their first and last moments, and windowID.
// Invariant: a window's end is its start moved by the interval: by the clock up to days, else by dates.

import { DATETIME, UINT16, UINT32, type DataType } from '../../../storage/column/data-type.ts'
import type { Vector } from '../../../storage/column/vector.ts'
import { addMonthsToDay } from '../values/calendar.ts'
import { DATE_PARTS } from './date-parts.ts'
import { badArgument, constantOf, define, numberReader, numbersBy, ofFamily } from '../base/define.ts'
import { FunctionError, type ArgInfo, type EvalContext, type FunctionDef } from '../values/function.ts'
import { tupleOf } from '../values/types.ts'
import { retype } from '../values/vectors.ts'

const START = ofFamily(DATE_PARTS, 'toStartOfInterval')

const CLOCK: Readonly<Record<string, number>> = { Second: 1, Minute: 60, Hour: 3600, Day: 86400 }
const MONTHS: Readonly<Record<string, number>> = { Month: 1, Quarter: 3, Year: 12 }

/** A bound moved by `count` units. */
function moved(from: Vector, unit: string, count: number, rowCount: number, context: EvalContext): Vector {
  const read = numberReader(from)
  const step = CLOCK[unit] ?? (unit === 'Week' ? 7 : 0)
  const move = step > 0 ? (at: number) => at + step * count : (at: number) => addMonthsToDay(at, MONTHS[unit] * count)
  return numbersBy(from.type, rowCount, context, (row) => {
    const bound = move(read(row))
    if (bound < 0) throw new FunctionError('A window begins before 1970', 'BAD_ARGUMENTS')
    return bound
  })
}

type Bounds = { readonly from: Vector; readonly to: Vector }
type Shape = {
  /** How many intervals stand behind the time: tumble one, hop two (how far windows are apart, how long they are). */
  readonly intervals: number
  readonly bounds: (args: readonly Vector[], type: DataType, rowCount: number, context: EvalContext) => Bounds
}

const sizeOf = (name: string, args: readonly Vector[], index: number): number => Number(constantOf(name, args, index))
const unitOf = (vector: Vector): string => vector.type.func ?? ''

const startOf = (args: readonly Vector[], intervals: number, type: DataType, rowCount: number, context: EvalContext): Vector =>
  START.evaluate([args[0], args[1], ...args.slice(1 + intervals)], type, rowCount, context, null)

const tumbling: Shape = {
  intervals: 1,
  bounds: (args, type, rowCount, context) => {
    const from = startOf(args, 1, type, rowCount, context)
    return { from, to: moved(from, unitOf(args[1]), sizeOf('tumble', args, 1), rowCount, context) }
  },
}

/** The window that ends first behind the moment. */
const hopping: Shape = {
  intervals: 2,
  bounds: (args, type, rowCount, context) => {
    const unit = unitOf(args[1])
    const to = moved(startOf(args, 2, type, rowCount, context), unit, sizeOf('hop', args, 1), rowCount, context)
    return { from: moved(to, unit, -sizeOf('hop', args, 2), rowCount, context), to }
  },
}

/** The type of a bound. */
function boundType(name: string, { intervals }: Shape, args: readonly ArgInfo[]): DataType {
  if (args[0].type.id !== 'DateTime') throw badArgument(name, 0, args[0].type)
  for (let i = 1; i <= intervals; i++) {
    const { type, value } = args[i]
    if (type.id !== 'Interval' || (type.func ?? '').endsWith('second')) throw badArgument(name, i, type)
    if (!(Number(value) > 0)) throw new FunctionError(`${name} takes positive constant intervals`, 'ARGUMENT_OUT_OF_BOUND')
  }
  if (intervals === 2) {
    if (args[1].type !== args[2].type) throw new FunctionError(`Both intervals of ${name} are of one unit`)
    if (Number(args[1].value) > Number(args[2].value)) {
      throw new FunctionError(`${name}: windows are as long at least as they are apart`, 'ARGUMENT_OUT_OF_BOUND')
    }
  }
  return START.returnType([args[0], args[1], ...args.slice(1 + intervals)])
}

/** Of a window that is given (or, as a number, its end), or of the one that a moment lies in. */
function oneBound(name: string, shape: Shape, args: readonly ArgInfo[]): DataType {
  const [{ type }] = args
  if (args.length > shape.intervals) return boundType(name, shape, args)
  if (args.length > 1) throw badArgument(name, 1, args[1].type)
  if (type === UINT32) return DATETIME
  const isWindow = type.id === 'Tuple' && type.args.length === 2 && type.args.every((arg) => arg.id === 'DateTime' || arg.id === 'Date')
  if (!isWindow) throw badArgument(name, 0, type)
  return type.args[0]
}

function families(name: string, shape: Shape): FunctionDef[] {
  const arity = [shape.intervals + 1, shape.intervals + 2] as const
  const bound = (side: 'Start' | 'End', take: (bounds: Bounds) => Vector): FunctionDef =>
    define(`${name}${side}`, [1, arity[1]], (args) => oneBound(`${name}${side}`, shape, args),
      (args, type, rowCount, context) => (args.length > 1 ? take(shape.bounds(args, type, rowCount, context))
        : args[0].kind === 'tuple' ? args[0].fields[side === 'Start' ? 0 : 1] : retype(args[0], type)))
  return [
    define(name, arity, (args) => {
      const type = boundType(name, shape, args)
      return tupleOf([type, type])
    }, (args, type, rowCount, context) => {
      const { from, to } = shape.bounds(args, type.args[0], rowCount, context)
      return { kind: 'tuple', type, length: rowCount, isConst: false, nulls: null, fields: [from, to] }
    }),
    bound('Start', ({ from }) => from), bound('End', ({ to }) => to),
  ]
}

/** The end of a tumbling window as a number. */
const windowId = define('windowID', [2, 3], (args) =>
  (boundType('windowID', tumbling, args).id === 'Date' ? UINT16 : UINT32), (args, type, rowCount, context) => {
  const bound = START.returnType(args.map((arg, i) => ({ type: arg.type, value: i === 0 ? undefined : constantOf('windowID', args, i) })))
  return retype(tumbling.bounds(args, bound, rowCount, context).to, type, null)
})

export const TIME_WINDOWS: readonly FunctionDef[] = [
  ...families('tumble', tumbling), ...families('hop', hopping), windowId,
]
