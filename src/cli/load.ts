// A project for a verb that runs it: loaded and checked, or all that is wrong with it.

import { statSync } from 'node:fs'
import { resolve } from 'node:path'
import { checkProject } from '../check/check.ts'
import type { Diagnostic, Project } from '../project/definitions.ts'
import { formatDiagnostic } from '../project/diagnostics.ts'
import { readerWith } from '../project/load.ts'
import { CliError, UsageError } from './terminal.ts'

/** Its whole path. Throws UsageError where there is no such folder. */
export function projectFolder(dir: string): string {
  if (statSync(dir, { throwIfNoEntry: false })?.isDirectory() !== true) throw new UsageError(`There is no folder ${dir}`)
  return resolve(dir)
}

/** Throws CliError with every error of every file. `more`: files besides those of the folder. */
export function loadOrThrow(root: string, more: Readonly<Record<string, string>> = {}): Project {
  return loadWithout(projectFolder(root), more, () => false).project
}

/** A project and the errors of pipes that it can do without: those of files that `mayLack` allows, as long as
 * they only read. Their calls fail with what is wrong; all other errors throw CliError. */
export function loadWithout(
  root: string, more: Readonly<Record<string, string>>, mayLack: (file: string) => boolean,
): { readonly project: Project; readonly lacking: readonly Diagnostic[] } {
  const { project, files } = checkProject(root, readerWith(root, more))
  const errors = files.flatMap((file) => file.diagnostics).filter((finding) => finding.severity === 'error')
  const reading = new Set([...project.pipes.values()]
    .filter((pipe) => pipe.materialized.length === 0 && pipe.copy === null && pipe.sink === null)
    .map(({ file }) => file))
  if (!errors.every(({ file }) => reading.has(file) && mayLack(file))) {
    throw new CliError(errors.map(formatDiagnostic).join('\n'))
  }
  return { project, lacking: errors }
}
