// What happens at the server, for the service data sources (project/service-tables.ts): calls of endpoints,
// their errors, what was done to data sources, jobs that are over.
//
//   note -> lines in memory -> the engine's own ingestion: before somebody asks, when they are many or old
//
// Invariants: a server at rest writes nothing; a call that reads a service data source is not noted itself.
// Lines that were not written when the process was killed are gone: it is a log of the server, not of data.

import type { Engine } from '../engine/engine.ts'
import type { JobState } from '../jobs/job-state.ts'
import { SERVICE_PREFIX, SERVICE_TABLES, type ServiceTable } from '../project/service-tables.ts'

/** Bytes of lines in memory: then they are written. */
const HELD_MAX = 2 ** 22
/** Characters of lines that are written as bytes together. */
const RECENT_CHARS = 2 ** 13
/** Lines wait so long for somebody who asks. */
const HELD_MS = 60_000
/** Events of one data source are one line for this time, as Tinybird's are. */
const EVENTS_MS = 4000
/** Encoded bytes of a service data source: beyond, its older half goes. */
const TABLE_BYTES_MAX = 32 * 2 ** 20
/** Figures of storage are taken anew after this time. */
const STORAGE_MS = 60_000

export type EndpointCall = {
  readonly pipe: string
  readonly requestId: string
  readonly method: string
  readonly url: string
  readonly token: string
  readonly userAgent: string
  readonly parameters: Readonly<Record<string, unknown>>
}

export type EndpointOutcome = {
  readonly status: number
  readonly ms: number
  readonly readRows: number
  readonly readBytes: number
  readonly resultRows: number
  readonly memoryBytes: number
  /** null: it went well. */
  readonly error: string | null
}

export type Operation = {
  readonly type: string
  readonly datasource: string
  readonly ms: number
  readonly rows: number
  readonly quarantined: number
  readonly error: string | null
  readonly jobId?: string
  readonly importId?: string
  readonly pipe?: string
}

type Events = { since: number; calls: number; rows: number; quarantined: number; ms: number }

/** Lines as bytes: texts that grow are copied again and again. */
class Lines {
  private buffer = Buffer.allocUnsafe(2 ** 14)
  private length = 0
  /** Lines that are no bytes yet: one call writes many. */
  private recent = ''

  /** Bytes of all lines, where each character is one. */
  get size(): number { return this.length + this.recent.length }

  add(line: string): void {
    this.recent += line
    if (this.recent.length >= RECENT_CHARS) this.write()
  }

  bytes(): Uint8Array {
    this.write()
    return this.buffer.subarray(0, this.length)
  }

  private write(): void {
    const most = this.length + this.recent.length * 3
    if (most > this.buffer.length) {
      const larger = Buffer.allocUnsafe(Math.max(most, 2 * this.buffer.length))
      larger.set(this.buffer.subarray(0, this.length))
      this.buffer = larger
    }
    this.length += this.buffer.write(this.recent, this.length)
    this.recent = ''
  }
}

