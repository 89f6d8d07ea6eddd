// A project for a verb that runs it: loaded and checked, or all that is wrong with it.

import { existsSync, readdirSync, readFileSync, rmSync, mkdirSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { checkProject } from '../check/check.ts'
import type { Project } from '../project/definitions.ts'
import { formatDiagnostic } from '../project/diagnostics.ts'
import { loadProject, readerWith } from '../project/load.ts'
import { CliError } from './terminal.ts'

/** Throws CliError with every error of every file. `more`: files besides those of the folder. */
export function loadOrThrow(root: string, more: Readonly<Record<string, string>> = {}): Project {
  const { project, files } = checkProject(root, readerWith(root, more))
  const errors = files.flatMap((file) => file.diagnostics).filter((finding) => finding.severity === 'error')
  if (errors.length > 0) throw new CliError(errors.map(formatDiagnostic).join('\n'))
  return project
}

/** Data sources that were made over HTTP: files of the data folder. */
export class CreatedDatasources {
  private readonly folder: string

  constructor(dataFolder: string) { this.folder = join(dataFolder, 'created') }

  /** As files of the project's root; those are left out that the project has by now. */
  files(root: string): Readonly<Record<string, string>> {
    const names = existsSync(this.folder) ? readdirSync(this.folder).filter((name) => name.endsWith('.datasource')) : []
    if (names.length === 0) return {}
    const { datasources } = loadProject(root).project
    return Object.fromEntries(names.filter((name) => !datasources.has(basename(name, '.datasource')))
      .map((name) => [name, readFileSync(join(this.folder, name), 'utf8')]))
  }

  /** Keeps one when `apply` takes the project with it. */
  async add(name: string, text: string, apply: () => Promise<void>): Promise<void> {
    const file = join(this.folder, `${name}.datasource`)
    mkdirSync(this.folder, { recursive: true })
    writeFileSync(file, text)
    try {
      await apply()
    } catch (error) {
      rmSync(file, { force: true })
      throw error
    }
  }
}
