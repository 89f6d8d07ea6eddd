import fc from 'fast-check'
import { expect, it } from 'vitest'
import { classBytes, CLASS_MAX, classOf } from './free-ranges.ts'
import { bindKernels, compileKernels } from './load.ts'
import { renewMemory } from './renew.ts'
import { AccountBeside, MemoryAccount, MemoryLimitExceeded, MemoryTaken, SLACK_BYTES, WorkMemory } from './work-memory.ts'

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

it('refuses what others leave no room for, but for a little, until they have ended', () => {
  const work = new WorkMemory(64 * MiB)
  const [heavy, other, small] = [1, 2, 3].map(() => new MemoryAccount(work, 32 * MiB, 40 * MiB))
  heavy.allocate(30 * MiB)
  other.allocate(4 * MiB)
  expect(() => other.allocate(6 * MiB)).toThrow(MemoryTaken)
  expect(() => new MemoryAccount(work, 32 * MiB).allocate(6 * MiB)).not.toThrow()
  small.allocate(3 * MiB)
  heavy.releaseAll()
  other.allocate(6 * MiB)
})

it('refuses when the worker has no more, whatever the account allows', () => {
  const account = new MemoryAccount(new WorkMemory(4 * MiB), 100 * MiB)
  expect(() => account.allocate(5 * MiB)).toThrow(MemoryLimitExceeded)
})

it('serves large cells from small ones that came back, before it reaches for more', () => {
  const work = new WorkMemory(64 * MiB)
  const account = new MemoryAccount(work, 64 * MiB)
  for (let i = 0; i < 4000; i++) account.allocate(5000)
  account.releaseAll()
  const before = work.reachBytes
  for (const bytes of [3 * MiB, 100, 900_000, 7 * MiB, 40_000]) {
    account.allocate(bytes)
    account.releaseAll()
  }
  expect(work.reachBytes).toBe(before)
})

it.each([['compiled', true], ['plain', false]] as const)('goes on in fresh pages, %s kernels too, once nothing is held', (_name, isCompiled) => {
  const module = isCompiled ? compileKernels() : null
  const work = new WorkMemory(64 * MiB)
  const kernels = bindKernels(module, work)
  const account = new MemoryAccount(work, 64 * MiB)
  const xored = () => {
    const words = account.u32(1000).fill(21)
    kernels.xorWords(words.byteOffset, 5, words.length, words.byteOffset)
    return words
  }
  expect(xored()).toEqual(new Uint32Array(1000).fill(16))
  account.u8(20 * MiB).fill(1)
  const { buffer } = work
  expect(() => renewMemory(module, work)).toThrow('in use')
  expect(work.buffer).toBe(buffer)
  expect(xored()).toEqual(new Uint32Array(1000).fill(16))
  account.releaseAll()
  renewMemory(module, work)
  expect(work.buffer).not.toBe(buffer)
  expect(work.buffer.byteLength).toBe(buffer.byteLength)
  expect(work.reachBytes).toBeLessThan(MiB)
  const words = xored()
  expect(words.buffer).toBe(work.buffer)
  expect(words).toEqual(new Uint32Array(1000).fill(16))
  expect(account.u8(20 * MiB).every((byte) => byte === 0)).toBe(true)
  account.releaseAll()
  expect(work.usedBytes).toBe(0)
})

it('joins what is loose with what is free before it refuses', () => {
  const work = new WorkMemory(8 * MiB)
  const [large, small, held, asking] = [0, 1, 2, 3].map(() => new MemoryAccount(work, 8 * MiB))
  for (let i = 0; i < 3; i++) large.allocate(0.9 * MiB)
  for (let i = 0; i < 3; i++) small.allocate(0.4 * MiB)
  held.allocate(1.9 * MiB)
  large.releaseAll()
  asking.allocate(1.9 * MiB) // joins what the first one had, and leaves some of it
  asking.releaseAll()
  small.releaseAll()
  expect(() => asking.allocate(3.9 * MiB)).not.toThrow()
  expect(() => asking.allocate(3.9 * MiB)).toThrow(MemoryLimitExceeded)
})

it('fills all of its memory with cells of any size, again and again', () => {
  const work = new WorkMemory(8 * MiB)
  const fill = (bytes: number) => {
    const account = new MemoryAccount(work, 8 * MiB)
    let count = 0
    try {
      for (;; count++) account.allocate(bytes)
    } catch (error) {
      expect(error).toBeInstanceOf(MemoryLimitExceeded)
    }
    account.releaseAll()
    return count * WorkMemory.cellBytes(bytes)
  }
  for (const bytes of [30_000, 2 * MiB - 64, 5000, 1 * MiB - 64, 100_000]) expect(fill(bytes)).toBeGreaterThan(5 * MiB)
})

it('takes back cells in any order, of several accounts, and refuses what is not of the account', () => {
  const work = new WorkMemory(64 * MiB)
  const step = fc.record({ account: fc.nat(2), kind: fc.constantFrom('take', 'take', 'free', 'all'), size: fc.nat(3000), which: fc.nat(50) })
  fc.assert(fc.property(fc.array(step, { maxLength: 120 }), (steps) => {
    const accounts = [0, 1, 2].map(() => new MemoryAccount(work, 16 * MiB))
    const held: number[][] = [[], [], []]
    for (const { account, kind, size, which } of steps) {
      const mine = held[account]
      if (kind === 'take') mine.push(accounts[account].allocate(size))
      else if (kind === 'all') {
        accounts[account].releaseAll()
        mine.length = 0
      } else if (mine.length > 0) {
        const [pointer] = mine.splice(which % mine.length, 1)
        expect(() => accounts[(account + 1) % 3].free(pointer)).toThrow(/not of this account/)
        expect(() => accounts[account].free(pointer + 8)).toThrow(/not of this account/)
        accounts[account].free(pointer)
        expect(() => accounts[account].free(pointer)).toThrow(/not of this account/)
      }
      expect(new Set(held.flat()).size).toBe(held.flat().length)
    }
    for (const account of accounts) account.releaseAll()
    expect(work.usedBytes).toBe(0)
  }))
})

it('returns what accounts beside one hold with what it holds itself', () => {
  const work = new WorkMemory(4 * MiB)
  const account = new MemoryAccount(work, MiB)
  const [beside, within] = [new AccountBeside(account), new AccountBeside(account)]
  const further = new AccountBeside(within)
  for (let turn = 0; turn < 3; turn++) {
    for (const one of [beside, further, account]) one.allocate(100)
    if (turn === 1) beside.releaseAll()
    account.releaseAll()
    expect([work.usedBytes, beside.usedBytes, further.usedBytes]).toEqual([0, 0, 0])
  }
})

it('has classes of cells that grow by at most a quarter beyond 4 MiB, and names the least that holds something', () => {
  for (let number = 6; number <= CLASS_MAX; number++) {
    const bytes = classBytes(number)
    expect([classOf(bytes), classOf(bytes - 1), bytes % 64]).toEqual([number, number, 0])
    if (number < CLASS_MAX) expect(classOf(bytes + 1)).toBe(number + 1)
    if (bytes > 4 * MiB) expect(bytes / classBytes(number - 1)).toBeLessThanOrEqual(1.25)
  }
  expect(classOf(2 ** 35)).toBe(CLASS_MAX)
})
