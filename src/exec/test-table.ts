// Tables for the tests of the executor: rows of plain values as images in memory, and ways to run a
// statement over them in one worker or split over several.

import { createArena } from '../../storage/arena/create.ts'
import type { Arena } from '../../storage/arena/arena.ts'
import { LocalStrings } from '../../storage/column/local-strings.ts'
import { parseDataType } from '../../storage/column/parse-type.ts'
import type { Vector } from '../../storage/column/vector.ts'
import type { TableMeta } from '../../storage/face.ts'
import { loadKernels } from '../../storage/kernels/load.ts'
import { MemoryAccount, MemoryLimitExceeded, WorkMemory } from '../../storage/kernels/work-memory.ts'
import { memorySource } from '../../storage/part/arena-source.ts'
import { buildImage } from '../../storage/part/build.ts'
import { openImage } from '../../storage/part/image.ts'
import type { RowSet } from '../../storage/part/row-set.ts'
import { valueAt, vectorOf } from '../functions/values/values.ts'
import { analyze, type Catalog } from '../plan/analyze.ts'
import { bindSlots } from '../plan/slots.ts'
import type { TypedPlan } from '../plan/plan.ts'
import type { Value } from '../functions/values/value.ts'
import { parseQuery } from '../sql/parse.ts'
import { bytesOfText } from '../sql/raw-text.ts'
import { MaskCache } from './scan/final.ts'
import type { PackedPlain } from './blocks/packed-plain.ts'
import { Passes, type Shortage } from './groups/passes.ts'
import { QueryRun, type Morsel, type RunEnv, type RunResult } from './pipeline.ts'
import type { Chunk, SharedStates } from './runtime/shared-states.ts'
import { createSharedDictionaries, SharedDictionaries, type SharedDictionariesHandle } from './dictionaries/shared-dictionary.ts'
import type { SharedDictionary } from './dictionaries/string-table.ts'

const MiB = 2 ** 20
const work = new WorkMemory(1024 * MiB)
/** The kernels that row sets are read by, and memory that they reach. */
export const kernels = loadKernels(work)
export const newAccount = (limitBytes: number): MemoryAccount => new MemoryAccount(work, limitBytes)

export type Row = readonly Value[]
export type TestColumn = readonly [name: string, type: string]

/** A table of several row sets. */
export class TestTable {
  readonly meta: TableMeta
  readonly rowSets: RowSet[] = []

  constructor(name: string, id: number, columns: readonly TestColumn[], sampleBy: string | null = null) {
    this.meta = {
      name, id, schemaVersion: 1, engine: 'MergeTree', partitionBy: '', sortBy: [], ttl: null, settings: {},
      sampleBy,
      columns: columns.map(([column, type], i) =>
        ({ id: i + 1, name: column, type, defaultExpr: null })),
    }
  }

  /** Adds a row set; strings come behind a dictionary unless there are too many. */
  add(rows: readonly Row[], isSegment: boolean): void {
    const account = new MemoryAccount(work, 900 * MiB)
    const image = buildImage({
      tableId: this.meta.id, schemaVersion: 1, isSorted: isSegment, partition: 'all', withPostings: isSegment,
      columns: this.meta.columns.map((column, c) => {
        const type = parseDataType(column.type)
        const values = rows.map((row) => row[c])
        const vector = column.type.includes('String') && !/Array|Map|Tuple|FixedString/.test(column.type)
          ? stringVector(values, column.type) : vectorOf(values, type, account)
        return { id: column.id, name: column.name, type, vector }
      }),
    }, account, kernels)
    account.releaseAll()
    const number = this.rowSets.length + 1
    this.rowSets.push(openImage(memorySource(image, false), { label: `part ${number} of ${this.meta.name}`, firstSequence: number, lastSequence: number }, kernels))
  }
}

function stringVector(values: readonly Value[], typeText: string): Vector {
  const texts = values.map((value) => String(value ?? ''))
  const numbers = new Map<string, number>()
  for (const text of texts) if (!numbers.has(text)) numbers.set(text, numbers.size)
  const list = [...numbers.keys()].map((text) => bytesOfText(text))
  const offsets = new Uint32Array(list.length + 1)
  list.forEach((bytes, i) => { offsets[i + 1] = offsets[i] + bytes.length })
  return {
    kind: 'codes', type: parseDataType(typeText), length: values.length, isConst: false,
    nulls: values.includes(null) ? Uint8Array.from(values, (value) => (value === null ? 1 : 0)) : null,
    codes: Uint32Array.from(texts, (text) => numbers.get(text) as number),
    dictionary: new LocalStrings(list.length, new Uint8Array(Buffer.concat(list)), offsets),
  }
}

