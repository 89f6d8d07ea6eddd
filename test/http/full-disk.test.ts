// A disk with too little room: inserts are refused with 507 and the reason, everything else answers.

import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, expect, it } from 'vitest'
import { TestServer } from './server.ts'
import { EventGenerator } from '../../bench/generator.ts'

const example = fileURLToPath(new URL('../../examples/saas', import.meta.url))
const server = new TestServer(example, mkdtempSync(join(tmpdir(), 'pipit-full-')))
afterAll(() => server.remove())

const post = () => server.call('POST', '/v0/events?name=app_events&wait=true', new EventGenerator('app_events', 10, 3).next(10))

it('answers 507 to inserts, serves queries, and takes rows again when there is room', async () => {
  await server.start()
  expect((await post()).status).toBe(200)
  await server.stop()
  await server.start(['--no-demo'], { PIPIT_MIN_FREE_BYTES: '900000GB' })
  const refused = await post()
  expect(refused.status).toBe(507)
  expect(refused.text).toMatch(/The rows were not stored: the disk of .* has \d+ bytes left/)
  const file = await server.call('POST', '/v0/datasources?name=app_events&mode=append&format=ndjson', new EventGenerator('app_events', 10, 3).next(10))
  expect(file.status).toBe(507)
  expect(file.text).toMatch(/The rows were not stored: the disk of .* has \d+ bytes left/)
  expect(await server.rows('SELECT count() AS n FROM app_events')).toEqual([{ n: 10 }])
  await server.stop()
  await server.start()
  expect(await server.rows('SELECT count() AS n FROM app_events')).toEqual([{ n: 10 }])
  expect((await post()).status).toBe(200)
  expect(await server.rows('SELECT count() AS n FROM app_events')).toEqual([{ n: 20 }])
}, 180_000)
