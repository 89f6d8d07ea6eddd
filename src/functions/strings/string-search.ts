// Searching in strings: position, LIKE and ILIKE, match and other regular expressions, startsWith,
// multiSearch.
// Invariant: a pattern is compiled once per block; LIKE without wildcards in its middle never becomes
// a regular expression.

import { isUtf8 } from 'node:buffer'
import { holdsByte } from '../../../storage/bytes/find-byte.ts'
import { UINT64 } from '../../../storage/column/data-type.ts'
import { partsOf } from '../../../storage/column/text-parts.ts'
import { uuidsOf } from '../../../storage/column/uuid-texts.ts'
import type { BytesVector, Vector } from '../../../storage/column/vector.ts'
import { UNKNOWN } from '../../../storage/kernels/automaton.ts'
import { bytesOfText, textOfBytes } from '../../sql/raw-text.ts'
import { automatonFor, matchStrings } from './automaton-search.ts'
import { ByteBuilder } from '../values/byte-builder.ts'
import { define, expectTypes, numberReader, numbersBy, stringsToUInt8 } from '../base/define.ts'
import { FunctionError, type EvalContext, type FunctionDef } from '../values/function.ts'
import { literalOf } from './pattern-literal.ts'
import { compilePattern } from '../values/regexp.ts'
import type { Automaton } from './regexp-automaton.ts'
import { indexOfBytes, textReader } from '../base/strings.ts'
import { matchParts } from './template-match.ts'
import { holdsNeedle } from './template-search.ts'
import { isInteger, isString } from '../values/types.ts'
import { isToldByUuids } from './uuid-search.ts'
import { asBytes, inWorkMemory, numberVector } from '../values/vectors.ts'

/** position(haystack, needle[, start]): from 1, 0 for none, in bytes or in characters. */
const position = (
  name: string, unit: 'bytes' | 'characters', isFolded: boolean, aliases: readonly string[] = [],
): FunctionDef =>
  define(name, [2, 3], (args) => {
    expectTypes(name, args, isString, isString, isInteger)
    return UINT64
  }, (args, type, rowCount, context) => {
    const [text, needles] = args.slice(0, 2).map((arg) => (unit === 'characters' && isFolded
      ? loweredUtf8(arg, context) : folded(asBytes(arg, context.account), isFolded, context)))
    const isText = unit === 'characters'
    const inUnit = (start: number, at: number) => (isText ? charactersIn(text.bytes, start, at) : at - start) + 1
    const fixed = needles.isConst ? needles.bytes.subarray(needles.offsets[0], needles.offsets[1]) : null
    if (args.length === 2 && fixed !== null && fixed.length > 0 && !text.isConst) {
      const places = placesOf(fixed, text, context)
      return numbersBy(type, rowCount, context, (row) => (places[row] === 0 ? 0
        : inUnit(text.offsets[row], text.offsets[row] + places[row] - 1)))
    }
    const from = args.length > 2 ? numberReader(args[2]) : () => 1
    return numbersBy(type, rowCount, context, (row) => {
      const slot = text.isConst ? 0 : row
      const n = needles.isConst ? 0 : row
      const start = text.offsets[slot]
      const end = text.offsets[slot + 1]
      const needle = needles.bytes.subarray(needles.offsets[n], needles.offsets[n + 1])
      const skipped = Math.max(0, from(row) - 1)
      const begin = isText ? afterCharacters(text.bytes, start, end, skipped) : start + skipped
      const at = begin > end ? -1 : indexOfBytes(text.bytes, begin, end, needle)
      return at < 0 ? 0 : inUnit(start, at)
    })
  }, { aliases })

/** Letters of all alphabets lowered. */
function loweredUtf8(vector: Vector, context: EvalContext): BytesVector {
  const read = textReader(vector, context)
  const count = vector.isConst ? 1 : vector.length
  const out = new ByteBuilder(count, context.account)
  for (let row = 0; row < count; row++) {
    out.text(read(row).toLowerCase())
    out.endRow()
  }
  return { ...out.finish(vector.type), isConst: vector.isConst, length: vector.length }
}

