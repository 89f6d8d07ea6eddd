// Copy pipes whose clock stands still: kept in the data folder, so a start does not wake them.

import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { COPIES_FILE } from '../engine/beside.ts'
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
