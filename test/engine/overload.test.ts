// More statements at once than can be answered soon: some are refused at once, all others are answered,
// and right afterwards everybody is.

import { expect, it } from 'vitest'
import { EngineError } from '../../src/engine/engine-error.ts'
import { openTestEngine } from './engine-kit.ts'

const AT_ONCE = 900

it('refuses what is too much at once, and answers the rest', async () => {
  const test = await openTestEngine({
    'things.datasource': 'SCHEMA >\n    `n` UInt32 `json:$.n`\nENGINE MergeTree\nENGINE_SORTING_KEY n\n',
  })
  try {
    await test.insert('things', [{ n: 1 }, { n: 2 }])
    const ask = () => test.rows('SELECT sum(n) FROM things')
    const outcomes = await Promise.allSettled(Array.from({ length: AT_ONCE }, ask))
    const refused = outcomes.filter((one) => one.status === 'rejected')
    for (const { reason } of refused) {
      expect(reason).toBeInstanceOf(EngineError)
      expect(reason).toMatchObject({ kind: 'busy', code: 'TOO_MANY_QUERIES' })
    }
    expect(refused.length).toBe(AT_ONCE - 512)
    for (const one of outcomes) if (one.status === 'fulfilled') expect(one.value).toEqual([[3]])
    expect(await ask()).toEqual([[3]])
  } finally {
    await test.close()
  }
})
