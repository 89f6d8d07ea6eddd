// `pipit init`, `test run|update` and `dev --fixtures` as a new user runs them, with the built program.

import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, describe, expect, it } from 'vitest'
import { TestServer } from './http/server.ts'

const cli = fileURLToPath(new URL('../dist/cli.js', import.meta.url))
const root = mkdtempSync(join(tmpdir(), 'pipit-init-'))
afterAll(() => rmSync(root, { recursive: true, force: true }))

function pipit(...args: readonly string[]) {
  const done = spawnSync(process.execPath, [cli, ...args], { cwd: root, encoding: 'utf8', env: { ...process.env, NO_COLOR: '1' } })
  return { code: done.status, text: done.stdout + done.stderr }
}

describe('a new project', () => {
  it('is made once, checks clean, and passes its own tests', () => {
    expect(pipit('init', '.').code).toBe(0)
    const again = pipit('init', '.')
    expect(again.code).toBe(1)
    expect(again.text).toMatch(/page_views\.datasource.*nothing was written/)
    expect(pipit('check', '.')).toMatchObject({ code: 0 })
    const run = pipit('test', 'run')
    expect(run.text).toMatch(/✓ all_pages[\s\S]*✓ one_page[\s\S]*2 passed, 0 failed/)
    expect(run.code).toBe(0)
  })

  it('fails with the lines that differ, and takes them as right when told so', () => {
    const file = join(root, 'tests/top_pages.yaml')
    const before = readFileSync(file, 'utf8')
    writeFileSync(file, before.replace('"views":2', '"views":3'))
    const run = pipit('test', 'run', 'top_pages')
    expect(run.code).toBe(1)
    expect(run.text).toMatch(/✗ all_pages\n\s+- .*"views":3.*\n\s+\+ .*"views":2/)
    expect(pipit('test', 'update', 'tests/top_pages.yaml')).toMatchObject({ code: 0, text: expect.stringContaining('(1 of 2 tests)') })
    expect(readFileSync(file, 'utf8')).toBe(before)
    expect(pipit('test', 'run').code).toBe(0)
  })

  it('names tests that do not exist', () => {
    const run = pipit('test', 'run', 'nothing')
    expect(run.code).toBe(1)
    expect(run.text).toMatch(/no tests 'nothing'.*top_pages\.yaml/)
  })

  it('tests fixtures that a TTL would have taken, runs statements that must find no rows, and says why it ran none', () => {
    const write = (file: string, text: string) => writeFileSync(join(root, file), text)
    write('datasources/old.datasource', 'SCHEMA >\n  `at` DateTime `json:$.at`\nENGINE "MergeTree"\n'
      + 'ENGINE_SORTING_KEY "at"\nENGINE_TTL "at + toIntervalDay(1)"\n')
    write('fixtures/old.ndjson', '{"at":"2001-02-03 04:05:06"}\n')
    write('tests/quality.yaml', '- none-of-today:\n    max_time: null\n    sql: SELECT * FROM old WHERE at > today()\n'
      + '- none-at-all:\n    sql: SELECT toYear(at) AS y FROM old\n')
    const run = pipit('test', 'run', 'quality')
    expect(run.text).toMatch(/✓ none-of-today\n\s+✗ none-at-all\n\s+1 row found, expected none\n\s+\+ {"y":2001}\n1 passed, 1 failed/)
    expect(run.code).toBe(1)
    write('endpoints/broken.pipe', 'NODE n\nSQL >\n  SELECT 1 FROM nowhere\nTYPE endpoint\n')
    expect(pipit('test', 'run').text).toMatch(/broken\.pipe:3:17: error: unknown table nowhere[\s\S]*\nNo test was run: the project has errors\n$/)
    rmSync(join(root, 'endpoints/broken.pipe'))
    write('fixtures/old.ndjson', '{"at":"some day"}\n')
    expect(pipit('test', 'run').text).toMatch(/old\.ndjson: 1 rows do not fit old[^\n]*\nNo test was run: the fixtures do not fit\n$/)
    for (const file of ['datasources/old.datasource', 'fixtures/old.ndjson', 'tests/quality.yaml']) rmSync(join(root, file))
  })

  it('serves its fixtures, of CSV too, and loads them once', async () => {
    mkdirSync(join(root, 'fixtures'), { recursive: true })
    writeFileSync(join(root, 'datasources/users.datasource'),
      'SCHEMA >\n  `id` UInt64 `json:$.id`,\n  `name` String `json:$.profile.name`,\n  `tags` Array(String) `json:$.tags[:]`,\n  `age` Nullable(UInt8) `json:$.age`\n')
    writeFileSync(join(root, 'fixtures/users.csv'), 'id,name,tags,age\n18446744073709551615,"Ann, ""A""","[""x"",""y""]",30\n2,Bob,"[\'z\']",\n')
    writeFileSync(join(root, 'datasources/cities.datasource'), 'SCHEMA >\n  `id` UInt8,\n  `name` String\n')
    writeFileSync(join(root, 'fixtures/cities.csv'), '"id";"name"\n1;"A;B, C"\n')
    const server = new TestServer(root)
    try {
      for (let start = 0; start < 2; start++) {
        await server.start(['--fixtures'])
        expect(await server.rows('SELECT count() AS n FROM page_views')).toEqual([{ n: 3 }])
        const { text } = await server.call('POST', '/v0/sql', 'SELECT * FROM users ORDER BY id FORMAT JSONEachRow')
        expect(text).toBe('{"id":2,"name":"Bob","tags":["z"],"age":null}\n'
          + '{"id":18446744073709551615,"name":"Ann, \\"A\\"","tags":["x","y"],"age":30}\n')
        expect(await server.rows('SELECT * FROM cities')).toEqual([{ id: 1, name: 'A;B, C' }])
        await server.stop()
      }
    } finally {
      await server.remove()
    }
  })
})
