// Runs that do a little of everything: short enough to fail at each of their calls in turn.

import { planOf, type Action, type Plan, type Step } from './plan.ts'

const PLAIN: Plan = {
  ...planOf(4), faults: [], powerLoss: 1,
  steps: [
    [{ kind: 'insert', tables: ['by_rest'], count: 5, afterTurns: 0 }, { kind: 'insert', tables: ['by_rest', 'whole'], count: 2, afterTurns: 0 }],
    [{ kind: 'flush', table: 'by_rest', afterTurns: 0 }, { kind: 'retry', which: 0 }], [{ kind: 'retry', which: 1 }], [{ kind: 'insert', tables: ['by_rest'], count: 9, afterTurns: 0 }],
    [{ kind: 'truncate', table: 'whole' }, { kind: 'insert', tables: ['whole'], count: 3, afterTurns: 0 }],
    [{ kind: 'flush', table: 'by_rest', afterTurns: 0 }, { kind: 'flush', table: 'whole', afterTurns: 0 }, { kind: 'insert', tables: ['whole'], count: 3, afterTurns: 0 }],
    [{ kind: 'delete', table: 'by_rest', divisor: 3, rest: 1 }, { kind: 'insert', tables: ['aging'], count: 3, afterTurns: 0 }],
    [{ kind: 'alter', table: 'whole' }, { kind: 'flush', table: 'aging', afterTurns: 0 }], [{ kind: 'tick' }], [{ kind: 'expire' }],
    [{ kind: 'delete', table: 'whole', divisor: 2, rest: 0 }], [{ kind: 'insert', tables: ['by_rest', 'whole'], count: 30, afterTurns: 0 }],
    [{ kind: 'insert', tables: ['keyed'], count: 4, afterTurns: 0 }], [{ kind: 'resend', from: 1, count: 3, fresh: 1, afterTurns: 0 }, { kind: 'flush', table: 'keyed', afterTurns: 0 }],
    [{ kind: 'bulk', table: 'whole', also: 'by_rest', pieces: 2, divisor: 2, rest: 1 }, { kind: 'insert', tables: ['whole'], count: 2, afterTurns: 0 }],
    [{ kind: 'backup' }, { kind: 'insert', tables: ['by_rest'], count: 2, afterTurns: 0 }], [{ kind: 'bulk', table: 'by_rest', also: null, pieces: 1, divisor: 1, rest: 0 }],
    [{ kind: 'reopen' }], [{ kind: 'insert', tables: ['whole'], count: 4, afterTurns: 0 }, { kind: 'resend', from: 0, count: 4, fresh: 1, afterTurns: 0 }], [{ kind: 'drop', table: 'by_rest' }],
  ],
}

/** What the engine writes to several tables at once (derived.ts), and a repair. */
const DERIVED: Plan = {
  ...PLAIN, steps: [
    [{ kind: 'derive', count: 7 }, { kind: 'import', pieces: 2, isReplacing: false }], [{ kind: 'populate' }, { kind: 'derive', count: 3 }],
    [{ kind: 'replay' }, { kind: 'derive', count: 6 }], [{ kind: 'copy' }, { kind: 'derive', count: 2 }],
    [{ kind: 'import', pieces: 1, isReplacing: true }], [{ kind: 'insert', tables: ['whole'], count: 3, afterTurns: 0 }],
    [{ kind: 'flush', table: 'whole', afterTurns: 0 }], [{ kind: 'damage', table: 'whole', segment: 0, at: 0.4 }], [{ kind: 'derive', count: 4 }],
  ],
}

/** Tables that take another form: a view's source, a view's target that another view reads, and one that is being fed. */
const MOVED: Plan = {
  ...PLAIN, steps: [
    [{ kind: 'derive', count: 7 }], [{ kind: 'forward', table: 'fed' }, { kind: 'derive', count: 4 }, { kind: 'import', pieces: 1, isReplacing: false }],
    [{ kind: 'forward', table: 'made' }, { kind: 'derive', count: 3 }], [{ kind: 'forward', table: 'fresh' }, { kind: 'populate' }],
  ],
}

/** ... and tables that tell their rows apart by a key: one that inserts fill, and one that a populate has filled. */
const KEYS_MOVED: Plan = {
  ...PLAIN, seed: 3, steps: [
    [{ kind: 'insert', tables: ['keyed'], count: 5, afterTurns: 0 }, { kind: 'derive', count: 7 }], [{ kind: 'populate' }],
    [{ kind: 'bulk', table: 'keyed', also: null, pieces: 2, divisor: 0, rest: 0 }],
    [{ kind: 'forward', table: 'keyed' }], [{ kind: 'forward', table: 'fresh' }, { kind: 'derive', count: 3 }],
    [{ kind: 'resend', from: 0, count: 8, fresh: 2, afterTurns: 0 }], [{ kind: 'reopen' }], [{ kind: 'resend', from: 0, count: 8, fresh: 1, afterTurns: 0 }],
  ],
}

