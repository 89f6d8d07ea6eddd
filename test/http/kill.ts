// Rounds of a real server under load from several writers, killed with SIGKILL: shared by the tests that
// run a few and many.
//
// Half of the writers send batches with an Idempotency-Key each, the others rows of a data source with
// DEDUPLICATE_BY in overlapping cuts. Some rounds are killed during deletes (of a batch, and of nothing,
// which flush, so that merges run) and backups.

import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect } from 'vitest'
import { TestServer } from './server.ts'

const WRITERS = 6
const ROWS = 20
/** Rows by which cuts of the same rows overlap. */
const OVERLAP = 7
const example = fileURLToPath(new URL('../../examples/saas', import.meta.url))

const batchOf = (name: string) => Array.from({ length: ROWS }, (_, row) => JSON.stringify({
  event_id: `${name}-${row}`, user_id: `user_${row}`, session_id: name, event_type: row % 2 === 0 ? 'view' : 'click',
  feature: 'search', timestamp: '2025-01-02 03:04:05', device_type: 'phone', browser: 'b', os: 'o', location: 'l', metadata: '{}',
})).join('\n')

const cutOf = (from: number) => Array.from({ length: ROWS }, (_, row) => JSON.stringify({ id: `id${from + row}` })).join('\n')

class Rounds {
  private readonly place = mkdtempSync(join(tmpdir(), 'pipit-kill-'))
  private readonly server: TestServer
  private readonly acknowledged = new Set<string>()
  private readonly sent = new Set<string>()
  /** Batches whose delete was sent, and those of which it was answered. */
  private readonly removed = new Set<string>()
  private readonly gone = new Set<string>()
  private readonly rowsAcknowledged = new Set<string>()
  private batchesAcknowledged = 0
  private nextRow = 0
  private isKilled = false

  constructor() {
    const project = join(this.place, 'project')
    cpSync(example, project, { recursive: true })
    writeFileSync(join(project, 'once.datasource'), 'SCHEMA >\n    `id` String `json:$.id`\nENGINE MergeTree\nENGINE_SORTING_KEY id\nDEDUPLICATE_BY "id" 24h\n')
    this.server = new TestServer(project, join(this.place, 'data'))
  }

  /** Kills the server once, some milliseconds after its start. */
  async round(number: number, afterMs: number): Promise<void> {
    await this.server.start()
    this.isKilled = false
    const writers = Array.from({ length: WRITERS }, (_, writer) =>
      writer % 2 === 0 ? this.writeBatches(`r${number}w${writer}`) : this.writeCuts())
    const others = this.disturb(number)
    await new Promise((resolve) => { setTimeout(resolve, afterMs) })
    await this.server.stop('SIGKILL')
    this.isKilled = true
    await Promise.all([...writers, others])
  }

  /** Sent again with its key after an unknown outcome, a batch is still there once. */
  private async writeBatches(prefix: string): Promise<void> {
    for (let batch = 0; !this.isKilled; batch++) {
      const again = batch % 5 === 4 ? [...this.sent].find((one) => !this.acknowledged.has(one) && !this.removed.has(one)) : undefined
      const name = again ?? `${prefix}b${batch}`
      this.sent.add(name)
      const answer = await this.server.call('POST', '/v0/events?name=app_events&wait=true', batchOf(name), { 'idempotency-key': name })
        .catch(() => null)
      if (answer?.status !== 200) continue
      this.batchesAcknowledged++
      this.acknowledged.add(name)
    }
  }

  /** A cut without an answer is sent again with its next, which overlaps with it. */
  private async writeCuts(): Promise<void> {
    while (!this.isKilled) {
      const from = this.nextRow
      this.nextRow += ROWS - OVERLAP
      const answer = await this.server.call('POST', '/v0/events?name=once&wait=true', cutOf(from)).catch(() => null)
      if (answer?.status === 200) for (let row = 0; row < ROWS; row++) this.rowsAcknowledged.add(`id${from + row}`)
      else this.nextRow = Math.min(this.nextRow, from)
    }
  }

  private async disturb(number: number): Promise<void> {
    const kind = number % 4
    if (kind === 0) return
    const call = (path: string) => this.server.call('POST', path).catch(() => null)
    const noDelete = (name: string, column: string) =>
      call(`/v0/datasources/${name}/delete?delete_condition=${encodeURIComponent(`${column} = 'nobody'`)}`)
    if (kind === 2) {
      await call(`/v0/backup?folder=${encodeURIComponent(join(this.place, 'backup'))}`)
      return
    }
    await this.deleteBatch()
    while (!this.isKilled) {
      await noDelete('app_events', 'event_id')
      await noDelete('once', 'id')
      if (kind === 1) return
    }
  }

  /** Of one batch that is there: a kill leaves all of it or nothing. */
  private async deleteBatch(): Promise<void> {
    while (!this.isKilled && this.acknowledged.size === 0) await new Promise((resolve) => { setTimeout(resolve, 5) })
    const name = [...this.acknowledged].at(-1)
    if (name === undefined) return
    this.acknowledged.delete(name)
    this.removed.add(name)
    const condition = encodeURIComponent(`session_id = '${name}'`)
    const answer = await this.server.call('POST', `/v0/datasources/app_events/delete?delete_condition=${condition}`).catch(() => null)
    if (answer?.status === 201) this.gone.add(name)
  }

  /** Every acknowledged batch and row is there once, and of the other batches all rows or none. */
  async check(): Promise<void> {
    await this.server.start()
    const batches = await this.server.rows('SELECT session_id AS s, count() AS n, uniqExact(event_id) AS u FROM app_events GROUP BY s')
    expect(batches.filter(({ n, u }) => n !== ROWS || u !== ROWS)).toEqual([])
    const there = new Set(batches.map(({ s }) => s as string))
    expect([...this.acknowledged].filter((name) => !there.has(name))).toEqual([])
    expect([...there].filter((name) => !this.sent.has(name))).toEqual([])
    expect([...this.gone].filter((name) => there.has(name))).toEqual([])
    const once = await this.server.rows('SELECT id, count() AS n FROM once GROUP BY id')
    expect(once.filter(({ n }) => n !== 1)).toEqual([])
    const ids = new Set(once.map(({ id }) => id as string))
    expect([...this.rowsAcknowledged].filter((id) => !ids.has(id))).toEqual([])
    await this.server.stop()
  }

  get figures(): { readonly batches: number; readonly rows: number } {
    return { batches: this.batchesAcknowledged, rows: this.rowsAcknowledged.size }
  }

  async remove(): Promise<void> {
    await this.server.remove()
    rmSync(this.place, { recursive: true, force: true })
  }
}

/** So many kills over one folder; what is there is compared after every `checkEvery` of them and at the
 * end. */
export async function killRounds(rounds: number, checkEvery: number, random: () => number): Promise<{ batches: number; rows: number }> {
  const all = new Rounds()
  try {
    for (let number = 0; number < rounds; number++) {
      await all.round(number, 150 + Math.floor(random() * 500))
      if (number % checkEvery === checkEvery - 1) await all.check()
    }
    await all.check()
    return all.figures
  } finally {
    await all.remove()
  }
}
