// What one simulated run does: steps, each a few actions at once, and the disk's faults. All of it
// follows from the seed, and is plain data, so that a failure can be cut down to its shortest trace.

import { seededRandom } from '../../storage/disk/simulated-disk.ts'
import type { DerivedAction } from './derived.ts'
import { TABLES } from './world.ts'

export type Action =
  | { readonly kind: 'insert'; readonly tables: readonly string[]; readonly count: number; readonly afterTurns: number }
  /** An earlier insert is sent again with its idempotency key. */
  | { readonly kind: 'retry'; readonly which: number }
  /** Rows that were sent before, and some new ones, go to the table with row keys in another batch. */
  | {
    readonly kind: 'resend'; readonly from: number; readonly count: number; readonly fresh: number
    readonly afterTurns: number
  }
  /** Rows in bulk, in pieces, shown at once; rows of before that are `rest` when divided go by the same
   * edit (divisor 1: all, 0: none). With `also` another table gets as many. */
  | {
    readonly kind: 'bulk'; readonly table: string; readonly also: string | null; readonly pieces: number
    readonly divisor: number; readonly rest: number
  }
  | { readonly kind: 'backup' }
  | { readonly kind: 'flush'; readonly table: string; readonly afterTurns: number }
  | { readonly kind: 'truncate' | 'alter' | 'drop'; readonly table: string }
  | { readonly kind: 'delete'; readonly table: string; readonly divisor: number; readonly rest: number }
  /** Rows that are over are let go of. */
  | { readonly kind: 'expire' }
  | { readonly kind: 'read'; readonly afterTurns: number }
  | { readonly kind: 'hold' }
  | { readonly kind: 'release' }
  /** Time passes: work that failed is tried again. */
  | { readonly kind: 'tick' }
  /** A clean stop and start. */
  | { readonly kind: 'reopen' }
  | { readonly kind: 'crash'; readonly afterTurns: number }
  /** A byte of a segment's file is damaged while the process does not run, and the store repaired. */
  | { readonly kind: 'damage'; readonly table: string; readonly segment: number; readonly at: number }
  | DerivedAction

export type Step = readonly Action[]

/** Calls of the disk by number over the whole run: how they fail, with which probability. */
export type FaultWindow = {
  readonly from: number
  readonly to: number
  readonly code: 'EIO' | 'ENOSPC' | 'crash'
  readonly probability: number
}

export type Plan = {
  readonly seed: number
  readonly steps: readonly Step[]
  readonly faults: readonly FaultWindow[]
  /** Share of stops in which the machine loses power, too. */
  readonly powerLoss: number
}

const pick = <T>(random: () => number, from: readonly T[]): T => from[Math.floor(random() * from.length)]

/** How often each kind of action comes. */
const WEIGHTS: readonly (readonly [Action['kind'], number])[] = [
  ['insert', 40], ['retry', 8], ['resend', 8], ['bulk', 6], ['backup', 3], ['flush', 8], ['truncate', 3], ['delete', 5], ['expire', 3], ['alter', 1], ['drop', 1], ['read', 10],
  ['hold', 3], ['release', 3], ['tick', 6], ['reopen', 2], ['crash', 3], ['damage', 2],
]
/** ... and in every second run. */
const DERIVED_WEIGHTS: typeof WEIGHTS = [
  ['derive', 20], ['import', 7], ['copy', 3], ['populate', 6], ['replay', 5], ['renew', 1],
]
/** ... and in every eighth, in which tables take another form, too. */
const FORWARD_WEIGHTS: typeof WEIGHTS = [...DERIVED_WEIGHTS, ['forward', 12]]
const isForwarding = (seed: number): boolean => [3, 13, 15].includes(seed % 16)
/** These come alone: what else is under way would make their outcome a guess. */
const ALONE: readonly Action['kind'][] = ['drop', 'reopen', 'alter', 'damage', 'renew']
/** Inserts into the table with row keys do not go through the engine's gate, which a move closes. */
const isAlone = (action: Action): boolean => ALONE.includes(action.kind) || (action.kind === 'forward' && action.table === 'keyed')

/** Plans about the keys of bulk writes alone: one in so many. */
const KEYED_PLANS = 8
/** Plans about log files that hold refused rows alone: one in so many. */
const FENCED_PLANS = 16

