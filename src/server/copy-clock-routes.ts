// POST /v0/pipes/NAME/copy/pause and /resume; /cancel ends what waits or runs.

import { jsonAnswer } from './answer.ts'
import type { Call } from './context.ts'
import { copyOf } from './copies.ts'
import type { HttpAnswer } from './http.ts'
import { describeJob } from './jobs.ts'

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
