// Group commit from the outside: bodies that arrive while earlier ones are parsed and committed share
// the next part and the next fdatasync. Nothing is acknowledged before its transaction is durable.
//
//   insert() -> pending -> one worker parses all -> one part (and one of quarantine) -> commit -> answers
//
// Where a data source tells its rows apart by a column (DEDUPLICATE_BY), rows that were stored before are
// taken out of the part between parsing and commit: views and everything else never see them.

import type { Arena } from '../../storage/arena/arena.ts'
import type { IdempotencyKey, KeyTurn, NewPart, TableMeta } from '../../storage/face.ts'
import { KeysUnderWay } from '../../storage/wal/key-errors.ts'
import type { WorkerPool } from '../workers/pool.ts'
import type { BodyRef, BodyResult, IngestSpec } from '../workers/messages.ts'
import { packBodies, unpackResults } from '../workers/packed.ts'
import { countOf, fresh, keyedPart } from './duplicates.ts'
import type { KeyInUse } from './idempotency.ts'
import type { InsertAnswer, InsertRequest } from './engine.ts'
import { EngineError } from './engine-error.ts'

/** Groups of one table in work at once: one is parsed while another waits for the disk. */
const GROUPS_MAX = 3
/** ... and of one whose rows are looked up before their commit, one group after the other: a third would
 * only keep later rows from joining the second. */
const KEYED_GROUPS_MAX = 2
/** Waiting bytes from which groups are parsed beside each other. A group of a few rows costs as much as
 * one of fifty: below this the rows that arrive while one is parsed are the next. */
const PARALLEL_BYTES_MIN = 256 * 1024
/** Body bytes of one group, at most this share of the memory for rows: bounds the part and the wait of those
 * behind it. */
const GROUP_BYTES_MAX = 16 * 2 ** 20
const GROUP_SHARE = 1 / 8
/** Body bytes that may wait for one table; beyond it new ones are refused (503). */
const PENDING_BYTES_MAX = 256 * 2 ** 20

/** Bodies up to this wait where they are, and are copied into shared memory a group at a time: asking
 * for room costs as much as the copy. */
const SMALL_BYTES_MAX = 8192
/** Body bytes that may wait for the end of bulk writes into one table. */
const PARKED_BYTES_MAX = 16 * 2 ** 20
/** Bodies of one group: bounds that copy, and its answers. */
const GROUP_BODIES_MAX = 1024

type Pending = {
  readonly request: InsertRequest
  /** Where the body lies in shared memory; 0: nowhere yet. */
  address: number
  /** That memory is the queue's, and the body's alone. */
  readonly isCopy: boolean
  /** null: the insert has no idempotency key. */
  readonly key: KeyInUse | null
  /** Until then it may wait for the end of a bulk write; 0: it has not met one. */
  waitsUntilMs: number
  readonly resolve: (answer: InsertAnswer) => void
  readonly reject: (error: Error) => void
}

export type InsertSink = {
  readonly arena: Arena
  readonly pool: WorkerPool
  /** Runs work that commits to the table, in its turn at the keys of rows; null: none are remembered. */
  readonly transaction: <T>(table: string, work: (turn: KeyTurn | null) => Promise<T>) => Promise<T>
  /** Commits parts with all that follows from them, as one transaction; inside transaction(). */
  readonly commit: (
    parts: readonly NewPart[], keys: readonly IdempotencyKey[], turn: KeyTurn | null,
  ) => Promise<unknown>
  readonly tableById: (id: number) => TableMeta | null
  readonly nowMs: () => number
  /** How long an insert waits for the end of a bulk write that has one of its rows. */
  readonly keysWaitMs: number
  readonly newImportId: () => string
}

/** Inserts of one table. */
export class InsertQueue {
  private readonly sink: InsertSink
  private readonly planId: number
  readonly spec: IngestSpec
  private pending: Pending[] = []
  private pendingBytes = 0
  private parkedBytes = 0
  private groups = 0
  private parsing = 0
  private isQueued = false

  constructor(sink: InsertSink, planId: number, spec: IngestSpec) {
    this.sink = sink
    this.planId = planId
    this.spec = spec
  }

