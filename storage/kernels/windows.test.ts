import fc from 'fast-check'
import { expect, it } from 'vitest'
import { bothOf } from './both.harness.ts'
import { WorkMemory } from './work-memory.ts'
import { windowsReference, type WindowKernels } from './windows.ts'

const both = bothOf<WindowKernels>(new WorkMemory(8 * 2 ** 20), windowsReference)

it('marks where values of rows change, and numbers the marks', () => {
  fc.assert(fc.property(fc.array(fc.array(fc.nat(3), { maxLength: 4 }), { minLength: 1, maxLength: 40 }), fc.nat(), (cells, seed) => {
    const columns = [0, 1].map((c) => cells.map((cell) => cell[c] ?? 0))
    const picked = cells.map((_, i) => (i * 7 + seed) % cells.length)
    const starts = both((kernels, account) => {
      const rows = account.u32(picked.length)
      rows.set(picked)
      const marks = account.u8(picked.length).fill(0)
      for (const column of columns) {
        const words = account.u32(column.length)
        words.set(column)
        kernels.markChanges(words.byteOffset, rows.byteOffset, rows.length, marks.byteOffset)
      }
      const out = account.u32(picked.length + 1)
      const count = kernels.markedRows(marks.byteOffset, rows.length, out.byteOffset)
      return [...out.subarray(0, count + 1)]
    })
    const textOf = (i: number) => columns.map((column) => column[picked[i]]).join()
    expect(starts).toEqual([...picked.keys()].filter((i) => i === 0 || textOf(i) !== textOf(i - 1)).concat(picked.length))
  }))
})

it('chooses rows at a distance within their run', () => {
  fc.assert(fc.property(fc.array(fc.integer({ min: 1, max: 6 }), { maxLength: 12 }), fc.integer({ min: -7, max: 7 }), fc.boolean(), (sizes, shift, isOwn) => {
    const ends = sizes.map((_, i) => sizes.slice(0, i + 1).reduce((sum, size) => sum + size, 0))
    const rows = both((kernels, account) => {
      const starts = account.u32(sizes.length + 1)
      starts.set([0, ...ends])
      const out = account.u32(Math.max(1, ends.at(-1) ?? 0))
      kernels.shiftedRows(starts.byteOffset, sizes.length, shift, isOwn ? 1 : 0, out.byteOffset)
      return [...out.subarray(0, ends.at(-1) ?? 0)]
    })
    expect(rows).toEqual(sizes.flatMap((size, i) => Array.from({ length: size }, (_, place) => {
      const row = ends[i] - size + place
      return place + shift >= 0 && place + shift < size ? row + shift : isOwn ? row : 0xffffffff
    })))
  }))
})

it('shares out rows by the samples of their keys', () => {
  fc.assert(fc.property(fc.array(fc.tuple(fc.nat(5), fc.nat(0xffffffff)), { maxLength: 60 }), fc.integer({ min: 1, max: 7 }), (keys, bits) => {
    const { rows, starts } = both((kernels, account) => {
      const hashes = account.u32(Math.max(1, keys.length)).fill(0)
      for (const column of [0, 1]) {
        const samples = account.u32(Math.max(1, keys.length))
        samples.set(keys.map((key) => key[column]))
        kernels.mixSamples(samples.byteOffset, keys.length, hashes.byteOffset)
      }
      const out = account.u32(Math.max(1, keys.length))
      const ends = account.u32(2 ** bits + 1)
      kernels.rowsByPart(hashes.byteOffset, bits, keys.length, ends.byteOffset, out.byteOffset)
      return { rows: [...out.subarray(0, keys.length)], starts: [...ends] }
    })
    expect([...rows].sort((a, b) => a - b)).toEqual([...keys.keys()])
    expect([starts[0], starts.at(-1)]).toEqual([0, keys.length])
    const partOf = (row: number) => starts.findIndex((_, p) => rows.indexOf(row) < starts[p + 1])
    keys.forEach((key, row) => keys.forEach((other, i) => {
      if (String(key) === String(other)) expect(partOf(row)).toBe(partOf(i))
    }))
  }))
})
