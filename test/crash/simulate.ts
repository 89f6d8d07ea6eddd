// One simulated run: a store on a simulated disk, beside the model of what it must hold.
//
//   plan -> steps -> store on the disk   -> reads -> model.check
//                 -> faults, stops, power loss -> open again -> model.check

import { Backups } from './backups.ts'
import { BulkWrite } from './bulk-write.ts'
import { Derived, DERIVED } from './derived.ts'
import { keyedOf, keyOf, type Keyed } from './keyed.ts'
import { PlainArena } from './plain-arena.ts'
import { QUESTIONS_MAX, TableModel, type Happening } from './model.ts'
import { forgetsKeys, hasDerived, isRemoval, type Action, type Plan, type Step } from './plan.ts'
import { isFault, isInDoubt, isManifestInDoubt, isRefusal } from './refusals.ts'
import { repair, segmentOf, type Damaged } from './repairs.ts'
import { RowKeysModel } from './row-keys-model.ts'
import { inlineTasks, partOf, readRows, rowKeysOf, tableNamed, TABLES } from './world.ts'
import type { Disk } from '../../storage/disk/disk.ts'
import {
  seededRandom, SimulatedCrash, SimulatedDisk, simulatedPath, type Call, type Fault,
} from '../../storage/disk/simulated-disk.ts'
import type { KeyTurn, Snapshot, TaskRunner } from '../../storage/face.ts'
import { openStore, type Store, type StoreOptions } from '../../storage/index.ts'

/** Ways to be wrong on purpose (mutants.ts). */
export type Twist = {
  readonly disk?: (disk: SimulatedDisk) => Disk
  readonly tasks?: (tasks: TaskRunner) => TaskRunner
  /** What backups are written to. */
  readonly backupDisk?: (disk: SimulatedDisk) => Disk
}

/** Small, so that every few inserts flush, begin a log file, merge. */
const LIMITS: StoreOptions['limits'] = {
  flushBytes: 4000, flushRows: 40, flushCommits: 12, walBytesMax: 6000, walFileBytes: 1500, walRoomBytes: 300, partBytesSoft: 20_000,
  partBytesMax: 40_000, mergeBytesMax: 2 ** 20, freeBytesMin: 1000, keyMs: 1e9,
  rowKeyBytesMax: 2 ** 26, pieceBytes: 150, startPartsMax: 2,
}
/** In every second run a flush of a few parts goes in pieces. */
const FLUSH_BYTES_MAX: readonly number[] = [2 ** 20, 180]
/** Turns of the event loop in which a step must have come to rest. */
const TURNS_MAX = 40
/** Starts that may fail by faults before the disk is well. */
const FAULTY_STARTS_MAX = 3

class Failure extends Error {}

type TableEntry = { model: TableModel; exists: boolean | null }
type Running = { isDone: boolean; readonly done: Promise<void> }

class Run {
  private readonly plan: Plan
  private readonly twist: Twist
  private readonly random: () => number
  private readonly tables = new Map<string, TableEntry>()
  private arena = new PlainArena(2 ** 20)
  private store!: Store
  private held: Snapshot[] = []
  private keyed: Keyed[] = []
  private readonly rowKeys = new RowKeysModel()
  private readonly backups = new Backups()
  private readonly derived: Derived
  private readonly isDerived: boolean
  private damaged: (Damaged & { readonly settle: () => void }) | null = null
  /** Rows of one bulk write in each of its tables, of which nobody knows yet. */
  private sentInBulk: number[] = []
  private bulks: { readonly rows: ReadonlyMap<string, readonly number[]> }[] = []
  private nextRow = 1
  private nowMs = 0
  private isWell = false
  disk: SimulatedDisk
  /** Calls of the disk in all. */
  calls = 0
  readonly notes: string[] = []

