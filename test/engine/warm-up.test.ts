// The warm-up leaves nothing behind, and what it runs is right.

import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { EventGenerator } from '../../bench/generator.ts'
import { checkProject } from '../../src/check/check.ts'
import { warmUp } from '../../src/engine/warm-up.ts'
import { createArena } from '../../storage/arena/create.ts'
import { openTestEngine, type TestEngine } from './engine-kit.ts'

const { project } = checkProject(fileURLToPath(new URL('../../examples/saas', import.meta.url)))
let test: TestEngine
beforeAll(async () => {
  test = await openTestEngine({})
  await test.engine.applyProject(project)
})
afterAll(() => test.close())

const held = () => test.engine.load().partBytes + test.engine.heldBytes

it.each(['without rows', 'with rows'])('leaves nothing behind in a store %s, and is refused nothing', async (kind) => {
  if (kind === 'with rows') {
    const body = Buffer.from(new EventGenerator('app_events', 100).next(100))
    await test.engine.insert({ datasource: 'app_events', body, format: 'ndjson', gzip: false })
  }
  const before = held()
  const refused = await test.engine.warmUp(project, new AbortController().signal)
  // Its own limit of time, on a busy machine, is no mistake in a statement.
  expect(refused.filter((message) => !message.startsWith('Timeout exceeded'))).toEqual([])
  expect(held()).toBe(before)
  expect(test.engine.store.tables().map(({ name }) => name).filter((name) => name.includes('warm_up'))).toEqual([])
  await expect(test.rows('SELECT count() FROM warm_up')).rejects.toThrow(/warm_up/)
  expect(await test.rows('SELECT count() FROM app_events')).toEqual([[kind === 'with rows' ? 100 : 0]])
})

it('lets the event loop go on between its statements', async () => {
  let turns = 0
  let isOver = false
  const count = () => {
    turns++
    if (!isOver) setImmediate(count)
  }
  setImmediate(count)
  await warmUp({
    pool: test.engine.pool, arena: createArena({ budgetBytes: 2 ** 20 }), queryWorkers: 1, calls: [], hasRows: true,
    newPlanId: () => 1, newListId: () => 1, isBusy: () => false,
  }, new AbortController().signal)
  isOver = true
  expect(turns).toBeGreaterThanOrEqual(10)
})

it('ends at once when it is told so', async () => {
  const stopped = new AbortController()
  stopped.abort()
  const began = performance.now()
  await test.engine.warmUp(project, stopped.signal)
  expect(performance.now() - began).toBeLessThan(2000)
})
