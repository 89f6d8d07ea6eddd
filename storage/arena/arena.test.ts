import { createRequire } from 'node:module'
import { Worker } from 'node:worker_threads'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { attachArena } from './attach.ts'
import { createArena, createArenas } from './create.ts'
import { CLASS_BYTES, CLASS_PAGES, classOf, PAGE_BYTES } from './layout.ts'

const KiB = 1024
const small = fc.integer({ min: 1, max: 3 * KiB })
const large = fc.integer({ min: 1, max: 300 * KiB })

it('hands out pieces that never overlap, and has all pages back when all are freed', () => {
  fc.assert(fc.property(
    fc.array(fc.tuple(fc.boolean(), fc.oneof(small, large), fc.nat()), { maxLength: 120 }),
    (steps) => {
      const arena = createArena({ budgetBytes: 4096 * KiB, bufferBytes: 1024 * KiB })
      const held: { address: number; bytes: number; mark: number }[] = []
      const give = (piece: (typeof held)[number]) => {
        expect(arena.bytes(piece.address, piece.bytes).every((byte) => byte === piece.mark)).toBe(true)
        arena.free(piece.address, piece.bytes)
      }
      for (const [isFree, bytes, pick] of steps) {
        if (isFree && held.length > 0) {
          const [piece] = held.splice(pick % held.length, 1)
          give(piece)
          continue
        }
        const address = arena.allocate(bytes)
        if (address === 0) continue
        expect(address % 8).toBe(0)
        const mark = pick % 251 + 1
        arena.bytes(address, bytes).fill(mark)
        held.push({ address, bytes, mark })
      }
      held.forEach(give)
      expect(arena.usedBytes).toBe(0)
      // Nothing is left in pieces: a whole buffer can be had again.
      expect(arena.allocate(1024 * KiB)).toBeGreaterThan(0)
    }), { numRuns: 100 })
})

it('answers 0 above its budget and goes on when something was freed', () => {
  const arena = createArena({ budgetBytes: 512 * KiB, bufferBytes: 1024 * KiB })
  const first = arena.allocate(400 * KiB)
  expect(first).toBeGreaterThan(0)
  expect(arena.allocate(200 * KiB)).toBe(0)
  arena.free(first, 400 * KiB)
  expect(arena.allocate(200 * KiB)).toBeGreaterThan(0)
})

it('says where a view of it begins, in any of its buffers, and nothing of other memory', () => {
  const arena = createArena({ budgetBytes: 1024 * KiB, bufferBytes: 256 * KiB })
  const places = Array.from({ length: 4 }, () => arena.allocate(200 * KiB))
  for (const address of places) {
    const view = arena.bytes(address, 200 * KiB)
    expect([arena.addressOf(view), arena.addressOf(view.subarray(7))]).toEqual([address, address + 7])
  }
  expect(arena.addressOf(new Uint8Array(8))).toBe(0)
})

it('gives an arena the pages that another one freed, and none of its budget', () => {
  const [held, cache] = createArenas([512 * KiB, 256 * KiB], { bufferBytes: 1024 * KiB })
  fc.assert(fc.property(fc.array(fc.tuple(fc.boolean(), fc.oneof(small, large)), { maxLength: 40 }), (steps) => {
    const pieces = steps.flatMap(([isHeld, bytes], mark) => {
      const arena = isHeld ? held : cache
      const address = arena.allocate(bytes)
      if (address === 0) return []
      arena.bytes(address, bytes).fill(mark)
      return [{ arena, address, bytes, mark }]
    })
    expect(held.usedBytes).toBeLessThanOrEqual(512 * KiB)
    expect(cache.usedBytes).toBeLessThanOrEqual(256 * KiB)
    for (const { arena, address, bytes, mark } of pieces) {
      expect(arena.bytes(address, bytes).every((byte) => byte === mark)).toBe(true)
      arena.free(address, bytes)
    }
    expect([held.usedBytes, cache.usedBytes]).toEqual([0, 0])
  }), { numRuns: 50 })
  const first = held.allocate(500 * KiB)
  expect(cache.allocate(300 * KiB)).toBe(0)
  expect(cache.allocate(100 * KiB)).toBeGreaterThan(first)
  held.free(first, 500 * KiB)
  expect(cache.allocate(60 * KiB)).toBe(first)
})

it('never lets a run cross buffers', () => {
  const arena = createArena({ budgetBytes: 4096 * KiB, bufferBytes: 256 * KiB })
  const addresses = Array.from({ length: 8 }, () => arena.allocate(130 * KiB)).filter((a) => a > 0)
  expect(addresses.length).toBe(8)
  for (const address of addresses) {
    expect(Math.floor(address / (256 * KiB))).toBe(Math.floor((address + 130 * KiB - 1) / (256 * KiB)))
  }
  expect(arena.allocate(300 * KiB)).toBe(0)
})

