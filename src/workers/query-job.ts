// One query in one worker, as a job of slices: prepare a stage, run its morsels (with peers where
// there are many), merge, go on; at the end the result's bytes.
//
//   coordinator: prepare -> [ask peers] -> morsels -> wait for peers -> finish -> next stage -> format
//   peer:        morsels of one stage -> partial state into the data arena -> 'helped'
//
// Where groups have no room, the query begins anew, and a stage goes over its rows in passes (exec/groups/passes.ts).
//
// Invariant: every morsel number is handed out once (the control words), and the coordinator finishes
// a stage only when as many morsels as there are were reported done.

import { deserialize, serialize } from 'node:v8'
import { MemoryAccount, MemoryLimitExceeded } from '../../storage/kernels/work-memory.ts'
import { formatResult } from '../format/format.ts'
import { rowCountOf } from '../format/result.ts'
import { rowTextsOf } from '../format/row-texts.ts'
import type { PackedPlain } from '../exec/blocks/packed-plain.ts'
import { Passes, type PassPlan } from '../exec/groups/passes.ts'
import { QueryRun, type Morsel } from '../exec/pipeline.ts'
import type { Chunk, SharedStates } from '../exec/runtime/shared-states.ts'
import { cancelWord } from './cancel.ts'
import { describeFailure, QueryStopped } from './failure.ts'
import type { Job } from './job-queue.ts'
import {
  PASSING_LIST, type HelpMessage, type HelpWork, type PeerMessage, type QueryMessage, type QueryPost,
  type QueryStats,
  type WorkerFailure,
} from './messages.ts'
import { partOfResult } from './result-part.ts'
import { SharedCells } from './shared-cells.ts'
import type { WorkerWorld } from './world.ts'

/** Morsels left from which asking a peer is worth its message: fewer are done before it answers. Where
 * few rows are ahead, peers are asked after a slice of work, not before: most queries are done by then,
 * however many row sets they looked at. */
const HELP_MORSELS_MIN = 4
/** Rows ahead from which peers are asked at once: they take longer than a slice. */
const HELP_ROWS_AT_ONCE = 2 ** 18
/** Time of one slice; a morsel is ≤ 2 ms, small ones share a slice. */
const SLICE_MS = 2

/** Words of shared memory by which workers share out a stage's morsels: how many were handed out, and of
 * those how many from the front (to the coordinator) and from the back (to its peers). Each side so
 * stays among rows that lie near each other: groups and dictionaries that one has met, the other
 * mostly need not. */
const [HANDED_OUT, FROM_FRONT, FROM_BACK] = [0, 1, 2]
const CONTROL_WORDS = 3

/** A morsel that nobody has, or `count` and more. */
function takeMorsel(control: Int32Array, count: number, isFromBack: boolean): number {
  if (Atomics.add(control, HANDED_OUT, 1) >= count) return count
  return isFromBack ? count - 1 - Atomics.add(control, FROM_BACK, 1) : Atomics.add(control, FROM_FRONT, 1)
}

/** What writes rows of the answer in each worker; null: the answer is no bytes of rows. */
const rowTextsFor = (world: WorkerWorld, message: QueryMessage, account: MemoryAccount) =>
  (message.into !== null || message.explain ? null
    : rowTextsOf(message.format, { columns: message.plan.root.columns, settings: message.plan.settings }, message.resultBytesMax,
      { account, kernels: world.kernels }))

/** Builds the run of a query in this worker; the account is the caller's to release. */
function startRun(
  world: WorkerWorld, message: QueryMessage, account: MemoryAccount, shared: SharedStates, passes: readonly (PassPlan | undefined)[],
): QueryRun {
  const { plan } = message
  const tables = new Map(message.tables.map((entry) => [entry.table.id, entry]))
  const deadline = message.deadlineMs
  const flags = world.cancelFlags
  const cancelled = cancelWord(message.id)
  const checkAlive = () => {
    if (Atomics.load(flags, message.cancelSlot) === cancelled) {
      throw new QueryStopped('cancelled', 'The query was cancelled: its client left')
    }
    if (Date.now() > deadline) {
      throw new QueryStopped('deadline', 'Timeout exceeded: the query ran past its time limit '
        + '(setting max_execution_time)')
    }
  }
  const passing = new Set(message.tables.filter(({ listId }) => listId === PASSING_LIST)
    .map(({ table }) => table.id))
  return new QueryRun(plan, message.slots, {
    account, kernels: world.kernels, nowMs: message.nowMs, checkAlive,
    dictionaries: passing.size === 0 ? world.dictionaries : world.dictionaries.without(passing),
    openRows: (tableId: number) => {
      const entry = tables.get(tableId)
      if (entry === undefined) throw new Error(`worker: no snapshot of table ${tableId} was sent`)
      return world.rowSets.open(tableId, entry.table.name, world.rowSets.rowsOf(entry))
    },
    shared, passes, masks: world.masks, rowTexts: rowTextsFor(world, message, account),
    tableOf: (tableId: number) => {
      const entry = tables.get(tableId)
      if (entry === undefined) throw new Error(`worker: no snapshot of table ${tableId} was sent`)
      return entry.table
    },
  })
}