  /** Waits for the body's group; the body is left alone until then. */
  insert(request: InsertRequest, key: KeyInUse | null): Promise<InsertAnswer> {
    const { arena } = this.sink
    const bytes = request.body.length
    if (this.pendingBytes + bytes > PENDING_BYTES_MAX) return Promise.reject(busy())
    const received = arena.addressOf(request.body)
    const isCopy = received === 0 && bytes > SMALL_BYTES_MAX
    const address = isCopy ? arena.allocate(bytes) : received
    if (isCopy && address === 0) return Promise.reject(busy())
    if (isCopy) arena.bytes(address, bytes).set(request.body)
    this.pendingBytes += bytes
    return new Promise((resolve, reject) => {
      this.pending.push({ request, address, isCopy, key, waitsUntilMs: 0, resolve, reject })
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
    const bytesMax = Math.min(GROUP_BYTES_MAX, this.sink.arena.budgetBytes * GROUP_SHARE)
    let bytes = 0
    let count = 0
    while (count < Math.min(GROUP_BODIES_MAX, this.pending.length)
      && (count === 0 || bytes + this.pending[count].request.body.length <= bytesMax)) {
      bytes += this.pending[count++].request.body.length
    }
    this.pendingBytes -= bytes
    return this.pending.splice(0, count)
  }

  private async runGroup(group: readonly Pending[]): Promise<void> {
    this.groups++
    const { arena } = this.sink
    const small = group.filter(({ address }) => address === 0)
    const smallBytes = small.reduce((sum, { request }) => sum + request.body.length, 0)
    const place = arena.allocate(smallBytes)
    if (place !== 0) gather(small, place, arena.bytes(place, smallBytes))
    const outcomes = place === 0 ? group.map(busy) : await this.outcomesOf(group)
    if (place !== 0) arena.free(place, smallBytes)
    this.groups--
    this.schedule()
    group.forEach((pending, index) => {
      const outcome = outcomes[index]
      if (outcome instanceof KeysUnderWay && this.park(pending, outcome)) return
      const { request: { body }, address, isCopy, resolve, reject } = pending
      if (isCopy) arena.free(address, body.length)
      if (outcome instanceof Error) reject(outcome)
      else resolve(outcome)
    })
  }

  /** Tries a body again when the bulk write that it has met is over; false: it has waited long enough, or too
   * many do. */
  private park(pending: Pending, { over }: KeysUnderWay): boolean {
    const { length } = pending.request.body
    const { nowMs, keysWaitMs } = this.sink
    pending.waitsUntilMs ||= nowMs() + keysWaitMs
    const leftMs = pending.waitsUntilMs - nowMs()
    if (leftMs <= 0 || this.parkedBytes + length > PARKED_BYTES_MAX) return false
    this.parkedBytes += length
    if (length <= SMALL_BYTES_MAX) pending.address = 0 // where it was copied to is somebody else's by now
    let timer: NodeJS.Timeout | null = null
    void Promise.race([over, new Promise<void>((resolve) => { timer = setTimeout(resolve, leftMs) })]).then(() => {
      if (timer !== null) clearTimeout(timer)
      this.parkedBytes -= length
      this.pendingBytes += length
      this.pending.push(pending)
      this.schedule()
    })
    return true
  }

  /** Where a row waits for the end of a bulk write, the inserts beside it need not. */
  private async outcomesOf(group: readonly Pending[]): Promise<(InsertAnswer | Error)[]> {
    try {
      return await this.parseAndCommit(group)
    } catch (error) {
      if (group.length === 1 || !(error instanceof KeysUnderWay)) return group.map(() => error as Error)
    }
    const outcomes: (InsertAnswer | Error)[] = []
    for (const one of group) outcomes.push(...await this.outcomesOf([one]))
    return outcomes
  }

  private async parseAndCommit(group: readonly Pending[]): Promise<InsertAnswer[]> {
    const { pool, nowMs, newImportId } = this.sink
    this.parsing++
    const result = await pool.ingest(this.planId, this.spec, {
      bodies: packBodies(group.map(bodyOf)), importId: newImportId(), nowMs: nowMs(),
    }).finally(() => {
      this.parsing--
      this.schedule()
    })
    const { arena, transaction } = this.sink
    let rows = keyedPart(result.part, result.keys, this.spec.table, arena)
    let misfits = keyedPart(result.quarantine, null, this.spec.quarantine, arena)
    try {
      return await transaction(this.spec.table.name, async (turn) => {
        let marks: Uint8Array | null = null
        let parts: NewPart[] = []
        if (rows !== null && turn !== null) {
          const found = await fresh(rows, (tableId, keys) => turn.look(tableId, keys), this.sink)
          marks = found.marks
          rows = null
          if (found.part !== null) parts = [found.part]
        } else if (rows !== null) parts = [rows]
        if (misfits !== null) parts.push(misfits)
        rows = misfits = null // the commit's from here on
        return await this.commit(group, unpackResults(result.results), parts, { turn, marks })
      })
    } catch (error) {
      for (const part of [rows, misfits]) if (part !== null) arena.free(part.address, part.bytes)
      throw error
    }
  }

  /** `marks`: rows of the bodies, in their order, that were stored before. */
  private async commit(
    group: readonly Pending[], perBody: readonly BodyResult[], parts: readonly NewPart[],
    { turn, marks }: { readonly turn: KeyTurn | null; readonly marks: Uint8Array | null },
  ): Promise<InsertAnswer[]> {
    const { commit, nowMs } = this.sink
    const isKeyed = this.spec.keyColumn !== null
    let row = 0
    const answers = perBody.map((body, index): InsertAnswer => {
      const duplicates = countOf(marks?.subarray(row, row += body.successful) ?? null)
      return {
        successfulRows: body.successful - duplicates, quarantinedRows: body.quarantined, firstError: body.firstError,
        isTooLarge: body.isTooLarge, ...isKeyed || group[index].key !== null ? { duplicateRows: duplicates } : {},
      }
    })
    const keys = group.flatMap(({ key }, index) => keyOf(key, answers[index], nowMs()))
    if (parts.length > 0 || keys.length > 0) await commit(parts, keys, turn)
    return answers
  }
}

/** Copies bodies that wait elsewhere to where they are parsed from, end to end. */
function gather(group: readonly Pending[], place: number, space: Uint8Array): void {
  let at = 0
  for (const pending of group) {
    const { body } = pending.request
    pending.address = place + at
    space.set(body, at)
    at += body.length
  }
}

const bodyOf = ({ address, request: { body, format, gzip } }: Pending): BodyRef =>
  ({ address, bytes: body.length, format, gzip })

/** The key with its answer; none for a body of which nothing is stored. */
function keyOf(key: KeyInUse | null, answer: InsertAnswer, atMs: number): IdempotencyKey[] {
  const { successfulRows: successful, quarantinedRows: quarantined, duplicateRows: duplicates = 0, firstError } = answer
  if (key === null || successful + quarantined + duplicates === 0) return []
  return [{ ...key, atMs, answer: { successful, quarantined, duplicates, text: firstError ?? '' } }]
}

const busy = (): EngineError => new EngineError('busy',
  'The server cannot accept more rows right now; try again in a second', 'BUSY')
