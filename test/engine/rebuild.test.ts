// What follows from rows that are replaced is made anew with them; and `verify` finds what is not as its
// sources say.

import { afterAll, beforeAll, expect, it } from 'vitest'
import type { TableMeta } from '../../storage/face.ts'
import { openTestEngine, type TestEngine } from './engine-kit.ts'

const summing = (columns: string) =>
  `SCHEMA >\n  \`site\` String,\n  ${columns}\n\nENGINE "SummingMergeTree"\nENGINE_SORTING_KEY "site"\n`
const view = (sql: string, target: string) => `NODE n\nSQL >\n  ${sql}\n\nTYPE materialized\nDATASOURCE ${target}\n`

const FILES = {
  'datasources/visits.datasource': 'SCHEMA >\n  `id` UInt32,\n  `site` String,\n  `ms` Float64\n\nENGINE "MergeTree"\nENGINE_SORTING_KEY "site"\n',
  'datasources/orders.datasource': 'SCHEMA >\n  `site` String,\n  `hits` UInt64\n',
  'datasources/counts.datasource': summing('`hits` UInt64'),
  'datasources/doubled.datasource': summing('`hits` UInt64'),
  'datasources/states.datasource': 'SCHEMA >\n  `site` String,\n  `users` AggregateFunction(uniq, UInt32),\n  `mean` AggregateFunction(avg, Float64),\n'
    + '  `some` SimpleAggregateFunction(any, UInt32)\n\nENGINE "AggregatingMergeTree"\nENGINE_SORTING_KEY "site"\n',
  'datasources/lasts.datasource': 'SCHEMA >\n  `one` UInt8,\n  `site` AggregateFunction(argMax, String, Float64),\n'
    + '  `odd` AggregateFunction(argMinIf, String, Float64, UInt8),\n  `sites` AggregateFunction(groupUniqArray, String)\n\nENGINE "AggregatingMergeTree"\nENGINE_SORTING_KEY "one"\n',
  'pipes/last.pipe': view('SELECT 1 AS one, argMaxState(v.site, round(v.ms)) AS site, argMinIfState(v.site, round(v.ms), v.id % 2) AS odd, '
    + 'groupUniqArrayState(v.site) AS sites FROM visits AS v GROUP BY one', 'lasts'),
  'pipes/count.pipe': view('SELECT site, count() AS hits FROM visits GROUP BY site', 'counts'),
  'pipes/double.pipe': view('SELECT site, hits * 2 AS hits FROM counts', 'doubled'),
  'pipes/order.pipe': view('SELECT site, hits FROM orders', 'doubled'),
  'pipes/state.pipe': view('SELECT site, uniqState(id) AS users, avgState(ms) AS mean, any(id) AS some FROM visits GROUP BY site', 'states'),
}

let ours: TestEngine
beforeAll(async () => { ours = await openTestEngine(FILES) })
afterAll(() => ours.close())

let nextId = 0
const visits = (count: number) => Array.from({ length: count }, () => ({ id: nextId++, site: `s${nextId % 7}`, ms: nextId / 3 }))
const sums = (table: string) => ours.rows(`SELECT site, sum(hits) FROM ${table} GROUP BY site ORDER BY site`)
const doubled = () => ours.rows('SELECT site, sum(hits) FROM (SELECT site, toUInt64(2) AS hits FROM visits UNION ALL '
  + 'SELECT site, hits FROM orders) GROUP BY site ORDER BY site')

async function expectRight(): Promise<void> {
  expect(await sums('counts')).toEqual(await ours.rows('SELECT site, count() FROM visits GROUP BY site ORDER BY site'))
  expect(await sums('doubled')).toEqual(await doubled())
  expect(await ours.rows('SELECT uniqMerge(users) FROM states')).toEqual(await ours.rows('SELECT uniq(id) FROM visits'))
}

const file = async function* (text: string) { yield Buffer.from(text) }

it('rebuilds what follows from a target, together with what others give it', async () => {
  await ours.insert('visits', visits(50))
  await ours.insert('orders', [{ site: 's1', hits: 100 }, { site: 'o', hits: 7 }])
  await ours.engine.store.flush()
  await ours.insert('visits', visits(20))
  await expectRight()
  await ours.engine.truncate('counts')
  await ours.engine.rebuildView('count')
  await expectRight()
  await ours.engine.rebuildView('order')
  await expectRight()
  await ours.restart()
  await expectRight()
  await ours.insert('visits', visits(5))
  await expectRight()
})

it('makes anew what follows from a replaced data source', async () => {
  const csv = `id,site,ms\n${Array.from({ length: 30 }, (_, id) => `${id},s${id % 3},${id}`).join('\n')}\n`
  await ours.engine.import({ datasource: 'visits', chunks: file(csv), format: 'csv', isReplacing: true })
  expect(await ours.rows('SELECT count() FROM visits')).toEqual([[30]])
  await expectRight()
  await ours.engine.copyInto({
    sql: 'SELECT id, site, ms FROM visits WHERE id < 10', slots: [], key: null, format: 'JSON',
  }, 'visits', 'replace')
  expect(await ours.rows('SELECT count() FROM visits')).toEqual([[10]])
  await expectRight()
  await ours.insert('visits', visits(5))
  await expectRight()
})

