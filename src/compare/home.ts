// Where chdb is installed: beside the tests in a checkout of Pipit, else in the user's cache, put there
// the first time that somebody compares. It has 500 MB, so it is no package that Pipit depends on.

import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const CHDB_VERSION = '3.4.0'

const hasChdb = (folder: string): boolean => existsSync(join(folder, 'node_modules', 'chdb', 'package.json'))

/** The folder in whose node_modules chdb is; installs it when it is nowhere. `say` hears of it before.
 * Throws when the installation fails. */
export function chdbHome(say: (text: string) => void): string {
  // From dist/ and from src/compare/ alike.
  const checkouts = ['../test/oracle', '../../test/oracle'].map((path) => fileURLToPath(new URL(path, import.meta.url)))
  const cache = join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'pipit', `chdb-${CHDB_VERSION}`)
  const found = [...checkouts, cache].find(hasChdb)
  if (found !== undefined) return found
  say(`installing chdb ${CHDB_VERSION} (ClickHouse, about 500 MB) in ${cache} …`)
  mkdirSync(cache, { recursive: true })
  writeFileSync(join(cache, 'package.json'), '{"name":"pipit-chdb","private":true}\n')
  const done = spawnSync('npm', ['install', '--no-audit', '--no-fund', '--save-exact', `chdb@${CHDB_VERSION}`],
    { cwd: cache, encoding: 'utf8', stdio: ['ignore', 2, 'pipe'] })
  if (done.status !== 0 || !hasChdb(cache)) {
    throw new Error(`chdb could not be installed in ${cache}; is a package registry reachable?\n${done.stderr ?? ''}`)
  }
  return cache
}
