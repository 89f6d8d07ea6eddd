// What the server keeps in the store's folder beside the store: small files that a backup has, too, because
// without them its rows could not be reached as before. (The list of jobs is not among them: work of another
// process is not this store's.)

import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'

export const TOKENS_FILE = 'tokens.json'
export const VARIABLES_FILE = 'variables.json'
export const WORKSPACE_FILE = 'workspace.json'
export const COPIES_FILE = 'copies.json'
/** Data sources that were made over HTTP, a file each, and those whose drop has not ended. */
export const CREATED_FOLDER = 'created'

/** Those that are there, as paths in the folder. */
export function besideOf(folder: string): string[] {
  const created = join(folder, CREATED_FOLDER)
  const names = existsSync(created) ? readdirSync(created).filter((name) => !name.endsWith('.tmp')) : []
  return [...[TOKENS_FILE, VARIABLES_FILE, WORKSPACE_FILE, COPIES_FILE].filter((name) => existsSync(join(folder, name))),
    ...names.map((name) => `${CREATED_FOLDER}/${name}`)]
}
