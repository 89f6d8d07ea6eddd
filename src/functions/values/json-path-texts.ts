// Where the values of a path stand in documents of JSON, as their own texts.
// Invariant: a path ends at what is no object; null counts as nothing.

import { clockOfNumber, clockText } from '../../../storage/column/clock-time.ts'
import { bareType, DYNAMIC, internType, STRING, type DataType } from '../../../storage/column/data-type.ts'
import type { BytesVector, Vector } from '../../../storage/column/vector.ts'
import { ByteBuilder } from './byte-builder.ts'
import type { EvalContext } from './function.ts'
import { findKey, kindAt, skipSpace, skipValue } from './json-scan.ts'
import { isClock, numberInfo, type NumberInfo } from './types.ts'

/** JSON without typed paths. */
export const JSON_TYPE: DataType = internType('JSON', 'JSON')
const encoder = new TextEncoder()

/** The keys of `a.b`. */
export const keysOfPath = (path: string): Uint8Array[] => path.split('.').map((key) => encoder.encode(key))

/** Where the value of a path begins; -1: nowhere. */
function findPath(bytes: Uint8Array, start: number, end: number, keys: readonly Uint8Array[]): number {
  let at = skipSpace(bytes, start, end)
  for (const key of keys) {
    at = at < 0 ? -1 : findKey(bytes, at, end, key)
    if (at < 0) return -1
  }
  return at
}

/** The texts of a path's values: NULL for what is missing, null, or an object (or none, `isObject`). */
export function pathTexts(
  text: BytesVector, keys: readonly Uint8Array[], isObject: boolean, rowCount: number,
  { account }: EvalContext,
): Vector {
  const out = new ByteBuilder(rowCount, account)
  const nulls = account.u8(rowCount).fill(0)
  for (let row = 0; row < rowCount; row++) {
    const slot = text.isConst ? 0 : row
    const end = text.offsets[slot + 1]
    const isAbsent = text.nulls?.[slot] === 1
    const at = isAbsent ? -1 : findPath(text.bytes, text.offsets[slot], end, keys)
    const kind = kindAt(text.bytes, at, end)
    if (kind === null || kind === 'null' || (kind === 'object') !== isObject) {
      if (isObject) out.text('{}')
      else nulls[row] = 1
    } else out.slice(text.bytes, at, skipValue(text.bytes, at, end))
    out.endRow()
  }
  return out.finish(isObject ? JSON_TYPE : DYNAMIC, nulls.includes(1) ? nulls : null)
}

/** What the documents hold at a typed path, for a cast to its type. */
export type TypedTexts = {
  /** Values as texts of JSON, NULL for none. */
  readonly texts: Vector
  /** 1 where the value is nothing that a cast takes: it stays as it was written. */
  readonly isRaw: Uint8Array
  /** The first value that is none of the type; null: there is none. */
  readonly bad: string | null
}

/** Values of the path `keys`, one a slot of `text`, as a cast to `type` reads them. */
export function typedTextsOf(
  text: BytesVector, keys: readonly Uint8Array[], type: DataType, slots: number, { account }: EvalContext,
): TypedTexts {
  const bare = bareType(type)
  const out = new ByteBuilder(slots, account)
  const nulls = account.u8(slots).fill(0)
  const isRaw = account.u8(slots).fill(0)
  let bad: string | null = null
  for (let slot = 0; slot < slots; slot++) {
    const end = text.offsets[slot + 1]
    const at = text.nulls?.[slot] === 1 ? -1 : findPath(text.bytes, text.offsets[slot], end, keys)
    const kind = kindAt(text.bytes, at, end)
    const value = kind === null || kind === 'null' ? null
      : Buffer.from(text.bytes.subarray(at, skipValue(text.bytes, at, end))).toString()
    const read = value === null ? null : castable(value, kind as string, bare)
    if (read === null) {
      if (bare.id === 'JSON') out.text('{}')
      else nulls[slot] = 1
      if (value !== null) {
        isRaw[slot] = 1
        if (!HOLDS_OBJECTS.has(bare.id)) bad ??= value
      }
    } else out.text(read)
    out.endRow()
  }
  return { texts: out.finish(bare.id === 'JSON' ? STRING : DYNAMIC, nulls.includes(1) ? nulls : null), isRaw, bad }
}

/** Types of which a member may be an object. */
const HOLDS_OBJECTS: ReadonlySet<string> = new Set(['Map', 'Tuple', 'Array', 'Variant', 'Dynamic'])

/** A value of JSON as a cast to a type takes it; null: it does not. */
function castable(value: string, kind: string, type: DataType): string | null {
  if (type.id === 'JSON') return kind === 'object' ? value : null
  if (kind === 'object') return type.id === 'String' ? JSON.stringify(compacted(value)) : null
  if (kind === 'array' && type.id === 'String') return JSON.stringify(compacted(value))
  if (isClock(type) && kind === 'number') {
    const units = clockOfNumber(value, type)
    return units === undefined ? null : `"${clockText(units, type.precision)}"`
  }
  const info = numberInfo(type)
  if (info === null || type.id === 'Bool') return value
  if (value === 'true' || value === 'false') return value === 'true' ? '1' : '0'
  return info.isFloat || isWithin(value.replaceAll('"', ''), info) ? value : null
}

function compacted(value: string): string {
  try {
    return JSON.stringify(JSON.parse(value))
  } catch {
    return value
  }
}

/** Does an integer hold the number? A text that is none is left to the cast. */
function isWithin(text: string, { bytes, isSigned }: NumberInfo): boolean {
  if (!/^-?\d+(\.\d+)?$/.test(text)) return true
  const whole = BigInt(text.split('.')[0])
  return isSigned ? BigInt.asIntN(bytes * 8, whole) === whole : BigInt.asUintN(bytes * 8, whole) === whole
}
