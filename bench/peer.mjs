// A peer in a process of its own: ClickHouse (chdb) or DuckDB, told over IPC what to do. Plain
// JavaScript, because it runs from test/oracle's packages without a build.
//
//   node bench/peer.mjs clickhouse|duckdb    messages: {id, sql} -> {id, ms, rows} or {id, error}

import { createRequire } from 'node:module'
import { pathToFileURL } from 'node:url'

const [engine, packages] = process.argv.slice(2)
const require = createRequire(pathToFileURL(`${packages}/package.json`))

async function openClickHouse() {
  const { Session } = await import(pathToFileURL(require.resolve('chdb')).href)
  const session = new Session()
  session.query('SET max_threads = 2, session_timezone = \'UTC\', output_format_json_quote_64bit_integers = 0', 'TSV')
  // The answer's text ends the time, as it does for Pipit; nobody's time holds its parsing here.
  return (sql) => {
    const text = String(session.query(sql, 'JSONCompact'))
    return () => (text.trim() === '' ? [] : JSON.parse(text).data)
  }
}

async function openDuckDb() {
  const { DuckDBInstance } = await import(pathToFileURL(require.resolve('@duckdb/node-api')).href)
  const instance = await DuckDBInstance.create(':memory:' === process.argv[4] ? ':memory:' : process.argv[4], { threads: '2' })
  const connection = await instance.connect()
  return async (sql) => {
    const reader = await connection.runAndReadAll(sql)
    return () => reader.getRowsJson()
  }
}

const run = await (engine === 'clickhouse' ? openClickHouse() : openDuckDb())
process.on('message', async ({ id, sql }) => {
  try {
    const began = performance.now()
    const read = await run(sql)
    const ms = performance.now() - began
    process.send({ id, ms, rows: read() })
  } catch (error) {
    process.send({ id, error: String(error.message ?? error).slice(0, 500) })
  }
})
process.send({ id: 0, ms: 0, rows: [] })
