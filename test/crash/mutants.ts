// Bugs planted on purpose: the simulator must find each. A mutant changes what the store gets (the
// disk, the tasks) or one method of a class for the time of a run; the store's own code knows of none.

import { keyedPlan, type Plan } from './plan.ts'
import type { Twist } from './simulate.ts'
import { DOUBTFUL_BULKS, KEYED_POPULATES, MOVED_KEYS, PIECES, STOPPED_MOVES, STOPPED_POPULATES } from './tour.ts'
import { pack, unpack } from 'msgpackr'
import { crc32 } from '../../storage/bytes/crc32.ts'
import { crc32c } from '../../storage/bytes/crc32c.ts'
import { decodeFileHead, FILE_HEAD_BYTES } from '../../storage/bytes/file-head.ts'
import { decodeFrame, encodeFrame } from '../../storage/bytes/frame.ts'
import type { Disk, DiskFile } from '../../storage/disk/disk.ts'
import type { SimulatedDisk } from '../../storage/disk/simulated-disk.ts'
import type { NewPart, PartRef, SavedWork, StoreTask, TaskRunner, Transaction } from '../../storage/face.ts'
import { Catalog } from '../../storage/manifest/catalog.ts'
import { Store } from '../../storage/index.ts'
import { ManifestLog } from '../../storage/manifest/log.ts'
import { Stage } from '../../storage/manifest/stage.ts'
import { TableState } from '../../storage/manifest/table-state.ts'
import { Upkeep } from '../../storage/manifest/upkeep.ts'
import { BulkKeys } from '../../storage/wal/bulk-keys.ts'
import { KeyFiles } from '../../storage/wal/key-file.ts'
import { RowKeyTables } from '../../storage/wal/row-key-tables.ts'
import { RowKeys } from '../../storage/wal/row-keys.ts'
import { WAL_MAGIC, WAL_VERSION } from '../../storage/wal/record.ts'
import { Wal, walName, type WalOptions } from '../../storage/wal/wal.ts'
import { CommitGate } from '../../src/engine/commit-gate.ts'
import { Feeds } from '../../src/engine/feeds.ts'

export type Mutant = {
  readonly name: string
  /** Plants it; answers the world's twist and how to take it out. */
  readonly plant: () => { readonly twist?: Twist; readonly uproot?: () => void }
  /** A seed whose run found it before: tried first, since the runs of all seeds before it take their time. */
  readonly lately?: number
  /** Runs that find it sooner than those of the seeds. */
  readonly plans?: readonly Plan[]
}

type Method = (...args: never[]) => unknown

/** Replaces a method of a class until the answer is called. */
function patch(prototype: object, name: string, make: (original: Method) => Method): () => void {
  const methods = prototype as Record<string, Method>
  const original = methods[name]
  if (typeof original !== 'function') throw new Error(`mutants: no method ${name}`)
  methods[name] = make(original)
  return () => { methods[name] = original }
}

/** A disk of which some calls are others. */
const changed = (disk: Disk, changes: Partial<Disk>): Disk => new Proxy(disk, {
  get: (target, name) => {
    const value = changes[name as keyof Disk] ?? target[name as keyof Disk]
    return typeof value === 'function' && !(name in changes) ? value.bind(target) : value
  },
})

/** A disk whose files of a kind are `wrap`ped. */
const withFiles = (pattern: RegExp, wrap: (file: DiskFile) => Partial<DiskFile>) => (disk: Disk): Disk =>
  changed(disk, {
    open: async (path) => {
      const file = await disk.open(path)
      return pattern.test(path) ? { ...file, ...wrap(file) } : file
    },
  })

/** A disk whose log is written by `write`. */
const withLog = (write: (file: DiskFile, chunks: readonly Uint8Array[], offset: number) => Promise<void>) => (disk: Disk): Disk =>
  changed(disk, {
    openSynced: async (path) => {
      const file = await disk.open(path)
      return { ...file, write: (chunks, offset) => write(file, chunks, offset) }
    },
  })

