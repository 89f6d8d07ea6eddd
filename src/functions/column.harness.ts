// Calls over a column of strings of any bytes, evaluated directly a block at a time and asked of the
// oracle: for functions that treat a block otherwise than a row.

import { INT64, STRING } from '../../storage/column/data-type.ts'
import type { Vector } from '../../storage/column/vector.ts'
import { callType, invoke } from './base/call.ts'
import { castToString } from './values/cast.ts'
import { testContext } from './differential.harness.ts'
import { findFunction } from './registry.ts'
import { constVector, valueAt } from './values/values.ts'
import { bytesVector } from './values/vectors.ts'

/** A function over the column `s`, and its constant arguments behind it. */
export type ColumnCall = readonly [name: string, ...args: (string | number)[]]

const quote = (text: string | number): string => (typeof text === 'number' ? String(text)
  : `unhex('${Buffer.from(text).toString('hex')}')`)

/** Answers of a call, a text a row. */
function ours([name, ...args]: ColumnCall, strings: readonly Uint8Array[]): string[] {
  const context = testContext()
  const def = findFunction(name)
  if (def === null) throw new Error(`no function ${name}`)
  const offsets = context.account.u32(strings.length + 1)
  offsets[0] = 0
  strings.forEach((bytes, i) => { offsets[i + 1] = offsets[i] + bytes.length })
  const bytes = context.account.u8(offsets[strings.length])
  strings.forEach((value, i) => bytes.set(value, offsets[i]))
  const constants = args.map((arg) => constVector(
    arg, typeof arg === 'string' ? STRING : INT64, strings.length, context.account))
  const vectors: Vector[] = [bytesVector(STRING, offsets, bytes), ...constants]
  const type = callType(def, vectors.map((vector, i) =>
    ({ type: vector.type, value: i === 0 ? undefined : args[i - 1] })))
  const text = castToString(invoke(def, vectors, type, strings.length, context), context)
  return strings.map((_, row) => (valueAt(text, row) === null ? '\\N' : String(valueAt(text, row))))
}

type Ask = (sql: string, format: string) =>
  Promise<{ ok: true; text: string } | { ok: false; error: string }>

/** `call of string: ours instead of theirs` for every answer that differs. */
export async function differing(
  ask: Ask, calls: readonly ColumnCall[], strings: readonly Uint8Array[]): Promise<string[]> {
  const list = strings.map((bytes) => `unhex('${Buffer.from(bytes).toString('hex')}')`).join(', ')
  const found: string[] = []
  for (const call of calls) {
    const [name, ...args] = call
    const sql = `SELECT toString(${name}(${['s', ...args.map(quote)].join(', ')})) FROM (SELECT arrayJoin([${list}]) AS s)`
    const answer = await ask(sql, 'JSONCompact')
    if (!answer.ok) throw new Error(`${sql.slice(0, 300)}: ${answer.error}`)
    const theirs = (JSON.parse(answer.text) as { data: string[][] }).data.map(([text]) => text ?? '\\N')
    ours(call, strings).forEach((text, row) => {
      if (text !== theirs[row]) {
        found.push(`${call.join(' ')} of ${Buffer.from(strings[row]).toString()}: ${text} instead of ${theirs[row]}`)
      }
    })
  }
  return found
}
