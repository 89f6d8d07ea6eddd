// simpleJSON* (visitParam*): the first place of "name": in a text, without reading the document.
// Also whole documents turned: JSONExtractKeysAndValuesRaw, JSONArrayLength, JSON_EXISTS.
// Invariant: keys are found as ClickHouse finds them, also where they stand deeper.

import {
  FLOAT64, INT64, nullableOf, STRING, UINT64, UINT8, type DataType,
} from '../../../storage/column/data-type.ts'
import { wellFormed } from '../../sql/raw-text.ts'
import { define, numbersBy, ofStrings } from '../base/define.ts'
import { stringsBy } from '../base/define-text.ts'
import type { FunctionDef } from '../values/function.ts'
import { textReader } from '../base/strings.ts'
import { vectorOf } from '../values/values.ts'

/** The text behind `"name":`; null where there is none. */
function after(text: string, name: string): string | null {
  const key = `"${name}":`
  const at = text.indexOf(key)
  return at < 0 ? null : text.slice(at + key.length)
}

/** A value's own text: a string, an array, an object, or up to the next comma. */
function rawValue(text: string): string {
  let depth = 0
  let isString = false
  for (let i = 0; i < text.length; i++) {
    const char = text[i]
    if (isString) {
      if (char === '\\') i++
      else if (char === '"') {
        isString = false
        if (depth === 0) return text.slice(0, i + 1)
      }
    } else if (char === '"') isString = true
    else if (char === '[' || char === '{') depth++
    else if (char === ']' || char === '}') {
      if (depth === 0) return text.slice(0, i)
      depth--
      if (depth === 0) return text.slice(0, i + 1)
    } else if (char === ',' && depth === 0) return text.slice(0, i)
  }
  return text
}

function stringValue(text: string): string {
  if (!text.startsWith('"')) return ''
  const raw = rawValue(text)
  try {
    const value: unknown = JSON.parse(raw)
    if (typeof value !== 'string') return ''
    // Without escapes half a pair is a byte of the text itself (raw-text.ts).
    return raw.includes('\\u') ? wellFormed(value) : value
  } catch {
    return ''
  }
}

const simple = (word: string, type: DataType, each: (found: string) => number): FunctionDef => {
  const name = `simpleJSON${word}`
  return define(name, [2, 2], ofStrings(name, type), ([json, key], result, rowCount, context) => {
    const [text, wanted] = [textReader(json, context), textReader(key, context)]
    return numbersBy(result, rowCount, context, (row) => {
      const found = after(text(row), wanted(row))
      return found === null ? 0 : each(found)
    })
  }, { aliases: [`visitParam${word}`] })
}

const simpleText = (word: string, each: (found: string) => string): FunctionDef => {
  const name = `simpleJSON${word}`
  return define(name, [2, 2], ofStrings(name, STRING), ([json, key], type, rowCount, context) => {
    const [text, wanted] = [textReader(json, context), textReader(key, context)]
    return stringsBy(type, rowCount, context, (row) => {
      const found = after(text(row), wanted(row))
      return found === null ? '' : each(found)
    })
  }, { aliases: [`visitParam${word}`] })
}

/** Digits at the start, perhaps in quotes; 64 bits wrap. */
function whole(text: string, isSigned: boolean): bigint {
  const digits = /^"?(-?)(\d+)/.exec(text)
  if (digits === null) return 0n
  const value = BigInt(digits[2]) * (digits[1] === '-' ? -1n : 1n)
  return isSigned ? BigInt.asIntN(64, value) : digits[1] === '-' ? 0n : BigInt.asUintN(64, value)
}

const simpleWhole = (word: string, type: DataType): FunctionDef => {
  const name = `simpleJSON${word}`
  return define(name, [2, 2], ofStrings(name, type), ([json, key], result, rowCount, context) => {
    const [text, wanted] = [textReader(json, context), textReader(key, context)]
    return vectorOf(Array.from({ length: rowCount }, (_, row) => {
      const found = after(text(row), wanted(row))
      const value = found === null ? 0n : whole(found, type === INT64)
      return Number.isSafeInteger(Number(value)) ? Number(value) : value
    }), result, context.account)
  }, { aliases: [`visitParam${word}`] })
}

const arrayLength = define('JSONArrayLength', [1, 1], ofStrings('JSONArrayLength', nullableOf(UINT64)),
  ([a], type, rowCount, context) => {
    const read = textReader(a, context)
    return vectorOf(Array.from({ length: rowCount }, (_, row) => {
      try {
        const value: unknown = JSON.parse(read(row))
        return Array.isArray(value) ? value.length : null
      } catch {
        return null
      }
    }), type, context.account)
  }, { aliases: ['JSON_ARRAY_LENGTH'] })

export const SIMPLE_JSON: readonly FunctionDef[] = [
  simple('Has', UINT8, () => 1), simpleWhole('ExtractInt', INT64), simpleWhole('ExtractUInt', UINT64),
  simple('ExtractFloat', FLOAT64, (text) => Number.parseFloat(text.replace(/^"/, '')) || 0),
  simple('ExtractBool', UINT8, (text) => Number(text.startsWith('true'))),
  simpleText('ExtractRaw', rawValue), simpleText('ExtractString', stringValue), arrayLength,
]
