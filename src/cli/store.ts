// `pipit doctor`, `pipit backup`, `pipit restore`: the store's files, with or without a server.

import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { createArena } from '../../storage/arena/create.ts'
import { newestSet, restoreBackup, writeBackup } from '../../storage/backup/backup.ts'
import { nodeDisk } from '../../storage/disk/node-disk.ts'
import { remakeSegment } from '../../storage/doctor/remake.ts'
import { resortSegment } from '../../storage/doctor/resort.ts'
import { verifyStore, type LostRows, type Problem, type StoreReport } from '../../storage/doctor/verify.ts'
import type { TableMeta } from '../../storage/face.ts'
import { openStore, type Store } from '../../storage/index.ts'
import { loadKernels } from '../../storage/kernels/load.ts'
import { WorkMemory } from '../../storage/kernels/work-memory.ts'
import type { TaskWorld } from '../../storage/merge/task-world.ts'
import { besideOf } from '../engine/beside.ts'
import { foldCompiler } from '../exec/expressions/fold-compiler.ts'
import { keyCompiler } from '../exec/expressions/key-compiler.ts'
import { Client, type ClientOptions } from './client.ts'
import { bold, CliError, green, print, UsageError, warn } from './terminal.ts'

const MiB = 2 ** 20

const folderOf = (dir: string, data: string | undefined): string =>
  resolve(data ?? process.env.PIPIT_DATA ?? join(dir, '.pipit'))

function requireStore(folder: string): void {
  if (!existsSync(join(folder, 'segments'))) {
    throw new CliError(`${folder} holds no store; name its folder with --data`)
  }
}

/** Reads the newest set of a backup. */
const verifyBackup = (folder: string, set: string) => verify(join(folder, set), join(folder, 'segments'))

/** Reads all of a store; says how far it is, on a terminal. */
function verify(folder: string, segmentFolder?: string): StoreReport & { seconds: number } {
  const began = performance.now()
  const report = verifyStore(nodeDisk(), folder, (done, all) => {
    if (process.stderr.isTTY) process.stderr.write(`\r${Math.floor(100 * done / Math.max(1, all))} %`)
  }, segmentFolder, keyCompiler)
  if (process.stderr.isTTY) process.stderr.write('\r')
  return { ...report, seconds: (performance.now() - began) / 1000 }
}

const describe = (problem: Problem): string =>
  `${problem.kind === 'damaged' ? 'damaged' : "can't be read"}: ${placeOf(problem)}: ${problem.message}`

const placeOf = ({ file, column, block, row }: Problem): string =>
  `${file}${column === null ? '' : `, column ${column}`}${block === null ? '' : `, block ${block}`}${row === null ? '' : `, row ${row}`}`

export async function runDoctor(
  dir: string, options: { data?: string; repair?: boolean; format: string },
): Promise<void> {
  const folder = folderOf(dir, options.data)
  requireStore(folder)
  const set = newestSet(nodeDisk(), folder)
  if (set !== null && options.repair === true) {
    throw new UsageError(`${folder} is a backup: restore it, and repair what was restored`)
  }
  const report = set === null ? verify(folder) : verifyBackup(folder, set)
  if (options.format === 'json') print(JSON.stringify({ folder, ...report }, null, 2))
  else printReport(folder, report)
  if (report.problems.length === 0) return
  if (options.repair === true) await repair(folder, report, options.format === 'json')
  process.exitCode = 1
}

function printReport(folder: string, report: StoreReport & { seconds: number }): void {
  print(`${bold(folder)}: ${report.tables} tables, ${report.segments} segments, ${report.rows} rows, `
    + `${(report.bytes / MiB).toFixed(1)} MiB in ${report.seconds.toFixed(1)} s`)
  for (const problem of report.problems) print(describe(problem))
  for (const name of report.leftovers) print(`left over (removed at the next start): ${name}`)
  if (report.problems.length === 0) print(green('every checksum, count, order and reference is right'))
}

/** Takes damaged blocks (or, where nothing of a segment can be read, all of it) out, and says which rows
 * are gone. The damaged files are kept. */
