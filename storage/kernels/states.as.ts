// Kernels of aggregate states, one slot a group: see states.ts for what each promises.

const U8: u32 = 0
const U16: u32 = 1
const U32: u32 = 2
const I8: u32 = 3
const I16: u32 = 4
const I32: u32 = 5
const F32: u32 = 6

@inline
function addCount(counts: usize, group: u32, more: f64): void {
  const at = counts + (<usize>group << 3)
  store<f64>(at, load<f64>(at) + more)
}

export function countGroups(groups: usize, count: u32, counts: usize): void {
  // Rows of one group one after another are added at once: each sum would wait for the one before it.
  let last: u32 = 0
  let run: f64 = 0
  let i: u32 = 0
  for (; i + 4 <= count; i += 4) {
    const at = groups + (<usize>i << 2)
    if (v128.all_true<i32>(v128.eq<i32>(v128.load(at), v128.splat<u32>(last)))) {
      run += 4
      continue
    }
    if (run != 0) addCount(counts, last, run)
    run = 0
    last = load<u32>(at, 12)
    addCount(counts, load<u32>(at), 1)
    addCount(counts, load<u32>(at, 4), 1)
    addCount(counts, load<u32>(at, 8), 1)
    addCount(counts, last, 1)
  }
  if (run != 0) addCount(counts, last, run)
  for (; i < count; i++) addCount(counts, load<u32>(groups + (<usize>i << 2)), 1)
}

export function tallyCodes(codes: usize, count: u32, counts: usize): void {
  const end = codes + (<usize>count << 2)
  let at = codes
  for (; at + 16 <= end; at += 16) {
    const a = counts + (<usize>load<u32>(at) << 4)
    store<u32>(a, load<u32>(a) + 1)
    const b = counts + (<usize>load<u32>(at, 4) << 4)
    store<u32>(b, load<u32>(b, 4) + 1, 4)
    const c = counts + (<usize>load<u32>(at, 8) << 4)
    store<u32>(c, load<u32>(c, 8) + 1, 8)
    const d = counts + (<usize>load<u32>(at, 12) << 4)
    store<u32>(d, load<u32>(d, 12) + 1, 12)
  }
  for (; at < end; at += 4) {
    const a = counts + (<usize>load<u32>(at) << 4)
    store<u32>(a, load<u32>(a) + 1)
  }
}

@inline
function addAll<T>(groups: usize, values: usize, count: u32, sums: usize): void {
  for (let i: u32 = 0; i < count; i++) {
    const at = sums + (<usize>load<u32>(groups + (<usize>i << 2)) << 3)
    store<f64>(at, load<f64>(at) + <f64>load<T>(values + <usize>i * sizeof<T>()))
  }
}

export function addGroups(kind: u32, groups: usize, values: usize, count: u32, sums: usize): void {
  if (kind == U8) addAll<u8>(groups, values, count, sums)
  else if (kind == U16) addAll<u16>(groups, values, count, sums)
  else if (kind == U32) addAll<u32>(groups, values, count, sums)
  else if (kind == I8) addAll<i8>(groups, values, count, sums)
  else if (kind == I16) addAll<i16>(groups, values, count, sums)
  else if (kind == I32) addAll<i32>(groups, values, count, sums)
  else if (kind == F32) addAll<f32>(groups, values, count, sums)
  else addAll<f64>(groups, values, count, sums)
}

@inline
function leastAll<T>(groups: usize, values: usize, count: u32, best: usize): void {
  for (let i: u32 = 0; i < count; i++) {
    const at = best + (<usize>load<u32>(groups + (<usize>i << 2)) << 3)
    const value = <f64>load<T>(values + <usize>i * sizeof<T>())
    const known = load<f64>(at)
    // Of whole numbers none is NaN: no branch is needed, which would wait for memory when it is mistaken.
    if (!isFloat<T>()) v128.store64_lane(at, v128.pmin<f64>(v128.splat<f64>(value), v128.splat<f64>(known)), 0)
    else if (value < known || known != known) store<f64>(at, value)
  }
}

@inline
function mostAll<T>(groups: usize, values: usize, count: u32, best: usize): void {
  for (let i: u32 = 0; i < count; i++) {
    const at = best + (<usize>load<u32>(groups + (<usize>i << 2)) << 3)
    const value = <f64>load<T>(values + <usize>i * sizeof<T>())
    const known = load<f64>(at)
    if (!isFloat<T>()) v128.store64_lane(at, v128.pmax<f64>(v128.splat<f64>(value), v128.splat<f64>(known)), 0)
    else if (value > known || known != known) store<f64>(at, value)
  }
}

