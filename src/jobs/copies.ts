// Copy pipes: their query's rows go into a data source, on demand or by a schedule. Runs of one target
// wait for each other; each is all or nothing. A run that was missed while the server was down is not
// made up: the next one comes at its time. Nor does a scheduled run queue behind another of its pipe
// that has not begun: that one will see the same rows.

import { Cron } from 'croner'
import type { Engine } from '../engine/engine.ts'
import type { PipeDef, Project } from '../project/definitions.ts'
import { dateTimeText } from '../render/dates.ts'
import type { ParamValue } from '../render/renderer.ts'
import { render } from '../render/render.ts'
import type { Jobs } from './jobs.ts'
import type { JobState } from './job-state.ts'

export type CopyParams = Readonly<Record<string, ParamValue>>

/** Starts a run of a copy pipe; throws RenderError for its parameters. `mode`: instead of the pipe's. The template
 * finds the time of the run, in UTC, as the parameter `job_timestamp`. */
export function startCopy(
  jobs: Jobs, engine: Engine, project: Project, pipe: PipeDef & { copy: NonNullable<PipeDef['copy']> },
  params: CopyParams, mode: 'append' | 'replace' | null = null, secrets?: Readonly<Record<string, string>>,
): JobState {
  const { node, target } = pipe.copy
  const { sql, slots, key } = render({
    project, pipe: pipe.name, node, params: { job_timestamp: dateTimeText(Math.trunc(Date.now() / 1_000)), ...params }, secrets,
  })
  const wanted = mode ?? pipe.copy.mode
  const details = { pipe_name: pipe.name, mode: wanted, rows: 0 }
  return jobs.run('copy', target, details, async ({ onCancel }) => ({
    rows: await engine.copyInto({ sql, slots, key, format: 'JSON', onStart: onCancel }, target, wanted),
  }))
}

/** True for pipes of TYPE copy. */
export const isCopy = (pipe: PipeDef): pipe is PipeDef & { copy: NonNullable<PipeDef['copy']> } =>
  pipe.copy !== null

/** The clocks of a project's copy pipes. */
export class CopySchedules {
  private clocks: Cron[] = []
  /** The last job of each pipe. */
  private readonly last = new Map<string, string>()
  private readonly jobs: Jobs
  private readonly engine: Engine
  private readonly isPaused: (pipe: string) => boolean

  /** `isPaused` is asked at each time of a schedule: then nothing runs. */
  constructor(jobs: Jobs, engine: Engine, isPaused: (pipe: string) => boolean = () => false) {
    this.jobs = jobs
    this.engine = engine
    this.isPaused = isPaused
  }

  /** Follows another version of the project. */
  apply(project: Project, secrets: () => Readonly<Record<string, string>> | undefined): void {
    this.stop()
    for (const pipe of project.pipes.values()) {
      if (!isCopy(pipe) || pipe.copy.schedule === null || pipe.copy.schedule === '@once') continue
      this.clocks.push(new Cron(pipe.copy.schedule, { timezone: 'UTC', catch: true, unref: true }, () => {
        if (this.isPaused(pipe.name)) return
        const last = this.last.get(pipe.name)
        if (last !== undefined && this.jobs.find(last)?.status === 'waiting') return
        this.last.set(pipe.name, startCopy(this.jobs, this.engine, project, pipe, {}, null, secrets()).id)
      }))
    }
  }

  stop(): void {
    for (const clock of this.clocks.splice(0)) clock.stop()
  }
}
