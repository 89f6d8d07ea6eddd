// Work that goes on after its answer: copies, rebuilds, deletes whose bytes are still to go. What a job
// does is all or nothing, or durable by itself; the list of jobs is for people (job-file.ts keeps it).
//
//   a start: jobs of before that were not over -> lookOf() -> a delete goes on by itself
//                                              -> goesOn   -> run() of the same name takes it up
//                                              -> error, with why

import { randomUUID } from 'node:crypto'
import { EngineError } from '../engine/engine-error.ts'
import { JOB_KEEP_MS, type JobFile, type StoredJob } from './job-file.ts'
import type { JobDetails, JobState, JobStatus } from './job-state.ts'

/** What a running job may do besides its work. */
export type JobControl = {
  /** Adds to what people see of it. */
  readonly report: (details: JobDetails) => void
  /** Called when somebody cancels the job. */
  readonly onCancel: (cancel: () => void) => void
}

type Entry = {
  state: JobState
  readonly goesOn: string | null
  /** Asked when somebody looks, until it answers done or error; null: the work itself tells. */
  readonly look: (() => JobStatus) | null
  /** Its work has begun in an earlier process, and nobody has taken it up yet. */
  isLeft: boolean
  cancel: () => void
  isCancelled: boolean
}

/** Jobs remembered; of those that are over the oldest go first. */
const JOBS_MAX = 1000
/** Jobs that may wait for one data source. */
const WAITING_MAX = 100

const isOver = (status: JobStatus): boolean => status !== 'waiting' && status !== 'working'

const STOPPED = 'The server stopped before the job was over'
const UNDECIDED = `${STOPPED}: what it writes is there as a whole or not at all`

export type JobsOptions = {
  /** Told of every job that is over, once. */
  readonly onOver?: (job: JobState) => void
  /** null: the list ends with the process. */
  readonly file?: JobFile | null
  /** How to see whether work of an earlier process is done; null: it is not under way any more. */
  readonly lookOf?: (job: JobState) => (() => JobStatus) | null
}

export class Jobs {
  private readonly jobs = new Map<string, Entry>()
  /** The last job of each data source that is written to by one job at a time. */
  private readonly queues = new Map<string, Promise<void>>()
  /** Jobs that have not begun, by data source. */
  private readonly waiting = new Map<string, number>()
  private readonly onOver: (job: JobState) => void
  private readonly file: JobFile | null
  private isStopping = false

  constructor({ onOver = () => {}, file = null, lookOf = () => null }: JobsOptions = {}) {
    this.onOver = onOver
    this.file = file
    for (const { goesOn, ...state } of file?.load() ?? []) this.takeOver(state, goesOn, lookOf(state))
    if (file === null || this.jobs.size === 0) return
    try {
      file.rewrite(this.stored())
    } catch {} // a disk that takes no writes: they are read again at the next start
  }

  /** A job of an earlier process. */
  private takeOver(state: JobState, goesOn: string | null, look: Entry['look']): void {
    const isLeft = !isOver(state.status)
    const ended = isLeft && look === null && goesOn === null
    const entry: Entry = {
      state: ended ? { ...state, status: 'error', error: UNDECIDED, updatedAt: new Date() } : state,
      goesOn, look: isLeft ? look : null, isLeft: isLeft && look === null && goesOn !== null, cancel: () => {}, isCancelled: false,
    }
    this.jobs.set(state.id, entry)
    if (ended) this.onOver(entry.state)
  }

  /** Ends jobs of earlier processes that nobody has taken up: `isDone` says which of them have come to their
   * end unseen. */
  endLeft(isDone: (job: JobState) => boolean): void {
    for (const entry of this.jobs.values()) {
      if (!entry.isLeft) continue
      entry.isLeft = false
      this.change(entry, isDone(entry.state) ? { status: 'done' }
        : { status: 'error', error: `${STOPPED}, and the project has nothing left of it to do` })
    }
  }