async function repair(folder: string, report: StoreReport, isQuiet: boolean): Promise<void> {
  const unread = report.problems.filter(({ kind }) => kind === 'unreadable')
  for (const problem of isQuiet ? [] : unread) {
    print(`left as it is: ${placeOf(problem)}: what the disk does not read may be right; look at the disk, then run this again`)
  }
  const damaged = report.problems.filter(({ kind }) => kind === 'damaged')
  const beyond = damaged.filter(({ segment }) => segment === null)
  if (beyond.length > 0) {
    throw new CliError(`${beyond.map(placeOf).join(', ')} cannot be repaired: restore a backup`)
  }
  const files = new Set(damaged.map(({ file }) => file))
  if (files.size === 0) return
  const disk = nodeDisk()
  await withStore(folder, async (store, arena) => {
    let world: TaskWorld | null = null
    for (const file of files) {
      const problems = damaged.filter((problem) => problem.file === file)
      const { table, segmentId, partition } = problems[0].segment as LostRows
      const damages = problems.flatMap(({ damage }) => damage === null ? [] : [damage])
      if (problems[0].row !== null) {
        await store.setAside(table, segmentId, (segments, segment, id) =>
          resortSegment(world ??= taskWorld(arena), segments, store.table(table) as TableMeta, segment, id))
        if (!isQuiet) print(`sorted anew: segment ${segmentId} of ${table}, partition ${partition}; no row is gone`)
        continue
      }
      const isWhole = damages.length < problems.length
      await store.setAside(table, segmentId, (segments, segment, id) => isWhole ? null
        : remakeSegment(disk, segments, segment, damages, id))
      if (isQuiet) continue
      print(`set aside in ${join(folder, 'damaged')}: segment ${segmentId} of ${table}, partition ${partition}; `
        + describeLoss(isWhole ? problems.filter(({ damage }) => damage === null).slice(0, 1) : problems))
    }
  })
}

/** What sorting segments anew needs, in this process. */
function taskWorld(arena: ReturnType<typeof createArena>): TaskWorld {
  const work = new WorkMemory(2048 * MiB)
  return { arena, disk: nodeDisk(), work, kernels: loadKernels(work), compileKey: keyCompiler, compileFold: foldCompiler }
}

/** Rows that are gone, with their keys; a block may be damaged in several columns. */
function describeLoss(problems: readonly Problem[]): string {
  const byBlock = new Map(problems.map(({ block, segment }) => [block, segment as LostRows]))
  const gone = [...byBlock].filter(([, { rows }]) => rows > 0).map(([block, { rows, keyRange }]) =>
    `${rows} rows${block === null ? '' : ` of block ${block}`}${keyRange === null ? '' : `, ${keyRange}`}`)
  return gone.length === 0 ? 'no row is gone' : `gone are ${gone.join('; ')}`
}

/** The store of a folder that no server has open; it is only edited, nothing is merged. */
async function withStore<T>(folder: string, use: (store: Store, arena: ReturnType<typeof createArena>) => Promise<T>): Promise<T> {
  const arena = createArena({ budgetBytes: 1024 * MiB })
  const store = await openStore(folder, {
    disk: nodeDisk(), arena, tasks: { run: (): Promise<never> => Promise.reject(new Error('nothing is merged here')) },
    limits: {
      flushBytes: Number.POSITIVE_INFINITY, flushRows: Number.POSITIVE_INFINITY, flushCommits: Number.POSITIVE_INFINITY,
      walBytesMax: Number.POSITIVE_INFINITY,
    },
  }).catch((error: Error) => { throw new CliError(error.message) })
  try {
    return await use(store, arena)
  } finally {
    await store.close()
  }
}

type BackupAnswer = { set: string; segments: number; newFiles: number }

/** By the server that has the store open; with --data from a folder that none has. */
export async function runBackup(
  target: string, options: ClientOptions & { data?: string; copy?: boolean },
): Promise<void> {
  const to = resolve(target)
  const isCopy = options.copy === true
  let made: BackupAnswer
  if (options.data === undefined) {
    const client = await Client.open(options)
    const query = new URLSearchParams({ folder: to, copy: String(isCopy) })
    made = await client.json<BackupAnswer>('POST', `/v0/backup?${query}`)
  } else {
    const from = resolve(options.data)
    requireStore(from)
    made = await withStore(from, (store, arena) =>
      writeBackup(store.cut(), { disk: nodeDisk(), arena, random: Math.random, from, to, isCopy, beside: besideOf(from) }))
  }
  const report = verifyBackup(to, made.set)
  for (const problem of report.problems) warn(describe(problem))
  if (report.problems.length > 0) throw new CliError('The backup is not good: `pipit doctor` says what is wrong with the store')
  print(`${green('done')}: ${report.rows} rows of ${report.tables} tables in ${to}, ${made.newFiles} of ${made.segments} `
    + `segments new, verified in ${report.seconds.toFixed(1)} s`)
}

export async function runRestore(from: string, dir: string, options: { data?: string }): Promise<void> {
  const folder = folderOf(dir, options.data)
  const disk = nodeDisk()
  const backup = resolve(from)
  if (newestSet(disk, backup) === null) throw new CliError(`${backup} holds no backup`)
  await restoreBackup(disk, backup, folder).catch((error: Error) => { throw new CliError(error.message) })
  const report = verify(folder)
  for (const problem of report.problems) warn(describe(problem))
  if (report.problems.length > 0) throw new CliError('The backup is damaged')
  print(`${green('done')}: ${report.rows} rows of ${report.tables} tables in ${folder}`)
}
