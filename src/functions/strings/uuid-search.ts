// LIKE over texts that are UUIDs, of which vectors know the 16 bytes (storage/column/uuid-texts.ts): no text is
// written (storage/kernels/patterns.ts).

import { UUID_TEXT_BYTES, uuidsOf } from '../../../storage/column/uuid-texts.ts'
import type { BytesVector } from '../../../storage/column/vector.ts'
import type { EvalContext } from '../values/function.ts'

const DIGITS = '0123456789abcdef'
const DASH = '-'.charCodeAt(0)
const DASHES: readonly number[] = [8, 13, 18, 23]
const WORD_BYTES = 8

const digitOf = (byte: number): number => DIGITS.indexOf(String.fromCharCode(byte))

/** A bit for each digit of a text at which a part may begin, by its dashes; `from` and `to`: where in the text. */
function placesOf(part: Uint8Array, from: number, to: number): number {
  let places = 0
  for (let start = from; start <= to; start++) {
    if (!part.every((byte, i) => (byte === DASH) === DASHES.includes(start + i))) continue
    places |= 1 << start - DASHES.filter((at) => at < start).length
  }
  return places >>> 0
}

type Program = readonly number[] | 'none' | null

/** The program for the parts between the % of a pattern; 'none': no UUID fulfils it; null: it has a part with a dash at
 * its begin or end, of which the next part could make use once more. */
function programOf(parts: readonly Uint8Array[]): Program {
  const digits: number[] = []
  const steps: number[] = []
  let stepCount = 0
  for (const [index, part] of parts.entries()) {
    const isFirst = index === 0
    const isLast = index === parts.length - 1
    if (part.length === 0 && !(isFirst && isLast)) continue
    const last = UUID_TEXT_BYTES - part.length
    const places = placesOf(part, isLast && !isFirst ? Math.max(0, last) : 0, isFirst ? Math.min(0, last) : last)
    if (places === 0 || (isFirst && isLast && last !== 0)) return 'none'
    if (part[0] === DASH || part.at(-1) === DASH) return null
    const values = Array.from(part.filter((byte) => byte !== DASH), digitOf)
    if (values.includes(-1)) return 'none'
    for (const value of values) if (!digits.includes(value)) digits.push(value)
    steps.push(places, values.length, ...values.map((value) => digits.indexOf(value)))
    stepCount++
  }
  return [digits.length, ...digits, stepCount, ...steps]
}

/** What is found out once for all blocks that a pattern is asked of. */
const programs = new WeakMap<readonly Uint8Array[], Program>()

function knownProgram(parts: readonly Uint8Array[]): Program {
  let program = programs.get(parts)
  if (program === undefined) programs.set(parts, program = programOf(parts))
  return program
}

/** Asks whether texts fulfil a pattern of such parts; false: they are no UUIDs, or must be looked at. */
export function isToldByUuids(parts: readonly Uint8Array[], text: BytesVector, out: Uint8Array, { account, kernels }: EvalContext): boolean {
  const uuids = uuidsOf(text)
  const program = uuids === null ? null : knownProgram(parts)
  if (uuids === null || program === null) return false
  if (program === 'none') {
    out.fill(0)
    return true
  }
  const words = account.u32(program.length)
  words.set(program)
  const masks = account.u8(Math.max(1, program[0]) * WORD_BYTES)
  kernels.likeUuids(uuids.values.byteOffset, text.length, words.byteOffset, masks.byteOffset, out.byteOffset)
  account.free(words.byteOffset)
  account.free(masks.byteOffset)
  return true
}
