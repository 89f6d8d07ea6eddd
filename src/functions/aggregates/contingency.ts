// How much two columns tell of each other: from counts of their values and of their pairs (Cramér, Theil,
// Pearson), from ranks (Spearman), from variances between and within groups.

import { bareType, FLOAT64, type DataType } from '../../../storage/column/data-type.ts'
import type { Vector } from '../../../storage/column/vector.ts'
import { FunctionError, type AggregateDef, type EvalContext } from '../values/function.ts'
import { collectedStates, type Groups } from './group-array-more.ts'
import { checkSamples, namedDoubles, tuplesOf } from './hypothesis-tests.ts'
import { KeyMap } from './key-map.ts'
import { keyWriter } from './key-of-value.ts'
import { fisherAbove } from '../numbers/probability.ts'
import { doublesOf, ranked } from './ranks.ts'
import { doubles } from '../base/slot-states.ts'
import { numberInfo } from '../values/types.ts'
import { numberVector } from '../values/vectors.ts'

/** Counts of the values of both columns and of their pairs, all groups after each other: number i of a
 * column is of group groups[i]. */
type Counted = { readonly map: KeyMap; readonly counts: Float64Array; readonly numbers: Uint32Array }

function counted(columns: readonly Vector[], { rows, offsets, groupCount }: Groups, context: EvalContext): Counted {
  const { account } = context
  const map = new KeyMap(account)
  const key = keyWriter(columns, context)
  const counts = account.f64(rows.length).fill(0)
  const numbers = account.u32(rows.length)
  for (let group = 0; group < groupCount; group++) {
    for (let at = offsets[group]; at < offsets[group + 1]; at++) {
      key.write(rows[at])
      numbers[at] = map.numberOf(group, key.words[0], key.words[1], key.words[2], key.words[3])
      counts[numbers[at]]++
    }
  }
  key.free()
  return { map, counts, numbers }
}

/** What a group's answer is made of. */
type Cross = {
  /** Rows, distinct values of the first and the second column. */
  readonly rows: number; readonly left: number; readonly right: number
  /** Chi squared over the rows. */
  readonly phi: number
  /** -sum of p ln p over the first column, and -sum of p(a, b) ln p(a, b) / p(b). */
  readonly entropy: number; readonly remaining: number
}

function crosses(groups: Groups, context: EvalContext): Cross[] {
  const [left, right, both] = [[groups.columns[0]], [groups.columns[1]], groups.columns]
    .map((columns) => counted(columns, groups, context))
  const empty = () => new Float64Array(groups.groupCount)
  const sums = { left: empty(), right: empty(), phi: empty(), entropy: empty(), remaining: empty() }
  const rowsOf = (group: number): number => groups.offsets[group + 1] - groups.offsets[group]
  for (let i = 0; i < left.map.size; i++) {
    const group = left.map.groups[i]
    const share = left.counts[i] / rowsOf(group)
    sums.left[group]++
    sums.entropy[group] -= share * Math.log(share)
  }
  for (let i = 0; i < right.map.size; i++) sums.right[right.map.groups[i]]++
  const seen = context.account.u8(both.map.size).fill(0)
  for (let at = 0; at < groups.rows.length; at++) {
    const pair = both.numbers[at]
    if (seen[pair] === 1) continue
    seen[pair] = 1
    const group = both.map.groups[pair]
    const [count, a, b] = [both.counts[pair], left.counts[left.numbers[at]], right.counts[right.numbers[at]]]
    const rows = rowsOf(group)
    sums.phi[group] += count * count / (a * b)
    sums.remaining[group] -= count / rows * Math.log(count / b)
  }
  return Array.from({ length: groups.groupCount }, (_, group) => ({
    rows: rowsOf(group), left: sums.left[group], right: sums.right[group], phi: Math.max(0, sums.phi[group] - 1),
    entropy: sums.entropy[group], remaining: sums.remaining[group],
  }))
}

const overCross = (name: string, answer: (cross: Cross) => number): AggregateDef => ({
  name, arity: [2, 2], nulls: 'skip', returnType: () => FLOAT64,
  create: (args, _parameters, context) => collectedStates(args.map(bareType), context, (groups) => {
    const out = context.account.f64(groups.groupCount)
    crosses(groups, context).forEach((cross, group) => {
      out[group] = cross.rows < 2 ? Number.NaN : answer(cross)
    })
    return numberVector(FLOAT64, out)
  }),
})

/** Cramér's V without what chance alone would give. */
function withoutBias({ rows, left, right, phi }: Cross): number {
  const least = Math.max(0, phi - (left - 1) * (right - 1) / (rows - 1))
  const [a, b] = [left, right].map((size) => size - (size - 1) ** 2 / (rows - 1))
  return Math.sqrt(least / (Math.min(a, b) - 1))
}

