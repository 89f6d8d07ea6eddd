// Maps near the kernels: what stands in them, and what they take.
import { expect, it } from 'vitest'
import { MemoryAccount, WorkMemory } from '../../../storage/kernels/work-memory.ts'
import { NearMaps } from './near-maps.ts'
import { QueryStrings } from './query-strings.ts'
import { loadKernels } from '../../../storage/kernels/load.ts'

it('copies a map with zeros to twice a power of two, in no more memory than that', () => {
  const work = new WorkMemory(16 * 2 ** 20)
  const account = new MemoryAccount(work, 8 * 2 ** 20)
  const dictionary = new QueryStrings({ account, kernels: loadKernels(work), nowMs: 0, checkAlive: () => {} })
  for (const [length, words] of [[1, 4], [3, 8], [1000, 2048], [1024, 4096], [70_000, 262_144]]) {
    work.u8.fill(7, work.reachBytes) // what an earlier query left
    const toShared = Uint32Array.from({ length }, (_, i) => i + 1)
    const before = account.usedBytes
    const map = new NearMaps(account).of({ dictionary, toShared }, length)
    if (map === null) throw new Error('there is a map')
    expect([...map.toShared.subarray(0, length)]).toEqual([...toShared])
    expect(map.toShared.subarray(length).every((code) => code === 0)).toBe(true)
    expect(map.toShared).toHaveLength(words)
    expect(account.usedBytes - before).toBe(Math.max(128, words * 4))
  }
})
