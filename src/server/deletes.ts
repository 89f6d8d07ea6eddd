// POST /v0/datasources/NAME/delete: rows that fulfil a condition go. They are out of sight, durably, when
// the answer leaves; the job says when the last byte of them is gone. And /v0/jobs.

import type { JobState } from '../jobs/jobs.ts'
import { HttpError, jsonAnswer } from './answer.ts'
import { requireScope, type Call } from './context.ts'
import type { HttpAnswer } from './http.ts'
import { allParams, textOf } from './params.ts'

function describe(call: Call, job: JobState) {
  const base = call.request.header('host')
  return {
    kind: job.kind, id: job.id, job_id: job.id, status: job.status, job_url: `http://${base}/v0/jobs/${job.id}`,
    created_at: stamp(job.createdAt), updated_at: stamp(job.updatedAt),
    datasource: { name: job.datasource }, ...job.details,
  }
}

const stamp = (at: Date): string => at.toISOString().replace('T', ' ').replace('Z', '')

/** `delete_condition`, and `dry_run=true`, which only counts. */
export async function deleteRows(call: Call): Promise<HttpAnswer> {
  const [name] = call.rest
  const { engine, jobs } = call.context
  if (!engine.hasTable(name)) throw new HttpError(404, `Data Source '${name}' does not exist`)
  requireScope(call, 'ADMIN', '')
  const params = allParams(call.request)
  const condition = textOf(params, 'delete_condition').trim()
  if (condition === '') {
    throw new HttpError(400, "The parameter 'delete_condition' is missing, for example: "
      + "delete_condition=user_id = 'u1'; to remove all rows use /truncate")
  }
  const isDry = /^(true|1)$/i.test(textOf(params, 'dry_run'))
  const { rows } = await engine.delete(name, condition, isDry)
  if (isDry) return jsonAnswer(200, { rows_to_be_deleted: rows })
  const job = jobs.add('delete_data', name, { delete_condition: condition, rows_affected: rows },
    () => engine.isErased(name) ? 'done' : 'working')
  const described = describe(call, job)
  return jsonAnswer(201, { ...described, delete_id: job.id, job: described })
}

/** GET /v0/jobs */
export function listJobs(call: Call): HttpAnswer {
  requireScope(call, 'ADMIN', '')
  return jsonAnswer(200, { jobs: call.context.jobs.list().map((job) => describe(call, job)) })
}

/** GET /v0/jobs/ID */
export function getJob(call: Call): HttpAnswer {
  requireScope(call, 'ADMIN', '')
  const [id] = call.rest
  const job = call.context.jobs.find(id)
  if (job === null) throw new HttpError(404, `Job '${id}' does not exist, or is forgotten`)
  return jsonAnswer(200, describe(call, job))
}