export function planOf(seed: number): Plan {
  const random = seededRandom(seed)
  if (seed % KEYED_PLANS === 1) return keyedPlan(seed)
  if (seed % FENCED_PLANS === 6) return fencedPlan(seed)
  const weights = seed % 2 === 0 ? WEIGHTS : [...WEIGHTS, ...isForwarding(seed) ? FORWARD_WEIGHTS : DERIVED_WEIGHTS]
  const steps = Array.from({ length: 4 + Math.floor(random() * 24) }, () => stepOf(random, weights))
  return { seed, steps, faults: faultsOf(random), powerLoss: pick(random, [0, 0.7, 1, 1]) }
}

/** Rounds of a bulk write of rows with keys beside writers with some of the same rows, and with so many
 * others that the log goes on to its next files and old ones are removed; then a start; then they are
 * sent again. */
export function keyedPlan(seed: number): Plan {
  const random = seededRandom(seed)
  const others = TABLES.filter((name) => name !== 'keyed')
  const resend = (count: number, afterTurns: number): Action =>
    ({ kind: 'resend', from: Math.floor(random() * 1000), count, fresh: 1, afterTurns })
  // Where only one table has rows in memory, the log can go up to the newest ones.
  const isCalm = random() < 0.6
  const focus = pick(random, others)
  const turns = () => Math.floor(random() * (isCalm ? 300 : 240))
  const beside = (): Action => {
    const odd = random()
    const table = isCalm ? focus : pick(random, others)
    if (odd < (isCalm ? 0.1 : 0.25)) return resend(2 + Math.floor(random() * 8), turns())
    if (odd < 0.6) return { kind: 'flush', table, afterTurns: turns() }
    return { kind: 'insert', tables: [table], count: 4 + Math.floor(random() * 8), afterTurns: turns() }
  }
  const rounds = Array.from({ length: 2 }, (): Step[] => {
    const bulk: Action = {
      kind: 'bulk', table: 'keyed', also: null, pieces: 1 + Math.floor(random() * (isCalm ? 2 : 4)),
      divisor: pick(random, isCalm ? [0, 5, 5] : [0, 0, 1, 5]), rest: 0,
    }
    const crash: Action[] = random() < 0.5 ? [{ kind: 'crash', afterTurns: Math.floor(random() * 300) }] : []
    return [
      [{ kind: 'insert', tables: ['keyed', focus], count: 3, afterTurns: 0 }],
      TABLES.map((table) => ({ kind: 'flush', table, afterTurns: 0 })),
      [bulk, ...Array.from({ length: 6 + Math.floor(random() * 8) }, beside), ...crash],
      [{ kind: 'reopen' }], [resend(50, 0)],
    ]
  })
  return { seed, steps: rounds.flat(), faults: random() < 0.3 ? faultsOf(random) : [], powerLoss: pick(random, [0, 1]) }
}

/** An insert that a disk refuses that won't forget it either, into a table that gets no more rows; then so
 * many of another one, over a restart or two, that the log goes on by some files, which are removed together
 * just before the machine loses power. */
export function fencedPlan(seed: number): Plan {
  const random = seededRandom(seed)
  const [quiet, focus] = random() < 0.5 ? ['by_rest', 'whole'] : ['whole', 'by_rest']
  const insert = (table: string): Step => [{ kind: 'insert', tables: [table], count: 4 + Math.floor(random() * 8), afterTurns: 0 }]
  const several = (least: number, most: number, make: () => Step): Step[] =>
    Array.from({ length: least + Math.floor(random() * (most - least + 1)) }, make)
  const steps = [
    ...several(1, 3, () => insert(focus)), ...several(1, 3, () => insert(quiet)), ...several(1, 4, () => insert(focus)),
    ...several(0, 2, () => [{ kind: 'crash', afterTurns: 0 }]), ...several(1, 5, () => insert(focus)),
    [{ kind: 'flush', table: quiet, afterTurns: 0 } as const, { kind: 'flush', table: focus, afterTurns: 0 } as const,
      { kind: 'crash', afterTurns: 20 + Math.floor(random() * 120) } as const],
  ]
  const from = 28 + Math.floor(random() * 16)
  const faults = [from, from + 2].map((call): FaultWindow => ({ from: call, to: call + 1, code: pick(random, ['ENOSPC', 'EIO']), probability: 1 }))
  return { seed, steps, faults, powerLoss: 1 }
}

export const hasDerived = ({ steps }: Plan): boolean => steps.some((step) =>
  step.some(({ kind }) => FORWARD_WEIGHTS.some(([derived]) => derived === kind)))

function stepOf(random: () => number, weights: typeof WEIGHTS): Step {
  const first = actionOf(random, weights)
  if (isAlone(first)) return [first]
  const others = Array.from({ length: Math.floor(random() * random() * 6) }, () => actionOf(random, weights))
  // One removal a step: two at once could come in any order.
  let hasRemoval = isRemoval(first)
  return [first, ...others.filter((action) => {
    if (isAlone(action)) return false
    if (!isRemoval(action)) return true
    if (hasRemoval) return false
    hasRemoval = true
    return true
  })]
}