export const TOURS: readonly Plan[] = [PLAIN, DERIVED, MOVED, KEYS_MOVED]
export const MOVED_KEYS: readonly Plan[] = [KEYS_MOVED]

/** Segments of more rows than one query of a view has room for. */
export const PIECES: readonly Plan[] = [1, 3].map((seed) => ({
  ...PLAIN, seed, steps: [[{ kind: 'derive', count: 60 }], [{ kind: 'flush', table: 'fed', afterTurns: 0 }], [{ kind: 'populate' }]],
}))

/** A populate that stops at any of its turns, what comes then, and its end. */
const stoppedPopulates = (seed: number, ...then: readonly Action[]): Plan[] => Array.from({ length: 40 }, (_, run) => {
  const rows: Step[] = Array.from({ length: 3 }, () => [[{ kind: 'derive', count: 5 } as const], [{ kind: 'flush', table: 'fed', afterTurns: 0 } as const]]).flat()
  return {
    seed, faults: [], powerLoss: 0,
    steps: [...rows, [{ kind: 'populate' }, { kind: 'crash', afterTurns: run * 10 }], ...then.map((action) => [action]), [{ kind: 'populate' }]],
  }
})

const MORE: readonly Action[] = Array.from({ length: 8 }, (_, n) => (
  n % 2 === 0 ? { kind: 'derive', count: 3 } : { kind: 'flush', table: 'fed', afterTurns: 0 }))

export const STOPPED_POPULATES: readonly Plan[] = [
  ...stoppedPopulates(1), ...stoppedPopulates(1, ...MORE), ...stoppedPopulates(1, { kind: 'import', pieces: 2, isReplacing: true }),
]

/** ... of a table that tells its rows apart by a key. */
export const KEYED_POPULATES: readonly Plan[] = [...stoppedPopulates(3), ...stoppedPopulates(11)]

/** A bulk write whose record can neither be written nor be forgotten, what is sent again while nobody knows, a
 * stop, and all of it again. Some of the calls at which the disk begins to fail are those of the record. */
const doubtfulBulk = (table: string, then: Action, from: number, calls: number): Plan => ({
  seed: 1, powerLoss: 0, faults: [{ from, to: from + calls, code: 'EIO', probability: 1 }],
  steps: [
    [{ kind: 'insert', tables: [table], count: 3, afterTurns: 0 }], [{ kind: 'flush', table, afterTurns: 0 }],
    [{ kind: 'bulk', table, also: null, pieces: 2, divisor: 0, rest: 0 }], [then], [{ kind: 'crash', afterTurns: 0 }],
    [{ kind: 'resend', from: 0, count: 20, fresh: 1, afterTurns: 0 }, { kind: 'retry', which: 1 }],
  ],
})

export const DOUBTFUL_BULKS: readonly Plan[] = [3, 4].flatMap((calls) => Array.from({ length: 20 }, (_, call) => [
  doubtfulBulk('whole', { kind: 'retry', which: 1 }, call + 40, calls),
  doubtfulBulk('keyed', { kind: 'retry', which: 1 }, call + 40, calls),
  doubtfulBulk('keyed', { kind: 'resend', from: 0, count: 20, fresh: 1, afterTurns: 0 }, call + 40, calls),
]).flat())

/** A tour with one fault, at each call in turn, or at every `share`th from `first` on. */
export function* faultyTours(
  tour: Plan, calls: number, code: 'crash' | 'EIO' | 'ENOSPC', share: number, first: number,
): Generator<Plan> {
  for (let call = 1 + first % share; call <= calls; call += share) {
    // Where only the process stops, nothing is lost: every other call is enough.
    const losses = code === 'crash' && (call / share & 1) === 0 ? [1, 0] : [1]
    for (const powerLoss of losses) {
      yield { ...tour, powerLoss, faults: [{ from: call, to: call + 1, code, probability: 1 }] }
    }
  }
}

/** A move that is stopped at each of its last calls. */
export const STOPPED_MOVES: readonly Plan[] = [...faultyTours(MOVED, 150, 'crash', 1, 0)].filter(({ faults }) => faults[0].from > 100)
