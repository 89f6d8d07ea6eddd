// Money over time: rates of return, and present values by days between payments.
// Invariant: a rate is found between two rates whose present values differ in sign, or is NaN.

import { FLOAT64, type DataType } from '../../../storage/column/data-type.ts'
import type { Value } from '../values/value.ts'
import { byValues, type List } from '../base/by-values.ts'
import { badArgument, elementOf } from '../base/define.ts'
import { FunctionError, type ArgInfo, type FunctionDef } from '../values/function.ts'
import { isNumber, isString } from '../values/types.ts'

const YEAR_DAYS: Readonly<Record<string, number>> = { ACT_365F: 365, ACT_365_25: 365.25 }

function yearOf(name: string, text: Value | undefined): number {
  const days = YEAR_DAYS[String(text ?? 'ACT_365F')]
  if (days !== undefined) return days
  throw new FunctionError(`${name} counts days as ACT_365F or ACT_365_25, not ${String(text)}`, 'BAD_ARGUMENTS')
}

/** The value today of payments after so many years. */
const presentValue = (rate: number, flows: readonly number[], years: readonly number[]): number =>
  flows.reduce((sum, flow, i) => sum + flow / (1 + rate) ** years[i], 0)

const RATE_MIN = -0.999999
const RATE_MAX = 100

/** The rate at which payments are worth nothing today; NaN: there is none within sight. */
function rateOf(flows: readonly number[], years: readonly number[]): number {
  let [low, high] = [RATE_MIN, RATE_MAX]
  const atLow = presentValue(low, flows, years)
  if (!(atLow * presentValue(high, flows, years) < 0)) return Number.NaN
  for (let step = 0; step < 200 && high - low > 0; step++) {
    const middle = (low + high) / 2
    if (middle === low || middle === high) break
    if (atLow * presentValue(middle, flows, years) > 0) low = middle
    else high = middle
  }
  return (low + high) / 2
}

function expectFlows(name: string, args: readonly ArgInfo[], index: number): void {
  const element = elementOf(name, index, args[index].type)
  if (!isNumber(element) || element.id.startsWith('UInt')) throw badArgument(name, index, args[index].type)
}

function expectDates(name: string, args: readonly ArgInfo[], index: number): void {
  if (!/^Date(32)?$/.test(elementOf(name, index, args[index].type).id)) throw badArgument(name, index, args[index].type)
}

/** Years from the first payment to each. */
function yearsOf(name: string, days: List, count: number, year: number): number[] {
  if (days.length !== count) throw new FunctionError(`${name} takes a date for each payment`, 'ILLEGAL_TYPE_OF_ARGUMENT')
  return days.map((day) => (Number(day) - Number(days[0])) / year)
}

const numbers = (list: Value): number[] => (list as List).map(Number)

const steadyRate = byValues('financialInternalRateOfReturn', [1, 2], (args): DataType => {
  expectFlows('financialInternalRateOfReturn', args, 0)
  return FLOAT64
}, ([flows]) => rateOf(numbers(flows), numbers(flows).map((_, i) => i)))

const datedRate = byValues('financialInternalRateOfReturnExtended', [2, 4], (args): DataType => {
  expectFlows('financialInternalRateOfReturnExtended', args, 0)
  expectDates('financialInternalRateOfReturnExtended', args, 1)
  return FLOAT64
}, ([flows, days, , year]) => {
  const payments = numbers(flows)
  return rateOf(payments, yearsOf('financialInternalRateOfReturnExtended', days as List, payments.length,
    yearOf('financialInternalRateOfReturnExtended', year)))
})

const datedValue = byValues('financialNetPresentValueExtended', [3, 4], (args): DataType => {
  if (!isNumber(args[0].type)) throw badArgument('financialNetPresentValueExtended', 0, args[0].type)
  expectFlows('financialNetPresentValueExtended', args, 1)
  expectDates('financialNetPresentValueExtended', args, 2)
  if (args.length > 3 && !isString(args[3].type)) throw badArgument('financialNetPresentValueExtended', 3, args[3].type)
  return FLOAT64
}, ([rate, flows, days, year]) => {
  const payments = numbers(flows)
  return presentValue(Number(rate), payments, yearsOf('financialNetPresentValueExtended', days as List, payments.length,
    yearOf('financialNetPresentValueExtended', year)))
})

export const FINANCE: readonly FunctionDef[] = [steadyRate, datedRate, datedValue]
