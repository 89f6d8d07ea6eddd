// Values by number: each distinct key of 128 bits (storage/kernels/keys.ts), or of 32, gets the next code, so
// that sets of values can be bitmaps or pairs of group and code whatever the values are.
// Invariant: codes are dense in order of first appearance; all arrays lie in the account.

import { bareType } from '../../../storage/column/data-type.ts'
import type { Vector } from '../../../storage/column/vector.ts'
import type { Kernels } from '../../../storage/kernels/load.ts'
import type { EvalContext } from '../values/function.ts'
import { keyWriter } from './key-of-value.ts'
import { grown, hasSpare } from '../values/state-array.ts'
import { asBytes, inWorkMemory } from '../values/vectors.ts'

const WORDS = 4
const SLOTS_FIRST = 256
/** So many slots are but doubled: what is empty of them is memory of the query, too. */
const SLOTS_MANY = 2 ** 20
/** From so many on there is room for as many keys as are likely: below, growing costs little. */
const LIKELY_FROM = 2 ** 17
/** Bytes of a key and its slots, in cells that are up to twice as large. */
const LIKELY_BYTES = 2 * (WORDS + 4) * 4

export class KeyCodes {
  size = 0
  /** `width` words a code. */
  private words: Uint32Array
  private slots: Uint32Array
  private readonly context: EvalContext
  private readonly width: 1 | 4
  private readonly intern: Kernels['internKeys']
  private readonly likely: () => number

  /** `likely`: how many there will be, as far as is known; room is made for them once there are many. `width`: words
   * of a key. */
  constructor(context: EvalContext, likely: () => number = () => 0, width: 1 | 4 = WORDS) {
    this.context = context
    this.likely = likely
    this.width = width
    this.intern = width === 1 ? context.kernels.internNumbers : context.kernels.internKeys
    this.words = context.account.u32(SLOTS_FIRST * width)
    this.slots = context.account.u32(SLOTS_FIRST).fill(0)
  }

  get byteLength(): number { return this.words.byteLength + this.slots.byteLength }

  /** Fills codes[0..count) with the codes of keys; both lie in work memory. */
  enter(keys: Uint32Array, count: number, codes: Uint32Array): void {
    const { account } = this.context
    const needed = this.size + count
    if (needed * 2 > this.slots.length) this.enlarge(Math.max(needed, this.spare()))
    this.words = grown(Uint32Array, this.words, needed * this.width, account)
    this.size = this.intern(keys.byteOffset, count, this.slots.byteOffset, this.slots.length - 1,
      this.words.byteOffset, this.size, 1, codes.byteOffset)
  }

  /** The key of a code. */
  keyOf(code: number): Uint32Array { return this.words.subarray(code * this.width, (code + 1) * this.width) }

  /** All keys, code by code: a view. */
  keys(): Uint32Array { return this.words.subarray(0, this.size * this.width) }

  /** As enter(), of known keys only: 0xffffffff for others. */
  find(keys: Uint32Array, count: number, codes: Uint32Array): void {
    this.intern(keys.byteOffset, count, this.slots.byteOffset, this.slots.length - 1,
      this.words.byteOffset, this.size, 0, codes.byteOffset)
  }

  free(): void {
    this.context.account.free(this.words.byteOffset)
    this.context.account.free(this.slots.byteOffset)
  }

  /** For how many keys room may be made at once; 0: nothing speaks for it. */
  private spare(): number {
    const likely = this.slots.length < LIKELY_FROM ? 0 : this.likely()
    return hasSpare(this.context.account, likely * LIKELY_BYTES) ? likely : 0
  }

  /** For so many keys. */
  private enlarge(count: number): void {
    const { account } = this.context
    let slots = this.slots.length
    while (count * 2 > slots) slots *= slots < SLOTS_MANY ? 4 : 2
    this.words = grown(Uint32Array, this.words, count * this.width, account)
    account.free(this.slots.byteOffset)
    this.slots = account.u32(slots).fill(0)
    const codes = account.u32(Math.max(1, this.size))
    // The keys are in order of their codes, so they get them again.
    this.intern(this.words.byteOffset, this.size, this.slots.byteOffset, this.slots.length - 1,
      this.words.byteOffset, 0, 1, codes.byteOffset)
    account.free(codes.byteOffset)
  }
}

/** Keys of the first `rowCount` rows of one or several arguments, WORDS words each, in the context's
 * account; of constants one. The caller frees them. */
export function keysOf(args: readonly Vector[], rowCount: number, context: EvalContext): Uint32Array {
  const { account, kernels } = context
  const keys = account.u32(Math.max(1, rowCount) * WORDS)
  const [first] = args
  const { id } = bareType(first.type)
  if (args.length > 1) writeKeys(args, rowCount, keys, context)
  else if (first.kind === 'number') {
    if (id.startsWith('Float')) floatKeys(first.values, rowCount, keys)
    else integerKeys(first.values, rowCount, keys)
  } else if (first.kind === 'big') bigKeys(first.values, rowCount, keys)
  else if ((first.kind === 'codes' || first.kind === 'bytes') && id !== 'UUID') {
    const text = inWorkMemory(asBytes(first, account), account)
    kernels.stringKeys(text.offsets.byteOffset, text.bytes.byteOffset, rowCount, keys.byteOffset)
    for (const part of ['offsets', 'bytes'] as const) {
      if (first.kind === 'codes' || text[part] !== first[part]) account.free(text[part].byteOffset)
    }
  } else writeKeys(args, rowCount, keys, context)
  return keys
}

function writeKeys(args: readonly Vector[], rowCount: number, keys: Uint32Array, context: EvalContext): void {
  const writer = keyWriter(args, context)
  for (let row = 0; row < rowCount; row++) {
    writer.write(row)
    keys.set(writer.words, row * WORDS)
  }
  writer.free()
}

/** Integers as two's complement. */
function integerKeys(values: ArrayLike<number>, rowCount: number, keys: Uint32Array): void {
  for (let row = 0, at = 0; row < rowCount; row++, at += WORDS) {
    const value = values[row]
    keys[at] = value
    keys[at + 1] = Math.floor(value / 4294967296)
    keys[at + 2] = 0
    keys[at + 3] = 0
  }
}

/** Floats by their bits as doubles. */
function floatKeys(values: ArrayLike<number>, rowCount: number, keys: Uint32Array): void {
  const double = new Float64Array(1)
  const halves = new Uint32Array(double.buffer)
  for (let row = 0, at = 0; row < rowCount; row++, at += WORDS) {
    double[0] = values[row]
    keys[at] = halves[0]
    keys[at + 1] = halves[1]
    keys[at + 2] = 0
    keys[at + 3] = 0
  }
}

function bigKeys(values: BigInt64Array | BigUint64Array, rowCount: number, keys: Uint32Array): void {
  const halves = new Uint32Array(values.buffer, values.byteOffset, rowCount * 2)
  for (let row = 0, at = 0; row < rowCount; row++, at += WORDS) {
    keys[at] = halves[row * 2]
    keys[at + 1] = halves[row * 2 + 1]
    keys[at + 2] = 0
    keys[at + 3] = 0
  }
}
