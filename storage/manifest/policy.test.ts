import fc from 'fast-check'
import { expect, it } from 'vitest'
import type { PartRef } from '../face.ts'
import { PARTS_MAX, partsToMerge, piecesToFlush, runsAtStart, UNREAD_PARTS_MAX } from './policy.ts'

const partsOf = (...rows: readonly number[]): PartRef[] => rows.map((rowCount, id) => ({
  kind: 'part', id, address: 8, bytes: rowCount * 10, rowCount, firstSequence: id, lastSequence: id }))
const many = (count: number, rows: number): number[] => Array.from({ length: count }, () => rows)

it('leaves the large parts of a load alone until a query reads the table', () => {
  const parts = partsOf(...many(30, 14_000))
  expect(partsToMerge(parts, false)).toEqual([])
  expect(partsToMerge(parts, true)).toEqual(parts)
})

it('merges small parts behind a large one without it, read or not', () => {
  const parts = partsOf(...many(20, 14_000), ...many(UNREAD_PARTS_MAX + 1, 1))
  expect(partsToMerge(parts, false)).toEqual(parts.slice(20))
  expect(partsToMerge(parts.slice(0, 20 + UNREAD_PARTS_MAX), false)).toEqual([])
  expect(partsToMerge(partsOf(...many(PARTS_MAX + 1, 1)), true)).toHaveLength(PARTS_MAX + 1)
  expect(partsToMerge(partsOf(...many(PARTS_MAX, 1)), true)).toEqual([])
})

it('takes each of many one-row parts through few merges', () => {
  let parts = partsOf()
  let written = 0
  for (let row = 0; row < 20_000; row++) {
    parts = [...parts, ...partsOf(1)]
    const run = partsToMerge(parts, false)
    if (run.length === 0) continue
    const rowCount = run.reduce((sum, part) => sum + part.rowCount, 0)
    written += rowCount
    parts = [...parts.slice(0, parts.length - run.length), ...partsOf(rowCount)]
  }
  expect(written / 20_000).toBeLessThan(10)
  expect(parts.length).toBeLessThan(16 + UNREAD_PARTS_MAX)
})

it('merges the many small parts of a start in runs of neighbours, and leaves few, large and single ones', () => {
  expect(runsAtStart(partsOf(...many(64, 50)), 64, 0, true).runs).toEqual([])
  const parts = partsOf(...many(600, 50), 100_000, 50, 100_000, ...many(3, 50))
  const { runs, next } = runsAtStart(parts, 64, 0, true)
  expect(next).toBe(parts.length)
  expect(runs.map((run) => run.length)).toEqual([...many(9, 64), 24, 3])
  expect(runs.flat()).toEqual(parts.filter(({ rowCount }, at) => rowCount === 50 && at !== 601))
})

it('finds the same runs while the parts of a start come', () => {
  const part = fc.tuple(fc.integer({ min: 1, max: 90 }), fc.constantFrom(50, 50, 100_000))
  fc.assert(fc.property(fc.array(part, { maxLength: 12 }), fc.array(fc.nat(300), { maxLength: 6 }), (stretches, looks) => {
    const all = partsOf(...stretches.flatMap(([count, rows]) => many(count, rows)))
    const found: (readonly PartRef[])[] = []
    let from = 0
    for (const look of [...looks].sort((a, b) => a - b).map((count) => Math.min(count, all.length))) {
      const { runs, next } = runsAtStart(all.slice(0, look), 64, from, false)
      found.push(...runs)
      from = next
    }
    expect([...found, ...runsAtStart(all, 64, from, true).runs]).toEqual(runsAtStart(all, 64, 0, true).runs)
  }))
})

it('merges parts of a thousand rows of events at a start: first queries over 4,550 of them may run out of time', () => {
  const parts = (bytes: number) => partsOf(...many(4550, 1000)).map((part) => ({ ...part, bytes }))
  expect(runsAtStart(parts(46_000), 64, 0, true).runs).toHaveLength(Math.ceil(4550 / 64))
  expect(runsAtStart(parts(66_000), 64, 0, true).runs).toEqual([])
})

it('flushes much in pieces, and never cuts between parts of one transaction', () => {
  const sizes = fc.array(fc.tuple(fc.integer({ min: 1, max: 30 }), fc.boolean()), { maxLength: 40 })
  fc.assert(fc.property(sizes, (all) => {
    let sequence = 1
    const parts = partsOf(...all.map(([rows]) => rows)).map((part, index) => {
      if (!all[index][1]) sequence++
      return { ...part, firstSequence: sequence, lastSequence: sequence }
    })
    const pieces = piecesToFlush(parts, { flushBytesMax: 300, flushRows: 1000 })
    expect(pieces.flat()).toEqual(parts)
    pieces.forEach((piece, index) => {
      const next = pieces[index + 1]?.[0]
      expect(piece[piece.length - 1].lastSequence).toBeLessThan(next?.firstSequence ?? Number.POSITIVE_INFINITY)
      const [bytes, of] = [piece.reduce((sum, part) => sum + part.bytes, 0), new Set(piece.map((part) => part.firstSequence))]
      expect(bytes <= 300 || of.size === 1 || piece.at(-1)?.firstSequence === piece.at(-2)?.firstSequence).toBe(true)
    })
  }))
})
