// uniq: approximate distinct count by adaptive sampling of 32-bit hashes, the same hashes and rules
// as ClickHouse's UniquesHashSet, so that answers agree to the last digit. Rows that come as codes of one
// dictionary are told apart by code (seen-codes.ts) until something else comes.
// Invariant: a group keeps the hashes whose low skips[group] bits are 0, at most 65536 of them; which
// ones depends on the set of hashes alone, so blocks, workers and merges may come in any order.

import { bareType, UINT64 } from '../../../storage/column/data-type.ts'
import { isLarge } from '../../../storage/column/large.ts'
import type { BytesVector, CodesVector, Vector } from '../../../storage/column/vector.ts'
import { codesVector } from '../hashes/dictionary-hashes.ts'
import {
  FunctionError, type AggregateDef, type AggregateStates, type EvalContext, type StatePayload,
} from '../values/function.ts'
import { eachGroup } from './group-codes.ts'
import { HASHED_AS_BYTES, sketchRows } from '../hashes/hash-values.ts'
import { finalize64 } from '../values/int-hash.ts'
import { wordSamples } from '../hashes/number-samples.ts'
import { SeenCodes } from './seen-codes.ts'
import { grown } from '../values/state-array.ts'
import { damaged, nearStates, serializeGroups } from '../values/state-bytes.ts'
import { CodeSamples, stringSamples } from '../hashes/string-samples.ts'
import { numberVector } from '../values/vectors.ts'

const KEPT_MAX = 65536
/** Slots of the table in which the hashes of one group are told apart. */
const TABLE_SLOTS = KEPT_MAX * 4
/** Late pairs remembered, so that what repeats is not logged: as many as the cache holds easily. */
const FILTER_PAIRS = 16384
const LOG_PAIRS_FIRST = 16384
/** Pairs from which folding pays: a fold visits every group and every hash kept. */
const FOLD_PAIRS = 65536

class UniqStates implements AggregateStates {
  private groupCount = 0
  private skips: Uint32Array | null = null
  /** Hashes kept, by group: those of group g end at ends[g]. */
  private ends: Uint32Array | null = null
  private kept: Uint32Array
  private keptCount = 0
  /** (hash, group) pairs that are not in `kept` yet. */
  private log: Uint32Array
  private logCount = 0
  private readonly filter: Uint32Array
  private readonly context: EvalContext
  private readonly codes: CodeSamples
  /** null once rows came that are no codes of one dictionary. */
  private seen: SeenCodes | null

  constructor(context: EvalContext) {
    const { account } = context
    this.context = context
    this.codes = new CodeSamples(context)
    this.seen = new SeenCodes(context)
    this.kept = account.u32(0)
    this.log = account.u32(LOG_PAIRS_FIRST * 2)
    this.filter = account.u32(FILTER_PAIRS * 2).fill(0xffffffff)
  }

  resize(groupCount: number): void {
    if (groupCount <= this.groupCount) return
    const { account } = this.context
    this.skips = grown(Uint32Array, this.skips, groupCount, account)
    this.ends = grown(Uint32Array, this.ends, groupCount, account)
    this.ends.fill(this.keptCount, this.groupCount, groupCount)
    this.groupCount = groupCount
    this.seen?.resize(groupCount)
  }

  update(groups: Uint32Array, rowCount: number, args: readonly Vector[]): void {
    const [vector] = args
    const { account } = this.context
    if (rowCount === 0) return
    const isSimple = args.length === 1 && !ROW_HASHED.has(bareType(vector.type).id)
      && !isLarge(bareType(vector.type))
    if (this.seen !== null && isSimple && this.seen.takes(vector)) {
      this.seen.add(groups, vector, rowCount)
      return
    }
    this.leaveCodes()
    const samples = isSimple ? this.samplesOf(vector) : rowSamples(args, rowCount, this.context)
    if (!isSimple || !vector.isConst) this.add(groups, samples, rowCount)
    else {
      const spread = account.u32(rowCount).fill(samples[0])
      this.add(groups, spread, rowCount)
      account.free(spread.byteOffset)
    }
    account.free(samples.byteOffset)
  }

  /** From codes to hashes. */
  private leaveCodes(): void {
    const { seen } = this
    if (seen === null) return
    this.seen = null
    seen.each(this.groupCount, (groups, codes, count) => this.addCodes(groups, codes, count))
    seen.free()
  }

  private addCodes(groups: Uint32Array, codes: CodesVector, count: number): void {
    const samples = this.codes.of(codes)
    this.add(groups, samples, count)
    this.context.account.free(samples.byteOffset)
  }

