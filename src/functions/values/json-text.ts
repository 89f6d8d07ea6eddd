// Text of JSON and Dynamic values as ClickHouse shows it, from the text that was stored.
// Invariant: text that is no JSON is shown as it is.

import type { DataType } from '../../../storage/column/data-type.ts'
import type { ByteBuilder } from './byte-builder.ts'
import { decodeString, keysOf, kindAt, members, skipSpace, skipValue } from './json-scan.ts'
import { writeJsonString } from './json-string.ts'
import { floatText } from './float-text.ts'

const BACKSLASH = 92

type Paths = ReadonlySet<string> | null
const typedPaths = new WeakMap<DataType, Paths>()

/** The paths that have types of their own in a type of JSON; null: none. */
export function typedPathsOf(type: DataType): Paths {
  let paths = typedPaths.get(type)
  if (paths === undefined) typedPaths.set(type, paths = type.id === 'JSON' && type.names !== null ? new Set(type.names) : null)
  return paths
}

/** Appends the value at [start, end): members by name, NULLs and empty objects left out, 1.0 as 1. Values of `typed`
 * paths stand as their types are written. */
export function writeCanonicalJson(
  out: ByteBuilder, bytes: Uint8Array, start: number, end: number, typed: Paths = null, path = '',
): void {
  const at = skipSpace(bytes, start, end)
  switch (kindAt(bytes, at, end)) {
    case 'object': writeObject(out, bytes, at, end, typed, path); return
    case 'array': {
      out.byte(91)
      members(bytes, at, end).forEach((place, i) => {
        if (i > 0) out.byte(44)
        writeCanonicalJson(out, bytes, place, skipValue(bytes, place, end))
      })
      out.byte(93)
      return
    }
    case 'number': {
      const text = Buffer.from(bytes.subarray(at, skipValue(bytes, at, end))).toString()
      out.text(/^-?\d+$/.test(text) ? text : numberText(Number(text)))
      return
    }
    case 'string': writeString(out, bytes, at, skipValue(bytes, at, end)); return
    default: out.slice(bytes, at, end)
  }
}

/** What no double holds is no number of JSON, either. */
const numberText = (value: number): string => (Number.isFinite(value) ? floatText(value) : 'null')

/** One string is written in several ways. */
function writeString(out: ByteBuilder, bytes: Uint8Array, at: number, after: number): void {
  const text = bytes.subarray(at, after).includes(BACKSLASH) ? decodeString(bytes, at, after) : null
  if (text === null) {
    out.slice(bytes, at, after)
    return
  }
  const decoded = Buffer.from(text)
  writeJsonString(out, decoded, 0, decoded.length)
}

function writeObject(
  out: ByteBuilder, bytes: Uint8Array, at: number, end: number, typed: Paths, path: string): void {
  const places = members(bytes, at, end)
  const list = keysOf(bytes, at, end).map((key, i) => ({ key, place: places[i] }))
    .sort((a, b) => (a.key < b.key ? -1 : 1))
  out.byte(123)
  let isFirst = true
  for (const { key, place } of list) {
    const start = out.length
    if (!isFirst) out.byte(44)
    out.text(`${JSON.stringify(key)}:`)
    const value = out.length
    const within = typed === null ? '' : `${path}${key}`
    if (typed?.has(within)) {
      out.slice(bytes, place, skipValue(bytes, place, end))
      isFirst = false
      continue
    }
    writeCanonicalJson(out, bytes, place, skipValue(bytes, place, end), typed, `${within}.`)
    const isNothing = kindAt(bytes, place, end) === 'null'
      || (out.length - value === 2 && out.bytes[value] === 123)
    if (isNothing) out.length = start
    else isFirst = false
  }
  out.byte(125)
}

/** Appends a Dynamic value: strings without their quotes. */
export function writeDynamic(
  out: ByteBuilder, bytes: Uint8Array, start: number, end: number, quoted: boolean): void {
  if (kindAt(bytes, start, end) !== 'string') {
    writeCanonicalJson(out, bytes, start, end)
    return
  }
  const text = decodeString(bytes, start, end) ?? ''
  out.text(quoted ? `'${text.replace(/[\\']/g, '\\$&')}'` : text)
}