/** What a coordinator lent to its peers: freed when it has ended and every peer has answered, because
 * a late peer still looks at the control word. */
export class Lent {
  /** Peers that have been asked and have not answered, once for each time. */
  private readonly asked: number[] = []
  private hasEnded = false
  private readonly cells: Chunk[] = []
  private readonly world: Pick<WorkerWorld, 'dataArena' | 'forgetQuery'>
  private readonly id: number

  constructor(world: Pick<WorkerWorld, 'dataArena' | 'forgetQuery'>, id: number) {
    this.world = world
    this.id = id
  }

  get outstanding(): number { return this.asked.length }

  /** These peers will answer. */
  ask(peers: readonly number[]): void { this.asked.push(...peers) }

  /** One has; false: it was not to. */
  heard(peer: number): boolean {
    const at = this.asked.indexOf(peer)
    if (at >= 0) this.asked.splice(at, 1)
    return at >= 0
  }

  /** Cells of the data arena that are to be freed at the end, too. */
  adopt(cells: readonly Chunk[]): void { this.cells.push(...cells) }

  /** Bytes of the data arena to free at the end; address 0 when none are left. */
  take(bytes: number): number {
    const address = this.world.dataArena.allocate(bytes)
    if (address !== 0) this.cells.push({ address, bytes })
    return address
  }

  /** Gives back what has been lent so far, but for cells that are `held`: every peer has answered. */
  takeBack(held: readonly Chunk[] = []): void {
    const addresses = new Set(held.map(({ address }) => address))
    for (const cell of this.cells.splice(0)) {
      if (addresses.has(cell.address)) this.cells.push(cell)
      else this.world.dataArena.free(cell.address, cell.bytes)
    }
  }

  end(): void {
    this.hasEnded = true
    this.settle()
  }

  /** Frees everything when nobody can look at it any more. */
  settle(): void {
    if (!this.hasEnded || this.outstanding > 0) return
    this.takeBack()
    this.world.forgetQuery(this.id)
  }
}

/** What a worker does itself of a stage's morsels, in slices of time: a morsel may take several. */
class OwnMorsels {
  done = 0
  private steps: Iterator<void> | null = null

  /** Works for one slice; `take` begins another morsel, null: none is left. False: then all that it took are done. */
  work(take: () => Iterator<void> | null): boolean {
    const until = performance.now() + SLICE_MS
    do {
      this.steps ??= take()
      if (this.steps === null) return false
      if (this.steps.next().done === true) {
        this.steps = null
        this.done++
      }
    } while (performance.now() < until)
    return true
  }
}

type Helped = Extract<PeerMessage, { kind: 'helped' }>

function freeState({ dataArena }: Pick<WorkerWorld, 'dataArena'>, report: Exclude<PeerMessage, HelpMessage>): void {
  if (report.kind === 'helped' && report.bytes > 0) dataArena.free(report.address, report.bytes)
}

/** Gives back what a report brings whose query nobody answers: the worker that did was lost. */
export function freeReport(world: Pick<WorkerWorld, 'dataArena'>, report: Exclude<PeerMessage, HelpMessage>): void {
  freeState(world, report)
  if (report.kind === 'helped') for (const { address, bytes } of report.cells) world.dataArena.free(address, bytes)
}

/** Writes a state into the data arena: its address. Throws MemoryLimitExceeded, also of what rows in order need on the way. */
export function placeState({ dataArena }: Pick<WorkerWorld, 'dataArena'>, state: PackedPlain): number {
  const bytes = state.byteLength
  const address = dataArena.allocate(bytes)
  if (address === 0) throw new MemoryLimitExceeded(bytes, dataArena.budgetBytes)
  try {
    state.writeTo(dataArena.bytes(address, bytes))
  } catch (error) {
    dataArena.free(address, bytes)
    throw error
  }
  return address
}

