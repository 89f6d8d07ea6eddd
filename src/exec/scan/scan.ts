// The scan: morsels of a stored table to blocks. Columns of the filter come first; the rest only for
// the rows that are left. Which strings come as shared codes and which as bytes is decided once for
// all workers, when the morsels are planned.
// Invariant: the token's filter is applied before any other condition sees a row.

import type { DataType } from '../../../storage/column/data-type.ts'
import { BLOCK_ROWS_MAX, type Vector } from '../../../storage/column/vector.ts'
import type { ColumnReader, RowSet } from '../../../storage/part/row-set.ts'
import { isDeleted, type DeletedBits } from '../../../storage/segment/delete-mask.ts'
import { defaultVector } from '../../functions/values/values.ts'
import { asConst, retype, take } from '../../functions/values/vectors.ts'
import type { PlanNode, TypedExpr } from '../../plan/plan.ts'
import { boundOf, inZone, leastIn, mostIn, type Bound } from '../expressions/bounds.ts'
import type { Operator } from '../runtime/operator.ts'
import { compilePredicate, conjuncts, type Predicate } from '../expressions/predicate.ts'
import type { Runtime } from '../runtime/runtime.ts'
import { isRareIn } from './looked-rows.ts'
import { textsOf, typesOf } from './scan-columns.ts'
import { neededOf } from './scan-conditions.ts'
import { chooseRows, isForAll, noCounts, planPieces, rowsOf, type ScanPiece } from './scan-prune.ts'
import { BlockSource, RowsSource, WholeSource, type KnownColumn, type ScanColumns, type ScanSource } from './scan-source.ts'
import type { KnownRows, RowList, ScanRowSet } from './scan-row-set.ts'
import type { FinalRows, RowMask } from './final.ts'
import type { JointColumn, JointKeys } from './joint-keys.ts'
import { MissingColumns } from './missing-columns.ts'
import { NearMaps } from '../dictionaries/near-maps.ts'
import { OpenRowSets } from './open-row-sets.ts'
import type { SharedDictionaries } from '../dictionaries/shared-dictionary.ts'
import { rowSetsWith } from './string-presence.ts'
import { besideOf, NO_LIST, rowsWith } from './string-rows.ts'
import type { StringBound } from '../expressions/text-bounds.ts'
import { rowsAtATime } from './wide-blocks.ts'

export type ScanNode = Extract<PlanNode, { op: 'scan' }>

/** A piece of a scan with the columns (of the scan) that come as shared codes; a number beyond these,
 * less their number, is the dictionary of the codes of joint keys (joint-keys.ts). */
export type ScanMorsel = ScanPiece & { readonly codes: readonly number[]; readonly share?: BlockShare }

/** Of each block its rows from `part` / `parts` on to (part + 1) / parts. */
export type BlockShare = { readonly part: number; readonly parts: number }
const WHOLE_BLOCK: BlockShare = { part: 0, parts: 1 }

export type ScanStats = { rowsRead: number; bytesRead: number; rowsLeft: number }

/** `via` of a morsel that is a cluster of row sets under FINAL: clusters [from, to). */
const VIA_CLUSTER = -2

/** Longer lists of strings are in most row sets. */
const PRESENT_VALUES_MAX = 16

/** FINAL over row sets; `before`: which rows of one there are to it, by its number. */
type MakeFinal = (rowSets: readonly RowSet[], before: ((rowSet: number) => RowMask) | null) => FinalRows

type Condition = Predicate & { readonly bound: Bound | null }

