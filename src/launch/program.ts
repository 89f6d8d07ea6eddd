// A bundle of the program with the code that V8 has compiled of it: an earlier process of the same build
// keeps what it had compiled, by its endpoints' first calls too, and the next start takes it instead of
// compiling anew in every thread. Measured, a start over an empty store until the first answers of three
// endpoints: 890 ms of CPU in all threads, 1,480 without.
//
// Invariants: without a kept code, or with one that V8 refuses (another version, other flags), all is as it
// is with it, but slower. The bundle's name holds the hash of its text, and the name of its code holds the
// bundle's: V8 itself compares no more than the text's length. Nor does it look at the code's checksum: it ends
// the process over damage, so a checksum of our own stands behind the code, which is of this build of Node, too.

import { closeSync, fstatSync, fsyncSync, openSync, readSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { pathToFileURL } from 'node:url'
import { setFlagsFromString } from 'node:v8'
import { Script } from 'node:vm'
import { isMainThread } from 'node:worker_threads'
import { crc32 } from 'node:zlib'
import { keepCodeBy } from './kept-code.ts'
import { TIER_FLAGS } from './v8-tiers.ts'

/** What parts of the program tell V8 when they begin (each says why): V8 takes compiled code under the flags
 * alone under which it was kept. */
export const FLAGS: readonly string[] = [
  '--no-parallel-scavenge', '--no-allocation-site-pretenuring', '--no-flush-bytecode', '--expose-gc',
  '--enable-experimental-regexp-engine-on-excessive-backtracks', ...TIER_FLAGS,
]

type Body = (require: NodeJS.Require, module: { exports: object }, exports: object, moduleUrl: string) => void

/** Before the first thread begins. */
export function setFlags(): void { for (const flag of FLAGS) setFlagsFromString(flag) }

/** Runs the bundle at this path in this thread: CommonJS, of which `import.meta.url` is `moduleUrl`, as a function
 * of both (src/build/build.mjs; a thread that made one of the text would hold it twice). */
export function runProgram(file: string): void {
  if (isMainThread) setFlags()
  const codeFile = `${file.slice(0, -'.cjs'.length)}-${process.version}-${process.arch}.code`
  const script = new Script(readWhole(file).toString('latin1'), { filename: file, cachedData: keptCode(codeFile) })
  if (script.cachedDataRejected !== false) keepCodeBy(() => { keep(codeFile, script) })
  const module = { exports: {} }
  const body = script.runInThisContext() as Body
  body(createRequire(file), module, module.exports, pathToFileURL(file).href)
}

function keptCode(file: string): Buffer | undefined {
  try {
    const kept = readWhole(file)
    const code = kept.subarray(0, -CHECKSUM_BYTES)
    return code.length > 0 && checksumOf(code).equals(kept.subarray(-CHECKSUM_BYTES)) ? code : undefined
  } catch {
    return undefined
  }
}

/** A file in memory that goes back to the system as a whole once it was collected: the allocator of the others
 * keeps what some megabytes took for whoever comes next, in each thread, and nobody does. */
function readWhole(file: string): Buffer {
  const source = openSync(file, 'r')
  try {
    const { size } = fstatSync(source)
    const pages = Math.ceil(size / WASM_PAGE_BYTES)
    const bytes = Buffer.from(new WebAssembly.Memory({ initial: pages, maximum: pages }).buffer, 0, size)
    for (let at = 0; at < size;) {
      const read = readSync(source, bytes, at, size - at, at)
      if (read === 0) throw new Error(`${file} has become shorter`)
      at += read
    }
    return bytes
  } finally {
    closeSync(source)
  }
}

const WASM_PAGE_BYTES = 65_536
const CHECKSUM_BYTES = 4

/** Builds of one version differ in what compiled code refers to: that of one image may lie in another's. */
function checksumOf(code: Uint8Array): Buffer {
  const checksum = Buffer.alloc(CHECKSUM_BYTES)
  checksum.writeUInt32LE(crc32(code, crc32(JSON.stringify([process.versions, process.config.variables]))))
  return checksum
}

/** A program's folder need not be writable: then each start compiles. */
function keep(file: string, script: Script): void {
  const temporary = `${file}.${process.pid}.tmp`
  try {
    const target = openSync(temporary, 'wx')
    try {
      const code = script.createCachedData()
      writeFileSync(target, Buffer.concat([code, checksumOf(code)]))
      fsyncSync(target)
    } finally {
      closeSync(target)
    }
    renameSync(temporary, file)
  } catch {
    rmSync(temporary, { force: true })
  }
}
