import { expect, it } from 'vitest'
import type { Snapshot } from '../../storage/face.ts'
import { runCopy, type CopyWork } from './copy.ts'
import type { Feeds } from './feeds.ts'

it('holds no rows of its sources where it never begins, or not all of them are there', async () => {
  let held = 0
  const snapshot = (name: string) => {
    if (name === 'gone') throw new Error('no table')
    held++
    return { release: () => { held-- } } as unknown as Snapshot // nothing is read of it
  }
  // What runCopy() looks at.
  const feedsWith = (staged: (targets: unknown, work: () => Promise<unknown>) => Promise<unknown>) =>
    ({ bulk: { staged, world: { store: { snapshot } } } }) as unknown as Feeds
  const work = { plan: { tables: ['here', 'gone'] }, target: { name: 'target' }, slots: [], isReplacing: false } as unknown as CopyWork
  await expect(runCopy(feedsWith(async () => { throw new Error('the project changed') }), work)).rejects.toThrow(/changed/)
  await expect(runCopy(feedsWith((_targets, run) => run()), work)).rejects.toThrow(/no table/)
  expect(held).toBe(0)
})