  /** A hash a row (one of a constant); the caller frees it. */
  private samplesOf(vector: Vector): Uint32Array {
    switch (vector.kind) {
      case 'bytes': return stringSamples(vector, this.context)
      case 'codes': return this.codes.of(vector)
      case 'number': case 'big': return wordSamples(vector, this.context)
      default: throw new FunctionError(`uniq does not take ${vector.type.name}`)
    }
  }

  private add(groups: Uint32Array, samples: Uint32Array, rowCount: number): void {
    const { account, kernels } = this.context
    this.makeRoom(rowCount)
    const isHere = groups.buffer === account.work.buffer
    const near = isHere ? groups : account.u32(rowCount)
    if (!isHere) near.set(groups.subarray(0, rowCount))
    this.logCount = kernels.logSamples(near.byteOffset, samples.byteOffset, rowCount,
      (this.skips as Uint32Array).byteOffset, this.filter.byteOffset, FILTER_PAIRS - 1,
      this.log.byteOffset, this.logCount)
    if (!isHere) account.free(near.byteOffset)
  }

  /** Room in the log for so many pairs. */
  private makeRoom(pairs: number): void {
    const { account } = this.context
    if (this.logCount >= Math.max(FOLD_PAIRS, this.keptCount, this.groupCount)) this.fold()
    if ((this.logCount + pairs) * 2 <= this.log.length) return
    const larger = account.u32(Math.max(this.log.length * 2, (this.logCount + pairs) * 2))
    larger.set(this.log.subarray(0, this.logCount * 2))
    account.free(this.log.byteOffset)
    this.log = larger
  }

  private fold(): void {
    if (this.logCount === 0) return
    const { account, kernels } = this.context
    const { groupCount, logCount, log, skips, kept } = this
    const starts = account.u32(groupCount + 1)
    const sorted = account.u32(logCount)
    const table = account.u32(TABLE_SLOTS)
    const ends = account.u32((this.ends as Uint32Array).length)
    const fresh = account.u32(this.keptCount + logCount)
    this.keptCount = kernels.foldSamples(log.byteOffset, logCount, groupCount, starts.byteOffset,
      sorted.byteOffset, (this.ends as Uint32Array).byteOffset, kept.byteOffset,
      (skips as Uint32Array).byteOffset, KEPT_MAX, table.byteOffset, TABLE_SLOTS, ends.byteOffset,
      fresh.byteOffset)
    const spent = [starts, sorted, table, kept, this.ends as Uint32Array]
    for (const { byteOffset } of spent) account.free(byteOffset)
    this.kept = fresh
    this.ends = ends
    this.logCount = 0
  }

  exportStates(groupCount: number): StatePayload {
    if (this.seen !== null && this.seen.dictionary !== null) {
      const { firstWord, wordsPerGroup, words } = this.seen.export(groupCount)
      return { arrays: [words], numbers: [firstWord, wordsPerGroup, this.seen.dictionary.id] }
    }
    this.fold()
    const skips = (this.skips as Uint32Array).slice(0, groupCount)
    const ends = (this.ends as Uint32Array).slice(0, groupCount)
    return { arrays: [skips, ends, this.kept.slice(0, this.keptCount)], numbers: [] }
  }

  mergeStates(payload: StatePayload, toGroup: Uint32Array): void {
    if (payload.numbers.length > 0) {
      this.mergeCodes(payload, toGroup)
      return
    }
    const [skips, ends, kept] = payload.arrays as readonly Uint32Array[]
    if (kept.length === 0 && skips.every((skip) => skip === 0)) return
    this.leaveCodes()
    const mine = this.skips as Uint32Array
    let at = 0
    for (let group = 0; group < skips.length; group++) {
      const to = toGroup[group]
      mine[to] = Math.max(mine[to], skips[group])
      this.makeRoom(ends[group] - at)
      for (; at < ends[group]; at++) {
        this.log[this.logCount * 2] = kept[at]
        this.log[this.logCount * 2 + 1] = to
        this.logCount++
      }
    }
    // A skip degree that rose holds for what is kept already, too.
    this.fold()
  }

  private mergeCodes({ arrays, numbers }: StatePayload, toGroup: Uint32Array): void {
    const [firstWord, wordsPerGroup, id] = numbers
    const from = { firstWord, wordsPerGroup, words: arrays[0] as Uint32Array } // as exportStates() gave it
    const dictionary = this.context.dictionaryById?.(id) ?? null
    if (dictionary === null) throw new Error(`uniq: dictionary ${id} is not at hand`)
    if (this.seen !== null && this.seen.takesCodesOf(id)) {
      this.seen.merge(from, dictionary, toGroup)
      return
    }
    this.leaveCodes()
    eachGroup(from, toGroup.length, this.context, (groups, codes, count) => {
      for (let i = 0; i < count; i++) groups[i] = toGroup[groups[i]]
      this.addCodes(groups, codesVector(codes.subarray(0, count), dictionary), count)
    })
  }