export function leastOfGroups(kind: u32, groups: usize, values: usize, count: u32, best: usize): void {
  if (kind == U8) leastAll<u8>(groups, values, count, best)
  else if (kind == U16) leastAll<u16>(groups, values, count, best)
  else if (kind == U32) leastAll<u32>(groups, values, count, best)
  else if (kind == I8) leastAll<i8>(groups, values, count, best)
  else if (kind == I16) leastAll<i16>(groups, values, count, best)
  else if (kind == I32) leastAll<i32>(groups, values, count, best)
  else if (kind == F32) leastAll<f32>(groups, values, count, best)
  else leastAll<f64>(groups, values, count, best)
}

export function mostOfGroups(kind: u32, groups: usize, values: usize, count: u32, best: usize): void {
  if (kind == U8) mostAll<u8>(groups, values, count, best)
  else if (kind == U16) mostAll<u16>(groups, values, count, best)
  else if (kind == U32) mostAll<u32>(groups, values, count, best)
  else if (kind == I8) mostAll<i8>(groups, values, count, best)
  else if (kind == I16) mostAll<i16>(groups, values, count, best)
  else if (kind == I32) mostAll<i32>(groups, values, count, best)
  else if (kind == F32) mostAll<f32>(groups, values, count, best)
  else mostAll<f64>(groups, values, count, best)
}

@inline
function spanAll<T>(groups: usize, values: usize, count: u32, records: usize): void {
  for (let i: u32 = 0; i < count; i++) {
    const at = records + (<usize>load<u32>(groups + (<usize>i << 2)) << 5)
    const value = <f64>load<T>(values + <usize>i * sizeof<T>())
    if (!isFloat<T>()) {
      const both = v128.splat<f64>(value)
      const known = v128.load(at)
      v128.store(at, v128.shuffle<f64>(v128.pmin<f64>(both, known), v128.pmax<f64>(both, known), 0, 3))
    } else {
      const least = load<f64>(at)
      const most = load<f64>(at, 8)
      if (value < least || least != least) store<f64>(at, value)
      if (value > most || most != most) store<f64>(at, value, 8)
    }
    store<f64>(at, load<f64>(at, 16) + 1, 16)
  }
}

export function spanGroups(kind: u32, groups: usize, values: usize, count: u32, records: usize): void {
  if (kind == U8) spanAll<u8>(groups, values, count, records)
  else if (kind == U16) spanAll<u16>(groups, values, count, records)
  else if (kind == U32) spanAll<u32>(groups, values, count, records)
  else if (kind == I8) spanAll<i8>(groups, values, count, records)
  else if (kind == I16) spanAll<i16>(groups, values, count, records)
  else if (kind == I32) spanAll<i32>(groups, values, count, records)
  else if (kind == F32) spanAll<f32>(groups, values, count, records)
  else spanAll<f64>(groups, values, count, records)
}

@inline
function spanUnsigned<T>(groups: usize, values: usize, count: u32, records: usize): void {
  // Both ends are most: the least is that of the complement. Zeros are a record of no value.
  const complement = i32x4(-1, 0, 0, 0)
  const ends = i32x4(-1, -1, 0, 0)
  const row = i32x4(0, 0, 1, 0)
  for (let i: u32 = 0; i < count; i++) {
    const at = records + (<usize>load<u32>(groups + (<usize>i << 2)) << 4)
    const value = v128.splat<u32>(<u32>load<T>(values + <usize>i * sizeof<T>()))
    const both = v128.and(v128.xor(value, complement), ends)
    v128.store(at, v128.add<i32>(v128.max<u32>(v128.load(at), both), row))
  }
}

export function spanWords(kind: u32, groups: usize, values: usize, count: u32, records: usize): void {
  if (kind == U8) spanUnsigned<u8>(groups, values, count, records)
  else if (kind == U16) spanUnsigned<u16>(groups, values, count, records)
  else spanUnsigned<u32>(groups, values, count, records)
}

@inline
function sumAll<T>(groups: usize, values: usize, count: u32, records: usize): void {
  for (let i: u32 = 0; i < count; i++) {
    const at = records + (<usize>load<u32>(groups + (<usize>i << 2)) << 4)
    store<f64>(at, load<f64>(at) + <f64>load<T>(values + <usize>i * sizeof<T>()))
    store<u32>(at, load<u32>(at, 8) + 1, 8)
  }
}

