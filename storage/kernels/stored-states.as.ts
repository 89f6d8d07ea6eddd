// Kernels that read states of aggregates from columns: see stored-states.ts for what each promises.

@inline
function word(base: usize, index: u32): u32 { return load<u32>(base + (<usize>index << 2)) }

export function addCountStates(groups: usize, offsets: usize, bytes: usize, count: u32, counts: usize): u32 {
  let at = word(offsets, 0)
  for (let row: u32 = 0; row < count; row++) {
    const end = word(offsets, row + 1)
    if (at < end) {
      let byte = <u32>load<u8>(bytes + at++)
      let value = <f64>(byte & 127)
      let scale: f64 = 128
      while (byte > 127) {
        if (at == end) return row
        byte = <u32>load<u8>(bytes + at++)
        value += <f64>(byte & 127) * scale
        scale *= 128
      }
      const place = counts + (<usize>word(groups, row) << 3)
      store<f64>(place, load<f64>(place) + value)
    }
    at = end
  }
  return count
}

export function addDoubleStates(groups: usize, offsets: usize, bytes: usize, count: u32, sums: usize): u32 {
  let at = word(offsets, 0)
  for (let row: u32 = 0; row < count; row++) {
    const end = word(offsets, row + 1)
    if (at < end) {
      if (at + 8 > end) return row
      const place = sums + (<usize>word(groups, row) << 3)
      store<f64>(place, load<f64>(place) + load<f64>(bytes + at))
    }
    at = end
  }
  return count
}

export function largestWholeState(offsets: usize, bytes: usize, count: u32): f64 {
  let at = word(offsets, 0)
  let most: f64 = 0
  for (let row: u32 = 0; row < count; row++) {
    const end = word(offsets, row + 1)
    if (at < end) {
      if (at + 8 > end) return Infinity
      most = max(most, abs(<f64>load<i64>(bytes + at)))
    }
    at = end
  }
  return most
}

export function addWholeStates(groups: usize, offsets: usize, bytes: usize, count: u32, sums: usize): void {
  let at = word(offsets, 0)
  for (let row: u32 = 0; row < count; row++) {
    const end = word(offsets, row + 1)
    if (at < end) {
      const place = sums + (<usize>word(groups, row) << 3)
      store<f64>(place, load<f64>(place) + <f64>load<i64>(bytes + at))
    }
    at = end
  }
}

export function raiseSkips(groups: usize, offsets: usize, bytes: usize, count: u32, skips: usize): u32 {
  let at = word(offsets, 0)
  let hasRisen: u32 = 0
  for (let row: u32 = 0; row < count; row++) {
    const end = word(offsets, row + 1)
    if (at < end) {
      const place = skips + (<usize>word(groups, row) << 2)
      const skip = <u32>load<u8>(bytes + at++)
      if (skip > 31) return 2
      if (skip > load<u32>(place)) {
        store<u32>(place, skip)
        hasRisen = 1
      }
      let samples: u64 = 0
      let byte: u32 = 128
      for (let shift: u64 = 0; byte > 127; shift += 7) {
        if (at == end || shift > 28) return 2
        byte = <u32>load<u8>(bytes + at++)
        samples |= <u64>(byte & 127) << shift
      }
      if (samples << 2 > <u64>(end - at)) return 2
    }
    at = end
  }
  return hasRisen
}

export function logStates(
  groups: usize, offsets: usize, bytes: usize, count: u32, skips: usize, filter: usize, filterMask: u32,
  log: usize, logCount: u32,
): u32 {
  let logged = logCount
  let at = word(offsets, 0)
  for (let row: u32 = 0; row < count; row++) {
    const end = word(offsets, row + 1)
    if (at < end) {
      const group = word(groups, row)
      const dropped = (<u32>1 << word(skips, group)) - 1
      const seed = group * 0x9e3779b1
      let samples: u32 = 0
      let byte: u32 = 128
      at++
      for (let shift: u32 = 0; byte > 127; shift += 7) {
        byte = <u32>load<u8>(bytes + at++)
        samples |= (byte & 127) << shift
      }
      for (; samples > 0; samples--, at += 4) {
        const sample = load<u32>(bytes + at)
        if ((sample & dropped) != 0) continue
        const pair = <u64>group << 32 | <u64>sample
        const mixed = seed ^ sample
        const place = filter + (<usize>((mixed ^ (mixed >> 15)) & filterMask) << 3)
        if (load<u64>(place) == pair) continue
        store<u64>(place, pair)
        store<u64>(log + (<usize>logged << 3), pair)
        logged++
      }
    }
    at = end
  }
  return logged
}
