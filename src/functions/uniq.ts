// uniq: approximate distinct count by adaptive sampling of 32-bit hashes, the same hashes and rules
// as ClickHouse's UniquesHashSet, so that answers agree to the last digit.
// Invariant: a group keeps the hashes whose low skipOf[group] bits are 0, at most 65536 of them.

import { bareType, UINT64, type DataType } from '../../storage/column/data-type.ts'
import type { BytesVector, CodesVector, Dictionary, Vector } from '../../storage/column/vector.ts'
import {
  FunctionError, type AggregateDef, type AggregateStates, type EvalContext, type StatePayload,
} from './function.ts'
import { KeySet } from './key-set.ts'
import { grown } from './state-array.ts'
import { asBytes, inWorkMemory, numberVector } from './vectors.ts'

const KEPT_MAX = 65536

/** Hash of a 64-bit integer given in halves, low 32 bits: murmur's finalizer over 64 bits. */
export function intHash32Of64(low: number, high: number): number {
  // x ^= x >>> 33
  let lo = low ^ (high >>> 1)
  let hi = high
  ;[lo, hi] = multiply64(lo, hi, 0xed558ccd, 0xff51afd7)
  lo ^= hi >>> 1
  ;[lo, hi] = multiply64(lo, hi, 0x1a85ec53, 0xc4ceb9fe)
  return (lo ^ (hi >>> 1)) >>> 0
}

/** Product modulo 2^64 in halves. */
function multiply64(aLow: number, aHigh: number, bLow: number, bHigh: number): [number, number] {
  const a0 = aLow & 0xffff
  const a1 = aLow >>> 16
  const b0 = bLow & 0xffff
  const b1 = bLow >>> 16
  const low = Math.imul(a0, b0) >>> 0
  const middle = (Math.imul(a1, b0) >>> 0) + (low >>> 16)
  const other = (Math.imul(a0, b1) >>> 0) + (middle & 0xffff)
  const carry = (Math.imul(a1, b1) >>> 0) + Math.floor(middle / 65536) + (other >>> 16)
  const lo = ((other & 0xffff) << 16) | (low & 0xffff)
  const hi = (carry + Math.imul(aLow, bHigh) + Math.imul(aHigh, bLow)) | 0
  return [lo, hi]
}

class UniqStates implements AggregateStates {
  private counts: Uint32Array | null = null
  private skipOf: Uint32Array | null = null
  private readonly set: KeySet
  private readonly context: EvalContext
  /** Hashes of one dictionary's codes, made when a code is first seen. */
  private codeHashes: Uint32Array | null = null
  private codeKnown: Uint8Array | null = null
  private dictionary: Dictionary | null = null

  constructor(context: EvalContext) {
    this.context = context
    this.set = new KeySet(1, context.account)
  }

  resize(groupCount: number): void {
    const { account } = this.context
    this.counts = grown(Uint32Array, this.counts, groupCount, account)
    this.skipOf = grown(Uint32Array, this.skipOf, groupCount, account)
  }

  update(groups: Uint32Array, rowCount: number, args: readonly Vector[]): void {
    const [vector] = args
    if (vector.kind === 'bytes') {
      this.updateStrings(groups, rowCount, vector)
      return
    }
    const hashOf = this.hasher(vector)
    for (let row = 0; row < rowCount; row++) this.add(groups[row], hashOf(vector.isConst ? 0 : row))
  }

  private updateStrings(groups: Uint32Array, rowCount: number, vector: BytesVector): void {
    const samples = this.samplesOf(vector)
    for (let row = 0; row < rowCount; row++) this.add(groups[row], samples[vector.isConst ? 0 : row])
    this.context.account.free(samples.byteOffset)
  }

  /** A sample of each string of a vector; the caller frees it. */
  private samplesOf(vector: BytesVector): Uint32Array {
    const { account, kernels } = this.context
    const text = inWorkMemory(vector, account)
    const count = text.isConst ? 1 : text.length
    const samples = account.u32(Math.max(1, count))
    kernels.citySamples(text.offsets.byteOffset, text.bytes.byteOffset, count, samples.byteOffset)
    if (text !== vector) {
      account.free(text.offsets.byteOffset)
      account.free(text.bytes.byteOffset)
    }
    return samples
  }

  private add(group: number, hash: number): void {
    const skip = (this.skipOf as Uint32Array)[group]
    if (skip > 0 && (hash & ((1 << skip) - 1)) !== 0) return
    if (!this.set.add(group, hash)) return
    const counts = this.counts as Uint32Array
    counts[group]++
    while (counts[group] > KEPT_MAX) this.skipMore(group)
  }

