// Group commit from the outside: bodies that arrive while earlier ones are parsed and committed share
// the next part and the next fdatasync. Nothing is acknowledged before its transaction is durable.
//
//   insert() -> pending -> one worker parses all -> one part (and one of quarantine) -> commit -> answers
//
// Where a data source tells its rows apart by a column (DEDUPLICATE_BY), rows that were stored before are
// taken out of the part between parsing and commit: views and everything else never see them.

import type { Arena } from '../../storage/arena/arena.ts'
import type { IdempotencyKey, NewPart, RowKeyClaim } from '../../storage/face.ts'
import type { WorkerPool } from '../workers/pool.ts'
import type { BodyRef, ImagePart, IngestResult, IngestSpec } from '../workers/messages.ts'
import { keysOf, withoutMarked, type Deduplicate } from './duplicates.ts'
import type { KeyInUse } from './idempotency.ts'
import { EngineError, type InsertAnswer, type InsertRequest } from './engine.ts'

/** Groups of one table in work at once: one is parsed while another waits for the disk. */
const GROUPS_MAX = 3
/** ... and of one whose rows are looked up before their commit, one group after the other: a third would
 * only keep later rows from joining the second. */
const KEYED_GROUPS_MAX = 2
/** Waiting bytes from which groups are parsed beside each other. A group of a few rows costs as much as
 * one of fifty: below this the rows that arrive while one is parsed are the next. */
const PARALLEL_BYTES_MIN = 256 * 1024
/** Body bytes of one group: bounds the part and the wait of those behind it. */
const GROUP_BYTES_MAX = 16 * 2 ** 20
/** Body bytes that may wait for one table; beyond it new ones are refused (503). */
const PENDING_BYTES_MAX = 256 * 2 ** 20

type Pending = {
  readonly body: BodyRef
  /** null: the insert has no idempotency key. */
  readonly key: KeyInUse | null
  readonly resolve: (answer: InsertAnswer) => void
  readonly reject: (error: Error) => void
}

export type InsertSink = {
  readonly arena: Arena
  readonly pool: WorkerPool
  /** Commits parts with all that follows from them, as one transaction. */
  readonly commit: (
    parts: readonly NewPart[], keys: readonly IdempotencyKey[], rowKeys: RowKeyClaim | null,
  ) => Promise<unknown>
  readonly deduplicate: Deduplicate
  readonly nowMs: () => number
  readonly newImportId: () => string
}

/** Inserts of one table. */
export class InsertQueue {
  private readonly sink: InsertSink
  private readonly planId: number
  readonly spec: IngestSpec
  private pending: Pending[] = []
  private pendingBytes = 0
  private groups = 0
  private parsing = 0
  private isQueued = false

  constructor(sink: InsertSink, planId: number, spec: IngestSpec) {
    this.sink = sink
    this.planId = planId
    this.spec = spec
  }

  /** Copies the body into shared memory and waits for its group. */
  insert(request: InsertRequest, key: KeyInUse | null): Promise<InsertAnswer> {
    const bytes = request.body.length
    if (this.pendingBytes + bytes > PENDING_BYTES_MAX) return Promise.reject(busy())
    const address = this.sink.arena.allocate(bytes)
    if (address === 0) return Promise.reject(busy())
    this.sink.arena.bytes(address, bytes).set(request.body)
    this.pendingBytes += bytes
    return new Promise((resolve, reject) => {
      const body = { address, bytes, format: request.format, gzip: request.gzip }
      this.pending.push({ body, key, resolve, reject })
      this.schedule()
    })
  }

  /** Waits until this turn of the event loop has brought its bodies: they can share a group. */
  private schedule(): void {
    const groupsMax = this.spec.keyColumn === null ? GROUPS_MAX : KEYED_GROUPS_MAX
    if (this.isQueued || this.groups >= groupsMax || this.pending.length === 0) return
    if (this.parsing > 0 && this.pendingBytes < PARALLEL_BYTES_MIN) return
    this.isQueued = true
    setImmediate(() => {
      this.isQueued = false
      void this.runGroup(this.takeGroup())
      this.schedule()
    })
  }

