// The doctor beside a server that inserts, flushes and merges all the while finds nothing wrong.

import { spawn } from 'node:child_process'
import { copyFileSync, mkdtempSync, readdirSync, rmSync, statSync, truncateSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, expect, it } from 'vitest'
import { TestServer } from './server.ts'
import { EventGenerator } from '../../bench/generator.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
const server = new TestServer(join(root, 'examples', 'saas'), mkdtempSync(join(tmpdir(), 'pipit-doctor-')))
afterAll(() => server.remove())

const doctor = (): Promise<{ status: number | null; text: string }> => new Promise((resolve) => {
  const child = spawn(process.execPath, [join(root, 'dist', 'cli.js'), 'doctor', '--data', server.data])
  let text = ''
  child.stdout.on('data', (chunk: Buffer) => { text += chunk.toString() })
  child.on('exit', (status) => resolve({ status, text }))
})

it('finds nothing wrong with a store whose segments come and go meanwhile', async () => {
  await server.start()
  const generator = new EventGenerator('app_events', 100_000, 6)
  let isOver = false
  const load = (async () => {
    while (!isOver) {
      await server.call('POST', '/v0/events?name=app_events&wait=true', generator.next(100))
      // A delete flushes, so segments pile up and are merged.
      await server.call('POST', `/v0/datasources/app_events/delete?delete_condition=${encodeURIComponent("feature = 'search' AND event_type = 'click'")}`)
    }
  })()
  for (let look = 0; look < 4; look++) {
    const { status, text } = await doctor()
    expect(status, text).toBe(0)
  }
  isOver = true
  await load
}, 180_000)

it('is not needed to see that a segment is cut off or missing: a start says which, and serves the rest', async () => {
  await server.stop()
  const folder = join(server.data, 'segments')
  const whole = async () => {
    await server.start()
    expect(server.output).not.toMatch('damaged')
    const [{ n }] = await server.rows('SELECT count() AS n FROM app_events')
    await server.stop()
    return n
  }
  const rows = await whole()
  const [name] = readdirSync(folder).filter((file) => /^segment-\d+$/.test(file)).sort((a, b) => statSync(join(folder, b)).size - statSync(join(folder, a)).size)
  const [path, kept] = [join(folder, name), join(server.data, 'kept')]
  const { size } = statSync(path)
  copyFileSync(path, kept)
  for (const [damage, fault] of [[() => truncateSync(path, size - 1), `has ${size - 1} bytes instead of ${size}`], [() => rmSync(path), 'is missing']] as const) {
    damage()
    await server.start()
    expect(server.output).toMatch(`The store is damaged: ${name} ${fault}. What reads these rows of app_events fails`)
    expect((await server.call('GET', '/health')).status).toBe(200)
    await server.stop()
    copyFileSync(kept, path)
  }
  expect(await whole()).toBe(rows)
}, 120_000)
