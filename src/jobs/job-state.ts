// What can be said of a job at any moment.

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
