import { expect, it } from 'vitest'
import type { FromWorker } from './messages.ts'
import { buffersOf } from './world.ts'

const MiB = 2 ** 20

const answer = (body: Uint8Array): FromWorker => ({
  kind: 'query-done', id: 1, body, part: null, keys: null,
  stats: { rowsRead: 0, bytesRead: 0, rows: 0, rowsBeforeLimit: null, peakBytes: 0, elapsedMs: 0, postedBytes: 0 },
})

it('hands over the memory of very large answers alone: with the first, all code for typed arrays gets slower', () => {
  const large = new Uint8Array(16 * MiB)
  expect(buffersOf([1500, 20_000, MiB].map((bytes) => answer(new Uint8Array(bytes))))).toEqual([])
  expect(buffersOf([answer(large), answer(large.subarray(0, 12 * MiB)), answer(new Uint8Array(MiB))])).toEqual([large.buffer])
})
