// Statements run here and by the oracle over the same tables, in one worker and in three: names, types
// and rows must be equal. A statement that the oracle refuses must be refused here, too.

import { afterAll, beforeAll, expect, it } from 'vitest'
import { startOracle, type Oracle } from '../oracle/oracle.ts'
import { loadKernels } from '../../storage/kernels/load.ts'
import { MemoryAccount, WorkMemory } from '../../storage/kernels/work-memory.ts'
import { formatResult } from '../../src/format/format.ts'
import type { RunResult } from '../../src/exec/pipeline.ts'
import { analyze } from '../../src/plan/analyze.ts'
import { QueryError } from '../../src/plan/plan.ts'
import { bindSlots, fitSlots } from '../../src/plan/slots.ts'
import { literalSlots, sharedSlots } from '../../src/render/literal-slots.ts'
import type { Slot } from '../../src/render/slots.ts'
import { parseQuery } from '../../src/sql/parse.ts'
import { SqlSyntaxError } from '../../src/sql/errors.ts'
import { literalValue } from '../../src/plan/literals.ts'
import { parseValue } from '../../src/functions/values/parse-value.ts'
import { convertValue } from '../../src/plan/values.ts'
import { parseDataType } from '../../storage/column/parse-type.ts'
import type { Expression } from '../../src/sql/ast.ts'
import type { TypedPlan } from '../../src/plan/plan.ts'
import type { Value } from '../../src/functions/values/value.ts'
import { TestTable, TestWorld, workBytesUsed, type Row } from '../../src/exec/test-table.ts'

/** Rows of a row set as SQL: what stands behind VALUES. */
export type SqlTable = {
  readonly name: string; readonly columns: string; readonly rowSets: readonly string[]
  /** SAMPLE BY and ORDER BY. */
  readonly sampleBy?: string
}

const work = new WorkMemory(64 * 2 ** 20)
const kernels = loadKernels(work)

/** The tables for this engine. Every second row set is sorted like a segment. A statement that runs again
 * has its keys as one code where that can be (src/exec/scan/joint-keys.ts). */
export function worldOf(tables: readonly SqlTable[], shareFrom = 0): TestWorld {
  const made = tables.map(({ name, columns, rowSets, sampleBy = null }, number) => {
    const list = columnsOf(columns)
    const table = new TestTable(name, number + 1, list, sampleBy)
    rowSets.forEach((text, i) => table.add(rowsOf(text, list.map(([, type]) => type)), i % 2 === 0))
    return table
  })
  return new TestWorld(made, undefined, undefined, true, shareFrom)
}

/** `a Int32, m Map(String, String)` cut at the commas outside of brackets. */
function columnsOf(text: string): [string, string][] {
  const parts: string[] = ['']
  let depth = 0
  for (const character of text) {
    if (character === '(') depth++
    if (character === ')') depth--
    if (character === ',' && depth === 0) parts.push('')
    else parts[parts.length - 1] += character
  }
  return parts.map((part) => {
    const [, name, type] = /^\s*(\w+)\s+(.*)$/.exec(part) as RegExpExecArray
    return [name, type.trim()]
  })
}

function rowsOf(text: string, types: readonly string[]): Row[] {
  const query = parseQuery(`SELECT [${text}]`)
  if (query.kind !== 'select' || query.select[0].kind !== 'array') throw new Error(`no rows: ${text}`)
  return query.select[0].items.map((row) => {
    const cells = row.kind === 'tuple' ? row.items : [row]
    return cells.map((cell, i) => {
      const isMap = types[i].startsWith('Map')
      const value = isMap ? valueOf(cell) : convertValue(valueOf(cell), parseDataType(types[i]))
      if (value === undefined) throw new Error(`no ${types[i]}: ${JSON.stringify(cell)}`)
      return typeof value === 'string' && types[i] === 'IPv4' ? parseValue(value, parseDataType('IPv4')) : value
    })
  })
}

