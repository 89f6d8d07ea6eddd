// An engine in this process over a project given as texts: for tests that must flush and merge at
// chosen moments.

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import type { FeedWork } from '../../src/engine/engine.ts'
import type { EngineLimits } from '../../src/engine/limits.ts'
import { openLocalEngine, type LocalEngine } from '../../src/engine/local.ts'
import { checkProject } from '../../src/check/check.ts'
import type { Project } from '../../src/project/definitions.ts'
import { formatDiagnostic } from '../../src/project/diagnostics.ts'

export type TestEngine = {
  readonly engine: LocalEngine
  /** Where its store is. */
  readonly folder: string
  readonly project: Project
  /** Rows of a statement as arrays of values. */
  readonly rows: (sql: string) => Promise<unknown[][]>
  readonly insert: (datasource: string, rows: readonly object[]) => Promise<void>
  /** Adds files to the project and applies it. `onFeed` is given what new views wait for. */
  readonly apply: (files: Readonly<Record<string, string>>, onFeed?: (feed: FeedWork) => void) => Promise<void>
  /** Closes the engine and opens it again on the same data. */
  readonly restart: (onFeed?: (feed: FeedWork) => void) => Promise<void>
  readonly close: () => Promise<void>
}

function projectOf(root: string, files: Readonly<Record<string, string>>): Project {
  for (const [file, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, file)), { recursive: true })
    writeFileSync(join(root, file), text)
  }
  const { project, files: reports } = checkProject(root)
  const errors = reports.flatMap(({ diagnostics }) => diagnostics)
    // The engine leaves such views out by itself, however it gets them.
    .filter(({ severity, code }) => severity === 'error' && code !== 'view-circle')
  if (errors.length > 0) throw new Error(errors.map(formatDiagnostic).join('\n'))
  return project
}

/** `files`: path below the project to text. Throws what `pipit check` finds. */
export async function openTestEngine(
  files: Readonly<Record<string, string>>, limits: Partial<EngineLimits> = {},
): Promise<TestEngine> {
  const root = mkdtempSync(join(tmpdir(), 'pipit-engine-'))
  let project = projectOf(root, files)
  const open = async (onFeed?: (feed: FeedWork) => void) => {
    const engine = await openLocalEngine({ folder: join(root, 'data'), limits })
    await engine.applyProject(project, onFeed)
    return engine
  }
  let engine = await open()
  return {
    folder: join(root, 'data'),
    get engine() { return engine },
    get project() { return project },
    rows: async (sql) => {
      const { body } = await engine.query({ sql, slots: [], key: null, format: 'JSONCompact' })
      return (JSON.parse(Buffer.from(body).toString()) as { data: unknown[][] }).data
    },
    insert: async (datasource, rows) => {
      const body = Buffer.from(rows.map((row) => JSON.stringify(row)).join('\n'))
      const answer = await engine.insert({ datasource, body, format: 'ndjson', gzip: false })
      if (answer.quarantinedRows > 0) throw new Error(answer.firstError ?? 'quarantined')
    },
    apply: async (more, onFeed) => {
      project = projectOf(root, more)
      await engine.applyProject(project, onFeed)
    },
    restart: async (onFeed) => {
      await engine.close()
      engine = await open(onFeed)
    },
    close: async () => {
      await engine.close()
      rmSync(root, { recursive: true, force: true })
    },
  }
}
