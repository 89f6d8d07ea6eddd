// Chosen strings of one block by kernels: of numbers and UUIDs only the rows wanted are read, and put
// together at once. For many rows of a block that are few of all its rows; a point query reads them one
// by one (gather.ts), because heads and frames cost more than they do.
// Invariant: what this answers equals the block's strings one by one.

import { joinSerials } from '../column/serial-texts.ts'
import { UUID_BYTES, uuidTexts } from '../column/uuid-texts.ts'
import type { Kernels } from '../kernels/load.ts'
import type { MemoryAccount } from '../kernels/work-memory.ts'
import type { Block } from './block.ts'
import { joinParts } from './lazy-texts.ts'
import { isWide, type Numbers } from './numbers.ts'
import { pickDifferences } from './pick-numbers.ts'
import { decodeStrings, stringsBetween, type DecodedStrings } from './string-block.ts'
import type { TemplateBlock } from './template-block.ts'

/** Fewer rows are read one by one. */
const ROWS_MIN = 48


/** Rows of one block, ascending, and what they are read with. */
export type PickedRows = {
  readonly rows: Uint32Array
  /** The number of the block's first row. */
  readonly first: number
  readonly account: MemoryAccount
  readonly kernels: Kernels
}

/** The strings of the rows end to end, in memory of the account; null: read them one by one. */
export function pickTexts(block: Block, bytes: Uint8Array, picked: PickedRows): DecodedStrings | null {
  const { rows, account, kernels } = picked
  if (rows.length < ROWS_MIN) return null
  if (block.kind === 'template') return pickTemplates(block.body, bytes, picked)
  if (block.kind === 'serial') {
    const { numbers } = block.body
    if (isWide(numbers)) return null
    const values = account.f64(rows.length)
    pickValues(numbers, bytes, picked, values)
    const texts = joinSerials(block.body, values, account, kernels)
    account.free(values.byteOffset)
    return texts
  }
  if (block.kind !== 'strings') return null
  const { body } = block
  if (body.offsets === null) return pickUuids(body.at, bytes, picked)
  const isRun = rows[rows.length - 1] - rows[0] === rows.length - 1
  return isRun ? stringsBetween(body, body.offsets, bytes, rows[0] - picked.first, rows.length, account) : null
}

function pickValues(
  numbers: Numbers, bytes: Uint8Array, { rows, first }: PickedRows, out: Uint32Array | Float64Array): void {
  pickDifferences(numbers, bytes, rows, 0, rows.length, first, out, 0)
  const base = Number(numbers.base)
  if (base !== 0) for (let i = 0; i < rows.length; i++) out[i] += base
}

function pickTemplates({ frames, slots }: TemplateBlock, bytes: Uint8Array, picked: PickedRows): DecodedStrings | null {
  const { rows: { length: count }, account, kernels } = picked
  if ([frames.codes, ...slots].some(isWide)) return null
  const codes = account.u32(count)
  pickValues(frames.codes, bytes, picked, codes)
  const numbers = account.u32(Math.max(1, count * slots.length))
  slots.forEach((slot, s) => pickValues(slot, bytes, picked, numbers.subarray(s * count, (s + 1) * count)))
  const copy = account.copyOf(bytes)
  const texts = decodeStrings(frames.strings, copy, account, kernels)
  const all = joinParts({
    frames: texts, frameCount: texts.offsets.length - 1, codes, allSlots: () => numbers,
    slotOf: (slot) => numbers.subarray(slot * count, (slot + 1) * count),
  }, account, kernels)
  account.freeCopy(copy)
  for (const array of [codes, numbers, texts.offsets, texts.bytes]) account.free(array.byteOffset)
  return all
}

function pickUuids(at: number, bytes: Uint8Array, { rows, first, account, kernels }: PickedRows): DecodedStrings {
  const count = rows.length
  const keys = account.u8(count * UUID_BYTES)
  for (let i = 0, to = 0; i < count; i++) {
    const from = at + (rows[i] - first) * UUID_BYTES
    for (let byte = from; byte < from + UUID_BYTES; byte++) keys[to++] = bytes[byte]
  }
  const texts = uuidTexts(keys.byteOffset, count, account, kernels)
  account.free(keys.byteOffset)
  return texts
}
