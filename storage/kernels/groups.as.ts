// Kernels of GROUP BY: see groups.ts for what each promises.

export function shiftWords(source: usize, shift: u32, count: u32, target: usize): void {
  let i: u32 = 0
  for (; i + 4 <= count; i += 4) {
    const at = <usize>i << 2
    v128.store(target + at, v128.shl<i32>(v128.load(source + at), shift))
  }
  for (; i < count; i++) {
    const at = <usize>i << 2
    store<u32>(target + at, load<u32>(source + at) << shift)
  }
}

export function addShiftedWords(source: usize, shift: u32, count: u32, target: usize): void {
  let i: u32 = 0
  for (; i + 4 <= count; i += 4) {
    const at = <usize>i << 2
    v128.store(target + at, v128.or(v128.load(target + at), v128.shl<i32>(v128.load(source + at), shift)))
  }
  for (; i < count; i++) {
    const at = <usize>i << 2
    store<u32>(target + at, load<u32>(target + at) | (load<u32>(source + at) << shift))
  }
}

export function orWords(source: usize, count: u32): u32 {
  let all: u32 = 0
  let lanes = v128.splat<i32>(0)
  let i: u32 = 0
  for (; i + 4 <= count; i += 4) lanes = v128.or(lanes, v128.load(source + (<usize>i << 2)))
  for (; i < count; i++) all |= load<u32>(source + (<usize>i << 2))
  return all | v128.extract_lane<u32>(lanes, 0) | v128.extract_lane<u32>(lanes, 1)
    | v128.extract_lane<u32>(lanes, 2) | v128.extract_lane<u32>(lanes, 3)
}

export function xorWords(source: usize, mask: u32, count: u32, target: usize): u32 {
  const masks = v128.splat<i32>(mask)
  let all: u32 = 0
  let lanes = v128.splat<i32>(0)
  let i: u32 = 0
  for (; i + 4 <= count; i += 4) {
    const at = <usize>i << 2
    const values = v128.xor(v128.load(source + at), masks)
    lanes = v128.or(lanes, values)
    v128.store(target + at, values)
  }
  for (; i < count; i++) {
    const at = <usize>i << 2
    const value = load<u32>(source + at) ^ mask
    all |= value
    store<u32>(target + at, value)
  }
  return all | v128.extract_lane<u32>(lanes, 0) | v128.extract_lane<u32>(lanes, 1)
    | v128.extract_lane<u32>(lanes, 2) | v128.extract_lane<u32>(lanes, 3)
}

export function mapWords(words: usize, count: u32, map: usize): void {
  for (let i: u32 = 0; i < count; i++) {
    const at = words + (<usize>i << 2)
    store<u32>(at, load<u32>(map + (<usize>load<u32>(at) << 2)))
  }
}

/** Equal keys one after another, as rows in their order have, are looked up once: whether the four keys at
 * `keys` are the one before them, whose group + 1 is `group` (0: there is none). Then `out` has their groups. */
@inline
function goOn(keys: usize, last: u32, group: u32, out: usize): bool {
  if (group == 0 || !v128.all_true<i32>(v128.eq<i32>(v128.load(keys), v128.splat<u32>(last)))) return false
  v128.store(out, v128.splat<u32>(group - 1))
  return true
}

/** The heads of four keys. */
@inline
function headsOf(heads: usize, keys: usize): v128 {
  let four = v128.load32_zero(heads + (<usize>load<u32>(keys) << 2))
  four = v128.load_lane<u32>(heads + (<usize>load<u32>(keys, 4) << 2), four, 1)
  four = v128.load_lane<u32>(heads + (<usize>load<u32>(keys, 8) << 2), four, 2)
  return v128.load_lane<u32>(heads + (<usize>load<u32>(keys, 12) << 2), four, 3)
}

