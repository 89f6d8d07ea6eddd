// One run of a plan in one worker: stages of morsels. Subqueries (sets of IN, scalars) and the sides
// of joins that become tables are stages of their own that come before the plan's root.
//
//   coordinator: prepareStage -> runMorsel ... -> importPartial of peers -> finishStage -> next stage
//   peer:        joinStage -> runMorsel ... -> exportPartial
//
// Where finishStage() says so, morsels come again, as nextPass() (passes.ts).
//
// Invariant: every worker builds the same operators from the same plan and slots, so a partial's parts
// are known by their place.

import type { TableMeta } from '../../storage/face.ts'
import { BLOCK_ROWS_MAX, type Block } from '../../storage/column/vector.ts'
import type { MemoryAccount } from '../../storage/kernels/work-memory.ts'
import type { Kernels } from '../../storage/kernels/load.ts'
import type { RowSet } from '../../storage/part/row-set.ts'
import type { EvalContext } from '../functions/values/function.ts'
import { valueAt } from '../functions/values/values.ts'
import type { OutputColumn, PlanNode, TypedPlan } from '../plan/plan.ts'
import type { Value } from '../functions/values/value.ts'
import { decodeBlocks, encodeBlocks, keepBlock } from './blocks/block-codec.ts'
import { buildPipeline, type Pipeline } from './build.ts'
import type { MaskCache } from './scan/final.ts'
import { eachBlock } from './scan/generate.ts'
import { joinSides } from './joins/join-sides.ts'
import { JoinTable, type JoinSpec } from './joins/join-table.ts'
import { answerShareOf, learnPasses, learntPasses, ONLY_PASS, passBehind, type Pass, type PassPlan, type Shortage } from './groups/passes.ts'
import { isMergeable, type Breaker } from './runtime/operator.ts'
import { packPlain, unpackPlain, type PackedPlain } from './blocks/packed-plain.ts'
import { quotasOf } from './runtime/quotas.ts'
import { recursionRows } from './recursion.ts'
import type { RowTexts } from './order/row-texts.ts'
import type { Runtime } from './runtime/runtime.ts'
import type { ScanMorsel } from './scan/scan.ts'
import { PartAccount, ScratchAccount } from './blocks/scratch.ts'
import { SetTable } from './keys/set-table.ts'
import type { Chunk, SharedStates } from './runtime/shared-states.ts'
import type { SharedDictionaries } from './dictionaries/shared-dictionary.ts'
import { stagesOf, type IsLeftBuilt, type Stage } from './runtime/stages.ts'
import type { WrittenRows } from './order/written-rows.ts'

/** A piece of work of a stage: plain data, small. */
export type Morsel = ScanMorsel & { readonly leaf: number }

export type RunEnv = {
  readonly account: MemoryAccount
  readonly kernels: Kernels
  readonly nowMs: number
  readonly checkAlive: () => void
  readonly dictionaries: SharedDictionaries
  readonly openRows: (tableId: number) => readonly RowSet[]
  readonly tableOf: (tableId: number) => TableMeta
  /** What FINAL found out before, in this worker. */
  readonly masks: MaskCache
  /** Shared memory for states of very many groups; absent: groups stay together. */
  readonly shared?: SharedStates | null
  /** What writes the answer's rows where they are read (row-texts.ts). */
  readonly rowTexts?: RowTexts | null
  /** In the run of a recursion's step: the rows that the step before gave, by the recursion's number. */
  readonly working?: ReadonlyMap<number, readonly Block[]>
  /** The passes that stages have over their rows (passes.ts); those that it does not name have one. */
  readonly passes?: readonly (PassPlan | undefined)[]
}

/** `rowsLeft`: those that conditions of scans have left, as far as they were read here; of others all. */
export type RunStats = { rowsRead: number; bytesRead: number; rowsLeft: number }

export type RunResult = {
  readonly columns: readonly OutputColumn[]
  /** In the query's account: valid until its release. */
  readonly blocks: readonly Block[]
  readonly rowsBeforeLimit: number | null
  /** The row of WITH TOTALS; null: none. */
  readonly totals: Block | null
  readonly stats: RunStats
  readonly settings: TypedPlan['settings']
  /** The rows as bytes of the answer's format: blocks then say but how many; null: they are columns. */
  readonly written: WrittenRows | null
}

