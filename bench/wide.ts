// The third data set of the benchmark: `wide_events`, 100 columns with a 64-bit key beyond 2^53, for
// what narrow events don't show. Its columns are described once; the project's file and the peers'
// tables follow from them.
//
//   id UInt64 · ts DateTime · country, plan … 18 texts of few values · n0 … n49 Int64 · f0 … f29 Float64

import { FIRST_SECOND, formatSecond, LAST_SECOND, seededRandom } from './generator.ts'

const TEXTS = 18
const INTEGERS = 50
const FLOATS = 30
/** Ids are this and a small number: no two of them differ as doubles. */
const ID_BASE = 2n ** 63n
/** Rows for each id. */
const ROWS_AN_ID = 4

export type WideColumn = { readonly name: string; readonly type: 'UInt64' | 'DateTime' | 'String' | 'Int64' | 'Float64' }

const named = (prefix: string, count: number, type: WideColumn['type']): WideColumn[] => (
  Array.from({ length: count }, (_, index) => ({ name: `${prefix}${index}`, type })))

export const WIDE_COLUMNS: readonly WideColumn[] = [
  { name: 'id', type: 'UInt64' }, { name: 'ts', type: 'DateTime' },
  ...named('t', TEXTS, 'String'), ...named('n', INTEGERS, 'Int64'), ...named('f', FLOATS, 'Float64'),
]

/** Makes the rows in order; next(n) gives the next n lines, '' at the end. */
export class WideGenerator {
  private made = 0
  private readonly rows: number
  private readonly random = seededRandom(7)

  constructor(rows: number) { this.rows = rows }

  /** Lines with their line ends. */
  next(count: number): string {
    const lines: string[] = []
    for (; lines.length < count && this.made < this.rows; this.made++) lines.push(this.row())
    return lines.length === 0 ? '' : `${lines.join('\n')}\n`
  }

  private below(bound: number): number { return Math.floor(this.random() * bound) }

  private row(): string {
    const share = this.made / this.rows
    const fields = [
      `"id":${ID_BASE + BigInt(this.below(Math.ceil(this.rows / ROWS_AN_ID)))}`,
      `"ts":"${formatSecond(Math.floor(FIRST_SECOND + share * (LAST_SECOND - FIRST_SECOND)))}"`,
    ]
    for (let index = 0; index < TEXTS; index++) fields.push(`"t${index}":"v${this.below(4 + index * 8)}"`)
    for (let index = 0; index < INTEGERS; index++) fields.push(`"n${index}":${this.below(10 ** (1 + index % 9))}`)
    for (let index = 0; index < FLOATS; index++) fields.push(`"f${index}":${this.below(1_000_000) / 64}`)
    return `{${fields.join(',')}}`
  }
}
