import { Worker } from 'node:worker_threads'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { attachArena } from './attach.ts'
import { createArena } from './create.ts'
import { CLASS_BYTES, classOf } from './layout.ts'

const KiB = 1024

it('hands out pieces that never overlap, and has all pages back when all are freed', () => {
  fc.assert(fc.property(
    fc.array(fc.tuple(fc.boolean(), fc.integer({ min: 1, max: 300 * KiB }), fc.nat()), { maxLength: 120 }),
    (steps) => {
      const arena = createArena({ budgetBytes: 4096 * KiB, bufferBytes: 1024 * KiB })
      const held: { address: number; bytes: number; mark: number }[] = []
      for (const [isFree, bytes, pick] of steps) {
        if (isFree && held.length > 0) {
          const [piece] = held.splice(pick % held.length, 1)
          expect(arena.bytes(piece.address, piece.bytes).every((byte) => byte === piece.mark)).toBe(true)
          arena.free(piece.address, piece.bytes)
        } else {
          const address = arena.allocate(bytes)
          if (address === 0) continue
          const mark = pick % 251 + 1
          arena.bytes(address, bytes).fill(mark)
          held.push({ address, bytes, mark })
        }
      }
      for (const piece of held) {
        expect(arena.bytes(piece.address, piece.bytes).every((byte) => byte === piece.mark)).toBe(true)
        arena.free(piece.address, piece.bytes)
      }
      expect(arena.usedBytes).toBe(0)
    }), { numRuns: 60 })
})

it('answers 0 above its budget and goes on when something was freed', () => {
  const arena = createArena({ budgetBytes: 512 * KiB, bufferBytes: 1024 * KiB })
  const first = arena.allocate(400 * KiB)
  expect(first).toBeGreaterThan(0)
  expect(arena.allocate(200 * KiB)).toBe(0)
  arena.free(first, 400 * KiB)
  expect(arena.allocate(200 * KiB)).toBeGreaterThan(0)
})

it('refuses to free what it did not hand out', () => {
  const arena = createArena({ budgetBytes: 512 * KiB, bufferBytes: 1024 * KiB })
  const address = arena.allocate(100)
  expect(() => arena.free(address, 5000)).toThrow(/were not allocated so/)
})

it('wastes at most half of the size of a small piece', () => {
  for (let bytes = 193; bytes <= 32_768; bytes += 37) {
    expect(CLASS_BYTES[classOf(bytes)] / bytes).toBeLessThan(1.51)
  }
})

it('serves two threads at once', async () => {
  const arena = createArena({ budgetBytes: 16_384 * KiB, bufferBytes: 16_384 * KiB })
  const control = new Int32Array(arena.handle.control)
  // The other thread takes and releases the allocator's lock word without pause; ours must still work.
  const code = `const { workerData } = require('node:worker_threads')
    const control = new Int32Array(workerData)
    for (let n = 0; n < 200000; n++) {
      while (Atomics.compareExchange(control, 0, 0, 1) !== 0);
      Atomics.store(control, 0, 0)
    }`
  const worker = new Worker(code, { eval: true, workerData: arena.handle.control })
  const ended = new Promise((resolve) => { worker.on('exit', resolve) })
  const other = attachArena(arena.handle)
  for (let round = 0; round < 2000; round++) {
    const a = arena.allocate(100 + round)
    const b = other.allocate(100 + round)
    expect(a).not.toBe(b)
    other.free(a, 100 + round)
    arena.free(b, 100 + round)
  }
  await ended
  expect(control[0]).toBe(0)
  expect(arena.usedBytes).toBe(0)
})