/** Tasks of which some are others. */
const withTasks = (tasks: TaskRunner, change: (task: StoreTask) => StoreTask): TaskRunner => ({
  run: ((task: StoreTask) => (tasks.run as (task: StoreTask) => unknown)(change(task))) as TaskRunner['run'],
})

async function later(turns: number): Promise<void> {
  for (let left = turns; left > 0; left--) await Promise.resolve()
}

const noSync = { sync: async () => {} }

type StageInside = { world: { edit: (prepare: () => unknown[] | null) => Promise<boolean> } }
type SomeEdit = { kind: string; removed?: readonly number[] }

/** A stage whose edits are several records: `parts` divides them. */
const stageInPieces = (parts: (edits: SomeEdit[]) => SomeEdit[][]) => (): (() => void) =>
  patch(Stage.prototype, 'show', (original) => (async function piecemeal(this: StageInside, ...args: never[]) {
    const { edit } = this.world
    this.world = { ...this.world, edit: async (prepare) => {
      const edits = prepare() as SomeEdit[] | null
      if (edits === null) return false
      let isMade = false
      for (const piece of parts(edits)) isMade = await edit(() => piece)
      return isMade
    } }
    return await (original as (...all: unknown[]) => Promise<void>).call(this, ...args)
  }) as Method)

/** Segments of a bulk write, and of nothing else, reach the disk some time after their edit. */
function unsyncedStages(): { twist: Twist; uproot: () => void } {
  let writing = 0
  const uproot = patch(Stage.prototype, 'write', (original) => (async function hasty(this: unknown, ...args: never[]) {
    writing++
    try {
      await (original as (...all: unknown[]) => Promise<void>).call(this, ...args)
    } finally {
      writing--
    }
  }) as Method)
  const disk = (from: SimulatedDisk) => changed(from, {
    writeWholeSync: (path, chunks) => {
      const sync = from.writeWholeUnsynced(path, chunks)
      if (writing === 0) sync()
    },
  })
  return { twist: { disk }, uproot }
}

/** Gives sections of the log the checksums that their bytes have: as if none were compared. */
function believed(bytes: Uint8Array): void {
  const head = decodeFileHead('wal', bytes, WAL_MAGIC, WAL_VERSION, 'log')
  if (head === null) return
  for (let at = FILE_HEAD_BYTES; ;) {
    const frame = decodeFrame(bytes, at, head.salt)
    if (frame === null || frame.end > bytes.length) return
    const [sequence, durable, sections] = unpack(frame.header) as [number, number, number[][]]
    let from = frame.payloadAt
    for (const section of sections) section[2] = (section[0] === 6 ? crc32 : crc32c)(bytes.subarray(from, from += section[1]))
    const header = pack([sequence, durable, sections])
    if (header.length !== frame.header.length) return
    bytes.set(encodeFrame(header, frame.end - frame.payloadAt, head.salt), at)
    at = frame.end
  }
}

const blindToChecksums = (disk: Disk): Disk => changed(disk, {
  openForRead: (path) => {
    const reader = disk.openForRead(path)
    return !/wal-/.test(path) ? reader : { ...reader, read: (target, offset) => {
      const read = reader.read(target, offset)
      if (offset === 0) believed(target.subarray(0, read))
      return read
    } }
  },
})

const KEYED_PLANS = Array.from({ length: 80 }, (_, index) => keyedPlan(index + 1))

