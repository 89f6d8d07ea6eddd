// Main's side of the workers: starts them, hands out work, brings answers back to whoever waits.
// Messages of one tick cross in one post (measured elsewhere: 86–94 k of 103 k requests a second
// against 57–65 k with a post each). Invariant: every request is answered exactly once, also when its
// worker dies.

import { availableParallelism } from 'node:os'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { setFlagsFromString } from 'node:v8'
import { MessageChannel, Worker } from 'node:worker_threads'
import type { Arena } from '../../storage/arena/arena.ts'
import { attachArena } from '../../storage/arena/attach.ts'
import { isLong, noteLongQueries } from '../exec/dictionaries/shared-dictionary.ts'
import { dropThreads, takeThread } from '../launch/early-threads.ts'
import { setTierFlags } from '../launch/v8-tiers.ts'
import type { NewPart, StoreTask, TableMeta, TakenPart, TaskResult } from '../../storage/face.ts'
import {
  PASSING_LIST, PLANS_MAX, type ImagePart, type KeyBytes,
} from './messages.ts'
import type {
  FromWorker, IngestMessage, IngestResult, IngestSpec, ParquetMessage, PostedRows, QueryMessage, QueryStats,
  ToWorker, ToWorkerBatch,
  WorkerFailure, WorkerSetup,
} from './messages.ts'
import { cancelWord, NOT_CANCELLED } from './cancel.ts'
import { packQuery, unpackAnswers } from './packed.ts'
import { restAfterWork } from './rest.ts'
import { delayOptimizing, optimizeAsUsual } from './start-tiers.ts'

const MiB = 2 ** 20

/** Merges of a start that one worker has: enough while the main thread reads a file of the log, and few where one
 * worker is slower than another, which would else keep the last of them (measured: the other had nothing to do for
 * 0.1 to 0.2 s of 3). */
const AWAITED_MAX = 4

/** Queries that can run or wait at once: one cancel flag each. */
const CANCEL_SLOTS = 4096

/** Young objects of the background worker: nobody waits for it, and with V8's own bound (48 MiB) merges left
 * its heap at 73 MiB. */
const BACKGROUND_YOUNG_BYTES_MAX = 12 * MiB

export type PoolSetup = Omit<WorkerSetup, 'index' | 'role' | 'cancelFlags' | 'workMemoryBytes'> & {
  /** Query workers; the background worker comes on top. */
  readonly queryWorkers: number
  readonly workMemoryBytes: number
  /** Heap of each worker for young objects. */
  readonly youngBytes: number
  /** How long the background worker stays without a task. */
  readonly backgroundRestMs: number
}

/** What a worker said instead of an answer. */
export class WorkerError extends Error {
  readonly failure: WorkerFailure
  constructor(failure: WorkerFailure) {
    super(failure.message)
    this.name = 'WorkerError'
    this.failure = failure
  }
}

export type QueryWork = Omit<QueryMessage,
  'kind' | 'id' | 'cancelSlot' | 'into'> & {
  readonly into?: QueryMessage['into']
}
export type QueryDone = {
  readonly body: Uint8Array; readonly part: ImagePart | null; readonly keys: KeyBytes | null; readonly stats: QueryStats
}

type Waiter = {
  readonly resolve: (message: FromWorker) => void
  readonly reject: (error: Error) => void
}

/** One thread as main sees it. */
class WorkerSeat {
  readonly index: number
  worker: Worker
  load = 0
  outbox: ToWorkerBatch[number][] = []
  readonly waiters = new Map<number, Waiter>()
  readonly plansSent = new Set<number>()
  readonly listsSent = new Map<number, number>()

  constructor(index: number, worker: Worker) {
    this.index = index
    this.worker = worker
  }

  /** True where the worker has the plan; else it is about to get it. */
  isSent(planId: number): boolean {
    if (this.plansSent.has(planId)) return true
    this.plansSent.add(planId)
    if (this.plansSent.size > PLANS_MAX) {
      this.plansSent.delete(this.plansSent.values().next().value as number)
    }
    return false
  }
}

/** What launches the worker's bundle: beside the program's, or in dist/ when main runs from sources. */
function workerFile(): string {
  for (const place of ['./worker.cjs', '../../dist/worker.cjs']) {
    const file = fileURLToPath(new URL(place, import.meta.url))
    if (existsSync(file)) return file
  }
  throw new Error('worker.cjs is missing: run `npm run build`')
}

/** Query workers one a core, at least two: while one runs a long slice the other answers. */
export const defaultQueryWorkers = (): number => Math.max(2, availableParallelism())

