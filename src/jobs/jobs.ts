// Work that goes on after its answer: deletes whose bytes are still to go. What a job does is durable by
// itself and goes on after a restart; the list of jobs is for people and is kept in memory.

import { randomUUID } from 'node:crypto'

export type JobStatus = 'waiting' | 'working' | 'done' | 'error'

export type Job = {
  readonly id: string
  readonly kind: string
  readonly datasource: string
  readonly createdAt: Date
  readonly details: Readonly<Record<string, unknown>>
  /** Asked when somebody looks, until it answers done or error. */
  readonly look: () => JobStatus
}

export type JobState = Omit<Job, 'look'> & { readonly status: JobStatus; readonly updatedAt: Date }

/** Jobs remembered; the oldest go first. */
const JOBS_MAX = 1000

export class Jobs {
  private readonly jobs = new Map<string, { job: Job; status: JobStatus; updatedAt: Date }>()

  add(kind: string, datasource: string, details: Job['details'], look: Job['look']): JobState {
    const job: Job = { id: randomUUID(), kind, datasource, details, look, createdAt: new Date() }
    this.jobs.set(job.id, { job, status: 'working', updatedAt: job.createdAt })
    if (this.jobs.size > JOBS_MAX) this.jobs.delete(this.jobs.keys().next().value as string)
    return this.find(job.id) as JobState
  }

  /** null: there is no such job, or it is forgotten. */
  find(id: string): JobState | null {
    const entry = this.jobs.get(id)
    if (entry === undefined) return null
    if (entry.status === 'working' || entry.status === 'waiting') {
      const status = entry.job.look()
      if (status !== entry.status) entry.updatedAt = new Date()
      entry.status = status
    }
    const { look: _look, ...rest } = entry.job
    return { ...rest, status: entry.status, updatedAt: entry.updatedAt }
  }

  /** Newest first. */
  list(): JobState[] { return [...this.jobs.keys()].reverse().map((id) => this.find(id) as JobState) }
}
