// States of aggregates as columns hold them, added to states of groups: row i's is bytes
// [offsets[i], offsets[i + 1]) and belongs to groups[i]; no bytes are the state of no row. The references
// of stored-states.as.ts.
// Invariant: states may come from anywhere (CAST of text): nothing outside a row's bytes is read for it.

import type { KernelMemory } from './kernel-memory.ts'

export type StoredStateKernels = {
  /** counts[groups[i]] (f64) += the varint of the row. Answers the rows read: a damaged one stops it. */
  readonly addCountStates: (
    groups: number, offsets: number, bytes: number, count: number, counts: number) => number
  /** sums[groups[i]] (f64) += the f64 of the row. Answers the rows read: a damaged one stops it. */
  readonly addDoubleStates: (
    groups: number, offsets: number, bytes: number, count: number, sums: number) => number
  /** The largest |i64| among rows, rounded; Infinity where one is damaged. */
  readonly largestWholeState: (offsets: number, bytes: number, count: number) => number
  /** sums[groups[i]] (f64) += the i64 of the row. Only after largestWholeState found none damaged. */
  readonly addWholeStates: (
    groups: number, offsets: number, bytes: number, count: number, sums: number) => void
  /** For states | skip u8 | count varint | samples u32 × count |: skips[groups[i]] (u32) becomes at least
   * the row's. Answers 1 where one rose, 2 where a row is damaged, else 0. */
  readonly raiseSkips: (
    groups: number, offsets: number, bytes: number, count: number, skips: number) => number
  /** Appends the samples of such rows to the log, as logSamples (samples.ts) does. Only after raiseSkips
   * found none damaged; the log has room for a pair every four bytes. */
  readonly logStates: (
    groups: number, offsets: number, bytes: number, count: number, skips: number, filter: number,
    filterMask: number, log: number, logCount: number) => number
}

export function storedStatesReference(work: KernelMemory): StoredStateKernels {
  const { u8, u32, buffer } = work
  const view = new DataView(buffer)
  const f64 = new Float64Array(buffer)
  /** Visits rows with bytes until `visit` says false; answers the rows passed. */
  const each = (offsets: number, bytes: number, count: number, visit: (row: number, at: number, end: number) => boolean): number => {
    for (let row = 0; row < count; row++) {
      const at = bytes + u32[offsets / 4 + row]
      const end = bytes + u32[offsets / 4 + row + 1]
      if (at < end && !visit(row, at, end)) return row
    }
    return count
  }
  /** A varint and where it ends; null where it does not end in time. */
  const varint = (from: number, end: number): { value: number; at: number } | null => {
    let [value, scale] = [0, 1]
    for (let at = from; at < end; at++, scale *= 128) {
      value += (u8[at] & 127) * scale
      if (u8[at] < 128) return { value, at: at + 1 }
    }
    return null
  }
  const samplesOf = (at: number, end: number): { value: number; at: number } | null => {
    const head = varint(at + 1, Math.min(end, at + 6))
    return head === null || head.at + head.value * 4 > end || u8[at] > 31 ? null : head
  }
  return {
    addCountStates: (groups, offsets, bytes, count, counts) => each(offsets, bytes, count, (row, at, end) => {
      const read = varint(at, end)
      if (read !== null) f64[counts / 8 + u32[groups / 4 + row]] += read.value
      return read !== null
    }),
    addDoubleStates: (groups, offsets, bytes, count, sums) => each(offsets, bytes, count, (row, at, end) => {
      if (at + 8 <= end) f64[sums / 8 + u32[groups / 4 + row]] += view.getFloat64(at, true)
      return at + 8 <= end
    }),
    largestWholeState(offsets, bytes, count) {
      let most = 0
      const read = each(offsets, bytes, count, (_row, at, end) => {
        if (at + 8 > end) return false
        most = Math.max(most, Math.abs(Number(view.getBigInt64(at, true))))
        return true
      })
      return read < count ? Infinity : most
    },
    addWholeStates(groups, offsets, bytes, count, sums) {
      each(offsets, bytes, count, (row, at) => {
        f64[sums / 8 + u32[groups / 4 + row]] += Number(view.getBigInt64(at, true))
        return true
      })
    },
    raiseSkips(groups, offsets, bytes, count, skips) {
      let hasRisen = 0
      const read = each(offsets, bytes, count, (row, at, end) => {
        if (samplesOf(at, end) === null) return false
        const place = skips / 4 + u32[groups / 4 + row]
        if (u8[at] > u32[place]) {
          u32[place] = u8[at]
          hasRisen = 1
        }
        return true
      })
      return read < count ? 2 : hasRisen
    },
    logStates(groups, offsets, bytes, count, skips, _filter, _filterMask, log, logCount) {
      let to = log / 4 + logCount * 2
      each(offsets, bytes, count, (row, from, end) => {
        const group = u32[groups / 4 + row]
        const head = samplesOf(from, end)
        for (let i = 0; head !== null && i < head.value; i++) {
          const sample = view.getUint32(head.at + i * 4, true)
          if ((sample & ((1 << u32[skips / 4 + group]) - 1)) !== 0) continue
          u32[to++] = sample
          u32[to++] = group
        }
        return true
      })
      return (to - log / 4) / 2
    },
  }
}
