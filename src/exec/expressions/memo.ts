// An expression over one dictionary column, evaluated once per value that the selection uses: results
// are kept in order of evaluation, with their place by code. String results become codes of a
// dictionary of the query's own, so that grouping by them stays on codes.
// Invariant: only values of rows that got this far are evaluated, so an error is a row's own.

import type { DataType } from '../../../storage/column/data-type.ts'
import type { Block, CodesVector, Vector } from '../../../storage/column/vector.ts'
import type { NumberArray } from '../../../storage/column/number-array.ts'
import type { MemoryAccount } from '../../../storage/kernels/work-memory.ts'
import { parseDataType } from '../../../storage/column/parse-type.ts'
import { asBytes, pick, retype, take } from '../../functions/values/vectors.ts'
import type { TypedExpr } from '../../plan/plan.ts'
import { keepVector } from '../blocks/block-codec.ts'
import { growBytes, growWords } from '../blocks/growing.ts'
import type { Evaluator } from './evaluator.ts'
import { QueryStrings } from '../dictionaries/query-strings.ts'
import type { Runtime } from '../runtime/runtime.ts'

/** A memo is made when so many rows were seen that one entry a code is at most this many bytes a
 * row: a point query over a large dictionary must not clear megabytes. */
export const CODES_A_ROW = 4

const UNSEEN = 0

/** Results of other kinds than numbers and codes are copied whole when they grow: beyond this many
 * the expression is evaluated row by row. */
const ODD_RESULTS_MAX = 65536

/** Places of results by key: code + 1, 0 for NULL. */
class Memo {
  /** Place + 1 of the result of each key. */
  places: Uint32Array
  results: Vector | null = null
  /** True when it grew beyond its use; the caller evaluates directly from then on. */
  isFull = false
  private count = 0
  private readonly account: MemoryAccount
  readonly dictionaryId: number

  constructor(dictionaryId: number, size: number, account: MemoryAccount) {
    this.dictionaryId = dictionaryId
    this.account = account
    this.places = account.u32(size).fill(UNSEEN)
  }

  /** Makes room for keys below `size`. */
  ensure(size: number): void {
    if (size <= this.places.length) return
    const larger = this.account.u32(Math.ceil(size * 1.25)).fill(UNSEEN)
    larger.set(this.places)
    this.account.free(this.places.byteOffset)
    this.places = larger
  }

  /** Keeps results for `keys`, in their order. */
  add(keys: Uint32Array, fresh: Vector): void {
    const { results, account } = this
    if (results === null) this.results = keepVector(fresh, account)
    else this.results = grown(results, this.count, fresh, account)
    for (let i = 0; i < keys.length; i++) this.places[keys[i]] = ++this.count
    const isOdd = fresh.kind !== 'number' && fresh.kind !== 'codes'
    this.isFull = isOdd && this.count > ODD_RESULTS_MAX
  }
}

/** `results` (of which `count` rows are used) with `fresh` behind them. Arrays double, so that their
 * lengths may exceed the vector's use. */
function grown(results: Vector, count: number, fresh: Vector, account: MemoryAccount): Vector {
  const total = count + fresh.length
  if (results.kind === 'number' && fresh.kind === 'number') {
    const values = room(results.values, count, total, account)
    values.set(fresh.values.subarray(0, fresh.length), count)
    const nulls = grownNulls(results, count, fresh, account)
    return { kind: 'number', type: results.type, length: total, isConst: results.isConst, nulls, values }
  }
  if (results.kind === 'codes' && fresh.kind === 'codes') {
    const codes = growWords(account, results.codes, count, total)
    codes.set(fresh.codes.subarray(0, fresh.length), count)
    const nulls = grownNulls(results, count, fresh, account)
    const { type, isConst, dictionary } = results
    return { kind: 'codes', type, length: total, isConst, nulls, codes, dictionary }
  }
  const which = account.u8(total).fill(1).fill(0, 0, count)
  const rows = account.u32(total)
  for (let i = 0; i < total; i++) rows[i] = i < count ? i : i - count
  const both = pick([{ ...results, length: count }, fresh], which, rows, total, results.type, account)
  account.free(which.byteOffset)
  account.free(rows.byteOffset)
  return both
}

function grownNulls(
  results: Vector, count: number, fresh: Vector, account: MemoryAccount): Uint8Array | null {
  if (results.nulls === null && fresh.nulls === null) return null
  const total = count + fresh.length
  const nulls = results.nulls === null ? account.u8(Math.max(64, total * 2)).fill(0)
    : growBytes(account, results.nulls, count, total)
  nulls.fill(0, count, total)
  if (fresh.nulls !== null) nulls.set(fresh.nulls.subarray(0, fresh.length), count)
  return nulls
}

