// Kernels that pick rows by number: see rows.ts for what each promises.

export function takeWords(values: usize, rows: usize, count: u32, target: usize): void {
  for (let i: u32 = 0; i < count; i++) {
    const row = load<u32>(rows + (<usize>i << 2))
    store<u32>(target + (<usize>i << 2), load<u32>(values + (<usize>row << 2)))
  }
}

export function takeLengths(offsets: usize, rows: usize, count: u32, target: usize): u32 {
  let end: u32 = 0
  store<u32>(target, 0)
  for (let i: u32 = 0; i < count; i++) {
    const at = offsets + (<usize>load<u32>(rows + (<usize>i << 2)) << 2)
    end += load<u32>(at, 4) - load<u32>(at)
    store<u32>(target + (<usize>i << 2), end, 4)
  }
  return end
}

export function takeStrings(
  offsets: usize, bytes: usize, rows: usize, count: u32, targetOffsets: usize, target: usize,
): void {
  for (let i: u32 = 0; i < count; i++) {
    const at = offsets + (<usize>load<u32>(rows + (<usize>i << 2)) << 2)
    const start = load<u32>(at)
    const length = load<u32>(at, 4) - start
    const from = bytes + start
    const to = target + load<u32>(targetOffsets + (<usize>i << 2))
    // Stores of 16 bytes: what exceeds is written over by the next string, or lies in the slack.
    if (length <= 256) for (let k: u32 = 0; k < length; k += 16) v128.store(to + k, v128.load(from + k))
    else memory.copy(to, from, length)
  }
}

export function keepUsed(codes: usize, count: u32, size: u32, kept: usize, scratch: usize): u32 {
  memory.fill(scratch, 0, <usize>size << 2)
  for (let i: u32 = 0; i < count; i++) {
    store<u32>(scratch + (<usize>load<u32>(codes + (<usize>i << 2)) << 2), 1)
  }
  let used: u32 = 0
  for (let code: u32 = 0; code < size; code++) {
    const place = scratch + (<usize>code << 2)
    if (load<u32>(place) == 0) continue
    store<u32>(kept + (<usize>used << 2), code)
    store<u32>(place, used)
    used++
  }
  if (used < size) takeWords(scratch, codes, count, codes)
  return used
}