it('verifies a target against its sources', async () => {
  await ours.engine.store.flush()
  await ours.insert('visits', visits(40))
  for (const name of ['count', 'counts', 'double', 'order']) {
    expect(await ours.engine.verifyView(name), name).toMatchObject({ onlyExpected: 0, onlyFound: 0, samples: [], notCompared: [] })
  }
  const states = await ours.engine.verifyView('state')
  expect(states).toMatchObject({ target: 'states', onlyExpected: 0, onlyFound: 0, rowsExpected: 7, rowsFound: 7 })
  expect(states.notCompared).toMatchObject([{ column: 'some' }])
  await ours.insert('counts', [{ site: 's2', hits: 3 }, { site: 'x', hits: 1 }])
  const [[hits]] = await ours.rows('SELECT count() FROM visits WHERE site = \'s2\'')
  const report = await ours.engine.verifyView('counts')
  expect(report).toMatchObject({ onlyExpected: 1, onlyFound: 2, rowsFound: 8, rowsExpected: 7 })
  const found = [...report.samples].sort((a, b) => JSON.stringify(a) < JSON.stringify(b) ? -1 : 1)
  expect(found).toEqual([
    { side: 'expected', row: { site: 's2', hits } }, { side: 'found', row: { site: 's2', hits: Number(hits) + 3 } },
    { side: 'found', row: { site: 'x', hits: 1 } },
  ])
  await ours.engine.rebuildView('count')
  // What a failing disk has left of a comparison is in no later one's way.
  const { columns, ...counts } = ours.engine.store.table('counts') as TableMeta
  await ours.engine.store.createTable({ ...counts, columns, name: 'counts__verified' })
  expect(await ours.engine.verifyView('count')).toMatchObject({ onlyExpected: 0, onlyFound: 0 })
  expect(ours.engine.store.tables().filter(({ name }) => name.includes('verified'))).toEqual([])
  await expect(ours.engine.verifyView('nothing')).rejects.toThrow(/no materialized pipe nothing/)
})

it('verifies what argMax keeps by the value that decides: of equal ones any may be kept', async () => {
  for (const site of ['z', 'y', 'x']) {
    await ours.insert('visits', [{ id: nextId++ * 2 + 1, site, ms: 1e6 }, { id: nextId++ * 2 + 1, site, ms: -5 }])
  }
  await ours.engine.store.flush()
  const report = await ours.engine.verifyView('last')
  expect(report).toMatchObject({ onlyExpected: 0, onlyFound: 0, rowsFound: 1 })
  expect(report.notCompared.map(({ column }) => column)).toEqual(['site', 'odd'])
  await ours.engine.copyInto({
    sql: "SELECT 1 AS one, argMaxState('later', toFloat64(2000000)) AS site FROM numbers(1)", slots: [], key: null, format: 'JSON',
  }, 'lasts', 'append')
  expect(await ours.engine.verifyView('last')).toMatchObject({ onlyExpected: 1, onlyFound: 1 })
  await ours.engine.rebuildView('last')
})

it('leaves out views whose rows would come back to them, and says so', async () => {
  const circle = await openTestEngine({
    'a.datasource': summing('`hits` UInt64'), 'b.datasource': summing('`hits` UInt64'), 'c.datasource': summing('`hits` UInt64'),
    'a_to_b.pipe': view('SELECT site, hits FROM a', 'b'), 'b_to_a.pipe': view('SELECT site, hits FROM b', 'a'),
    'a_to_c.pipe': view('SELECT site, hits FROM a', 'c'),
    // It reads its target, which does not make it run.
    'b_to_c.pipe': view('SELECT x.site AS site, x.hits AS hits FROM b AS x LEFT ANTI JOIN c AS y ON x.site = y.site', 'c'),
  })
  try {
    expect(circle.engine.badViews.map(({ pipe, message }) => [pipe, message])).toEqual([
      ['a_to_b', 'Its rows would make it run again without end: a → b → … → a'],
      ['b_to_a', 'Its rows would make it run again without end: b → a → … → b'],
    ])
    await circle.insert('a', [{ site: 'x', hits: 1 }])
    await circle.insert('b', [{ site: 'x', hits: 1 }, { site: 'y', hits: 2 }])
    expect(await circle.rows('SELECT site, hits FROM c FINAL ORDER BY site')).toEqual([['x', 1], ['y', 2]])
  } finally {
    await circle.close()
  }
})

it('has nothing to do for a view that reads an earlier release, and runs the others', async () => {
  const old = await openTestEngine({
    'a.datasource': summing('`hits` UInt64'), 'b.datasource': summing('`hits` UInt64'),
    'sync.pipe': view('SELECT site, hits FROM v0_0_1.a', 'a'), 'a_to_b.pipe': view('SELECT site, hits FROM a', 'b'),
  })
  try {
    expect(old.engine.badViews).toEqual([
      { pipe: 'sync', target: 'a', isIdle: true, message: 'v0_0_1.a is of an earlier release, which this store does not have' }])
    await old.insert('a', [{ site: 'x', hits: 1 }])
    expect(await old.rows('SELECT site, hits FROM a')).toEqual([['x', 1]])
    expect(await old.rows('SELECT site, hits FROM b')).toEqual([['x', 1]])
  } finally {
    await old.close()
  }
})
