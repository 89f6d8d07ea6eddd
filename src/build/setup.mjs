// `npm start`, `npm test` and `npm run bench` call this first: installs what is missing, builds what
// is stale, and says so in a line each; nothing to do costs a few milliseconds.
//
//   node src/build/setup.mjs start|test|bench [--quiet]

import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const here = dirname(fileURLToPath(import.meta.url))
const root = join(here, '..', '..')
const purpose = process.argv[2] ?? 'start'
const quiet = process.argv.includes('--quiet')

const say = (line) => { if (!quiet) process.stderr.write(`pipit: ${line}\n`) }

const [major, minor] = process.versions.node.split('.').map(Number)
if (major < 20 || (major === 20 && minor < 18)) {
  process.stderr.write(`Pipit needs Node 20.18 or newer; this is ${process.versions.node}.\n`)
  process.exit(1)
}

function hashOf(...files) {
  const hash = createHash('sha256').update(process.versions.modules)
  for (const file of files) hash.update(readFileSync(file))
  return hash.digest('hex')
}

/** Installs a folder's packages as locked, unless the stamp in its node_modules says that they are
 * there. A full install serves a runtime install too. Not `npm ci`: it refuses a lock file that lacks
 * a binding for another platform, which some registries do not carry. */
function install(folder, what, withDev) {
  const lock = join(folder, 'package-lock.json')
  const stampFile = join(folder, 'node_modules', '.pipit-stamp')
  const hash = hashOf(lock, join(folder, 'package.json'))
  const stamp = existsSync(stampFile) ? readFileSync(stampFile, 'utf8') : ''
  if (stamp === `${hash} full` || (!withDev && stamp === `${hash} runtime`)) return
  say(`installing ${what} …`)
  const began = Date.now()
  const args = ['install', '--no-save', '--no-audit', '--no-fund', '--loglevel', 'error']
  if (!withDev) args.push('--omit=dev')
  const npm = process.env.npm_execpath
  const done = npm !== undefined && npm.endsWith('.js')
    ? spawnSync(process.execPath, [npm, ...args], { cwd: folder, stdio: ['ignore', 2, 2] })
    : spawnSync('npm', args, { cwd: folder, stdio: ['ignore', 2, 2] })
  if (done.status !== 0) {
    process.stderr.write(`pipit: installing ${what} failed; is a package registry reachable?\n`)
    process.exit(done.status ?? 1)
  }
  rmSync(stampFile, { force: true }) // the folder may be a copy by hard links: not theirs too
  writeFileSync(stampFile, `${hash} ${withDev ? 'full' : 'runtime'}`)
  say(`installed ${what} in ${((Date.now() - began) / 1000).toFixed(1)} s`)
}

/** The newest change below the folders of the build's inputs. */
function newestSource() {
  let newest = 0
  const visit = (path) => {
    for (const entry of readdirSync(path, { withFileTypes: true })) {
      if (entry.name === 'node_modules' || entry.name.startsWith('.')) continue
      const full = join(path, entry.name)
      if (entry.isDirectory()) visit(full)
      else newest = Math.max(newest, statSync(full).mtimeMs)
    }
    newest = Math.max(newest, statSync(path).mtimeMs)
  }
  for (const folder of ['src', 'storage', 'bench', 'test/crash']) visit(join(root, folder))
  return newest
}

install(root, 'runtime packages', purpose !== 'start')
install(join(root, 'src', 'build'), 'build tools', true)
if (purpose !== 'start') install(join(root, 'test', 'oracle'), 'the oracle and the peers', true)

const stampFile = join(root, 'dist', '.pipit-stamp')
const newest = newestSource()
if (!existsSync(stampFile) || Number(readFileSync(stampFile, 'utf8')) < newest) {
  say('building …')
  const began = Date.now()
  const { buildKernels, buildProgram, keepProgramCode } = await import('./build.mjs')
  mkdirSync(join(root, 'dist'), { recursive: true })
  buildKernels()
  await buildProgram()
  await keepProgramCode()
  writeFileSync(stampFile, String(newest))
  say(`built in ${((Date.now() - began) / 1000).toFixed(1)} s`)
}