/** MySQL's order: the needle first. */
const locate = define('locate', [2, 3], (args) => {
  expectTypes('locate', args, isString, isString, isInteger)
  return UINT64
}, ([needle, haystack, ...from], type, rowCount, context) =>
  position('position', 'bytes', false).evaluate([haystack, needle, ...from], type, rowCount, context, null))

const isContinuation = (byte: number): boolean => (byte & 0xc0) === 0x80

/** Characters of UTF-8 that begin in bytes [start, end). */
function charactersIn(bytes: Uint8Array, start: number, end: number): number {
  let count = 0
  for (let at = start; at < end; at++) if (!isContinuation(bytes[at])) count++
  return count
}

/** Where the character behind `count` of them begins; beyond `end`: there are fewer. */
function afterCharacters(bytes: Uint8Array, start: number, end: number, count: number): number {
  let at = start
  for (let passed = 0; passed < count; passed++) {
    if (at >= end) return end + 1
    at++
    while (at < end && isContinuation(bytes[at])) at++
  }
  return at
}

/** The vector with ASCII letters lowered: UUIDs of texts have no others. */
export function folded(vector: BytesVector, isFolded: boolean, context: EvalContext): BytesVector {
  if (!isFolded || uuidsOf(vector) !== null) return vector
  const bytes = context.account.u8(vector.bytes.length)
  for (let at = 0; at < bytes.length; at++) {
    const byte = vector.bytes[at]
    bytes[at] = byte >= 65 && byte <= 90 ? byte | 32 : byte
  }
  return { ...vector, bytes }
}

type Matcher = {
  /** What stands between the % of a pattern of LIKE; null: it is none, or asks for more. */
  readonly parts: readonly Uint8Array[] | null
  readonly test: (bytes: Uint8Array, start: number, end: number) => boolean
  /** A text that every string that fulfils the pattern holds; empty: none is known. */
  readonly needle: Uint8Array
  /** True: a string that holds the needle fulfils the pattern. */
  readonly isNeedleAll: boolean
  /** What strings that fulfil the pattern hold one behind the other, when that is all of it; empty: it
   * is not, or one needle says it. */
  readonly inOrder: readonly Uint8Array[]
  /** True: every match begins with the needle. */
  readonly isNeedleFirst: boolean
  /** For so many strings. */
  readonly automaton: (stringCount: number) => Automaton | null
  /** True: looking for needles costs less than the automaton, where strings are whole. */
  readonly isOfNeedles: boolean
}

/** A LIKE pattern as its literal parts between %; null when it needs a regular expression. */
function likeParts(pattern: string): string[] | null {
  const parts: string[] = []
  let part = ''
  for (let i = 0; i < pattern.length; i++) {
    const char = pattern[i]
    if (char === '_') return null
    if (char === '\\' && i + 1 < pattern.length) {
      const next = pattern[i + 1]
      if (next === '%' || next === '_' || next === '\\') i++
      part += next === '%' || next === '_' ? next : '\\'
    } else if (char === '%') {
      parts.push(part)
      part = ''
    } else {
      part += char
    }
  }
  return [...parts, part]
}

/** Whether bytes begin with the first part, end with the last and hold the others in order. */
function partsMatcher(parts: readonly Uint8Array[], automaton: Matcher['automaton']): Matcher {
  const first = parts[0]
  const last = parts[parts.length - 1]
  const middle = parts.slice(1, -1).filter((part) => part.length > 0)
  const test: Matcher['test'] = (bytes, start, end) => {
    const size = end - start
    if (parts.length === 1) return size === first.length && startsWith(bytes, start, first)
    if (size < first.length + last.length) return false
    if (!startsWith(bytes, start, first) || !startsWith(bytes, end - last.length, last)) return false
    let at = start + first.length
    for (const part of middle) {
      const found = indexOfBytes(bytes, at, end - last.length, part)
      if (found < 0) return false
      at = found + part.length
    }
    return true
  }
  const isLoose = parts.length > 1 && first.length + last.length === 0
  return {
    test, parts, needle: longest(parts), isNeedleAll: isLoose && middle.length === 1,
    inOrder: isLoose && middle.length > 1 ? middle : [], isNeedleFirst: false, automaton, isOfNeedles: true,
  }
}

