// Kernels for bits of many large bitmaps: see group-bits.ts for what each promises.

@inline
function setBits(bitmap: usize, codes: usize, count: u32): void {
  for (let i: u32 = 0; i < count; i++) {
    const code = load<u32>(codes + (<usize>i << 2))
    const at = bitmap + ((<usize>code >> 5) << 2)
    store<u32>(at, load<u32>(at) | (<u32>1 << (code & 31)))
  }
}

/** Empties each buffer without room for `some` codes. */
@inline
function makeRoom(
  bits: usize, wordsPerGroup: u32, groupCount: u32, buffers: usize, capacity: u32, ends: usize, some: u32,
): void {
  let bitmap = bits
  let buffer = buffers
  for (let group: u32 = 0; group < groupCount; group++) {
    const place = ends + (<usize>group << 2)
    const waiting = (load<u32>(place) - <u32>buffer) >> 2
    if (waiting + some > capacity) {
      setBits(bitmap, buffer, waiting)
      store<u32>(place, <u32>buffer)
    }
    bitmap += <usize>wordsPerGroup << 2
    buffer += <usize>capacity << 2
  }
}

/** Bytes by which the code at `place` goes behind one that goes to `before`. */
@inline
function behind(place: usize, before: usize): u32 { return u32(place == before) << 2 }

@inline
function pushOne(groups: usize, codes: usize, ends: usize): void {
  const place = ends + (<usize>load<u32>(groups) << 2)
  const end = load<u32>(place)
  store<u32>(<usize>end, load<u32>(codes))
  store<u32>(place, end + 4)
}

/** Four rows: all ends are read before the first is written. One by one the processor would wait in each row for
 * the address of what the one before has stored. */
@inline
function pushFour(groups: usize, codes: usize, ends: usize): void {
  const place0 = ends + (<usize>load<u32>(groups) << 2)
  const place1 = ends + (<usize>load<u32>(groups, 4) << 2)
  const place2 = ends + (<usize>load<u32>(groups, 8) << 2)
  const place3 = ends + (<usize>load<u32>(groups, 12) << 2)
  const end0 = load<u32>(place0)
  const end1 = load<u32>(place1) + behind(place1, place0)
  const end2 = load<u32>(place2) + behind(place2, place0) + behind(place2, place1)
  const end3 = load<u32>(place3) + behind(place3, place0) + behind(place3, place1) + behind(place3, place2)
  store<u32>(<usize>end0, load<u32>(codes))
  store<u32>(<usize>end1, load<u32>(codes, 4))
  store<u32>(<usize>end2, load<u32>(codes, 8))
  store<u32>(<usize>end3, load<u32>(codes, 12))
  store<u32>(place0, end0 + 4)
  store<u32>(place1, end1 + 4)
  store<u32>(place2, end2 + 4)
  store<u32>(place3, end3 + 4)
}

export function pushGroupBits(
  bits: usize, wordsPerGroup: u32, groupCount: u32, groups: usize, codes: usize, count: u32, buffers: usize, capacity: u32,
  ends: usize,
): void {
  let rest = count
  while (rest > 0) {
    // A buffer is nearly full when it is emptied, and none has to be asked for each row.
    const some = min<u32>(rest, capacity >> 3)
    rest -= some
    makeRoom(bits, wordsPerGroup, groupCount, buffers, capacity, ends, some)
    const stop = groups + (<usize>some << 2)
    for (; groups + 16 <= stop; groups += 16, codes += 16) pushFour(groups, codes, ends)
    for (; groups < stop; groups += 4, codes += 4) pushOne(groups, codes, ends)
  }
}

export function flushGroupBits(
  bits: usize, wordsPerGroup: u32, groupCount: u32, buffers: usize, capacity: u32, ends: usize,
): void {
  makeRoom(bits, wordsPerGroup, groupCount, buffers, capacity, ends, capacity + 1)
}