/** Rows of a morsel of a generator: some 2 ms of work. */
const GENERATED_A_MORSEL = 65536
/** Rows ahead up to which blocks that are to be written are shared out one by one. */
const WRITTEN_ROWS_MAX = 2 ** 22
/** Rows counted in the time in which one is written, and in that of one value of it where these are many. */
const COUNTED_A_WRITTEN = 16
const COUNTED_A_VALUE = 1.5
/** Pieces that rows to be written are cut into at least, where these are worth as many counted ones. */
const WRITTEN_PIECES = 4
const WRITTEN_WORK_MIN = 2 ** 18
/** A generator without end (numbers()) is cut into so many morsels; a LIMIT ends it. */
const GENERATED_MORSELS_MAX = 1000

/** A morsel of this leaf, or of one below, merges parts of a breaker's state. */
const MERGES = -1

/** By breaker that can be merged: where its parts lie. */
export type MergeWork = readonly (readonly Chunk[] | undefined)[]

export class QueryRun {
  readonly stages: number
  readonly stats: RunStats = { rowsRead: 0, bytesRead: 0, rowsLeft: 0 }
  /** Rows of whole blocks that the stage in work has to read, in all workers. */
  rowsAhead = 0
  /** The same as rows that are but counted: what they cost to write is more. */
  workAhead = 0
  /** Over the rows of the stage in work. */
  pass = ONLY_PASS
  /** What the groups of a pass have taken at most. */
  private passBytes = 0
  private morsels: readonly Morsel[] = []
  /** What had been read before the stage in work. */
  private before: RunStats = { ...this.stats }
  private readonly plan: TypedPlan
  private readonly env: RunEnv
  private readonly scratch: ScratchAccount
  private readonly spare: MemoryAccount[] = []
  private readonly runtime: Runtime
  private readonly isLeftBuilt: IsLeftBuilt
  private readonly order: readonly Stage[]
  private readonly tables = new Map<PlanNode, JoinTable>()
  private readonly pipelines: (Pipeline | undefined)[] = []
  private readonly results: (readonly Block[] | undefined)[] = []
  private readonly sets: (SetTable | undefined)[] = []
  private handedOut: MergeWork = []
  private readonly scalars: ({ value: Value; type: string } | undefined)[] = []

  constructor(plan: TypedPlan, slots: readonly Value[], env: RunEnv) {
    this.plan = plan
    this.env = env
    this.scratch = new ScratchAccount(env.account)
    this.isLeftBuilt = joinSides((tableId) =>
      env.openRows(tableId).reduce((sum, { rowCount }) => sum + rowCount, 0))
    this.order = stagesOf(plan, this.isLeftBuilt)
    this.stages = this.order.length
    const dictionaryById = (id: number) => env.dictionaries.byId(id)
    const expectedRows = () => this.rowsAhead
    const likelyRows = () => this.likelyRows()
    const context = (account: MemoryAccount, scratch?: MemoryAccount): EvalContext =>
      ({ account, kernels: env.kernels, nowMs: env.nowMs, checkAlive: env.checkAlive, dictionaryById, expectedRows, likelyRows, scratch })
    this.runtime = {
      scratch: context(this.scratch), durable: context(env.account, this.scratch), quotas: quotasOf(plan.settings), slots,
      shared: env.shared ?? null, newPart: () => this.spared(new PartAccount(env.account)),
      newScratch: () => this.spared(new ScratchAccount(env.account)), setOf: (set) => this.setOf(set), scalarOf: (scalar) => this.scalarOf(scalar),
    }
  }

  /** The morsels of a stage. Call once a stage, in the coordinator, when all before are finished. */
  prepareStage(stage: number): readonly Morsel[] {
    this.morsels = this.morselsOf(stage)
    const plan = this.env.passes?.[stage]
      ?? { count: learntPasses(this.order[stage].root, this.rowsAhead, this.env.account), share: 0 }
    this.joinPass(stage, plan.count === 1 ? ONLY_PASS : { index: 0, ...plan })
    return this.morsels
  }

