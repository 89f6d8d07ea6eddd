// uniqCombined, uniqCombined64 and uniqHLL12: a few hashes as they are, then HyperLogLog. Thresholds,
// ranks and corrections are ClickHouse's, so that answers agree.
// Invariant: a group is exact (its hashes in `hashes`) or has ranks, never both.

import type { ByteReader } from '../../../storage/bytes/byte-reader.ts'
import { bareType, UINT64, type DataType } from '../../../storage/column/data-type.ts'
import type { Value } from '../values/value.ts'
import type { ByteBuilder } from '../values/byte-builder.ts'
import { FunctionError, type AggregateDef, type AggregateStates, type EvalContext } from '../values/function.ts'
import { HASHED_AS_BYTES, sketchRows } from '../hashes/hash-values.ts'
import { finalize64, intHash32 } from '../values/int-hash.ts'
import { KeyMap } from './key-map.ts'
import { byGroup } from '../values/state-bytes.ts'
import { grown } from '../values/state-array.ts'
import { numberInfo } from '../values/types.ts'
import { numberVector } from '../values/vectors.ts'

/** One of the three functions over given arguments. */
type Rule = {
  /** 2^precision buckets. */
  readonly precision: number
  /** Bits of what is kept exactly: 32 or 64. */
  readonly keyBits: number
  /** Bits of what bucket and rank are taken from. */
  readonly hashBits: number
  /** Distinct hashes that are counted exactly. */
  readonly exactMax: number
  /** What a bucket and a rank are made from. */
  readonly spread: (hash: bigint) => bigint
  /** uniqCombined(17) corrects the bias of its estimates. */
  readonly isCorrected: boolean
}

class LogStates {
  private ranks: (Uint8Array | null)[] = []
  private readonly hashes: KeyMap
  private counts: Uint32Array
  /** The hashes of a group as a chain: lasts[group] - 1 is its last, before[number] - 1 the one before. */
  private lasts: Uint32Array
  private before: Uint32Array
  private readonly rule: Rule
  private readonly context: EvalContext

  constructor(rule: Rule, context: EvalContext) {
    this.rule = rule
    this.context = context
    this.hashes = new KeyMap(context.account)
    this.counts = grown(Uint32Array, null, 1, context.account)
    this.lasts = grown(Uint32Array, null, 1, context.account)
    this.before = grown(Uint32Array, null, 1, context.account)
  }

  resize(groupCount: number): void {
    this.counts = grown(Uint32Array, this.counts, groupCount, this.context.account)
    this.lasts = grown(Uint32Array, this.lasts, groupCount, this.context.account)
    const BYTES_PER_GROUP = 16
    while (this.ranks.length < groupCount) {
      this.context.account.charge(BYTES_PER_GROUP)
      this.ranks.push(null)
    }
  }

  add(group: number, hash: bigint): void {
    const ranks = this.ranks[group]
    if (ranks !== null) {
      this.rank(ranks, hash)
      return
    }
    const before = this.hashes.size
    this.hashes.numberOf(group, Number(hash & 0xffffffffn), Number(hash >> 32n))
    if (this.hashes.size === before) return
    this.before = grown(Uint32Array, this.before, before + 1, this.context.account)
    this.before[before] = this.lasts[group]
    this.lasts[group] = before + 1
    if (++this.counts[group] > this.rule.exactMax) this.toRanks(group)
  }

  /** Its hashes stay in the map unused: a group turns once. */
  private toRanks(group: number): Uint8Array {
    const fresh = this.context.account.u8(1 << this.rule.precision).fill(0)
    if (this.counts[group] > 0) this.eachHash(group, (hash) => this.rank(fresh, hash))
    this.ranks[group] = fresh
    return fresh
  }

  private eachHash(group: number, visit: (hash: bigint) => void): void {
    for (let number = this.lasts[group]; number !== 0; number = this.before[number - 1]) {
      visit(this.hashOf(number - 1))
    }
  }

