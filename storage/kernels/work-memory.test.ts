import fc from 'fast-check'
import { expect, it } from 'vitest'
import { MemoryAccount, MemoryLimitExceeded, SLACK_BYTES, WorkMemory } from './work-memory.ts'

const MiB = 2 ** 20

it('never hands out overlapping cells, each with its slack, and takes all back at the end', () => {
  const work = new WorkMemory(64 * MiB)
  fc.assert(fc.property(fc.array(fc.tuple(fc.boolean(), fc.integer({ min: 0, max: 100_000 })), { maxLength: 60 }),
    (steps) => {
      const account = new MemoryAccount(work, 32 * MiB)
      const held: { pointer: number; bytes: number }[] = []
      for (const [isFree, bytes] of steps) {
        if (isFree && held.length > 0) account.free((held.pop() as { pointer: number }).pointer)
        else held.push({ pointer: account.allocate(bytes), bytes })
      }
      held.sort((a, b) => a.pointer - b.pointer)
      for (let index = 1; index < held.length; index++) {
        const { pointer, bytes } = held[index - 1]
        expect(pointer + bytes + SLACK_BYTES - 1).toBeLessThanOrEqual(held[index].pointer)
      }
      account.releaseAll()
      expect(work.usedBytes).toBe(0)
      expect(account.usedBytes).toBe(0)
    }))
})

it('refuses above the account\'s limit, naming it, and goes on', () => {
  const account = new MemoryAccount(new WorkMemory(16 * MiB), 1 * MiB)
  expect(() => account.allocate(2 * MiB)).toThrow(MemoryLimitExceeded)
  expect(() => account.charge(2 * MiB)).toThrow(/max_memory_usage/)
  expect(account.f64(100).length).toBe(100)
})

it('refuses when the worker has no more, whatever the account allows', () => {
  const account = new MemoryAccount(new WorkMemory(4 * MiB), 100 * MiB)
  expect(() => account.allocate(5 * MiB)).toThrow(MemoryLimitExceeded)
})