/** Bytes of a worker's private memory; untouched pages cost nothing. */
export const WORK_MEMORY_BYTES = 2048 * MiB - 65536

/** All worker threads. */
export class WorkerPool {
  private readonly setup: PoolSetup
  private readonly cancelFlags = new Int32Array(new SharedArrayBuffer(CANCEL_SLOTS * 4))
  private readonly freeSlots = Array.from({ length: CANCEL_SLOTS }, (_, slot) => slot)
  private readonly seats: WorkerSeat[] = []
  private nextId = 1
  /** When queries began that may run very long. */
  private readonly longSince: number[] = []
  private readonly cacheArena: Arena
  private readonly rest = restAfterWork()
  private flushQueued = false
  /** Merges of a start for which no worker has room yet. */
  private readonly forRoom: (() => void)[] = []
  private closing = false
  private endBackground: NodeJS.Timeout | null = null

  /** Queries that run or wait. */
  get queriesRunning(): number { return CANCEL_SLOTS - this.freeSlots.length }

  /** Whether any worker has work, that in the background too. */
  get isBusy(): boolean { return this.seats.some(({ load }) => load > 0) }

  get queryWorkers(): number { return this.setup.queryWorkers }

  /** Workers that there are now. */
  get threads(): number { return this.seats.length }

  constructor(setup: PoolSetup) {
    // Each thread collects its young objects alone: they are few, and waking helpers for them took up to a
    // quarter of the process's CPU time (measured: 1.97 to 1.44 s of a loop that makes objects).
    setFlagsFromString('--no-parallel-scavenge')
    // Nor may V8 take what it has seen live once for long-lived: operators of a query were then made in old
    // space, and each held what was made for its query until the next collection of all (measured: 40 KB a
    // point query, 13 ms a collection of young objects against 2.5).
    setFlagsFromString('--no-allocation-site-pretenuring')
    setTierFlags()
    this.setup = setup
    this.cacheArena = attachArena(setup.cacheArena)
    for (let index = 0; index < setup.queryWorkers; index++) this.seats.push(this.seat(index))
    dropThreads()
    this.connectPeers()
  }

  /** Resolves when every query worker has said that it is up. */
  async ready(): Promise<void> {
    await Promise.all(this.seats.map((seat) => new Promise<void>((resolve, reject) => {
      seat.waiters.set(0, { resolve: () => resolve(), reject })
    })))
    delayOptimizing()
  }

  /** Has compiled code kept for the next start (src/launch/program.ts), by one worker: all run the same. */
  keepCode(): void { this.send(this.seats[0], { kind: 'keep-code' }) }

  /** Runs a plan; the answer is finished bytes. `onStart` gets the way to cancel it. */
  async query(work: QueryWork, onStart?: (cancel: () => void) => void): Promise<QueryDone> {
    const slot = this.freeSlots.pop()
    if (slot === undefined) throw new PoolBusy()
    const seat = this.leastLoaded()
    const id = this.nextId++
    let isOver = false
    Atomics.store(this.cancelFlags, slot, NOT_CANCELLED)
    onStart?.(() => { if (!isOver) Atomics.store(this.cancelFlags, slot, cancelWord(id)) })
    const tables = work.tables.map((list): PostedRows => {
      const { table: { id: tableId }, listId } = list
      if (listId === PASSING_LIST) return { tableId, listId, list }
      const isKnown = seat.listsSent.get(tableId) === listId
      seat.listsSent.set(tableId, listId)
      return { tableId, listId, list: isKnown ? null : list }
    })
    const plan = seat.isSent(work.planId) ? null : work.plan
    const nowMs = Date.now()
    const isVeryLong = isLong(work.deadlineMs - nowMs)
    if (isVeryLong) this.noteLong(() => this.longSince.push(nowMs))
    try {
      // Field by field: V8 copies an object with others behind it many times slower than it makes one.
      const done = await this.ask(seat, {
        kind: 'query', id, planId: work.planId, plan, slots: work.slots, tables, format: work.format,
        into: work.into ?? null, explain: work.explain, nowMs: work.nowMs, deadlineMs: work.deadlineMs,
        memoryBytes: work.memoryBytes, resultBytesMax: work.resultBytesMax, cancelSlot: slot,
      })
      if (done.kind !== 'query-done') throw new Error(`pool: ${done.kind} answers a query`)
      this.freeSlots.push(slot)
      return done
    } catch (error) {
      if (error instanceof WorkerError) this.freeSlots.push(slot)
      else {
        // Lost with its worker: those that help with it are told to stop, and its slot is the last to be used again.
        Atomics.store(this.cancelFlags, slot, cancelWord(id))
        this.freeSlots.unshift(slot)
      }
      throw error
    } finally {
      isOver = true
      if (isVeryLong) this.noteLong(() => this.longSince.splice(this.longSince.indexOf(nowMs), 1))
    }
  }

