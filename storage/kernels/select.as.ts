// Kernels that select rows: see select.ts for what each promises.

@inline
function equalAmong(words: usize, from: u32, to: u32, wanted: u32, target: usize, before: u32): u32 {
  let found = before
  for (let row = from; row < to; row++) {
    store<u32>(target + (<usize>found << 2), row)
    found += <u32>(load<u32>(words + (<usize>row << 2)) == wanted)
  }
  return found
}

export function equalRows(words: usize, count: u32, wanted: u32, target: usize): u32 {
  let found: u32 = 0
  let row: u32 = 0
  if (count >= 16) {
    const all = i32x4.splat(wanted)
    // Sixteen at a time: of most there is none. What is the same for all rounds stays in a register where the loop asks
    // behind its body.
    do {
      const at = words + (<usize>row << 2)
      const first = v128.or(i32x4.eq(v128.load(at), all), i32x4.eq(v128.load(at, 16), all))
      const last = v128.or(i32x4.eq(v128.load(at, 32), all), i32x4.eq(v128.load(at, 48), all))
      if (v128.any_true(v128.or(first, last))) found = equalAmong(words, row, row + 16, wanted, target, found)
      row += 16
    } while (row + 16 <= count)
  }
  return equalAmong(words, row, count, wanted, target, found)
}

export function rangeRows(words: usize, count: u32, min: u32, max: u32, target: usize): u32 {
  const span = max - min
  let found: u32 = 0
  for (let row: u32 = 0; row < count; row++) {
    store<u32>(target + (<usize>found << 2), row)
    found += <u32>(load<u32>(words + (<usize>row << 2)) - min <= span)
  }
  return found
}

export function trueRows(flags: usize, count: u32, target: usize): u32 {
  let found: u32 = 0
  for (let row: u32 = 0; row < count; row++) {
    store<u32>(target + (<usize>found << 2), row)
    found += <u32>(load<u8>(flags + row) != 0)
  }
  return found
}

export function answeredRows(codes: usize, count: u32, answers: usize, target: usize): i32 {
  let found: u32 = 0
  let isKnown: u32 = 0xff
  for (let row: u32 = 0; row < count; row++) {
    const answer = <u32>load<u8>(answers + load<u32>(codes + (<usize>row << 2)))
    isKnown = isKnown < answer ? isKnown : answer
    store<u32>(target + (<usize>found << 2), row)
    found += answer >> 1
  }
  return isKnown == 0 ? -1 : <i32>found
}

export function unplacedCodes(codes: usize, count: u32, places: usize, target: usize): u32 {
  let found: u32 = 0
  for (let row: u32 = 0; row < count; row++) {
    const code = load<u32>(codes + (<usize>row << 2))
    const place = places + (<usize>code << 2)
    if (load<u32>(place) != 0) continue
    store<u32>(place, 0xffffffff)
    store<u32>(target + (<usize>found << 2), code)
    found++
  }
  return found
}

export function placesOf(codes: usize, count: u32, places: usize, target: usize): void {
  for (let row: u32 = 0; row < count; row++) {
    const at = <usize>row << 2
    store<u32>(target + at, load<u32>(places + (<usize>load<u32>(codes + at) << 2)) - 1)
  }
}

export function rangeOfWords(words: usize, count: u32, range: usize): void {
  let least: u32 = 0xffffffff
  let most: u32 = 0
  let row: u32 = 0
  if (count >= 4) {
    let low = i32x4.splat(-1)
    let high = i32x4.splat(0)
    for (; row + 4 <= count; row += 4) {
      const four = v128.load(words + (<usize>row << 2))
      low = i32x4.min_u(low, four)
      high = i32x4.max_u(high, four)
    }
    low = i32x4.min_u(low, i32x4.shuffle(low, low, 2, 3, 0, 1))
    high = i32x4.max_u(high, i32x4.shuffle(high, high, 2, 3, 0, 1))
    least = min<u32>(i32x4.extract_lane(low, 0), i32x4.extract_lane(low, 1))
    most = max<u32>(i32x4.extract_lane(high, 0), i32x4.extract_lane(high, 1))
  }
  for (; row < count; row++) {
    const word = load<u32>(words + (<usize>row << 2))
    least = min<u32>(least, word)
    most = max<u32>(most, word)
  }
  store<u32>(range, least)
  store<u32>(range, most, 4)
}

export function countBuckets(words: usize, count: u32, least: u32, shift: u32, buckets: usize): void {
  for (let row: u32 = 0; row < count; row++) {
    const at = buckets + (<usize>((load<u32>(words + (<usize>row << 2)) - least) >> shift) << 2)
    store<u32>(at, load<u32>(at) + 1)
  }
}

export function splitBuckets(
  words: usize, count: u32, least: u32, shift: u32, first: u32, last: u32, before: usize, among: usize,
): u32 {
  let atBefore = before
  let atAmong = among
  for (let row: u32 = 0; row < count; row++) {
    const bucket = (load<u32>(words + (<usize>row << 2)) - least) >> shift
    // Written always, counted where it is wanted: a branch would be guessed wrong for every other row.
    store<u32>(atBefore, row)
    store<u32>(atAmong, row)
    atBefore += <usize>(bucket < first) << 2
    atAmong += <usize>((bucket >= first) & (bucket <= last)) << 2
  }
  return <u32>((atBefore - before) >> 2)
}
