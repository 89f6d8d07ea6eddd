// Kernels for hashes of texts: see text-hashes.ts for what each promises.

import { packUuids } from './strings.as'

/** Stands where no number does: those are below. */
const NO_NUMBER: u64 = 1 << 32
/** Of a number at the end of a text. */
const DIGITS_MAX: u32 = 9

@inline
function fold(low: u64, high: u64): u32 {
  let x = (low ^ (low >> 32)) * 0xd6e8feb86659fd93 ^ high
  x = (x ^ (x >> 32)) * 0xa0761d6478bd642f
  x = (x ^ (x >> 32)) * 0xd6e8feb86659fd93
  return <u32>(x >> 32)
}

@inline
function hashBytes(from: usize, length: u32): u64 {
  let hash = <u64>length * 0xe7037ed1a0b428db
  let at = from
  let rest = length
  for (; rest >= 8; rest -= 8) {
    hash = (hash ^ load<u64>(at)) * 0x8ebc6af09c88c6e3
    hash ^= hash >> 32
    at += 8
  }
  if (rest > 0) {
    hash = (hash ^ (load<u64>(at) & ((<u64>1 << (rest << 3)) - 1))) * 0x8ebc6af09c88c6e3
    hash ^= hash >> 32
  }
  return hash
}

@inline
function isDigit(byte: u32): bool { return byte - 48 < 10 }

export function hashUuids(keys: usize, count: u32, target: usize): void {
  for (let i: u32 = 0; i < count; i++) {
    const key = keys + (<usize>i << 4)
    store<u32>(target + (<usize>i << 2), fold(load<u64>(key), load<u64>(key, 8)))
  }
}

export function hashNumbered(prefix: usize, prefixBytes: u32, numbers: usize, count: u32, target: usize): void {
  const head = hashBytes(prefix, prefixBytes)
  for (let i: u32 = 0; i < count; i++) {
    const place = <usize>i << 2
    store<u32>(target + place, fold(head, <u64>load<u32>(numbers + place)))
  }
}

export function hashTexts(offsets: usize, bytes: usize, count: u32, target: usize, scratch: usize): void {
  for (let i: u32 = 0; i < count; i++) {
    const place = offsets + (<usize>i << 2)
    const to = target + (<usize>i << 2)
    const from = load<u32>(place)
    const text = bytes + from
    const length = load<u32>(place, 4) - from
    if (length == 36 && packUuids(place, bytes, 1, scratch) == 1) {
      store<u32>(to, fold(load<u64>(scratch), load<u64>(scratch, 8)))
      continue
    }
    let head = length
    while (head > 0 && length - head <= DIGITS_MAX && isDigit(<u32>load<u8>(text + head - 1))) head--
    const digits = length - head
    let number: u64 = NO_NUMBER
    if (digits == 0 || digits > DIGITS_MAX || (digits > 1 && load<u8>(text + head) == 48)) head = length
    else {
      number = 0
      for (let at = head; at < length; at++) number = number * 10 + <u64>load<u8>(text + at) - 48
    }
    store<u32>(to, fold(hashBytes(text, head), number))
  }
}