export class Scan {
  counts = noCounts()
  private readonly node: ScanNode
  private readonly next: Operator
  private readonly runtime: Runtime
  private readonly dictionaries: SharedDictionaries
  private readonly openRows: (tableId: number) => readonly RowSet[]
  private readonly stats: ScanStats
  private readonly types: readonly DataType[]
  private readonly conditions: readonly Condition[]
  private readonly bounds: readonly Bound[]
  /** Columns read after the last condition, and those that a later condition still needs. */
  private readonly output: readonly number[]
  private readonly neededAfter: readonly ReadonlySet<number>[]
  /** String columns that are read. */
  private readonly texts: readonly number[]
  private readonly columns: ScanColumns
  private readonly makeFinal: MakeFinal | null
  /** PREWHERE under FINAL, behind the token's filter: user expressions see no row that the token hides. */
  private readonly before: readonly Predicate[]
  private finalRows: FinalRows | null = null
  /** Keys of the GROUP BY above that may come as one code, and columns that are read besides. */
  private readonly joint: JointColumn | null
  private readonly beside: readonly number[]
  private jointKeys: JointKeys | null = null
  private rowSets: readonly RowSet[] | null = null
  private readonly opened: OpenRowSets

  constructor(
    node: ScanNode, conditions: readonly TypedExpr[], output: ReadonlySet<number>, next: Operator,
    runtime: Runtime, dictionaries: SharedDictionaries,
    openRows: (tableId: number) => readonly RowSet[], stats: ScanStats,
    makeFinal: MakeFinal | null = null,
    keyed: ReadonlySet<number> = new Set(),
    joint: { readonly column: JointColumn; readonly beside: ReadonlySet<number> } | null = null,
    askedAbove: readonly TypedExpr[] = [],
  ) {
    this.joint = joint?.column ?? null
    this.makeFinal = makeFinal
    this.node = node
    this.next = next
    this.runtime = runtime
    this.dictionaries = dictionaries
    this.openRows = openRows
    this.stats = stats
    this.types = typesOf(node)
    this.opened = new OpenRowSets(node, keyed, () => this.rows(), dictionaries, runtime)
    const asked: Condition[] = []
    const bounds: Bound[] = []
    for (const expr of conditions) {
      const { columns, select } = compilePredicate(expr, runtime)
      const bound = boundOf(expr, runtime)
      asked.push({ columns, select, bound })
      if (bound !== null) bounds.push(bound)
    }
    this.conditions = asked
    this.before = node.before === null ? []
      : [...conjuncts(node.tokenFilter), ...conjuncts(node.before)].map((expr) => compilePredicate(expr, runtime))
    // What is asked above only skips here.
    for (const expr of askedAbove) {
      const bound = boundOf(expr, runtime)
      if (bound !== null) bounds.push(bound)
    }
    this.bounds = bounds
    const needed = neededOf(conditions)(output)
    this.output = needed.output
    this.beside = joint === null ? needed.output : needed.output.filter((column) => joint.beside.has(column))
    this.neededAfter = needed.after
    this.texts = textsOf(node)(needed.read)
    this.columns = {
      types: this.types, columnIds: node.columnIds, account: runtime.scratch.account, context: runtime.scratch,
      missing: new MissingColumns(node, this.types, runtime),
      countBytes: (bytes) => { stats.bytesRead += bytes },
      nearMaps: new NearMaps(runtime.durable.account),
    }
  }

  /** How row sets are to be read, where that is known already: the coordinator plans them all. */
  private readonly chosen: ReturnType<typeof chooseRows>[] = []

  private rows(): readonly RowSet[] {
    return this.rowSets ??= this.openRows(this.node.tableId)
  }

  /** What is to be read: called once, by the coordinator. */
  prepare(): ScanMorsel[] {
    if (this.makeFinal !== null) return this.prepareClusters()
    const { pieces, counts, rows, rowsLeft } = planPieces(
      this.rows(), this.bounds, this.node.columnIds, this.chosen, (bound, readers) => this.present(bound, readers),
      (bound, reader, block) => isRareIn(bound, reader, block, this.runtime.scratch.account),
      (bound, readers) => this.listed(bound, readers))
    this.counts = counts
    const used: number[] = []
    for (const piece of pieces) {
      if (piece.via < 0) {
        // Pieces of a row set lie next to each other.
        if (used[used.length - 1] !== piece.rowSet) used.push(piece.rowSet)
      } else for (let i = piece.from; i < piece.to; i++) if (this.chosen[i] !== 'skip') used.push(i)
    }
    const codes = this.chooseCodes(used, rows, rowsLeft)
    const isBroad = this.conditions.every(({ bound }) => bound?.kind === 'range')
    const joint = this.joint?.choose(this.rows(), pieces, codes, isBroad) ?? 0
    if (joint > 0) codes.push(this.types.length + joint)
    return pieces.map(({ rowSet, from, to, via }) => ({ rowSet, from, to, via, codes }))
  }

