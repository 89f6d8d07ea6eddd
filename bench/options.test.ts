import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { usageOf } from './options.ts'

it('says what each option does and its default', () => {
  expect(usageOf('bench', 'compares', {
    rows: { type: 'string', default: '1000', says: 'rows of each set' },
    quick: { type: 'boolean', says: 'less of it' },
    json: { type: 'string', says: 'writes it to this file' },
  })).toBe('npm run bench -- [options]: compares\n\n'
    + '  --rows X        rows of each set (1000)\n'
    + '  --quick         less of it\n'
    + '  --json X        writes it to this file\n')
})

it('answers --help with 0 and an unknown option with 2 and a sentence', () => {
  const run = (...options: string[]) => spawnSync(
    process.execPath, [join(import.meta.dirname, '..', 'dist', 'growth.js'), ...options], { encoding: 'utf8' })
  const help = run('--help')
  expect([help.status, help.stdout]).toEqual([0, expect.stringContaining('--memory X')])
  const wrong = run('--memroy', '1GB')
  expect(wrong.status).toBe(2)
  expect(wrong.stderr).toMatch(/^Unknown option '--memroy'/)
  expect(wrong.stderr).toContain('npm run bench:growth -- [options]')
})
