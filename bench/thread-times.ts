// What the threads of a process have used and waited for, from /proc: a benchmark on a busy machine
// compares CPU time, which others' work moves little, and knows by the waiting that it must.

import { readdirSync, readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'

/** Milliseconds on a core, and ready to run without one. */
export type ThreadTimes = { readonly cpuMs: number; readonly waitMs: number }

/** Sums over the threads that a process has now, since their start; zeros where the system does not say. */
export function threadTimes(pid: number): ThreadTimes {
  let cpu = 0
  let wait = 0
  for (const thread of readdirSync(`/proc/${pid}/task`)) {
    const fields = schedstat(`/proc/${pid}/task/${thread}/schedstat`).split(' ')
    cpu += Number(fields[0])
    wait += Number(fields[1] ?? 0)
  }
  return { cpuMs: cpu / 1e6, waitMs: wait / 1e6 }
}

const LOOK_MS = 1000
/** Of a second's look: less is a server at rest. */
const REST_CPU_MS = 50
const SETTLE_MS = 8000
/** What a large load leaves to be merged can take long; what never rests is asked all the same. */
const SETTLE_MS_MAX = 180_000

/** Waits until processes rest after a load: so long at least that each has begun what it does behind it. */
export async function settle(pids: readonly number[]): Promise<void> {
  const began = performance.now()
  const used = () => pids.map((pid) => threadTimes(pid).cpuMs)
  let before = used()
  for (let isBusy = true; isBusy;) {
    await sleep(LOOK_MS)
    const now = used()
    const waited = performance.now() - began
    isBusy = waited < SETTLE_MS || waited < SETTLE_MS_MAX && now.some((ms, i) => ms - before[i] > REST_CPU_MS)
    before = now
  }
}

/** `''` of a thread that has ended, or where the kernel keeps no such times. */
function schedstat(path: string): string {
  try {
    return readFileSync(path, 'latin1')
  } catch {
    return ''
  }
}