  /** The row sets that may have a bound's strings, as far as the table's dictionary tells. */
  private present(bound: StringBound, readers: readonly (ColumnReader | null)[]): Uint32Array | null {
    const { column, values } = bound
    if (!this.texts.includes(column) || values.length > PRESENT_VALUES_MAX) return null
    const columnId = this.node.columnIds[column]
    const dictionary = this.dictionaries.of(this.node.tableId, columnId)
    return dictionary === null ? null : rowSetsWith(values, this.rows(), readers, columnId, dictionary, this.dictionaries)
  }

  /** The rows of each row set that a bound chooses, as far as they are known. */
  private listed({ column, values: [value] }: StringBound, readers: readonly (ColumnReader | null)[]): readonly (KnownRows | null)[] {
    const columnId = this.node.columnIds[column]
    const dictionary = this.texts.includes(column) ? this.dictionaries.of(this.node.tableId, columnId) : null
    return dictionary === null ? NO_LIST
      : rowsWith(value, columnId, { list: this.rows(), readers, dictionary, dictionaries: this.dictionaries }, this.runtime.scratch.account)
  }

  private final(): FinalRows {
    const { makeFinal } = this
    if (makeFinal === null) throw new Error(`exec: ${this.node.table} is not read with FINAL`)
    return this.finalRows ??= makeFinal(this.rows(), this.before.length === 0 ? null : (index) => this.leftOf(index))
  }

  /** The rows of a row set that PREWHERE leaves. */
  private leftOf(index: number): RowMask {
    const rowSet = this.rows()[index]
    const left = new Uint8Array(rowSet.rowCount)
    const from = this.opened.plain(index)
    const { account } = this.runtime.scratch
    for (let block = 0; block < rowSet.blockCount; block++) {
      this.runtime.scratch.checkAlive()
      const source = new BlockSource(from, block, BLOCK_ROWS_MAX, this.columns)
      const first = block * BLOCK_ROWS_MAX
      for (const row of this.passing(source)) left[first + row] = 1
      account.releaseAll()
    }
    return left
  }

  /** Rows of a block that PREWHERE leaves. */
  private passing(source: BlockSource): Uint32Array {
    let rows = new Uint32Array(source.rowCount)
    for (let row = 0; row < rows.length; row++) rows[row] = row
    for (const { columns: used, select } of this.before) {
      const columns: Vector[] = []
      for (const column of used) columns[column] = source.load(column)
      const found = select({ rowCount: source.rowCount, columns })
      if (found === null) continue
      const left = new Uint32Array(found.length)
      for (let i = 0; i < found.length; i++) left[i] = rows[found[i]]
      rows = left
      source.narrow(found)
      if (rows.length === 0) break
    }
    return rows
  }

  /** Clusters of which some row set may have rows for the conditions. */
  private prepareClusters(): ScanMorsel[] {
    const final = this.final()
    const { clusters } = final
    const rowSets = this.rows()
    const { counts } = this
    const used = new Set<number>()
    // A sum can lie beyond the zones of what it is made of.
    const lasting = this.bounds.filter(({ column }) => !final.makesValuesOf(this.node.columnIds[column]))
    const wanted = [...clusters.keys()].filter((number) => {
      const bounds = final.isWhole(number) ? this.bounds : lasting
      const open = clusters[number].filter((index) =>
        chooseRows(rowSets[index], bounds, this.node.columnIds, counts) !== 'skip')
      for (const index of open) used.add(index)
      return open.length > 0
    })
    counts.rowSets = rowSets.length
    counts.blocks = rowSets.reduce((sum, { blockCount }) => sum + blockCount, 0)
    const rows = [...used].reduce((sum, index) => sum + rowSets[index].rowCount, 0)
    const codes = this.chooseCodes([...used], rows, rows)
    return wanted.map((from) => ({ rowSet: -1, from, to: from + 1, via: VIA_CLUSTER, codes }))
  }

