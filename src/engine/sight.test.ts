import { expect, it } from 'vitest'
import type { TableMeta } from '../../storage/face.ts'
import { sightOf } from './sight.ts'

const table = (ttl: string | null, type = 'DateTime'): TableMeta => ({
  id: 1, schemaVersion: 1, name: 't', engine: 'MergeTree', partitionBy: 'tuple()', sortBy: [], settings: {}, ttl,
  columns: [{ id: 1, name: 'at', type, defaultExpr: null }],
})

it('turns a column and a span around, so that zone maps can answer, and nothing else', () => {
  expect(sightOf(table(null))).toBe(null)
  expect(sightOf(table('at + toIntervalDay(90)'))).toBe('`at` > now() - INTERVAL 90 DAY')
  expect(sightOf(table('`at` + INTERVAL 2 hour'))).toBe('`at` > now() - INTERVAL 2 HOUR')
  expect(sightOf(table('at + toIntervalMonth(1)'))).toBe('ifNull(__rowEnd(at + toIntervalMonth(1)) > now(), 1)')
  expect(sightOf(table('toDate(at) + toIntervalDay(1)'))).toBe('ifNull(__rowEnd(toDate(at) + toIntervalDay(1)) > now(), 1)')
  expect(sightOf(table('at + toIntervalDay(90)', 'Nullable(DateTime)'))).toBe('ifNull(__rowEnd(at + toIntervalDay(90)) > now(), 1)')
})
