// POST /v0/datasources/NAME/quarantine/replay: rows that did not fit are sent again, as a job.

import { HttpError, jsonAnswer } from './answer.ts'
import { requireScope, type Call } from './context.ts'
import type { HttpAnswer } from './http.ts'
import { describeJob } from './jobs.ts'

/** The job says how many rows were `replayed`, and how many are `left`. */
export function replayQuarantine(call: Call): HttpAnswer {
  const [name] = call.rest
  const { engine, jobs } = call.context
  if (!engine.hasTable(`${name}_quarantine`)) throw new HttpError(404, `Data Source '${name}' does not exist`)
  requireScope(call, 'ADMIN', '')
  const job = jobs.run('replay', name, { rows_read: 0 }, async ({ report }) =>
    await engine.replay(name, (rows) => report({ rows_read: rows })))
  return jsonAnswer(200, { datasource: { name }, job: describeJob(call, job) })
}
