// Kernels for sets of 32-bit samples by group: see samples.ts for what each promises.

@inline
function word(base: usize, index: u32): u32 { return load<u32>(base + (<usize>index << 2)) }

@inline
function mix(group: u32, sample: u32): u32 {
  const x = (group * 0x9e3779b1) ^ sample
  return x ^ (x >> 15)
}

export function wordSamples(low: usize, high: usize, count: u32, target: usize): void {
  for (let row: u32 = 0; row < count; row++) {
    let hash = <u64>word(low, row) | (<u64>word(high, row) << 32)
    hash = (hash ^ (hash >> 33)) * 0xff51afd7ed558ccd
    hash = (hash ^ (hash >> 33)) * 0xc4ceb9fe1a85ec53
    store<u32>(target + (<usize>row << 2), <u32>(hash ^ (hash >> 33)))
  }
}

export function unknownCodes(codes: usize, count: u32, known: usize, target: usize): u32 {
  let found: u32 = 0
  for (let row: u32 = 0; row < count; row++) {
    const code = word(codes, row)
    if (load<u8>(known + code) != 0) continue
    store<u8>(known + code, 1)
    store<u32>(target + (<usize>found << 2), code)
    found++
  }
  return found
}

export function logSamples(
  groups: usize, samples: usize, count: u32, skips: usize, filter: usize, filterMask: u32,
  log: usize, logCount: u32,
): u32 {
  let at = logCount
  for (let row: u32 = 0; row < count; row++) {
    const group = word(groups, row)
    const sample = word(samples, row)
    if ((sample & ((1 << word(skips, group)) - 1)) != 0) continue
    const pair = <u64>group << 32 | <u64>sample
    const place = filter + (<usize>(mix(group, sample) & filterMask) << 3)
    if (load<u64>(place) == pair) continue
    store<u64>(place, pair)
    store<u64>(log + (<usize>at << 3), pair)
    at++
  }
  return at
}

/** Slots for `count` samples, a power of two at least twice as many, at most `tableSlots`. */
@inline
function slotsFor(count: u32, tableSlots: u32): u32 {
  if (count >= tableSlots >> 1) return tableSlots
  return count < 4 ? 8 : <u32>1 << (33 - clz<u32>(count - 1))
}

/** Puts a sample into the table; true when it is new. Slots hold samples, 0 is free. */
@inline
function enter(table: usize, mask: u32, sample: u32): bool {
  let slot = (sample ^ (sample >> 16)) * 0x9e3779b1 >> 7 & mask
  let found = word(table, slot)
  while (found != 0) {
    if (found == sample) return false
    slot = (slot + 1) & mask
    found = word(table, slot)
  }
  store<u32>(table + (<usize>slot << 2), sample)
  return true
}

/** The samples list[0 .. count) that a higher skip degree leaves, put into an emptied table. */
function thin(list: usize, count: u32, skip: u32, table: usize, slots: u32): u32 {
  memory.fill(table, 0, <usize>slots << 2)
  let kept: u32 = 0
  for (let i: u32 = 0; i < count; i++) {
    const sample = word(list, i)
    if ((sample & ((1 << skip) - 1)) != 0) continue
    store<u32>(list + (<usize>kept << 2), sample)
    kept++
    if (sample != 0) enter(table, slots - 1, sample)
  }
  return kept
}

export function foldSamples(
  log: usize, logCount: u32, groupCount: u32, ends: usize, sorted: usize, oldEnds: usize,
  old: usize, skips: usize, keptMax: u32, table: usize, tableSlots: u32, newEnds: usize,
  target: usize,
): u32 {
  // ends[g]: first where group g begins in `sorted`, then where it ends.
  memory.fill(ends, 0, <usize>(groupCount + 1) << 2)
  for (let i: u32 = 0; i < logCount; i++) {
    const place = ends + (<usize>load<u32>(log + (<usize>i << 3), 4) << 2)
    store<u32>(place, load<u32>(place, 4) + 1, 4)
  }
  for (let g: u32 = 0; g < groupCount; g++) {
    store<u32>(ends + (<usize>g << 2), word(ends, g) + word(ends, g + 1), 4)
  }
  for (let i: u32 = 0; i < logCount; i++) {
    const pair = load<u64>(log + (<usize>i << 3))
    const place = ends + (<usize>(pair >> 32) << 2)
    const to = load<u32>(place)
    store<u32>(sorted + (<usize>to << 2), <u32>pair)
    store<u32>(place, to + 1)
  }
  let written: u32 = 0
  let from: u32 = 0
  let oldFrom: u32 = 0
  for (let g: u32 = 0; g < groupCount; g++) {
    const to = word(ends, g)
    const oldTo = word(oldEnds, g)
    written += foldGroup(sorted + (<usize>from << 2), to - from, old + (<usize>oldFrom << 2),
      oldTo - oldFrom, skips + (<usize>g << 2), keptMax, table, tableSlots,
      target + (<usize>written << 2))
    store<u32>(newEnds + (<usize>g << 2), written)
    from = to
    oldFrom = oldTo
  }
  return written
}

/** Distinct samples of one group, into `list`; what is kept already comes first. */
function foldGroup(
  fresh: usize, freshCount: u32, old: usize, oldCount: u32, skipAt: usize, keptMax: u32,
  table: usize, tableSlots: u32, list: usize,
): u32 {
  let skip = load<u32>(skipAt)
  if (freshCount == 0 && skip == 0) {
    memory.copy(list, old, <usize>oldCount << 2)
    return oldCount
  }
  const slots = slotsFor(oldCount + freshCount, tableSlots)
  memory.fill(table, 0, <usize>slots << 2)
  let kept: u32 = 0
  let hasZero = false
  const total = oldCount + freshCount
  for (let i: u32 = 0; i < total; i++) {
    const sample = i < oldCount ? word(old, i) : word(fresh, i - oldCount)
    if ((sample & ((1 << skip) - 1)) != 0) continue
    if (sample == 0) {
      if (hasZero) continue
      hasZero = true
    } else if (!enter(table, slots - 1, sample)) continue
    store<u32>(list + (<usize>kept << 2), sample)
    kept++
    while (kept > keptMax) kept = thin(list, kept, ++skip, table, slots)
  }
  store<u32>(skipAt, skip)
  return kept
}
