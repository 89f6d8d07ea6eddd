// Kernels of window functions: see windows.ts for what each promises.

import { countsToStarts } from './rows.as'

const NOWHERE: u32 = 0xffffffff

export function markChanges(words: usize, rows: usize, count: u32, marks: usize): void {
  if (count == 0) return
  store<u8>(marks, 1)
  let last = load<u32>(words + (<usize>load<u32>(rows) << 2))
  for (let i: u32 = 1; i < count; i++) {
    const value = load<u32>(words + (<usize>load<u32>(rows + (<usize>i << 2)) << 2))
    if (value != last) store<u8>(marks + i, 1)
    last = value
  }
}

export function markedRows(marks: usize, count: u32, target: usize): u32 {
  let found: u32 = 0
  for (let i: u32 = 0; i < count; i++) {
    store<u32>(target + (<usize>found << 2), i)
    found += load<u8>(marks + i)
  }
  store<u32>(target + (<usize>found << 2), count)
  return found
}

export function shiftedRows(starts: usize, runs: u32, shift: i32, isOwn: u32, target: usize): void {
  let start: i64 = load<u32>(starts)
  for (let run: u32 = 0; run < runs; run++) {
    const end: i64 = load<u32>(starts + (<usize>run << 2), 4)
    for (let row = start; row < end; row++) {
      const other = row + shift
      const isThere = other >= start && other < end
      store<u32>(target + (<usize>row << 2), isThere ? <u32>other : isOwn != 0 ? <u32>row : NOWHERE)
    }
    start = end
  }
}

export function mixSamples(samples: usize, count: u32, hashes: usize): void {
  for (let i: u32 = 0; i < count; i++) {
    const place = hashes + (<usize>i << 2)
    const hash = load<u32>(place)
    store<u32>(place, ((hash ^ (hash >> 15)) * 0x85ebca6b) ^ load<u32>(samples + (<usize>i << 2)))
  }
}

// @ts-ignore: decorator
@inline
function partOf(hashes: usize, row: u32, bits: u32): u32 {
  return (load<u32>(hashes + (<usize>row << 2)) * 0x9e3779b1) >> (32 - bits)
}

export function rowsByPart(hashes: usize, bits: u32, count: u32, starts: usize, rows: usize): void {
  const parts: u32 = 1 << bits
  memory.fill(starts, 0, (<usize>parts + 1) << 2)
  for (let row: u32 = 0; row < count; row++) {
    const place = starts + (<usize>partOf(hashes, row, bits) << 2)
    store<u32>(place, load<u32>(place) + 1)
  }
  countsToStarts(starts, parts)
  for (let row: u32 = 0; row < count; row++) {
    const place = starts + (<usize>partOf(hashes, row, bits) << 2)
    const at = load<u32>(place)
    store<u32>(place, at + 1)
    store<u32>(rows + (<usize>at << 2), row)
  }
  // Each is where the next part begins by now.
  for (let part = parts; part > 0; part--) {
    const place = starts + (<usize>part << 2)
    store<u32>(place, load<u32>(place - 4))
  }
  store<u32>(starts, 0)
}
