// A GROUP BY whose groups have no room in a query's memory goes over its rows several times: each pass takes the
// rows of its share of all keys, by a hash of them, and hands on its groups as if there were no others. What
// comes above (HAVING, ORDER BY … LIMIT, another GROUP BY) keeps of them what it keeps of any. Rows that
// were compressed to bytes a value are cheaper to read again than groups are to write to a disk and read.
//
// How many passes: a run that has no room says at which share of its rows that was; it ends, and begins anew with
// as many passes as that share goes into all rows. So what is lost is less than one pass. It begins with the keys that
// had no room: where these are one group, no share of them has, and that is known before the others are gone over.
//
// Invariant: groups of equal keys are of one pass in every worker (key-hashes.ts), and every pass sees the same
// rows: nothing below the GROUP BY draws values (canPass() of pipeline.ts).

import type { DataType } from '../../../storage/column/data-type.ts'
import type { Block, Vector } from '../../../storage/column/vector.ts'
import type { MemoryAccount } from '../../../storage/kernels/work-memory.ts'
import { asBytes, asConst, take } from '../../functions/values/vectors.ts'
import { inputsOf } from '../../plan/nodes.ts'
import type { PlanNode } from '../../plan/plan.ts'
import { KeyHashes } from '../keys/key-hashes.ts'
import type { Runtime } from '../runtime/runtime.ts'
import { takeRows } from '../expressions/short-circuit.ts'

/** One of the passes over a stage's rows: the how manieth it is, of how many, and which share of the keys it takes. */
export type Pass = { readonly index: number; readonly count: number; readonly share: number }
/** How many passes a stage has, and the share of the first of them. */
export type PassPlan = Pick<Pass, 'count' | 'share'>

export const ONLY_PASS: Pass = { index: 0, count: 1, share: 0 }

/** The pass behind another: the next share, and behind the last one the first. */
export const passBehind = ({ index, count, share }: Pass): Pass => ({ index: index + 1, count, share: (share + 1) % count })

/** Bytes that are kept for each code of a dictionary whose hash is known. */
const CODE_BYTES = 5
/** What hashes of codes may take of a query's memory: keys of larger dictionaries are hashed by their bytes. */
const CODES_SHARE = 1 / 16

/** Which rows are of a pass. */
export class PassRows {
  private readonly hashes: KeyHashes
  private readonly runtime: Runtime
  private readonly codesMax: number

  constructor(types: readonly DataType[], runtime: Runtime) {
    const account = runtime.newPart()
    this.hashes = new KeyHashes(types, 0, { ...runtime.durable, account })
    this.runtime = runtime
    this.codesMax = account.limitBytes * CODES_SHARE / CODE_BYTES
  }

  /** Numbers of the rows with these keys, in scratch memory. */
  of(keys: readonly Vector[], rowCount: number, { share, count }: Pass): Uint32Array {
    const { scratch } = this.runtime
    const hashes = this.hashes.hashesOf(
      keys.map((key) => (key.kind === 'codes' && key.dictionary.size > this.codesMax ? asBytes(key, scratch.account) : key)),
      rowCount, scratch)
    const rows = scratch.account.u32(Math.max(1, rowCount))
    let found = 0
    for (let row = 0; row < rowCount; row++) if (shareOf(hashes[row], count) === share) rows[found++] = row
    return rows.subarray(0, found)
  }
}

/** The share of a hash among `count`: of more shares those of the same hashes are neighbours. Other bits of it say other things (SharedGroups). */
function shareOf(hash: number, count: number): number {
  const mixed = Math.imul(hash ^ (hash >>> 16), 0x7feb352d)
  return Math.floor(((mixed ^ (mixed >>> 15)) >>> 0) * count / 2 ** 32)
}

/** Some rows of a block, its joint keys included. */
export function rowsOfBlock(block: Block, rows: Uint32Array, runtime: Runtime): Block {
  if (rows.length === block.rowCount) return block
  const { joint } = block
  const some = takeRows(block, rows, runtime)
  if (joint === undefined) return some
  const taken = joint.isConst ? asConst(joint, rows.length) : take(joint, rows, rows.length, runtime.scratch.account)
  if (taken.kind !== 'codes') throw new Error('exec: joint keys are codes')
  return { ...some, joint: taken }
}

/** More would each read all rows for little. */
const PASSES_MAX = 64
const TRIES_MAX = 7
/** Passes are for so much more than what was seen to have room, and for at most so many times those before. */
const SPARE = 1.25
const GROWTH_MAX = 8
/** A run that gets no further than this by passes, time and again, is short of room for something else. */
const PROGRESS_MIN = 1.1
const STALLS_MAX = 2
/** A pass whose groups take so many times what those of any pass before it took has one, or a few, that take the rest. */
const SKEW_MIN = 2
/** ... and so is one of whose memory groups take less than this. */
const GROUPS_SHARE_MIN = 1 / 2

