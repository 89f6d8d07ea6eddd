// POST /v0/datasources/NAME/delete: rows that fulfil a condition go. They are out of sight, durably, when
// the answer leaves; the job says when the last byte of them is gone.

import { HttpError, jsonAnswer } from './answer.ts'
import { requireScope, type Call } from './context.ts'
import type { HttpAnswer } from './http.ts'
import { describeJob } from './jobs.ts'
import { allParams, textOf } from './params.ts'

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
  const began = performance.now()
  const { rows } = await engine.delete(name, condition, isDry)
  if (isDry) return jsonAnswer(200, { rows_to_be_deleted: rows })
  const job = jobs.add('delete_data', name, { delete_condition: condition, rows_affected: rows },
    () => engine.isErased(name) ? 'done' : 'working')
  call.context.serviceLog.operation({
    type: 'delete', datasource: name, ms: performance.now() - began, rows, quarantined: 0, error: null, jobId: job.id })
  const described = describeJob(call, job)
  return jsonAnswer(201, { ...described, delete_id: job.id, job: described })
}