  private morselsOf(stage: number): readonly Morsel[] {
    const pipeline = this.joinStage(stage)
    if (this.order[stage].kind === 'rows') return []
    const morsels = pipeline.leaves.flatMap((leaf, index): Morsel[] => {
      if (leaf.kind === 'scan') return leaf.scan.prepare()
        .map(({ rowSet, from, to, via, codes }) => ({ rowSet, from, to, via, codes, leaf: index }))
      if (leaf.kind === 'rows') return leaf.blocks.map((_, block) => madeMorsel(index, block, block + 1))
      return generated(leaf.generator.rowCount, index)
    })
    this.scratch.releaseAll()
    this.expect(morsels)
    if (pipeline.written === null || this.rowsAhead > WRITTEN_ROWS_MAX) return morsels
    this.workAhead = Math.ceil(this.rowsAhead * Math.max(COUNTED_A_WRITTEN, this.plan.root.columns.length * COUNTED_A_VALUE))
    const blocks = morsels.flatMap(blockwise)
    return this.workAhead < WRITTEN_WORK_MIN || blocks.length >= WRITTEN_PIECES ? blocks
      : blocks.flatMap((block) => shares(block, Math.ceil(WRITTEN_PIECES / blocks.length)))
  }

  /** Rows that come from now on are of this pass. */
  joinPass(stage: number, pass: Pass): void {
    this.pass = pass
    if (pass.count > 1) for (const aggregate of this.joinStage(stage).passing()) aggregate.beginPass(pass)
  }

  /** The morsels of a stage once more: after a finishStage() that has not ended it. */
  nextPass(stage: number): readonly Morsel[] {
    this.joinPass(stage, passBehind(this.pass))
    this.expect(this.morsels)
    return this.morsels
  }

  /** Shared memory that holds what later passes of a stage go on with: states of what stands above. */
  chunksOf(stage: number): readonly Chunk[] {
    return this.joinStage(stage).breakers.flatMap((breaker) => (isMergeable(breaker) ? breaker.chunks : []))
  }

  /** What there is to say when there is no room for more (Passes.hasMore). */
  shortage(stage: number, rowShare: number): Shortage {
    const pipeline = this.pipelines[stage]
    const groupBytes = pipeline === undefined ? 0 : groupBytesOf(pipeline)
    // Behind the last stage, where the result is made, there is none.
    const made = this.order.at(stage)
    const answerShare = made?.kind === 'root' ? answerShareOf(made.root) : 0
    return {
      stage, canPass: pipeline !== undefined && pipeline.passing().length > 0, pass: this.pass, rowShare, groupBytes, answerShare,
      passBytes: this.pass.index === 0 ? 0 : this.passBytes,
    }
  }

  /** Tells what is ahead in a stage, of which this worker does a part. */
  expect(morsels: readonly Morsel[]): void {
    this.before = { ...this.stats }
    this.rowsAhead = morsels.reduce((rows, { rowSet, from, to, via }) =>
      rows + (rowSet >= 0 && via < 0 ? (to - from) * BLOCK_ROWS_MAX : 0), 0)
    this.workAhead = this.rowsAhead
  }

  /** Of the rows ahead such a share as conditions have left of those of the stage that were read; none were: all. */
  private likelyRows(): number {
    const { rowsAhead, stats, before } = this
    const [read, left] = [stats.rowsRead - before.rowsRead, stats.rowsLeft - before.rowsLeft]
    return left >= read ? rowsAhead : rowsAhead * left / read
  }

  /** Builds the operators of a stage; the results of earlier ones must be there. */
  joinStage(stage: number): Pipeline {
    const { dictionaries, openRows, tableOf, masks } = this.env
    return this.pipelines[stage] ??= buildPipeline(this.order[stage].root, {
      runtime: this.runtime, dictionaries, openRows, tableOf, masks, stats: this.stats,
      isLeftBuilt: this.isLeftBuilt, joinTableOf: (join, spec) => this.joinTableOf(join, spec),
      rowsOf: (node) => this.rowsOf(node),
      rowTexts: this.order[stage].kind === 'root' ? this.env.rowTexts ?? null : null,
    })
  }

  runMorsel(stage: number, morsel: Morsel): void {
    for (const _ of this.stepsOf(stage, morsel)) {}
  }

  /** runMorsel() in steps: nothing else of this run may be done between them. Most morsels are one. */
  *stepsOf(stage: number, morsel: Morsel): Generator<void> {
    this.env.checkAlive()
    // Rows count once.
    const read = this.pass.index > 0 ? { ...this.stats } : null
    if (morsel.leaf < 0) {
      yield* this.joinStage(stage).merges[MERGES - morsel.leaf].breaker.mergeParts(morsel.from, morsel.to)
      this.scratch.releaseAll()
      return
    }
    const leaf = this.joinStage(stage).leaves[morsel.leaf]
    if (leaf.next.isFull) return
    if (leaf.kind === 'scan') leaf.scan.run(morsel)
    else if (leaf.kind === 'rows') leaf.next.push(leaf.blocks[morsel.from])
    else {
      eachBlock(leaf.generator, morsel.from, morsel.to, () => !leaf.next.isFull, (block) => {
        this.env.checkAlive()
        if (block.columns.length > 0) {
          this.stats.rowsRead += block.rowCount
          this.stats.rowsLeft += block.rowCount
        }
        leaf.next.push(block)
        this.scratch.releaseAll()
      })
    }
    this.scratch.releaseAll()
    if (read === null) this.addRead(0, 0)
    else Object.assign(this.stats, read)
  }

