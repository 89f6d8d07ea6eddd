// What is left of a data source made over HTTP when it is dropped, refused, or half dropped by a crash.

import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { loadProject, memoryReader } from '../project/load.ts'
import { CreatedDatasources, leftTables } from './created.ts'

const SCHEMA = 'SCHEMA >\n  `k` UInt8\n\nENGINE "MergeTree"\nENGINE_SORTING_KEY "k"\n'
const VIEW = 'NODE n\nSQL >\n  SELECT k FROM made\n\nTYPE materialized\nDATASOURCE sums\nENGINE "MergeTree"\nENGINE_SORTING_KEY "k"\n'
const { project } = loadProject('', memoryReader({ 'made.datasource': SCHEMA, 'v.pipe': VIEW }))

let data = ''
let created: CreatedDatasources
const erased: string[] = []
const erase = async (name: string): Promise<void> => { erased.push(name) }
const files = (): string[] => readdirSync(join(data, 'created'))
beforeEach(async () => {
  data = mkdtempSync(join(tmpdir(), 'pipit-created-'))
  created = new CreatedDatasources(data)
  erased.length = 0
  await created.add('made', SCHEMA, async () => {})
})
afterEach(() => { rmSync(data, { recursive: true }) })

it('keeps nothing that the project does not take', async () => {
  await expect(created.add('bad', 'SCHEMA', async () => { throw new Error('no') })).rejects.toThrow('no')
  expect(files()).toEqual(['made.datasource'])
})

it('drops the file before the rows, and leaves nothing', async () => {
  const seen: string[] = []
  await created.drop('made', () => project, async () => { seen.push(...files(), ...erased) }, erase)
  expect(seen).toEqual(['made.dropped'])
  expect({ erased, left: files() }).toEqual({ erased: ['made'], left: [] })
})

it('keeps one that the project needs', async () => {
  await expect(created.drop('made', () => project, async () => { throw new Error('v.pipe reads made') }, erase))
    .rejects.toMatchObject({ status: 409, message: "Data Source 'made' is needed: v.pipe reads made" })
  await expect(created.drop('sums', () => project, async () => {}, erase)).rejects.toMatchObject({ status: 409 })
  expect({ erased, left: files() }).toEqual({ erased: [], left: ['made.datasource'] })
})

it('ends the drop that a crash left', async () => {
  const crash = async (): Promise<void> => { throw new Error('stopped') }
  await expect(created.drop('made', () => project, async () => {}, crash)).rejects.toThrow('stopped')
  expect(created.files('')).toEqual({})
  await new CreatedDatasources(data).endDrops(erase)
  expect({ erased, left: files() }).toEqual({ erased: ['made'], left: [] })
})

it('gives way to a file of the project, and knows whose rows are left', () => {
  const root = join(data, 'project')
  mkdirSync(root)
  expect(Object.keys(created.files(root))).toEqual(['made.datasource'])
  writeFileSync(join(root, 'made.datasource'), SCHEMA)
  expect(created.files(root)).toEqual({})
  const tables = ['made', 'made_quarantine', 'sums', 'sums_quarantine', 'old', 'old_quarantine', 'tinybird.jobs_log']
  expect(leftTables(tables, project)).toEqual(['old'])
})

it('makes one of a name anew only when the old one is gone', async () => {
  const order: string[] = []
  const turn = (): Promise<void> => new Promise((resolve) => { setImmediate(resolve) })
  await Promise.all([
    created.drop('made', () => project, turn, async () => { await turn(); order.push('erased') }),
    created.add('made', SCHEMA, async () => { order.push('made') }),
  ])
  expect({ order, left: files() }).toEqual({ order: ['erased', 'made'], left: ['made.datasource'] })
})