  private noteLong(change: () => void): void {
    change()
    noteLongQueries(this.cacheArena, this.setup.dictionaries, this.longSince)
  }

  /** Parses bodies into parts. */
  async ingest(planId: number, spec: IngestSpec, rest: Pick<IngestMessage, 'bodies' | 'importId' | 'nowMs'>,
  ): Promise<IngestResult> {
    const seat = this.leastLoaded()
    const plan = seat.isSent(planId) ? null : spec
    const done = await this.ask(seat, { kind: 'ingest', id: this.nextId++, planId, plan, ...rest })
    if (done.kind !== 'ingest-done') throw new Error(`pool: ${done.kind} answers an insert`)
    return done.result
  }

  /** Rows of a Parquet file to parts. */
  async parquet(planId: number, spec: IngestSpec, rest: Pick<ParquetMessage, 'stretch' | 'importId' | 'nowMs'>,
  ): Promise<IngestResult> {
    const seat = this.seats[rest.stretch.seat % this.setup.queryWorkers]
    const plan = seat.isSent(planId) ? null : spec
    const done = await this.ask(seat, { kind: 'parquet', id: this.nextId++, planId, plan, ...rest })
    if (done.kind !== 'ingest-done') throw new Error(`pool: ${done.kind} answers a file`)
    return done.result
  }

  /** A file's import is over. */
  forgetFile(file: string): void {
    for (const seat of this.seats) this.send(seat, { kind: 'forget-file', file })
  }

  /** A part's rows combined as its table's engine says: the part itself where nothing combines, else one
   * of its own beside it; null: no row is left. */
  async combine(table: TableMeta, part: NewPart): Promise<NewPart | null> {
    const done = await this.ask(this.leastLoaded(), { kind: 'combine', id: this.nextId++, table, part })
    if (done.kind !== 'combined') throw new Error(`pool: ${done.kind} answers a part`)
    return done.part !== null && done.part.address === part.address ? part : done.part
  }

  /** Runs a task of the store: in the background worker, unless the start waits for it. */
  async runTask(task: StoreTask): Promise<TaskResult> {
    const isAwaited = task.kind === 'merge-parts' && task.isAwaited
    while (isAwaited && this.leastLoaded().load >= AWAITED_MAX) await new Promise<void>((resolve) => { this.forRoom.push(resolve) })
    return await this.runTaskIn(isAwaited ? this.leastLoaded() : this.background(), task)
  }

  /** The background worker, from its first task on: at a start its code would be read while the query
   * workers', and the log, keep all cores busy. */
  private background(): WorkerSeat {
    const index = this.setup.queryWorkers
    if (this.seats.length === index) this.seats.push(this.seat(index))
    return this.seats[index]
  }

  /** Ends the background worker once it has had no task for a while: a thread's memory, where flushes and merges
   * were written, goes with it, and by nothing else. */
  private restBackground(seat: WorkerSeat): void {
    if (this.endBackground !== null) clearTimeout(this.endBackground)
    this.endBackground = setTimeout(() => {
      if (this.closing || seat.load > 0 || this.seats[seat.index] !== seat) return
      this.seats.pop()
      seat.worker.postMessage([{ kind: 'end' }])
    }, this.setup.backgroundRestMs).unref()
  }

  /** Takes rows of a part; in a query worker, for a client waits for it. */
  async takeRows(task: StoreTask & { kind: 'take-rows' }): Promise<TakenPart> {
    return await this.runTaskIn(this.leastLoaded(), task) as TakenPart
  }

  private async runTaskIn(
    seat: WorkerSeat, task: StoreTask,
  ): Promise<TaskResult> {
    const done = await this.ask(seat, { kind: 'task', id: this.nextId++, task })
    if (done.kind !== 'task-done') throw new Error(`pool: ${done.kind} answers a task`)
    return done.result
  }

  /** A table is gone or emptied: its shared dictionaries go too. */
  forgetTable(tableId: number): void {
    for (const seat of this.seats) this.send(seat, { kind: 'forget-table', tableId })
  }

  async close(): Promise<void> {
    this.closing = true
    optimizeAsUsual()
    await Promise.all(this.seats.map((seat) => seat.worker.terminate()))
  }

