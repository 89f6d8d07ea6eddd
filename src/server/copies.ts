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

/** The copy pipe that a path names. Throws HttpError where it is none. */
export function copyOf(call: Call) {
  const pipe = pipeOf(call)
  if (isCopy(pipe)) return pipe
  throw new HttpError(400, `The pipe '${pipe.name}' copies nothing: it has no TYPE copy`)
}

/** `_mode=append|replace` instead of the pipe's own; other parameters are the pipe's. */
export function runCopy(call: Call): HttpAnswer {
  const { engine, jobs, project, variables } = call.context
  const pipe = copyOf(call)
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

/** POST /v0/pipes/NAME/verify: NAME is a materialized pipe or the target of some. The job's `report` says
 * which rows differ. */
export function runVerify(call: Call): HttpAnswer {
  const { engine, jobs, project } = call.context
  const [name] = call.rest
  requireScope(call, 'ADMIN', '')
  const target = project().pipes.get(name)?.materialized[0]?.target
    ?? [...project().pipes.values()].flatMap(({ materialized }) => materialized).find((one) => one.target === name)?.target
  if (target === undefined) throw new HttpError(404, `There is no materialized pipe '${name}', nor a target of that name`)
  const job = jobs.run('verify', target, { rows_read: 0 }, async ({ report }) => {
    const found = await engine.verifyView(name, (rows) => report({ rows_read: rows }))
    return { report: found, is_equal: found.onlyExpected + found.onlyFound === 0 }
  })
  return jsonAnswer(200, { name, target, job: describeJob(call, job) })
}