export type Answer = {
  readonly names: readonly string[]; readonly types: readonly string[]
  readonly rows: readonly Value[][]; readonly result: RunResult; readonly run: QueryRun
}

/** Tables, their dictionaries, and workers over them. */
export class TestWorld {
  readonly arena: Arena
  readonly tables: readonly TestTable[]
  private readonly nowMs: number
  private readonly handle: SharedDictionariesHandle
  private readonly workers: SharedDictionaries[] = []
  private readonly masks = new MaskCache()
  private readonly plans = new Map<string, TypedPlan>()
  /** Keys of any GROUP BY come as one code, from its second run on. */
  private readonly hasJointKeys: boolean
  /** Groups of a worker, and rows of windows, from which on they are shared out; 0: never. */
  private readonly shareFrom: number
  /** States that are shared out, of all workers. */
  private readonly cells: Uint8Array[] = []

  constructor(
    tables: readonly TestTable[], dictionaryBytes = 64 * MiB, nowMs = 1_700_000_000_000, hasJointKeys = false, shareFrom = 0,
  ) {
    this.tables = tables
    this.shareFrom = shareFrom
    this.hasJointKeys = hasJointKeys
    this.nowMs = nowMs
    this.arena = createArena({ budgetBytes: 256 * MiB })
    this.handle = createSharedDictionaries(this.arena, dictionaryBytes)
  }

  private env(worker: number, limitBytes: number): RunEnv {
    const dictionaries = this.workers[worker] ??= new SharedDictionaries(this.arena, this.handle)
    if (this.hasJointKeys) dictionaries.jointFrom = { rowsMin: 1, bitsMin: 0, idleSeconds: 0 }
    return {
      account: new MemoryAccount(work, limitBytes), kernels, nowMs: this.nowMs,
      checkAlive: () => {}, dictionaries,
      openRows: (id) => this.tables.find((table) => table.meta.id === id)?.rowSets ?? [],
      tableOf: (id) => (this.tables.find((table) => table.meta.id === id) as TestTable).meta,
      masks: this.masks, shared: this.shareFrom > 0 ? this.sharedStates() : null,
    }
  }

  /** The shared dictionary of a column, as the first worker has it; null: none yet. */
  dictionaryOf(tableId: number, columnId: number): SharedDictionary | null { return this.workers.at(0)?.of(tableId, columnId) ?? null }

  private sharedStates(): SharedStates {
    const { cells } = this
    return {
      shareFrom: this.shareFrom, flushFrom: this.shareFrom * 3, windowsFrom: this.shareFrom,
      allocate: (bytes) => ({ address: cells.push(new Uint8Array(new SharedArrayBuffer(bytes))) - 1, bytes }),
      bytes: ({ address }) => cells[address],
    }
  }

  /** Shared memory that is not held any more serves others. */
  private spoilCells(held: readonly Chunk[]): void {
    const addresses = new Set(held.map(({ address }) => address))
    this.cells.forEach((cell, address) => { if (!addresses.has(address)) cell.fill(255) })
  }

  /** Runs a statement; with several workers their morsels alternate and partial states are merged. */
  run(sql: string, workerCount = 1, limitBytes = 800 * MiB): Answer {
    return this.withResult(sql, workerCount, (result, run) => ({
      result, run, names: result.columns.map(({ name }) => name),
      types: result.columns.map(({ type }) => type),
      rows: result.blocks.flatMap((block) => Array.from({ length: block.rowCount }, (_, row) =>
        block.columns.map((column) => valueAt(column, row)))),
    }), limitBytes)
  }

  /** The same plan for the same statement, as a server keeps it: what a run leaves with it shows. */
  planOf(sql: string): TypedPlan {
    let plan = this.plans.get(sql)
    if (plan === undefined) this.plans.set(sql, plan = analyze(parseQuery(sql), this.catalog))
    return plan
  }

  get catalog(): Catalog {
    return {
      table: (name) => this.tables.find((table) => table.meta.name === name)?.meta ?? null,
      tableNames: () => this.tables.map((table) => table.meta.name),
    }
  }

  /** As run(), with the result while its memory is held. */
  withResult<T>(
    sql: string, workerCount: number, use: (result: RunResult, run: QueryRun) => T,
    limitBytes = 800 * MiB,
  ): T {
    const plan = this.planOf(sql)
    return this.withPlan(plan, bindSlots(plan, []), workerCount, use, limitBytes)
  }