export function sumGroups(kind: u32, groups: usize, values: usize, count: u32, records: usize): void {
  if (kind == U8) sumAll<u8>(groups, values, count, records)
  else if (kind == U16) sumAll<u16>(groups, values, count, records)
  else if (kind == U32) sumAll<u32>(groups, values, count, records)
  else if (kind == I8) sumAll<i8>(groups, values, count, records)
  else if (kind == I16) sumAll<i16>(groups, values, count, records)
  else if (kind == I32) sumAll<i32>(groups, values, count, records)
  else if (kind == F32) sumAll<f32>(groups, values, count, records)
  else sumAll<f64>(groups, values, count, records)
}

@inline
function spanAt(record: usize, place: u32, complement: u32): f64 {
  return load<u32>(record, 8) == 0 && place != 2 ? NaN : <f64>(load<u32>(record + (<usize>place << 2)) ^ complement)
}

export function takeSpans(records: usize, place: u32, count: u32, target: usize): void {
  const complement: u32 = place == 0 ? 0xffffffff : 0
  let i: u32 = 0
  let from = records
  let to = target
  for (; i + 2 <= count; i += 2, from += 32, to += 16) {
    if (place != 2 && (load<u32>(from, 8) == 0 || load<u32>(from, 24) == 0)) {
      store<f64>(to, spanAt(from, place, complement))
      store<f64>(to, spanAt(from + 16, place, complement), 8)
      continue
    }
    const both = v128.replace_lane<u32>(v128.splat<u32>(load<u32>(from + (<usize>place << 2))), 1, load<u32>(from + (<usize>place << 2), 16))
    v128.store(to, f64x2.convert_low_i32x4_u(v128.xor(both, v128.splat<u32>(complement))))
  }
  if (i < count) store<f64>(to, spanAt(from, place, complement))
}

export function packSpans(records: usize, count: u32, numbers: usize): u32 {
  let found: u32 = 0
  for (let i: u32 = 0; i < count; i++) {
    const record = v128.load(records + (<usize>i << 4))
    v128.store(records + (<usize>found << 4), record)
    store<u32>(numbers + (<usize>found << 2), i)
    found += <u32>(v128.extract_lane<u32>(record, 2) != 0)
  }
  return found
}

export function mergeSpans(from: usize, count: u32, records: usize): void {
  const end = from + (<usize>count << 4)
  for (let at = from, to = records; at < end; at += 16, to += 16) {
    const theirs = v128.load(at)
    const ours = v128.load(to)
    v128.store(to, i32x4.shuffle(v128.max<u32>(theirs, ours), i32x4.add(theirs, ours), 0, 1, 6, 7))
  }
}

export function takeSlots(records: usize, slot: u32, count: u32, target: usize): void {
  let from = records + (<usize>slot << 3)
  const end = target + (<usize>count << 3)
  for (let to = target; to < end; to += 8, from += 32) store<f64>(to, load<f64>(from))
}

@inline
function bitmapOf(bits: usize, wordsPerGroup: u32, group: u32): usize {
  return bits + ((<usize>group * <usize>wordsPerGroup) << 2)
}

@inline
function setBit(bitmap: usize, code: u32): void {
  const at = bitmap + (<usize>(code >> 5) << 2)
  store<u32>(at, load<u32>(at) | (<u32>1 << (code & 31)))
}

export function setGroupBits(
  bits: usize, wordsPerGroup: u32, groups: usize, codes: usize, count: u32,
): void {
  // No branch on what a bit was: whether it is new cannot be foreseen. Rows of one group one after another
  // have one bitmap.
  let last: u32 = 0
  let bitmap = bits
  let i: u32 = 0
  for (; i + 4 <= count; i += 4) {
    const at = <usize>i << 2
    const four = v128.load(groups + at)
    if (v128.all_true<i32>(v128.eq<i32>(four, v128.splat<u32>(last)))) {
      setBit(bitmap, load<u32>(codes + at))
      setBit(bitmap, load<u32>(codes + at, 4))
      setBit(bitmap, load<u32>(codes + at, 8))
      setBit(bitmap, load<u32>(codes + at, 12))
      continue
    }
    setBit(bitmapOf(bits, wordsPerGroup, i32x4.extract_lane(four, 0)), load<u32>(codes + at))
    setBit(bitmapOf(bits, wordsPerGroup, i32x4.extract_lane(four, 1)), load<u32>(codes + at, 4))
    setBit(bitmapOf(bits, wordsPerGroup, i32x4.extract_lane(four, 2)), load<u32>(codes + at, 8))
    last = i32x4.extract_lane(four, 3)
    bitmap = bitmapOf(bits, wordsPerGroup, last)
    setBit(bitmap, load<u32>(codes + at, 12))
  }
  for (; i < count; i++) {
    const at = <usize>i << 2
    setBit(bitmapOf(bits, wordsPerGroup, load<u32>(groups + at)), load<u32>(codes + at))
  }
}

