// A Pipit server of a benchmark's own.

import { spawn, type ChildProcess } from 'node:child_process'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { request } from 'undici'
import { Caller } from './caller.ts'
import { usageOf, type Timed } from './peers.ts'

export const root = join(dirname(fileURLToPath(import.meta.url)), '..')

/** A month of ten million events is more than what an answer may have by default. */
const RESULT_BYTES_MAX = '1GB'

/** One `pipit dev` over a project, on a free port. */
export class Server {
  port = 0
  token = ''
  readonly child: ChildProcess
  private caller: Caller | null = null

  private constructor(child: ChildProcess) { this.child = child }

  static async start(project: string, data: string): Promise<Server> {
    const child = spawn(process.execPath, [
      join(root, 'dist', 'cli.js'), 'dev', join(root, project), '--port', '0', '--data', data, '--no-demo',
    ], { env: { ...process.env, NO_COLOR: '1', PIPIT_RESULT_BYTES_MAX: RESULT_BYTES_MAX }, stdio: ['ignore', 'pipe', 'inherit'] })
    const server = new Server(child)
    let output = ''
    await new Promise<void>((resolve, reject) => {
      child.on('exit', (code) => reject(new Error(`the server ended with code ${code}\n${output}`)))
      child.stdout?.on('data', (chunk: Buffer) => {
        output += chunk.toString()
        const port = /url\s+http:\S+:(\d+)/.exec(output)?.[1]
        const token = /token\s+(\S+)/.exec(output)?.[1]
        if (port === undefined || token === undefined) return
        server.port = Number(port)
        server.token = token
        resolve()
      })
    })
    return server
  }

  async query(sql: string): Promise<Timed> {
    const caller = this.caller ??= new Caller(this.port, this.token)
    await caller.open()
    const { status, text, ms } = await caller.post('/v0/sql', `${sql} FORMAT JSONCompact`)
    if (status !== 200) throw new Error(`pipit: ${text.slice(0, 500)}`)
    return { ms, rows: (JSON.parse(text) as { data: unknown[] }).data }
  }

  async truncate(datasource: string): Promise<void> {
    const answer = await request(`http://127.0.0.1:${this.port}/v0/datasources/${datasource}/truncate`, {
      method: 'POST', headers: { authorization: `Bearer ${this.token}` },
    })
    const text = await answer.body.text()
    if (answer.statusCode >= 300) throw new Error(`pipit: ${text.slice(0, 500)}`)
  }

  get pid(): number { return this.child.pid as number }

  usage() { return usageOf(this.pid) }

  async stop(): Promise<void> {
    this.caller?.close()
    await new Promise((resolve) => {
      this.child.removeAllListeners('exit')
      this.child.on('exit', resolve)
      this.child.kill('SIGTERM')
    })
  }
}
