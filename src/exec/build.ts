// A plan to operators: built from the root down, each given the one that it pushes into. Answers the
// leaves, and the breakers nearest to them, whose states are merged over workers.

import type { Block, BytesVector } from '../../storage/column/vector.ts'
import type { TableMeta } from '../../storage/face.ts'
import type { RowSet } from '../../storage/part/row-set.ts'
import { valueAt } from '../functions/values/values.ts'
import { drawsValues } from '../plan/compact.ts'
import { columnsOf } from '../plan/lower.ts'
import { QueryError, type Count, type PlanNode, type TypedExpr } from '../plan/plan.ts'
import { AggregateOperator } from './groups/aggregate.ts'
import { sortedGroups, type AggregateTail, type Top } from './groups/aggregate-tail.ts'
import { ArrayJoinOperator } from './joins/array-join.ts'
import type { DictionaryById } from './blocks/block-codec.ts'
import { compileExpression, constantOf } from './expressions/expression.ts'
import { FillOperator } from './order/fill.ts'
import { FilterOperator } from './expressions/filter.ts'
import { FinalRows, type MaskCache, type RowMask } from './scan/final.ts'
import type { GroupSpec } from './groups/groups.ts'
import { boundedBy, generatorOf, oneRow, type Generator } from './scan/generate.ts'
import { joinParts, probeColumns, type TableOf } from './joins/build-join.ts'
import { JoinOperator } from './joins/join.ts'
import { JointColumn, jointSpec } from './scan/joint-keys.ts'
import { keyedColumns } from './groups/keyed-columns.ts'
import { LimitByOperator } from './groups/limit-by.ts'
import { LimitShareOperator } from './order/limit-share.ts'
import { LimitOperator, ResultOperator } from './order/limit.ts'
import { isMergeable, type Breaker, type Mergeable, type Operator } from './runtime/operator.ts'
import { compilePredicate, conjuncts } from './expressions/predicate.ts'
import { perPlan } from './runtime/per-plan.ts'
import { ProjectOperator } from './expressions/project.ts'
import { countValue, signedCount, type Runtime } from './runtime/runtime.ts'
import { TextOperator, textShape, type RowTexts, type TextShape } from './order/row-texts.ts'
import { Scan, type ScanStats } from './scan/scan.ts'
import { typesOf } from './scan/scan-columns.ts'
import { conditionsOf } from './scan/scan-conditions.ts'
import type { SharedDictionaries } from './dictionaries/shared-dictionary.ts'
import { SortOperator } from './order/sort.ts'
import type { IsLeftBuilt } from './runtime/stages.ts'
import { TallyOperator, tallyOf } from './groups/tally.ts'
import { TextSort } from './order/text-sort.ts'
import { WrittenRows } from './order/written-rows.ts'
import { UnionOperator } from './runtime/union.ts'
import { WindowOperator } from './windows/window.ts'

export type Leaf =
  | { readonly kind: 'scan'; readonly scan: Scan; readonly next: Operator }
  | { readonly kind: 'generate'; readonly generator: Generator; readonly next: Operator }
  | { readonly kind: 'rows'; readonly blocks: readonly Block[]; readonly next: Operator }

/** The operators of one stage. */
export type Pipeline = {
  readonly leaves: readonly Leaf[]
  /** Breakers that blocks of morsels reach. */
  readonly partials: readonly Breaker[]
  /** All breakers, the result first. */
  readonly breakers: readonly Breaker[]
  readonly result: ResultOperator
  /** Rows may come again, in passes, for groups that have no room (passes.ts); empty: they may not. */
  readonly passing: () => readonly AggregateOperator[]
  /** The result's rows as bytes of the answer's format, once finished; null: they are columns. */
  readonly written: (() => WrittenRows) | null
  /** Breakers whose parts any worker can merge, each with the one whose state holds what comes of them. */
  readonly merges: readonly { readonly breaker: Mergeable; readonly into: Breaker }[]
  /** Whether a breaker has all rows that it will get, but for those of morsels. */
  readonly isFed: (breaker: Breaker) => boolean
  /** Rows before the outermost LIMIT, once finished; null: the plan has none. */
  readonly rowsBeforeLimit: () => number | null
}

