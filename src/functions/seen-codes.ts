// Distinct strings by group as codes of one shared dictionary, for uniq: which codes a group saw is
// kept exactly (group-codes.ts), and the hashes that uniq is defined by are looked at in the end only.
// Invariant: a group that saw up to as many strings as uniq keeps has as many hashes as codes, less
// those of codes whose hashes are equal.

import { STRING } from '../../storage/column/data-type.ts'
import type { CodesVector, Dictionary, Vector } from '../../storage/column/vector.ts'
import type { EvalContext } from './function.ts'
import { eachGroup, GroupCodes, type ExportedCodes } from './group-codes.ts'
import { KeySet } from './key-set.ts'
import { stringSamples } from './string-samples.ts'
import { asBytes } from './vectors.ts'

export class SeenCodes {
  dictionary: Dictionary | null = null
  private readonly seen: GroupCodes
  private readonly context: EvalContext

  constructor(context: EvalContext) {
    this.context = context
    this.seen = new GroupCodes(context)
  }

  resize(groupCount: number): void { this.seen.resize(groupCount) }

  /** Whether rows are codes that mean the same as those before. */
  takes(vector: Vector): vector is CodesVector {
    return vector.kind === 'codes' && this.takesCodesOf(vector.dictionary.id)
  }

  takesCodesOf(id: number): boolean {
    return id >= 0 && (this.dictionary === null || this.dictionary.id === id)
  }

  add(groups: Uint32Array, { codes, dictionary, isConst }: CodesVector, rowCount: number): void {
    this.dictionary = dictionary
    this.seen.makeRoom(dictionary.size)
    this.seen.add(groups, codes, isConst, rowCount)
  }

  export(groupCount: number): ExportedCodes { return this.seen.export(groupCount) }

  merge(from: ExportedCodes, dictionary: Dictionary, toGroup: Uint32Array): void {
    this.dictionary = dictionary
    this.seen.merge(from, toGroup)
  }

  /** Codes that a group saw. */
  codesIn(group: number): number { return this.seen.counts[group] }

  /** Distinct hashes of each group's codes, in the account. */
  samples(groupCount: number): Uint32Array {
    const { seen, dictionary, context } = this
    const counts = context.account.u32(Math.max(1, groupCount))
    counts.set(seen.counts.subarray(0, groupCount))
    if (dictionary === null) return counts
    const twins = twinsOf(dictionary, context)
    const codes = twins.reduce((sum, same) => sum + same.length, 0)
    if (groupCount * codes > ASKED_MAX) this.takeTwins(twins, groupCount, counts)
    else {
      for (const same of twins) {
        for (let group = 0; group < groupCount; group++) {
          let here = 0
          for (const code of same) if (seen.has(group, code)) here++
          if (here > 1) counts[group] -= here - 1
        }
      }
    }
    return counts
  }

  /** The same in one pass over what the groups saw: for many groups. */
  private takeTwins(twins: Twins['classes'], groupCount: number, counts: Uint32Array): void {
    const { account } = this.context
    const firsts = new Map(twins.flatMap((same) => same.map((code) => [code, same[0]] as const)))
    const met = new KeySet(1, account)
    this.each(groupCount, () => true, (groups, { codes }, count) => {
      for (let i = 0; i < count; i++) {
        const first = firsts.get(codes[i])
        if (first !== undefined && !met.add(groups[i], first)) counts[groups[i]]--
      }
    })
    met.free()
  }

  /** Calls back with codes that groups saw, some at a time; `isWanted`: of these groups only. */
  each(
    groupCount: number, isWanted: (group: number) => boolean,
    visit: (groups: Uint32Array, codes: CodesVector, count: number) => void,
  ): void {
    const { dictionary } = this
    if (dictionary === null) return
    eachGroup(this.seen.export(groupCount), groupCount, this.context, (owners, codes, all) => {
      let count = 0
      for (let i = 0; i < all; i++) {
        if (!isWanted(owners[i])) continue
        owners[count] = owners[i]
        codes[count++] = codes[i]
      }
      if (count > 0) visit(owners, codesVector(codes.subarray(0, count), dictionary), count)
    }, isWanted)
  }

  free(): void { this.seen.free() }
}

export const codesVector = (codes: Uint32Array, dictionary: Dictionary): CodesVector => ({
  kind: 'codes', type: STRING, length: codes.length, isConst: false, nulls: null, codes, dictionary,
})

/** Questions after single codes, up to which they are asked group by group. */
const ASKED_MAX = 1_000_000

type Twins = { readonly size: number; readonly classes: readonly (readonly number[])[] }

/** Hashes have 32 bits: of a million strings a hundred pairs are alike. */
const knownTwins = new WeakMap<Dictionary, Twins>()
const CODES_A_TURN = 4096

/** Codes of a dictionary whose strings have the same hash, class by class. */
export function twinsOf(dictionary: Dictionary, context: EvalContext): Twins['classes'] {
  const known = knownTwins.get(dictionary)
  if (known?.size === dictionary.size) return known.classes
  const { size } = dictionary
  const classes = findTwins(samplesOf(dictionary, size, context), size, context)
  knownTwins.set(dictionary, { size, classes })
  return classes
}

/** The hashes of all strings; the caller frees them. */
function samplesOf(dictionary: Dictionary, size: number, context: EvalContext): Uint32Array {
  const { account } = context
  const samples = account.u32(Math.max(1, size))
  for (let from = 0; from < size; from += CODES_A_TURN) {
    context.checkAlive()
    const codes = account.u32(Math.min(CODES_A_TURN, size - from))
    for (let i = 0; i < codes.length; i++) codes[i] = from + i
    const text = asBytes(codesVector(codes, dictionary), account)
    const hashes = stringSamples(text, context)
    samples.set(hashes.subarray(0, codes.length), from)
    for (const array of [codes, hashes, text.offsets, text.bytes]) account.free(array.byteOffset)
  }
  return samples
}

/** Frees the samples. */
function findTwins(samples: Uint32Array, size: number, { account }: EvalContext): number[][] {
  const mask = 2 ** (33 - Math.clz32(size | 1)) - 1
  const slots = account.u32(mask + 1).fill(0)
  const classes = new Map<number, number[]>()
  for (let code = 0; code < size; code++) {
    const sample = samples[code]
    let slot = Math.imul(sample, 0x9e3779b1) >>> 7 & mask
    while (slots[slot] !== 0 && samples[slots[slot] - 1] !== sample) slot = (slot + 1) & mask
    const first = slots[slot] - 1
    if (first < 0) slots[slot] = code + 1
    else classes.set(first, [...classes.get(first) ?? [first], code])
  }
  account.free(slots.byteOffset)
  account.free(samples.byteOffset)
  return [...classes.values()]
}
