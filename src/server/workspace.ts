// /v1/workspace and /v0/workspace: who this server is, for clients that ask.

import { randomUUID } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { WORKSPACE_FILE } from '../engine/beside.ts'
import { jsonAnswer } from './answer.ts'
import type { Call } from './context.ts'
import type { HttpAnswer } from './http.ts'
import { keepFile } from './kept-file.ts'

/** The one workspace of a server. */
export type Workspace = { readonly id: string; readonly name: string }

/** Its id is made once and kept in the data folder; its name is the project folder's. */
export function openWorkspace(folder: string, root: string): Workspace {
  const file = join(folder, WORKSPACE_FILE)
  if (!existsSync(file)) keepFile(file, `${JSON.stringify({ id: randomUUID() })}\n`)
  const { id } = JSON.parse(readFileSync(file, 'utf8')) as { id: string }
  return { id, name: basename(root).replace(/\W/g, '_') }
}

/** GET /v1/workspace */
export function getWorkspace(call: Call): HttpAnswer {
  const { workspace, project, version } = call.context
  const { datasources, pipes } = project()
  return jsonAnswer(200, {
    ...workspace, is_read_only: false, release: { version },
    datasources: datasources.size, pipes: pipes.size,
  })
}
