// The folder of a golden store: as one file, out of it again, and opened without a server.

import { createHash } from 'node:crypto'
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { gunzipSync, gzipSync } from 'node:zlib'
import { createArena } from '../../storage/arena/create.ts'
import { nodeDisk } from '../../storage/disk/node-disk.ts'
import { openStore, type Store } from '../../storage/index.ts'
import { loadKernels } from '../../storage/kernels/load.ts'
import { WorkMemory } from '../../storage/kernels/work-memory.ts'
import { foldCompiler } from '../../src/exec/expressions/fold-compiler.ts'
import { keyCompiler } from '../../src/exec/expressions/key-compiler.ts'
import { inlineTasks } from '../crash/world.ts'

/** A store's files: a line of JSON each, compressed, so that the log's room of zeros costs nothing. */
export function packed(folder: string): Uint8Array {
  const lines = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile()).flatMap((entry) => {
    const path = join(entry.parentPath, entry.name).slice(folder.length + 1)
    return /^(owner|tokens\.json|jobs\.ndjson)/.test(path) ? []
      : [JSON.stringify([path, readFileSync(join(folder, path)).toString('base64')])]
  })
  return gzipSync(lines.sort().join('\n'), { level: 9 })
}

export function unpack(store: Uint8Array, folder: string): void {
  for (const line of gunzipSync(store).toString().split('\n')) {
    const [path, bytes] = JSON.parse(line) as [string, string] // as packed() writes a line
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    writeFileSync(join(folder, path), Buffer.from(bytes, 'base64'))
  }
}

/** What lies in a file that is never written again; throws when somebody did. */
export function frozen(file: string, sha256: string): Uint8Array {
  const bytes = readFileSync(file)
  const sum = createHash('sha256').update(bytes).digest('hex')
  if (sum !== sha256) throw new Error(`${file} is not what was frozen: its SHA-256 is ${sum}`)
  return bytes
}

export async function openFolder(folder: string): Promise<Store> {
  const disk = nodeDisk()
  const arena = createArena({ budgetBytes: 2 ** 28 })
  const work = new WorkMemory(2 ** 30)
  const world = { arena, disk, work, kernels: loadKernels(work), compileKey: keyCompiler, compileFold: foldCompiler }
  return await openStore(folder, { disk, arena, tasks: inlineTasks(world, () => 0) })
}
