// V8's helper threads run behind those that answer: in a young process they compile for a fifth of its CPU, and four of
// them at the priority of the workers take half of two cores while they do. Nobody waits for what they compile; the
// collector's threads wait for their marking, which then has cores, as who waits leaves one.
//
// Linux alone, where a thread has a priority of its own, and Node of a version whose threads are known: it begins one that
// keeps V8's delayed tasks, then the helpers, before all others (libuv's pool, the inspector's).

import { readdirSync, readFileSync } from 'node:fs'
import { getPriority, setPriority } from 'node:os'
import { IS_KNOWN } from './v8-tiers.ts'

/** As many as Node begins, unless its caller says otherwise. */
const HELPERS = 4
const POOL_OPTION = 'v8-pool-size'
/** Beyond the process's own: a third of another thread's share of a core that both want. */
const NICER = 5
const NICE_MAX = 19
/** Of the fields behind a thread's name in `stat`, when it began. */
const BEGAN = 19

export type Thread = { readonly id: number; readonly began: number }

/** The helpers among the threads of a process; `main`: the number of its first. */
export function helpersAmong(threads: readonly Thread[], main: number): number[] {
  const inOrder = threads.filter(({ id }) => id !== main).sort((a, b) => a.began - b.began || a.id - b.id)
  return inOrder.slice(1, 1 + HELPERS).map(({ id }) => id)
}

/** Lowers the priority of V8's helper threads: once, when the process begins. Answers their numbers. */
export function lowerHelpers(): readonly number[] {
  const isOtherwise = [...process.execArgv, process.env.NODE_OPTIONS ?? ''].some((text) => text.includes(POOL_OPTION))
  if (!IS_KNOWN || isOtherwise || process.platform !== 'linux') return []
  try {
    const threads = readdirSync('/proc/self/task').map((name): Thread => {
      const stat = readFileSync(`/proc/self/task/${name}/stat`, 'latin1')
      return { id: Number(name), began: Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[BEGAN]) }
    })
    const helpers = helpersAmong(threads, process.pid)
    const nice = Math.min(NICE_MAX, getPriority() + NICER)
    for (const id of helpers) setPriority(id, nice)
    return helpers
  } catch {
    return [] // without /proc, or not allowed: they keep their priority
  }
}
