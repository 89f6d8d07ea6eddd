// A store on a disk that is mounted read-only, left by a kill: it answers, and refuses whatever writes with 507.

import { spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { TestServer, writeProject, type Method } from './server.ts'

const data = mkdtempSync(join(tmpdir(), 'pipit-read-only-'))
const server = new TestServer(writeProject({
  'rows.datasource': 'SCHEMA >\n    id UInt32 `json:$.id`\nENGINE MergeTree\nENGINE_SORTING_KEY id\n',
}), data)
afterAll(() => server.remove())

/** Runs a command in a world of its own, in which the folder is read-only. */
const READ_ONLY = ['unshare', '-m', 'sh', '-c', 'mount --bind "$0" "$0" && mount -o remount,bind,ro "$0" && exec "$@"', data]
const [command, ...rest] = READ_ONLY
/** Mounting takes rights that not everybody has; storage/store.test.ts has a disk that refuses by itself. */
const canMount = spawnSync(command, [...rest, 'true']).status === 0

it.runIf(canMount)('serves what a killed server left on a disk that is read-only now', async () => {
  await server.start()
  expect((await server.call('POST', '/v0/events?name=rows&wait=true', '{"id":1}\n{"id":2}')).status).toBe(200)
  await server.stop('SIGKILL')
  const files = readdirSync(data, { recursive: true }).sort()
  await server.start(['--no-demo'], {}, 'dev', READ_ONLY)
  expect(await server.rows('SELECT sum(id) AS n FROM rows')).toEqual([{ n: 3 }])
  const refused: [Method, string, string][] = [
    ['POST', '/v0/events?name=rows&wait=true', '{"id":3}'], ['POST', '/v0/datasources?name=rows&mode=append&format=ndjson', '{"id":3}'],
    ['POST', '/v0/datasources/rows/truncate', ''], ['POST', '/v0/datasources/rows/delete?delete_condition=id%3D1', ''],
    ['POST', '/v0/tokens?name=x&scope=DATASOURCES:READ:rows', ''],
  ]
  for (const [method, path, body] of refused) {
    const { status, text } = await server.call(method, path, body)
    expect([path, status, text]).toEqual([path, 507, expect.stringMatching(/read-only/)])
  }
  expect(await server.rows('SELECT count() AS n FROM rows')).toEqual([{ n: 2 }])
  await server.stop()
  expect(readdirSync(data, { recursive: true }).sort()).toEqual(files)
}, 60_000)
