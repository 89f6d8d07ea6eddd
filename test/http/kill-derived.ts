// Rounds of a real server that is killed with SIGKILL in the midst of what writes several tables at once:
// the populate of a view, `mv rebuild`, `mv verify`, a replay of a quarantine, a copy. After each start all
// of it is as before or as after, and a populate goes on where it was.

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'vitest'
import { TestServer } from './server.ts'

const SOURCE = 'SCHEMA >\n  `id` UInt32,\n  `site` String,\n  `n` UInt32,\n  `at` DateTime\n\nENGINE "MergeTree"\n'
  + 'ENGINE_PARTITION_KEY "toYYYYMM(at)"\nENGINE_SORTING_KEY "site"\n'
const COUNTS = 'SCHEMA >\n  `site` String,\n  `hits` UInt64\n\nENGINE "SummingMergeTree"\nENGINE_SORTING_KEY "site"\n'
const counting = (target: string, hits: string) => `NODE n\nSQL >\n  SELECT site, ${hits} AS hits FROM visits GROUP BY site\n\n`
  + `TYPE materialized\nDATASOURCE ${target}\n`
/** Takes its time: a populate with it is killed in its midst. */
const SLOW = 'sum(length(arrayFilter(x -> sipHash64(id, x) >= 0, range(4))))'
const MONTHS = 12
const ROWS = 12_000
/** Each row counts so often in a target. */
const WEIGHT = 4

type Job = { readonly id: string; readonly status: string; readonly rows_read?: number }

export class DerivedRounds {
  private readonly root = mkdtempSync(join(tmpdir(), 'pipit-kill-derived-'))
  private readonly server: TestServer
  /** Rows that a populate found done at a start. */
  readonly foundDone: number[] = []

  constructor() {
    const project = join(this.root, 'project')
    mkdirSync(project)
    const files = {
      'visits.datasource': SOURCE, 'counts.datasource': COUNTS, 'count.pipe': counting('counts', 'count() * 4'),
      'kept.datasource': 'SCHEMA >\n  `site` String,\n  `hits` UInt64\n',
      'keep.pipe': 'NODE n\nSQL >\n  SELECT site, count() AS hits FROM visits GROUP BY site\n\nTYPE copy\nTARGET_DATASOURCE kept\nCOPY_MODE replace\n',
    }
    for (const [file, text] of Object.entries(files)) writeFileSync(join(project, file), text)
    this.server = new TestServer(project, join(this.root, 'data'))
  }

  async start(): Promise<void> {
    await this.server.start(undefined, { PIPIT_POPULATE_SAVE_SECONDS: '0' })
  }

  async fill(): Promise<void> {
    await this.start()
    const lines = Array.from({ length: ROWS }, (_, id) => JSON.stringify({
      id, site: `s${id % 50}`, n: id, at: `2024-${String(1 + id % MONTHS).padStart(2, '0')}-05 00:00:00` }))
    const misfits = Array.from({ length: 600 }, (_, n) => JSON.stringify({ id: ROWS + n, site: `q${n % 7}`, at: '2024-01-05 00:00:00' }))
    const sent = await this.server.call('POST', '/v0/events?name=visits&wait=true', [...lines, ...misfits].join('\n'))
    expect(JSON.parse(sent.text)).toEqual({ successful_rows: ROWS, quarantined_rows: misfits.length })
    await this.job('/v0/pipes/keep/copy')
  }

  private async job(path: string): Promise<Job> {
    const answer = await this.server.call('POST', path)
    let { job } = JSON.parse(answer.text) as { job: Job }
    while (job.status === 'waiting' || job.status === 'working') {
      job = JSON.parse((await this.server.call('GET', `/v0/jobs/${job.id}`)).text) as Job
    }
    return job
  }

  /** Starts work, kills the server so many milliseconds later, and looks what is there. */
  async killed(path: string, afterMs: number): Promise<void> {
    await this.server.call('POST', path)
    await new Promise((resolve) => { setTimeout(resolve, afterMs) })
    await this.server.stop('SIGKILL')
    await this.start()
    await this.check()
  }

  /** Rows of the quarantine, which lack a column, fit from the next start on. */
  mendSchema(): void {
    writeFileSync(join(this.root, 'project', 'visits.datasource'), SOURCE.replace('`n` UInt32', '`n` UInt32 DEFAULT 7'))
  }

  /** A new view on the source; the server is killed each time when its populate has read more. */
  async populate(target: string, kills: number): Promise<void> {
    writeFileSync(join(this.root, 'project', `${target}.datasource`), COUNTS)
    writeFileSync(join(this.root, 'project', `to_${target}.pipe`), counting(target, SLOW))
    let read = 0
    const seen = new Set<string>()
    for (let kill = 0; ; kill++) {
      const began = Date.now()
      for (;;) {
        const { jobs } = JSON.parse((await this.server.call('GET', '/v0/jobs?kind=populateview')).text) as { jobs: (Job & { datasource: { name: string } })[] }
        const job = jobs.find(({ datasource, status }) => datasource.name === target && status !== 'error')
        const rows = job?.rows_read ?? 0
        if (job !== undefined) seen.add(job.id)
        if (rows > 0 && read > 0 && this.foundDone.length < kill) this.foundDone.push(rows)
        if (job?.status === 'done') return expect([...seen]).toEqual([job.id])
        if (kill < kills && rows > read) {
          read = rows
          break
        }
        expect(Date.now() - began).toBeLessThan(60_000)
      }
      await this.server.stop('SIGKILL')
      await this.start()
      expect(await this.hits(target)).toSatisfy((hits: number) => hits === 0 || hits === WEIGHT * ROWS)
    }
  }

  private async hits(target: string): Promise<number> {
    const [{ n }] = await this.server.rows(`SELECT sum(hits) AS n FROM ${target}`)
    return Number(n)
  }

  async check(targets: readonly string[] = ['counts']): Promise<void> {
    const [{ n, u }] = await this.server.rows('SELECT count() AS n, uniqExact(id) AS u FROM visits')
    expect(n).toBe(u)
    const [{ aside }] = await this.server.rows('SELECT count() AS aside FROM visits_quarantine')
    expect(Number(n) + Number(aside)).toBe(ROWS + 600)
    for (const target of targets) expect(await this.hits(target), target).toBe(WEIGHT * Number(n))
    const [{ kept }] = await this.server.rows('SELECT sum(hits) AS kept FROM kept')
    expect([ROWS, n]).toContain(kept)
    const tables = await this.server.call('POST', '/v0/sql', 'SELECT count() FROM counts__verified')
    expect(tables.status).toBe(400)
  }

  /** All rows that were set aside are where they belong in the end. */
  async replayed(): Promise<void> {
    await this.job('/v0/datasources/visits/quarantine/replay')
    await this.check()
    expect(await this.server.rows('SELECT count() AS n FROM visits')).toEqual([{ n: ROWS + 600 }])
  }

  async restart(): Promise<void> {
    await this.server.stop('SIGKILL')
    await this.start()
  }

  async close(): Promise<void> {
    await this.server.remove()
    rmSync(this.root, { recursive: true, force: true })
  }
}
