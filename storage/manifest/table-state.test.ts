import { expect, it } from 'vitest'
import type { SegmentRef } from '../face.ts'
import { TableState } from './table-state.ts'

const segment = (id: number, firstSequence: number, order?: number): SegmentRef => ({
  kind: 'segment', id, file: `segment-${id}`, bytes: 1, rowCount: 1, partition: 'all', firstSequence,
  lastSequence: firstSequence, maskVersion: 0, maskedRows: 0, expiry: null, ...order === undefined ? {} : { order },
})

it('keeps a merged segment of one bulk write before those that came after its rows', () => {
  const state = new TableState({
    id: 1, schemaVersion: 1, name: 't', columns: [], engine: 'ReplacingMergeTree', partitionBy: 'tuple()', sortBy: ['k'],
    ttl: null, settings: {},
  }, () => {})
  state.change([segment(1, 4), segment(5, 7), segment(6, 7), segment(7, 7)], () => false)
  state.change([segment(20, 7, 5)], (ref) => ref.id === 5 || ref.id === 6)
  expect(state.segments.map(({ id }) => id)).toEqual([1, 20, 7])
})
