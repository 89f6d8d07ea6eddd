// Texts with marks: words found and put between tags, numbers written so that they sort by value.

import { STRING } from '../../../storage/column/data-type.ts'
import type { Value } from '../values/value.ts'
import { ByteBuilder } from '../values/byte-builder.ts'
import { constantOf, define } from '../base/define.ts'
import { bytesBy, bytesReader } from '../base/define-text.ts'
import { FunctionError, type FunctionDef } from '../values/function.ts'
import { isString } from '../values/types.ts'

// ---------------------------------------------------------------------- natural sorting

const isDigit = (byte: number): boolean => byte >= 0x30 && byte <= 0x39

/** What stands before a number of so many digits, so that texts sort by it first: lengths up to 8 in one digit, up to 18
 * and 20 in two, up to 99 in three, greater ones behind 999 with how many digits they have. */
function lengthMark(digits: number): string {
  if (digits <= 8) return String(digits - 1)
  if (digits <= 18) return `8${digits - 9}`
  if (digits <= 20) return `9${digits - 19}`
  return digits <= 99 ? `9${digits - 1}` : `999${String(digits).length}${digits}`
}

/** A text that sorts by its numbers' values. */
function naturalKey(text: Uint8Array): Uint8Array {
  const parts: Uint8Array[] = []
  for (let at = 0; at < text.length;) {
    let end = at
    while (end < text.length && isDigit(text[end]) === isDigit(text[at])) end++
    if (isDigit(text[at])) {
      while (at < end - 1 && text[at] === 0x30) at++
      parts.push(Buffer.from(lengthMark(end - at)))
    }
    parts.push(text.subarray(at, end))
    at = end
  }
  return Buffer.concat(parts)
}

const naturalSortKey = define('naturalSortKey', [1, 1], ([{ type }]) => {
  if (type.id !== 'String') throw new FunctionError(`Function naturalSortKey takes a String, not ${type.name}`)
  return STRING
}, ([a], type, rowCount, context) => {
  const read = bytesReader(a, context)
  return bytesBy(type, rowCount, context, (row) => naturalKey(read(row)))
}, { aliases: ['NATURAL_SORT_KEY'] })

// ---------------------------------------------------------------------- words between tags

const lowered = (text: Uint8Array): Uint8Array => text.map((byte) => (byte >= 0x41 && byte <= 0x5a ? byte | 0x20 : byte))

/** Where any of the words stands, whatever its case: spans that do not meet. */
function spansOf(text: Uint8Array, words: readonly Uint8Array[]): [start: number, end: number][] {
  const low = Buffer.from(lowered(text))
  const found: [number, number][] = []
  for (const word of words) {
    if (word.length === 0) continue
    for (let at = low.indexOf(word); at >= 0; at = low.indexOf(word, at + 1)) found.push([at, at + word.length])
  }
  const spans: [number, number][] = []
  for (const [start, end] of found.sort((a, b) => a[0] - b[0])) {
    const last = spans.at(-1)
    if (last !== undefined && start <= last[1]) last[1] = Math.max(last[1], end)
    else spans.push([start, end])
  }
  return spans
}

const highlight = define('highlight', [2, 4], ([text, words, ...tags]) => {
  const fail = (what: string): FunctionError => new FunctionError(`Function highlight takes ${what}`)
  if (!isString(text.type)) throw fail(`a text, not ${text.type.name}`)
  if (words.type.id !== 'Array' || words.type.args[0].id !== 'String') throw fail('a constant array of words')
  if (words.value === undefined) throw new FunctionError('The words of function highlight must be constant', 'ILLEGAL_COLUMN')
  if (tags.some(({ type, value }) => !isString(type) || value === undefined)) throw fail('constant tags')
  if (tags.length === 1) throw new FunctionError('Function highlight takes two tags or none', 'NUMBER_OF_ARGUMENTS_DOESNT_MATCH')
  return STRING
}, (args, type, rowCount, context) => {
  const read = bytesReader(args[0], context)
  const words = (constantOf('highlight', args, 1) as readonly Value[]).map((word) => lowered(Buffer.from(String(word))))
  const [open, close] = args.length < 4 ? ['<em>', '</em>'] : [2, 3].map((i) => String(constantOf('highlight', args, i)))
  const out = new ByteBuilder(rowCount, context.account)
  for (let row = 0; row < rowCount; row++) {
    const text = read(row)
    let at = 0
    for (const [start, end] of spansOf(text, words)) {
      out.slice(text, at, start)
      out.text(open)
      out.slice(text, start, end)
      out.text(close)
      at = end
    }
    out.slice(text, at, text.length)
    out.endRow()
  }
  return out.finish(type)
})

export const TEXT_MARKS: readonly FunctionDef[] = [naturalSortKey, highlight]
