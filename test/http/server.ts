// A real server process for end-to-end tests: the built program on a free port and a fresh folder.

import { spawn, type ChildProcess } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { request } from 'undici'

const root = fileURLToPath(new URL('../..', import.meta.url))
const READY_MS = 30_000

export type Answer = { readonly status: number; readonly text: string; readonly headers: Record<string, string | string[] | undefined> }

/** A project folder with these files; its owner removes it. */
export function writeProject(files: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(join(tmpdir(), 'pipit-project-'))
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true })
    writeFileSync(join(folder, name), text)
  }
  return folder
}

export type Method = 'GET' | 'POST' | 'PUT' | 'DELETE' | 'HEAD' | 'OPTIONS'

/** One `pipit dev` over a project. */
export class TestServer {
  readonly data: string
  readonly project: string
  output = ''
  url = ''
  token = ''
  private child: ChildProcess | null = null

  constructor(project: string, data = mkdtempSync(join(tmpdir(), 'pipit-data-'))) {
    this.project = project
    this.data = data
  }

  get pid(): number { return this.child?.pid ?? 0 }

  /** Resolves when the banner shows the URL and /health answers. `through`: a command that becomes the
   * server's. */
  async start(
    args: readonly string[] = ['--no-demo'], env: Record<string, string> = {}, verb: 'dev' | 'start' = 'dev',
    through: readonly string[] = [],
  ): Promise<this> {
    const [command, ...rest] = [...through, process.execPath,
      join(root, 'dist', 'cli.js'), verb, this.project, '--port', '0', '--data', this.data, ...args]
    const child = spawn(command, rest, { env: { ...process.env, NO_COLOR: '1', PIPIT_WARM_UP: 'off', ...env }, stdio: ['ignore', 'pipe', 'pipe'] })
    this.child = child
    this.output = ''
    const listen = (chunk: Buffer) => { this.output += chunk.toString() }
    child.stdout.on('data', listen)
    child.stderr.on('data', listen)
    const began = Date.now()
    for (;;) {
      const url = /url\s+(http:\S+)/.exec(this.output)?.[1]
      // Production prints none.
      const token = env.PIPIT_ADMIN_TOKEN ?? /token\s+(\S+)/.exec(this.output)?.[1]
      if (url !== undefined && token !== undefined) {
        this.url = url
        this.token = token
        return this
      }
      if (child.exitCode !== null || Date.now() - began > READY_MS) throw new Error(`no server:\n${this.output}`)
      await new Promise((resolve) => { setTimeout(resolve, 10) })
    }
  }

  async call(method: Method, path: string, body?: string | Buffer, headers: Record<string, string> = {}): Promise<Answer> {
    const answer = await request(`${this.url}${path}`, {
      method, body: body ?? null, headers: { authorization: `Bearer ${this.token}`, ...headers },
    })
    return { status: answer.statusCode, text: await answer.body.text(), headers: answer.headers }
  }

  /** A statement's rows. */
  async rows(sql: string): Promise<Record<string, unknown>[]> {
    const { status, text } = await this.call('POST', '/v0/sql', `${sql} FORMAT JSON`)
    if (status !== 200) throw new Error(`${status}: ${text}`)
    return (JSON.parse(text) as { data: Record<string, unknown>[] }).data
  }

  /** Ends the process; answers its exit code (null: by the signal). */
  stop(signal: 'SIGTERM' | 'SIGKILL' = 'SIGTERM'): Promise<number | null> {
    const { child } = this
    if (child === null || child.exitCode !== null || child.signalCode !== null) return Promise.resolve(child?.exitCode ?? null)
    return new Promise((resolve) => {
      child.on('exit', (code) => resolve(code))
      child.kill(signal)
    })
  }

  async remove(): Promise<void> {
    await this.stop('SIGKILL')
    rmSync(this.data, { recursive: true, force: true })
  }
}