/** The worker that answers a query. */
export class QueryJob implements Job {
  readonly id: number
  private readonly account: MemoryAccount
  private readonly began = performance.now()
  private run: QueryRun | null = null
  private stage = 0
  private phase: 'prepare' | 'morsels' | 'wait' | 'format' | 'drain' = 'prepare'
  private morsels: readonly Morsel[] = []
  private next = 0
  /** Morsels that all workers had begun when the first of them failed. */
  private begun = 0
  private own = new OwnMorsels()
  private doneByPeers = 0
  private control: Int32Array | null = null
  private failure: WorkerFailure | null = null
  private postedBytes = 0
  private readonly arrived: Helped[] = []
  private earlier: { stage: number; address: number; bytes: number }[] = []
  private lentStages = 0
  /** Rows of the stage are in, and groups are being merged. */
  private isMerging = false
  private readonly passes = new Passes()
  private readonly shared: SharedCells
  private readonly lent: Lent
  private readonly world: WorkerWorld
  private readonly message: QueryMessage

  /** `message` is whole (WorkerWorld.whole); `posted` is what was sent of it. */
  constructor(world: WorkerWorld, message: QueryMessage, posted: QueryPost) {
    this.world = world
    this.message = message
    this.id = message.id
    this.account = new MemoryAccount(world.work, message.memoryBytes, world.setup.queriesBytes)
    this.shared = new SharedCells(world.dataArena, world.peerCount > 0)
    this.lent = new Lent(world, message.id)
    this.countPosted(posted, 1)
  }

  /** Adds what was posted `times`, where that is counted. */
  private countPosted(message: unknown, times: number): void {
    if (this.world.setup.countsPosted) this.postedBytes += serialize(message).length * times
  }

  /** A peer's report; the worker resumes the job afterwards. Also after the end: bytes are freed. */
  receive(report: Exclude<PeerMessage, HelpMessage>, peer: number): void {
    this.lent.heard(peer)
    this.countPosted(report, 1)
    if (report.kind === 'helped') this.lent.adopt(report.cells)
    if (report.kind === 'help-failed') this.stop(report.error)
    else if (this.run === null || this.failure !== null) this.drop(report)
    else this.arrived.push(report)
    this.lent.settle()
  }

  /** A peer is gone, and what it was to answer with it. */
  lose(peer: number): void {
    if (!this.lent.heard(peer)) return
    while (this.lent.heard(peer)) {}
    this.stop(describeFailure(new Error('A worker was lost while it helped with the query')))
    this.lent.settle()
  }

  step(): 'more' | 'waiting' | 'done' {
    try {
      if (this.failure === null) this.advanceFor(SLICE_MS)
    } catch (error) {
      this.stop(describeFailure(error))
    }
    if (this.failure !== null && this.lent.outstanding > 0) return 'waiting'
    if (this.failure !== null && this.beginAnew()) return 'more'
    if (this.failure !== null) {
      this.world.post({ kind: 'failed', id: this.id, error: this.failure })
      this.release()
      return 'done'
    }
    if (this.phase === 'drain') return 'done'
    return this.phase === 'wait' ? 'waiting' : 'more'
  }

  fail(error: unknown): void {
    this.world.post({ kind: 'failed', id: this.id, error: describeFailure(error) })
    this.release()
  }

  /** Remembers the first error; peers stop at their next look: no morsel is left. */
  private stop(failure: WorkerFailure): void {
    if (this.failure !== null) return
    this.failure = failure
    this.begun = this.control === null ? this.next : Atomics.exchange(this.control, HANDED_OUT, this.morsels.length)
  }

  /** Whether the query does, with more passes, after its failure: groups had no room. */
  private beginAnew(): boolean {
    const { run, failure, account, begun, morsels } = this
    if (failure?.code !== 'MEMORY_LIMIT_EXCEEDED' || run === null) return false
    const shortage = run.shortage(this.stage, this.isMerging || begun >= morsels.length ? 1 : begun / morsels.length)
    if (!this.passes.hasMore(shortage, account)) {
      this.failure = { ...failure, message: failure.message + this.passes.tried }
      return false
    }
    this.takeBack()
    this.run = null
    this.failure = null
    this.stage = 0
    this.phase = 'prepare'
    return true
  }

  /** Gives back all that the run has: every peer has answered. */
  private takeBack(): void {
    for (const report of this.arrived.splice(0)) this.drop(report)
    this.run?.release()
    this.account.releaseAll()
    this.giveBack()
  }