/** A damaged file takes rows, and leaves their keys. */
const UNKEYED: readonly string[] = TABLES.filter((name) => name !== 'keyed')

export const isRemoval = (action: Action): boolean => action.kind === 'truncate' || action.kind === 'delete'
  || (action.kind === 'bulk' && action.divisor > 0) || (action.kind === 'import' && action.isReplacing)
  || action.kind === 'copy' || action.kind === 'populate' || action.kind === 'replay'

/** Keys of rows go with a truncate, not with a delete. */
export const forgetsKeys = (step: Step): boolean => step.some((action) => 'table' in action && action.table === 'keyed'
  && (action.kind === 'truncate' || (action.kind === 'bulk' && action.divisor === 1)))

function actionOf(random: () => number, weights: typeof WEIGHTS): Action {
  const table = pick(random, TABLES)
  const kind = kindOf(random, weights)
  switch (kind) {
    case 'insert': {
      const tables = random() < 0.25 ? TABLES.filter((name) => name === table || random() < 0.6) : [table]
      return { kind, tables, count: 1 + Math.floor(random() * random() * 12), afterTurns: 0 }
    }
    case 'retry': return { kind, which: Math.floor(random() * 1000) }
    case 'bulk': {
      const others = TABLES.filter((name) => name !== table)
      const divisor = pick(random, [0, 0, 1, 2, 5])
      return {
        kind, table, also: random() < 0.3 ? pick(random, others) : null, pieces: Math.floor(random() * 4),
        divisor, rest: Math.floor(random() * divisor),
      }
    }
    case 'resend': {
      return {
        kind, from: Math.floor(random() * 1000), count: 1 + Math.floor(random() * 8), fresh: Math.floor(random() * 3), afterTurns: 0,
      }
    }
    case 'delete': {
      const divisor = pick(random, [1, 2, 3, 5, 9])
      return { kind, table, divisor, rest: Math.floor(random() * divisor) }
    }
    case 'read': case 'crash': return { kind, afterTurns: Math.floor(random() * random() * 120) }
    case 'flush': return { kind, table, afterTurns: 0 }
    case 'truncate': case 'alter': case 'drop': return { kind, table }
    case 'derive': return { kind, count: 1 + Math.floor(random() * random() * 12) }
    case 'import': return { kind, pieces: Math.floor(random() * 4), isReplacing: random() < 0.3 }
    case 'forward': return { kind, table: pick(random, ['fed', 'fed', 'made', 'deep', 'aside', 'fresh', 'keyed'] as const) }
    case 'damage': {
      const from = UNKEYED.includes(table) ? table : UNKEYED[0]
      return { kind, table: from, segment: Math.floor(random() * 100), at: random() }
    }
    default: return { kind }
  }
}

function kindOf(random: () => number, weights: typeof WEIGHTS): Action['kind'] {
  let at = random() * weights.reduce((sum, [, weight]) => sum + weight, 0)
  for (const [kind, weight] of weights) if ((at -= weight) < 0) return kind
  return 'insert'
}

function faultsOf(random: () => number): FaultWindow[] {
  const windows = Array.from({ length: Math.floor(random() * 3.5) }, (): FaultWindow => {
    const code = pick(random, ['EIO', 'ENOSPC', 'crash'] as const)
    const from = Math.floor(random() * 260)
    const isPoint = random() < 0.5
    const calls = isPoint ? 1 : 2 + Math.floor(random() * 60)
    return { from, to: from + calls, code, probability: isPoint || random() < 0.4 ? 1 : 0.05 + random() * 0.4 }
  })
  // A crash that is certain for many calls would only be one crash after the other.
  return windows.map((window) => window.code === 'crash' && window.probability === 1
    ? { ...window, to: window.from + 1 } : window)
}

export function describePlan({ seed, steps, faults, powerLoss }: Plan): string {
  const action = (one: Action): string => {
    const { kind, ...rest } = one
    return [kind, ...Object.values(rest).map(String)].join(' ')
  }
  return [
    `seed ${seed}, power loss ${powerLoss}`,
    ...faults.map(({ from, to, code, probability }) => `fault ${code} at calls ${from} to ${to - 1} (${probability.toFixed(2)})`),
    ...steps.map((step, index) => `${index}: ${step.map(action).join(' | ')}`),
  ].join('\n')
}