  constructor(plan: Plan, twist: Twist) {
    this.plan = plan
    this.isDerived = hasDerived(plan)
    this.derived = new Derived(plan.seed)
    this.twist = twist
    this.random = seededRandom(plan.seed ^ 0x5eed)
    this.disk = new SimulatedDisk(this.diskOptions())
    for (const name of TABLES) this.tables.set(name, { model: new TableModel(), exists: false })
  }

  async run(): Promise<void> {
    await this.restart(false)
    for (const [index, step] of this.plan.steps.entries()) {
      this.notes.push(`-- step ${index} (call ${this.calls + 1})`)
      await this.step(step)
    }
    this.isWell = true
    await this.restart(true)
    await this.finish()
  }

  /** With a well disk everything works again, and nothing is left over. */
  private async finish(): Promise<void> {
    await this.step(TABLES.map((table) => ({ kind: 'insert', tables: [table], count: 2, afterTurns: 0 })))
    if (this.isDerived) await this.step([{ kind: 'derive', count: 7 }, { kind: 'populate' }])
    this.nowMs += 100_000
    await this.step([...TABLES, ...this.isDerived ? DERIVED : []].map((table) => ({ kind: 'flush', table, afterTurns: 0 })))
    this.compare(false)
    this.dropHeld()
    await this.step([{ kind: 'expire' }])
    await this.rest()
    if (this.arena.usedBytes !== 0) throw new Failure(`${this.arena.usedBytes} bytes of the arena were not freed`)
    await this.restart(false)
    this.compare(false)
    const named = this.store.tables().flatMap(({ name }) => {
      const snapshot = this.store.snapshot(name)
      snapshot.release()
      return snapshot.rows.map((ref) => ref.kind === 'segment' ? ref.file : '')
    })
    for (const name of this.store.tables().map((table) => table.name)) {
      if (!this.store.isErased(name)) throw new Failure(`deleted rows of ${name} were never written off`)
    }
    const left = this.disk.aside(() => this.disk.list(simulatedPath('segments'))).filter((name) => !named.includes(name))
    if (left.length > 0) throw new Failure(`files that nothing names: ${left.join(' ')}`)
    const logs = this.disk.aside(() => this.disk.list(simulatedPath())).filter((name) => name.startsWith('wal-'))
    if (logs.length > 2) throw new Failure(`the log was not recycled: ${logs.join(' ')}`)
    await this.store.close()
    const wrong = await this.backups.wrong(this.disk, this.random)
    if (wrong !== null) throw new Failure(wrong)
  }

  private diskOptions() {
    const random = seededRandom(this.plan.seed * 31 + this.calls)
    const odds = seededRandom(this.plan.seed * 17 + this.calls)
    return {
      random,
      fault: (_call: Call): Fault | null => {
        const call = ++this.calls
        const odd = odds()
        if (this.isWell) return null
        const window = this.plan.faults.find(({ from, to }) => call >= from && call < to)
        return window !== undefined && odd < window.probability ? window.code : null
      },
    }
  }

  /** Stops the process (now, or cleanly) and starts the next one until it is up. */
  private async restart(isCrash: boolean, between: () => void = () => {}): Promise<void> {
    this.dropHeld()
    if (!isCrash && this.store !== undefined) {
      const closing = this.start(this.store.close().catch((error) => { if (!isFault(error)) throw error }))
      await this.rest([closing])
    }
    for (let attempt = 0; ; attempt++) {
      this.nextDisk()
      if (attempt === 0) between()
      const random = seededRandom(this.plan.seed * 13 + this.calls)
      const disk = this.twist.disk?.(this.disk) ?? this.disk
      const tasks = inlineTasks(this.arena, disk, random)
      try {
        this.store = await openStore(simulatedPath(), {
          disk, arena: this.arena, tasks: this.twist.tasks?.(tasks) ?? tasks, random,
          limits: { ...LIMITS, flushBytesMax: FLUSH_BYTES_MAX[this.plan.seed % FLUSH_BYTES_MAX.length] },
          clock: { nowMs: () => this.nowMs },
        })
        await this.makeTables()
        if (this.isDerived) await this.derived.open({ store: this.store, arena: this.arena, disk: this.disk })
        if (this.damaged !== null) await repair(this.store, this.disk, this.damaged)
        break
      } catch (error) {
        if (!isFault(error)) throw new Failure(`the store does not open: ${(error as Error).stack}`)
        this.notes.push(`   start failed: ${(error as Error).message}`)
        if (attempt >= FAULTY_STARTS_MAX) this.isWell = true
      }
    }
    this.damaged?.settle()
    this.damaged = null
    this.checkKeys()
    this.checkBulks()
    this.rowKeys.restarted(new Set(this.rowsOf('keyed')), this.tables.get('keyed')?.model.hasNoRemovals === true)
    this.compare(true)
    this.settleKeys()
  }

