// Exit codes and output of `pipit check` and `pipit fmt`, as scripts see them.

import { spawn, spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, it } from 'vitest'

const CLI = join(dirname(fileURLToPath(import.meta.url)), '..', 'dist', 'cli.js')
const run = (...args: string[]) => spawnSync(process.execPath, [CLI, ...args], { encoding: 'utf8' })

let folder = ''
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'pipit-check-'))
  writeFileSync(join(folder, 'events.datasource'), 'SCHEMA >\n  `id` String\nENGINE_SORTING_KEY "id"\n')
  writeFileSync(join(folder, 'p.pipe'), 'NODE p\nSQL >\n  SELECT idd FROM events\nTYPE endpoint\n')
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

it('prints every file as JSON and exits with 1 on errors', () => {
  const { status, stdout } = run('check', folder, '--format', 'json')
  const { files } = JSON.parse(stdout) as { files: { file: string; diagnostics: unknown[] }[] }
  expect(files).toEqual([
    { file: 'events.datasource', diagnostics: [] },
    { file: 'p.pipe', diagnostics: [expect.objectContaining({
      severity: 'error', line: 3, column: 10, code: 'unknown-identifier', message: "Unknown column 'idd'. Did you mean 'id'?",
    })] },
  ])
  expect(status).toBe(1)
  expect(run('build', folder).status).toBe(1)
})

it('exits with 2 on wrong usage', () => {
  expect(run('check', folder, '--format', 'xml').status).toBe(2)
  const missing = run('check', join(folder, 'nowhere'))
  expect([missing.status, missing.stderr]).toEqual([2, `There is no folder ${join(folder, 'nowhere')}\n`])
  expect(run('fmt', join(folder, 'nowhere')).status).toBe(2)
})

it('ends quietly when nobody reads on, as under head', async () => {
  const child = spawn(process.execPath, [CLI, 'check', folder], { stdio: ['ignore', 'pipe', 'pipe'] })
  child.stdout.destroy()
  let said = ''
  child.stderr.on('data', (chunk: Buffer) => { said += chunk.toString() })
  await new Promise((resolve) => { child.on('close', resolve) })
  expect(said).toBe('')
})

it('formats files, or says which would change', () => {
  expect(run('fmt', '--check', folder).status).toBe(1)
  expect(run('fmt', '--diff', folder).stdout).toContain('+    `id` String')
  expect(run('fmt', folder).status).toBe(0)
  expect(readFileSync(join(folder, 'p.pipe'), 'utf8')).toBe('NODE p\nSQL >\n    SELECT idd FROM events\n\nTYPE endpoint\n')
  expect(run('fmt', '--check', folder).status).toBe(0)
})
