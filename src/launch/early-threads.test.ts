import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, it } from 'vitest'
import { beginThreads, dropThreads, takeThread, threadsWanted } from './early-threads.ts'

const GiB = 2 ** 30
const argv = process.argv
let folder = ''
afterEach(() => {
  process.argv = argv
  if (folder !== '') rmSync(folder, { recursive: true })
  folder = ''
})

it('begins threads for whoever serves, with memory in plenty', () => {
  expect(threadsWanted(['start', '.'], {}, 8 * GiB)).toBeGreaterThanOrEqual(2)
  expect(threadsWanted(['dev'], { PIPIT_MEMORY_BYTES: '' }, 8 * GiB)).toBeGreaterThanOrEqual(2)
  expect(threadsWanted(['start', '.'], {}, GiB)).toBe(0)
  expect(threadsWanted(['start', '--memory', '4GB'], {}, 8 * GiB)).toBe(0)
  expect(threadsWanted(['start', '--memory=4GB'], {}, 8 * GiB)).toBe(0)
  expect(threadsWanted(['start'], { PIPIT_MEMORY_BYTES: '4GB' }, 8 * GiB)).toBe(0)
  expect(threadsWanted(['check', '.'], {}, 8 * GiB)).toBe(0)
  expect(threadsWanted([], {}, 8 * GiB)).toBe(0)
})

it('hands over threads by their launcher and the room of their heap, and ends the others', async () => {
  folder = mkdtempSync(join(tmpdir(), 'pipit-threads-'))
  const file = join(folder, 'thread.cjs')
  writeFileSync(file, "const { parentPort } = require('node:worker_threads')\nparentPort.on('message', (text) => { parentPort.postMessage(text + '!') })\n")
  process.argv = ['node', 'cli.js', 'start']
  beginThreads(file, 8 * GiB)
  expect(takeThread(join(folder, 'other.cjs'), 48)).toBe(null)
  expect(takeThread(file, 12)).toBe(null)
  const [taken, other] = [takeThread(file, 48), takeThread(file, 48)]
  dropThreads()
  expect(takeThread(file, 48)).toBe(null)
  if (taken === null || other === null) throw new Error('no thread')
  const answer = new Promise((resolve) => { taken.once('message', resolve) })
  taken.postMessage('begin')
  expect(await answer).toBe('begin!')
  await Promise.all([taken.terminate(), other.terminate()])
})