export const MUTANTS: readonly Mutant[] = [
  { name: 'the log is not synced', plant: () => ({ twist: { disk: withLog((file, chunks, offset) => file.write(chunks, offset)) } }) },
  { name: 'the manifest is not synced', plant: () => ({ twist: { disk: withFiles(/manifest-/, () => noSync) } }) },
  {
    name: 'segments are not synced',
    plant: () => ({ twist: { disk: (disk) => changed(disk, {
      writeWholeSync: (path, chunks) => { disk.writeWholeUnsynced(path, chunks) },
    }) } }),
  },
  {
    name: 'the folder of the log is not synced',
    plant: () => ({ twist: { disk: (disk) => changed(disk, { syncFolderAsync: async () => {} }) } }),
  },
  {
    name: 'the folder of the segments is not synced',
    plant: () => ({ twist: { disk: (disk) => changed(disk, { syncFolder: () => {} }) } }),
  },
  {
    name: 'a failed sync is tried again',
    plant: () => ({ twist: { disk: withLog(async (file, chunks, offset) => {
      await file.write(chunks, offset)
      await file.sync().catch(() => file.sync())
    }) } }),
  },
  {
    name: 'an insert is acknowledged before its sync',
    plant: () => ({ twist: { disk: withLog(async (file, chunks, offset) => {
      await file.write(chunks, offset)
      void file.sync().catch(() => {})
    }) } }),
  },
  {
    name: 'rows are visible before their sync',
    plant: () => ({ uproot: patch(Wal.prototype, 'writeGroup', (original) => (async function early(
      this: { nextSequence: number }, group: { onDurable: (sequence: number) => void }[],
    ) {
      const first = this.nextSequence
      group.forEach((waiter, index) => waiter.onDurable(first + index))
      for (const waiter of group) waiter.onDurable = () => {}
      return await (original as (group: unknown) => unknown).call(this, group)
    }) as Method) }),
  },
  {
    name: 'a refused insert may come back', lately: 263,
    plant: () => ({ uproot: patch(Wal.prototype, 'abandon', () => (async function careless(
      this: { current: unknown },
    ) {
      this.current = null
      return true
    }) as Method) }),
  },
  {
    name: 'the manifest is written before the segments', lately: 30,
    plant: () => ({ twist: { disk: (disk) => changed(disk, {
      writeWholeSync: (path, chunks) => {
        const sync = disk.writeWholeUnsynced(path, chunks)
        void later(40).then(sync).catch(() => {})
      },
    }) } }),
  },
  { name: 'checksums of the log are not compared', lately: 116, plant: () => ({ twist: { disk: blindToChecksums } }) },
  {
    name: 'the log is recycled too early',
    plant: () => ({ uproot: patch(Catalog.prototype, 'standingAfter', (original) => (function early(
      this: { applied: number }, edits: unknown,
    ) {
      const standing = (original as (edits: unknown) => { needed: number }).call(this, edits)
      return { ...standing, needed: this.applied + 1 }
    }) as Method) }),
  },
  {
    name: 'a log file may come back without the one that fences it', lately: 582,
    plant: () => ({ uproot: patch(Wal.prototype, 'removeFiles', () => (async function unordered(this: Wal, sequence: number) {
      const { files, options: { disk, folder } } = this as unknown as { files: Map<number, unknown>; options: WalOptions }
      const done = this.recyclable(sequence)
      for (const [number] of done) files.delete(number)
      for (const [number] of done) await disk.removeAsync(`${folder}/${walName(number)}`)
    }) as Method) }),
  },
  {
    name: 'a flush forgets which rows it has written',
    plant: () => ({ uproot: patch(Catalog.prototype, 'record', (original) => (function forgetful(
      this: unknown, edits: { kind: string; flushed: number }[],
    ) {
      const less = edits.map((edit) => edit.kind === 'segments' ? { ...edit, flushed: edit.flushed - 1 } : edit)
      return (original as (edits: unknown) => unknown).call(this, less)
    }) as Method) }),
  },
  {
    name: 'a flush may begin between two parts of a transaction',
    plant: () => ({ uproot: patch(Store.prototype, 'apply', (original) => (function piecemeal(
      this: unknown, parts: readonly NewPart[], sequence: number,
    ) {
      const apply = (some: readonly NewPart[]) => { (original as (...all: unknown[]) => void).call(this, some, sequence) }
      if (parts.length === 0) apply(parts)
      for (const part of parts) apply([part])
    }) as Method) }),
  },
  {
    name: 'the first piece of a flush says that all of it is written',
    plant: () => ({ uproot: patch(Upkeep.prototype, 'flushPiece', (original) => (async function boastful(
      this: unknown, state: TableState, parts: readonly PartRef[],
    ) {
      const { lastSequence } = state.parts[state.parts.length - 1]
      const said = parts.map((part, index) => index === parts.length - 1 ? { ...part, lastSequence } : part)
      await (original as (...all: unknown[]) => Promise<void>).call(this, state, said)
    }) as Method) }),
  },
  {
    name: 'a segment is removed while a snapshot reads it',
    plant: () => ({ uproot: patch(TableState.prototype, 'change', (original) => (function eager(
      this: { list: { pins: number } }, ...all: unknown[]
    ) {
      const before = this.list
      const isPinned = before.pins > 0
      before.pins = 0
      const done = (original as (...given: unknown[]) => unknown).apply(this, all)
      if (isPinned) before.pins = Number.POSITIVE_INFINITY // what went is not let go of again
      return done
    }) as Method) }),
  },
  {
    name: 'idempotency keys are forgotten with their log file',
    plant: () => ({ uproot: patch(KeyFiles.prototype, 'write', () => (async () => {}) as Method) }),
  },
  {
    name: 'keys of rows are forgotten with their log file',
    plant: () => ({ uproot: patch(RowKeyTables.prototype, 'encoded', () => (() => ({ chunks: [], count: 0, lastMs: 0 })) as Method) }),
  },
  {
    name: 'keys of rows are forgotten over a restart',
    plant: () => ({ uproot: patch(RowKeyTables.prototype, 'load', () => (function forgetful(this: { loading: unknown[] }) {
      this.loading = []
    }) as Method) }),
  },
  {
    name: 'keys of refused rows are kept', lately: 174,
    plant: () => ({ uproot: patch(RowKeys.prototype, 'letGo', () => (function keeping(this: RowKeys) { this.confirm(0, 0) }) as Method) }),
  },
  {
    name: 'two writers look for their keys at once', lately: 27,
    plant: () => ({ uproot: patch(RowKeyTables.prototype, 'inTurn', () => (
      async (_ids: unknown, work: () => Promise<unknown>) => await work()) as Method) }),
  },
  {
    name: 'keys of a bulk write are forgotten',
    plant: () => ({ uproot: patch(Stage.prototype, 'logKeys', () => (async () => new Map()) as Method) }),
  },
  {
    name: 'keys of a bulk write count before the edit that shows its rows', plans: KEYED_PLANS,
    plant: () => ({ uproot: patch(Catalog.prototype, 'showsKeys', () => (() => true) as Method) }),
  },
  {
    name: 'an insert does not see the keys of a bulk write', lately: 17,
    plant: () => ({ uproot: patch(BulkKeys.prototype, 'contest', () => (async () => {}) as Method) }),
  },
  {
    name: 'a bulk write does not see who came meanwhile', lately: 17,
    plant: () => ({ uproot: patch(BulkKeys.prototype, 'lost', () => (() => null) as Method) }),
  },
  {
    name: "a bulk write forgets its client's key", plans: KEYED_PLANS,
    plant: () => ({ uproot: patch(Stage.prototype, 'logAnswer', () => (async () => null) as Method) }),
  },
  {
    name: 'keys of rows outlive a truncate', lately: 36,
    plant: () => ({ uproot: patch(RowKeyTables.prototype, 'truncate', () => (() => {}) as Method) }),
  },
  {
    name: 'a bulk write is acknowledged whatever its edit says', lately: 277,
    plant: () => ({ uproot: patch(Stage.prototype, 'show', (original) => (async function deaf(this: unknown, ...args: never[]) {
      try {
        await (original as (...all: unknown[]) => Promise<void>).call(this, ...args)
      } catch {
        // said to be done
      }
    }) as Method) }),
  },
  {
    name: 'what a bulk write replaces goes by an edit of its own', lately: 59,
    plant: () => ({ uproot: stageInPieces((edits) =>
      [edits.filter(({ kind }) => kind === 'truncate'), edits.filter(({ kind }) => kind !== 'truncate')])() }),
  },
  {
    name: 'that a view was fed is a record of its own', lately: 59,
    plant: () => ({ uproot: stageInPieces((edits) =>
      [edits.filter(({ kind }) => kind !== 'table'), edits.filter(({ kind }) => kind === 'table')])() }),
  },
  {
    name: 'a table goes by a record before that of its new form', plans: STOPPED_MOVES,
    plant: () => ({ uproot: stageInPieces((edits) => edits.every(({ kind }) => kind !== 'drop') ? [edits]
      : [edits.filter(({ kind }) => kind === 'drop'), edits.filter(({ kind }) => kind !== 'drop')])() }),
  },
  {
    name: 'replayed rows leave the quarantine by a record of its own', lately: 59,
    plant: () => ({ uproot: stageInPieces((edits) => [
      edits.map((edit) => edit.kind === 'segments' ? { ...edit, removed: [] } : edit),
      edits.filter(({ kind }) => kind === 'segments').map((edit) => ({ ...edit, added: [] })),
    ])() }),
  },
  { name: 'a bulk write is shown before its segments are synced', plant: unsyncedStages },
  {
    name: 'what views make is a transaction of its own',
    plant: () => ({ uproot: patch(Store.prototype, 'commit', (original) => (async function apart(
      this: Store, transaction: Transaction,
    ) {
      const commit = (parts: readonly NewPart[]) => (original as (...all: unknown[]) => Promise<unknown>).call(this, { ...transaction, parts })
      const isMade = ({ tableId }: NewPart) => ['made', 'deep', 'fresh'].includes(this.tableById(tableId)?.name ?? '')
      const done = await commit(transaction.parts.filter((part) => !isMade(part)))
      const made = transaction.parts.filter(isMade)
      if (made.length > 0) await commit(made)
      return done
    }) as Method) }),
  },
  {
    name: 'a populate lets commits in at its end', lately: 19,
    plant: () => ({ uproot: patch(CommitGate.prototype, 'alone', () => (async (work: () => Promise<unknown>) => await work()) as Method) }),
  },
  {
    name: 'segments are merged while a populate reads them', lately: 471,
    plant: () => ({ uproot: patch(Store.prototype, 'holdSegments', () => (async () => () => {}) as Method) }),
  },
  {
    name: 'a populate that goes on after a stop reads again what it has read',
    plant: () => ({ uproot: patch(Store.prototype, 'savedWork', (original) => (function forgetful(this: unknown, ...args: never[]) {
      const work = (original as (...all: unknown[]) => SavedWork | null).call(this, ...args)
      return work === null ? null : { ...work, read: [] }
    }) as Method) }),
    plans: STOPPED_POPULATES,
  },
  {
    name: 'segments are merged before a populate that has read some goes on',
    plant: () => ({ uproot: patch(Catalog.prototype, 'readBySaved', () => (() => new Set()) as Method) }),
    plans: STOPPED_POPULATES,
  },
  {
    name: 'a populate goes on though what it has read was replaced',
    plant: () => ({ uproot: patch(Catalog.prototype, 'withoutWork', () => (() => []) as Method) }),
    plans: STOPPED_POPULATES,
  },
  {
    name: 'a populate that goes on forgets the keys of the rows that it had',
    plant: () => ({ uproot: patch(BulkKeys.prototype, 'resume', () => (async () => true) as Method) }),
    plans: KEYED_POPULATES,
  },
  {
    name: 'a populate takes of each segment the first piece alone',
    plant: () => ({ uproot: patch(Feeds.prototype, 'addFrom', (original) => (async function hasty(
      this: unknown, view: unknown, segment: unknown, use: (made: unknown) => Promise<void>, ...rest: unknown[]
    ) {
      let pieces = 0
      const first = async (made: { address: number; bytes: number }) => {
        if (pieces++ === 0) await use(made)
        else (this as { world: { arena: { free: (address: number, bytes: number) => void } } }).world.arena.free(made.address, made.bytes)
      }
      await (original as (...all: unknown[]) => Promise<void>).call(this, view, segment, first, ...rest)
    }) as Method) }),
    plans: PIECES,
  },
  {
    name: 'a table that was moved has lost the keys of its rows',
    plant: () => ({ uproot: patch(RowKeyTables.prototype, 'move', () => (function lose(this: RowKeyTables, { tableId }: { tableId: number }) {
      this.drop(tableId)
    }) as Method) }),
    plans: MOVED_KEYS,
  },
  {
    name: 'a table that was moved has lost the keys of its rows after a start',
    plant: () => ({ uproot: patch(Catalog.prototype, 'heirOf', () => ((of: unknown) => of) as Method) }),
    plans: MOVED_KEYS,
  },
  {
    name: 'what is sent again is stored while a bulk write of it is in doubt',
    plant: () => ({ uproot: patch(ManifestLog.prototype, 'settle', () => (async () => {}) as Method) }),
    plans: DOUBTFUL_BULKS,
  },
  {
    name: 'a repair takes out a neighbour, too', lately: 43,
    plant: () => ({ uproot: patch(Store.prototype, 'setAside', (original) => (async function greedy(
      this: Store, name: string, id: number, remake: unknown,
    ) {
      const snapshot = this.snapshot(name)
      snapshot.release()
      const setAside = original as (...all: unknown[]) => Promise<void>
      await setAside.call(this, name, id, remake)
      const other = snapshot.rows.find((ref) => ref.kind === 'segment' && ref.id !== id)
      if (other !== undefined) await setAside.call(this, name, other.id, () => null)
    }) as Method) }),
  },
  {
    name: 'a repair throws the damaged file away', lately: 43,
    plant: () => ({ uproot: patch(Store.prototype, 'setAside', (original) => (async function careless(
      this: { options: { disk: Disk } }, ...args: never[]
    ) {
      const { disk } = this.options
      this.options.disk = changed(disk, { duplicate: async () => {} })
      await (original as (...all: unknown[]) => Promise<void>).call(this, ...args).finally(() => { this.options.disk = disk })
    }) as Method) }),
  },
  {
    name: 'the folders of a backup are not synced',
    plant: () => ({ twist: { backupDisk: (disk) => changed(disk, { syncFolderAsync: async () => {}, syncFolder: () => {} }) } }),
  },
  {
    name: 'a backup leaves out what is in memory',
    plant: () => ({ uproot: patch(Store.prototype, 'cut', (original) => (function hollow(this: unknown) {
      return { ...(original as () => object).call(this), parts: [] }
    }) as Method) }),
  },
  {
    name: 'a merge drops a delete mask',
    plant: () => ({ twist: { tasks: (tasks) => withTasks(tasks, (task) => task.kind === 'merge'
      ? { ...task, segments: task.segments.map((segment) => ({ ...segment, maskedRows: 0 })) } : task) } }),
  },
  {
    name: 'rows are let go of before their time',
    plant: () => ({ twist: { tasks: (tasks) => withTasks(tasks, (task) => task.kind === 'merge'
      ? { ...task, nowMs: task.nowMs + 15_000 } : task) } }),
  },
  {
    name: 'what a killed process left is trusted',
    plant: () => ({ uproot: patch(Wal.prototype, 'start', (original) => (function trusting(this: unknown) {
      return (original as (unsure: unknown) => unknown).call(this, [])
    }) as Method) }),
  },
]