function numbers(name: string, args: readonly DataType[]): void {
  for (const arg of args) {
    if (numberInfo(bareType(arg)) === null && bareType(arg).id !== 'Decimal') {
      throw new FunctionError(`Aggregate function ${name} only supports numerical types`, 'NOT_IMPLEMENTED')
    }
  }
}

/** Spearman's correlation of ranks. */
const rankCorr: AggregateDef = {
  name: 'rankCorr', arity: [2, 2], nulls: 'skip',
  returnType: (args) => {
    numbers('rankCorr', args)
    return FLOAT64
  },
  create: (args, _parameters, context) => collectedStates(args.map(bareType), context,
    ({ columns, offsets, rows, groupCount }) => {
      const { account } = context
      const [left, right] = columns.map(doubles)
      const out = account.f64(groupCount)
      for (let group = 0; group < groupCount; group++) {
        const own = rows.subarray(offsets[group], offsets[group + 1])
        const ranks = [left, right].map((read) => ranked(doublesOf(own, read, account), account).ranks)
        let sum = 0
        for (let i = 0; i < own.length; i++) sum += (ranks[0][i] - ranks[1][i]) ** 2
        out[group] = 1 - 6 * sum / (own.length * (own.length ** 2 - 1))
      }
      return numberVector(FLOAT64, out)
    }),
}

const ANOVA_GROUPS_MAX = 1 << 20

/** Whether the means of several samples differ: variance between them over variance within. */
const analysisOfVariance: AggregateDef = {
  name: 'analysisOfVariance', anyCaseAliases: ['anova'], isCaseInsensitive: true, arity: [2, 2], nulls: 'skip',
  returnType: (args) => {
    checkSamples('analysisOfVariance', args)
    const which = numberInfo(bareType(args[1]))
    if (which === null || which.isSigned || which.isFloat || which.bytes > 8) {
      throw new FunctionError('Second argument of aggregate function analysisOfVariance should be a native '
        + 'unsigned integer', 'BAD_ARGUMENTS')
    }
    return namedDoubles(['f_statistic', 'p_value'])
  },
  create: (args, _parameters, context) => collectedStates(args.map(bareType), context, (groups) =>
    tuplesOf(['f_statistic', 'p_value'], groups.groupCount, context, (group) => variances(groups, group))),
}

function variances({ columns, offsets, rows }: Groups, group: number): readonly [number, number] {
  const [value, sample] = columns.map(doubles)
  const own = rows.subarray(offsets[group], offsets[group + 1])
  const samples = 1 + own.reduce((most, row) => Math.max(most, sample(row)), -1)
  if (samples > ANOVA_GROUPS_MAX) {
    throw new FunctionError('analysisOfVariance: there are too many groups', 'TOO_LARGE_ARRAY_SIZE')
  }
  const [count, sum, squares] = [0, 1, 2].map(() => new Float64Array(samples))
  for (const row of own) {
    const at = sample(row)
    count[at]++
    sum[at] += value(row)
    squares[at] += value(row) ** 2
  }
  const empty = count.indexOf(0)
  if (empty >= 0) throw new FunctionError(`There is no observations for group ${empty}`, 'BAD_ARGUMENTS')
  if (count.every((each) => each === 1)) {
    throw new FunctionError('There is only one observation in each group', 'BAD_ARGUMENTS')
  }
  const mean = sum.reduce((total, each) => total + each, 0) / own.length
  let between = 0
  let within = 0
  for (let i = 0; i < samples; i++) {
    const own = sum[i] / count[i]
    between += count[i] * (own - mean) ** 2
    within += squares[i] + own * (own * count[i] - 2 * sum[i])
  }
  const [freedomBetween, freedomWithin] = [samples - 1, own.length - samples]
  const f = between / freedomBetween / (within / freedomWithin)
  if (!Number.isFinite(f) || f < 0) return [Number.NaN, Number.NaN]
  return [f, fisherAbove(f, freedomBetween, freedomWithin)]
}

export const CONTINGENCY: readonly AggregateDef[] = [
  overCross('cramersV', ({ phi, left, right }) => Math.sqrt(phi / (Math.min(left, right) - 1))),
  overCross('cramersVBiasCorrected', withoutBias),
  overCross('theilsU', ({ entropy, remaining }) => (entropy === 0 ? 0 : (entropy - remaining) / entropy)),
  overCross('contingency', ({ phi }) => Math.sqrt(phi / (phi + 1))),
  rankCorr, analysisOfVariance,
]