  /** Rows and their key are one transaction. Where rows may have been removed this says nothing. */
  private checkKeys(): void {
    for (const { id, names, rows, outcome } of this.keyed) {
      if (outcome !== null) continue
      const isKnown = this.store.findKey(id) !== null
      for (const name of names) {
        if (name === 'aging' || name === 'keyed' || this.tables.get(name)?.model.hasNoRemovals !== true) continue
        if (this.rowsOf(name).includes(rows[0]) !== isKnown) {
          throw new Failure(`rows ${rows.join(' ')} of ${name} are ${isKnown ? 'gone, but their key is' : 'there, but no key'} there`)
        }
      }
    }
  }

  private nextDisk(): void {
    this.disk.stop()
    this.backups.stopped()
    const options = this.diskOptions()
    const isPowerLoss = this.random() < this.plan.powerLoss
    this.notes.push(...this.disk.trace, `-- ${isPowerLoss ? 'power loss' : 'stop'}, start (call ${this.calls + 1})`)
    this.disk = isPowerLoss ? this.disk.afterCrash(options) : this.disk.afterKill(options)
    this.arena = new PlainArena(2 ** 20)
  }

  private async makeTables(): Promise<void> {
    for (const [name, entry] of this.tables) {
      const isThere = this.store.table(name) !== null
      if (entry.exists === true && !isThere) throw new Failure(`table ${name} is gone`)
      if (entry.exists === false && isThere) throw new Failure(`table ${name} is back`)
      entry.exists = isThere
      if (isThere) continue
      entry.model = new TableModel()
      entry.exists = null
      await this.store.createTable(tableNamed(name))
      entry.exists = true
    }
  }

  private async step(step: Step): Promise<void> {
    if ([this.derived, ...this.tables.values()].some(({ model }) => model.questions + 4 * step.length > QUESTIONS_MAX)) {
      this.notes.push('   too much is open: a restart answers it')
      await this.restart(true)
    }
    const running = [...step].sort((a, b) => rank(a) - rank(b)).map((action) => this.start(this.act(action, step)))
    await this.rest(running)
    if (this.disk.isStopped) await this.restart(true)
    else this.compare(false)
  }

  private start(work: Promise<void>): Running {
    const running = {
      isDone: false,
      done: work.then(() => { running.isDone = true }, (error: unknown) => {
        running.isDone = true
        if (!(error instanceof SimulatedCrash || this.disk.isStopped)) this.failure ??= error as Error
      }),
    }
    return running
  }

  private failure: Error | null = null

  /** Something broke that nobody waited for. */
  readonly noteLost = (error: unknown): void => {
    if (!isFault(error)) this.failure ??= error as Error
  }

  /** Lets everything run until nothing moves: all waits here are turns, so one look a turn is enough. */
  private async rest(running: readonly Running[] = []): Promise<void> {
    for (let turn = 0; turn < TURNS_MAX; turn++) {
      await new Promise((resolve) => { setImmediate(resolve) })
      if (this.failure !== null) throw this.failure
      if (this.disk.isStopped) return
      if (running.every(({ isDone }) => isDone) && turn > 0) return
    }
    throw new Failure('something waits for ever')
  }