  /** String columns whose row sets can all be mapped to shared codes at a fair price: that of the rows
   * for which a condition looks at them, or of those that conditions on strings are likely to leave. */
  private chooseCodes(used: readonly number[], rowsToRead: number, rowsLeft: number): number[] {
    const codes: number[] = []
    for (const column of this.texts) {
      if (this.opened.map(column, used, this.isAsked(column) ? rowsToRead : rowsLeft)) codes.push(column)
    }
    return codes
  }

  /** Whether a condition looks at a column's values. */
  private isAsked(column: number): boolean {
    return this.conditions.some(({ columns, bound }) => bound?.kind !== 'strings' && columns.includes(column))
  }

  /** Runs one morsel; scratch memory is emptied block by block. */
  run(morsel: ScanMorsel): void {
    if (this.opened.begin(morsel.codes)) {
      const joint = morsel.codes.find((code) => code >= this.types.length)
      this.jointKeys = joint === undefined ? null : this.joint?.open(joint - this.types.length) ?? null
    }
    if (morsel.via >= 0) this.runRows(morsel)
    else if (morsel.via === VIA_CLUSTER) this.runClusters(morsel)
    else this.runBlocks(morsel, null)
  }

  private runClusters(morsel: ScanMorsel): void {
    for (let number = morsel.from; number < morsel.to; number++) {
      const final = this.final()
      if (final.makesValues && !final.isWhole(number)) {
        this.runCombined(number)
        continue
      }
      const masks = final.masksOf(number)
      final.clusters[number].forEach((rowSet, i) => {
        const { blockCount } = this.rows()[rowSet]
        const chosen = chooseRows(this.rows()[rowSet], this.bounds, this.node.columnIds, noCounts())
        if (chosen !== 'skip') this.runBlocks({ ...morsel, rowSet, from: 0, to: blockCount }, masks[i])
      })
    }
  }

  /** Rows that the engine makes of a cluster's. */
  private runCombined(cluster: number): void {
    const wanted = [...new Set([...this.output, ...this.conditions.flatMap(({ columns }) => columns)])]
    const { account } = this.runtime.scratch
    const all = this.conditions.map(() => true)
    this.stats.rowsRead += this.final().clusters[cluster]
      .reduce((sum, index) => sum + this.rows()[index].rowCount, 0)
    this.final().combine(cluster, wanted.map((column) => this.node.columnIds[column]), (vectors, rowCount) => {
      const columns: Vector[] = []
      wanted.forEach((column, i) => { columns[column] = retype(vectors[i], this.types[column]) })
      for (let from = 0; from < rowCount && !this.next.isFull; from += BLOCK_ROWS_MAX) {
        this.runtime.scratch.checkAlive()
        const to = Math.min(rowCount, from + BLOCK_ROWS_MAX)
        this.filtered(new WholeSource(columns, from, to, account), all)
        account.releaseAll()
      }
    })
  }

  private runBlocks(morsel: ScanMorsel, mask: RowMask): void {
    const from = this.opened.open(morsel.rowSet)
    const open = this.conditions.map(({ bound }) => bound === null
      || inZone(bound, from.readers[bound.column]?.zone ?? null) !== 'all')
    for (let block = morsel.from; block < morsel.to && !this.next.isFull; block++) {
      this.runtime.scratch.checkAlive()
      const active = this.activeIn(from.readers, block, open)
      if (active !== null) this.runBlock(from, block, mask, active, morsel.share ?? WHOLE_BLOCK)
      this.runtime.scratch.account.releaseAll()
    }
  }

