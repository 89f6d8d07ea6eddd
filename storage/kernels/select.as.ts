// Kernels that select rows: see select.ts for what each promises.

export function equalRows(words: usize, count: u32, wanted: u32, target: usize): u32 {
  let found: u32 = 0
  for (let row: u32 = 0; row < count; row++) {
    store<u32>(target + (<usize>found << 2), row)
    found += <u32>(load<u32>(words + (<usize>row << 2)) == wanted)
  }
  return found
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
