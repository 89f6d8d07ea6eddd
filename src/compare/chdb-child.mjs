// ClickHouse's process: chdb behind Node's IPC channel, one query at a time.
// Invariant: it alone loads chdb, because a native crash must not take its parent with it.
// Plain JavaScript, so that it runs without a build. Started by chdb.ts with the data folder and the
// folder in whose node_modules chdb is; takes {id, sql, format}, answers {id, ok, text} or
// {id, ok, error}.
import { createRequire } from 'node:module'
import { join } from 'node:path'

const { Session } = createRequire(join(process.argv[3], 'package.json'))('chdb')

// Two rewrites of this chdb give wrong answers (`sum(x - 1) OVER (...)` loses its window,
// `count(if(c, NULL, x))` miscounts); results and names must not depend on this machine's zone.
const START = [
  'SET optimize_arithmetic_operations_in_aggregate_functions = 0',
  'SET optimize_rewrite_aggregate_function_with_if = 0',
  "SET session_timezone = 'UTC'",
  // As Tinybird's servers have it: JOIN (SELECT …) USING (id).
  'SET joined_subquery_requires_alias = 0',
]

const session = new Session(process.argv[2])
for (const statement of START) session.query(statement, 'CSV')

/** Runs one query; a failed one must not leak its stale result into the next (chdb 3.4.0). */
function run(sql, format) {
  try {
    return { ok: true, text: session.query(sql, format) }
  } catch (error) {
    clearStaleResult()
    return { ok: false, error: String(error?.message ?? error) }
  }
}

function clearStaleResult() {
  try {
    session.query('SELECT 1', 'CSV')
  } catch {
    // The stale result may itself be reported as an error: it is gone all the same.
  }
}

process.on('message', ({ id, sql, format }) => process.send({ id, ...run(sql, format) }))
process.on('disconnect', () => process.exit(0))
process.send({ ready: true })
