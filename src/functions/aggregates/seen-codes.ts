// Distinct strings by group as codes of one shared dictionary, for uniq: which codes a group saw is
// kept exactly (group-codes.ts), and the hashes that uniq is defined by are looked at in the end only.
// Invariant: a group that saw up to as many strings as uniq keeps has as many hashes as codes, less
// those of codes whose hashes are equal.

import type { CodesVector, Dictionary, Vector } from '../../../storage/column/vector.ts'
import { codesVector, hashesOf, type Twins } from '../hashes/dictionary-hashes.ts'
import type { EvalContext } from '../values/function.ts'
import { eachGroup, GroupCodes, type ExportedCodes } from './group-codes.ts'
import { KeySet } from './key-set.ts'

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

  /** Distinct hashes of each group's codes, in the account. Of a group with more than `most` only those
   * whose low bits are 0 count: as few bits, put into skips[group], as leave up to `most`. Null where
   * such a group's codes are pairs, not bitmaps. */
  samples(groupCount: number, most: number, skips: Uint32Array): Uint32Array | null {
    const { seen, dictionary, context } = this
    const counts = context.account.u32(Math.max(1, groupCount))
    counts.set(seen.counts.subarray(0, groupCount))
    if (dictionary === null) return counts
    const { twins, levels } = hashesOf(dictionary, most, context)
    const codes = twins.reduce((sum, same) => sum + same.length, 0)
    if (groupCount * codes > ASKED_MAX) this.takeTwins(twins, groupCount, counts)
    else for (let group = 0; group < groupCount; group++) counts[group] -= this.twinsIn(group, twins)
    for (let skip = 1; skip <= levels.length; skip++) {
      const large = counts.subarray(0, groupCount)
      if (!large.some((count) => count > most)) break
      if (!seen.hasBitmaps) {
        context.account.free(counts.byteOffset)
        return null
      }
      this.sample(levels[skip - 1], twins, (group) => counts[group] > most, (group, size) => {
        counts[group] = size
        skips[group] = skip
      }, groupCount)
    }
    return counts
  }

  /** Distinct hashes of wanted groups among codes of a level. */
  private sample(
    level: Uint32Array, twins: Twins, isWanted: (group: number) => boolean,
    visit: (group: number, size: number) => void, groupCount: number,
  ): void {
    const { account } = this.context
    const words = account.u32(level.length)
    words.set(level)
    const here = twins.filter(([first]) => (level[first >>> 5] >>> (first & 31) & 1) === 1)
    for (let group = 0; group < groupCount; group++) {
      if (isWanted(group)) visit(group, this.seen.countShared(group, words) - this.twinsIn(group, here))
    }
    account.free(words.byteOffset)
  }

  /** Codes of a group beside one with the same hash. */
  private twinsIn(group: number, twins: Twins): number {
    let extra = 0
    for (const same of twins) {
      let here = 0
      for (const code of same) if (this.seen.has(group, code)) here++
      if (here > 1) extra += here - 1
    }
    return extra
  }

  /** The same in one pass over what the groups saw: for many groups. */
  private takeTwins(twins: Twins, groupCount: number, counts: Uint32Array): void {
    const { account } = this.context
    const firsts = new Map(twins.flatMap((same) => same.map((code) => [code, same[0]] as const)))
    const met = new KeySet(1, account)
    this.each(groupCount, (groups, { codes }, count) => {
      for (let i = 0; i < count; i++) {
        const first = firsts.get(codes[i])
        if (first !== undefined && !met.add(groups[i], first)) counts[groups[i]]--
      }
    })
    met.free()
  }

  /** Calls back with codes that groups saw, some at a time. */
  each(groupCount: number, visit: (groups: Uint32Array, codes: CodesVector, count: number) => void): void {
    const { dictionary } = this
    if (dictionary === null) return
    eachGroup(this.seen.export(groupCount), groupCount, this.context, (owners, codes, count) => {
      visit(owners, codesVector(codes.subarray(0, count), dictionary), count)
    })
  }

  free(): void { this.seen.free() }
}

/** Questions after single codes, up to which they are asked group by group. */
const ASKED_MAX = 1_000_000