  private async act(action: Action, step: Step): Promise<void> {
    const { store } = this
    if ('afterTurns' in action) for (let left = action.afterTurns; left > 0; left--) await Promise.resolve()
    if (this.disk.isStopped) return
    switch (action.kind) {
      case 'insert': return await this.insert(action.tables, action.count, step)
      case 'retry': return await this.retry(action.which, step)
      case 'resend': return await this.resend(action, step)
      case 'bulk': return await this.bulk(action, step)
      case 'backup': return await this.settleChange(this.backups.take(
        store, this.arena, this.disk, this.twist.backupDisk?.(this.disk) ?? this.disk, this.random))
      case 'flush': return await store.flush(action.table).catch(() => {}) // tried again later
      case 'truncate': {
        const end = action.table === 'keyed' ? this.rowKeys.beginTruncate() : () => {}
        return await this.remove(action.table, { kind: 'truncate' }, () => store.truncate(action.table), end)
      }
      case 'delete': {
        const { table, divisor, rest } = action
        return await this.remove(table, { kind: 'delete', divisor, rest },
          () => store.delete(table, `n % ${divisor} = ${rest}`, false))
      }
      case 'expire': return await this.settleChange(store.expire())
      case 'alter': return await this.settleChange(store.alterTable(tableNamed(action.table)))
      case 'drop': return await this.drop(action.table)
      case 'read': {
        for (const [name, { model }] of this.tables) {
          if (store.table(name) !== null) model.see(this.rowsOf(name))
        }
        return
      }
      case 'hold': for (const { name } of store.tables()) this.held.push(store.snapshot(name)); return
      case 'release': return this.dropHeld()
      case 'tick': this.nowMs += 20_000; return
      case 'reopen': return await this.restart(false)
      case 'damage': return await this.damage(action.table, action.segment, action.at)
      case 'derive': case 'import': case 'copy': case 'populate': case 'replay': case 'forward':
        return await this.settleChange(this.derived.act(action))
      case 'renew': {
        return await this.derived.act(action).catch(async (error) => {
          if (!isRefusal(error)) throw error
          if (!this.disk.isStopped) await this.restart(true)
        })
      }
      case 'crash': this.disk.stop()
    }
  }

  private async insert(names: readonly string[], count: number, step: Step): Promise<void> {
    const rows = Array.from({ length: count }, () => this.nextRow++)
    const keyed = keyedOf(rows[0], names, rows)
    this.keyed.push(keyed)
    await this.send(keyed, step)
  }

