// Rows of windows shared out by a hash of PARTITION BY, so that each part is ordered and computed by itself, in whichever
// worker has time, and its rows go on from there: what follows (a GROUP BY, a sort with LIMIT) takes them in where they
// are made.
//
//   worker:  rows -> parts by hash -> one chunk of shared memory: rows in the order of their parts, where each begins
//   merging: a few parts of all chunks -> rows in order -> one column a function -> the operator above
//
// A key that comes as codes of a table's dictionary is hashed by its code, as no text need be read then.
//
// Invariant: rows of one partition are of one part in every worker whose chunk hashed the keys alike (`by`).

import type { DataType } from '../../../storage/column/data-type.ts'
import type { Block, Vector } from '../../../storage/column/vector.ts'
import type { MemoryAccount } from '../../../storage/kernels/work-memory.ts'
import type { EvalContext } from '../../functions/values/function.ts'
import { wordSamples } from '../../functions/hashes/number-samples.ts'
import { stringSamples } from '../../functions/hashes/string-samples.ts'
import { asBytes, take } from '../../functions/values/vectors.ts'
import { flattenBlock, type FlatBlock } from '../blocks/block-codec.ts'
import { isHashed } from '../keys/key-hashes.ts'
import { freeVector } from '../blocks/kept-rows.ts'
import { packPlain, unpackPlain } from '../blocks/packed-plain.ts'
import type { Runtime } from '../runtime/runtime.ts'
import type { Chunk, SharedStates } from '../runtime/shared-states.ts'
import { comparedKey } from './window-order.ts'

const PART_BITS = 6
export const WINDOW_PARTS = 2 ** PART_BITS
/** Rows of a morsel's parts: a millisecond or two of work. */
const MORSEL_ROWS = 16_384

/** Keys are hashed by their values. */
const VALUES = -1

/** What lies in shared memory: views of it. `by`: for each hashed key the dictionary whose codes were hashed, or VALUES. */
export type PartRows = { readonly by: readonly number[]; readonly starts: Uint32Array; readonly block: FlatBlock }

/** Writes rows, whose vectors lie in the durable account and are freed; null: there is no room in shared memory, and they
 * stay. `partition`: which columns their keys are. */
export function writeParts(
  { rowCount, columns }: Block, partition: readonly number[], shared: SharedStates, isLast: boolean, runtime: Runtime,
  scratch: MemoryAccount,
): Chunk | null {
  const { durable, durable: { account, kernels } } = runtime
  const keys = partition.map((index) => columns[index]).filter(({ type }) => isHashed(type)).map((key) => comparedKey(key, scratch))
  const hashes = hashesOf(keys, rowCount, { ...durable, account: scratch })
  const starts = scratch.u32(WINDOW_PARTS + 1)
  const rows = scratch.u32(rowCount)
  kernels.rowsByPart(hashes.byteOffset, PART_BITS, rowCount, starts.byteOffset, rows.byteOffset)
  const sorted = columns.map((column) => (column.isConst ? column : take(column, rows, rowCount, scratch)))
  const by = keys.map((key) => (isByCode(key) ? key.dictionary.id : VALUES))
  const packed = packPlain({ by, starts, block: flattenBlock({ rowCount, columns: sorted }, scratch) } satisfies PartRows)
  const chunk = shared.allocate(packed.byteLength, isLast)
  if (chunk !== null) {
    packed.writeTo(shared.bytes(chunk))
    for (const column of columns) freeVector(column, account)
    account.charge(chunk.bytes)
  }
  scratch.releaseAll()
  return chunk
}

export const readParts = (chunk: Chunk, shared: SharedStates): PartRows => unpackPlain(shared.bytes(chunk)) as PartRows // packed above

/** Whether rows of one partition are of one part of all chunks. */
export const areAlike = (all: readonly PartRows[]): boolean =>
  all.every(({ by }) => by.every((dictionary, i) => dictionary === all[0].by[i]))

/** Parts that make a morsel each: neighbours, until they have enough rows. */
export function morselsOf(all: readonly PartRows[]): [from: number, to: number][] {
  const morsels: [number, number][] = []
  let [from, rowCount] = [0, 0]
  for (let part = 0; part < WINDOW_PARTS; part++) {
    rowCount += all.reduce((sum, { starts }) => sum + starts[part + 1] - starts[part], 0)
    if (rowCount < MORSEL_ROWS && part + 1 < WINDOW_PARTS) continue
    if (rowCount > 0) morsels.push([from, part + 1])
    from = part + 1
    rowCount = 0
  }
  return morsels
}

/** Whether partitions by keys of these types can be shared out. */
export const canShareOut = (types: readonly DataType[]): boolean => types.some(isHashed)

type CodesKey = Vector & { readonly kind: 'codes' }
const isByCode = (key: Vector): key is CodesKey => key.kind === 'codes' && key.dictionary.id >= 0

/** A hash of each row's keys. */
function hashesOf(keys: readonly Vector[], rowCount: number, context: EvalContext): Uint32Array {
  const { account, kernels } = context
  const hashes = account.u32(rowCount).fill(0)
  for (const key of keys) {
    const samples = samplesOf(key, context)
    const all = key.isConst ? account.u32(rowCount).fill(samples[0]) : samples
    const { nulls, isConst } = key
    // A NULL has some value below it.
    if (nulls !== null) for (let row = 0; row < rowCount; row++) if (nulls[isConst ? 0 : row] !== 0) all[row] = 0
    kernels.mixSamples(all.byteOffset, rowCount, hashes.byteOffset)
  }
  return hashes
}

/** Of each row, or of a constant one; in the account of `context`. */
function samplesOf(key: Vector, context: EvalContext): Uint32Array {
  const { account } = context
  switch (key.kind) {
    case 'codes': {
      if (!isByCode(key)) return stringSamples(asBytes(key, account), context)
      const codes = account.u32(key.codes.length)
      codes.set(key.codes)
      return codes
    }
    case 'bytes': return stringSamples(key, context)
    case 'number': case 'big': return wordSamples(key, context)
    default: throw new Error(`exec: ${key.type.name} is no key to share rows by`)
  }
}