  /** What other workers have read for this query counts, too. */
  addRead(rows: number, bytes: number): void {
    this.stats.rowsRead += rows
    this.stats.rowsLeft += rows
    this.stats.bytesRead += bytes
    const { rowsRead, bytesRead } = this.stats
    this.runtime.quotas.refuseAbove('max_rows_to_read', rowsRead)
    this.runtime.quotas.refuseAbove('max_rows_to_read_leaf', rowsRead)
    this.runtime.quotas.refuseAbove('max_bytes_to_read', bytesRead)
    this.runtime.quotas.refuseAbove('max_bytes_to_read_leaf', bytesRead)
  }

  /** This worker's state of a stage, for the coordinator: to be written before the run goes on. */
  exportPartial(stage: number): PackedPlain {
    return packPlain(this.joinStage(stage).partials.map((breaker) => breaker.exportPartial()))
  }

  importPartial(stage: number, bytes: Uint8Array): void {
    const partials = unpackPlain(bytes) as readonly unknown[]
    this.joinStage(stage).partials.forEach((breaker, i) => {
      breaker.importPartial(partials[i])
      this.scratch.releaseAll()
    })
  }

  /** Morsels that finish what lies in parts, of those breakers of a stage whose rows are all in; none: there are no such
   * parts. When they are done it is asked again: others may have all their rows then. Peers join by joinMerge() with
   * what mergeWork() says. */
  prepareMerge(stage: number): Morsel[] {
    const handedOut: (readonly Chunk[] | undefined)[] = []
    this.handedOut = handedOut
    const { merges, isFed, partials } = this.joinStage(stage)
    // Others have all their rows in the last pass only.
    const isNow = (breaker: Breaker) => this.pass.count === 1 || partials.includes(breaker)
    const ready = merges.map(({ breaker }) => breaker.isShared && !breaker.isHandedOut && isNow(breaker) && isFed(breaker))
    return merges.flatMap(({ breaker }, i) => {
      const shares = ready[i] ? breaker.handOut() : null
      if (shares === null) return []
      handedOut[i] = shares.chunks
      return shares.morsels.map(([from, to]) => madeMorsel(MERGES - i, from, to))
    })
  }

  mergeWork(): MergeWork { return this.handedOut }

  /** In a peer: the stage's parts are those of `work`. */
  joinMerge(stage: number, work: MergeWork): void {
    this.handedOut = work
    for (const { breaker, chunks } of this.handed(stage)) breaker.takeOver(chunks)
  }

  /** What this worker's merges have come to, for the coordinator. */
  exportMerged(stage: number): PackedPlain {
    const merges = this.handed(stage)
    return packPlain({
      counts: merges.map(({ breaker }) => breaker.mergedCount),
      states: [...new Set(merges.map(({ into }) => into))].map((breaker) => breaker.exportPartial()),
    })
  }

  importMerged(stage: number, bytes: Uint8Array): void {
    const { counts, states } = unpackPlain(bytes) as { counts: readonly number[]; states: readonly unknown[] }
    const merges = this.handed(stage)
    merges.forEach(({ breaker }, i) => breaker.addMerged(counts[i]))
    ;[...new Set(merges.map(({ into }) => into))].forEach((breaker, i) => {
      breaker.importPartial(states[i])
      this.scratch.releaseAll()
    })
  }

  /** What is merged by morsels now. */
  private handed(stage: number) {
    return this.joinStage(stage).merges.flatMap(({ breaker, into }, i) => {
      const chunks = this.handedOut[i]
      return chunks === undefined ? [] : [{ breaker, into, chunks }]
    })
  }