  private async bulk(action: Action & { kind: 'bulk' }, step: Step): Promise<void> {
    const { table, also, pieces, divisor, rest } = action
    const names = also === null ? [table] : [table, also]
    const write = new BulkWrite(names, this.store, this.arena, this.rowKeys, divisor === 1 ? [table] : [], divisor > 1)
    const rows = new Map(names.map((name) => [name, this.rowsForBulk(name, pieces * 3)]))
    this.sentInBulk.push(...rows.get('keyed') ?? [])
    const bulk = { rows }
    const isBeside = forgetsKeys(step.filter((other) => other !== action))
    // Rows that turn out to be there already are never among those of the write.
    const entries = names.map((name) => {
      const { model } = this.tables.get(name) as TableEntry
      const own = write.kept(name)
      const what: Happening = name === table ? { kind: 'bulk', divisor, rest, rows: own } : { kind: 'insert', rows: own }
      const beside = !(name === table && divisor > 0) && this.isBesideRemoval(name, step) ? model.removals() : []
      return { model, index: model.note(what, null, beside) }
    })
    const keyed = keyedOf(this.nextRow++, [table], rows.get(table) ?? [], true)
    if (pieces > 0) this.keyed.push(keyed)
    const settle = (happened: boolean | null) => {
      keyed.outcome = happened
      keyed.isUnderWay = false
      for (const { model, index } of entries) model.settle(index, happened)
      write.settle(happened, isBeside)
    }
    try {
      await write.begin()
      if (this.disk.isStopped) return
      if (pieces > 0) this.bulks.push(bulk)
      for (let piece = 0; piece < pieces; piece++) {
        for (const [name, own] of rows) {
          const wrong = await write.add(name, own.slice(piece * 3, piece * 3 + 3), isBeside)
          if (wrong !== null) throw new Failure(wrong)
        }
      }
      const deleted = divisor > 1 ? { deleted: { table, condition: `n % ${divisor} = ${rest}` } } : {}
      await write.commit({ ...deleted, answered: { table, keyOf: () => keyOf(keyed, this.nowMs) } })
      settle(true)
    } catch (error) {
      if (this.disk.isStopped) return
      await write.abort()
      // A write that may go the way of inserts may be in doubt as they are; of others that failed at their empty
      // transaction nothing can be left.
      const mayBeInLog = divisor === 0 && !names.includes('keyed') && isInDoubt(error)
      settle(mayBeInLog || isManifestInDoubt(error) ? null : false)
      if (!isRefusal(error)) throw error
    } finally {
      write.release()
    }
    if (!this.disk.isStopped) this.bulks = this.bulks.filter((one) => one !== bulk)
  }

  /** All rows that were sent to the table with row keys, those of bulk writes last. */
  private sentRows(): number[] {
    return [...this.keyed.filter(({ names }) => names.includes('keyed')).flatMap(({ rows }) => rows), ...this.sentInBulk]
  }

  /** Of the table with row keys, some that were sent before. */
  private rowsForBulk(name: string, count: number): number[] {
    const sent = name !== 'keyed' ? [] : this.sentRows()
    return Array.from({ length: count }, (_, index) => index % 2 === 0 && sent.length > index ? sent[index] : this.nextRow++)
  }

  /** All tables of a bulk write have its rows, or none. Where rows may have been removed this says nothing. */
  private checkBulks(): void {
    for (const { rows } of this.bulks) {
      const sure = [...rows].filter(([name]) => name !== 'aging' && name !== 'keyed' && this.tables.get(name)?.model.hasNoRemovals === true)
      const there = sure.map(([name, own]) => this.rowsOf(name).includes(own[0]))
      if (new Set(there).size > 1) throw new Failure(`of a bulk write ${sure.map(([name], index) => `${name} ${there[index]}`).join()}`)
    }
    this.bulks = []
  }

  /** The rows of the segment are gone from here on: repair takes them out before anybody looks. */
  private async damage(name: string, number: number, at: number): Promise<void> {
    const segment = segmentOf(this.store, name, number)
    if (segment === null) return
    const { model } = this.tables.get(name) as TableEntry
    const path = simulatedPath('segments', segment.file)
    const snapshot = { ...this.store.snapshot(name), rows: [segment] }
    const gone = this.disk.aside(() => readRows(snapshot, this.arena, this.disk))
    snapshot.release()
    const index = model.note({ kind: 'swap', from: 0, to: 0, gone, rows: [] }, null)
    this.damaged = { table: name, segment, settle: () => model.settle(index, true) }
    await this.restart(false, () => {
      if (this.disk.exists(path)) this.disk.damage(path, Math.floor(at * segment.bytes), 1 << number % 8)
    })
  }

  /** A client that heard no answer, or a refusal, or lost the answer, sends the same again. */
  private async retry(which: number, step: Step): Promise<void> {
    const keyed = this.keyed[which % Math.max(1, this.keyed.length)]
    if (keyed === undefined || keyed.isUnderWay) return
    const isKnown = this.store.findKey(keyed.id) !== null
    if (keyed.outcome === true && !isKnown) throw new Failure(`the key of rows ${keyed.rows.join(' ')} is forgotten`)
    if (keyed.outcome === false && isKnown) throw new Failure(`the key of refused rows ${keyed.rows.join(' ')} is there`)
    if (!isKnown) await this.send(keyed, step)
  }

