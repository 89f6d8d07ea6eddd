// One owner of a folder. Two things say so: a name that the kernel lets one process listen on and
// takes back when that process ends, however it ends (Linux: an abstract socket named after the
// folder's device and inode), and a file with the owner's pid and start time, for people, for other
// systems, and for processes of another network namespace.
// Invariant: who comes second never removes a living owner's file: it looks at the file only when it
// holds the name.

import { createHash } from 'node:crypto'
import fs from 'node:fs'
import net from 'node:net'
import { join } from 'node:path'
import { StoreLocked } from './disk.ts'

const OWNER_FILE = 'owner'
/** A killed process keeps the name until its last thread is gone and its memory is given back. */
const DYING_MS = 5000
const TURN_MS = 10

/** Takes the folder; answers how to give it back. Throws StoreLocked, or what the folder refuses. */
export async function lockFolder(folder: string): Promise<() => void> {
  const file = join(folder, OWNER_FILE)
  const server = await nameOf(folder, file)
  try {
    const owner = ownerOf(file)
    // Our own pid: left by a release that could not remove it, for the name was free.
    if (owner.pid !== process.pid && isRunning(owner)) throw new StoreLocked(folder, owner.pid)
    fs.rmSync(file, { force: true })
    fs.writeFileSync(file, `${process.pid} ${statOf(process.pid).start}`, { flag: 'wx', mode: 0o600 })
  } catch (error) {
    server?.close()
    throw error
  }
  return () => {
    fs.rmSync(file, { force: true })
    server?.close()
  }
}

/** The name of a folder, once who had it is gone; undefined: the system has no such names. */
async function nameOf(folder: string, file: string): Promise<net.Server | undefined> {
  for (let waited = 0; ; waited += TURN_MS) {
    const server = await listenOnName(folder)
    if (server !== null) return server
    const owner = ownerOf(file)
    // Who listens may still be about to write its file, or have written it and be dying.
    if (isRunning(owner) || waited >= (owner.pid === 0 ? 20 * TURN_MS : DYING_MS)) throw new StoreLocked(folder, owner.pid)
    await new Promise((resolve) => { setTimeout(resolve, TURN_MS) })
  }
}

/** null: another process listens; undefined: the system has no such names. */
function listenOnName(folder: string): Promise<net.Server | null | undefined> {
  if (process.platform !== 'linux') return Promise.resolve(undefined)
  const { dev, ino } = fs.statSync(folder)
  const name = `\0pipit-${createHash('sha256').update(`${dev}:${ino}`).digest('hex').slice(0, 32)}`
  return new Promise((resolve, reject) => {
    const server = net.createServer((socket) => socket.destroy())
    server.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EADDRINUSE') resolve(null)
      else reject(error)
    })
    server.listen(name, () => resolve(server))
    server.unref()
  })
}

type Owner = { readonly pid: number; readonly start: string }

/** What the file says; pid 0: there is no file, or nothing that can be read. */
function ownerOf(file: string): Owner {
  try {
    const [pid, start] = fs.readFileSync(file, 'latin1').split(' ')
    return { pid: Number(pid) || 0, start: start ?? '' }
  } catch {
    return { pid: 0, start: '' }
  }
}

/** State and start of a process, this in ticks since boot; '' where the system does not say. */
function statOf(pid: number): { readonly state: string; readonly start: string } {
  try {
    const stat = fs.readFileSync(`/proc/${pid}/stat`, 'latin1')
    // The name in brackets may hold blanks: count from the last bracket. Field 3 is the state, 22 the start.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    return { state: fields[0], start: fields[19] }
  } catch {
    return { state: '', start: '' }
  }
}

/** A pid is used again after a while, in a container at once: the start tells who it is. One that has ended and
 * whose parent has not asked how (a zombie: some containers never do) is gone. */
function isRunning({ pid, start }: Owner): boolean {
  if (pid === 0) return false
  try {
    process.kill(pid, 0)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false
  }
  const now = statOf(pid)
  return now.state !== 'Z' && now.state !== 'X' && (start === '' || now.start === start)
}
