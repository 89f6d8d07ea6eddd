// /v0/jobs: what goes on after its answer, and the way to stop it.

import type { JobState } from '../jobs/job-state.ts'
import { HttpError, jsonAnswer } from './answer.ts'
import { requireScope, type Call } from './context.ts'
import type { HttpAnswer } from './http.ts'

const stamp = (at: Date): string => at.toISOString().replace('T', ' ').replace('Z', '')

/** A job as clients read it. */
export function describeJob(call: Call, job: JobState) {
  const base = call.request.header('host')
  return {
    kind: job.kind, id: job.id, job_id: job.id, status: job.status, job_url: `http://${base}/v0/jobs/${job.id}`,
    created_at: stamp(job.createdAt), updated_at: stamp(job.updatedAt),
    datasource: { name: job.datasource }, ...job.details,
    ...(job.error === null ? {} : { error: job.error }),
  }
}

/** GET /v0/jobs; `kind` and `status` leave out the others. */
export function listJobs(call: Call): HttpAnswer {
  requireScope(call, 'ADMIN', '')
  const query = new URLSearchParams(call.request.query)
  const wanted = (key: 'kind' | 'status', job: JobState) => [null, '', job[key]].includes(query.get(key))
  const jobs = call.context.jobs.list().filter((job) => wanted('kind', job) && wanted('status', job))
  return jsonAnswer(200, { jobs: jobs.map((job) => describeJob(call, job)) })
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