  /** What a restart says of inserts of which nobody knew: the key is there exactly when the rows are. */
  private settleKeys(): void {
    for (const keyed of this.keyed) {
      keyed.isUnderWay = false
      const isKnown = this.store.findKey(keyed.id) !== null
      if (keyed.outcome !== null && keyed.outcome !== isKnown) {
        throw new Failure(`the key of rows ${keyed.rows.join(' ')} is ${isKnown ? 'there' : 'forgotten'}`)
      }
      keyed.outcome = isKnown
      keyed.isInDoubt = false
    }
  }

  /** Rows in a batch of another cut, as an at-least-once client sends them. */
  private async resend({ from, count, fresh }: Action & { kind: 'resend' }, step: Step): Promise<void> {
    const sent = this.sentRows()
    const again = Array.from({ length: sent.length === 0 ? 0 : count }, (_, index) => sent[(from + index * 3) % sent.length])
    const rows = [...again, ...Array.from({ length: fresh }, () => this.nextRow++)]
    if (rows.length === 0) return
    const keyed = keyedOf(this.nextRow++, ['keyed'], rows)
    this.keyed.push(keyed)
    await this.send(keyed, step)
  }

  /** Rows of the keyed table go past their keys first. */
  private async send(keyed: Keyed, step: Step): Promise<void> {
    const { names, rows } = keyed
    keyed.outcome = null
    keyed.isUnderWay = true
    if (!names.includes('keyed')) return await this.commit(keyed, step, () => rows, null)
    const table = this.store.table('keyed')
    if (table === null) throw new Failure('table keyed is missing')
    const isBeside = forgetsKeys(step)
    await this.store.deduplicate([table.id], async (turn) => {
      if (this.disk.isStopped) return
      const marks = await turn.look(table.id, rowKeysOf(rows))
      const wrong = this.rowKeys.check(rows, marks, isBeside)
      if (wrong !== null) throw new Failure(wrong)
      const kept = rows.filter((_, index) => marks?.[index] !== 1)
      await this.commit(keyed, step, (name) => name === 'keyed' ? kept : rows, turn)
      this.rowKeys.settle(kept, keyed.outcome, isBeside)
    }).catch((error: Error) => {
      if (error.name !== 'KeysUnderWay') throw error
      keyed.outcome = keyed.isInDoubt ? null : false
      keyed.isUnderWay = false
    })
  }

  private isBesideRemoval(table: string, step: Step): boolean {
    return step.some((other) => isRemoval(other) && 'table' in other && other.table === table)
  }

  private async commit(
    keyed: Keyed, step: Step, rowsFor: (name: string) => readonly number[], turn: KeyTurn | null,
  ): Promise<void> {
    const names = keyed.names.filter((name) => rowsFor(name).length > 0)
    const entries = names.map((name) => {
      const { model } = this.tables.get(name) as TableEntry
      return { model, index: model.note({ kind: 'insert', rows: rowsFor(name) }, null,
        this.isBesideRemoval(name, step) ? model.removals() : []) }
    })
    const settle = (happened: boolean | null) => {
      keyed.isInDoubt = happened === null || (keyed.isInDoubt && happened === false)
      keyed.outcome = keyed.isInDoubt ? null : happened
      keyed.isUnderWay = false
      for (const { model, index } of entries) model.settle(index, happened)
    }
    const parts = names.flatMap((name) => {
      const table = this.store.table(name)
      if (table === null) throw new Failure(`table ${name} is missing`)
      return inParts(rowsFor(name)).map((rows) => partOf(table, rows, this.arena))
    })
    try {
      await this.store.commit({ parts, rowKeys: turn?.claims() ?? [], keys: [keyOf(keyed, this.nowMs)] })
    } catch (error) {
      if (this.disk.isStopped) return
      settle(isInDoubt(error) ? null : false)
      if (!isRefusal(error)) throw error
      return
    }
    settle(true)
  }