  /** What lies in shared memory goes: what was lent, and states but for those that are `held`. */
  private giveBack(held: readonly Chunk[] = []): void {
    this.lent.adopt(this.shared.take())
    this.lent.takeBack(held)
    this.control = null
    this.earlier = []
    this.lentStages = 0
  }

  /** What is ready goes on within the slice: a queue of others may stand before the next one. */
  private advanceFor(ms: number): void {
    const until = performance.now() + ms
    do this.advance()
    while (this.phase !== 'wait' && this.phase !== 'drain' && performance.now() < until)
  }

  private advance(): void {
    const run = this.run ??= startRun(this.world, this.message, this.account, this.shared, this.passes.plans)
    if (this.phase === 'prepare') this.prepare(run)
    if (this.phase === 'morsels') this.runMorsels(run)
    if (this.phase === 'wait') this.gather(run)
    if (this.phase === 'format') this.answer(run)
  }

  private prepare(run: QueryRun): void {
    if (this.stage === run.stages) {
      this.phase = 'format'
      return
    }
    this.isMerging = false
    this.begin(run.prepareStage(this.stage))
    if (run.workAhead >= HELP_ROWS_AT_ONCE) this.askForHelp(run)
  }

  private begin(morsels: readonly Morsel[]): void {
    this.morsels = morsels
    this.next = 0
    this.own = new OwnMorsels()
    this.doneByPeers = 0
    this.control = null
    this.phase = 'morsels'
  }

  private askForHelp(run: QueryRun): void {
    const { world } = this
    if (this.morsels.length - this.next < HELP_MORSELS_MIN || world.peerCount === 0) return
    if (!this.lendEarlier(run)) return
    const work: HelpWork = {
      query: this.message, morsels: this.morsels, earlier: this.earlier, merge: this.isMerging ? run.mergeWork() : null,
      pass: run.pass,
    }
    const serialized = serialize(work)
    const bytes = serialized.length
    const controlAddress = this.lent.take(64)
    const address = controlAddress === 0 ? 0 : this.lent.take(bytes)
    if (address === 0) return // no room to ask: work alone
    world.dataArena.bytes(address, bytes).set(serialized)
    this.control = world.dataArena.i32(controlAddress, CONTROL_WORDS)
    this.control.set([this.next, this.next, 0])
    const help: HelpMessage = {
      kind: 'help', id: this.id, from: world.index, stage: this.stage, address, bytes, controlAddress,
    }
    const asked = world.askPeers(help)
    this.lent.ask(asked)
    this.countPosted(help, asked.length)
  }

  private runMorsels(run: QueryRun): void {
    const hasMore = this.own.work(() => {
      const taken = this.control === null ? this.next++ : takeMorsel(this.control, this.morsels.length, false)
      return taken < this.morsels.length ? run.stepsOf(this.stage, this.morsels[taken]) : null
    })
    if (!hasMore) this.phase = 'wait'
    else if (this.control === null) this.askForHelp(run)
  }

  /** Takes in what peers have reported; goes on when all morsels are done. */
  private gather(run: QueryRun): void {
    for (const report of this.arrived.splice(0)) {
      if (report.done === 0) continue
      this.doneByPeers += report.done
      run.addRead(report.rowsRead, report.bytesRead)
      const bytes = this.world.dataArena.bytes(report.address, report.bytes)
      if (this.isMerging) run.importMerged(this.stage, bytes)
      else run.importPartial(this.stage, bytes)
      this.drop(report)
    }
    if (this.own.done + this.doneByPeers < this.morsels.length) return
    const merges = run.prepareMerge(this.stage)
    if (merges.length > 0) {
      this.isMerging = true
      this.begin(merges)
      this.askForHelp(run)
      return
    }
    // Groups of a pass go before those of the next come: a peer may still have to say that it did nothing.
    if (run.pass.count > 1 && this.lent.outstanding > 0) return
    if (run.finishStage(this.stage)) {
      this.stage++
      this.phase = 'prepare'
      return
    }
    this.giveBack(run.chunksOf(this.stage))
    this.isMerging = false
    this.begin(run.nextPass(this.stage))
    if (run.workAhead >= HELP_ROWS_AT_ONCE) this.askForHelp(run)
  }