/** As JSON has it; most texts need no look at each of their characters. */
const quoted = (text: string): string => (/^[ !#-[\]-~]*$/.test(text) ? `"${text}"` : JSON.stringify(text))

/** Parameters as a JSON object of texts. */
function textsOf(parameters: EndpointCall['parameters']): string {
  let text = ''
  for (const name in parameters) {
    const value = parameters[name]
    const plain = typeof value === 'string' ? value : JSON.stringify(value) ?? ''
    text += `${text === '' ? '' : ','}${quoted(name)}:${quoted(plain)}`
  }
  return `{${text}}`
}

/** Calls come many a second: their time is written once. */
let last = { second: 0, text: '' }

function seconds(ms: number): string {
  const second = Math.floor(ms / 1000)
  if (last.second !== second) last = { second, text: new Date(ms).toISOString().slice(0, 19).replace('T', ' ') }
  return last.text
}

/** What is the same in the line of a call whenever it comes again. Written by hand: an object of twenty fields for each
 * call of an endpoint costs three times as much. */
export function lineOf({ pipe, method, url, token, parameters }: Omit<EndpointCall, 'requestId' | 'userAgent'>, outcome: Omit<EndpointOutcome, 'ms'>): string {
  const name = quoted(pipe)
  const caller = quoted(token)
  return `"pipe_id":${name},"pipe_name":${name},"read_bytes":${outcome.readBytes},"read_rows":${outcome.readRows},`
    + `"result_rows":${outcome.resultRows},"url":${quoted(url)},"error":${outcome.error === null ? 0 : 1},"token":${caller},`
    + `"token_name":${caller},"status_code":${outcome.status},"method":"${method}","parameters":${textsOf(parameters)},`
    + `"memory_usage":${outcome.memoryBytes}}\n`
}

/** What jobs do to their data source. */
const KIND_OF_JOB: Readonly<Record<string, string>> = { populateview: 'populateview', copy: 'copy', replay: 'append' }

export class ServiceLog {
  private readonly engine: Engine
  private lines = new Map<ServiceTable, Lines>()
  private timer: NodeJS.Timeout | null = null
  private readonly events = new Map<string, Events>()
  private storageAt = 0
  /** Writes come one after the other. */
  private writing: Promise<void> = Promise.resolve()

  constructor(engine: Engine) { this.engine = engine }

  /** True where a service data source is one of the tables that a statement reads. */
  static isAmong(tables: readonly string[]): boolean {
    return tables.some((name) => name.startsWith(SERVICE_PREFIX))
  }

  endpoint(call: EndpointCall, outcome: EndpointOutcome): void {
    const { pipe, requestId, url, parameters } = call
    this.again(lineOf(call, outcome), call, outcome.ms)
    if (outcome.error === null) return
    this.note('endpoint_errors', {
      start_datetime: seconds(Date.now() - outcome.ms), request_id: requestId, pipe_id: pipe, pipe_name: pipe, params: textsOf(parameters), url,
      status_code: outcome.status, error: outcome.error,
    })
  }

  /** A call of an endpoint by what `lineOf` made of one like it. */
  again(line: string, { requestId, userAgent }: Pick<EndpointCall, 'requestId' | 'userAgent'>, ms: number): void {
    this.add('pipe_stats_rt', `{"start_datetime":"${seconds(Date.now() - ms)}","duration":${ms / 1000},"request_id":${quoted(requestId)},`
      + `"user_agent":${userAgent === '' ? 'null' : quoted(userAgent)},${line}`)
  }

  /** A batch of events that went in: added to those of the last seconds. */
  appended(datasource: string, rows: number, quarantined: number, ms: number): void {
    const now = Date.now()
    let events = this.events.get(datasource)
    if (events !== undefined && now - events.since > EVENTS_MS) {
      this.noteEvents(datasource, events)
      events = undefined
    }
    if (events === undefined) this.events.set(datasource, events = { since: now, calls: 0, rows: 0, quarantined: 0, ms: 0 })
    events.calls++
    events.rows += rows
    events.quarantined += quarantined
    events.ms += ms
    this.timer ??= this.later()
  }

  operation({ type, datasource, ms, rows, quarantined, error, jobId, importId, pipe = '' }: Operation): void {
    this.note('datasources_ops_log', {
      timestamp: seconds(Date.now()), event_type: type, datasource_id: datasource, datasource_name: datasource,
      result: error === null ? 'ok' : 'error', elapsed_time: ms / 1000, error, import_id: importId ?? null,
      job_id: jobId ?? null, request_id: '', rows, rows_quarantine: quarantined, operation_id: jobId ?? importId ?? '',
      pipe_id: pipe, pipe_name: pipe, read_rows: 0, read_bytes: 0, written_rows: rows, written_bytes: 0,
      written_rows_quarantine: quarantined, written_bytes_quarantine: 0,
    })
  }

  /** A job that is over. */
  job({ id, kind, datasource, status, createdAt, startedAt, updatedAt, details, error }: JobState): void {
    const pipe = typeof details.pipe_name === 'string' ? details.pipe_name : ''
    this.note('jobs_log', {
      job_id: id, job_type: kind, workspace_id: '', pipe_id: pipe, pipe_name: pipe, created_at: seconds(createdAt.getTime()),
      updated_at: seconds(updatedAt.getTime()), started_at: seconds((startedAt ?? createdAt).getTime()), status, error,
      job_metadata: JSON.stringify({ datasource, ...details }),
    })
    if (kind === 'import') this.block({ id, datasource, status, startedAt, createdAt, updatedAt, details, error })
    const type = kind === 'import' ? String(details.mode) : KIND_OF_JOB[kind]
    if (type === undefined) return
    const count = (name: string): number => Number(details[name] ?? 0)
    this.operation({
      type, datasource, ms: updatedAt.getTime() - (startedAt ?? createdAt).getTime(), jobId: id, pipe,
      rows: count('rows') || count('replayed'), quarantined: count('quarantined_rows'),
      error: status === 'done' ? null : error ?? status, ...typeof details.import_id === 'string' ? { importId: details.import_id } : {},
    })
  }

  /** An import, as one block: all of it goes in, or nothing. */
  private block(
    { id, datasource, status, startedAt, createdAt, updatedAt, details, error }: Omit<JobState, 'kind'>,
  ): void {
    const isDone = status === 'done'
    const count = (name: string): number | null => (isDone ? Number(details[name] ?? 0) : null)
    const importId = typeof details.import_id === 'string' ? details.import_id : id
    this.note('block_log', {
      timestamp: seconds(updatedAt.getTime()), import_id: importId, job_id: id, request_id: '', source: String(details.source ?? 'body'),
      block_id: importId, status: isDone ? 'done' : 'error', datasource_id: datasource, datasource_name: datasource,
      rows: count('rows'), parser: details.format ?? null, quarantine_lines: count('quarantined_rows'), empty_lines: null,
      // The column is 32 bits wide: beyond, it says nothing rather than something wrong.
      bytes: Number(details.bytes ?? 0) < 2 ** 32 ? Number(details.bytes ?? 0) : null,
      processing_time: (updatedAt.getTime() - (startedAt ?? createdAt).getTime()) / 1000, processing_error: isDone ? null : error ?? status,
    })
  }

  /** All that was noted can be read when it resolves. */
  async written(): Promise<void> {
    for (const [datasource, events] of this.events) this.noteEvents(datasource, events)
    this.noteStorage()
    await this.write()
  }

  /** Writes what is left: the server stops. */
  async close(): Promise<void> {
    for (const [datasource, events] of this.events) this.noteEvents(datasource, events)
    await this.write()
  }

  private noteEvents(datasource: string, { calls, rows, quarantined, ms }: Events): void {
    this.events.delete(datasource)
    this.operation({ type: 'append-hfi', datasource, ms: ms / calls, rows, quarantined, error: null })
  }

  private noteStorage(): void {
    const now = Date.now()
    if (now - this.storageAt < STORAGE_MS) return
    this.storageAt = now
    for (const { name, bytes, rowCount, quarantine } of this.engine.datasources()) {
      this.note('datasources_storage', {
        datasource_id: name, datasource_name: name, timestamp: seconds(now), bytes, rows: rowCount,
        bytes_quarantine: quarantine.bytes, rows_quarantine: quarantine.rowCount })
    }
  }

  private note(table: ServiceTable, row: Readonly<Record<string, unknown>>): void {
    this.add(table, `${JSON.stringify(row)}\n`)
  }

  private add(table: ServiceTable, line: string): void {
    let lines = this.lines.get(table)
    if (lines === undefined) this.lines.set(table, lines = new Lines())
    lines.add(line)
    if (lines.size > HELD_MAX) void this.write()
    else this.timer ??= this.later()
  }

  private later(): NodeJS.Timeout {
    return setTimeout(() => { void this.close() }, HELD_MS).unref()
  }

  private write(): Promise<void> {
    if (this.timer !== null) clearTimeout(this.timer)
    this.timer = null
    const { lines } = this
    this.lines = new Map()
    return this.writing = this.writing.then(async () => {
      // A disk that is full loses lines of the log, and nothing else fails for it.
      for (const [table, own] of lines) await this.insert(table, own.bytes()).catch(() => {})
    })
  }

  private async insert(table: ServiceTable, body: Uint8Array): Promise<void> {
    const name = `${SERVICE_PREFIX}${table}`
    await this.engine.insert({ datasource: name, body, format: 'ndjson', gzip: false })
    await this.bound(name, SERVICE_TABLES[table])
    if (table === 'pipe_stats_rt') await this.bound(`${SERVICE_PREFIX}pipe_stats`, 'date') // a view of it
  }

  /** Lets the older half of a table go that has become large. */
  private async bound(name: string, column: string): Promise<void> {
    if (this.engine.tableBytes(name) <= TABLE_BYTES_MAX) return
    const answer = await this.engine.query({
      sql: `SELECT toUnixTimestamp(quantile(0.5)(${column})) AS half FROM \`${name}\``, slots: [], key: null, format: 'JSON',
    })
    const [{ half }] = (JSON.parse(Buffer.from(answer.body).toString()) as { data: { half: number }[] }).data
    await this.engine.delete(name, `${column} <= toDateTime(${half})`, false)
  }
}
