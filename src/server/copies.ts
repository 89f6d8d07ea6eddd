// POST /v0/pipes/NAME/copy: runs a copy pipe now; the answer is its job. POST /v0/pipes/NAME/rebuild:
// replaces what a materialized pipe has made by what its source holds now.

import { isCopy, startCopy } from '../jobs/copies.ts'
import type { PipeDef } from '../project/definitions.ts'
import { HttpError, jsonAnswer } from './answer.ts'
import { requireScope, type Call } from './context.ts'
import type { HttpAnswer } from './http.ts'
import { describeJob } from './jobs.ts'
import { allParams, pipeParams, textOf } from './params.ts'
import { renderOrThrow } from './run.ts'

function pipeOf(call: Call): PipeDef {
  const [name] = call.rest
  requireScope(call, 'ADMIN', '')
  const pipe = call.context.project().pipes.get(name)
  if (pipe === undefined) throw new HttpError(404, `The pipe '${name}' does not exist`)
  return pipe
}

/** `_mode=append|replace` instead of the pipe's own; other parameters are the pipe's. */
export function runCopy(call: Call): HttpAnswer {
  const { engine, jobs, project, variables } = call.context
  const pipe = pipeOf(call)
  if (!isCopy(pipe)) throw new HttpError(400, `The pipe '${pipe.name}' copies nothing: it has no TYPE copy`)
  const params = allParams(call.request)
  const mode = textOf(params, '_mode')
  if (mode !== '' && mode !== 'append' && mode !== 'replace') {
    throw new HttpError(400, `The parameter '_mode' is '${mode}'; it can be append or replace`)
  }
  const { _mode, ...others } = params
  const job = renderOrThrow(() => startCopy(jobs, engine, project(), pipe, pipeParams(others),
    mode === '' ? null : mode, variables.values ?? undefined))
  return jsonAnswer(200, { id: pipe.name, name: pipe.name, type: 'copy', job: describeJob(call, job) })
}

export function runRebuild(call: Call): HttpAnswer {
  const { engine, jobs } = call.context
  const pipe = pipeOf(call)
  const [view] = pipe.materialized
  if (view === undefined) {
    throw new HttpError(400, `The pipe '${pipe.name}' makes nothing that could be rebuilt: it has no TYPE materialized`)
  }
  const job = jobs.run('populateview', view.target, { pipe_name: pipe.name, rows_read: 0 }, async ({ report }) => {
    await engine.rebuildView(pipe.name, (rows) => report({ rows_read: rows }))
    return {}
  })
  return jsonAnswer(200, { id: pipe.name, name: pipe.name, type: 'materialized', job: describeJob(call, job) })
}
