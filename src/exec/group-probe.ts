// The loops that find or enter packed keys in a group table. Top-level functions over typed arrays,
// so that one can become a kernel. Each answers the number of groups afterwards.
// Invariant: slots are never more than half full, so every probe ends.

/** `slots`: zero is empty, groups are stored + 1. `keys[b][g]`: bin b of the key of group g. */
export type Probe = {
  readonly slots: Uint32Array
  readonly keys: readonly Uint32Array[]
  readonly groupCount: number
}

/** What a search that enters nothing says of an unknown key. */
export const MISSING = 0xffffffff

/** The key is the slot. */
export function probeDense(
  state: Probe, keys: Uint32Array, rowCount: number, out: Uint32Array, isNew: boolean): number {
  const { slots } = state
  const groupKeys = state.keys[0]
  let { groupCount } = state
  for (let row = 0; row < rowCount; row++) {
    const key = keys[row]
    let group = slots[key]
    if (group === 0) {
      if (!isNew) {
        out[row] = MISSING
        continue
      }
      groupKeys[groupCount] = key
      group = ++groupCount
      slots[key] = group
    }
    out[row] = group - 1
  }
  return groupCount
}

/** Slots (key, group + 1). */
export function probeOne(
  state: Probe, keys: Uint32Array, rowCount: number, out: Uint32Array, isNew: boolean): number {
  const { slots } = state
  const groupKeys = state.keys[0]
  let { groupCount } = state
  const mask = slots.length / 2 - 1
  for (let row = 0; row < rowCount; row++) {
    const key = keys[row]
    let hash = Math.imul(key, 0x9e3779b1)
    hash ^= hash >>> 15
    let slot = hash & mask
    let group = slots[2 * slot + 1]
    while (group !== 0 && slots[2 * slot] !== key) {
      slot = (slot + 1) & mask
      group = slots[2 * slot + 1]
    }
    if (group === 0) {
      if (!isNew) {
        out[row] = MISSING
        continue
      }
      groupKeys[groupCount] = key
      group = ++groupCount
      slots[2 * slot] = key
      slots[2 * slot + 1] = group
    }
    out[row] = group - 1
  }
  return groupCount
}

/** Slots (low, high, group + 1, unused). */
export function probeTwo(
  state: Probe, low: Uint32Array, high: Uint32Array, rowCount: number, out: Uint32Array,
  isNew: boolean,
): number {
  const { slots } = state
  const [groupLow, groupHigh] = state.keys
  let { groupCount } = state
  const mask = slots.length / 4 - 1
  for (let row = 0; row < rowCount; row++) {
    const a = low[row]
    const b = high[row]
    let hash = Math.imul(a, 0x9e3779b1) ^ Math.imul(b, 0x85ebca6b)
    hash ^= hash >>> 15
    hash = Math.imul(hash, 0x2c1b3c6d)
    hash ^= hash >>> 13
    let at = (hash & mask) * 4
    let group = slots[at + 2]
    while (group !== 0 && (slots[at] !== a || slots[at + 1] !== b)) {
      at = ((at >>> 2) + 1 & mask) * 4
      group = slots[at + 2]
    }
    if (group === 0) {
      if (!isNew) {
        out[row] = MISSING
        continue
      }
      groupLow[groupCount] = a
      groupHigh[groupCount] = b
      group = ++groupCount
      slots[at] = a
      slots[at + 1] = b
      slots[at + 2] = group
    }
    out[row] = group - 1
  }
  return groupCount
}

/** Slots (hash, group + 1); keys are compared bin by bin. */
export function probeMany(
  state: Probe, keys: readonly Uint32Array[], rowCount: number, out: Uint32Array, isNew: boolean,
): number {
  const { slots } = state
  let { groupCount } = state
  const mask = slots.length / 2 - 1
  for (let row = 0; row < rowCount; row++) {
    let hash = 0
    for (let b = 0; b < keys.length; b++) {
      hash = Math.imul(hash ^ keys[b][row], 0x9e3779b1)
      hash ^= hash >>> 15
    }
    hash >>>= 0
    let slot = hash & mask
    let group = slots[2 * slot + 1]
    while (group !== 0
      && (slots[2 * slot] !== hash || !isSame(state.keys, group - 1, keys, row))) {
      slot = (slot + 1) & mask
      group = slots[2 * slot + 1]
    }
    if (group === 0) {
      if (!isNew) {
        out[row] = MISSING
        continue
      }
      for (let b = 0; b < keys.length; b++) state.keys[b][groupCount] = keys[b][row]
      group = ++groupCount
      slots[2 * slot] = hash
      slots[2 * slot + 1] = group
    }
    out[row] = group - 1
  }
  return groupCount
}

function isSame(
  groupKeys: readonly Uint32Array[], group: number, keys: readonly Uint32Array[], row: number,
): boolean {
  for (let b = 0; b < keys.length; b++) if (groupKeys[b][group] !== keys[b][row]) return false
  return true
}