  private takeGroup(): Pending[] {
    let bytes = 0
    let count = 0
    while (count < this.pending.length
      && (count === 0 || bytes + this.pending[count].body.bytes <= GROUP_BYTES_MAX)) {
      bytes += this.pending[count++].body.bytes
    }
    this.pendingBytes -= bytes
    return this.pending.splice(0, count)
  }

  private async runGroup(group: readonly Pending[]): Promise<void> {
    this.groups++
    const { arena } = this.sink
    let answers: InsertAnswer[] = []
    let failure: Error | null = null
    try {
      answers = await this.parseAndCommit(group)
    } catch (error) {
      failure = error as Error
    }
    for (const { body } of group) arena.free(body.address, body.bytes)
    this.groups--
    this.schedule()
    group.forEach(({ resolve, reject }, index) => {
      if (failure === null) resolve(answers[index])
      else reject(failure)
    })
  }

  private async parseAndCommit(group: readonly Pending[]): Promise<InsertAnswer[]> {
    const { pool, nowMs, newImportId } = this.sink
    this.parsing++
    const result = await pool.ingest(this.planId, this.spec, {
      bodies: group.map(({ body }) => body), importId: newImportId(), nowMs: nowMs(),
    }).finally(() => {
      this.parsing--
      this.schedule()
    })
    if (result.keys === null) return await this.commit(group, result, null, null)
    return await this.commitNew(group, result)
  }

  /** Commits the rows that were not stored before. */
  private async commitNew(group: readonly Pending[], result: IngestResult): Promise<InsertAnswer[]> {
    const { arena, pool, deduplicate } = this.sink
    const { table } = this.spec
    let left: IngestResult | null = result
    try {
      return await deduplicate(table.id, keysOf(result, arena), async (marks, claim) => {
        const fresh = marks === null ? { result, duplicates: result.perBody.map(() => 0) }
          : await withoutMarked(result, marks, table, { arena, pool })
        left = null // the commit's from here on
        return await this.commit(group, fresh.result, claim, fresh.duplicates)
      })
    } catch (error) {
      for (const part of [left?.part, left?.quarantine]) if (part) arena.free(part.address, part.bytes)
      throw error
    }
  }

  /** `duplicates` of each body; null: nobody looked for them. */
  private async commit(
    group: readonly Pending[], result: IngestResult, claim: RowKeyClaim | null,
    duplicates: readonly number[] | null,
  ): Promise<InsertAnswer[]> {
    const { commit, nowMs } = this.sink
    const parts: NewPart[] = []
    const add = (part: ImagePart | null, table: IngestSpec['table']) => {
      if (part !== null) parts.push({ ...part, tableId: table.id, schemaVersion: table.schemaVersion })
    }
    add(result.part, this.spec.table)
    add(result.quarantine, this.spec.quarantine)
    const answers = result.perBody.map((body, index): InsertAnswer => ({
      successfulRows: body.successful, quarantinedRows: body.quarantined, firstError: body.firstError,
      isTooLarge: body.isTooLarge,
      ...group[index].key === null && duplicates === null ? {} : { duplicateRows: duplicates?.[index] ?? 0 },
    }))
    const keys = group.flatMap(({ key }, index) => keyOf(key, answers[index], nowMs()))
    if (parts.length > 0 || keys.length > 0) await commit(parts, keys, claim)
    return answers
  }
}

/** The key with its answer; none for a body of which nothing is stored. */
function keyOf(key: KeyInUse | null, answer: InsertAnswer, atMs: number): IdempotencyKey[] {
  const { successfulRows: successful, quarantinedRows: quarantined, duplicateRows: duplicates = 0, firstError } = answer
  if (key === null || successful + quarantined + duplicates === 0) return []
  return [{ ...key, atMs, answer: { successful, quarantined, duplicates, text: firstError ?? '' } }]
}

const busy = (): EngineError => new EngineError('busy',
  'The server cannot accept more rows right now; try again in a second', 'BUSY')
