// Copy pipes whose clock stands still: POST /v0/pipes/NAME/copy/pause and /resume; kept in the data folder, so a
// start does not wake them. POST /v0/pipes/NAME/copy/cancel ends what waits or runs.

import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { COPIES_FILE } from '../engine/beside.ts'
import { jsonAnswer } from './answer.ts'
import type { Call } from './context.ts'
import { copyOf } from './copies.ts'
import type { HttpAnswer } from './http.ts'
import { describeJob } from './jobs.ts'
import { keepFile } from './kept-file.ts'

export class CopyClocks {
  private readonly file: string
  private paused: ReadonlySet<string>

  constructor(folder: string) {
    this.file = join(folder, COPIES_FILE)
    this.paused = new Set(existsSync(this.file) ? (JSON.parse(readFileSync(this.file, 'utf8')) as { paused: string[] }).paused : [])
  }

  isPaused(pipe: string): boolean { return this.paused.has(pipe) }

  /** Durable when it returns; throws HttpError 507 where the disk takes no writes. */
  set(pipe: string, isPaused: boolean): void {
    if (this.isPaused(pipe) === isPaused) return
    const paused = isPaused ? [...this.paused, pipe] : [...this.paused].filter((name) => name !== pipe)
    keepFile(this.file, `${JSON.stringify({ paused }, null, 2)}\n`)
    this.paused = new Set(paused)
  }
}

const clockRoute = (isPaused: boolean) => (call: Call): HttpAnswer => {
  const { name, copy } = copyOf(call)
  call.context.copyClocks.set(name, isPaused)
  return jsonAnswer(200, { id: name, name, schedule: scheduleOf(call, name, copy.schedule) })
}
export const pauseCopy = clockRoute(true)
export const resumeCopy = clockRoute(false)

/** POST /v0/pipes/NAME/copy/cancel */
export function cancelCopies(call: Call): HttpAnswer {
  const { name } = copyOf(call)
  const { jobs } = call.context
  const running = jobs.list().filter(({ kind, status, details }) =>
    kind === 'copy' && details.pipe_name === name && (status === 'waiting' || status === 'working'))
  for (const { id } of running) jobs.cancel(id)
  return jsonAnswer(200, { id: name, name, jobs: running.map((job) => describeJob(call, jobs.find(job.id) ?? job)) })
}

/** When a copy pipe runs by itself, as clients read it; `cron` null: on demand. */
export function scheduleOf({ context }: Pick<Call, 'context'>, name: string, schedule: string | null) {
  const cron = schedule === null || schedule.startsWith('@on') ? null : schedule
  return { cron, timezone: 'Etc/UTC', status: cron === null ? null : context.copyClocks.isPaused(name) ? 'paused' : 'running' }
}