export type BuildEnv = {
  readonly runtime: Runtime
  readonly dictionaries: SharedDictionaries
  readonly openRows: (tableId: number) => readonly RowSet[]
  readonly tableOf: (tableId: number) => TableMeta
  /** What FINAL found out before. */
  readonly masks: MaskCache
  readonly stats: ScanStats
  readonly isLeftBuilt: IsLeftBuilt
  readonly joinTableOf: TableOf
  /** What writes the stage's rows for the answer; null: they stay as they are. */
  readonly rowTexts: RowTexts | null
  /** Rows that a recursion has given. */
  readonly rowsOf: (node: Extract<PlanNode, { op: 'rows' }>) => readonly Block[]
}

export function buildPipeline(root: PlanNode, env: BuildEnv): Pipeline {
  return new Builder(env).pipeline(root)
}

/** The value of a LIMIT or OFFSET in this call. */
function limitValue(count: Count | null, runtime: Runtime): number {
  if (count?.expr === undefined) return countValue(count, runtime.slots)
  const value = Number(valueAt(constantOf(count.expr, runtime), 0))
  if (Number.isInteger(value) && value >= 0) return value
  throw new QueryError(`LIMIT and OFFSET take whole numbers from 0, not ${value}`, null,
    'INVALID_LIMIT_EXPRESSION')
}

/** Numbers of all columns. */
const allOf = perPlan((node: PlanNode): ReadonlySet<number> => new Set(node.columns.keys()))

/** The same as a list. */
const keysOfAll = perPlan((node: PlanNode & { op: 'distinct' }): readonly number[] => [...node.input.columns.keys()])

const NO_TAIL: AggregateTail = { conditions: [], top: null }

const keyedBelow = perPlan(keyedColumns)

const drawsBelow = perPlan(drawsValues)

/** Columns that a projection reads. */
const readBy = perPlan((node: PlanNode & { op: 'project' }): ReadonlySet<number> => {
  const below = new Set<number>()
  for (const expr of node.exprs) columnsOf(expr, below)
  return below
})

/** Columns that a GROUP BY reads. */
const groupedBy = perPlan((node: PlanNode & { op: 'aggregate' }): ReadonlySet<number> =>
  new Set([...node.keys, ...node.aggregates.flatMap((call) => call.args)]))

const jointBelow = perPlan(jointSpec)

/** The sort below a limit that knows it, and leaves out what its OFFSET passes over. */
function sortOf(node: PlanNode & { op: 'limit' }): PlanNode | null {
  let { input } = node
  while (input.op === 'project') input = input.input
  return input.op === 'sort' && input.limit !== null ? input : null
}

class Builder {
  private readonly env: BuildEnv
  private readonly runtime: Runtime
  private readonly dictionaryById: DictionaryById
  private readonly leaves: Leaf[] = []
  private readonly partials = new Set<Breaker>()
  private readonly breakers: Breaker[] = []
  private readonly inputs = new Map<AggregateOperator, PlanNode>()
  /** What rows of a breaker reach next, and whether a join stands between. */
  private readonly above = new Map<Breaker, { readonly into: Breaker; readonly isBehindJoin: boolean }>()
  /** Breakers that joins give rows when all others are in. */
  private readonly lateFed = new Set<Breaker>()
  private isBehindJoin = false
  private rowsBeforeLimit: (() => number) | null = null
  /** Sorts that choose among the groups of an aggregate. */
  private readonly tops = new Map<PlanNode, Top>()
  /** Keys that scans may give as one code. */
  private readonly joints = new Map<PlanNode, { readonly column: JointColumn; readonly beside: ReadonlySet<number> }>()
  private keyed: ReturnType<typeof keyedColumns> = new Map()

  constructor(env: BuildEnv) {
    this.env = env
    this.runtime = env.runtime
    this.dictionaryById = (id) => env.dictionaries.byId(id)
  }

