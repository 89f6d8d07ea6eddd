// The wide set is what its project says, and its keys need 64 bits.

import { expect, it } from 'vitest'
import { checkProject } from '../src/check/check.ts'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from './server.ts'
import { WIDE_COLUMNS, WideGenerator } from './wide.ts'

it('has the columns of its data source', () => {
  const text = readFileSync(join(root, 'bench/projects/wide/wide_events.datasource'), 'utf8')
  const declared = [...text.matchAll(/`(\w+)` (\w+) `json:\$\.(\w+)`/g)].map(([, name, type, path]) => ({ name, type, path }))
  expect(declared).toEqual(WIDE_COLUMNS.map(({ name, type }) => ({ name, type, path: name })))
  expect(declared).toHaveLength(100)
  expect(checkProject(join(root, 'bench/projects/wide')).errorCount).toBe(0)
})

it('makes the same rows each time, with keys that differ only beyond 2^53', () => {
  const lines = new WideGenerator(200).next(200)
  const generator = new WideGenerator(200)
  expect(generator.next(50) + generator.next(1000) + generator.next(1)).toBe(lines)
  const ids = new Set([...lines.matchAll(/"id":(\d+)/g)].map(([, id]) => id))
  expect(ids.size).toBeGreaterThan(30)
  expect(new Set([...ids].map(Number)).size).toBe(1)
})