  /** Merges, and runs what comes after the breakers nearest to the leaves. False: there is another pass. */
  finishStage(stage: number): boolean {
    const { kind, number, root } = this.order[stage]
    if (kind === 'rows') {
      this.results[stage] = recursionRows(this.plan.recursions[number],
        (step, working) => this.nested(step, new Map(this.env.working).set(number, working)))
      return true
    }
    const pipeline = this.joinStage(stage)
    if (this.pass.count > 1) this.passBytes = Math.max(this.pass.index === 0 ? 0 : this.passBytes, groupBytesOf(pipeline))
    for (const leaf of pipeline.leaves) leaf.next.finish()
    this.scratch.releaseAll()
    if (this.pass.count > 1 && !this.endPass(pipeline)) return false
    if (this.pass.count > 1) learnPasses(root, this.rowsAhead, this.env.account, this.pass.count, this.passBytes)
    this.results[stage] = pipeline.result.kept.blocks
    return true
  }

  /** Whether it was the last pass. */
  private endPass(pipeline: Pipeline): boolean {
    const passing = pipeline.passing()
    if (this.pass.index + 1 < this.pass.count && !passing.every(({ isDone }) => isDone)) return false
    for (const aggregate of passing) aggregate.endPasses()
    this.scratch.releaseAll()
    return true
  }

  /** Rows of a stage that other workers need (sets, scalars); null: nobody does. */
  exportStageResult(stage: number): PackedPlain | null {
    const { kind } = this.order[stage]
    if (kind === 'root' || kind === 'totals') return null
    return encodeBlocks(this.blocksOf(stage), this.env.account)
  }

  importStageResult(stage: number, bytes: Uint8Array): void {
    this.results[stage] = decodeBlocks(bytes, this.env.account, (id) => this.env.dictionaries.byId(id))
  }

  result(): RunResult {
    const root = this.stages - 1
    const blocks = upTo(this.blocksOf(root), this.runtime.quotas.resultRows)
    this.runtime.quotas.refuseAbove('max_result_rows', blocks.reduce((sum, block) => sum + block.rowCount, 0))
    const totals = this.order.findIndex((stage) => stage.kind === 'totals')
    return {
      totals: totals < 0 ? null : this.blocksOf(totals)[0] ?? null,
      columns: this.plan.root.columns, blocks, stats: this.stats,
      settings: this.plan.settings,
      written: this.joinStage(root).written?.() ?? null,
      rowsBeforeLimit: this.joinStage(root).rowsBeforeLimit(),
    }
  }

  /** What was done, a line a piece: stages, leaves with what they skipped, breakers. */
  explain(): string {
    return this.order.map((stage, index) => {
      const pipeline = this.joinStage(index)
      const lines = [
        ...pipeline.leaves.map((leaf) => (leaf.kind === 'scan' ? leaf.scan.describe()
          : leaf.kind === 'rows' ? `rows of a recursion, ${leaf.blocks.length} blocks`
            : `generate ${leaf.generator.rowCount} rows`)),
        ...[...pipeline.breakers].reverse().map((breaker) => breaker.describe()),
      ]
      return `stage ${index} (${stage.kind}${stage.number >= 0 ? ` ${stage.number}` : ''})\n`
        + lines.map((line) => `  ${line}\n`).join('')
    }).join('')
  }

  /** Scratch memory goes; the account itself is the caller's. */
  release(): void {
    this.scratch.releaseAll()
    for (const account of this.spare) account.releaseAll()
  }

  private spared<A extends MemoryAccount>(account: A): A {
    this.spare.push(account)
    return account
  }

  private blocksOf(stage: number): readonly Block[] {
    const blocks = this.results[stage]
    if (blocks === undefined) throw new Error(`exec: stage ${stage} is not finished`)
    return blocks
  }

  /** The rows of a plan, run here to its end; they lie in this run's account. */
  private nested(root: PlanNode, working: ReadonlyMap<number, readonly Block[]>): readonly Block[] {
    const account = this.spared(new ScratchAccount(this.env.account))
    const run = new QueryRun({ ...this.plan, root, totals: null }, this.runtime.slots,
      { ...this.env, account, working, rowTexts: null, shared: null, passes: [] })
    try {
      const { blocks, stats } = runToEnd(run)
      this.stats.rowsRead += stats.rowsRead
      this.stats.rowsLeft += stats.rowsLeft
      this.stats.bytesRead += stats.bytesRead
      return blocks.filter(({ rowCount }) => rowCount > 0).map((block) => keepBlock(block, this.env.account))
    } finally {
      run.release()
      account.releaseAll()
    }
  }

  /** Rows of a recursion: of the step before inside of it, else of its stage. */
  private rowsOf({ recursion, isWorking }: Extract<PlanNode, { op: 'rows' }>): readonly Block[] {
    const working = isWorking ? this.env.working?.get(recursion) : undefined
    return working ?? this.blocksOf(this.order.findIndex(
      ({ kind, number }) => kind === 'rows' && number === recursion))
  }