export function denseGroups(
  heads: usize, records: usize, keys: usize, count: u32, groupCount: u32, isNew: u32, out: usize,
): u32 {
  let key: u32 = 0
  let group: u32 = 0
  for (let row: u32 = 0; row < count;) {
    const areFour = row + 4 <= count
    if (areFour && goOn(keys + (<usize>row << 2), key, group, out + (<usize>row << 2))) {
      row += 4
      continue
    }
    if (areFour) {
      const at = keys + (<usize>row << 2)
      const four = headsOf(heads, at)
      if (v128.all_true<i32>(four)) {
        v128.store(out + (<usize>row << 2), i32x4.sub(four, v128.splat<u32>(1)))
        key = load<u32>(at, 12)
        group = i32x4.extract_lane(four, 3)
        row += 4
        continue
      }
    }
    const stop = areFour ? row + 4 : count
    for (; row < stop; row++) {
      const at = <usize>row << 2
      key = load<u32>(keys + at)
      const head = heads + (<usize>key << 2)
      group = load<u32>(head)
      if (group == 0 && isNew != 0) {
        const record = records + (<usize>groupCount << 3)
        store<u32>(record, 0)
        store<u32>(record, key, 4)
        group = ++groupCount
        store<u32>(head, group)
      }
      store<u32>(out + at, group - 1)
    }
  }
  return groupCount
}

@inline
function fold(hash: u32, word: u32): u32 {
  const mixed = (hash ^ word) * 0x9e3779b1
  return mixed ^ (mixed >> 15)
}

@inline
function settle(hash: u32): u32 {
  const mixed = hash * 0x2c1b3c6d
  return mixed ^ (mixed >> 13)
}

function findOne(
  heads: usize, mask: u32, isHashed: u32, records: usize, keys: usize, count: u32,
  groupCount: u32, isNew: u32, out: usize, steps: usize,
): u32 {
  let walked: u32 = 0
  // By a look-up of the last key.
  let passed: u32 = 0
  let key: u32 = 0
  let group: u32 = 0
  for (let row: u32 = 0; row < count;) {
    const areFour = row + 4 <= count
    if (areFour && goOn(keys + (<usize>row << 2), key, group, out + (<usize>row << 2))) {
      walked += passed << 2
      row += 4
      continue
    }
    const stop = areFour ? row + 4 : count
    for (; row < stop; row++) {
      const at = <usize>row << 2
      key = load<u32>(keys + at)
      const head = heads + (<usize>((isHashed != 0 ? settle(fold(0, key)) : key) & mask) << 2)
      const first = load<u32>(head)
      group = first
      passed = 0
      while (group != 0) {
        const record = records + (<usize>(group - 1) << 3)
        if (load<u32>(record, 4) == key) break
        group = load<u32>(record)
        passed++
      }
      walked += passed
      if (group == 0 && isNew != 0) {
        const record = records + (<usize>groupCount << 3)
        store<u32>(record, first)
        store<u32>(record, key, 4)
        group = ++groupCount
        passed = 0
        store<u32>(head, group)
      }
      store<u32>(out + at, group - 1)
    }
  }
  store<u32>(steps, walked)
  return groupCount
}

function findTwo(
  heads: usize, mask: u32, isHashed: u32, records: usize, low: usize, high: usize, count: u32,
  groupCount: u32, isNew: u32, out: usize, steps: usize,
): u32 {
  let walked: u32 = 0
  for (let row: u32 = 0; row < count; row++) {
    const at = <usize>row << 2
    const a = load<u32>(low + at)
    const b = load<u32>(high + at)
    // Both words are compared at once.
    const key = <u64>a | (<u64>b << 32)
    const head = heads + (<usize>((isHashed != 0 ? settle(fold(fold(0, a), b)) : a) & mask) << 2)
    const first = load<u32>(head)
    let group = first
    while (group != 0) {
      const record = records + <usize>(group - 1) * 12
      if (load<u64>(record, 4) == key) break
      group = load<u32>(record)
      walked++
    }
    if (group == 0 && isNew != 0) {
      const record = records + <usize>groupCount * 12
      store<u32>(record, first)
      store<u64>(record, key, 4)
      group = ++groupCount
      store<u32>(head, group)
    }
    store<u32>(out + at, group - 1)
  }
  store<u32>(steps, walked)
  return groupCount
}

