import fs, { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, it, vi } from 'vitest'
import { keepFile } from './kept-file.ts'

const folder = mkdtempSync(join(tmpdir(), 'pipit-kept-'))
const file = join(folder, 'tokens.json')
afterEach(() => {
  vi.restoreAllMocks()
  rmSync(`${file}.tmp`, { force: true })
})

it('syncs what it has written before the name is taken, and the name after', () => {
  const names = new Map<number, string>()
  const calls: string[] = []
  const { openSync, fsyncSync, renameSync } = fs
  vi.spyOn(fs, 'openSync').mockImplementation((path, ...rest) => {
    const fd = openSync(path, ...rest)
    names.set(fd, String(path))
    return fd
  })
  vi.spyOn(fs, 'fsyncSync').mockImplementation((fd) => {
    calls.push(`sync ${names.get(fd)} of ${fs.fstatSync(fd).size}`)
    fsyncSync(fd)
  })
  vi.spyOn(fs, 'renameSync').mockImplementation((from, to) => {
    calls.push(`rename ${String(from)}`)
    renameSync(from, to)
  })
  keepFile(file, '{"a":1}')
  expect(calls).toEqual([`sync ${file}.tmp of 7`, `rename ${file}.tmp`, expect.stringMatching(`^sync ${folder} of `)])
  expect(readFileSync(file, 'utf8')).toBe('{"a":1}')
})

it('leaves what was there when the disk refuses, for its owner alone', () => {
  keepFile(file, 'before')
  writeFileSync(`${file}.tmp`, 'left by a crash', { mode: 0o644 })
  vi.spyOn(fs, 'fsyncSync').mockImplementationOnce(() => { throw Object.assign(new Error('no space'), { code: 'ENOSPC' }) })
  expect(() => keepFile(file, 'after')).toThrow(expect.objectContaining({ status: 507, message: expect.stringContaining('no space') as string }) as Error)
  expect(readFileSync(file, 'utf8')).toBe('before')
  keepFile(file, 'after')
  expect([readFileSync(file, 'utf8'), statSync(file).mode & 0o777]).toEqual(['after', 0o600])
})
