// The peers as the benchmark sees them: load a file, run a query, how long it took.

import { fork, type ChildProcess } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { SETS, type SetName } from './sets.ts'

const DUCKDB_TYPES: Readonly<Record<string, string>> = {
  String: 'VARCHAR', DateTime: 'TIMESTAMP', UInt64: 'UBIGINT', Int64: 'BIGINT', Float64: 'DOUBLE',
}

export type Timed = { readonly ms: number; readonly rows: readonly unknown[] }

/** Resident bytes of a process now and at most so far, and CPU seconds used, from /proc. */
export function usageOf(
  pid: number,
): { readonly residentBytes: number; readonly peakBytes: number; readonly cpuSeconds: number } {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8')
  const stat = readFileSync(`/proc/${pid}/stat`, 'latin1')
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return {
    residentBytes: Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? 0) * 1024,
    peakBytes: Number(/VmHWM:\s+(\d+)/.exec(status)?.[1] ?? 0) * 1024,
    cpuSeconds: (Number(fields[11]) + Number(fields[12])) / 100,
  }
}

export class Peer {
  readonly engine: 'clickhouse' | 'duckdb'
  private readonly child: ChildProcess
  private readonly waiting = new Map<number, { resolve: (timed: Timed) => void; reject: (error: Error) => void }>()
  private nextId = 1

  private constructor(engine: 'clickhouse' | 'duckdb', child: ChildProcess) {
    this.engine = engine
    this.child = child
    child.on('message', (message: { id: number; ms: number; rows: unknown[]; error?: string }) => {
      const waiter = this.waiting.get(message.id)
      this.waiting.delete(message.id)
      if (message.error === undefined) waiter?.resolve(message)
      else waiter?.reject(new Error(`${engine}: ${message.error}`))
    })
    child.on('exit', (code) => {
      for (const { reject } of this.waiting.values()) reject(new Error(`${engine} ended with code ${code}`))
    })
  }

  static async start(engine: 'clickhouse' | 'duckdb', root: string, folder: string): Promise<Peer> {
    const child = fork(join(root, 'bench', 'peer.mjs'),
      [engine, join(root, 'test', 'oracle'), join(folder, 'duckdb.db')], { serialization: 'advanced' })
    const peer = new Peer(engine, child)
    await new Promise<void>((resolve, reject) => {
      peer.waiting.set(0, { resolve: () => resolve(), reject })
    })
    return peer
  }

  query(sql: string): Promise<Timed> {
    const id = this.nextId++
    return new Promise((resolve, reject) => {
      this.waiting.set(id, { resolve, reject })
      this.child.send({ id, sql })
    })
  }

  /** Loads the NDJSON file of a set into a table of its name, which is made anew. */
  async load(set: SetName, file: string): Promise<Timed> {
    const { columns, time, sortingKey } = SETS[set]
    await this.query(`DROP TABLE IF EXISTS ${set}`)
    if (this.engine === 'clickhouse') {
      const types = columns.map(({ name, type }) => `${name} ${type}`).join(', ')
      await this.query(`CREATE TABLE ${set} (${types}) ENGINE = MergeTree PARTITION BY toYYYYMM(${time}) `
        + `ORDER BY (${sortingKey})`)
      return this.query(`INSERT INTO ${set} SELECT * FROM file('${file}', 'JSONEachRow', '${types}')`)
    }
    const types = columns.map(({ name, type }) => `${name}: '${DUCKDB_TYPES[type]}'`).join(', ')
    const values = columns.map(({ name, isOptional }) => (isOptional === true ? `coalesce(${name}, '') AS ${name}` : name))
    return this.query(`CREATE TABLE ${set} AS SELECT ${values.join(', ')} `
      + `FROM read_json('${file}', format = 'newline_delimited', columns = {${types}})`)
  }

  get pid(): number { return this.child.pid as number }

  close(): void { this.child.kill() }
}
