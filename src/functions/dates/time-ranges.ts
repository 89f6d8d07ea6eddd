// Moments at equal steps, alone and beside values: timeSeriesRange and timeSeriesFromGrid.

import { arrayOf, bareType, dateTime64Of, type DataType } from '../../../storage/column/data-type.ts'
import type { Value } from '../values/value.ts'
import { elementOf } from '../base/define.ts'
import { byValues, listOf } from '../base/by-values.ts'
import { FunctionError, type ArgInfo, type FunctionDef } from '../values/function.ts'
import { isInteger, leastSupertype, tupleOf } from '../values/types.ts'

const MOMENTS_MAX = 1_000_000

const isTime = ({ id }: DataType): boolean => id === 'DateTime' || id === 'DateTime64' || id === 'UInt32'

/** The moments' type: both ends' common one. */
function timeOf(name: string, args: readonly ArgInfo[]): DataType {
  args.slice(0, 2).forEach(({ type }, i) => {
    if (!isTime(type)) throw new FunctionError(`Argument ${i + 1} of function ${name} is a DateTime, DateTime64 or UInt32, not ${type.name}`)
  })
  const step = args[2].type
  if (!isInteger(step) && step.id !== 'Decimal') throw new FunctionError(`The step of function ${name} is a number of seconds, not ${step.name}`)
  const [start, end] = args.map(({ type }) => type)
  if (start !== end && start.precision !== end.precision) throw new FunctionError(`Function ${name} takes both ends of one type`)
  return start.id === 'DateTime64' ? dateTime64Of(start.precision, null) : leastSupertype([start, end])
}

function momentsOf(name: string, [start, end, step]: readonly Value[], ticks: number): number[] {
  const fail = (what: string, code = 'BAD_ARGUMENTS'): FunctionError => new FunctionError(`Function ${name}: ${what}`, code)
  const [from, to, by] = [Number(start), Number(end), Number(step) * ticks]
  if (to < from) throw fail('the end is before the start')
  if (by < 0 || (by === 0 && to > from)) throw fail('the step is not above 0')
  const count = by === 0 ? 1 : Math.floor((to - from) / by) + 1
  if (count > MOMENTS_MAX) throw fail(`${count} moments are more than ${MOMENTS_MAX}`, 'TOO_LARGE_ARRAY_SIZE')
  return Array.from({ length: count }, (_, i) => from + i * by)
}

const ticksOf = (time: DataType): number => (time.id === 'DateTime64' ? 10 ** time.precision : 1)

const RANGE = 'timeSeriesRange'
const FROM_GRID = 'timeSeriesFromGrid'

/** A Decimal step is a number of its last digit's units. */
function withPlainStep(def: FunctionDef): FunctionDef {
  const evaluate = def.evaluate
  return { ...def, evaluate: (args, type, rowCount, context, lambda) => {
    const step = args[2].type
    if (step.id !== 'Decimal' || step.scale === 0) return evaluate(args, type, rowCount, context, lambda)
    throw new FunctionError(`The step of function ${def.name} has no fraction`, 'NOT_IMPLEMENTED')
  } }
}

export const TIME_RANGES: readonly FunctionDef[] = [
  withPlainStep(byValues(RANGE, [3, 3], (args) => arrayOf(timeOf(RANGE, args)),
    (values, type) => momentsOf(RANGE, values, ticksOf(type.args[0])))),
  withPlainStep(byValues(FROM_GRID, [4, 4], (args) =>
    arrayOf(tupleOf([timeOf(FROM_GRID, args), bareType(elementOf(FROM_GRID, 3, args[3].type))])), (values, type) => {
    const moments = momentsOf(FROM_GRID, values, ticksOf(type.args[0].args[0]))
    const list = listOf(values[3])
    if (list.length !== moments.length) {
      throw new FunctionError(`Function ${FROM_GRID}: ${list.length} values for ${moments.length} moments`, 'BAD_ARGUMENTS')
    }
    return moments.flatMap((moment, i) => (list[i] === null ? [] : [[moment, list[i]]]))
  })),
]