  serialize(groupCount: number): BytesVector {
    this.leaveCodes()
    this.fold()
    const { kept } = this
    const ends = this.ends as Uint32Array
    return serializeGroups(groupCount, this.context.account, (out, group) => {
      let at = group === 0 ? 0 : ends[group - 1]
      out.byte((this.skips as Uint32Array)[group])
      out.varint(ends[group] - at)
      for (; at < ends[group]; at++) out.u32(kept[at])
    })
  }

  mergeRows(groups: Uint32Array, rowCount: number, states: BytesVector): void {
    this.leaveCodes()
    const { account, kernels } = this.context
    const skips = (this.skips as Uint32Array).byteOffset
    let hasRisen = false
    nearStates(groups, states, rowCount, account, (near, offsets, bytes, count) => {
      const found = kernels.raiseSkips(near, offsets, bytes, count, skips)
      if (found === 2) throw damaged()
      hasRisen ||= found === 1
      this.makeRoom(states.bytes.length >> 2)
      this.logCount = kernels.logStates(near, offsets, bytes, count, skips, this.filter.byteOffset,
        FILTER_PAIRS - 1, this.log.byteOffset, this.logCount)
    })
    // A skip degree that rose holds for what is kept already, too.
    if (hasRisen) this.fold()
  }

  finish(groupCount: number): Vector {
    const { seen } = this
    const skips = this.skips as Uint32Array
    const sizes = seen?.samples(groupCount, KEPT_MAX, skips) ?? null
    if (sizes === null) this.leaveCodes()
    this.fold()
    const out = this.context.account.f64(groupCount)
    const ends = this.ends as Uint32Array
    for (let group = 0; group < groupCount; group++) {
      const count = sizes !== null ? sizes[group] : ends[group] - (group === 0 ? 0 : ends[group - 1])
      out[group] = estimate(count, skips[group])
    }
    return numberVector(UINT64, out)
  }
}

/** Distinct values that `kept` hashes of a sample of 1 in 2^skip stand for. */
function estimate(kept: number, skip: number): number {
  if (skip === 0) return kept
  const raw = kept * 2 ** skip + (crc32c64(kept) & (2 ** skip - 1))
  const all = 2 ** 32
  // Hashes of 32 bits collide: the count of distinct hashes to that of distinct values.
  return Math.round(all * (Math.log(all) - Math.log(all - raw)))
}

/** CRC-32C of a 64-bit number from all ones, as the processor's instruction computes it. */
function crc32c64(value: number): number {
  let crc = 0xffffffff
  for (let byte = 0; byte < 8; byte++) {
    crc ^= byte < 4 ? (value >>> (8 * byte)) & 255 : 0
    for (let bit = 0; bit < 8; bit++) crc = (crc & 1) === 1 ? (crc >>> 1) ^ 0x82f63b78 : crc >>> 1
  }
  return crc >>> 0
}

/** Types whose values are hashed row by row. */
const ROW_HASHED: ReadonlySet<string> = new Set(['Array', 'Map', 'Tuple', 'UUID', 'Variant', ...HASHED_AS_BYTES])

/** Hashes of rows of several arguments, or of values without bytes of their own; the caller frees them. */
function rowSamples(args: readonly Vector[], rowCount: number, context: EvalContext): Uint32Array {
  const out = context.account.u32(rowCount)
  // Hashes of UUIDs go through the finalizer as numbers do, those of several arguments are good as they are.
  const bare = bareType(args[0].type)
  const isUuid = args.length === 1 && (bare.id === 'UUID' || (isLarge(bare) && bare.id !== 'Decimal'))
  const hashOf = sketchRows(args, (bits) => bits, context)
  for (let row = 0; row < rowCount; row++) {
    const hash = hashOf(row)
    out[row] = Number((isUuid ? finalize64(hash) : hash) & 0xffffffffn)
  }
  return out
}

export const UNIQ: readonly AggregateDef[] = [{
  name: 'uniq', arity: [1, Infinity], nulls: 'skip', keepsNonNullable: true, returnType: () => UINT64,
  takesTimes: () => true,
  create: (_args, _parameters, context) => new UniqStates(context),
}]