  /** The same for a plan with values of its slots. */
  withPlan<T>(
    plan: TypedPlan, slots: readonly Value[], workerCount: number, use: (result: RunResult, run: QueryRun) => T,
    limitBytes = 800 * MiB, more: (env: RunEnv) => Partial<RunEnv> = () => ({}),
  ): T {
    const envs = Array.from({ length: workerCount }, (_, worker) => {
      const env = this.env(worker, limitBytes)
      return { ...env, ...more(env) }
    })
    const passes = new Passes()
    for (;;) {
      const attempt = new Attempt(plan, slots, envs.map((env) => ({ passes: passes.plans, ...env })), (held) => { this.spoilCells(held) })
      try {
        return use(attempt.result(), attempt.main)
      } catch (error) {
        if (!(error instanceof MemoryLimitExceeded) || !passes.hasMore(attempt.shortage(), envs[0].account)) throw error
      } finally {
        for (const run of attempt.runs) run.release()
        for (const env of envs) env.account.releaseAll()
      }
    }
  }
}

/** A query as several workers run it, in turn. */
class Attempt {
  readonly runs: QueryRun[] = []
  readonly main: QueryRun
  private stage = 0
  private rowShare = 0
  private readonly newRun: (env: RunEnv) => QueryRun
  private readonly peerEnvs: readonly RunEnv[]
  private readonly endPass: (held: readonly Chunk[]) => void

  /** `endPass` is told which shared memory is held when a pass is over. */
  constructor(plan: TypedPlan, slots: readonly Value[], envs: readonly RunEnv[], endPass: (held: readonly Chunk[]) => void) {
    this.endPass = endPass
    this.newRun = (env) => {
      const run = new QueryRun(plan, slots, env)
      this.runs.push(run)
      return run
    }
    this.main = this.newRun(envs[0])
    this.peerEnvs = envs.slice(1)
  }

  result(): RunResult {
    const { main } = this
    for (; this.stage < main.stages; this.stage++) {
      let morsels = main.prepareStage(this.stage)
      for (;;) {
        this.runRows(morsels)
        this.merge()
        if (main.finishStage(this.stage)) break
        this.endPass(main.chunksOf(this.stage))
        morsels = main.nextPass(this.stage)
      }
    }
    return main.result()
  }

  shortage(): Shortage { return this.main.shortage(this.stage, this.rowShare) }

  /** Runs of the other workers; each job of a peer has one of its own. */
  private peers(): readonly QueryRun[] {
    const { main, stage } = this
    return this.peerEnvs.map((env) => {
      const peer = this.newRun(env)
      for (let before = 0; before < stage; before++) {
        const rows = main.exportStageResult(before)
        if (rows !== null) peer.importStageResult(before, written(rows))
      }
      peer.joinPass(stage, main.pass)
      peer.joinStage(stage)
      return peer
    })
  }

  private end(peers: readonly QueryRun[]): void {
    for (const peer of peers) peer.release()
    for (const { account } of this.peerEnvs) account.releaseAll()
  }

  private runRows(morsels: readonly Morsel[]): void {
    const { main, stage } = this
    const peers = this.peers()
    const all = [main, ...peers]
    morsels.forEach((morsel, i) => {
      this.rowShare = (i + 1) / morsels.length
      all[i % all.length].runMorsel(stage, structuredClone(morsel))
    })
    this.rowShare = 1
    for (const peer of peers) {
      main.addRead(peer.stats.rowsRead, peer.stats.bytesRead)
      main.importPartial(stage, written(peer.exportPartial(stage)))
    }
    this.end(peers)
  }

  private merge(): void {
    const { main, stage } = this
    for (let merges = main.prepareMerge(stage); merges.length > 0; merges = main.prepareMerge(stage)) {
      const mergers = this.peers()
      for (const merger of mergers) merger.joinMerge(stage, main.mergeWork())
      const all = [main, ...mergers]
      merges.forEach((morsel, i) => all[i % all.length].runMorsel(stage, morsel))
      for (const merger of mergers) main.importMerged(stage, written(merger.exportMerged(stage)))
      this.end(mergers)
    }
  }
}

/** Shared dictionaries in memory of their own. */
export function newDictionaries(): SharedDictionaries {
  const arena = createArena({ budgetBytes: 64 * MiB })
  return new SharedDictionaries(arena, createSharedDictionaries(arena))
}

/** The same, and the dictionary of a column of table 1. */
export function newDictionary(columnId: number): { dictionaries: SharedDictionaries; dictionary: SharedDictionary } {
  const dictionaries = newDictionaries()
  const dictionary = dictionaries.of(1, columnId)
  if (dictionary === null) throw new Error('no room')
  return { dictionaries, dictionary }
}

/** As it lies between workers: in shared memory. */
function written(packed: PackedPlain): Uint8Array {
  const bytes = new Uint8Array(new SharedArrayBuffer(packed.byteLength))
  packed.writeTo(bytes)
  return bytes
}

export const workBytesUsed = (): number => work.usedBytes
