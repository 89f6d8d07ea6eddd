// An engine at rest keeps nothing of the calls that it has answered: an answer may have 100 MB, and be held by what a
// request tells its caller.

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { openLocalEngine } from '../../src/engine/local.ts'
import { collectGarbage } from '../../src/workers/rest.ts'

it('lets go of requests and answers, of statements that it knows and of new ones', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'pipit-kept-'))
  const engine = await openLocalEngine({ folder, limits: { queryWorkers: 1 } })
  const held: WeakRef<object>[] = []
  const ask = async (sql: string, isForVersions: boolean) => {
    const request = { sql, slots: [], key: null, format: 'JSONEachRow' }
    if (isForVersions) engine.versionsOf(request)
    held.push(new WeakRef(request), new WeakRef((await engine.query(request)).body.buffer))
  }
  for (const isForVersions of [true, false]) {
    for (let turn = 0; turn < 3; turn++) await ask(`SELECT number + ${Number(isForVersions)} AS n FROM numbers(500000)`, isForVersions)
  }
  await expect.poll(() => {
    collectGarbage()
    return held.map((ref) => ref.deref() === undefined)
  }, { timeout: 5000 }).toEqual(held.map(() => true))
  await engine.close()
  rmSync(folder, { recursive: true })
}, 30_000)
