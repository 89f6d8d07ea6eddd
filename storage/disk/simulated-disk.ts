// A disk in memory that is as bad as a disk may be. What was not synced may be lost or torn at any
// byte, each write and each name for itself; a failing sync drops what it should have written, and the
// next one succeeds; any call may fail, write short, or be the last of the process.
//
// Everything is decided by the seed: the same calls in the same order bring the same disk.

import { dirname, join } from 'node:path'
import { StoreLocked, type Disk, type DiskFile, type DiskReader } from './disk.ts'

/** What a call does instead of its work. 'crash': it and all later calls throw SimulatedCrash. */
export type Fault = 'EIO' | 'ENOSPC' | 'crash'
export type Call = { readonly kind: CallKind; readonly path: string; readonly number: number }
type CallKind = 'open' | 'write' | 'sync' | 'truncate' | 'close' | 'read' | 'rename' | 'remove' | 'list'
  | 'sync folder'

/** The process is no more: nothing that is learned from a call after it counts. */
export class SimulatedCrash extends Error {
  constructor() { super('the simulated process has stopped') }
}

class DiskFault extends Error {
  readonly code: string
  constructor(code: string, call: Call) {
    super(`${code}: simulated, ${call.kind} '${call.path}'`)
    this.code = code
  }
}

type Change =
  | { readonly kind: 'write'; readonly offset: number; readonly bytes: Uint8Array }
  | { readonly kind: 'truncate'; readonly bytes: number }

/** A file's bytes as reads see them, as the disk has them, and what lies between. */
class SimulatedFile {
  seen = new Uint8Array(0)
  durable = new Uint8Array(0)
  pending: Change[] = []

  change(change: Change): void {
    this.seen = applied(this.seen, change)
    this.pending.push(change)
  }

  sync(): void {
    for (const change of this.pending) this.durable = applied(this.durable, change)
    this.pending = []
  }

  /** Each unsynced change is kept, lost or torn; reads go on to see what was written. */
  drop(random: () => number): void {
    for (const change of this.pending) {
      const fate = random()
      if (fate < 0.4) continue
      if (fate < 0.7 || change.kind === 'truncate') this.durable = applied(this.durable, change)
      else {
        const from = Math.floor(random() * 2) * Math.floor(random() * change.bytes.length)
        const to = from + Math.floor(random() * (change.bytes.length - from + 1))
        const bytes = change.bytes.subarray(from, to)
        this.durable = applied(this.durable, { kind: 'write', offset: change.offset + from, bytes })
      }
    }
    this.pending = []
  }
}

function applied(before: Uint8Array<ArrayBuffer>, change: Change): Uint8Array<ArrayBuffer> {
  const end = change.kind === 'truncate' ? change.bytes : change.offset + change.bytes.length
  if (change.kind === 'write' && end <= before.length) {
    const after = before.slice()
    after.set(change.bytes, change.offset)
    return after
  }
  const after = new Uint8Array(end)
  after.set(before.subarray(0, end))
  if (change.kind === 'write') after.set(change.bytes, change.offset)
  return after
}

/** A name comes to mean a file (null: none), durable with the folder's next sync. A rename is one. */
type NameChange = { readonly names: ReadonlyMap<string, SimulatedFile | null> }

export type SimulatedDiskOptions = {
  readonly random: () => number
  /** Asked at every call, with its number from 1 on. */
  readonly fault?: (call: Call) => Fault | null
}

export class SimulatedDisk implements Disk {
  private readonly random: () => number
  private readonly fault: (call: Call) => Fault | null
  private readonly names = new Map<string, SimulatedFile>()
  private durableNames = new Map<string, SimulatedFile>()
  private readonly pendingNames = new Map<string, NameChange[]>()
  private isLocked = false
  private hasStopped = false
  private isAside = false
  /** Calls so far. */
  calls = 0
  /** Each call in words, for the trace of a failure. */
  readonly trace: string[] = []

  constructor(options: SimulatedDiskOptions) {
    this.random = options.random
    this.fault = options.fault ?? (() => null)
  }

