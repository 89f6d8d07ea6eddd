// Rows of a quarantine once more, after the schema was mended: those that fit now go where they belong,
// the others stay. By one edit of the manifest rows appear and leave the quarantine: each once, whatever
// stops the process.
//
//   segment of NAME_quarantine -> rows that did not fit   -> JSON lines -> ingest -> NAME and its views
//                              -> rows of a failed view   -> ingest -> that view alone -> its target
//                              -> rows that are no JSON object, or of a view that is gone: stay

import { randomUUID } from 'node:crypto'
import type { NewPart, SegmentRef, TableMeta } from '../../storage/face.ts'
import type { Stage } from '../../storage/manifest/stage.ts'
import { textColumn, type TextColumn } from '../ingest/texts.ts'
import type { ImagePart, IngestSpec } from '../workers/messages.ts'
import type { Bulk } from './bulk.ts'
import { keyedPart } from './duplicates.ts'
import type { ReplayAnswer } from './engine.ts'
import { EngineError } from './engine-error.ts'
import { BULK_MS } from './limits.ts'
import { quotedName, quotedText, type Views } from './views.ts'

/** Rows, and encoded bytes, that are taken at once: both bound the text of a step. */
const STEP_ROWS = 20_000
const STEP_BYTES = 2 * 2 ** 20
/** How views.ts marks rows that a view could not digest. */
const VIEW_MARK = /^view (.+)$/

export type ReplayPlan = {
  readonly spec: IngestSpec
  /** Numbers for plans. */
  readonly newPlanId: () => number
}

export class Replay {
  private readonly bulk: Bulk
  private readonly views: Views
  /** Texts are what lay at the columns' paths ... */
  private readonly spec: IngestSpec
  /** ... or the columns' values, where a view failed over them. */
  private readonly stored: IngestSpec
  private readonly plan: ReplayPlan
  private readonly texts: readonly TextColumn[]
  private readonly importId = randomUUID()
  private replayed = 0
  private left = 0
  private duplicates = 0

  constructor(bulk: Bulk, plan: ReplayPlan) {
    this.bulk = bulk
    this.views = bulk.world.views
    this.plan = plan
    const { columns } = plan.spec
    // Keys of their own: a text stands for what lay at the column's path.
    this.texts = columns.map(({ name, type, defaultText }, index) =>
      textColumn(name, `c${index}`, type, defaultText !== null || type.includes('Nullable(')))
    const specOf = (within: (path: string) => string): IngestSpec => ({
      ...plan.spec, columns: columns.map((column, index) => ({
        ...column, jsonPath: column.jsonPath === null ? null : `$.c${index}${within(column.jsonPath)}`,
      })),
    })
    this.spec = specOf((path) => /\[:\].*$/.exec(path)?.[0] ?? '')
    this.stored = { ...specOf(() => ''), keyColumn: null } // these rows are in the source
  }

  /** Replays what the quarantine holds now. */
  async run(onProgress: (rows: number) => void): Promise<ReplayAnswer> {
    const { store } = this.bulk.world
    const { quarantine } = this.spec
    const release = await store.holdSegments(quarantine.name)
    try {
      const targets = this.views.downstreamOf([this.spec.table.name]).tables
      return await this.bulk.staged({ into: [this.spec.table.name, ...targets] }, async (stage, commit) => {
        await store.flush(quarantine.name)
        const snapshot = store.snapshot(quarantine.name)
        const segments = snapshot.rows.filter((ref): ref is SegmentRef => ref.kind === 'segment')
        try {
          for (const segment of segments) {
            await this.replay(stage, segment)
            onProgress(this.replayed + this.left)
          }
        } finally {
          snapshot.release()
        }
        const lost = await commit({ moved: { table: quarantine.name, segmentIds: segments.map(({ id }) => id) } })
        const late = lost(this.spec.table.name)
        return { replayed: this.replayed - late, left: this.left, duplicates: this.duplicates + late }
      })
    } finally {
      release()
    }
  }

  private async replay(stage: Stage, segment: SegmentRef): Promise<void> {
    const views = await this.viewsOf(segment)
    const known = views.filter((name) => this.views.labelled(name, this.spec.table.name).length > 0)
    const ofViews = `startsWith(c__error_column[1], 'view ')`
    await this.keep(stage, segment, `c__row IS NOT NULL OR (${ofViews} AND NOT `
      + `has([${['', ...known].map((name) => quotedText(`view ${name}`)).join(', ')}], c__error_column[1]))`)
    const steps = Math.ceil(Math.max(segment.rowCount / STEP_ROWS, segment.bytes / STEP_BYTES, 1))
    const rows = Math.ceil(segment.rowCount / steps)
    for (let from = 0; from < segment.rowCount; from += rows) {
      const piece = { ...segment, rows: { from, to: Math.min(segment.rowCount, from + rows) } }
      await this.again(stage, piece, `c__row IS NULL AND NOT ${ofViews}`)
      for (const name of known) await this.throughView(stage, piece, name)
    }
  }

