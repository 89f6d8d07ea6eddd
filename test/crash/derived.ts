// The engine's ways of writing to several tables at once, in the simulated world: inserts with what
// views make of them and what did not fit, imports, copies, populates, replays of a quarantine, moves into
// another form. Bulk, feeds, copies, moves, the pieces of segments and the gate are the engine's own; views are plain functions over rows.
//
//   fed   -- made (even rows)  -- deep (all of made)        aside: rows that did not fit
//         -- fresh (two of three), from its populate on     copied: fed, as it was at the last copy
//
// Invariant, at every moment and after every start: made, deep and fresh are what follows from fed, and a
// row is in fed or in aside, once. So one model of fed, aside and copied together tells all or nothing.

import { PlainArena } from './plain-arena.ts'
import { TableModel } from './model.ts'
import { isInDoubt } from './refusals.ts'
import { partOf, readChecked, readRows, rowKeysOf, tableNamed } from './world.ts'
import type { SimulatedDisk } from '../../storage/disk/simulated-disk.ts'
import type { NewPart, PartRef, SegmentRef, Snapshot, TableMeta } from '../../storage/face.ts'
import type { Store } from '../../storage/index.ts'
import { Bulk, type BulkWorld } from '../../src/engine/bulk.ts'
import { BulkGate } from '../../src/engine/bulk-gate.ts'
import { CommitGate } from '../../src/engine/commit-gate.ts'
import { runCopy } from '../../src/engine/copy.ts'
import type { KeyedPart } from '../../src/engine/duplicates.ts'
import { EngineError } from '../../src/engine/engine-error.ts'
import { Feeds } from '../../src/engine/feeds.ts'
import { forward } from '../../src/engine/forward.ts'
import { dropHidden, FORWARDED_SUFFIX } from '../../src/engine/hidden.ts'
import { inPieces } from '../../src/engine/pieces.ts'
import type { View } from '../../src/engine/views.ts'
import type { Catalog } from '../../src/plan/analyze.ts'
import type { TypedPlan } from '../../src/plan/plan.ts'

/** Rows of aside, of copied, and of what views make have numbers of their own. */
const ZONE = 2 ** 22
const [FED, ASIDE, COPIED, MADE, DEEP, FRESH] = [0, 1, 2, 3, 4, 5].map((zone) => zone * ZONE)
export const DERIVED = ['fed', 'aside', 'copied', 'made', 'deep', 'fresh'] as const

/** What the engine asks of a plan over fed that makes rows of single rows, or of all of them together. */
function planOver(isByRow: boolean): TypedPlan {
  const scan = { op: 'scan', final: false }
  const root = isByRow ? scan : { op: 'sort', input: scan }
  return { tables: ['fed'], root, sets: [], scalars: [], recursions: [], totals: null } as unknown as TypedPlan // enough for hasNode and subplansOf
}
/** More rows of a segment than this find no room in a query. */
const ROOM_ROWS = 20

type Rule = { readonly source: string; readonly target: string; readonly rows: (of: readonly number[]) => number[] }

const RULES: readonly Rule[] = [
  { source: 'fed', target: 'made', rows: (rows) => rows.filter((row) => row % 2 === 0).map((row) => row + MADE) },
  { source: 'made', target: 'deep', rows: (rows) => rows.map((row) => row - MADE + DEEP) },
  { source: 'fed', target: 'fresh', rows: (rows) => rows.filter((row) => row % 3 > 0).map((row) => row + FRESH) },
]
const ruleOf = (target: string): Rule => RULES.find((rule) => rule.target === target) as Rule
const KEY = 'fed to fresh'
const VIEW = { pipe: 'fresh', key: KEY, label: 'fresh', trigger: 'fed', target: 'fresh', sql: '', planId: 1 }
/** One run of so many has a populate of a table that tells its rows apart by a key, one of twice as many of one whose
 * engine combines them as well. */
const KEYED_POPULATES = 8
/** Every so many rows one does not fit. */
const MISFIT = 5

