// Loops "state of the row's group meets the row's value", one per operation and kind of array, made
// like those of loops.ts.
// Invariant: only texts written in this folder become code.

import type { NumberArray } from '../../storage/column/vector.ts'

type GroupLoop = (
  groups: Uint32Array, values: NumberArray, sums: Float64Array, count: number) => void

const loops = new Map<string, GroupLoop>()

/** Runs `step` for each row with g its group, x its value and sums[g] its group's state. */
export function groupLoop(
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
