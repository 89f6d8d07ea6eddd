// The store that the benches of a running server read: events by the engine's own inserts, all in
// segments.

import { join } from 'node:path'
import { checkProject } from '../../src/check/check.ts'
import { openLocalEngine } from '../../src/engine/local.ts'
import type { Project } from '../../src/project/definitions.ts'
import { EventGenerator } from '../generator.ts'

const BATCH_ROWS = 20_000

/** The project whose endpoints are asked; `root`: of the repository. */
export const projectIn = (root: string): Project => checkProject(join(root, 'bench', 'projects', 'app')).project

/** Fills an empty store with `rows` events and writes it all to segments. */
export async function fill(folder: string, project: Project, rows: number, say: (text: string) => void): Promise<void> {
  const engine = await openLocalEngine({ folder })
  try {
    await engine.applyProject(project)
    if (engine.datasources().every((source) => source.rowCount === 0)) {
      say(`loading ${rows} events …`)
      const generator = new EventGenerator('app_events', rows)
      for (let lines = generator.next(BATCH_ROWS); lines !== ''; lines = generator.next(BATCH_ROWS)) {
        await engine.insert({ datasource: 'app_events', body: Buffer.from(lines), format: 'ndjson', gzip: false })
      }
    }
    await engine.store.flush()
  } finally {
    await engine.close()
  }
}
