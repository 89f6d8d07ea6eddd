// A project for a verb that runs it: loaded and checked, or all that is wrong with it.

import { checkProject } from '../check/check.ts'
import type { Project } from '../project/definitions.ts'
import { formatDiagnostic } from '../project/diagnostics.ts'
import { readerWith } from '../project/load.ts'
import { CliError } from './terminal.ts'

/** Throws CliError with every error of every file. `more`: files besides those of the folder. */
export function loadOrThrow(root: string, more: Readonly<Record<string, string>> = {}): Project {
  const { project, files } = checkProject(root, readerWith(root, more))
  const errors = files.flatMap((file) => file.diagnostics).filter((finding) => finding.severity === 'error')
  if (errors.length > 0) throw new CliError(errors.map(formatDiagnostic).join('\n'))
  return project
}
