// A project for a verb that runs it: loaded and checked, or all that is wrong with it.

import { statSync } from 'node:fs'
import { resolve } from 'node:path'
import { checkProject } from '../check/check.ts'
import type { Diagnostic, Project } from '../project/definitions.ts'
import { formatDiagnostic } from '../project/diagnostics.ts'
import { readerWith, type FileReader } from '../project/load.ts'
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

/** A project as far as its files hold. */
export type Holding = {
  readonly project: Project
  /** Everything that the files say, also those that are left out. */
  readonly whole: Project
  /** What is wrong, as `pipit check` says it. */
  readonly errors: readonly Diagnostic[]
  /** Files that are not served: pipes that only read stay in the project, and their calls fail with what is
   * wrong; it does without the others. */
  readonly broken: ReadonlySet<string>
}

/** A project without what is wrong in files that `mayLack` allows, and what needs those; `refused`: files to be
 * left out although they hold. All other errors throw CliError. */
export function loadWithout(
  root: string, more: Readonly<Record<string, string>>, mayLack: (file: string) => boolean,
  refused: Iterable<string> = [],
): Holding {
  const out = new Set<string>(refused)
  let first: { readonly errors: readonly Diagnostic[]; readonly whole: Project } | null = null
  for (;;) {
    const { project, files } = checkProject(root, without(readerWith(root, more), out))
    const errors = files.flatMap((file) => file.diagnostics).filter((finding) => finding.severity === 'error')
    first ??= { errors, whole: project }
    if (errors.some(({ file }) => out.has(file) || !mayLack(file))) {
      throw new CliError([...new Set([...first.errors, ...errors].map(formatDiagnostic))].join('\n'))
    }
    const reading = new Set([...project.pipes.values()]
      .filter((pipe) => pipe.materialized.length === 0 && pipe.copy === null && pipe.sink === null)
      .map(({ file }) => file))
    const wrong = errors.filter(({ file }) => !reading.has(file))
    if (wrong.length === 0) return { project, ...first, broken: new Set([...out, ...errors.map(({ file }) => file)]) }
    for (const { file } of wrong) out.add(file)
  }
}

/** The files but some. */
const without = (files: FileReader, out: ReadonlySet<string>): FileReader => ({
  list: (folder) => files.list(folder).filter(({ name }) => !out.has(folder === '' ? name : `${folder}/${name}`)),
  read: (path) => files.read(path),
})
