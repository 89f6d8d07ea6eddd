// For the tests of ingestion: tables in a few words, bodies to rows of plain values, and a memory that
// notices what is written outside of its cells.

import { isNullable } from '../../storage/column/data-type.ts'
import { parseDataType } from '../../storage/column/parse-type.ts'
import type { Vector } from '../../storage/column/vector.ts'
import { bindKernels, compileKernels, type Kernels } from '../../storage/kernels/load.ts'
import { SLACK_BYTES, WorkMemory } from '../../storage/kernels/work-memory.ts'
import { IngestJob, IngestPlan, type IngestBody, type IngestContext, type ParsedRows } from './ingest.ts'

/** A plan from `name Type`, then optionally a path and DEFAULT: `price Float64 $.a.b DEFAULT 0`. */
export function planOf(...columns: readonly string[]): IngestPlan {
  return new IngestPlan(columns.map((text, id) => {
    const [, name, type, path, defaultText] = /^(\w+) (.*?)(?: (\$\S*))?(?: DEFAULT (.*))?$/.exec(text) ?? []
    return {
      id, name, type: parseDataType(type), jsonPath: path ?? `$.${name}`,
      defaultText: defaultText ?? null, defaultValue: null,
    }
  }))
}

const CANARY = 0x5a
const FENCE_BYTES = 128
const FENCE = Buffer.alloc(FENCE_BYTES, CANARY)

/** Every cell between two fences, behind the slack that kernels may use. */
export class FencedMemory extends WorkMemory {
  private readonly fences = new Map<number, number>()

  override allocate(bytes: number): number {
    const cell = super.allocate(bytes + SLACK_BYTES + 2 * FENCE_BYTES)
    const end = cell + FENCE_BYTES + bytes + SLACK_BYTES
    this.u8.fill(CANARY, cell, cell + FENCE_BYTES)
    this.u8.fill(CANARY, end, end + FENCE_BYTES)
    this.fences.set(cell + FENCE_BYTES, bytes)
    return cell + FENCE_BYTES
  }

  override free(pointer: number, bytes: number): void {
    this.check(pointer, bytes)
    this.fences.delete(pointer)
    super.free(pointer - FENCE_BYTES, bytes + SLACK_BYTES + 2 * FENCE_BYTES)
  }

  /** Throws where something was written into a fence. */
  checkAll(): void { for (const [pointer, bytes] of this.fences) this.check(pointer, bytes) }

  private check(pointer: number, bytes: number): void {
    const end = pointer + bytes + SLACK_BYTES
    const fences = [this.u8.subarray(pointer - FENCE_BYTES, pointer), this.u8.subarray(end, end + FENCE_BYTES)]
    if (!fences.every((fence) => FENCE.equals(fence))) {
      throw new Error(`written outside of the ${bytes} bytes at ${pointer}`)
    }
  }
}

export type Bench = { readonly work: FencedMemory; readonly kernels: Kernels }

/** The compiled kernels, or the references, over a memory of their own. */
export function benchOf(isCompiled: boolean): Bench {
  const work = new FencedMemory(256 * 2 ** 20)
  return { work, kernels: bindKernels(isCompiled ? compileKernels() : null, work) }
}

const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString('latin1')

/** The values of a vector; strings as one character a byte, so that wrong UTF-8 can be compared. */
export function valuesOf(vector: Vector): unknown[] {
  const values = Array.from({ length: vector.length }, (_, row) => valueAt(vector, row))
  return values.map((value, row) => vector.nulls?.[row] ? null : value)
}

function valueAt(vector: Vector, row: number): unknown {
  switch (vector.kind) {
    case 'number': case 'big': return vector.values[row]
    case 'codes': return text(vector.dictionary.bytesOf(vector.codes[row]))
    case 'bytes': return text(vector.bytes.subarray(vector.offsets[row], vector.offsets[row + 1]))
    case 'array': return valuesOf(vector.values).slice(vector.offsets[row], vector.offsets[row + 1])
    case 'tuple': return vector.fields.map((field) => valuesOf(field)[row])
  }
}

/** What a job came to, as plain values. */
export type Parsed = {
  readonly rows: Record<string, unknown>[]
  readonly perBody: ParsedRows['perBody']
  readonly quarantine: Record<string, unknown>[]
  readonly kinds: string[]
}

const rowsOf = (rowCount: number, columns: ParsedRows['columns']): Record<string, unknown>[] => {
  const values = columns.map(({ vector }) => valuesOf(vector))
  return Array.from({ length: rowCount }, (_, row) =>
    Object.fromEntries(columns.map(({ name }, i) => [name, values[i][row]])))
}

/** Runs a job to its end and checks what must hold of every result. */
export function parseBodies(
  bench: Bench, plan: IngestPlan, bodies: readonly (string | Uint8Array | IngestBody)[],
  context: Partial<IngestContext> = {},
): Parsed {
  const job = new IngestJob(plan, bench.work, bench.kernels, bodies.map((body) =>
    typeof body === 'string' ? { bytes: Buffer.from(body), format: 'ndjson', gzip: false }
      : body instanceof Uint8Array ? { bytes: body, format: 'ndjson', gzip: false } : body),
  { importId: 'import-1', nowMs: 1_700_000_000_000, ...context })
  try {
    while (!job.step(1000));
    const result = job.result()
    bench.work.checkAll()
    const sum = (key: 'successful' | 'quarantined') => result.perBody.reduce((all, body) => all + body[key], 0)
    if (sum('successful') !== result.rowCount) throw new Error('counts of bodies do not add up to the rows')
    if (sum('quarantined') !== (result.quarantine?.rowCount ?? 0)) throw new Error('quarantine does not add up')
    for (const { name, type, vector } of result.columns) checkVector(name, vector, result.rowCount, isNullable(type))
    return {
      rows: rowsOf(result.rowCount, result.columns), perBody: result.perBody,
      quarantine: result.quarantine === null ? [] : rowsOf(result.quarantine.rowCount, result.quarantine.columns),
      kinds: result.columns.map(({ vector }) => vector.kind),
    }
  } finally {
    job.release()
  }
}

function checkVector(name: string, vector: Vector, rowCount: number, mayBeNull: boolean): void {
  const wrong = (what: string): Error => new Error(`column ${name}: ${what}`)
  if (vector.length !== rowCount) throw wrong(`${vector.length} rows, not ${rowCount}`)
  if (vector.nulls !== null && (!mayBeNull || !vector.nulls.every((mark) => mark < 2))) throw wrong('wrong NULL marks')
  if (vector.kind !== 'codes') return
  const used = new Set(vector.codes)
  const strings = new Set(Array.from({ length: vector.dictionary.size }, (_, code) => text(vector.dictionary.bytesOf(code))))
  if (used.size !== vector.dictionary.size) throw wrong('its dictionary has strings that no row uses')
  if (strings.size !== vector.dictionary.size) throw wrong('its dictionary has a string twice')
}

/** One row's columns, from one object. */
export function parseRow(bench: Bench, plan: IngestPlan, row: string): Record<string, unknown> {
  const { rows, quarantine } = parseBodies(bench, plan, [row])
  if (rows.length !== 1) throw new Error(`not one row: ${JSON.stringify(quarantine)}`)
  return rows[0]
}