  /** The table of a join, made of its stage's rows when it is first asked. */
  private joinTableOf(join: PlanNode, spec: JoinSpec): JoinTable {
    let table = this.tables.get(join)
    if (table === undefined) {
      const stage = this.order.findIndex((one) => one.join === join)
      table = new JoinTable(this.blocksOf(stage), spec, this.runtime)
      this.tables.set(join, table)
      this.results[stage] = [table.block()]
    }
    return table
  }

  private setOf(set: number): SetTable {
    return this.sets[set] ??= this.makeSet(set)
  }

  private makeSet(set: number): SetTable {
    const source = this.plan.sets[set]
    if (source.kind === 'list') {
      this.runtime.quotas.refuseAbove('max_rows_in_set', source.rows.length)
      return this.allowed(SetTable.ofList(source, this.runtime.slots, this.runtime.durable))
    }
    const stage = this.order.findIndex((one) => one.kind === 'set' && one.number === set)
    const made = SetTable.ofBlocks(source, this.blocksOf(stage), this.runtime.durable)
    this.runtime.quotas.refuseAbove('max_rows_in_set', made.size)
    return this.allowed(made)
  }

  private allowed(set: SetTable): SetTable {
    this.runtime.quotas.refuseAbove('max_bytes_in_set', set.bytes)
    return set
  }

  private scalarOf(scalar: number): { value: Value; type: string } {
    return this.scalars[scalar] ??= this.makeScalar(scalar)
  }

  private makeScalar(scalar: number): { value: Value; type: string } {
    const { type } = this.plan.scalars[scalar]
    const stage = this.order.findIndex((one) => one.kind === 'scalar' && one.number === scalar)
    const blocks = this.blocksOf(stage).filter((block) => block.rowCount > 0)
    const rowCount = blocks.reduce((sum, block) => sum + block.rowCount, 0)
    if (rowCount > 1) throw this.order[stage].tooManyRows()
    return { type, value: rowCount === 0 ? null : valueAt(blocks[0].columns[0], 0) }
  }
}

/** Bytes of groups that may be taken in passes. */
const groupBytesOf = (pipeline: Pipeline): number => pipeline.passing().reduce((sum, { groupBytes }) => sum + groupBytes, 0)

/** Blocks until there are as many rows. */
function upTo(blocks: readonly Block[], rows: number): readonly Block[] {
  let count = 0
  const end = blocks.findIndex((block) => (count += block.rowCount) >= rows)
  return end < 0 ? blocks : blocks.slice(0, end + 1)
}

function generated(rowCount: number, leaf: number): Morsel[] {
  const size = Math.max(GENERATED_A_MORSEL, Math.ceil(rowCount / GENERATED_MORSELS_MAX))
  const morsels: Morsel[] = []
  for (let from = 0; from < rowCount; from += size) {
    morsels.push({
      rowSet: -1, from, to: Math.min(rowCount, from + size), via: -1, codes: NO_CODES, leaf,
    })
  }
  return morsels
}

/** Of what a stage before has made. */
const madeMorsel = (leaf: number, from: number, to: number): Morsel =>
  ({ rowSet: -1, from, to, via: -1, codes: NO_CODES, leaf })

const NO_CODES: readonly number[] = []

/** A block a piece: rows that are written cost enough to be shared out so. */
const blockwise = (morsel: Morsel): Morsel[] => (morsel.rowSet < 0 || morsel.via >= 0 ? [morsel]
  : Array.from({ length: morsel.to - morsel.from }, (_, i) => ({ ...morsel, from: morsel.from + i, to: morsel.from + i + 1 })))

/** The rows of a block in so many pieces. */
const shares = (block: Morsel, parts: number): Morsel[] => (block.rowSet < 0 || block.via >= 0 ? [block]
  : Array.from({ length: parts }, (_, part) => ({ ...block, share: { part, parts } })))

/** Runs all stages on this thread: tests, small tools. */
export function runToEnd(run: QueryRun): RunResult {
  for (let stage = 0; stage < run.stages; stage++) {
    for (const morsel of run.prepareStage(stage)) run.runMorsel(stage, morsel)
    while (!run.finishStage(stage)) for (const morsel of run.nextPass(stage)) run.runMorsel(stage, morsel)
  }
  return run.result()
}
