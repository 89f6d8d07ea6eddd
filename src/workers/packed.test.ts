import fc from 'fast-check'
import { expect, it } from 'vitest'
import type { FromWorker, QueryPost, TableRows } from './messages.ts'
import { packAnswers, packBodies, packQuery, packResults, unpackAnswers, unpackBodies, unpackQuery, unpackResults } from './packed.ts'

it('brings bodies and results back as they were', () => {
  const body = fc.record({
    address: fc.integer({ min: 1, max: 2 ** 40 }), bytes: fc.nat(), gzip: fc.boolean(),
    format: fc.constantFrom('ndjson' as const, 'json' as const),
  })
  const result = fc.record({
    successful: fc.nat(), quarantined: fc.nat(), firstError: fc.option(fc.string()), isTooLarge: fc.boolean(),
  })
  fc.assert(fc.property(fc.array(body), fc.array(result), (bodies, results) => {
    expect(unpackBodies(packBodies(bodies))).toEqual(bodies)
    expect(unpackResults(packResults(results))).toEqual(results)
  }), { numRuns: 50 })
})

const query: QueryPost = {
  kind: 'query', id: 7, planId: 3, plan: null, slots: ['a', 5, 2n ** 63n, null, [1, 'b']], format: 'JSON', into: null, explain: false,
  tables: [{ tableId: 1, listId: 12, list: null }, { tableId: 2, listId: 40, list: null }],
  nowMs: 1.7e12, deadlineMs: 1.7e12 + 10_000, memoryBytes: 2 ** 33, resultBytesMax: 2 ** 27, cancelSlot: 9,
}

it('brings queries back as they were, and leaves those that carry more', () => {
  for (const each of [query, { ...query, slots: [], tables: [] }]) {
    const packed = packQuery(each)
    expect(packed !== null && unpackQuery(structuredClone(packed))).toEqual(each)
  }
  const list: TableRows = {
    table: { id: 1, name: 't', columns: [], engine: 'MergeTree', partitionBy: '', sortBy: [], ttl: null, settings: {}, schemaVersion: 1 },
    listId: 12, rows: [],
  }
  expect(packQuery({ ...query, explain: true })).toBeNull()
  expect(packQuery({ ...query, tables: [{ tableId: 1, listId: 12, list }] })).toBeNull()
})

it('posts small answers together, and others as they are', () => {
  const answer = (id: number, bytes: number): FromWorker => ({
    kind: 'query-done', id, body: new Uint8Array(bytes).fill(id), part: null, keys: null, stats: {
      rowsRead: id, bytesRead: 2 ** 40, rows: 3, rowsBeforeLimit: id === 1 ? null : id, peakBytes: 9, elapsedMs: 0.5, postedBytes: 0,
    },
  })
  const large = answer(9, 4097)
  const failed: FromWorker = { kind: 'failed', id: 5, error: { message: 'x', kind: 'query', code: '', at: 0, end: 0 } }
  const small = [answer(1, 10), answer(2, 0), answer(3, 4096)]
  const [packed, ...rest] = packAnswers([small[0], large, small[1], failed, small[2]])
  expect(rest).toEqual([large, failed])
  expect(packed.kind === 'answers' && unpackAnswers(structuredClone(packed))).toEqual(small)
  expect(packAnswers([small[0], failed])).toEqual([small[0], failed])
})
