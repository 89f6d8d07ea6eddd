// One owner of a store folder. A file holds the owner's pid and the time at which that process
// started: a crash leaves the file, but not a process of that pid and start, so the next one takes it.

import fs from 'node:fs'
import { join } from 'node:path'

/** Another process has the store open. */
export class StoreLocked extends Error {
  readonly pid: number
  constructor(folder: string, pid: number) {
    super(`The store in ${folder} is in use by process ${pid}; stop it first, or choose another `
      + 'folder with PIPIT_DATA')
    this.name = 'StoreLocked'
    this.pid = pid
  }
}

/** Start of a process in ticks since boot; '' where the system does not say. */
function startOf(pid: number): string {
  try {
    const stat = fs.readFileSync(`/proc/${pid}/stat`, 'latin1')
    // The name in brackets may hold blanks: count from the last bracket. Field 22 is the start.
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19]
  } catch {
    return ''
  }
}

function isRunning(pid: number, start: string): boolean {
  if (pid === process.pid) return false // ours: a crash-restart inside a container reuses the pid
  try {
    process.kill(pid, 0)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false
  }
  return start === '' || startOf(pid) === start
}

/** Takes the folder; answers how to give it back. Throws StoreLocked, or what the folder refuses. */
export function lockFolder(folder: string): () => void {
  const file = join(folder, 'owner')
  for (;;) {
    try {
      fs.writeFileSync(file, `${process.pid} ${startOf(process.pid)}`, { flag: 'wx', mode: 0o600 })
      return () => fs.rmSync(file, { force: true })
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
    }
    const [pid, start] = fs.readFileSync(file, 'latin1').split(' ')
    if (isRunning(Number(pid), start ?? '')) throw new StoreLocked(folder, Number(pid))
    fs.rmSync(file, { force: true })
  }
}