  /** The disk as the next process finds it: what was not synced has met its fate. */
  afterCrash(options: SimulatedDiskOptions): SimulatedDisk {
    const next = new SimulatedDisk(options)
    for (const changes of this.pendingNames.values()) {
      for (const change of changes) if (this.random() < 0.5) rename(this.durableNames, change)
    }
    for (const file of new Set([...this.names.values(), ...this.durableNames.values()])) {
      file.drop(this.random)
      file.seen = file.durable
    }
    for (const [name, file] of this.durableNames) {
      next.names.set(name, file)
      next.durableNames.set(name, file)
    }
    return next
  }

  /** The disk as the next process finds it when only the process ended: nothing is lost. */
  afterKill(options: SimulatedDiskOptions): SimulatedDisk {
    const next = new SimulatedDisk(options)
    for (const [name, file] of this.names) next.names.set(name, file)
    next.durableNames = this.durableNames
    for (const [folder, changes] of this.pendingNames) next.pendingNames.set(folder, changes)
    return next
  }

  /** Stops the process now. */
  stop(): void { this.hasStopped = true }

  get isStopped(): boolean { return this.hasStopped }

  async open(path: string): Promise<DiskFile> {
    await this.delay()
    this.call('open', path)
    const file = this.names.get(path) ?? this.create(path)
    return {
      write: async (chunks, offset) => {
        await this.delay()
        this.write(path, file, chunks, offset)
      },
      sync: async () => {
        await this.delay()
        this.sync(path, file)
      },
      truncate: async (bytes) => {
        await this.delay()
        this.call('truncate', path)
        file.change({ kind: 'truncate', bytes })
      },
      readSync: (target, offset) => this.read(path, file, target, offset),
      close: async () => { this.call('close', path) },
    }
  }

  async openSynced(path: string): Promise<DiskFile> {
    const file = await this.open(path)
    return { ...file, write: async (chunks, offset) => {
      await file.write(chunks, offset)
      await file.sync()
    } }
  }

  openForRead(path: string): DiskReader {
    const file = this.named('read', path)
    return {
      bytes: file.seen.length,
      read: (target, offset) => this.read(path, file, target, offset),
      close: () => {},
    }
  }

  writeWholeSync(path: string, chunks: readonly Uint8Array[]): void {
    this.writeWholeUnsynced(path, chunks)()
  }

  /** What a forgetful store would do; answers the sync. */
  writeWholeUnsynced(path: string, chunks: readonly Uint8Array[]): () => void {
    this.call('open', path)
    const file = this.names.get(path) ?? this.create(path)
    if (file.seen.length > 0) file.change({ kind: 'truncate', bytes: 0 })
    this.write(path, file, chunks, 0)
    return () => this.sync(path, file)
  }

  readWhole(path: string): Uint8Array { return this.named('read', path).seen.slice() }

  rename(from: string, to: string): void {
    if (this.namesBelow(from).length > 0) {
      this.renameFolder(from, to)
      return
    }
    const file = this.named('rename', from)
    this.changeNames(dirname(to), new Map<string, SimulatedFile | null>([[from, null], [to, file]]))
  }

  /** At once, as a file's; names in it that were not synced go on to be unsure. */
  private renameFolder(from: string, to: string): void {
    this.call('rename', from)
    const moved = new Map<string, SimulatedFile | null>()
    for (const name of this.namesBelow(from)) {
      const file = this.names.get(name) as SimulatedFile
      const target = `${to}${name.slice(from.length)}`
      moved.set(name, null)
      if (this.durableNames.get(name) === file) moved.set(target, file)
      else this.changeNames(to, new Map([[target, file]]))
    }
    this.pendingNames.delete(from)
    this.changeNames(dirname(to), moved)
  }

  private namesBelow(folder: string): string[] {
    return [...this.names.keys()].filter((name) => name.startsWith(`${folder}/`))
  }

  async renameAsync(from: string, to: string): Promise<void> {
    await this.delay()
    this.rename(from, to)
  }

  remove(path: string): void {
    this.call('remove', path)
    if (this.names.has(path)) this.changeNames(dirname(path), new Map([[path, null]]))
  }

  async removeAsync(path: string): Promise<void> {
    await this.delay()
    this.remove(path)
  }

  async duplicate(from: string, to: string): Promise<void> {
    await this.delay()
    this.writeWholeSync(to, [this.readWhole(from)])
  }

  removeFolder(path: string): void {
    for (const name of this.namesBelow(path)) this.remove(name)
  }

  list(folder: string): string[] {
    this.call('list', folder)
    const names = this.namesBelow(folder).map((path) => path.slice(folder.length + 1).split('/')[0])
    return [...new Set(names)].sort()
  }

