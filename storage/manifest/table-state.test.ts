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

it('lets go of what no list holds any more, once, whether or not a snapshot kept it', () => {
  const gone: string[] = []
  const state = new TableState({
    id: 1, schemaVersion: 1, name: 't', columns: [], engine: 'MergeTree', partitionBy: 'tuple()', sortBy: ['k'], ttl: null, settings: {},
  }, (thing) => { gone.push(thing.kind === 'part' ? `part ${thing.id}` : thing.file) })
  state.change([segment(1, 1), segment(2, 2)], () => false)
  state.change([{ ...segment(1, 1), maskVersion: 3, maskedRows: 1 }], (ref) => ref.id === 1)
  expect(gone).toEqual([])
  const held = state.snapshot()
  state.change([segment(3, 3)], (ref) => ref.id === 1)
  state.change([segment(4, 4)], (ref) => ref.id === 3)
  expect(gone).toEqual(['segment-3'])
  held.release()
  expect(gone).toEqual(['segment-3', 'segment-1', expect.stringMatching(/^mask-/)])
  state.change([], () => true)
  expect(gone.slice(3)).toEqual(['segment-2', 'segment-4'])
})