/** What a run has come to that has no room left. */
export type Shortage = {
  readonly stage: number
  readonly canPass: boolean
  readonly pass: Pass
  /** The share of the pass's rows that were begun: 1, where its groups were being merged. */
  readonly rowShare: number
  /** Of the account's bytes those of groups. */
  readonly groupBytes: number
  /** The most that groups of a pass before it took; 0: it is the first. */
  readonly passBytes: number
  /** What of the groups' bytes the answer takes at least (answerShareOf). */
  readonly answerShare: number
}

/** Aggregates whose states are about as large as their values. */
const SMALL_STATES: ReadonlySet<string> = new Set(['count', 'sum', 'min', 'max', 'any', 'anyLast', 'avg'])

/** Of the bytes of a plan's groups those that the answer takes at least: 0 where something above leaves groups out or
 * groups them again, little where states of hundreds of bytes may end as a number each. */
export function answerShareOf(node: PlanNode): number {
  switch (node.op) {
    case 'distinct': return hasGroups(node.input) ? 0 : 1 / 4
    case 'aggregate':
      return hasGroups(node.input) ? 0 : node.aggregates.every(({ name }) => SMALL_STATES.has(name)) ? 1 / 4 : 1 / 64
    case 'project': return answerShareOf(node.input)
    case 'sort': return node.limit === null ? answerShareOf(node.input) : 0
    default: return 0
  }
}

function hasGroups(node: PlanNode): boolean {
  return node.op === 'aggregate' || node.op === 'distinct' || inputsOf(node).some(hasGroups)
}

/** How many passes each stage of a query has: more, each time that a run of it has no room. */
export class Passes {
  /** By stage; undefined: one pass. */
  readonly plans: (PassPlan | undefined)[] = []
  private tries = 0
  private reached = 0
  private stalls = 0

  /** What to say besides when there is no more. */
  get tried(): string {
    const most = Math.max(1, ...this.plans.map((plan) => plan?.count ?? 1))
    return most === 1 ? '' : `; its groups were taken in ${most} passes, too`
  }

  /** Whether to begin anew, with more passes than before. */
  hasMore(shortage: Shortage, account: Pick<MemoryAccount, 'usedBytes' | 'limitBytes'>): boolean {
    const { stage, canPass, pass, rowShare, groupBytes, passBytes, answerShare } = shortage
    if (!canPass || ++this.tries > TRIES_MAX || pass.count >= PASSES_MAX) return false
    // As they have begun, all groups would be so many: passes only put off that their answer has no room.
    if (groupBytes * pass.count / Math.max(rowShare, Number.EPSILON) * answerShare > account.limitBytes) return false
    if (account.usedBytes - groupBytes > account.limitBytes * GROUPS_SHARE_MIN) return false
    const isSkewed = pass.index > 0 && groupBytes > passBytes * SKEW_MIN
    const isStalled = pass.count > 1 && rowShare < 1 && rowShare < this.reached * PROGRESS_MIN
    this.stalls = isSkewed || isStalled ? this.stalls + 1 : 0
    if (this.stalls === STALLS_MAX) return false
    this.reached = rowShare
    const times = Math.max(2, Math.min(GROWTH_MAX, SPARE / Math.max(rowShare, 1 / PASSES_MAX)))
    const count = Math.min(PASSES_MAX, Math.ceil(pass.count * times))
    this.plans[stage] = { count, share: Math.floor(pass.share * count / pass.count) }
    return true
  }
}

/** What a stage's plan has come to before: so many passes over so many rows in so much memory. */
const learnt = new WeakMap<PlanNode, { readonly count: number; readonly rows: number; readonly limitBytes: number }>()

/** The passes that a stage over so many rows had before, with as much memory. */
export function learntPasses(root: PlanNode, rows: number, { limitBytes }: MemoryAccount): number {
  const known = learnt.get(root)
  return known !== undefined && rows >= known.rows && limitBytes <= known.limitBytes ? known.count : 1
}

/** Groups of a pass that take less than this share of the memory had too many passes: another call, of other values. */
const PASS_SHARE_MIN = 1 / 3

/** How many to begin with the next time: as many as there were, or fewer, where the groups of each took at most
 * `passBytes`. */
export const learnPasses = (root: PlanNode, rows: number, { limitBytes }: MemoryAccount, count: number, passBytes: number): void => {
  learnt.set(root, { rows, limitBytes, count: Math.min(count, Math.ceil(count * passBytes / (limitBytes * PASS_SHARE_MIN))) })
}