@inline
function wordAt(bins: usize, bin: u32, at: usize): u32 {
  return load<u32>(<usize>load<u32>(bins + (<usize>bin << 2)) + at)
}

function isSame(record: usize, bins: usize, binCount: u32, at: usize): bool {
  for (let b: u32 = 0; b < binCount; b++) {
    if (load<u32>(record + (<usize>b << 2), 4) != wordAt(bins, b, at)) return false
  }
  return true
}

export function findGroups(
  heads: usize, mask: u32, isHashed: u32, records: usize, bins: usize, binCount: u32, count: u32,
  groupCount: u32, isNew: u32, out: usize, steps: usize,
): u32 {
  const keys = <usize>load<u32>(bins)
  if (binCount == 1) {
    return findOne(heads, mask, isHashed, records, keys, count, groupCount, isNew, out, steps)
  }
  if (binCount == 2) {
    return findTwo(heads, mask, isHashed, records, keys, <usize>load<u32>(bins, 4), count, groupCount,
      isNew, out, steps)
  }
  const stride = <usize>(binCount + 1) << 2
  let walked: u32 = 0
  for (let row: u32 = 0; row < count; row++) {
    const at = <usize>row << 2
    let hash = load<u32>(keys + at)
    if (isHashed != 0) {
      hash = fold(0, hash)
      for (let b: u32 = 1; b < binCount; b++) hash = fold(hash, wordAt(bins, b, at))
      hash = settle(hash)
    }
    const head = heads + (<usize>(hash & mask) << 2)
    const first = load<u32>(head)
    let group = first
    while (group != 0) {
      const record = records + <usize>(group - 1) * stride
      if (isSame(record, bins, binCount, at)) break
      group = load<u32>(record)
      walked++
    }
    if (group == 0 && isNew != 0) {
      const record = records + <usize>groupCount * stride
      store<u32>(record, first)
      for (let b: u32 = 0; b < binCount; b++) store<u32>(record + (<usize>b << 2), wordAt(bins, b, at), 4)
      group = ++groupCount
      store<u32>(head, group)
    }
    store<u32>(out + at, group - 1)
  }
  store<u32>(steps, walked)
  return groupCount
}

export function unpackRecords(
  records: usize, stride: u32, word: u32, shift: u32, mask: u32, rows: usize, count: u32, target: usize,
): void {
  const step = <usize>stride << 2
  const first = records + (<usize>word << 2)
  for (let i: u32 = 0; i < count; i++) {
    const at = <usize>i << 2
    const record = rows == 0 ? i : load<u32>(rows + at)
    store<u32>(target + at, (load<u32>(first + <usize>record * step) >> shift) & mask)
  }
}

export function relinkGroups(
  heads: usize, mask: u32, isHashed: u32, records: usize, binCount: u32, groupCount: u32,
): void {
  const stride = <usize>(binCount + 1) << 2
  for (let group: u32 = 0; group < groupCount; group++) {
    const record = records + <usize>group * stride
    let hash = load<u32>(record, 4)
    if (isHashed != 0) {
      hash = fold(0, hash)
      for (let b: u32 = 1; b < binCount; b++) hash = fold(hash, load<u32>(record + (<usize>b << 2), 4))
      hash = settle(hash)
    }
    const head = heads + (<usize>(hash & mask) << 2)
    store<u32>(record, load<u32>(head))
    store<u32>(head, group + 1)
  }
}

export function matchRows(
  groups: usize, count: u32, firsts: usize, missing: u32, keeps: u32, rows: usize, built: usize,
): u32 {
  let found: u32 = 0
  for (let row: u32 = 0; row < count; row++) {
    const group = load<u32>(groups + (<usize>row << 2))
    const first = group == 0xffffffff ? missing : load<u32>(firsts + (<usize>group << 2))
    const at = <usize>found << 2
    store<u32>(rows + at, row)
    store<u32>(built + at, first)
    found += (keeps >> <u32>(first == missing)) & 1
  }
  return found
}
