// The kernels that ask texts of a table of states: see automaton.ts for what they promise.

import { findNeedle } from './search.as'
import { digitsOf, eightDigits } from './texts.as'

const DEAD: u32 = 0
const ACCEPT: u32 = 1
const CHARACTERS: u32 = 128

@inline
function startAt(starts: usize, from: usize, at: usize): u32 {
  if (at == from) return load<u16>(starts + (<usize>CHARACTERS << 1))
  const before = <u32>load<u8>(at - 1)
  return load<u16>(starts + (<usize>(before < CHARACTERS ? before : CHARACTERS - 1) << 1))
}

/** 1: a match; 0: none; 2: something beyond ASCII stands before the answer. */
function answer(
  from: usize, first: usize, to: usize, next: usize, ends: usize, starts: usize, busyFrom: u32, needle: usize, length: u32,
): u8 {
  let at = first
  let state = startAt(starts, from, at)
  while (at < to && state > ACCEPT) {
    const character = <u32>load<u8>(at)
    if (character >= CHARACTERS) return 2
    state = load<u16>(next + (<usize>(state * CHARACTERS + character) << 1))
    at++
    // Nothing is in work: the next match begins with the needle.
    if (length != 0 && state < busyFrom && state > ACCEPT) {
      at = findNeedle(at, to, needle, length)
      if (at == to) return 0
      state = startAt(starts, from, at)
    }
  }
  return state == ACCEPT ? 1 : state == DEAD ? 0 : load<u8>(ends + state)
}

export function matchStrings(
  offsets: usize, bytes: usize, count: u32, next: usize, ends: usize, starts: usize, busyFrom: u32,
  needle: usize, length: u32, places: usize, target: usize,
): void {
  for (let row: u32 = 0; row < count; row++) {
    const from = bytes + load<u32>(offsets + (<usize>row << 2))
    const to = bytes + load<u32>(offsets + (<usize>row << 2), 4)
    let first = from
    if (places != 0) {
      const place = load<u32>(places + (<usize>row << 2))
      if (place == 0) {
        store<u8>(target + row, 0)
        continue
      }
      if (length != 0) first += place - 1
    }
    store<u8>(target + row, answer(from, first, to, next, ends, starts, busyFrom, needle, length))
  }
}

/** The state behind the last `digits` (at most eight) of eight. */
@inline
function behindDigits(state: u32, eight: u64, digits: u32, next: usize): u32 {
  for (let rest = eight >> (<u64>(8 - digits) << 3); digits > 0; digits--, rest >>= 8) {
    state = load<u16>(next + (<usize>(state * CHARACTERS + 48 + <u32>(rest & 15)) << 1))
  }
  return state
}

/** The state behind a number below 10^9, three digits at a time. */
@inline
function behindChunks(state: u32, value: u32, width: u32, next: usize, chunks: usize): u32 {
  const thousands = value / 1000
  const last = value - thousands * 1000
  if (width == 0) {
    if (thousands == 0) return load<u8>(chunks + state * 2000 + 1000 + last)
    const millions = thousands / 1000
    if (millions == 0) state = load<u8>(chunks + state * 2000 + 1000 + thousands)
    else {
      state = load<u8>(chunks + state * 2000 + 1000 + millions)
      state = load<u8>(chunks + state * 2000 + thousands - millions * 1000)
    }
    return load<u8>(chunks + state * 2000 + last)
  }
  const millions = thousands / 1000
  const middle = thousands - millions * 1000
  if (width > 6) state = behindDigits(state, eightDigits(millions), width - 6, next)
  if (width >= 6) state = load<u8>(chunks + state * 2000 + middle)
  else if (width > 3) state = behindDigits(state, eightDigits(middle), width - 3, next)
  return width >= 3 ? load<u8>(chunks + state * 2000 + last) : behindDigits(state, eightDigits(last), width, next)
}

/** The state behind the digits of a number. */
@inline
function behindNumber(state: u32, value: u32, width: u32, next: usize, chunks: usize): u32 {
  if (chunks != 0 && value < 1000000000) return behindChunks(state, value, width, next, chunks)
  const digits = width == 0 ? digitsOf(value) : width
  const high = value / 100000000
  if (digits > 8) state = behindDigits(state, eightDigits(high), digits - 8, next)
  return behindDigits(state, eightDigits(value - high * 100000000), digits > 8 ? 8 : digits, next)
}

/** Rows whose frame is looked up once where it is one. */
const RUN: u32 = 64

/** Whether all codes of a run are the first. */
@inline
function isOne(codes: usize): bool {
  const first = v128.load32_splat(codes)
  let others = i32x4.splat(0)
  for (let at: usize = 0; at < RUN << 2; at += 16) others = v128.or(others, v128.xor(v128.load(codes + at), first))
  return !v128.any_true(others)
}

/** Rows [from, to) of a frame of one step. */
function matchStep(state: u32, step: usize, from: u32, to: u32, next: usize, chunks: usize, target: usize): void {
  const values = <usize>load<u32>(step)
  const width = load<u32>(step, 4)
  const leads = <usize>load<u32>(step, 8)
  for (let row = from; row < to; row++) {
    const behind = behindNumber(state, load<u32>(values + (<usize>row << 2)), width, next, chunks)
    store<u8>(target + row, <u8>load<u16>(leads + (<usize>behind << 1)))
  }
}

/** Rows [from, to), whose frames differ, or have more steps than one. */
function matchRows(codes: usize, from: u32, to: u32, frames: usize, next: usize, chunks: usize, target: usize): void {
  for (let row = from; row < to; row++) {
    const frame = frames + (<usize>load<u32>(codes + (<usize>row << 2)) << 4)
    let state = load<u32>(frame)
    let step = <usize>load<u32>(frame, 4)
    const end = step + (<usize>load<u32>(frame, 8) << 4)
    for (; step < end; step += 16) {
      const value = load<u32>(<usize>load<u32>(step) + (<usize>row << 2))
      state = behindNumber(state, value, load<u32>(step, 4), next, chunks)
      state = load<u16>(<usize>load<u32>(step, 8) + (<usize>state << 1))
    }
    store<u8>(target + row, <u8>state)
  }
}

export function matchFrames(codes: usize, count: u32, frames: usize, next: usize, chunks: usize, target: usize): void {
  for (let from: u32 = 0; from < count; from += RUN) {
    const run = codes + (<usize>from << 2)
    const frame = frames + (<usize>load<u32>(run) << 4)
    if (count - from < RUN || load<u32>(frame, 8) != 1 || !isOne(run)) {
      matchRows(codes, from, min(from + RUN, count), frames, next, chunks, target)
    } else matchStep(load<u32>(frame), <usize>load<u32>(frame, 4), from, from + RUN, next, chunks, target)
  }
}