const longest = (parts: readonly Uint8Array[]): Uint8Array =>
  parts.reduce((best, part) => (part.length > best.length ? part : best))

function startsWith(bytes: Uint8Array, start: number, prefix: Uint8Array): boolean {
  for (let i = 0; i < prefix.length; i++) if (bytes[start + i] !== prefix[i]) return false
  return true
}

/** The regular expression of a LIKE pattern; what stands before a % at its begin and behind one at its end is not asked. */
function likeSource(pattern: string): string {
  let source = ''
  let isOpen = false
  for (let i = 0; i < pattern.length; i++) {
    const char = pattern[i]
    isOpen = char === '%'
    if (char === '%') source += '.*'
    else if (char === '_') source += '.'
    else if (char === '\\' && '%_\\'.includes(pattern[i + 1] ?? ' ')) source += escapeText(pattern[++i])
    else source += escapeText(char)
  }
  return `${pattern.startsWith('%') ? '' : '^'}${source.replace(/^(?:\.\*)+/, '').replace(isOpen ? /(?:\.\*)+$/ : /(?!)/, '')}${isOpen ? '' : '$'}`
}

/** The regular expression of a LIKE pattern by its parts, which ends as soon as the answer is sure. */
function searchSource(parts: readonly string[]): string {
  const [first, last] = [parts[0], parts[parts.length - 1]]
  if (parts.length === 1) return `^${escapeText(first)}$`
  const source = parts.filter((part, i) => part !== '' || i === 0 || i === parts.length - 1).map(escapeText).join('.*')
  return `${first === '' ? '' : '^'}${source.replace(/^\.\*|\.\*$/g, '')}${last === '' ? '' : '$'}`
}

const escapeText = (text: string): string => text.replace(/[.*+?^${}()|[\]\\/-]/g, '\\$&')

const isAscii = (text: string): boolean => !/[^ -~\t\n\r]/.test(text)

/** `isFolded`: the matcher gets text whose ASCII letters are lowered. Throws FunctionError for a pattern that ends within an escape. */
export function likeMatcher(pattern: string, isFolded: boolean): Matcher {
  if (/(?:^|[^\\])(?:\\\\)*\\$/.test(pattern)) {
    throw new FunctionError(`The pattern '${pattern}' of LIKE ends in one backslash: write two for one`, 'CANNOT_PARSE_ESCAPE_SEQUENCE')
  }
  // Of a pattern with bytes that are no characters ClickHouse takes all bytes one by one.
  const isOfBytes = /\p{Surrogate}/u.test(pattern)
  const parts = isFolded && !isAscii(pattern) ? null : likeParts(pattern)
  if (parts === null) return patternMatcher(isOfBytes ? likeSource(latinOf(bytesOfText(pattern))) : likeSource(pattern), isFolded, NO_LITERAL, isOfBytes)
  let source: string | null = null
  const matcher = partsMatcher(parts.map((part) => bytesOfText(isFolded ? part.toLowerCase() : part)),
    (stringCount) => automatonFor(source ??= searchSource(parts), isFolded, stringCount))
  return isOfBytes || parts.filter((part) => part !== '').length < 2 ? matcher : overCharacters(matcher, pattern, isFolded)
}

const NO_LITERAL = { text: '', isFirst: false }

/** A % between two parts passes over characters alone: strings with other bytes are asked by the regular expression. */
function overCharacters(matcher: Matcher, pattern: string, isFolded: boolean): Matcher {
  let exact: Matcher | null = null
  return { ...matcher, test: (bytes, start, end) => {
    if (!matcher.test(bytes, start, end)) return false
    if (isUtf8(bytes.subarray(start, end))) return true
    exact ??= patternMatcher(likeSource(pattern), isFolded, NO_LITERAL)
    return exact.test(bytes, start, end)
  } }
}

const latinOf = (bytes: Uint8Array): string => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1')