export type DerivedAction =
  | { readonly kind: 'derive'; readonly count: number }
  | { readonly kind: 'import'; readonly pieces: number; readonly isReplacing: boolean }
  | { readonly kind: 'copy' | 'populate' | 'replay' | 'renew' }
  | { readonly kind: 'forward'; readonly table: 'fed' | 'made' | 'deep' | 'aside' | 'fresh' | 'keyed' }

/** What of one run the actions use. */
export type DerivedWorld = {
  readonly store: Store
  readonly arena: PlainArena
  readonly disk: SimulatedDisk
}

export class Derived {
  readonly model = new TableModel()
  private world!: DerivedWorld
  private feeds!: Feeds
  private gate = new CommitGate()
  private generation = 0
  private nextRow = 1
  /** fresh was said to be fed. */
  private isFedForSure = false
  private isReplaying = false
  /** A project is applied one table after the other. */
  private isMoving = false
  /** The replacement under way; -1: none. */
  private replacing = -1
  private readonly made = new Set<string>()
  /** fresh tells its rows apart by a key, and an engine combines them (of one key there is one). */
  private readonly isKeyed: boolean
  private readonly isCombined: boolean
  /** Plans of this run: the engine remembers of each how many rows found room. */
  private readonly view: View
  private readonly copyPlan: TypedPlan
  /** Rows of fresh whose keys have been seen to be known. */
  private known: readonly number[] = []

  constructor(seed: number) {
    this.isKeyed = seed % KEYED_POPULATES === 3
    this.isCombined = seed % (2 * KEYED_POPULATES) === 3 + KEYED_POPULATES
    this.view = { ...VIEW, plan: planOver(seed % 3 > 0) }
    this.copyPlan = planOver(seed % 4 > 1)
  }

  /** Tables and the engine's parts over a store that was just opened. */
  async open(world: DerivedWorld): Promise<void> {
    this.world = world
    this.gate = new CommitGate()
    this.replacing = -1
    this.isReplaying = false
    this.isMoving = false
    const { store, arena } = world
    const views = {
      generation: 0, keyedFrom: (name: string) => (this.isKeyed && name === 'fresh' ? [store.table(name)?.id] : []), activate: () => { this.generation++ },
      has: () => true, workKey: () => `${KEY} ${store.table('fresh')?.id} ${store.table('fed')?.schemaVersion}`,
      derive: (parts: readonly NewPart[]) => this.derive(parts),
      overSegment: async (
        segment: SegmentRef, trigger: TableMeta, { plan }: Pick<View, 'plan'>, target: TableMeta, use: (made: KeyedPart) => Promise<void>,
      ) => {
        await inPieces(segment, { plan, queryBytes: 1 }, async (piece) => {
          await Promise.resolve()
          const { from, to } = piece.rows ?? { from: 0, to: piece.rowCount }
          if (to - from > ROOM_ROWS) throw new EngineError('limit', 'more rows than a query has room for', 'MEMORY_LIMIT_EXCEEDED')
          return this.madeOf(this.rowsOver(piece, trigger, target), target)
        }, use)
      },
      of: (name: string) => this.running().filter(({ source }) => source === name),
      downstreamOf: (given: readonly string[], made: readonly string[] = []) => ({
        tables: [...made, ...given.includes('fed') ? this.running().map(({ target }) => target) : []], feeders: [],
      }),
    }
    Object.defineProperty(views, 'generation', { get: () => this.generation })
    const pool = { query: async ({ tables: [{ table, rows }] }: { tables: { table: TableMeta; rows: Snapshot['rows'] }[] }) => {
      // The first query of a copy is asked in the turn in which it takes its snapshots.
      if (this.copying < 0) {
        const copied = this.rowsOf('fed').map((row) => row + COPIED)
        this.copying = this.model.note({ kind: 'swap', from: COPIED, to: COPIED + ZONE, gone: [], rows: copied }, null)
      }
      await Promise.resolve()
      const copied = rows.flatMap((ref) => this.rowsIn(ref, table.name, true)).map((row) => row + COPIED)
      return { part: this.part('copied', copied), keys: null }
    } }
    this.feeds = new Feeds(new Bulk({
      store, arena, gate: this.gate, writers: new BulkGate(), pool, views, queryBytes: 1,
      listOf: ({ table, rows }: Snapshot) => ({ table, rows, listId: 1 }),
    } as unknown as BulkWorld), 0) // saved after each segment; the parts of the engine that a plain function stands for
    await dropHidden(store)
    for (const name of DERIVED) {
      if (store.table(name) === null) {
        if (this.made.has(name)) throw new Error(`table ${name} is gone`)
        await store.createTable(this.tableNamed(name))
      }
      if (name !== 'fresh') this.made.add(name)
    }
    await this.checkKnown()
  }