  private seat(index: number): WorkerSeat {
    const seat = new WorkerSeat(index, this.spawn(index))
    this.listen(seat)
    return seat
  }

  private spawn(index: number): Worker {
    const { queryWorkers, youngBytes, backgroundRestMs: _, ...shared } = this.setup
    const role = index === queryWorkers ? 'background' : 'query'
    const setup: WorkerSetup = {
      ...shared, index, role, cancelFlags: this.cancelFlags.buffer as SharedArrayBuffer,
    }
    const young = role === 'query' ? youngBytes : Math.min(youngBytes, BACKGROUND_YOUNG_BYTES_MAX)
    const [file, youngMb] = [workerFile(), Math.ceil(young / MiB)]
    optimizeAsUsual() // it takes kept code
    const worker = takeThread(file, youngMb) ?? new Worker(file, { resourceLimits: { maxYoungGenerationSizeMb: youngMb } })
    worker.postMessage(setup)
    return worker
  }

  private listen(seat: WorkerSeat): void {
    seat.worker.on('message', (batch: readonly FromWorker[]) => {
      for (const message of batch) {
        if (message.kind !== 'answers') this.settle(seat, message)
        else for (const answer of unpackAnswers(message)) this.settle(seat, answer)
      }
      this.rest()
    })
    seat.worker.on('error', (error) => this.replace(seat, error.message))
    seat.worker.on('exit', (code) => {
      if (!this.closing) this.replace(seat, `it ended with code ${code}`)
    })
  }

  /** Query workers can ask each other: a channel for each pair. */
  private connectPeers(): void {
    for (let a = 0; a < this.setup.queryWorkers; a++) {
      for (let b = a + 1; b < this.setup.queryWorkers; b++) this.connect(this.seats[a], this.seats[b])
    }
  }

  private connect(a: WorkerSeat, b: WorkerSeat): void {
    const { port1, port2 } = new MessageChannel()
    a.worker.postMessage([{ kind: 'peer', index: b.index, port: port1 }], [port1])
    b.worker.postMessage([{ kind: 'peer', index: a.index, port: port2 }], [port2])
  }

  /** A worker died that was to live: those who wait for it are told, and a new one takes its seat. */
  private replace(seat: WorkerSeat, why: string): void {
    if (this.closing || this.seats[seat.index] !== seat) return
    const waiting = [...seat.waiters.values()]
    seat.waiters.clear()
    seat.plansSent.clear()
    seat.listsSent.clear()
    seat.outbox = []
    seat.load = 0
    seat.worker.removeAllListeners()
    seat.worker = this.spawn(seat.index)
    this.listen(seat)
    for (const other of this.seats.slice(0, this.setup.queryWorkers)) {
      if (other !== seat && seat.index < this.setup.queryWorkers) this.connect(other, seat)
    }
    for (const waiter of waiting) waiter.reject(new Error(`A worker was lost: ${why}`))
    for (const resolve of this.forRoom.splice(0)) resolve()
  }

  private leastLoaded(): WorkerSeat {
    let best = this.seats[0]
    for (let index = 1; index < this.setup.queryWorkers; index++) {
      if (this.seats[index].load < best.load) best = this.seats[index]
    }
    return best
  }

  private ask(seat: WorkerSeat, message: ToWorker & { id: number }): Promise<FromWorker> {
    seat.load++
    return new Promise((resolve, reject) => {
      seat.waiters.set(message.id, { resolve, reject })
      this.send(seat, message)
    })
  }

  private send(seat: WorkerSeat, message: ToWorker): void {
    seat.outbox.push((message.kind === 'query' ? packQuery(message) : null) ?? message)
    if (this.flushQueued) return
    this.flushQueued = true
    setImmediate(() => {
      this.flushQueued = false
      for (const each of this.seats) {
        if (each.outbox.length > 0) each.worker.postMessage(each.outbox.splice(0))
      }
    })
  }

  private settle(seat: WorkerSeat, message: FromWorker): void {
    const waiter = seat.waiters.get(message.id)
    if (waiter === undefined) return
    seat.waiters.delete(message.id)
    if (message.kind !== 'ready') seat.load--
    if (seat.index === this.setup.queryWorkers && seat.load === 0) this.restBackground(seat)
    this.forRoom.shift()?.()
    if (message.kind === 'failed') waiter.reject(new WorkerError(message.error))
    else waiter.resolve(message)
  }
}

/** More queries than can be told apart at once: 503. */
export class PoolBusy extends Error {
  constructor() { super(`More than ${CANCEL_SLOTS} queries are running; try again in a second`) }
}
