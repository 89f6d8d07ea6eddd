// Follows the files of a project: a saved file is live within a second; while a file is broken the
// last good version keeps serving.

import { watch } from 'chokidar'
import { CliError, dim, green, print, red, warn } from './terminal.ts'

/** Editors write in several steps: wait for quiet. */
const QUIET_MS = 150
const WATCHED = /\.(datasource|pipe|connection|incl)$|tinybird\.config\.json$|\.env(\.local)?$/

/** Calls `reload` after changes; resolves, once it sees them, with how to stop. */
export async function watchProject(root: string, reload: () => Promise<void>): Promise<() => Promise<void>> {
  let timer: NodeJS.Timeout | null = null
  let running = Promise.resolve()
  const apply = async () => {
    const began = performance.now()
    try {
      await reload()
      print(`${green('live')}   ${dim(`${(performance.now() - began).toFixed(0)} ms`)}`)
    } catch (error) {
      warn(`${red('error')}  the last good version keeps serving`)
      warn(error instanceof CliError ? error.message : (error as Error).message)
    }
  }
  const watcher = watch(root, {
    ignoreInitial: true,
    ignored: (path, stats) => /[/\\](\.pipit|\.git|node_modules)([/\\]|$)/.test(path)
      || (stats?.isFile() === true && !WATCHED.test(path)),
  })
  watcher.on('all', () => {
    if (timer !== null) clearTimeout(timer)
    timer = setTimeout(() => { running = running.then(apply) }, QUIET_MS)
  })
  // Before, a change counts as what was there.
  await new Promise<void>((resolve) => { watcher.once('ready', () => resolve()) })
  return async () => {
    if (timer !== null) clearTimeout(timer)
    await watcher.close()
    await running
  }
}