  private hashOf(number: number): bigint {
    const [low, high] = this.hashes.keyOf(number)
    return (BigInt(high) << 32n) | BigInt(low)
  }

  private rank(ranks: Uint8Array, hash: bigint): void {
    const { precision, hashBits, spread } = this.rule
    const bits = BigInt.asUintN(hashBits, spread(hash))
    const bucket = Number(bits & ((1n << BigInt(precision)) - 1n))
    const rank = rankOf(bits >> BigInt(precision), hashBits - precision + 1)
    if (rank > ranks[bucket]) ranks[bucket] = rank
  }

  write(out: ByteBuilder, group: number): void {
    const ranks = this.ranks[group]
    out.byte(ranks === null ? 0 : 1)
    if (ranks !== null) {
      out.slice(ranks, 0, ranks.length)
      return
    }
    out.varint(this.counts[group])
    this.eachHash(group, (hash) => {
      out.u32(Number(hash & 0xffffffffn))
      out.u32(Number(hash >> 32n))
    })
  }

  read(reader: ByteReader, group: number): void {
    if (reader.u8() === 0) {
      for (let count = reader.varint(); count > 0; count--) {
        const low = BigInt(reader.u32())
        this.add(group, low | (BigInt(reader.u32()) << 32n))
      }
      return
    }
    const theirs = reader.take(1 << this.rule.precision)
    const ranks = this.ranks[group] ?? this.toRanks(group)
    for (let i = 0; i < ranks.length; i++) if (theirs[i] > ranks[i]) ranks[i] = theirs[i]
  }

  count(group: number): number {
    const ranks = this.ranks[group]
    return ranks === null ? this.counts[group] : estimate(ranks, this.rule)
  }
}

/** Zeros at the low end and one more, at most `most`. */
function rankOf(bits: bigint, most: number): number {
  if (bits === 0n) return most
  let rank = 1
  let rest = bits
  while ((rest & 1n) === 0n) {
    rest >>= 1n
    rank++
  }
  return Math.min(rank, most)
}

function estimate(ranks: Uint8Array, rule: Rule): number {
  const count = ranks.length
  let zeros = 0
  let sum = 0
  for (const rank of ranks) {
    if (rank === 0) zeros++
    sum += 2 ** -rank
  }
  const raw = 0.7213 / (1 + 1.079 / count) * count * count / sum
  const linear = zeros === 0 ? raw : count * (Math.log(count) - Math.log(zeros))
  if (raw > 2 ** 32 / 30) return Math.floor(raw + 0.5)
  if (!rule.isCorrected) return Math.floor((raw <= 2.5 * count ? linear : raw) + 0.5)
  const fixed = raw <= 5 * count ? raw - bias(raw, count) : raw
  return Math.floor((zeros !== 0 && linear < LINEAR_BELOW ? linear : fixed) + 0.5)
}

/** Estimates by empty buckets hold below this (of 2^17 buckets). */
const LINEAR_BELOW = 177_700

/** How far the raw estimate lies above the truth, in the mean: what n values make of it, inverted. The
 * ranks of n values in m buckets are known exactly, so no measured table is needed. */
function bias(raw: number, count: number): number {
  let low = 0
  let high = 6 * count
  for (let i = 0; i < 60; i++) {
    const middle = (low + high) / 2
    if (expectedRaw(middle, count) < raw) low = middle
    else high = middle
  }
  return raw - low
}

/** The raw estimate that n distinct values give in the mean. */
function expectedRaw(n: number, count: number): number {
  const load = n / count
  // P(rank <= r) = exp(-load / 2^r): every bucket's greatest rank, buckets filled independently.
  let mean = Math.exp(-load)
  for (let rank = 1; rank < 40; rank++) {
    mean += (Math.exp(-load / 2 ** rank) - Math.exp(-load / 2 ** (rank - 1))) / 2 ** rank
  }
  return 0.7213 / (1 + 1.079 / count) * count / mean
}