  private runBlock(
    from: ScanRowSet, block: number, mask: RowMask, active: readonly boolean[], { part, parts }: BlockShare): void {
    const rows = from.rowSet.blockRows(block)
    const [start, end] = [Math.floor(rows * part / parts), Math.floor(rows * (part + 1) / parts)]
    this.stats.rowsRead += end - start
    const step = rowsAtATime(from, this.texts, block, this.runtime.scratch.account.limitBytes)
    for (let first = start; first < end && !this.next.isFull; first += step) {
      if (first > start) this.runtime.scratch.account.releaseAll()
      const source = new BlockSource(from, block, BLOCK_ROWS_MAX, this.columns)
      if (step < rows) source.cut(first, Math.min(end, first + step))
      else if (parts > 1) source.choose(start, end)
      if (this.unmask(source, mask, from.rowSet.deleted, block * BLOCK_ROWS_MAX + first)) this.filtered(source, active)
    }
  }

  /** Leaves the rows that FINAL shows and no delete took out; false: there are none. `first`: the number of
   * the source's first row. */
  private unmask(source: BlockSource, mask: RowMask, deleted: DeletedBits | null, first: number): boolean {
    if (mask === null && deleted === null) return true
    const { account } = this.runtime.scratch
    const rows = account.u32(source.rowCount)
    let count = 0
    for (let row = 0; row < source.rowCount; row++) {
      rows[count] = row
      if ((mask === null || mask[first + row] === 1) && (deleted === null || !isDeleted(deleted, first + row))) count++
    }
    if (count < source.rowCount) source.narrow(rows.subarray(0, count))
    return count > 0
  }

  /** Which conditions a block has to be asked; null: its zone says that no row fulfils them. */
  private activeIn(readers: readonly (ColumnReader | null)[], block: number, open: readonly boolean[]): boolean[] | null {
    const active: boolean[] = []
    for (let i = 0; i < this.conditions.length; i++) {
      const { bound } = this.conditions[i]
      active[i] = open[i]
      if (!open[i] || bound === null) continue
      const zone = inZone(bound, readers[bound.column]?.blockZone(block) ?? null)
      if (zone === 'none') return null
      active[i] = zone !== 'all'
    }
    return active
  }

  private runRows(morsel: ScanMorsel): void {
    const viaBound = this.bounds[morsel.via]
    const known = this.knownColumn(viaBound, morsel.codes)
    const open = this.openConditions(viaBound)
    const beside = besideOf(this.rows(), this.node.columnIds[viaBound.column])
    let active = this.noneActive()
    let lists: RowList[] = []
    let count = 0
    const flush = () => {
      if (count > 0) this.filtered(new RowsSource(lists, this.columns, known, beside), active)
      active = this.noneActive()
      lists = []
      count = 0
      this.runtime.scratch.account.releaseAll()
    }
    for (let index = morsel.from; index < morsel.to && !this.next.isFull; index++) {
      this.runtime.scratch.checkAlive()
      const rows = this.rowsChosen(index, morsel.via)
      if (rows === null) {
        flush()
        this.runBlocks({ rowSet: index, from: 0, to: this.rows()[index].blockCount, via: -1, codes: morsel.codes }, null)
        continue
      }
      const place = this.placeOf(index, rows)
      for (let at = 0; at < rows.length;) {
        const room = BLOCK_ROWS_MAX - count
        // A view costs as much as a row or two.
        const piece = at === 0 && rows.length <= room ? rows : rows.subarray(at, Math.min(rows.length, at + room))
        const from = this.opened.open(index)
        lists.push({ from, rows: piece, place: place < 0 ? -1 : place + at })
        if (open.length > 0) this.activate(active, open, from.readers)
        count += piece.length
        at += piece.length
        if (count === BLOCK_ROWS_MAX) flush()
      }
    }
    flush()
  }

