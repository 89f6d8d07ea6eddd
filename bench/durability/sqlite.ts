// SQLite (better-sqlite3) as a process of its own. Its package is installed when it is first asked for;
// where that fails, the table has no such columns.

import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { root } from './server.ts'

const place = join(root, 'bench', 'durability', 'sqlite')

export type SqliteFigures = { readonly requests: number; readonly seconds: number; readonly latencies: readonly number[] }

/** True when it is there now. */
export function installSqlite(): boolean {
  if (!existsSync(join(place, 'node_modules', 'better-sqlite3', 'build'))) {
    process.stderr.write('installing better-sqlite3 (it may be compiled: minutes) …\n')
    spawnSync('npm', ['install', '--no-save', '--no-audit', '--no-fund', '--loglevel', 'error'], { cwd: place, stdio: ['ignore', 2, 2] })
  }
  return existsSync(join(place, 'node_modules', 'better-sqlite3', 'build'))
}

/** Writers that commit batches of NDJSON rows for some seconds. */
export function sqliteFigures(bodies: readonly string[], writers: number, rows: number, seconds: number): SqliteFigures {
  const folder = mkdtempSync(join(tmpdir(), 'pipit-sqlite-'))
  try {
    const file = join(folder, 'bodies.ndjson')
    writeFileSync(file, bodies.map((body) => `${body.trimEnd()}\n`).join(''))
    const output = execFileSync(process.execPath,
      [join(place, 'writer.mjs'), folder, file, String(writers), String(rows), String(seconds)], { encoding: 'utf8', maxBuffer: 2 ** 28 })
    return JSON.parse(output) as SqliteFigures
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