function valueOf(expr: Expression): Value {
  if (expr.kind === 'literal') return literalValue(expr).value
  if (expr.kind === 'array' || expr.kind === 'tuple') return expr.items.map(valueOf)
  if (expr.kind === 'call' && expr.name === 'map') {
    return expr.args.flatMap((key, i) => (i % 2 === 0 ? [[valueOf(key), valueOf(expr.args[i + 1])]] : []))
  }
  throw new Error(`no literal: ${expr.kind}`)
}

export async function createTables(oracle: Oracle, tables: readonly SqlTable[]): Promise<void> {
  const must = async (sql: string) => {
    const answer = await oracle.query(sql)
    if (!answer.ok) throw new Error(`${answer.error} (${sql.slice(0, 200)})`)
  }
  for (const { name, columns, rowSets, sampleBy } of tables) {
    const keys = sampleBy === undefined ? 'tuple()' : `${sampleBy} SAMPLE BY ${sampleBy}`
    await must(`CREATE TABLE ${name} (${columns}) ENGINE = MergeTree ORDER BY ${keys}`)
    for (const rows of rowSets) await must(`INSERT INTO ${name} VALUES ${rows}`)
  }
}

export type Outcome = { readonly error: string; readonly code: string } | {
  readonly meta: unknown; readonly data: unknown; readonly totals?: unknown
}

/** What this engine answers; an error that is not the query's own fault is thrown. */
export const ours = (world: TestWorld, sql: string, workerCount: number): Outcome =>
  outcomeFrom((use) => world.withResult(sql, workerCount, use))

/** The same where every stage that can takes its groups in passes over its rows (src/exec/groups/passes.ts). */
export const oursInPasses = (world: TestWorld, sql: string, workerCount: number): Outcome => outcomeFrom((use) => {
  const plan = world.planOf(sql)
  return world.withPlan(plan, bindSlots(plan, []), workerCount, use, undefined, () => ({ passes: PASSES }))
})

/** For each stage that a statement may have. */
const PASSES = Array.from({ length: 64 }, () => ({ count: 3, share: 1 }))

/** What this engine answers by a plan that was made of the statement with other values, as a server's
 * cache of plans has it; null: the values decide the plan, or it has none. */
export function oursByOtherPlan(world: TestWorld, sql: string): Outcome | null {
  const { text, slots, values } = withOtherValues(sql)
  return slots.length === 0 ? null : oursBySlots(world, { sql: text, slots }, values, 1)
}

/** What this engine answers by the plan of a statement with slots, called with other values; null: the
 * values decide the plan, or it has none. */
export function oursBySlots(
  world: TestWorld, { sql, slots }: { readonly sql: string; readonly slots: readonly Slot[] },
  values: readonly Slot['value'][], workerCount: number,
): Outcome | null {
  let plan: TypedPlan
  try {
    plan = analyze(parseQuery(sql, { slots }), world.catalog, slots)
  } catch (error) {
    if (error instanceof QueryError) return null
    throw error
  }
  const bound = plan.consumedSlots.every((slot) => slots[slot].value === values[slot]) ? fitSlots(plan, values) : null
  return bound === null ? null : outcomeFrom((use) => world.withPlan(plan, bound, workerCount, use))
}

/** A statement with other values in the places of its slots, and the values that it has there. */
function withOtherValues(sql: string): { text: string; slots: readonly Slot[]; values: readonly Slot['value'][] } {
  const own = sharedSlots(literalSlots(sql))
  let text = ''
  let at = 0
  const slots = own.map((slot) => {
    const value = otherValue(slot.value)
    text += sql.slice(at, slot.start)
    const start = text.length
    text += typeof value === 'string' ? `'${value}'` : slot.type === 'Float' ? Number(value).toFixed(2) : String(value)
    at = slot.end
    return { ...slot, start, end: text.length, value }
  })
  return { text: text + sql.slice(at), slots, values: own.map(({ value }) => value) }
}

/** Another value of the kind; equal ones stay equal, and moments moments. */
function otherValue(value: Slot['value']): Slot['value'] {
  if (typeof value === 'number') return value + 2
  if (typeof value !== 'string') return value
  return /^\d{4}-\d\d-\d\d/.test(value) ? `2${value.slice(1, 4)}-03-05${value.slice(10)}` : `${value}s`
}

