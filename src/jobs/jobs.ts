// Work that goes on after its answer: copies, rebuilds, deletes whose bytes are still to go. What a job
// does is all or nothing, or durable by itself; the list of jobs is for people and is kept in memory.

import { randomUUID } from 'node:crypto'
import { EngineError } from '../engine/engine.ts'

export type JobStatus = 'waiting' | 'working' | 'done' | 'error' | 'cancelled'
export type JobDetails = Readonly<Record<string, unknown>>

export type JobState = {
  readonly id: string
  readonly kind: string
  /** The data source that it writes to. */
  readonly datasource: string
  readonly status: JobStatus
  readonly createdAt: Date
  /** null: it has not begun. */
  readonly startedAt: Date | null
  readonly updatedAt: Date
  readonly details: JobDetails
  /** Why it failed; null: it has not. */
  readonly error: string | null
}

/** What a running job may do besides its work. */
export type JobControl = {
  /** Adds to what people see of it. */
  readonly report: (details: JobDetails) => void
  /** Called when somebody cancels the job. */
  readonly onCancel: (cancel: () => void) => void
}

type Entry = {
  state: JobState
  /** Asked when somebody looks, until it answers done or error; null: the work itself tells. */
  readonly look: (() => JobStatus) | null
  cancel: () => void
  isCancelled: boolean
}

/** Jobs remembered; of those that are over the oldest go first. */
const JOBS_MAX = 1000
/** Jobs that may wait for one data source. */
const WAITING_MAX = 100

const isOver = (status: JobStatus): boolean => status !== 'waiting' && status !== 'working'

export class Jobs {
  private readonly jobs = new Map<string, Entry>()
  /** The last job of each data source that is written to by one job at a time. */
  private readonly queues = new Map<string, Promise<void>>()
  /** Jobs that have not begun, by data source. */
  private readonly waiting = new Map<string, number>()
  private readonly onOver: (job: JobState) => void

  /** `onOver` is told of every job that is over, once. */
  constructor(onOver: (job: JobState) => void = () => {}) { this.onOver = onOver }

  /** A job whose work is under way elsewhere. */
  add(kind: string, datasource: string, details: JobDetails, look: () => JobStatus): JobState {
    return this.keep(kind, datasource, 'working', details, look).state
  }

  /** Starts work when all earlier work on the data source is over. What it resolves with is added to
   * the details; what it throws is the job's error. Throws EngineError when too many wait. */
  run(
    kind: string, datasource: string, details: JobDetails,
    work: (control: JobControl) => Promise<JobDetails>,
  ): JobState {
    const waiting = this.waiting.get(datasource) ?? 0
    if (waiting >= WAITING_MAX) {
      throw new EngineError('busy', `${WAITING_MAX} jobs wait for ${datasource} already; try again when some are done`,
        'TOO_MANY_JOBS')
    }
    this.waiting.set(datasource, waiting + 1)
    const entry = this.keep(kind, datasource, 'waiting', details, null)
    const before = this.queues.get(datasource) ?? Promise.resolve()
    const done = before.then(() => {
      this.waiting.set(datasource, (this.waiting.get(datasource) as number) - 1)
      return this.work(entry, work)
    })
    this.queues.set(datasource, done)
    void done.then(() => {
      if (this.queues.get(datasource) !== done) return
      this.queues.delete(datasource)
      this.waiting.delete(datasource)
    })
    return entry.state
  }

  /** null: there is no such job, or it is forgotten. */
  find(id: string): JobState | null {
    const entry = this.jobs.get(id)
    if (entry === undefined) return null
    if (entry.look !== null && !isOver(entry.state.status)) {
      const status = entry.look()
      if (status !== entry.state.status) this.change(entry, { status })
    }
    return entry.state
  }

  /** Newest first. */
  list(): JobState[] { return [...this.jobs.keys()].reverse().map((id) => this.find(id) as JobState) }

  /** False: the job is over, or can't be stopped. */
  cancel(id: string): boolean {
    const entry = this.jobs.get(id)
    if (entry === undefined || entry.look !== null || isOver(entry.state.status)) return false
    entry.isCancelled = true
    if (entry.state.status === 'waiting') this.change(entry, { status: 'cancelled' })
    entry.cancel()
    return true
  }

  /** Jobs that have not begun will not: the server stops. */
  stop(): void {
    for (const [id, { state }] of this.jobs) if (state.status === 'waiting') this.cancel(id)
  }

  /** Resolves when nothing runs any more. */
  async settled(): Promise<void> {
    while (this.queues.size > 0) await Promise.all(this.queues.values())
  }

  private keep(
    kind: string, datasource: string, status: JobStatus, details: JobDetails, look: Entry['look'],
  ): Entry {
    const now = new Date()
    const entry: Entry = {
      look, cancel: () => {}, isCancelled: false,
      state: { id: randomUUID(), kind, datasource, status, details, createdAt: now, startedAt: look === null ? null : now, updatedAt: now, error: null },
    }
    this.jobs.set(entry.state.id, entry)
    for (const id of this.jobs.size > JOBS_MAX ? this.jobs.keys() : []) {
      if (!isOver((this.find(id) as JobState).status)) continue
      this.jobs.delete(id)
      break
    }
    return entry
  }

  private async work(
    entry: Entry, work: (control: JobControl) => Promise<JobDetails>,
  ): Promise<void> {
    if (entry.isCancelled) return
    this.change(entry, { status: 'working', startedAt: new Date() })
    try {
      const details = await work({
        report: (more) => this.change(entry, { details: { ...entry.state.details, ...more } }),
        onCancel: (cancel) => {
          entry.cancel = cancel
          if (entry.isCancelled) cancel()
        },
      })
      this.change(entry, { status: 'done', details: { ...entry.state.details, ...details } })
    } catch (error) {
      this.change(entry, {
        status: entry.isCancelled ? 'cancelled' : 'error', error: (error as Error).message,
      })
    }
  }

  private change(entry: Entry, more: Partial<JobState>): void {
    const wasOver = isOver(entry.state.status)
    entry.state = { ...entry.state, ...more, updatedAt: new Date() }
    if (!wasOver && isOver(entry.state.status)) this.onOver(entry.state)
  }
}
