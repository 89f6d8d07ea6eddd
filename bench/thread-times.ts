// What the threads of a process have used and waited for, from /proc: a benchmark on a busy machine
// compares CPU time, which others' work moves little, and knows by the waiting that it must.

import { readdirSync, readFileSync } from 'node:fs'

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

/** `''` of a thread that has ended, or where the kernel keeps no such times. */
function schedstat(path: string): string {
  try {
    return readFileSync(path, 'latin1')
  } catch {
    return ''
  }
}
