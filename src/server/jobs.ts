// /v0/jobs: what goes on after its answer, and the way to stop it.

import type { JobState } from '../jobs/job-state.ts'
import { HttpError, jsonAnswer } from './answer.ts'
import { originOf, requireScope, type Call } from './context.ts'
import type { HttpAnswer } from './http.ts'

const stamp = (at: Date): string => at.toISOString().replace('T', ' ').replace('Z', '')

/** A job as clients read it. */
export function describeJob(call: Call, job: JobState) {
  return {
    kind: job.kind, id: job.id, job_id: job.id, status: job.status, job_url: `${originOf(call)}/v0/jobs/${job.id}`,
    created_at: stamp(job.createdAt), updated_at: stamp(job.updatedAt),
    is_cancellable: job.status === 'waiting' || job.status === 'working',
    datasource: { id: job.datasource, name: job.datasource }, ...job.details,
    ...(job.kind === 'import' && job.status === 'done' ? { statistics: { row_count: job.details.rows, bytes: job.details.bytes } } : {}),
    ...(job.error === null ? {} : { error: job.error }),
  }
}

/** GET /v0/jobs; `kind`, `status`, `pipe_name` (or `pipe_id`), `created_after` and `created_before` leave out the others. */
export function listJobs(call: Call): HttpAnswer {
  requireScope(call, 'ADMIN', '')
  const query = new URLSearchParams(call.request.query)
  const is = (key: string, value: unknown) => [null, '', value].includes(query.get(key))
  const [after, before] = [timeOf(query, 'created_after') ?? -Infinity, timeOf(query, 'created_before') ?? Infinity]
  const jobs = call.context.jobs.list().filter(({ kind, status, details, createdAt }) =>
    is('kind', kind) && is('status', status) && is('pipe_name', details.pipe_name) && is('pipe_id', details.pipe_name)
    && createdAt.getTime() >= after && createdAt.getTime() <= before)
  return jsonAnswer(200, { jobs: jobs.map((job) => describeJob(call, job)) })
}

/** A time of the query in milliseconds, UTC where it names no zone; null: it is not given. */
function timeOf(query: URLSearchParams, key: string): number | null {
  const text = query.get(key) ?? ''
  if (text === '') return null
  const hasZone = /(Z|[+-]\d\d:?\d\d)$/i.test(text)
  const at = Date.parse(hasZone || !text.includes(':') ? text : `${text.replace(' ', 'T')}Z`)
  if (Number.isNaN(at)) throw new HttpError(400, `The parameter '${key}' is '${text}'; expected a time such as 2024-01-31 10:00:00`)
  return at
}

function jobOf(call: Call): JobState {
  requireScope(call, 'ADMIN', '')
  const [id] = call.rest
  const job = call.context.jobs.find(id)
  if (job === null) throw new HttpError(404, `Job '${id}' does not exist, or is forgotten`)
  return job
}

/** GET /v0/jobs/ID */
export const getJob = (call: Call): HttpAnswer => jsonAnswer(200, describeJob(call, jobOf(call)))

/** POST /v0/jobs/ID/cancel */
export function cancelJob(call: Call): HttpAnswer {
  const { id, status } = jobOf(call)
  if (!call.context.jobs.cancel(id)) {
    throw new HttpError(400, `Job '${id}' can't be cancelled: its status is ${status}`)
  }
  return jsonAnswer(200, describeJob(call, call.context.jobs.find(id) as JobState))
}
