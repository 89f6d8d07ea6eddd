// A server that a benchmark starts for itself, measures from outside and ends.

import { spawn, type ChildProcess } from 'node:child_process'

/** A running server; `token` is '' for one that asks for none. */
export type Target = { readonly child: ChildProcess; readonly port: number; readonly token: string }

/** Runs Node with these arguments until it has printed its port (and token). Rejects when it ends before. */
export function start(args: readonly string[], env: Record<string, string>): Promise<Target> {
  const child = spawn(process.execPath, args, { env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'inherit'] })
  let output = ''
  return new Promise((resolve, reject) => {
    child.once('exit', (code) => reject(new Error(`a server ended with code ${code}\n${output}`)))
    child.stdout.on('data', (chunk: Buffer) => {
      output += chunk.toString()
      const port = /^(\d+)\n/.exec(output)?.[1] ?? /url\s+http:\S+:(\d+)/.exec(output)?.[1]
      const token = /token\s+(\S+)/.exec(output)?.[1]
      if (port !== undefined && (token !== undefined || /^\d+\n/.test(output))) {
        resolve({ child, port: Number(port), token: token ?? '' })
      }
    })
  })
}

/** Ends a server in order. */
export async function stop({ child }: Target): Promise<void> {
  child.removeAllListeners('exit')
  const ended = new Promise((resolve) => { child.once('exit', resolve) })
  child.kill('SIGTERM')
  await ended
}