  /** Names of the views that some rows of a segment failed in. */
  private async viewsOf(segment: SegmentRef): Promise<string[]> {
    const lines = await this.ask(segment, 'SELECT DISTINCT c__error_column[1] AS mark FROM {table} FORMAT JSONEachRow')
    return lines.split('\n').flatMap((line) => {
      const found = line === '' ? null : VIEW_MARK.exec((JSON.parse(line) as { mark: string }).mark)
      return found === null ? [] : [found[1]]
    })
  }

  /** These rows stay as they are. */
  private async keep(stage: Stage, segment: SegmentRef, condition: string): Promise<void> {
    const { quarantine } = this.spec
    const { plan, planId } = this.views.planFor(`SELECT * FROM ${quotedName(quarantine.name)} WHERE ${condition}`, quarantine)
    await this.views.overSegment(segment, quarantine, { plan, planId }, quarantine, async (kept) => {
      this.left += kept.rowCount
      await stage.add(kept)
    })
  }

  /** These rows are ingested again. */
  private async again(stage: Stage, segment: SegmentRef, condition: string): Promise<void> {
    const { table, quarantine } = this.spec
    const parsed = await this.parse(segment, condition, this.spec)
    const { arena } = this.bulk.world
    const parts = [keyedPart(parsed?.part ?? null, parsed?.keys ?? null, table, arena),
      keyedPart(parsed?.quarantine ?? null, null, quarantine, arena)].filter((part) => part !== null)
    const rowsFor = (id: number) => parts.reduce((sum, { tableId, rowCount }) => sum + (tableId === id ? rowCount : 0), 0)
    const duplicates = await this.bulk.addAll(stage, parts)
    this.replayed += rowsFor(table.id) - duplicates
    this.left += rowsFor(quarantine.id)
    this.duplicates += duplicates
  }

  /** Rows that the source has and one view has not. */
  private async throughView(stage: Stage, segment: SegmentRef, name: string): Promise<void> {
    const { arena } = this.bulk.world
    const { table, quarantine } = this.spec
    const parsed = await this.parse(segment, `c__row IS NULL AND c__error_column[1] = ${quotedText(`view ${name}`)}`, this.stored)
    const misfits = dated(parsed?.quarantine ?? null, quarantine)
    const rows = dated(parsed?.part ?? null, table)
    try {
      if (misfits !== null) {
        throw new EngineError('query', `Rows that the view ${name} failed over do not fit ${table.name} any more`, 'INCOMPATIBLE_ROWS')
      }
      for (const view of rows === null ? [] : this.views.labelled(name, table.name)) {
        const { made, aside, rowsAside } = await this.views.run(view, table, rows as NewPart, { timeMs: BULK_MS })
        this.replayed += (rows as NewPart).rowCount - rowsAside
        this.left += rowsAside
        await this.bulk.addAll(stage, made === null ? aside : [made, ...aside])
      }
    } finally {
      for (const part of [misfits, rows]) if (part !== null) arena.free(part.address, part.bytes)
    }
  }

  private async parse(segment: SegmentRef, condition: string, spec: IngestSpec) {
    const { arena, pool } = this.bulk.world
    const columns = ['c__error_column', ...this.texts.map(({ name }) => quotedName(name))]
    const lines = Buffer.from(await this.ask(segment,
      `SELECT ${columns.join(', ')} FROM {table} WHERE ${condition} FORMAT JSONEachRow`))
    if (lines.length === 0) return null
    const address = arena.allocate(lines.length)
    if (address === 0) throw new EngineError('busy', 'There is no memory to replay rows right now; try again in a second', 'BUSY')
    try {
      arena.bytes(address, lines.length).set(lines)
      const body = { address, bytes: lines.length, format: 'ndjson' as const, gzip: false, texts: this.texts }
      return await pool.ingest(this.plan.newPlanId(), spec, { bodies: [body], importId: this.importId, nowMs: Date.now() })
    } finally {
      arena.free(address, lines.length)
    }
  }

  /** The answer of a statement over one segment of the quarantine. */
  private async ask(segment: SegmentRef, sql: string): Promise<string> {
    const { quarantine } = this.spec
    return await this.views.ask(sql.replace('{table}', quotedName(quarantine.name)), segment, quarantine, BULK_MS)
  }
}

const dated = (part: ImagePart | null, table: TableMeta): NewPart | null =>
  (part === null ? null : { ...part, tableId: table.id, schemaVersion: table.schemaVersion })
