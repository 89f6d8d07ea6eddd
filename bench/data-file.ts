// The events of a benchmark as a file, made once.

import { closeSync, existsSync, mkdirSync, openSync, renameSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { root } from './server.ts'
import { SETS, type SetName } from './sets.ts'

/** The file of a set, made once. */
export function dataFile(set: SetName, rows: number): string {
  const folder = join(root, 'bench', 'data')
  mkdirSync(folder, { recursive: true })
  const file = join(folder, `${set}-${rows}.ndjson`)
  if (existsSync(file)) return file
  process.stderr.write(`making ${rows} ${set} …\n`)
  const fd = openSync(`${file}.part`, 'w')
  const generator = SETS[set].generator(rows)
  for (let lines = generator.next(20_000); lines !== ''; lines = generator.next(20_000)) writeSync(fd, lines)
  closeSync(fd)
  renameSync(`${file}.part`, file)
  return file
}