export function addPairs(
  slots: usize, mask: u32, groups: usize, codes: usize, count: u32, counts: usize,
): u32 {
  let added: u32 = 0
  for (let i: u32 = 0; i < count; i++) {
    const group = load<u32>(groups + (<usize>i << 2))
    const code = load<u32>(codes + (<usize>i << 2))
    const owner = group + 1
    let hash: u32 = (owner * 0x9e3779b1) ^ code
    hash = (hash ^ (hash >> 16)) * 0x85ebca6b
    hash = (hash ^ (hash >> 13)) * 0xc2b2ae35
    let slot = (hash ^ (hash >> 16)) & mask
    for (;;) {
      const at = slots + (<usize>slot << 3)
      const found = load<u32>(at)
      if (found == 0) {
        store<u32>(at, owner)
        store<u32>(at, code, 4)
        added++
        const place = counts + (<usize>group << 2)
        store<u32>(place, load<u32>(place) + 1)
        break
      }
      if (found == owner && load<u32>(at, 4) == code) break
      slot = (slot + 1) & mask
    }
  }
  return added
}

export function mergeBits(
  from: usize, fromWords: u32, bits: usize, wordsPerGroup: u32, toGroup: usize, groupCount: u32,
): void {
  for (let group: u32 = 0; group < groupCount; group++) {
    const to = load<u32>(toGroup + (<usize>group << 2))
    const source = from + ((<usize>group * <usize>fromWords) << 2)
    const target = bits + ((<usize>to * <usize>wordsPerGroup) << 2)
    let w: u32 = 0
    for (; w + 4 <= fromWords; w += 4) {
      const at = <usize>w << 2
      v128.store(target + at, v128.or(v128.load(target + at), v128.load(source + at)))
    }
    for (; w < fromWords; w++) {
      const at = <usize>w << 2
      store<u32>(target + at, load<u32>(target + at) | load<u32>(source + at))
    }
  }
}

/** Bits set in both of two bitmaps. */
export function countShared(one: usize, other: usize, words: u32): u32 {
  let lanes = v128.splat<i32>(0)
  let w: u32 = 0
  for (; w + 4 <= words; w += 4) {
    const both = v128.and(v128.load(one + (<usize>w << 2)), v128.load(other + (<usize>w << 2)))
    const ones = i8x16.popcnt(both)
    lanes = i32x4.add(lanes, i32x4.extadd_pairwise_i16x8_u(i16x8.extadd_pairwise_i8x16_u(ones)))
  }
  let count: u32 = i32x4.extract_lane(lanes, 0) + i32x4.extract_lane(lanes, 1)
    + i32x4.extract_lane(lanes, 2) + i32x4.extract_lane(lanes, 3)
  for (; w < words; w++) {
    count += <u32>popcnt<u32>(load<u32>(one + (<usize>w << 2)) & load<u32>(other + (<usize>w << 2)))
  }
  return count
}

export function countBits(bits: usize, wordsPerGroup: u32, groupCount: u32, counts: usize): void {
  for (let group: u32 = 0; group < groupCount; group++) {
    const first = bits + ((<usize>group * <usize>wordsPerGroup) << 2)
    store<u32>(counts + (<usize>group << 2), countShared(first, first, wordsPerGroup))
  }
}

export function listBits(bits: usize, words: u32, groupCount: u32, groups: usize, codes: usize): u32 {
  let found: u32 = 0
  for (let group: u32 = 0; group < groupCount; group++) {
    const source = bits + ((<usize>group * <usize>words) << 2)
    for (let w: u32 = 0; w < words; w++) {
      let rest = load<u32>(source + (<usize>w << 2))
      while (rest != 0) {
        store<u32>(groups + (<usize>found << 2), group)
        store<u32>(codes + (<usize>found << 2), (w << 5) + <u32>ctz<u32>(rest))
        found++
        rest &= rest - 1
      }
    }
  }
  return found
}
