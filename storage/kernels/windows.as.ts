// Kernels of window functions: see windows.ts for what each promises.

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
