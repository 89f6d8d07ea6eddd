// quantileGK: the summary of Greenwald and Khanna, whose answers are off by at most a share of the rows
// that the accuracy allows. Which value it picks depends on the order of rows and on when the summary is
// compressed, so both are ClickHouse's: heads of 50,000 rows are sorted in, and compressed above 10,000.
// Invariant: values of a summary are sorted; the ranks before value i are the sum of jumps[0 .. i].

import type { EvalContext } from '../values/function.ts'
import { RunSketch } from './quantile-runs.ts'

const HEAD_ROWS = 50_000
const COMPRESS_ROWS = 10_000

/** Values, how far each one's least rank is from the one's before, and how much its rank may be off. */
type Summary = { values: Float64Array; jumps: Float64Array; spans: Float64Array }

const empty = (): Summary => ({ values: new Float64Array(0), jumps: new Float64Array(0), spans: new Float64Array(0) })

function room(length: number): Summary {
  return { values: new Float64Array(length), jumps: new Float64Array(length), spans: new Float64Array(length) }
}

/** Copies sample `from` of a summary to place `to` of another. */
function copy(source: Summary, from: number, target: Summary, to: number): void {
  target.values[to] = source.values[from]
  target.jumps[to] = source.jumps[from]
  target.spans[to] = source.spans[from]
}

/** Sorts a head of rows into a summary over `count` rows. */
function inserted(summary: Summary, head: Float64Array, count: number, error: number): Summary {
  const sorted = head.slice().sort()
  const out = room(summary.values.length + sorted.length)
  let [at, from] = [0, 0]
  for (let i = 0; i < sorted.length; i++) {
    while (from < summary.values.length && summary.values[from] <= sorted[i]) copy(summary, from++, out, at++)
    const isEdge = at === 0 || (from === summary.values.length && i === sorted.length - 1)
    out.values[at] = sorted[i]
    out.jumps[at] = 1
    out.spans[at++] = isEdge ? 0 : Math.floor(2 * error * (count + i + 1))
  }
  while (from < summary.values.length) copy(summary, from++, out, at++)
  return out
}

/** Joins samples with the ones after them while their ranks stay sure enough. */
function compressed(summary: Summary, threshold: number): Summary {
  const size = summary.values.length
  if (size === 0) return summary
  const kept = room(size)
  let [jump, head, count] = [summary.jumps[size - 1], size - 1, 0]
  const keep = (): void => {
    copy(summary, head, kept, count)
    kept.jumps[count++] = jump
  }
  for (let i = size - 2; i >= 1; i--) {
    if (summary.jumps[i] + jump + summary.spans[head] < threshold) jump += summary.jumps[i]
    else {
      keep()
      head = i
      jump = summary.jumps[i]
    }
  }
  keep()
  if (size > 1 && summary.values[0] <= summary.values[head]) copy(summary, 0, kept, count++)
  const out = room(count)
  for (let i = 0; i < count; i++) copy(kept, count - 1 - i, out, i)
  return out
}

/** The summary of rows in their order. */
function summaryOf(rows: Float64Array, error: number): Summary {
  let summary = empty()
  for (let start = 0; start < rows.length; start += HEAD_ROWS) {
    const head = rows.subarray(start, start + HEAD_ROWS)
    const count = start + head.length
    summary = inserted(summary, head, start, error)
    const isDue = count === rows.length || summary.values.length >= COMPRESS_ROWS
    if (isDue) summary = compressed(summary, 2 * error * count)
  }
  return summary
}

/** The value whose rank may be the level's. */
function valueAt({ values, jumps, spans }: Summary, rows: number, level: number, error: number): number {
  const last = values.length - 1
  if (level <= error) return values[0]
  if (level >= 1 - error) return values[last]
  let widest = 0
  for (let i = 0; i <= last; i++) widest = Math.max(widest, jumps[i] + spans[i])
  const slack = Math.floor(widest / 2)
  const rank = Math.ceil(level * rows)
  let least = jumps[0]
  for (let i = 0; i < last; i++) {
    if (least + spans[i] - slack <= rank && rank <= least + slack) return values[i]
    least += jumps[i + 1]
  }
  return values[last]
}

export class GkSketch extends RunSketch {
  private readonly error: number

  constructor(accuracy: number, context: EvalContext) {
    super(1, context)
    this.error = 1 / accuracy
  }

  protected levels(group: number): (level: number) => number {
    const rows = this.runs.of(group)
    const summary = summaryOf(rows, this.error)
    return (level) => valueAt(summary, rows.length, level, this.error)
  }
}