  /** Conditions that some rows must be asked: postings have answered their own, and the zone of the whole
   * list those that hold for all rows. */
  private openConditions(via: Bound): readonly number[] {
    const open: number[] = []
    for (let i = 0; i < this.conditions.length; i++) {
      const { bound } = this.conditions[i]
      if (bound !== via && (bound === null || !isForAll(bound, this.rows(), this.node.columnIds))) open.push(i)
    }
    return open
  }

  private noneActive(): boolean[] {
    const active: boolean[] = []
    for (let i = 0; i < this.conditions.length; i++) active.push(false)
    return active
  }

  /** Marks those of the open conditions that rows of a row set must be asked. */
  private activate(active: boolean[], open: readonly number[], readers: readonly (ColumnReader | null)[]): void {
    for (const i of open) {
      const { bound } = this.conditions[i]
      active[i] ||= bound === null || inZone(bound, readers[bound.column]?.zone ?? null) !== 'all'
    }
  }

  /** The column whose postings chose the rows, where they name one string. */
  private knownColumn(bound: Bound, codes: readonly number[]): KnownColumn | null {
    if (bound.kind !== 'strings' || bound.values.length !== 1) return null
    const { column, values: [bytes] } = bound
    const type = this.types[column]
    const { account } = this.runtime.durable
    if (!codes.includes(column)) {
      const [offsets, text] = [account.u32(2), account.u8(bytes.length)]
      offsets.set([0, bytes.length])
      text.set(bytes)
      return { column, value: { kind: 'bytes', type, length: 1, isConst: true, nulls: null, offsets, bytes: text } }
    }
    const dictionary = this.dictionaries.of(this.node.tableId, this.node.columnIds[column])
    const code = dictionary?.find(bytes) ?? -1
    if (dictionary === null || code < 0) return null
    const wanted = account.u32(1)
    wanted[0] = code
    return { column, value: { kind: 'codes', type, length: 1, isConst: true, nulls: null, codes: wanted, dictionary } }
  }

  /** The rows that bound `via` chooses of a row set; null: whole blocks must be read to tell. */
  private rowsChosen(index: number, via: number): Uint32Array | null {
    const rowSet = this.rows()[index]
    const bound = this.bounds[via]
    const chosen = this.chosen[index] ??= chooseRows(rowSet, this.bounds, this.node.columnIds, noCounts())
    if (chosen === 'skip' || chosen === 'blocks' || bound.kind !== 'strings') return new Uint32Array(0)
    const reader = rowSet.column(this.node.columnIds[bound.column]) as ColumnReader
    const rows = rowsOf(rowSet, reader, bound, chosen, this.runtime.scratch.account)
    if (rows === null) return null
    for (const block of chosen.blocks ?? []) this.columns.countBytes(reader.blockBytes(block))
    this.stats.rowsRead += chosen.rows
    return rows
  }

  /** Where rows that rowsChosen() has given stand among those of their string; -1: not known, or not all are left. */
  private placeOf(index: number, rows: Uint32Array): number {
    const chosen = this.chosen[index]
    return typeof chosen === 'object' && chosen.listed !== null && chosen.listed.rows === rows ? chosen.listed.place : -1
  }

  private filtered(source: ScanSource, active: readonly boolean[]): void {
    const columns: Vector[] = []
    const isOpen = [...active]
    for (let i = 0; i < this.conditions.length; i++) {
      if (!isOpen[i]) continue
      const rows = this.inRange(i, isOpen, source, columns) ?? this.selected(this.conditions[i], source, columns)
      if (rows === null || rows.length === source.rowCount) continue
      if (rows.length === 0) return
      this.narrow(columns, rows, this.neededAfter[i])
      source.narrow(rows)
    }
    this.stats.rowsLeft += source.rowCount
    const joint = this.jointKeys === null ? null : source.joint(this.jointKeys)
    for (const column of joint === null ? this.output : this.beside) {
      const raw = columns[column]
      columns[column] = raw === undefined ? source.load(column) : source.finish(column, raw)
    }
    const all = this.complete(columns, source.rowCount)
    this.next.push({ rowCount: source.rowCount, columns: all, ...joint === null ? {} : { joint } })
  }

