// An insert with a row that a file on its way has, too, where views have seen it there: it waits for the end
// of the file, which says whether it is the first.

import { afterAll, beforeAll, expect, it } from 'vitest'
import { openTestEngine, type TestEngine } from './engine-kit.ts'

/** Long enough for the end of a file on a busy machine. */
const WAIT_MS = 2500

let ours: TestEngine
beforeAll(async () => {
  ours = await openTestEngine({
    'files.datasource': 'SCHEMA >\n    id String `json:$.id`,\n    n UInt32 `json:$.n`\nENGINE MergeTree\nENGINE_SORTING_KEY id\nDEDUPLICATE_BY id 1h\n',
    'totals.datasource': 'SCHEMA >\n    n UInt32,\n    c UInt64\nENGINE SummingMergeTree\nENGINE_SORTING_KEY n\n',
    'to_totals.pipe': 'NODE a\nSQL >\n    SELECT n, count() AS c FROM files GROUP BY n\nTYPE materialized\nDATASOURCE totals\n',
  }, { keysWaitMs: WAIT_MS })
})
afterAll(() => ours.close())

const bytes = (rows: readonly object[]) => Buffer.from(rows.map((row) => `${JSON.stringify(row)}\n`).join(''))
async function insert(id: string): Promise<readonly [successful: number, duplicates: number]> {
  const answer = await ours.engine.insert({ datasource: 'files', body: bytes([{ id, n: 1 }]), format: 'ndjson', gzip: false })
  return [answer.successfulRows, answer.duplicateRows ?? 0]
}
const seen = async () => (await ours.rows('SELECT count(), uniqExact(id), (SELECT sum(c) FROM totals) FROM files'))[0].map(Number)

/** A file that waits before its last row, until `end` is called; an error: it breaks off. Answers a row that is
 * under way: an insert of it is refused when it has waited long enough. */
async function importing(name: string, from: number): Promise<{ id: string; end: (error?: Error) => void; ended: Promise<number> }> {
  let end: (error?: Error) => void = () => {}
  const rest = new Promise<void>((resolve, reject) => { end = (error) => error === undefined ? resolve() : reject(error) })
  async function* file(): AsyncGenerator<Uint8Array> {
    for (let n = from; n < from + 2200; n++) yield bytes([{ id: `${name}${n}`, n: 1, pad: 'x'.repeat(8000) }])
    await rest
    yield bytes([{ id: `${name}last`, n: 1 }])
  }
  const ended = ours.engine.import({ datasource: 'files', chunks: file(), format: 'ndjson', isReplacing: false })
    .then(({ successful }) => successful)
  ended.catch(() => {}) // asked for later
  for (let n = from; ; n++) {
    const began = Date.now()
    const found = await insert(`${name}${n}`).catch((error: Error) => error)
    if (!(found instanceof Error)) continue
    expect([found.message, Date.now() - began >= WAIT_MS - 5]).toEqual([expect.stringMatching(/nothing was stored, send them again/), true])
    return { id: `${name}${n}`, end, ended }
  }
}

it('stores a row once that waited for a file which has it, and counts it as the duplicate', async () => {
  const { id, end, ended } = await importing('a', 0)
  const late = insert(id)
  const other = insert('another') // those beside it need not wait
  expect(await other).toEqual([1, 0])
  end()
  expect(await late).toEqual([0, 1])
  await ended
  expect(await seen()).toEqual([2202, 2202, 2202])
})

it('stores a row that waited for a file which broke off', async () => {
  const before = (await seen())[0]
  const { id, end, ended } = await importing('b', 5000)
  const stored = (await seen())[0]
  const late = insert(id)
  end(new Error('the line is dead'))
  await expect(ended).rejects.toThrow()
  expect(await late).toEqual([1, 0])
  expect(await insert(id)).toEqual([0, 1])
  expect(await seen()).toEqual([stored + 1, stored + 1, stored + 1])
  expect(stored).toBeGreaterThanOrEqual(before)
})
