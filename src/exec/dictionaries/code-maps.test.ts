import { afterEach, expect, it, vi } from 'vitest'
import { createArena } from '../../../storage/arena/create.ts'
import { CodeMaps, KEEP_SECONDS, labelHashes, mapBytes, type MapEntry } from './code-maps.ts'
import { CONTROL_BYTES } from './string-table.ts'

afterEach(() => { vi.useRealTimers() })

function open(keptSince?: () => number) {
  const arena = createArena({ budgetBytes: 16 * 2 ** 20 })
  const control = arena.i32(arena.allocate(CONTROL_BYTES), CONTROL_BYTES / 4)
  control.fill(0)
  const maps = new CodeMaps(arena, control, keptSince)
  const add = (label: string, size = 4): MapEntry => {
    const entry = maps.add(labelHashes(label), size, arena.allocate(mapBytes(size)))
    if (entry === null) throw new Error('full')
    return entry
  }
  return { arena, maps, add }
}

it('finds maps by the label and the size of their row set', () => {
  const { maps, add } = open()
  const entries = Array.from({ length: 2000 }, (_, i) => add(`part ${i} of t`))
  for (const [i, { at }] of entries.entries()) {
    expect(maps.find(labelHashes(`part ${i} of t`), 4)?.at).toBe(at)
  }
  expect(maps.find(labelHashes('part 2000 of t'), 4)).toBe(null)
  expect(maps.find(labelHashes('part 7 of t'), 5)).toBe(null)
})

it('keeps as many maps as are in use, however many come, and knows those that are gone', () => {
  vi.useFakeTimers({ now: 1e12 })
  const { arena, maps, add } = open()
  const used = add('segment of t')
  const gone = add('part of t')
  let most = 0
  for (let round = 0; round < 30; round++) {
    for (let i = 0; i < 1500; i++) add(`part ${round} ${i} of t`)
    expect(maps.isLive(used)).toBe(true)
    vi.advanceTimersByTime((KEEP_SECONDS - 10) * 1000)
    if (round === 8) most = arena.usedBytes
  }
  expect(maps.live).toBeLessThan(5000)
  expect(arena.usedBytes).toBeLessThan(most * 1.1)
  expect(maps.find(labelHashes('segment of t'), 4)?.at).toBe(used.at)
  expect(maps.isLive(gone)).toBe(false)
  expect(maps.find(labelHashes('part of t'), 4)).toBe(null)
  const before = arena.usedBytes
  maps.freeAll()
  expect(arena.usedBytes).toBeLessThan(before / 5)
})

it('keeps maps that a long query may hold', () => {
  vi.useFakeTimers({ now: 1e12 })
  let kept = 1e9 - 1
  const { maps, add } = open(() => kept)
  const { words, at } = add('held by a long query')
  const fill = (round: number) => { for (let i = 0; i < 1500; i++) add(`part ${round} ${i}`) }
  vi.advanceTimersByTime(5 * KEEP_SECONDS * 1000)
  fill(1)
  expect(Atomics.load(words, 2)).toBe(at)
  kept = 1e9 + 4 * KEEP_SECONDS
  fill(2)
  expect(maps.find(labelHashes('held by a long query'), 4)).toBe(null)
})