  pipeline(root: PlanNode): Pipeline {
    this.keyed = keyedBelow(root)
    const result = new ResultOperator(this.runtime, this.dictionaryById)
    this.breakers.push(result)
    const texts = this.env.rowTexts
    const shape = texts === null ? null : textShape(root)
    const written = texts === null || shape === null ? null : this.addWritten(shape, texts, result)
    if (written === null) this.add(root, result, result, allOf(root))
    const { leaves, breakers, above, rowsBeforeLimit } = this
    const isStreaming = (breaker: Breaker): breaker is LimitOperator =>
      breaker instanceof LimitOperator && !this.partials.has(breaker)
    for (const breaker of breakers) if (isStreaming(breaker)) breaker.stream()
    const hasJoin = breakers.some((breaker) => breaker instanceof JoinOperator)
    const merges = breakers.flatMap((breaker) => {
      const next = above.get(breaker)
      return next === undefined || (hasJoin && breaker instanceof AggregateOperator) || next.isBehindJoin || isStreaming(next.into) || !isMergeable(breaker) ? []
        : [{ breaker, into: next.into }]
    })
    return {
      leaves, breakers, result, merges, partials: [...this.partials], written, passing: () => this.passing(),
      isFed: (breaker) => !this.lateFed.has(breaker) && breakers.every((below) =>
        above.get(below)?.into !== breaker || (isMergeable(below) && below.isHandedOut)),
      rowsBeforeLimit: () => rowsBeforeLimit?.() ?? null,
    }
  }

  /** All breakers that blocks reach are aggregates, below which every run gives the same rows, or joins. */
  private passing(): readonly AggregateOperator[] {
    const aggregates: AggregateOperator[] = []
    for (const breaker of this.partials) {
      if (breaker instanceof JoinOperator) continue
      if (!(breaker instanceof AggregateOperator && breaker.canPass)) return []
      const input = this.inputs.get(breaker)
      if (input === undefined || drawsBelow(input)) return []
      aggregates.push(breaker)
    }
    return aggregates
  }

  /** Adds the operators of `node`, which push into `next`; `nearest` is the breaker that blocks reach
   * first; `needed`: columns of `node` that anyone reads. */
  private add(node: PlanNode, next: Operator, nearest: Breaker, needed: ReadonlySet<number>): void {
    const { runtime } = this
    switch (node.op) {
      case 'one': return this.leaf({ kind: 'generate', generator: oneRow, next }, nearest)
      case 'rows': return this.leaf({ kind: 'rows', blocks: this.env.rowsOf(node), next }, nearest)
      case 'generate':
        return this.leaf({ kind: 'generate', generator: generatorOf(node, runtime), next }, nearest)
      case 'scan': return this.addScan(node, conditionsOf(node, null), next, nearest, needed)
      case 'filter': return this.addFilter(node, next, nearest, needed)
      case 'project': {
        const evaluators = node.exprs.map((expr) => compileExpression(expr, runtime))
        return this.add(node.input, new ProjectOperator(evaluators, next), nearest, readBy(node))
      }
      case 'union': {
        const union = new UnionOperator(node.inputs.length, next)
        for (const input of node.inputs) this.add(input, union, nearest, needed)
        return
      }
      case 'array-join': {
        const spec = {
          arrays: node.arrays, isLeft: node.isLeft, needed,
          types: typesOf(node).slice(node.input.columns.length),
        }
        const below = new Set([...needed, ...node.arrays])
        return this.add(node.input, new ArrayJoinOperator(spec, next, runtime), nearest, below)
      }
      case 'join': return this.addJoin(node, next, nearest, needed)
      case 'aggregate': return this.addAggregate(node, [], next, nearest)
      default: return this.addBreaker(node, next, nearest, needed)
    }
  }

  /** Rows as bytes, sorted if they are to be, and nothing else of them. */
  private addWritten(shape: TextShape, texts: RowTexts, result: ResultOperator): () => WrittenRows {
    const { runtime, dictionaryById } = this
    const { input, columns, keys } = shape
    const below = new Set([...columns, ...keys.map(({ index }) => index)])
    if (keys.length === 0) {
      this.add(input, new TextOperator(shape, texts, result, runtime), result, below)
      return () => new WrittenRows(result.kept.blocks.map((block) => block.columns[0] as BytesVector), null) // texts, as TextOperator makes them
    }
    const types = typesOf(input)
    const sort = new TextSort(keys.map(({ index }) => types[index]), keys.map((key, index) => ({ ...key, index })), result,
      runtime, dictionaryById)
    this.enter(sort, result)
    this.add(input, new TextOperator(shape, texts, sort, runtime), sort, below)
    return () => sort.written()
  }