/** `literal`: what every match holds. `isOfBytes`: the pattern is one over bytes, each written as a character of Latin-1. */
function patternMatcher(source: string, isCaseless: boolean, literal: ReturnType<typeof literalOf>, isOfBytes = false): Matcher {
  const pattern = compilePattern(source, { isCaseless })
  const read = isOfBytes ? latinOf : textOfBytes
  return {
    test: (bytes, start, end) => pattern.test(read(bytes.subarray(start, end))),
    parts: null, needle: bytesOfText(literal.text), isNeedleAll: false, inOrder: [], isNeedleFirst: literal.isFirst,
    automaton: (stringCount) => automatonFor(source, isCaseless, stringCount), isOfNeedles: false,
  }
}

/** A pattern that names bytes of no character is one over bytes, as LIKE's. */
const regexpMatcher = (pattern: string): Matcher => (/\p{Surrogate}/u.test(pattern)
  ? patternMatcher(latinOf(bytesOfText(pattern)), false, NO_LITERAL, true) : patternMatcher(pattern, false, literalOf(pattern)))

/** Asks the strings of a block, of which only those with the needle, if there is one, can fulfil it. */
function matchAll(
  matcher: Matcher, text: BytesVector, out: Uint8Array, isNegated: boolean, context: EvalContext): void {
  const { test, needle } = matcher
  if (matcher.parts !== null && isToldByUuids(matcher.parts, text, out, context)) {
    if (!isNegated) return
  } else if (!isToldByParts(matcher, text, out, context)) {
    const automaton = matcher.isOfNeedles ? null : matcher.automaton(text.length)
    if (automaton === null && needle.length > 0) return matchHolders(matcher, text, out, isNegated, context)
    if (automaton === null) out.fill(UNKNOWN)
    else {
      const places = needle.length === 0 ? null : placesOf(needle, text, context)
      matchStrings(automaton, text, needle, matcher.isNeedleFirst, places, out, context)
      if (places !== null) context.account.free(places.byteOffset)
    }
  }
  if (!isNegated && !holdsByte(out, UNKNOWN)) return
  for (let row = 0; row < out.length; row++) {
    const answer = out[row] === UNKNOWN ? Number(test(text.bytes, text.offsets[row], text.offsets[row + 1])) : out[row]
    out[row] = isNegated ? 1 - answer : answer
  }
}

/** Asks what texts are made of (text-parts.ts); false: these are whole, or their parts do not tell. */
function isToldByParts(matcher: Matcher, text: BytesVector, out: Uint8Array, context: EvalContext): boolean {
  const parts = partsOf(text)
  if (parts === null) return false
  if (matcher.isNeedleAll && holdsNeedle(matcher.needle, parts, out, context)) return true
  const automaton = matcher.automaton(text.length)
  return automaton !== null && matchParts(automaton, parts, out, context)
}

/** Asks only the strings that hold the matcher's needle. */
function matchHolders(
  { test, needle, isNeedleAll, inOrder }: Matcher, text: BytesVector, out: Uint8Array, isNegated: boolean,
  context: EvalContext,
): void {
  const isAll = isNeedleAll || (inOrder.length > 0 && areCharacters(text))
  const places = inOrder.length > 0 ? placesInOrder(inOrder, text, context) : placesOf(needle, text, context)
  const { bytes, offsets } = text
  for (let row = 0; row < out.length; row++) {
    const holds = places[row] !== 0 && (isAll || test(bytes, offsets[row], offsets[row + 1]))
    out[row] = holds === isNegated ? 0 : 1
  }
  context.account.free(places.byteOffset)
}

/** Whether each string is whole characters. */
function areCharacters({ bytes, offsets, length }: BytesVector): boolean {
  for (let row = 0; row < length; row++) if (offsets[row] < offsets[row + 1] && isContinuation(bytes[offsets[row]])) return false
  return isUtf8(bytes.subarray(offsets[0], offsets[length]))
}