it('refuses to free what it did not hand out, and what came back already', () => {
  const arena = createArena({ budgetBytes: 512 * KiB, bufferBytes: 1024 * KiB })
  const cell = arena.allocate(100)
  arena.allocate(100)
  expect(() => arena.free(cell, 5000)).toThrow(/were not allocated so/)
  expect(() => arena.free(cell + 8, 100)).toThrow(/were not allocated so/)
  arena.free(cell, 100)
  expect(() => arena.free(cell, 100)).toThrow(/were not allocated so/)
  const run = arena.allocate(130 * KiB)
  expect(() => arena.free(run, 60 * KiB)).toThrow(/were not allocated so/)
  expect(() => arena.free(run, 65 * KiB)).toThrow(/were not allocated so/)
  arena.free(run, 130 * KiB)
  expect(() => arena.free(run, 130 * KiB)).toThrow(/were not allocated so/)
})

it('wastes at most a quarter of a small cell, and a sixteenth of a slab', () => {
  for (let bytes = 64; bytes <= 57_344; bytes += 13) {
    const cell = CLASS_BYTES[classOf(bytes)]
    expect(cell).toBeGreaterThanOrEqual(bytes)
    expect(cell).toBeLessThanOrEqual(bytes * 1.25)
  }
  expect(classOf(57_345)).toBe(-1)
  CLASS_BYTES.forEach((cell, index) => {
    const slab = CLASS_PAGES[index] * PAGE_BYTES
    expect(slab % cell).toBeLessThanOrEqual(slab / 16)
    expect(slab / cell).toBeLessThanOrEqual(1024)
  })
})

/** Allocates, marks, checks and frees in another thread, until told to stop. */
const OTHER_THREAD = `
  import { parentPort, workerData } from 'node:worker_threads'
  const { attachArena } = await import(workerData.module)
  const arena = attachArena(workerData.handle)
  const held = []
  let wrong = 0
  for (let round = 0; round < 12000; round++) {
    const bytes = 40 + round * 7919 % 20000
    const address = arena.allocate(bytes)
    if (address > 0) {
      arena.bytes(address, bytes).fill(200)
      held.push([address, bytes])
    }
    if (held.length > 50 || address === 0) {
      const [at, count] = held.shift()
      if (!arena.bytes(at, count).every((byte) => byte === 200)) wrong++
      arena.free(at, count)
    }
  }
  for (const [at, count] of held) arena.free(at, count)
  parentPort.postMessage(wrong)`

/** The address of a module of this folder for another thread: Node runs no TypeScript by itself, so it gets
 * what the build makes of it. */
async function moduleOf(file: string): Promise<string> {
  const fromBuild = createRequire(new URL('../../src/build/build.mjs', import.meta.url))
  const { outputFiles } = await fromBuild('esbuild').build({
    entryPoints: [new URL(file, import.meta.url).pathname], bundle: true, write: false,
    platform: 'node', format: 'esm',
  })
  return `data:text/javascript,${encodeURIComponent(outputFiles[0].text)}`
}

it('serves two threads at once', async () => {
  const arena = createArena({ budgetBytes: 16_384 * KiB, bufferBytes: 16_384 * KiB })
  const module = await moduleOf('attach.ts')
  const code = `data:text/javascript,${encodeURIComponent(OTHER_THREAD)}`
  const worker = new Worker(new URL(code), { workerData: { handle: arena.handle, module } })
  let wrong = -1
  worker.on('message', (count: number) => { wrong = count })
  const ended = new Promise((resolve) => { worker.on('exit', resolve) })
  const other = attachArena(arena.handle)
  while (wrong < 0) {
    for (let round = 0; round < 500; round++) {
      const bytes = 100 + round * 40
      const address = arena.allocate(bytes)
      if (address === 0) continue
      other.bytes(address, bytes).fill(100)
      expect(arena.bytes(address, bytes).every((byte) => byte === 100)).toBe(true)
      other.free(address, bytes)
    }
    await new Promise((resolve) => { setImmediate(resolve) })
  }
  await ended
  expect(wrong).toBe(0)
  expect(arena.usedBytes).toBe(0)
})

const HELD_MS = 600

/** Takes the lock that the test holds, and says how long it waited. */
const WAITING_THREAD = `
import { parentPort, workerData } from 'node:worker_threads'
const { lockWord, unlockWord } = await import(workerData.module)
const words = new Int32Array(workerData.words)
Atomics.store(words, 1, 1)
const began = performance.now()
lockWord(words, 0, 'a test')
unlockWord(words, 0)
parentPort.postMessage(performance.now() - began)`

it('leaves the core to whoever holds a lock while it waits for it', async () => {
  const words = new Int32Array(new SharedArrayBuffer(8))
  const module = await moduleOf('word-lock.ts')
  words[0] = 1
  const worker = new Worker(new URL(`data:text/javascript,${encodeURIComponent(WAITING_THREAD)}`),
    { workerData: { words: words.buffer, module } })
  const waited = new Promise<number>((resolve) => { worker.on('message', resolve) })
  while (Atomics.load(words, 1) === 0) await new Promise((resolve) => { setTimeout(resolve, 5) })
  const before = process.cpuUsage()
  await new Promise((resolve) => { setTimeout(resolve, HELD_MS) })
  const { user, system } = process.cpuUsage(before)
  Atomics.store(words, 0, 0)
  expect(await waited).toBeGreaterThan(HELD_MS / 2)
  expect((user + system) / 1000).toBeLessThan(HELD_MS / 2)
  expect(Atomics.load(words, 0)).toBe(0)
})
