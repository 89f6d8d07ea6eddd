// A run that does a little of everything: short enough to fail at each of its calls in turn.

import { planOf, type Plan } from './plan.ts'

export const TOUR: Plan = {
  ...planOf(4), faults: [], powerLoss: 1,
  steps: [
    [{ kind: 'insert', tables: ['by_rest'], count: 5 }, { kind: 'insert', tables: ['by_rest', 'whole'], count: 2 }],
    [{ kind: 'flush', table: 'by_rest' }, { kind: 'retry', which: 0 }], [{ kind: 'retry', which: 1 }], [{ kind: 'insert', tables: ['by_rest'], count: 9 }],
    [{ kind: 'truncate', table: 'whole' }, { kind: 'insert', tables: ['whole'], count: 3 }],
    [{ kind: 'flush', table: 'by_rest' }, { kind: 'flush', table: 'whole' }, { kind: 'insert', tables: ['whole'], count: 3 }],
    [{ kind: 'delete', table: 'by_rest', divisor: 3, rest: 1 }, { kind: 'insert', tables: ['aging'], count: 3 }],
    [{ kind: 'alter', table: 'whole' }, { kind: 'flush', table: 'aging' }], [{ kind: 'tick' }], [{ kind: 'expire' }],
    [{ kind: 'delete', table: 'whole', divisor: 2, rest: 0 }], [{ kind: 'insert', tables: ['by_rest', 'whole'], count: 30 }],
    [{ kind: 'insert', tables: ['keyed'], count: 4 }], [{ kind: 'resend', from: 1, count: 3, fresh: 1 }, { kind: 'flush', table: 'keyed' }],
    [{ kind: 'bulk', table: 'whole', also: 'by_rest', pieces: 2, divisor: 2, rest: 1 }, { kind: 'insert', tables: ['whole'], count: 2 }],
    [{ kind: 'backup' }, { kind: 'insert', tables: ['by_rest'], count: 2 }], [{ kind: 'bulk', table: 'by_rest', also: null, pieces: 1, divisor: 1, rest: 0 }],
    [{ kind: 'reopen' }], [{ kind: 'insert', tables: ['whole'], count: 4 }, { kind: 'resend', from: 0, count: 4, fresh: 1 }], [{ kind: 'drop', table: 'by_rest' }],
  ],
}

/** The tour with one fault, at each call in turn. */
export function* faultyTours(calls: number, code: 'crash' | 'EIO' | 'ENOSPC'): Generator<Plan> {
  for (let call = 1; call <= calls; call++) {
    // Where only the process stops, nothing is lost: every other call is enough.
    const losses = code === 'crash' && call % 2 === 0 ? [1, 0] : [1]
    for (const powerLoss of losses) {
      yield { ...TOUR, powerLoss, faults: [{ from: call, to: call + 1, code, probability: 1 }] }
    }
  }
}
