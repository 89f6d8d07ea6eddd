// ClickHouse (chdb) in a child process, asked over IPC: the oracle of the tests and of `pipit compare`.
// Invariant: every query gets exactly one answer, in the order asked; a crash of the child is the
// answer of the query that caused it, and the next query finds a new child on the same data folder.
import { fork } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** What the oracle says: the result as text in the asked format, or ClickHouse's error message. */
export type OracleAnswer = { ok: true; text: string } | { ok: false; error: string }

export interface Oracle {
  /**
   * Runs one statement. `format` is a ClickHouse format name (default JSONCompact); statements that
   * return nothing give the text ''. Never rejects: errors and crashes are `{ ok: false }`.
   */
  query(sql: string, format?: string): Promise<OracleAnswer>
  /** Ends the child and removes its data. Open queries answer `{ ok: false }`. */
  close(): Promise<void>
}

interface Pending {
  readonly id: number
  readonly sql: string
  readonly format: string
  readonly resolve: (answer: OracleAnswer) => void
}

/** What the child sends: `ready` once, then one message per query. */
interface ChildMessage {
  readonly ready?: true
  readonly id?: number
  readonly ok?: boolean
  readonly text?: string
  readonly error?: string
}

const CHILD = fileURLToPath(new URL('chdb-child.mjs', import.meta.url))
// A query of the tests takes milliseconds; one that takes this long hangs.
const QUERY_MS_MAX = 120_000
// A child that dies before it is ready will not do better the third time.
const FAILED_STARTS_MAX = 3

/** Starts the oracle's child on an empty data folder; the server's zone is UTC. `home` is the folder
 * in whose node_modules chdb is. */
export async function startChdb(home: string): Promise<Oracle> {
  const oracle = new ChildOracle(mkdtempSync(join(tmpdir(), 'pipit-oracle-')), home)
  const first = await oracle.query('SELECT 1', 'CSV')
  if (!first.ok) {
    await oracle.close()
    throw new Error(`The oracle does not start: ${first.error}. Is chdb installed in ${home}?`)
  }
  return oracle
}

class ChildOracle implements Oracle {
  private readonly dataFolder: string
  private readonly home: string
  private readonly queue: Pending[] = []
  private child: ChildProcess | null = null
  private ready = false
  private busy = false
  private closed = false
  private nextId = 1
  private failedStarts = 0
  private timer: NodeJS.Timeout | null = null

  constructor(dataFolder: string, home: string) {
    this.dataFolder = dataFolder
    this.home = home
  }

  query(sql: string, format = 'JSONCompact'): Promise<OracleAnswer> {
    if (this.closed) return Promise.resolve({ ok: false, error: 'the oracle is closed' })
    return new Promise((resolve) => {
      this.queue.push({ id: this.nextId++, sql, format, resolve })
      this.pump()
    })
  }

  async close(): Promise<void> {
    this.closed = true
    const child = this.child
    if (child !== null) {
      const gone = new Promise((resolve) => child.once('exit', resolve))
      child.kill('SIGKILL')
      await gone
    }
    this.failAll('the oracle was closed')
    rmSync(this.dataFolder, { recursive: true, force: true })
  }

  /** Sends the next query if the child is free; starts a child if there is none. */
  private pump(): void {
    if (this.busy || this.queue.length === 0) return
    if (this.child === null) this.start()
    if (!this.ready) return
    const { id, sql, format } = this.queue[0]
    this.busy = true
    this.timer = setTimeout(() => this.child?.kill('SIGKILL'), QUERY_MS_MAX)
    this.child?.send({ id, sql, format })
  }

  private start(): void {
    // chdb takes what waits on its stdin for the rows of an INSERT, and refuses those of the statement.
    const child = fork(CHILD, [this.dataFolder, this.home],
      { serialization: 'advanced', execArgv: [], stdio: ['ignore', 'inherit', 'inherit', 'ipc'] })
    this.child = child
    child.on('message', (message: ChildMessage) => this.receive(message))
    // `exit` comes after the last message: nothing that was answered is lost.
    child.on('exit', (code, signal) => this.lost(`exit code ${code}, signal ${signal}`))
  }

  private receive(message: ChildMessage): void {
    if (message.ready) {
      this.ready = true
      this.failedStarts = 0
    } else if (message.id === this.queue[0]?.id) {
      const answer: OracleAnswer = message.ok
        ? { ok: true, text: message.text ?? '' }
        : { ok: false, error: message.error ?? 'unknown error' }
      this.answerFirst(answer)
    }
    this.pump()
  }

  private answerFirst(answer: OracleAnswer): void {
    if (this.timer !== null) clearTimeout(this.timer)
    this.busy = false
    this.queue.shift()?.resolve(answer)
  }

  /** The child is gone: the query it was busy with failed, the others go to a new child. */
  private lost(why: string): void {
    const wasReady = this.ready
    this.child = null
    this.ready = false
    if (this.busy) this.answerFirst({ ok: false, error: `the oracle's process ended (${why})` })
    if (!wasReady) this.failedStarts++
    if (this.failedStarts >= FAILED_STARTS_MAX) this.failAll(`no start of the oracle (${why})`)
    if (!this.closed) this.pump()
  }

  private failAll(error: string): void {
    this.failedStarts = 0
    while (this.queue.length > 0) this.answerFirst({ ok: false, error })
  }
}
