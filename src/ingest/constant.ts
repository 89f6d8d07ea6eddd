// Constant DEFAULTs: from the literal in the schema to what the kernel writes into a row without a
// value. Anything that is no literal is computed behind the kernel (ingest.ts, computeDefaults).

import {
  DAY_MAX, DAY_MIN, KIND_BOOL, KIND_BYTES, KIND_CODES, KIND_DATE, KIND_DATE32, KIND_DATETIME,
  KIND_DATETIME64, KIND_FIXED, KIND_FLOAT32, KIND_FLOAT64, KIND_INT, KIND_JSON, KIND_UINT64,
  KIND_UUID,
} from '../../storage/kernels/ndjson-layout.ts'
import {
  dayOf, readBool, readFloat, readInteger, readTime, readUuid,
} from '../../storage/kernels/ndjson-values.ts'

type Column = {
  readonly defaultText: string | null
  readonly defaultValue: string | number | boolean | null
}

const LITERAL = /^'((?:[^'\\]|''|\\.)*)'$/s
const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i
const EMPTY: Readonly<Record<string, string>> = {
  '[]': '[]', 'array()': '[]', '{}': '{}', 'map()': '{}', 'tuple()': '[]',
}
const ESCAPES: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r', 0: '\0', b: '\b', f: '\f' }

/** The default as text, as a row would carry it; 'NULL': NULL; null: no constant (or no default). */
export function constantOf(column: Column): string | null {
  if (column.defaultValue !== null) return String(column.defaultValue)
  const text = column.defaultText?.trim() ?? null
  if (text === null) return null
  if (/^null$/i.test(text)) return 'NULL'
  if (/^(true|false)$/i.test(text)) return text.toLowerCase()
  if (NUMBER.test(text)) return text
  const empty = EMPTY[text.replaceAll(' ', '').toLowerCase()]
  if (empty !== undefined) return empty
  const literal = LITERAL.exec(text)
  if (literal === null) return null
  return literal[1].replaceAll("''", "'").replace(/\\(.)/gs, (_, c: string) => ESCAPES[c] ?? c)
}

/** What the column's C_DEFAULT_* fields hold for the constant `text`; null: it is not written as a
 * value of the type is (`DEFAULT 1.0` of an integer), and has to be computed. */
export function encodeDefault(
  kind: { kind: number; width: number; min?: bigint; max?: bigint; precision?: number }, text: string,
): { text: Uint8Array; bits: bigint } | null {
  switch (kind.kind) {
    case KIND_CODES: case KIND_BYTES: case KIND_JSON:
      return { text: new TextEncoder().encode(text), bits: 0n }
    case KIND_FIXED: {
      const bytes = new Uint8Array(kind.width)
      const encoded = new TextEncoder().encode(text)
      if (encoded.length > kind.width) return null
      bytes.set(encoded)
      return { text: bytes, bits: 0n }
    }
    case KIND_UUID: {
      const halves = readUuid(text)
      if (halves === null) return null
      return { text: new Uint8Array(new BigUint64Array(halves).buffer), bits: 0n }
    }
    default: {
      const bits = numberBits(kind, text)
      return bits === null ? null : { text: new Uint8Array(0), bits }
    }
  }
}

function numberBits(
  kind: { kind: number; min?: bigint; max?: bigint; precision?: number }, text: string,
): bigint | null {
  switch (kind.kind) {
    case KIND_INT: case KIND_UINT64: {
      const value = text === 'true' ? 1n : text === 'false' ? 0n : readInteger(text)
      const [min, max] = kind.kind === KIND_INT ? [kind.min as bigint, kind.max as bigint] : [0n, 2n ** 64n - 1n]
      return value === null || value < min || value > max ? null : BigInt.asIntN(64, value)
    }
    case KIND_FLOAT32: case KIND_FLOAT64: {
      const value = readFloat(text)
      if (value === null) return null
      const view = new DataView(new ArrayBuffer(8))
      if (kind.kind === KIND_FLOAT64) view.setFloat64(0, value, true)
      else view.setFloat32(0, value, true)
      return view.getBigInt64(0, true)
    }
    case KIND_BOOL: {
      const value = readBool(text, false)
      return value === null ? null : BigInt(value)
    }
    default: return timeBits(kind, text)
  }
}

function timeBits(kind: { kind: number; precision?: number }, text: string): bigint | null {
  const time = readTime(text)
  if (time === null) return null
  const day = dayOf(text, time, kind.kind !== KIND_DATETIME64)
  switch (kind.kind) {
    case KIND_DATETIME: return time.seconds < 0 || time.seconds > 4294967295 ? null : BigInt(time.seconds)
    case KIND_DATE: return day < 0 || day > 65535 ? null : BigInt(day)
    case KIND_DATE32: return day < DAY_MIN || day > DAY_MAX ? null : BigInt(day)
    case KIND_DATETIME64: {
      const precision = kind.precision ?? 0
      return BigInt(time.seconds) * 10n ** BigInt(precision)
        + BigInt(Math.floor(time.nanos / 10 ** (9 - precision)))
    }
    default: return null
  }
}
