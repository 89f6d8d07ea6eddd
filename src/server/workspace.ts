// The one workspace of a server: an id that is kept, and a name.

import { randomUUID } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { WORKSPACE_FILE } from '../engine/beside.ts'
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