  /** A job whose work is under way elsewhere. */
  add(kind: string, datasource: string, details: JobDetails, look: () => JobStatus): JobState {
    return this.keep({ kind, datasource }, 'working', details, look).state
  }

  /** Starts work when all earlier work on the data source is over. What it resolves with is added to
   * the details; what it throws is the job's error. `goesOn`: names work that a later process takes up where
   * this one leaves it. Throws EngineError when too many wait. */
  run(
    kind: string, datasource: string, details: JobDetails,
    work: (control: JobControl) => Promise<JobDetails>, goesOn: string | null = null,
  ): JobState {
    const waiting = this.waiting.get(datasource) ?? 0
    if (waiting >= WAITING_MAX) {
      throw new EngineError('busy', `${WAITING_MAX} jobs wait for ${datasource} already; try again when some are done`,
        'TOO_MANY_JOBS')
    }
    this.waiting.set(datasource, waiting + 1)
    const entry = this.left(kind, goesOn) ?? this.keep({ kind, datasource }, 'waiting', details, null, goesOn)
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
  list(): JobState[] {
    this.forget()
    return [...this.jobs.keys()].reverse().map((id) => this.find(id) as JobState)
  }

  /** False: the job is over, or can't be stopped. */
  cancel(id: string): boolean {
    const entry = this.jobs.get(id)
    if (entry === undefined || entry.look !== null || isOver(entry.state.status)) return false
    entry.isCancelled = true
    if (entry.state.status === 'waiting') this.change(entry, { status: 'cancelled' })
    entry.cancel()
    return true
  }

  /** Jobs that have not begun will not: the server stops. Those that go on after the next start are left as
   * they are in the file. */
  stop(): void {
    this.isStopping = true
    for (const entry of this.jobs.values()) {
      if (entry.state.status !== 'waiting' || entry.isLeft) continue
      entry.isCancelled = true
      this.change(entry, { status: 'error', error: 'The server stopped before the job had begun' })
    }
  }

  /** Resolves when nothing runs any more. */
  async settled(): Promise<void> {
    while (this.queues.size > 0) await Promise.all(this.queues.values())
  }

  private keep(
    { kind, datasource }: Pick<JobState, 'kind' | 'datasource'>, status: JobStatus, details: JobDetails, look: Entry['look'],
    goesOn: string | null = null,
  ): Entry {
    const now = new Date()
    const entry: Entry = {
      look, goesOn, isLeft: false, cancel: () => {}, isCancelled: false,
      state: { id: randomUUID(), kind, datasource, status, details, createdAt: now, startedAt: look === null ? null : now, updatedAt: now, error: null },
    }
    this.jobs.set(entry.state.id, entry)
    this.forget()
    this.note(entry)
    return entry
  }

  /** Work of this name that an earlier process has left. */
  private left(kind: string, goesOn: string | null): Entry | null {
    if (goesOn === null) return null
    const entry = [...this.jobs.values()].find((one) => one.isLeft && one.goesOn === goesOn && one.state.kind === kind)
    if (entry === undefined) return null
    entry.isLeft = false
    entry.state = { ...entry.state, status: 'waiting' }
    return entry
  }

  /** Of jobs that are over those that are old, and the oldest of too many. */
  private forget(): void {
    const before = Date.now() - JOB_KEEP_MS
    for (const [id, { state: { updatedAt } }] of this.jobs) {
      if (this.jobs.size <= JOBS_MAX && updatedAt.getTime() >= before) break
      if (isOver((this.find(id) as JobState).status)) this.jobs.delete(id)
    }
  }

  private note({ state, goesOn }: Entry): void { this.file?.note({ ...state, goesOn }, () => this.stored()) }

  private stored(): StoredJob[] { return [...this.jobs.values()].map(({ state, goesOn }) => ({ ...state, goesOn })) }

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
    if (wasOver || !isOver(entry.state.status)) return
    this.onOver(entry.state)
    if (!this.isStopping || entry.goesOn === null || entry.state.status === 'done') this.note(entry)
  }
}