const PRECISION_DEFAULT = 17

function combinedRule(is64: boolean, types: readonly DataType[], parameters: readonly Value[]): Rule {
  const precision = parameters.length === 0 ? PRECISION_DEFAULT : Number(parameters[0])
  if (!Number.isInteger(precision) || precision < 12 || precision > 20) {
    throw new FunctionError('Parameter for aggregate function uniqCombined is out of range: [12, 20]',
      'PARAMETER_OUT_OF_BOUND')
  }
  const isWide = is64
    || (types.length === 1 && ['String', 'FixedString', 'IPv6'].includes(bareType(types[0]).id))
  const bits = isWide ? 64 : 32
  return {
    precision, keyBits: bits, hashBits: bits, exactMax: 2 ** (precision - (isWide ? 5 : 4)),
    spread: (hash) => hash, isCorrected: precision === PRECISION_DEFAULT,
  }
}

function logStates(rule: Rule, ofBits: (bits: bigint) => bigint, context: EvalContext): AggregateStates {
  const states = new LogStates(rule, context)
  const mask = (1n << BigInt(rule.keyBits)) - 1n
  return byGroup({
    resize: (groupCount) => states.resize(groupCount),
    update: (groups, rowCount, args) => {
      const hashOf = sketchRows(args, ofBits, context)
      for (let row = 0; row < rowCount; row++) states.add(groups[row], hashOf(row) & mask)
    },
    write: (out, group) => states.write(out, group),
    read: (reader, group) => states.read(reader, group),
    finish: (groupCount) => {
      const out = context.account.f64(groupCount)
      for (let group = 0; group < groupCount; group++) out[group] = states.count(group)
      return numberVector(UINT64, out)
    },
  }, context)
}

const combined = (name: string, is64: boolean): AggregateDef => ({
  name, arity: [1, Infinity], nulls: 'skip',
  returnType: (args, parameters) => {
    combinedRule(is64, args, parameters)
    return UINT64
  },
  create: (args, parameters, context) =>
    logStates(combinedRule(is64, args, parameters), finalize64, context),
})

const DOUBLE = new Float64Array(1)
const DOUBLE_BITS = new BigUint64Array(DOUBLE.buffer)
const SINGLE = new Float32Array(1)
const SINGLE_BITS = new Uint32Array(SINGLE.buffer)

/** uniqHLL12 keeps the bits of a value as a value of its type: integers without their sign's bits, and
 * the bits of a float as a float once more. */
function asKept(type: DataType): (bits: bigint) => bigint {
  if (type.id === 'Float64') {
    return (bits) => {
      DOUBLE[0] = Number(bits)
      return DOUBLE_BITS[0]
    }
  }
  if (type.id === 'Float32') {
    return (bits) => {
      SINGLE[0] = Number(bits)
      return BigInt(SINGLE_BITS[0])
    }
  }
  const width = (numberInfo(type)?.bytes ?? 8) * 8
  return (bits) => BigInt.asUintN(width, bits)
}

const uniqHLL12: AggregateDef = {
  name: 'uniqHLL12', arity: [1, Infinity], nulls: 'skip', keepsNonNullable: true,
  returnType: () => UINT64,
  create: (args, _parameters, context) => {
    const { id } = bareType(args[0])
    const isSeveral = args.length > 1 || ['Tuple', 'Array', 'Map', 'Variant'].includes(id) || HASHED_AS_BYTES.has(id)
    return logStates({
      precision: 12, keyBits: 64, hashBits: 32, exactMax: 16, isCorrected: false,
      // Hashes of bytes are good as they are.
      spread: isSeveral ? (hash) => hash : intHash32,
    }, asKept(bareType(args[0])), context)
  },
}

export const UNIQ_LOG: readonly AggregateDef[] = [
  combined('uniqCombined', false), combined('uniqCombined64', true), uniqHLL12,
]
