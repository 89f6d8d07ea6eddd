// `pipit check [DIR]`: every error of every file.

import { checkProject } from '../check/check.ts'
import { formatDiagnostic } from '../project/diagnostics.ts'
import { projectFolder } from './load.ts'
import { green, print } from './terminal.ts'

export function runCheck(dir: string, options: { format: 'text' | 'json' }): void {
  projectFolder(dir)
  const { files } = checkProject(dir)
  const found = files.flatMap((file) => file.diagnostics)
  const errors = found.filter((finding) => finding.severity === 'error').length
  if (options.format === 'json') print(JSON.stringify({ files }, null, 2))
  else {
    for (const finding of found) print(formatDiagnostic(finding))
    print(errors === 0 ? `${green('ok')}: ${files.length} files` : `${errors} errors in ${files.length} files`)
  }
  if (errors > 0) process.exitCode = 1
}