  /** The probing side streams through; the other one is a stage that has run. What was found of its
   * rows is a state to merge, too. */
  private addJoin(
    node: PlanNode & { op: 'join' }, next: Operator, nearest: Breaker, needed: ReadonlySet<number>,
  ): void {
    const isLeftBuilt = this.env.isLeftBuilt(node)
    const parts = joinParts(node, isLeftBuilt, needed, this.env.joinTableOf)
    const join = new JoinOperator(parts, next, this.runtime)
    this.breakers.push(join)
    this.partials.add(join)
    if (parts.mode.keepsBuilt) this.lateFed.add(nearest)
    const outer = this.isBehindJoin
    this.isBehindJoin = true
    this.add(isLeftBuilt ? node.right : node.left, join, nearest, probeColumns(parts, node))
    this.isBehindJoin = outer
  }

  private addFilter(
    node: PlanNode & { op: 'filter' }, next: Operator, nearest: Breaker, needed: ReadonlySet<number>,
  ): void {
    if (node.input.op === 'aggregate') return this.addAggregate(node.input, conjuncts(node.condition), next, nearest)
    // The scan can use a condition right above it to skip blocks.
    if (node.input.op === 'scan') {
      return this.addScan(node.input, conditionsOf(node.input, node.condition), next, nearest, needed)
    }
    const parts = conjuncts(node.condition)
    const predicates = parts.map((part) => compilePredicate(part, this.runtime))
    const below = new Set([...needed, ...predicates.flatMap(({ columns }) => columns)])
    const filter = new FilterOperator(predicates, next, this.runtime)
    if (node.input.op !== 'generate') return this.add(node.input, filter, nearest, below)
    const generator = boundedBy(generatorOf(node.input, this.runtime), parts, this.runtime)
    this.leaf({ kind: 'generate', generator, next: filter }, nearest)
  }

  private addScan(
    node: PlanNode & { op: 'scan' }, conditions: readonly TypedExpr[], next: Operator, nearest: Breaker,
    needed: ReadonlySet<number>, askedAbove: readonly TypedExpr[] = [],
  ): void {
    const { dictionaries, openRows, stats, tableOf, masks } = this.env
    const makeFinal = node.final ? (rowSets: readonly RowSet[], before: ((rowSet: number) => RowMask) | null) =>
      new FinalRows(tableOf(node.tableId), rowSets, this.runtime.durable, masks, before) : null
    const joint = this.joints.get(node) ?? null
    // A node may stand in several places of a plan: the GROUP BY is above this one.
    this.joints.delete(node)
    const scan = new Scan(
      node, conditions, needed, next, this.runtime, dictionaries, openRows, stats, makeFinal,
      this.keyed.get(node), joint, askedAbove)
    this.leaf({ kind: 'scan', scan, next }, nearest)
  }

  private leaf(leaf: Leaf, nearest: Breaker): void {
    this.leaves.push(leaf)
    this.partials.add(nearest)
  }

  /** `having`: conditions right above the groups. */
  private addAggregate(
    node: PlanNode & { op: 'aggregate' }, having: readonly TypedExpr[], next: Operator, nearest: Breaker): void {
    const { runtime, dictionaryById } = this
    const conditions = having.map((part) => compilePredicate(part, runtime))
    const top = this.tops.get(node) ?? null
    // A node may stand in several places of a plan: the sort is above this one.
    this.tops.delete(node)
    const tally = tallyOf(node, runtime)
    const joint = tally === null ? this.jointOf(node) : null
    const types = typesOf(node.input)
    const breaker = this.grouped(node, {
      types: node.keys.map((key) => types[key]), keys: node.keys, aggregates: node.aggregates, joint,
      quota: 'max_rows_to_group_by', tail: { conditions, top }, dictionaryById,
    }, next)
    if (tally === null) return this.addBelow(node.input, breaker, nearest, groupedBy(node))
    this.enter(breaker, nearest)
    const counting = new TallyOperator(tally, breaker, runtime)
    breaker.tally = counting
    this.addScan(tally.scan, tally.before, counting, breaker, new Set([tally.column]), tally.after)
  }