  makeFolder(): void {}

  syncFolder(path: string): void {
    this.call('sync folder', path)
    for (const change of this.pendingNames.get(path) ?? []) rename(this.durableNames, change)
    this.pendingNames.delete(path)
  }

  async syncFolderAsync(path: string): Promise<void> {
    await this.delay()
    this.syncFolder(path)
  }

  fileBytes(path: string): number { return this.named('read', path).seen.length }
  exists(path: string): boolean { return this.names.has(path) }
  freeBytes(): number { return 2 ** 40 }

  async lock(folder: string): Promise<() => void> {
    if (this.isLocked) throw new StoreLocked(folder, 1)
    this.isLocked = true
    return () => { this.isLocked = false }
  }

  /** All bytes of a file as reads see them; for tests that damage them, too. */
  bytesOf(path: string): Uint8Array { return (this.names.get(path) as SimulatedFile).seen }

  /** Runs `look` with calls that neither fail nor count: for tests that look at files from outside. */
  aside<T>(look: () => T): T {
    const before = this.isAside
    this.isAside = true
    try {
      return look()
    } finally {
      this.isAside = before
    }
  }

  /** Flips bits of a durable byte; answers how to put it right. */
  damage(path: string, at: number, bits: number): () => void {
    const file = this.names.get(path) as SimulatedFile
    const before = file.seen
    file.seen = before.slice()
    file.seen[at] ^= bits
    file.durable = file.seen
    return () => { file.seen = file.durable = before }
  }

  private call(kind: CallKind, path: string): void {
    if (this.isAside) return
    if (this.hasStopped) throw new SimulatedCrash()
    const call = { kind, path, number: ++this.calls }
    const fault = this.fault(call)
    this.trace.push(`${call.number} ${kind} ${path}${fault === null ? '' : ` -> ${fault}`}`)
    if (fault === 'crash') {
      this.hasStopped = true
      throw new SimulatedCrash()
    }
    if (fault !== null) throw new DiskFault(fault, call)
  }

  /** Lets other work of the process go first, now and then. */
  private async delay(): Promise<void> {
    for (let turns = Math.floor(this.random() * 8); turns >= 0; turns--) await Promise.resolve()
  }

  private named(kind: CallKind, path: string): SimulatedFile {
    this.call(kind, path)
    const file = this.names.get(path)
    if (file !== undefined) return file
    throw Object.assign(new Error(`ENOENT: no such file, ${kind} '${path}'`), { code: 'ENOENT' })
  }

  private create(path: string): SimulatedFile {
    const file = new SimulatedFile()
    this.changeNames(dirname(path), new Map([[path, file]]))
    return file
  }

  private changeNames(folder: string, names: ReadonlyMap<string, SimulatedFile | null>): void {
    rename(this.names, { names })
    this.pendingNames.set(folder, [...this.pendingNames.get(folder) ?? [], { names }])
  }

  /** A write that fails or is the last may have written its beginning. */
  private write(path: string, file: SimulatedFile, chunks: readonly Uint8Array[], offset: number): void {
    const bytes = Buffer.concat(chunks)
    try {
      this.call('write', path)
    } catch (error) {
      const written = Math.floor(this.random() * bytes.length)
      file.change({ kind: 'write', offset, bytes: bytes.subarray(0, written) })
      throw error
    }
    file.change({ kind: 'write', offset, bytes })
  }

  private sync(path: string, file: SimulatedFile): void {
    try {
      this.call('sync', path)
    } catch (error) {
      if (!(error instanceof SimulatedCrash)) file.drop(this.random)
      throw error
    }
    file.sync()
  }

  private read(path: string, file: SimulatedFile, target: Uint8Array, offset: number): number {
    this.call('read', path)
    const bytes = file.seen.subarray(offset, offset + target.length)
    target.set(bytes)
    return bytes.length
  }
}

function rename(names: Map<string, SimulatedFile>, change: NameChange): void {
  for (const [name, file] of change.names) {
    if (file === null) names.delete(name)
    else names.set(name, file)
  }
}

/** Numbers from 0 to 1 by a seed (mulberry32). */
export function seededRandom(seed: number): () => number {
  let state = seed | 0
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296
  }
}

/** Where a simulated store lives. */
export const simulatedPath = (...names: string[]): string => join('/store', ...names)
