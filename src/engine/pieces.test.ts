import { expect, it } from 'vitest'
import type { SegmentRef } from '../../storage/face.ts'
import type { PlanNode, TypedPlan } from '../plan/plan.ts'
import { EngineError } from './engine-error.ts'
import { inPieces } from './pieces.ts'

// What inPieces() looks at of a segment and of plans.
const SEGMENT = { kind: 'segment', id: 1, rowCount: 1000 } as unknown as SegmentRef
const scan = (final: boolean) => ({ op: 'scan', final, columns: [] }) as unknown as PlanNode
const over = (op: string, input: PlanNode, more: object = {}) => ({ op, input, columns: [], ...more }) as unknown as PlanNode
const joined = (kind: string, strictness: string) => ({ op: 'join', kind, strictness, left: scan(false), right: scan(false) }) as unknown as PlanNode

/** The stretches of rows that a plan is run over; no query has room for more than `room` of them. */
async function stretches(root: PlanNode, { bytes, room = 1000 }: { readonly bytes: number; readonly room?: number }): Promise<string[]> {
  const made: string[] = []
  await inPieces(SEGMENT, { plan: { root } as TypedPlan, queryBytes: bytes }, async ({ rows = { from: 0, to: 1000 } }) => {
    if (rows.to - rows.from > room) throw new EngineError('limit', 'too much', 'MEMORY_LIMIT_EXCEEDED')
    return `${rows.from}-${rows.to}`
  }, async (one) => { made.push(one) })
  return made
}

it('cuts a segment where each row stands for itself, else where there is no room for it, and never what combines', async () => {
  const plain = over('project', over('filter', scan(false)))
  expect(await stretches(plain, { bytes: 400 * 1024 })).toEqual(['0-400', '400-800', '800-1000'])
  expect(await stretches(plain, { bytes: 2 ** 30 })).toEqual(['0-1000'])
  expect(await stretches(joined('left', 'any'), { bytes: 600 * 1024 })).toEqual(['0-600', '600-1000'])
  for (const root of [over('aggregate', scan(false)), joined('right', 'all'), joined('inner', 'any'), over('limit', plain), over('project', scan(true))]) {
    expect(await stretches(root, { bytes: 400 * 1024 })).toEqual(['0-1000'])
  }
  expect(await stretches(over('aggregate', scan(false)), { bytes: 2 ** 30, room: 300 })).toEqual(['0-250', '250-500', '500-750', '750-1000'])
  const small = await stretches(plain, { bytes: 2 ** 30, room: 40 })
  expect(small.map((text) => text.split('-').map(Number)).map(([from, to], index) => [from === (index === 0 ? 0 : Number(small[index - 1].split('-')[1])), to - from <= 40])
    .every((right) => right.every(Boolean))).toBe(true)
  expect(small.at(-1)).toMatch(/-1000$/)
  await expect(stretches(over('project', scan(true)), { bytes: 2 ** 30, room: 300 })).rejects.toThrow('too much')
})
