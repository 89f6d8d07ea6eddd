// Loops "state of the row's group meets the row's value": kernels where all arrays lie in work memory
// (storage/kernels/states.ts), else one per operation and kind of array, made like those of loops.ts.
// Invariant: only texts written in this folder become code.

import type { NumberArray } from '../../../storage/column/number-array.ts'
import { kindOf } from '../../../storage/kernels/states.ts'
import type { EvalContext } from '../values/function.ts'

type GroupLoop = (
  groups: Uint32Array, values: NumberArray, sums: Float64Array, count: number) => void

const loops = new Map<string, GroupLoop>()

export type GroupStep = 'add' | 'min' | 'max'

const STEPS: Readonly<Record<GroupStep, string>> = {
  add: 'sums[g] += x',
  min: 'const s = sums[g]; if (x < s || s !== s) sums[g] = x',
  max: 'const s = sums[g]; if (x > s || s !== s) sums[g] = x',
}

/** Fewer rows are not worth the call of a kernel. */
const KERNEL_ROWS_MIN = 16

type Lying = { readonly buffer: ArrayBufferLike }

/** Whether kernels can reach these arrays. */
export const areNear = ({ account }: EvalContext, ...arrays: readonly Lying[]): boolean =>
  arrays.every(({ buffer }) => buffer === account.work.buffer)

/** The same, where it is worth a kernel's call. */
export const areInWork = (context: EvalContext, count: number, ...arrays: readonly Lying[]): boolean =>
  count >= KERNEL_ROWS_MIN && areNear(context, ...arrays)

/** Rows of so few groups would wait for each other: each has four counts meanwhile. */
const TALLIED_GROUPS_MAX = 512
const TALLIED_ROWS_MIN = 2048
const LANES = 4

/** Adds a row to its group's count; groups are below `groupCount`. */
export function countGroups(
  groups: Uint32Array, count: number, counts: Float64Array, groupCount: number, context: EvalContext,
): void {
  const { account, kernels } = context
  if (!areInWork(context, count, groups, counts)) {
    for (let row = 0; row < count; row++) counts[groups[row]]++
  } else if (groupCount === 1) counts[0] += count
  else if (groupCount > TALLIED_GROUPS_MAX || count < TALLIED_ROWS_MIN) {
    kernels.countGroups(groups.byteOffset, count, counts.byteOffset)
  } else {
    const lanes = account.u32(groupCount * LANES).fill(0)
    kernels.tallyCodes(groups.byteOffset, count, lanes.byteOffset)
    for (let g = 0, at = 0; g < groupCount; g++, at += LANES) {
      counts[g] += lanes[at] + lanes[at + 1] + lanes[at + 2] + lanes[at + 3]
    }
    account.free(lanes.byteOffset)
  }
}

/** Adds each value to the sum of its row's group, or keeps it where it is less or more than its best;
 * a group without values has NaN for its best. */
export function meetGroups(
  step: GroupStep, groups: Uint32Array, values: NumberArray, isConst: boolean, states: Float64Array,
  count: number, context: EvalContext,
): void {
  if (isConst || !areInWork(context, count, groups, states)) {
    groupLoop(STEPS[step], groups, values, isConst, states, count)
    return
  }
  const { account, kernels } = context
  const kernel = step === 'add' ? kernels.addGroups : step === 'min' ? kernels.leastOfGroups : kernels.mostOfGroups
  if (values.buffer === account.work.buffer) {
    kernel(kindOf(values), groups.byteOffset, values.byteOffset, count, states.byteOffset)
    return
  }
  // Another worker's states, in shared memory.
  const copy = account.u8(count * values.BYTES_PER_ELEMENT)
  copy.set(new Uint8Array(values.buffer, values.byteOffset, copy.length))
  kernel(kindOf(values), groups.byteOffset, copy.byteOffset, count, states.byteOffset)
  account.free(copy.byteOffset)
}

/** The same for doubles that are all of one group, whose state is states[0]: false: nothing was done, as
 * kernels can't reach them. */
export function meetOne(
  step: GroupStep, values: NumberArray, states: Float64Array, count: number, context: EvalContext): boolean {
  if (!(values instanceof Float64Array) || !areInWork(context, count, values)) return false
  const { kernels } = context
  if (step === 'add') states[0] += kernels.sumDoubles(values.byteOffset, count)
  else {
    const { least, most } = endsOf(values, count, context)
    // Infinity the wrong way round: all are NaN.
    if (step === 'min' && least <= most) states[0] = states[0] <= least ? states[0] : least
    if (step === 'max' && least <= most) states[0] = states[0] >= most ? states[0] : most
  }
  return true
}

/** The least and the most of doubles that kernels can reach. */
export function endsOf(values: Float64Array, count: number, { account, kernels }: EvalContext) {
  const ends = account.f64(2)
  kernels.doubleEnds(values.byteOffset, count, ends.byteOffset)
  const [least, most] = ends
  account.free(ends.byteOffset)
  return { least, most }
}

/** Runs `step` for each row with g its group, x its value and sums[g] its group's state. */
function groupLoop(
  step: string, groups: Uint32Array, values: NumberArray, isConst: boolean, sums: Float64Array,
  count: number,
): void {
  const key = `${step}|${values.constructor.name}${isConst}`
  let loop = loops.get(key)
  if (loop === undefined) {
    // oxlint-disable-next-line no-new-func, no-implied-eval -- see the head of this file
    loop = new Function('groups', 'values', 'sums', 'count', `'use strict';
      for (let i = 0; i < count; i++) {
        const g = groups[i];
        const x = values[${isConst ? '0' : 'i'}];
        ${step};
      }`) as GroupLoop
    loops.set(key, loop)
  }
  loop(groups, values, sums, count)
}