  /** Keys of a GROUP BY that its scan may give as one code. */
  private jointOf(node: PlanNode & { op: 'aggregate' }): JointColumn | null {
    const spec = jointBelow(node)
    if (spec === null) return null
    const types = spec.columns.map((column) => typesOf(spec.scan)[column])
    const joint = new JointColumn(spec, types, this.env.dictionaries, this.runtime.durable)
    this.joints.set(spec.scan, { column: joint, beside: spec.beside })
    return joint
  }

  private addBreaker(
    node: Extract<PlanNode, { op: 'distinct' | 'sort' | 'limit' | 'limit-by' | 'limit-share' | 'fill'
    | 'window' }>,
    next: Operator, nearest: Breaker, needed: ReadonlySet<number>,
  ): void {
    const { runtime, dictionaryById } = this
    const types = typesOf(node.input)
    const { slots } = runtime
    let breaker: Breaker
    let below: ReadonlySet<number> = allOf(node.input)
    switch (node.op) {
      case 'distinct':
        breaker = this.grouped(node, {
          types, keys: keysOfAll(node), aggregates: [], joint: null, quota: 'max_rows_in_distinct', tail: NO_TAIL,
          dictionaryById,
        }, next)
        break
      case 'sort': {
        const offset = node.limit === null ? 0 : countValue(node.limit.offset, slots)
        const limit = node.limit === null ? Number.POSITIVE_INFINITY
          : countValue(node.limit.limit, slots) + offset
        const sort = new SortOperator(types, node.keys, limit, offset, next, runtime, dictionaryById)
        const groups = limit === 0 || !Number.isFinite(limit) ? null : sortedGroups(node)
        if (groups !== null) {
          this.tops.set(groups.aggregate,
            { key: groups.key, limit, skip: (rowCount) => { sort.rowsIn += rowCount } })
        }
        below = new Set([...needed, ...node.keys.map((key) => key.index)])
        breaker = sort
        break
      }
      case 'limit': {
        const sort = sortOf(node)
        const offset = node.offset === null || sort !== null ? 0 : limitValue(node.offset, runtime)
        const limit = new LimitOperator(limitValue(node.limit, runtime), offset, next, runtime, dictionaryById)
        this.rowsBeforeLimit ??= this.rowsInto(sort, limit)
        below = needed
        breaker = limit
        break
      }
      case 'limit-share':
        breaker = new LimitShareOperator(node, types, next, runtime, dictionaryById)
        break
      case 'fill': breaker = new FillOperator(node.fill, types, next, runtime, dictionaryById); break
      case 'window': {
        const { partition, order, functions } = node
        breaker = new WindowOperator({ types, partition, order, functions, needed }, next, runtime, dictionaryById)
        below = new Set([
          ...[...needed].filter((index) => index < types.length), ...partition,
          ...order.map((key) => key.index), ...functions.flatMap(({ call }) => call.args),
        ])
        break
      }
      case 'limit-by':
        breaker = new LimitByOperator(types, node.keys, signedCount(node.limit, slots),
          signedCount(node.offset, slots), next, runtime, dictionaryById)
        below = new Set([...needed, ...node.keys])
    }
    this.addBelow(node.input, breaker, nearest, below)
  }

  private grouped(node: PlanNode & { op: 'aggregate' | 'distinct' }, spec: GroupSpec, next: Operator): AggregateOperator {
    const breaker = new AggregateOperator(spec, next, this.runtime)
    this.inputs.set(breaker, node.input)
    return breaker
  }

  /** Adds a breaker, whose rows reach `nearest` next, and what stands below it. */
  private addBelow(input: PlanNode, breaker: Breaker, nearest: Breaker, needed: ReadonlySet<number>): void {
    this.enter(breaker, nearest)
    const outer = this.isBehindJoin
    this.isBehindJoin = false
    this.add(input, breaker, breaker, needed)
    this.isBehindJoin = outer
  }

  private enter(breaker: Breaker, nearest: Breaker): void {
    this.breakers.push(breaker)
    this.above.set(breaker, { into: nearest, isBehindJoin: this.isBehindJoin })
  }

  /** Rows before a limit: what the sort that knows it has seen, else what came. */
  private rowsInto(sort: PlanNode | null, limit: LimitOperator): () => number {
    if (sort === null) return () => limit.rowsIn
    const at = this.breakers.length + 1 // the limit itself comes first
    return () => (this.breakers[at] as SortOperator).rowsIn
  }
}