function room(
  values: NumberArray, count: number, needed: number, account: MemoryAccount): NumberArray {
  if (needed <= values.length) return values
  const Class = values.constructor as {
    new (buffer: ArrayBuffer, offset: number, length: number): NumberArray
  }
  const length = Math.max(needed, values.length * 2)
  const larger = new Class(
    account.work.buffer, account.allocate(length * values.BYTES_PER_ELEMENT), length)
  larger.set(values.subarray(0, count))
  account.free(values.byteOffset)
  return larger
}

/** `direct` with a memo around it; blocks whose column is not in codes go to `direct`. */
export function memoised(
  column: number, expr: TypedExpr, direct: Evaluator, runtime: Runtime): Evaluator {
  const type = parseDataType(expr.type)
  let memo: Memo | null = null
  let strings: QueryStrings | null = null
  let rowsSeen = 0
  const evaluateCodes = (codes: Uint32Array, vector: CodesVector): Vector => {
    const result = direct(distinctBlock(column, codes, vector, runtime))
    if (result.kind !== 'bytes' && result.kind !== 'codes') return spread(result, runtime)
    strings ??= new QueryStrings(runtime.durable)
    return strings.codesOf(spread(result, runtime) as typeof result, runtime.scratch.account)
  }
  return (block) => {
    const vector = block.columns[column]
    if (vector.kind !== 'codes' || vector.isConst || block.rowCount === 0) return direct(block)
    const size = vector.dictionary.size
    if (memo?.isFull === true) return direct(block)
    if (memo === null || memo.dictionaryId !== vector.dictionary.id) {
      rowsSeen += block.rowCount
      if (size > rowsSeen * CODES_A_ROW) return direct(block)
      memo = new Memo(vector.dictionary.id, size + 1, runtime.durable.account)
    }
    memo.ensure(size + 1)
    const keys = keysOf(vector, block.rowCount, runtime)
    const missing = unseen(memo, keys, runtime)
    const filled = memo
    if (missing.length > 0) {
      memo = null // where this fails, places have no results: whoever goes on over other rows needs another memo
      filled.add(missing, evaluateCodes(missing, vector))
      memo = filled
    }
    return gathered(filled, keys, block.rowCount, type, runtime)
  }
}

/** Codes, or code + 1 where NULL (0) is among them; `places` lie so many words behind. */
type Keys = { readonly keys: Uint32Array; readonly shift: 0 | 1 }

function keysOf(vector: CodesVector, count: number, runtime: Runtime): Keys {
  const { account } = runtime.scratch
  const { codes, nulls } = vector
  if (nulls === null && codes.buffer === account.work.buffer) {
    return { keys: codes.subarray(0, count), shift: 1 }
  }
  const keys = account.u32(count)
  for (let i = 0; i < count; i++) keys[i] = nulls !== null && nulls[i] === 1 ? 0 : codes[i] + 1
  return { keys, shift: 0 }
}

/** The distinct keys (0 for NULL, else code + 1) that have no result yet; add() puts their places. */
function unseen({ places }: Memo, { keys, shift }: Keys, runtime: Runtime): Uint32Array {
  const { account, kernels } = runtime.scratch
  const missing = account.u32(keys.length)
  const found = kernels.unplacedCodes(
    keys.byteOffset, keys.length, places.byteOffset + 4 * shift, missing.byteOffset)
  for (let i = 0; i < found; i++) missing[i] += shift
  return missing.subarray(0, found)
}

/** A block in which only `column` holds rows: the strings of the keys, one each. */
export function distinctBlock(
  column: number, keys: Uint32Array, vector: CodesVector, runtime: Runtime): Block {
  const { account } = runtime.scratch
  const codes = account.u32(keys.length)
  let nulls: Uint8Array | null = null
  for (let i = 0; i < keys.length; i++) {
    codes[i] = keys[i] === 0 ? 0 : keys[i] - 1
    if (keys[i] === 0) (nulls ??= account.u8(keys.length).fill(0))[i] = 1
  }
  const { type, isConst, dictionary } = vector
  const strings = asBytes({ kind: 'codes', type, length: keys.length, isConst, nulls, codes, dictionary }, account)
  const columns: Vector[] = []
  columns[column] = strings
  return { rowCount: keys.length, columns }
}

function spread(vector: Vector, runtime: Runtime): Vector {
  return vector.isConst ? pick([vector], null, null, vector.length, vector.type, runtime.scratch.account)
    : vector
}

function gathered(
  memo: Memo, { keys, shift }: Keys, rowCount: number, type: DataType, runtime: Runtime): Vector {
  const { account, kernels } = runtime.scratch
  const rows = account.u32(rowCount)
  kernels.placesOf(keys.byteOffset, rowCount, memo.places.byteOffset + 4 * shift, rows.byteOffset)
  return retype(take(memo.results as Vector, rows, rowCount, runtime.scratch.account), type)
}