  private async remove(
    name: string, what: Happening, work: () => Promise<unknown>, end: (happened: boolean | null) => void = () => {},
  ): Promise<void> {
    const { model } = this.tables.get(name) as TableEntry
    const index = model.note(what, null)
    try {
      await work()
      model.settle(index, true)
      end(true)
    } catch (error) {
      if (this.disk.isStopped) return
      // Of a removal that failed at its empty transaction nothing can be left.
      model.settle(index, isManifestInDoubt(error) ? null : false)
      if (!isRefusal(error)) throw error
    }
  }

  private async drop(name: string): Promise<void> {
    const entry = this.tables.get(name) as TableEntry
    entry.exists = null
    this.keyed = this.keyed.filter(({ isBulk, names }) => !isBulk || !names.includes(name))
    const end = name === 'keyed' ? this.rowKeys.beginTruncate() : () => {}
    try {
      await this.store.dropTable(name)
      end(true)
      entry.exists = false
      await this.makeTables()
    } catch (error) {
      if (this.disk.isStopped) return
      if (!isRefusal(error)) throw error
      // Refused, or in doubt, or the table could not be made again: the next start tells.
      await this.restart(true)
    }
  }

  private async settleChange(change: Promise<unknown>): Promise<void> {
    await change.catch((error) => {
      if (!isRefusal(error) && !this.disk.isStopped) throw error
    })
  }

  private rowsOf(name: string): number[] {
    const snapshot = this.store.snapshot(name)
    try {
      return this.visible(name, this.disk.aside(() => readRows(snapshot, this.arena, this.disk)))
    } finally {
      snapshot.release()
    }
  }

  /** Rows that are over are in nobody's sight, whether they are still there or not. */
  private visible(name: string, rows: readonly number[]): number[] {
    return rows.filter((row) => name !== 'aging' || row > this.nowMs / 1000)
  }

  private compare(isRestarted: boolean): void {
    for (const [name, { model }] of this.tables) {
      const wrong = model.check(this.rowsOf(name), isRestarted, (rows) => this.visible(name, rows))
      if (wrong !== null) throw new Failure(`table ${name}: ${wrong}`)
    }
    const wrong = this.isDerived ? this.derived.wrong(isRestarted) : null
    if (wrong !== null) throw new Failure(wrong)
  }

  /** What a snapshot holds stays readable to its end. */
  private dropHeld(): void {
    for (const snapshot of this.held.splice(0)) {
      if (!this.disk.isStopped) this.disk.aside(() => readRows(snapshot, this.arena, this.disk))
      snapshot.release()
    }
  }
}

/** Rows of one table as one to three parts of their transaction, as views give a target several. */
function inParts(rows: readonly number[]): (readonly number[])[] {
  const size = Math.ceil(rows.length / (1 + rows.length % 3))
  return Array.from({ length: Math.ceil(rows.length / size) }, (_, part) => rows.slice(part * size, (part + 1) * size))
}

/** Removals begin first in a step, so that the model has them when the inserts beside them come. */
const rank = (action: Action): number => isRemoval(action) ? 0 : 1

export type Result = { readonly failure: string | null; readonly calls: number; readonly trace: readonly string[] }

/** Runs a plan to its end, or to what is wrong. */
export async function simulate(plan: Plan, twist: Twist = {}): Promise<Result> {
  const run = new Run(plan, twist)
  process.on('unhandledRejection', run.noteLost)
  try {
    await run.run()
    return { failure: null, calls: run.calls, trace: [] }
  } catch (error) {
    const text = error instanceof Failure ? error.message : String((error as Error).stack)
    return { failure: text, calls: run.calls, trace: [...run.notes, ...run.disk.trace] }
  } finally {
    process.off('unhandledRejection', run.noteLost)
  }
}