  private copying = -1

  private tableNamed(name: string) {
    return name === 'fresh' ? tableNamed(name, this.isKeyed, this.isCombined) : tableNamed(name)
  }

  private running(): readonly Rule[] {
    return RULES.filter(({ target }) => target !== 'fresh' || this.isFed)
  }

  private get isFed(): boolean { return this.world.store.table('fresh')?.fedBy?.includes(KEY) ?? false }

  private rowsIn(ref: PartRef | SegmentRef, name: string, isChecked: boolean): number[] {
    const { store, arena, disk } = this.world
    const snapshot = { table: store.table(name) as TableMeta, version: 0, rows: [ref], release: () => {} }
    return isChecked ? readChecked(snapshot, arena, disk) : readRows(snapshot, arena, disk)
  }

  private part(name: string, rows: readonly number[]): NewPart | null {
    const { store, arena } = this.world
    return rows.length === 0 ? null : partOf(store.table(name) as TableMeta, rows, arena)
  }

  private async derive(parts: readonly NewPart[]): Promise<readonly NewPart[]> {
    const derived: NewPart[] = []
    for (const part of parts) await this.deriveFrom(part, derived)
    return derived
  }

  private async deriveFrom(part: NewPart, into: NewPart[]): Promise<void> {
    const { name } = this.world.store.tableById(part.tableId) as TableMeta
    for (const rule of this.running().filter(({ source }) => source === name)) {
      await Promise.resolve()
      const ref = { kind: 'part', id: 0, firstSequence: 0, lastSequence: 0, ...part } as const
      const made = this.part(rule.target, rule.rows(this.rowsIn(ref, name, false)))
      if (made === null) continue
      into.push(made)
      await this.deriveFrom(made, into)
    }
  }

  /** Does an action; `settle` of the model comes with its answer. Throws what the store says. */
  async act(action: DerivedAction): Promise<void> {
    switch (action.kind) {
      case 'derive': return await this.insert(action.count)
      case 'import': return await this.import(action.pieces, action.isReplacing)
      case 'copy': return await this.copy()
      case 'populate': return await this.populate()
      case 'replay': return await this.replay()
      case 'renew': return await this.renew()
      case 'forward': return await this.forward(action.table)
    }
  }

  private takeRows(count: number): number[] { return Array.from({ length: count }, () => this.nextRow++) }

  /** Rows, those that do not fit, and all that follows: one transaction, as the engine commits it. */
  private async insert(count: number): Promise<void> {
    const { store, arena } = this.world
    const rows = this.takeRows(count)
    const [fits, misfits] = [rows.filter((row) => row % MISFIT > 0), rows.filter((row) => row % MISFIT === 0)]
    const index = this.model.note({ kind: 'insert', rows: [...fits, ...misfits.map((row) => row + ASIDE)] }, null,
      this.replacing < 0 ? [] : [this.replacing])
    await this.settling(index, async () => {
      const leave = await this.gate.enter()
      try {
        const parts = [this.part('fed', fits), this.part('aside', misfits)].filter((part) => part !== null)
        const all = [...parts]
        try {
          all.push(...await this.derive(parts))
        } catch (error) {
          for (const { address, bytes } of all) arena.free(address, bytes)
          throw error
        }
        await store.commit({ parts: all })
      } finally {
        leave()
      }
    })
  }

