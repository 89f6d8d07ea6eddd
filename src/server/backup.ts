// POST /v0/backup?folder=/absolute/path[&copy=true]: a backup of the store, on the server's own disks,
// while it goes on. `pipit backup` calls it and verifies what it made.

import { isAbsolute } from 'node:path'
import { HttpError, jsonAnswer } from './answer.ts'
import { requireScope, type Call } from './context.ts'
import type { HttpAnswer } from './http.ts'
import { allParams, textOf } from './params.ts'

export async function makeBackup(call: Call): Promise<HttpAnswer> {
  requireScope(call, 'ADMIN', '')
  const params = allParams(call.request)
  const folder = textOf(params, 'folder')
  if (!isAbsolute(folder)) throw new HttpError(400, "The parameter 'folder' must be an absolute path on the server")
  const isCopy = /^(true|1)$/i.test(textOf(params, 'copy'))
  return jsonAnswer(200, await call.context.engine.backup(folder, isCopy))
}
