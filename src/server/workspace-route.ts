// /v1/workspace and /v0/workspace: who this server is, for clients that ask.

import { jsonAnswer } from './answer.ts'
import type { Call } from './context.ts'
import type { HttpAnswer } from './http.ts'

/** GET /v1/workspace */
export function getWorkspace(call: Call): HttpAnswer {
  const { workspace, project, version } = call.context
  const { datasources, pipes } = project()
  return jsonAnswer(200, {
    ...workspace, is_read_only: false, release: { version },
    datasources: datasources.size, pipes: pipes.size,
  })
}
