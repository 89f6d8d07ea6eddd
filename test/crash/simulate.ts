// One simulated run: a store on a simulated disk, beside the model of what it must hold.
//
//   plan -> steps -> store on the disk   -> reads -> model.check
//                 -> faults, stops, power loss -> open again -> model.check

import { Backups } from './backups.ts'
import { Derived, DERIVED } from './derived.ts'
import { PlainArena } from './plain-arena.ts'
import { QUESTIONS_MAX, type Happening } from './model.ts'
import { hasDerived, isRemoval, type Action, type Plan, type Step } from './plan.ts'
import { isFault, isManifestInDoubt, isRefusal } from './refusals.ts'
import { isThere, repair, segmentOf, type Damaged } from './repairs.ts'
import { Failure, Tables, type RunWorld } from './tables.ts'
import { inlineTasks, readRows, tableNamed, TABLES, taskWorld } from './world.ts'
import { Writers } from './writers.ts'
import type { Disk } from '../../storage/disk/disk.ts'
import {
  seededRandom, SimulatedCrash, SimulatedDisk, simulatedPath, type Call, type Fault,
} from '../../storage/disk/simulated-disk.ts'
import type { Snapshot, TaskRunner } from '../../storage/face.ts'
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
  rowKeyBytesMax: 2 ** 26, pieceBytes: 150, startPartsMax: 2, startAheadBytes: 500,
}
/** In every second run a flush of a few parts goes in pieces. */
const FLUSH_BYTES_MAX: readonly number[] = [2 ** 20, 180]
/** In every third run a start has memory for little of its log. */
const START_BYTES_MAX: readonly number[] = [2 ** 20, 2000, 2 ** 20]
/** Turns of the event loop in which a step must have come to rest. */
const TURNS_MAX = 40
/** Starts that may fail by faults before the disk is well. */
const FAULTY_STARTS_MAX = 3

type Running = { isDone: boolean; readonly done: Promise<void> }

class Run implements RunWorld {
  private readonly plan: Plan
  private readonly twist: Twist
  private readonly random: () => number
  private readonly tables = new Tables(this)
  private readonly writers = new Writers(this, this.tables)
  arena = new PlainArena(2 ** 20)
  store!: Store
  private held: Snapshot[] = []
  private readonly backups = new Backups()
  private readonly derived: Derived
  private readonly isDerived: boolean
  private damaged: (Damaged & { readonly settle: () => void }) | null = null
  nowMs = 0
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
      const tasks = inlineTasks(taskWorld(this.arena, disk), random)
      try {
        this.store = await openStore(simulatedPath(), {
          disk, arena: this.arena, tasks: this.twist.tasks?.(tasks) ?? tasks, random,
          limits: { ...LIMITS, flushBytesMax: FLUSH_BYTES_MAX[this.plan.seed % FLUSH_BYTES_MAX.length],
            startBytesMax: START_BYTES_MAX[this.plan.seed % START_BYTES_MAX.length] },
          clock: { nowMs: () => this.nowMs },
        })
        await this.tables.make()
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
    this.writers.restarted()
    this.compare(true)
    this.writers.settleKeys()
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

  private async step(step: Step): Promise<void> {
    if ([this.derived.model, ...this.tables.models].some((model) => model.questions + 4 * step.length > QUESTIONS_MAX)) {
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
      case 'insert': return await this.writers.insert(action.tables, action.count, step)
      case 'retry': return await this.writers.retry(action.which, step)
      case 'resend': return await this.writers.resend(action, step)
      case 'bulk': return await this.writers.bulk(action, step)
      case 'backup': return await this.settleChange(this.backups.take(
        store, this.arena, this.disk, this.twist.backupDisk?.(this.disk) ?? this.disk, this.random))
      case 'flush': return await store.flush(action.table).catch(() => {}) // tried again later
      case 'truncate': {
        const end = action.table === 'keyed' ? this.writers.rowKeys.beginTruncate() : () => {}
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
        this.tables.see()
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

  /** The rows of the segment are gone from here on: repair takes them out before anybody looks. */
  private async damage(name: string, number: number, at: number): Promise<void> {
    const segment = segmentOf(this.store, name, number)
    if (segment === null) return
    const { model } = this.tables.of(name)
    const path = simulatedPath('segments', segment.file)
    const snapshot = { ...this.store.snapshot(name), rows: [segment] }
    const gone = this.disk.aside(() => readRows(snapshot, this.arena, this.disk))
    snapshot.release()
    const index = model.note({ kind: 'swap', from: 0, to: 0, gone, rows: [] }, null)
    const { store } = this
    // Before it has closed the store may write the segment anew, without the rows that a mask takes out.
    let isHit = false
    this.damaged = { table: name, segment, settle: () => model.settle(index, isHit) }
    await this.restart(false, () => {
      isHit = isThere(store, { table: name, segment })
      if (isHit) this.disk.damage(path, Math.floor(at * segment.bytes), 1 << number % 8)
    })
  }

  private async remove(
    name: string, what: Happening, work: () => Promise<unknown>, end: (happened: boolean | null) => void = () => {},
  ): Promise<void> {
    const { model } = this.tables.of(name)
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
    const entry = this.tables.of(name)
    entry.exists = null
    this.writers.dropping(name)
    const end = name === 'keyed' ? this.writers.rowKeys.beginTruncate() : () => {}
    try {
      await this.store.dropTable(name)
      end(true)
      entry.exists = false
      await this.tables.make()
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

  private compare(isRestarted: boolean): void {
    const wrong = this.tables.wrong(isRestarted) ?? (this.isDerived ? this.derived.wrong(isRestarted) : null)
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