  /** Rows in a range of 32-bit numbers: of all open conditions on its column at once, which are closed
   * by this. null: the condition is no such range, or all rows lie in it. */
  private inRange(first: number, isOpen: boolean[], source: ScanSource, columns: Vector[]): Uint32Array | null {
    const { bound } = this.conditions[first]
    if (bound?.kind !== 'range' || !bound.isExact) return null
    const { account, kernels } = this.runtime.scratch
    const vector = columns[bound.column] ??= source.loadRaw(bound.column)
    if (vector.kind !== 'number' || vector.isConst || vector.nulls !== null
      || !(vector.values instanceof Uint32Array) || vector.values.buffer !== account.work.buffer) return null
    let [min, max] = [0, 0xffffffff]
    this.conditions.forEach(({ bound: other }, i) => {
      if (!isOpen[i] || other?.kind !== 'range' || !other.isExact || other.column !== bound.column) return
      isOpen[i] = false
      min = Math.max(min, leastIn(other))
      max = Math.min(max, mostIn(other))
    })
    if (min > max) return new Uint32Array(0)
    const rows = account.u32(source.rowCount)
    const found = kernels.rangeRows(
      vector.values.byteOffset, source.rowCount, min, max, rows.byteOffset)
    return rows.subarray(0, found)
  }

  /** Rows that fulfil a condition; null: all. Columns that it needs are loaded. */
  private selected(condition: Condition, source: ScanSource, columns: Vector[]): Uint32Array | null {
    const { bound } = condition
    if (bound?.kind === 'strings' && columns[bound.column] === undefined) {
      const found = source.equalRows(bound.column, bound.values)
      if (found !== null) return found.length === source.rowCount ? null : found
    }
    for (const column of condition.columns) columns[column] ??= source.loadRaw(column)
    return condition.select({ rowCount: source.rowCount, columns })
  }

  private narrow(columns: Vector[], rows: Uint32Array, needed: ReadonlySet<number>): void {
    for (let c = 0; c < columns.length; c++) {
      if (columns[c] === undefined) continue
      if (needed.has(c)) columns[c] = taken(columns[c], rows, this.runtime)
      else delete columns[c]
    }
  }

  /** Columns that nobody reads are constants: every column of a block is there. */
  private complete(columns: Vector[], rowCount: number): Vector[] {
    for (let c = 0; c < this.types.length; c++) columns[c] ??= asConst(this.unread(c), rowCount)
    return columns
  }

  private readonly placeholders: Vector[] = []
  private unread(column: number): Vector {
    return this.placeholders[column]
      ??= defaultVector(this.types[column], 1, this.runtime.durable.account)
  }

  /** `scan app_events 24/24 row sets, 3/412 blocks, …`, after prepare(). */
  describe(): string {
    const { counts } = this
    const parts = [
      `${counts.rowSets} row sets (${counts.rowSetsSkippedByZone} skipped by zone map, `
        + `${counts.rowSetsSkippedByDictionary} by dictionary)`,
      `${counts.blocks} blocks (${counts.blocksSkippedByZone} skipped by zone map)`,
    ]
    if (counts.rowSetsByPostings > 0) {
      parts.push(`postings: ${counts.rowsByPostings} rows of ${counts.rowSetsByPostings} row sets`)
    }
    return `scan ${this.node.table}: ${parts.join(', ')}; ${this.stats.rowsRead} rows read`
  }
}

const taken = (vector: Vector, rows: Uint32Array, { scratch: { account } }: Runtime): Vector => (
  vector.isConst ? asConst(vector, rows.length) : take(vector, rows, rows.length, account))