  /** Halves what a group keeps. */
  private skipMore(group: number): void {
    const counts = this.counts as Uint32Array
    const skip = ++(this.skipOf as Uint32Array)[group]
    const mask = (1 << skip) - 1
    this.set.filter((owner, words, at) => {
      if (owner !== group || (words[at] & mask) === 0) return true
      counts[group]--
      return false
    })
  }

  private hasher(vector: Vector): (slot: number) => number {
    const { id } = bareType(vector.type)
    if (vector.kind === 'number') {
      const { values } = vector
      if (id === 'Float64' || id === 'Float32') return floatHasher(values, id === 'Float32')
      return (slot) => {
        const value = values[slot]
        return intHash32Of64(value % 4294967296 | 0, Math.floor(value / 4294967296) | 0)
      }
    }
    if (vector.kind === 'big') {
      const { values } = vector
      return (slot) => {
        const bits = BigInt.asUintN(64, values[slot])
        return intHash32Of64(Number(bits & 0xffffffffn) | 0, Number(bits >> 32n) | 0)
      }
    }
    if (vector.kind === 'codes') {
      const { codes } = vector
      this.learn(vector)
      const hashes = this.codeHashes as Uint32Array
      return (slot) => hashes[codes[slot]]
    }
    throw new FunctionError(`uniq does not take ${vector.type.name}`)
  }

  private adopt(dictionary: Dictionary): void {
    const { account } = this.context
    if (this.dictionary?.id !== dictionary.id) this.codeKnown?.fill(0)
    this.dictionary = dictionary
    this.codeHashes = grown(Uint32Array, this.codeHashes, dictionary.size, account)
    this.codeKnown = grown(Uint8Array, this.codeKnown, dictionary.size, account)
  }

  /** Hashes the strings of codes that were not seen before, all of a block at once. */
  private learn(vector: CodesVector): void {
    this.adopt(vector.dictionary)
    const { account } = this.context
    const { codes } = vector
    const count = vector.isConst ? 1 : vector.length
    const known = this.codeKnown as Uint8Array
    const fresh = account.u32(Math.max(1, count))
    let size = 0
    for (let row = 0; row < count; row++) {
      if (known[codes[row]] !== 0) continue
      known[codes[row]] = 1
      fresh[size++] = codes[row]
    }
    if (size > 0) {
      const text = asBytes({ ...vector, isConst: false, nulls: null, length: size, codes: fresh }, account)
      const samples = this.samplesOf(text)
      const hashes = this.codeHashes as Uint32Array
      for (let i = 0; i < size; i++) hashes[fresh[i]] = samples[i]
      for (const array of [samples, text.offsets, text.bytes]) account.free(array.byteOffset)
    }
    account.free(fresh.byteOffset)
  }

  exportStates(groupCount: number): StatePayload {
    const skips = (this.skipOf as Uint32Array).slice(0, groupCount)
    return { arrays: [skips, this.set.exportEntries()], numbers: [] }
  }

  mergeStates(payload: StatePayload, toGroup: Uint32Array): void {
    const [skips, entries] = payload.arrays as readonly Uint32Array[]
    for (let group = 0; group < skips.length; group++) {
      while ((this.skipOf as Uint32Array)[toGroup[group]] < skips[group]) this.skipMore(toGroup[group])
    }
    for (let at = 0; at < entries.length; at += 2) this.add(toGroup[entries[at]], entries[at + 1])
  }

  finish(groupCount: number): Vector {
    const out = this.context.account.f64(groupCount)
    for (let group = 0; group < groupCount; group++) {
      out[group] = estimate((this.counts as Uint32Array)[group], (this.skipOf as Uint32Array)[group])
    }
    return numberVector(UINT64, out)
  }
}

function floatHasher(values: ArrayLike<number>, isSingle: boolean): (slot: number) => number {
  const wide = new Float64Array(1)
  const wideBits = new Int32Array(wide.buffer)
  const single = new Float32Array(1)
  const singleBits = new Int32Array(single.buffer)
  return (slot) => {
    if (isSingle) {
      single[0] = values[slot]
      return intHash32Of64(singleBits[0], 0)
    }
    wide[0] = values[slot]
    return intHash32Of64(wideBits[0], wideBits[1])
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

function uniqType(args: readonly DataType[]): DataType {
  const bare = bareType(args[0])
  if (['Array', 'Map', 'Tuple', 'JSON', 'UUID', 'IPv6'].includes(bare.id)) {
    throw new FunctionError(`not supported yet: uniq over ${args[0].name}; use uniqExact`)
  }
  return UINT64
}

export const UNIQ: readonly AggregateDef[] = [{
  name: 'uniq', arity: [1, 1], nulls: 'skip', keepsNonNullable: true, returnType: uniqType,
  create: (_args, _parameters, context) => new UniqStates(context),
}]