  private async import(pieces: number, isReplacing: boolean): Promise<void> {
    const { bulk } = this.feeds
    const rows = this.takeRows(pieces * 3)
    const beside = this.replacing >= 0 ? [this.replacing] : []
    const index = isReplacing ? this.model.note({ kind: 'swap', from: FED, to: FED + ZONE, gone: [], rows }, null)
      : this.model.note({ kind: 'insert', rows }, null, beside)
    if (isReplacing) {
      this.replacing = index
      this.known = []
    }
    await this.settling(index, () => bulk.staged({ into: ['fed'] }, async (stage, commit) => {
      for (let piece = 0; piece < pieces; piece++) {
        await bulk.add(stage, keyless(this.part('fed', rows.slice(piece * 3, piece * 3 + 3))) as KeyedPart)
      }
      await (isReplacing ? this.feeds.replace(stage, commit, 'fed') : commit())
    }))
    if (isReplacing) this.replacing = -1
  }

  private async copy(): Promise<void> {
    const target = this.world.store.table('copied') as TableMeta
    this.copying = -1
    const work = () => runCopy(this.feeds, {
      plan: this.copyPlan, planId: 1, slots: [], target, isReplacing: true,
    })
    await this.settling(() => this.copying, async () => { await work() })
  }

  private async populate(): Promise<void> {
    const wasFed = this.isFed
    const wanted = ruleOf('fresh').rows(this.rowsOf('fed'))
    this.known = []
    await (wasFed ? this.feeds.rebuild([this.view]) : this.feeds.feed(this.view))
    if (!this.isFed) throw new Error('a view is said to be fed, and is not')
    this.isFedForSure = true
    if (!wasFed && this.isKeyed) await this.checkKeys(wanted)
  }

  /** What a populate has written to the table that tells its rows apart is known there. */
  private async checkKeys(wanted: readonly number[]): Promise<void> {
    const there = new Set(this.rowsOf('fresh'))
    this.known = wanted.filter((row) => there.has(row))
    await this.checkKnown()
  }

  private async checkKnown(): Promise<void> {
    const { store } = this.world
    const id = store.table('fresh')?.id
    if (id === undefined || this.known.length === 0) return
    const rows = this.known
    const marks = await store.deduplicate([id], async (turn) => await turn.look(id, rowKeysOf(rows)))
    const missing = rows.filter((_, index) => marks?.[index] !== 1)
    if (missing.length > 0) throw new Error(`the keys of rows ${missing.join(' ')} of a populate are forgotten`)
  }

  /** As src/engine/replay.ts does it, with rows of which every second fits by now. */
  private async replay(): Promise<void> {
    if (this.isReplaying) return
    this.isReplaying = true
    const { store } = this.world
    const { bulk } = this.feeds
    const release = await store.holdSegments('aside')
    let index = -1
    try {
      await this.settling(() => index, () => bulk.staged({ into: ['fed', 'aside'] }, async (stage, commit) => {
        await store.flush('aside')
        const snapshot = store.snapshot('aside')
        const segments = snapshot.rows.filter((ref): ref is SegmentRef => ref.kind === 'segment')
        const rows = segments.flatMap((segment) => this.rowsIn(segment, 'aside', true))
        snapshot.release()
        const [fits, left] = [rows.filter((row) => row % 2 === 0), rows.filter((row) => row % 2 > 0)]
        index = this.model.note({ kind: 'swap', from: 0, to: 0, gone: rows.map((row) => row + ASIDE),
          rows: [...fits, ...left.map((row) => row + ASIDE)] }, null)
        const stay = this.part('aside', left)
        if (stay !== null) await stage.add(stay)
        const moved = keyless(this.part('fed', fits))
        if (moved !== null) await bulk.add(stage, moved)
        await commit({ moved: { table: 'aside', segmentIds: segments.map(({ id }) => id) } })
      }))
    } finally {
      release()
      this.isReplaying = false
    }
  }

