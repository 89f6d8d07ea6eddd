// Kernels for bits of many large bitmaps: see group-bits.ts for what each promises.

@inline
function setBits(bitmap: usize, codes: usize, count: u32): void {
  for (let i: u32 = 0; i < count; i++) {
    const code = load<u32>(codes + (<usize>i << 2))
    const at = bitmap + ((<usize>code >> 5) << 2)
    store<u32>(at, load<u32>(at) | (<u32>1 << (code & 31)))
  }
}

export function pushGroupBits(
  bits: usize, wordsPerGroup: u32, groups: usize, codes: usize, count: u32, buffers: usize, capacity: u32, fills: usize,
): void {
  for (let row: u32 = 0; row < count; row++) {
    const at = <usize>row << 2
    const group = <usize>load<u32>(groups + at)
    const place = fills + (group << 2)
    const filled = load<u32>(place)
    const buffer = buffers + ((group * <usize>capacity) << 2)
    store<u32>(buffer + (<usize>filled << 2), load<u32>(codes + at))
    if (filled + 1 < capacity) store<u32>(place, filled + 1)
    else {
      setBits(bits + ((group * <usize>wordsPerGroup) << 2), buffer, capacity)
      store<u32>(place, 0)
    }
  }
}

export function flushGroupBits(
  bits: usize, wordsPerGroup: u32, groupCount: u32, buffers: usize, capacity: u32, fills: usize,
): void {
  for (let group: usize = 0; group < <usize>groupCount; group++) {
    const place = fills + (group << 2)
    setBits(bits + ((group * <usize>wordsPerGroup) << 2), buffers + ((group * <usize>capacity) << 2), load<u32>(place))
    store<u32>(place, 0)
  }
}
