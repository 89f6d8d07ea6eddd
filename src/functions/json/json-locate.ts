// Values of JSON documents by path, a block at a time. Calls of one query over one column share a
// pass: every path that the query has asked for is looked for when a block's first call comes.
// Invariant: a document that is not JSON as ClickHouse's parser sees it has no values.

import type { BytesVector, Vector } from '../../../storage/column/vector.ts'
import {
  JSON_ASK, JSON_PATH_WORDS, JSON_PATHS_MAX, JSON_SHAPE_BYTES, JSON_STEPS_MAX, locateValue,
  type JsonStep,
} from '../../../storage/kernels/json.ts'
import type { Value } from '../values/value.ts'
import type { EvalContext } from '../values/function.ts'
import { valueAt } from '../values/values.ts'
import { inWorkMemory } from '../values/vectors.ts'

const encoder = new TextEncoder()

/** Where each row's value lies in `bytes`: [starts[row], ends[row]), 0 and 0 for none. In the context's
 * memory, and not the caller's to free. */
export type Located = {
  readonly bytes: Uint8Array
  readonly starts: Uint32Array
  readonly ends: Uint32Array
}

/** What one query has asked for so far, and what was found in its blocks. */
class QueryPaths {
  readonly paths: (readonly JsonStep[])[] = []
  private readonly numbers = new Map<string, number>()
  readonly found = new WeakMap<Uint32Array, { readonly releases: number; readonly located: readonly Located[] }>()

  /** The number of a path; -1: there are too many. */
  numberOf(path: readonly JsonStep[]): number {
    const name = JSON.stringify(path.map((step) => ('key' in step ? Buffer.from(step.key).toString('latin1') : [step.index, step.ofArrays])))
    const known = this.numbers.get(name)
    if (known !== undefined) return known
    if (this.paths.length === JSON_PATHS_MAX) return -1
    this.numbers.set(name, this.paths.length)
    return this.paths.push(path) - 1
  }
}

const queries = new WeakMap<EvalContext, QueryPaths>()

/** A number as the place of an element: its low 32 bits, as ClickHouse takes them. */
const placeOf = (value: Value): number =>
  (typeof value === 'bigint' ? Number(BigInt.asIntN(32, value)) : Number(value) | 0)

/** Steps that are arguments of a call: keys, and numbers from 1 or from the end. */
function stepsOf(args: readonly Vector[], row: number): JsonStep[] {
  return args.map((arg) => {
    const value = valueAt(arg, row)
    return typeof value === 'string' ? { key: encoder.encode(value) } : { index: placeOf(value), ofArrays: false }
  })
}

/** The path that constant arguments make; null: it differs by row. */
export const constantPath = (args: readonly Vector[]): readonly JsonStep[] | null =>
  (args.every((arg) => arg.isConst) ? stepsOf(args, 0) : null)

/** The values that the path in `args` leads to, in `rowCount` documents. */
export function locateArgs(
  text: BytesVector, args: readonly Vector[], rowCount: number, context: EvalContext): Located {
  if (args.every((arg) => arg.isConst)) return locatePath(text, stepsOf(args, 0), rowCount, context)
  return locateEach(text, (row) => stepsOf(args, row), rowCount, context)
}

/** The same of one path for all rows. */
export function locatePath(
  text: BytesVector, path: readonly JsonStep[], rowCount: number, context: EvalContext): Located {
  const isPlain = path.length <= JSON_STEPS_MAX && path.every((step) => 'key' in step || step.index >= 0)
  if (!isPlain || text.isConst) return locateEach(text, () => path, rowCount, context)
  let query = queries.get(context)
  if (query === undefined) queries.set(context, query = new QueryPaths())
  const number = query.numberOf(path)
  if (number < 0) return locateAll(text, [path], rowCount, context)[0]
  const known = query.found.get(text.offsets)
  const { releases } = context.account
  if (known?.releases === releases && known.located.length > number) return known.located[number]
  const located = locateAll(text, query.paths, rowCount, context)
  query.found.set(text.offsets, { releases, located })
  return located[number]
}

/** Row by row: paths that differ by row, count from the end or are very long. */
function locateEach(
  { bytes, offsets, isConst }: BytesVector, pathOf: (row: number) => readonly JsonStep[],
  rowCount: number, { account }: EvalContext,
): Located {
  const starts = account.u32(Math.max(1, rowCount)).fill(0)
  const ends = account.u32(Math.max(1, rowCount)).fill(0)
  for (let row = 0; row < rowCount; row++) {
    const slot = isConst ? 0 : row
    const place = locateValue(bytes, offsets[slot], offsets[slot + 1], pathOf(row)) ?? null
    if (place === null) continue
    starts[row] = place[0]
    ends[row] = place[1]
  }
  return { bytes, starts, ends }
}

function locateAll(
  text: BytesVector, paths: readonly (readonly JsonStep[])[], rowCount: number, context: EvalContext,
): Located[] {
  const { account, kernels } = context
  const { bytes, offsets } = inWorkMemory(text, account)
  const words = account.u32(paths.length * JSON_PATH_WORDS)
  const keys: Uint8Array[] = []
  paths.forEach((path, p) => {
    words[p * JSON_PATH_WORDS] = path.length
    path.forEach((step, i) => {
      const at = p * JSON_PATH_WORDS + 1 + 2 * i
      if ('key' in step) {
        const key = account.u8(step.key.length)
        key.set(step.key)
        keys.push(key)
        words[at] = key.byteOffset
        words[at + 1] = step.key.length
      } else {
        words[at] = step.ofArrays ? 1 : 0
        words[at + 1] = step.index
      }
    })
  })
  const status = account.u8(Math.max(1, rowCount))
  const places = account.u32(Math.max(1, paths.length * 2 * rowCount))
  const shape = account.u8(JSON_SHAPE_BYTES)
  kernels.locateJson(offsets.byteOffset, bytes.byteOffset, rowCount, words.byteOffset, paths.length,
    status.byteOffset, places.byteOffset, shape.byteOffset)
  for (let row = 0; row < rowCount; row++) {
    if (status[row] !== JSON_ASK) continue
    paths.forEach((path, p) => {
      const place = locateValue(bytes, offsets[row], offsets[row + 1], path) ?? [0, 0]
      places[2 * p * rowCount + row] = place[0]
      places[(2 * p + 1) * rowCount + row] = place[1]
    })
  }
  for (const array of [words, status, shape, ...keys]) account.free(array.byteOffset)
  return paths.map((_, p) => ({
    bytes, starts: places.subarray(2 * p * rowCount, (2 * p + 1) * rowCount),
    ends: places.subarray((2 * p + 1) * rowCount, (2 * p + 2) * rowCount),
  }))
}