  /** All rows of a table go into one of another order, which has its name from then on, and remembers their keys. */
  private async forward(name: string): Promise<void> {
    if (this.isMoving) return
    this.isMoving = true
    const { store } = this.world
    const stored = store.table(name) as TableMeta
    const own = this.tableNamed(name)
    const wanted = { ...own, sortBy: stored.sortBy.length === 1 ? [...own.sortBy, own.sortBy[0] === 's' ? 'n' : 's'] : own.sortBy }
    const catalog = { table: (of: string) => store.table(of) } as unknown as Catalog // all that a plan over one table asks for
    try {
      await forward({ feeds: this.feeds, catalog: () => catalog, newPlanId: () => 2 }, stored, wanted, null)
      if (name === 'fresh') await this.checkKnown()
    } finally {
      this.isMoving = false
    }
  }

  /** The view goes with its target, and comes again, empty. */
  private async renew(): Promise<void> {
    const { store } = this.world
    this.isFedForSure = false
    this.generation++
    this.known = []
    await store.dropTable('fresh')
    await store.createTable(this.tableNamed('fresh'))
  }

  /** The rows that a view's rule, or a move, makes of a part or segment. */
  private rowsOver(ref: PartRef | SegmentRef, trigger: TableMeta, target: TableMeta): number[] {
    const { source, rows } = target.name.endsWith(FORWARDED_SUFFIX) ? { source: trigger.name, rows: (all: number[]) => all } : ruleOf(target.name)
    return rows(this.rowsIn(ref, source, true))
  }

  private madeOf(rows: number[], target: TableMeta): KeyedPart | null {
    const part = this.part(target.name, rows)
    return part === null ? null : { ...part, rowKeys: this.isKeyed && target.name === 'fresh' ? rowKeysOf(rows) : null }
  }

  /** The model learns how it went; a fault is the caller's. */
  private async settling(index: number | (() => number), work: () => Promise<void>): Promise<void> {
    const settle = (happened: boolean | null) => {
      const at = typeof index === 'number' ? index : index()
      if (at >= 0) this.model.settle(at, happened)
    }
    try {
      await work()
      settle(true)
    } catch (error) {
      if (!this.world.disk.isStopped) settle(isInDoubt(error) ? null : false)
      throw error
    }
  }

  /** Compares all tables with the model and with each other; null: all is right. */
  wrong(isRestarted: boolean): string | null {
    const [fed, aside, copied, made, deep, fresh] = DERIVED.map((name) => this.rowsOf(name))
    if (this.isFedForSure && !this.isFed) return 'that a view was fed is forgotten'
    const wanted = { made: ruleOf('made').rows(fed), deep: ruleOf('deep').rows(made), fresh: this.isFed ? ruleOf('fresh').rows(fed) : [] }
    for (const [name, rows] of Object.entries({ made, deep, fresh })) {
      const own = wanted[name as keyof typeof wanted]
      if (sorted(rows) !== sorted(own)) return `${name} has ${sorted(rows)}, and its source gives ${sorted(own)}`
    }
    const all = [...fed, ...aside.map((row) => row + ASIDE), ...copied]
    const wrong = this.model.check(all, isRestarted, (rows) => rows)
    return wrong === null ? null : `fed, aside (from ${ASIDE}), copied (from ${COPIED}): ${wrong}`
  }

  private rowsOf(name: string): number[] {
    const { store, arena, disk } = this.world
    if (store.table(name) === null) return []
    const snapshot = store.snapshot(name)
    try {
      return disk.aside(() => readRows(snapshot, arena, disk))
    } finally {
      snapshot.release()
    }
  }
}

/** Only what a populate writes is told apart by a key. */
const keyless = (part: NewPart | null): KeyedPart | null => (part === null ? null : { ...part, rowKeys: null })

const sorted = (rows: readonly number[]): string => [...rows].sort((a, b) => a - b).join(' ')
