// The list of jobs over a restart: a line of JSON for each job that is made and each that is over, at the end
// of a file of the data folder. The last line of a job counts; a start writes the file anew.
//
// A line is there when a process is killed, and need not be after a loss of power: what a job does is durable
// by itself, the list is for people. A disk that takes no lines keeps no job from running.

import fs from 'node:fs'
import { join } from 'node:path'
import type { JobState } from './job-state.ts'

/** Above this the file is written anew with the newest jobs, up to half of it. */
const FILE_BYTES_MAX = 2 ** 20
/** Details of more bytes (a condition may be long) are left out. */
const LINE_BYTES_MAX = 16_384
/** Jobs that are over are forgotten after a week. */
export const JOB_KEEP_MS = 7 * 86_400_000

/** `goesOn`: a later process takes it up by this name; null: it is over when the process is. */
export type StoredJob = JobState & { readonly goesOn: string | null }

export class JobFile {
  private readonly file: string
  private bytes = 0
  /** The file lacks lines that the disk has refused, or ends in half of one. */
  private isBehind = false

  constructor(folder: string) { this.file = join(folder, 'jobs.ndjson') }

  /** The jobs of before, oldest first. */
  load(): StoredJob[] {
    const jobs = new Map<string, StoredJob>()
    const lines = fs.existsSync(this.file) ? fs.readFileSync(this.file, 'utf8').split('\n') : []
    this.isBehind = lines.length > 0
    for (const line of lines) {
      const job = jobOf(line)
      if (job !== null) jobs.set(job.id, job)
    }
    return [...jobs.values()].filter(({ updatedAt }) => Date.now() - updatedAt.getTime() < JOB_KEEP_MS)
  }

  /** Notes a job as it is now; `all`: every job, oldest first, for when the file is written anew. */
  note(job: StoredJob, all: () => readonly StoredJob[]): void {
    try {
      const line = lineOf(job)
      if (this.isBehind || this.bytes + Buffer.byteLength(line) > FILE_BYTES_MAX) return this.rewrite(all())
      fs.appendFileSync(this.file, line, { mode: 0o600 })
      this.bytes += Buffer.byteLength(line)
    } catch {
      this.isBehind = true // with the next job
    }
  }

  /** Writes these jobs and no others, of many the newest. Throws what the disk says. */
  rewrite(jobs: readonly StoredJob[]): void {
    const lines: string[] = []
    let bytes = 0
    for (let index = jobs.length - 1; index >= 0; index--) {
      const line = lineOf(jobs[index])
      bytes += Buffer.byteLength(line)
      if (bytes > FILE_BYTES_MAX / 2) break
      lines.push(line)
    }
    fs.writeFileSync(`${this.file}.tmp`, lines.reverse().join(''), { mode: 0o600 })
    fs.renameSync(`${this.file}.tmp`, this.file)
    this.bytes = lines.reduce((sum, line) => sum + Buffer.byteLength(line), 0)
    this.isBehind = false
  }
}

function lineOf(job: StoredJob): string {
  const line = `${JSON.stringify(job)}\n`
  return Buffer.byteLength(line) <= LINE_BYTES_MAX ? line
    : `${JSON.stringify({ ...job, details: {}, error: job.error?.slice(0, LINE_BYTES_MAX / 8) ?? null })}\n`
}

/** null: a stop has cut the line off, or a loss of power has left other bytes. */
function jobOf(line: string): StoredJob | null {
  try {
    const job = JSON.parse(line) as Record<keyof StoredJob, string>
    const [createdAt, updatedAt] = [new Date(job.createdAt), new Date(job.updatedAt)]
    if (typeof job.id !== 'string' || Number.isNaN(createdAt.getTime() + updatedAt.getTime())) return null
    const startedAt = job.startedAt === null ? null : new Date(job.startedAt)
    return { ...job as unknown as StoredJob, createdAt, updatedAt, startedAt } // as lineOf() wrote it
  } catch {
    return null
  }
}