  /** Rows of the stages before (sets, scalars, tables of joins) into shared memory, once peers are to
   * help: a small query never copies them. False: no room, so the work is done alone. */
  private lendEarlier(run: QueryRun): boolean {
    for (; this.lentStages < this.stage; this.lentStages++) {
      const packed = run.exportStageResult(this.lentStages)
      if (packed === null) continue
      const bytes = packed.byteLength
      const address = this.lent.take(bytes)
      if (address === 0) return false
      packed.writeTo(this.world.dataArena.bytes(address, bytes))
      this.earlier.push({ stage: this.lentStages, address, bytes })
    }
    return true
  }

  private answer(run: QueryRun): void {
    const result = run.result()
    const stats: QueryStats = {
      rowsRead: result.stats.rowsRead,
      bytesRead: result.stats.bytesRead,
      rows: rowCountOf(result),
      rowsBeforeLimit: result.rowsBeforeLimit,
      peakBytes: this.account.peakBytes,
      elapsedMs: performance.now() - this.began,
      postedBytes: this.postedBytes,
    }
    const { into, explain, format, resultBytesMax } = this.message
    if (into !== null) {
      const made = partOfResult(result.blocks, into, this.world, this.account)
      this.world.post({ kind: 'query-done', id: this.id, body: new Uint8Array(0), ...made, stats })
    } else {
      const body = explain ? new TextEncoder().encode(run.explain())
        : formatResult(format, result, stats, resultBytesMax, { account: this.account, kernels: this.world.kernels }, this.world.answers)
      this.world.post({ kind: 'query-done', id: this.id, body, part: null, keys: null, stats })
    }
    this.release()
    this.phase = 'drain'
  }

  private drop(report: Exclude<PeerMessage, HelpMessage>): void { freeState(this.world, report) }

  private release(): void {
    for (const report of this.arrived.splice(0)) this.drop(report)
    this.run?.release()
    this.run = null
    this.account.releaseAll()
    this.lent.adopt(this.shared.take())
    this.lent.end()
  }
}

/** A peer's share of one stage of somebody else's query. */
export class HelpJob implements Job {
  private readonly account: MemoryAccount
  private readonly control: Int32Array
  private run: QueryRun | null = null
  private readonly own = new OwnMorsels()
  private readonly world: WorkerWorld
  private readonly help: HelpMessage
  private readonly work: HelpWork
  private readonly shared: SharedCells

  constructor(world: WorkerWorld, help: HelpMessage) {
    this.world = world
    this.help = help
    // A copy: V8 reads no shared memory.
    this.work = deserialize(world.dataArena.bytes(help.address, help.bytes).slice()) as HelpWork
    this.account = new MemoryAccount(world.work, this.work.query.memoryBytes, world.setup.queriesBytes)
    this.control = world.dataArena.i32(help.controlAddress, CONTROL_WORDS)
    this.shared = new SharedCells(world.dataArena, true)
  }

  step(): 'more' | 'waiting' | 'done' {
    const { help, work: { morsels } } = this
    const hasMore = this.own.work(() => {
      const taken = takeMorsel(this.control, morsels.length, true)
      if (taken >= morsels.length) return null
      this.run ??= this.start()
      return this.run.stepsOf(help.stage, morsels[taken])
    })
    if (hasMore) return 'more'
    this.report()
    return 'done'
  }

  fail(error: unknown): void {
    this.world.postPeer(this.help.from, {
      kind: 'help-failed', id: this.help.id, stage: this.help.stage,
      error: describeFailure(error),
    })
    this.release()
  }

  private start(): QueryRun {
    const run = startRun(this.world, this.work.query, this.account, this.shared, [])
    for (const { stage, address, bytes } of this.work.earlier) {
      run.importStageResult(stage, this.world.dataArena.bytes(address, bytes))
    }
    run.expect(this.work.morsels)
    run.joinPass(this.help.stage, this.work.pass)
    run.joinStage(this.help.stage)
    if (this.work.merge !== null) run.joinMerge(this.help.stage, this.work.merge)
    return run
  }

  private report(): void {
    let address = 0
    let bytes = 0
    if (this.run !== null) {
      const { stage } = this.help
      const state = this.work.merge === null ? this.run.exportPartial(stage) : this.run.exportMerged(stage)
      bytes = state.byteLength
      address = placeState(this.world, state)
    }
    const stats = this.run?.stats
    this.world.postPeer(this.help.from, {
      kind: 'helped', id: this.help.id, stage: this.help.stage, done: this.own.done, address, bytes,
      cells: this.shared.take(),
      rowsRead: stats?.rowsRead ?? 0, bytesRead: stats?.bytesRead ?? 0,
    })
    this.release()
  }

  private release(): void {
    this.run?.release()
    this.account.releaseAll()
    this.shared.free()
  }
}
