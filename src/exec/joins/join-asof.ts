// ASOF: of the built rows with a probing row's key the nearest one by value, found by halving: rows of
// a group lie in the order of that value.

import type { Vector } from '../../../storage/column/vector.ts'
import type { MemoryAccount } from '../../../storage/kernels/work-memory.ts'
import { MISSING } from '../keys/group-table.ts'
import type { KeyIndex } from './join-table.ts'

/** `probe op built`: for greater (or equal) the last built row that is less (or equal), for less the
 * first that is greater. `missing` stands where none is. */
export function nearestRows(
  probe: Vector, built: Vector, op: string, groups: Uint32Array, { starts, rows }: KeyIndex,
  missing: number, account: MemoryAccount,
): Uint32Array {
  const out = account.u32(groups.length)
  const wanted = valuesOf(probe)
  const values = valuesOf(built)
  const isBackward = op === 'greater' || op === 'greaterOrEquals'
  const isEqualLower = op === 'greaterOrEquals' || op === 'less'
  for (let row = 0; row < groups.length; row++) {
    out[row] = missing
    const group = groups[row]
    const slot = probe.isConst ? 0 : row
    if (group === MISSING || probe.nulls?.[slot] === 1) continue
    const value = wanted[slot]
    let low = starts[group]
    let high = starts[group + 1]
    // The first place whose value lies above (or, without equality, at or above) the wanted one.
    while (low < high) {
      const middle = (low + high) >>> 1
      const other = values[rows[middle]]
      if (other < value || (isEqualLower && !(other > value))) low = middle + 1
      else high = middle
    }
    const place = isBackward ? low - 1 : low
    if (place >= starts[group] && place < starts[group + 1]) out[row] = rows[place]
  }
  return out
}

/** Numbers of any width: JavaScript compares number with bigint exactly. */
function valuesOf(vector: Vector): { readonly [index: number]: number | bigint } {
  if (vector.kind === 'number' || vector.kind === 'big') return vector.values
  throw new Error(`exec: ASOF over a ${vector.type.name} vector`)
}
