// The data sets of the benchmark: how their rows are made, what the project and the peers' tables are.

import { EventGenerator, type EventSet } from './generator.ts'
import { WIDE_COLUMNS, WideGenerator } from './wide.ts'

export type SetName = EventSet | 'wide_events'

export type SetColumn = {
  readonly name: string
  readonly type: string
  /** A key that some rows lack is ''. */
  readonly isOptional?: boolean
}

export type DataSet = {
  readonly project: string
  readonly columns: readonly SetColumn[]
  /** The column that bounds of time are of. */
  readonly time: string
  readonly sortingKey: string
  /** Rows of it in a run of `rows`. */
  readonly rowsOf: (rows: number) => number
  readonly generator: (rows: number) => { next(count: number): string }
}

const EVENT_COLUMNS: readonly SetColumn[] = ['event_id', 'user_id', 'session_id', 'event_type', 'feature', 'timestamp',
  'device_type', 'browser', 'os', 'location', 'metadata'].map((name) => ({
  name, type: name === 'timestamp' ? 'DateTime' : 'String', isOptional: /^(browser|os|location)$/.test(name),
}))

const events = (set: EventSet, project: string): DataSet => ({
  project, columns: EVENT_COLUMNS, time: 'timestamp', sortingKey: 'timestamp, user_id, event_type',
  rowsOf: (rows) => rows, generator: (rows) => new EventGenerator(set, rows),
})

export const SETS: Readonly<Record<SetName, DataSet>> = {
  app_events: events('app_events', 'bench/projects/app'),
  hard_events: events('hard_events', 'bench/projects/hard'),
  wide_events: {
    project: 'bench/projects/wide', columns: WIDE_COLUMNS, time: 'ts', sortingKey: 'ts, t0',
    // A row is ten times as long as an event's.
    rowsOf: (rows) => Math.ceil(rows / 10), generator: (rows) => new WideGenerator(rows),
  },
}
