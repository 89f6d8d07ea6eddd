// Demo events: the first start of the example project with an empty store loads them through the
// users' own ingest path. Never into a store that has data, never for another project.

import { existsSync, realpathSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { EventGenerator } from '../../bench/generator.ts'
import type { Engine } from '../engine/engine.ts'

const DEMO_ROWS = 200_000
const DEMO_DATASOURCE = 'app_events'
/** Events of one insert. */
const BATCH_ROWS = 10_000

/** True for the example project that comes with Pipit. */
export function isExample(root: string): boolean {
  for (const place of ['../examples/saas', '../../examples/saas']) {
    const path = fileURLToPath(new URL(place, import.meta.url))
    if (existsSync(path)) return realpathSync(path) === realpathSync(root)
  }
  return false
}

/** Loads the demo events when the store is empty; answers how many rows went in. */
export async function loadDemo(engine: Engine): Promise<number> {
  if (engine.datasources().some((source) => source.rowCount > 0)) return 0
  const generator = new EventGenerator('app_events', DEMO_ROWS)
  let loaded = 0
  for (let lines = generator.next(BATCH_ROWS); lines !== ''; lines = generator.next(BATCH_ROWS)) {
    const answer = await engine.insert({
      datasource: DEMO_DATASOURCE, body: Buffer.from(lines), format: 'ndjson', gzip: false,
    })
    loaded += answer.successfulRows
  }
  return loaded
}