/** Where the last of the needles stands behind the others, from 1; 0: they do not stand in this order. */
function placesInOrder(
  [first, ...others]: readonly Uint8Array[], text: BytesVector, context: EvalContext): Uint32Array {
  const { account, kernels } = context
  const near = inWorkMemory(text, account)
  const places = placesOf(first, near, context)
  let behind = first.length
  for (const needle of others) {
    const wanted = account.copyOf(needle)
    kernels.findBehind(near.offsets.byteOffset, near.bytes.byteOffset, text.length, wanted.byteOffset,
      needle.length, behind, places.byteOffset)
    account.freeCopy(wanted)
    behind = needle.length
  }
  return places
}

/** Where the needle (not empty) first stands in each string, from 1; 0: nowhere. The caller frees it. */
function placesOf(needle: Uint8Array, text: BytesVector, context: EvalContext): Uint32Array {
  const { account, kernels } = context
  const near = inWorkMemory(text, account)
  const wanted = account.u8(needle.length)
  wanted.set(needle)
  const places = account.u32(Math.max(1, text.length))
  kernels.findInStrings(near.offsets.byteOffset, near.bytes.byteOffset, text.length,
    wanted.byteOffset, needle.length, places.byteOffset)
  account.free(wanted.byteOffset)
  return places
}

const pattern = (name: string, isNegated: boolean, matcherOf: (pattern: string) => Matcher,
  isFolded = false, aliases: readonly string[] = []): FunctionDef => {
  const knownMatcher = lately(matcherOf)
  return define(name, [2, 2], stringsToUInt8(name), ([a, b], type, rowCount, context) => {
    const text = folded(asBytes(a, context.account), isFolded, context)
    const patterns = textReader(b, context)
    const fixed = b.isConst || rowCount === 1 ? knownMatcher(patterns(0)) : null
    const out = context.account.u8(rowCount)
    if (fixed !== null && !text.isConst) {
      matchAll(fixed, text, out, isNegated, context)
      return numberVector(type, out)
    }
    for (let row = 0; row < rowCount; row++) {
      const slot = text.isConst ? 0 : row
      const matcher = fixed ?? matcherOf(patterns(row))
      const holds = matcher.test(text.bytes, text.offsets[slot], text.offsets[slot + 1])
      out[row] = holds === isNegated ? 0 : 1
    }
    return numberVector(type, out)
  }, { aliases })
}

/** Matchers that are kept of a function: a pattern is asked block by block. */
const MATCHERS_MAX = 16
/** A longer pattern is not kept. */
const PATTERN_MAX = 1024

function lately(matcherOf: (pattern: string) => Matcher): (pattern: string) => Matcher {
  const known = new Map<string, Matcher>()
  return (source) => {
    const before = known.get(source)
    if (before !== undefined) return before
    const matcher = matcherOf(source)
    if (source.length > PATTERN_MAX) return matcher
    if (known.size === MATCHERS_MAX) known.clear()
    known.set(source, matcher)
    return matcher
  }
}

const affix = (name: string, isStart: boolean): FunctionDef =>
  define(name, [2, 2], stringsToUInt8(name), ([a, b], type, rowCount, context) => {
    const text = asBytes(a, context.account)
    const parts = asBytes(b, context.account)
    return numbersBy(type, rowCount, context, (row) => {
      const slot = text.isConst ? 0 : row
      const p = parts.isConst ? 0 : row
      const part = parts.bytes.subarray(parts.offsets[p], parts.offsets[p + 1])
      const start = text.offsets[slot]
      const end = text.offsets[slot + 1]
      if (end - start < part.length) return 0
      return startsWith(text.bytes, isStart ? start : end - part.length, part) ? 1 : 0
    })
  })

export const STRING_SEARCH: readonly FunctionDef[] = [
  position('position', 'bytes', false), locate, position('positionCaseInsensitive', 'bytes', true, ['instr']),
  position('positionUTF8', 'characters', false), position('positionCaseInsensitiveUTF8', 'characters', true),
  pattern('like', false, (p) => likeMatcher(p, false)),
  pattern('notLike', true, (p) => likeMatcher(p, false)),
  pattern('ilike', false, (p) => likeMatcher(p, true), true),
  pattern('notILike', true, (p) => likeMatcher(p, true), true),
  pattern('match', false, regexpMatcher, false, ['REGEXP_MATCHES']),
  affix('startsWith', true), affix('endsWith', false),
]