type Use = (result: RunResult) => Uint8Array

function outcomeFrom(run: (use: Use) => Uint8Array): Outcome {
  const before = workBytesUsed()
  const account = new MemoryAccount(work, 2 ** 26)
  try {
    const text = run((result) => formatResult(
      'JSONCompact', result, { elapsedMs: 0, rowsRead: 0, bytesRead: 0 }, 2 ** 26, { account, kernels }))
    return outcomeOf(new TextDecoder().decode(text))
  } catch (error) {
    if (error instanceof QueryError || error instanceof SqlSyntaxError || (error as Error).name === 'FunctionError') {
      const { code = 'SYNTAX_ERROR' } = error as { code?: string }
      return { error: (error as Error).message, code }
    }
    throw error
  } finally {
    account.releaseAll()
    expect(workBytesUsed()).toBe(before)
  }
}

/** Integers that no double holds as texts, so that every digit is compared; strings stay. */
const exactDigits = (text: string): string =>
  text.replace(/"(?:[^"\\]|\\.)*"|(?<![\d.eE+-])-?\d{16,}(?=[\],\s}])/g, (all) => (all[0] === '"' ? all : `"${all}"`))

function outcomeOf(text: string): Outcome {
  const { meta, data, totals } = JSON.parse(exactDigits(text))
  return totals === undefined ? { meta, data } : { meta, data, totals }
}

export async function theirs(oracle: Oracle, sql: string): Promise<Outcome> {
  const answer = await oracle.query(sql)
  if (!answer.ok) {
    // The last word in brackets; a text within the message may be cut off by its own zero bytes.
    const code = [...answer.error.matchAll(/\(([A-Z][A-Z0-9_]{5,})\)/g)].at(-1)?.[1] ?? 'UNKNOWN'
    return { error: answer.error.slice(0, 300), code }
  }
  try {
    return outcomeOf(answer.text)
  } catch {
    return { error: 'ClickHouse writes broken JSON for totals without rows', code: 'UNKNOWN' }
  }
}

/** Equal outcomes; floats by 12 digits, because sums over parts add in another order. */
export function isEqual(a: Outcome, b: Outcome): boolean {
  if ('error' in a || 'error' in b) return 'error' in a && 'error' in b
  return isAlike(a, b)
}

function isAlike(a: unknown, b: unknown): boolean {
  if (typeof a === 'number' && typeof b === 'number') {
    // One of two floats may be whole.
    return a === b || (!(Number.isInteger(a) && Number.isInteger(b)) && a.toPrecision(12) === b.toPrecision(12))
  }
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return a === b
  const [own, other] = [Object.entries(a), Object.entries(b)]
  return own.length === other.length
    && own.every(([key, value], i) => key === other[i][0] && isAlike(value, other[i][1]))
}

/** One test for each statement. `shareFrom`: it runs again with states that are shared out from so many groups or rows
 * on; 0: it does not. */
export function differential(tables: readonly SqlTable[], statements: readonly string[], shareFrom = 0): void {
  const worlds = (shareFrom === 0 ? [0] : [0, shareFrom]).map((from) => worldOf(tables, from))
  let oracle: Oracle
  beforeAll(async () => {
    oracle = await startOracle()
    await createTables(oracle, tables)
  }, 60_000)
  afterAll(() => oracle.close())
  it.each([...new Set(statements)])('%s', async (sql) => {
    const wanted = await theirs(oracle, sql)
    for (const world of worlds) for (const workers of [1, 3, 2]) {
      const got = ours(world, sql, workers)
      if (!isEqual(got, wanted)) expect({ workers, ...got }).toEqual({ workers, ...wanted })
    }
    const got = oursInPasses(worlds[0], sql, 2)
    if (!isEqual(got, wanted)) expect({ passes: 3, ...got }).toEqual({ passes: 3, ...wanted })
  })
}
