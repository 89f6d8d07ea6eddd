// More of texts: places of regular expressions, base32, printf, numbers in other bases, n-gram distances,
// tokens and the searches over them.
// Invariant: bytes count where ClickHouse counts bytes, code points where the name says UTF8.

import {
  arrayOf, bareType, FLOAT32, FLOAT64, INT8, STRING, UINT16, UINT32, UINT64, UINT8, type DataType,
} from '../../../storage/column/data-type.ts'
import type { Vector } from '../../../storage/column/vector.ts'
import type { Value } from '../values/value.ts'
import { ANY_COUNT, badArgument, constantInfo, constantOf, define, expectTypes, numberReader, numbersBy, ofStrings } from '../base/define.ts'
import { bytesBy, bytesReader, stringArraysBy, stringsBy, textFunction, textsFunction } from '../base/define-text.ts'
import { FunctionError, type ArgInfo, type EvalContext, type FunctionDef } from '../values/function.ts'
import { printfText, PRINTF } from './printf.ts'
import { compilePattern, matchesOf } from '../values/regexp.ts'
import { textReader } from '../base/strings.ts'
import { isInteger, isNumber, isString } from '../values/types.ts'
import { valueAt } from '../values/values.ts'

const latinOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString('latin1')
const bytesIn = (text: string): number => Buffer.byteLength(text)

/** A number made of the bytes of each argument. */
const ofBytes = (name: string, count: number, type: DataType, each: (...texts: Uint8Array[]) => number,
  aliases: readonly string[] = []): FunctionDef =>
  define(name, [count, count], ofStrings(name, type), (args, result, rowCount, context) => {
    const readers = args.map((arg) => bytesReader(arg, context))
    return numbersBy(result, rowCount, context, (row) => each(...readers.map((read) => read(row).slice())))
  }, { aliases })

const regexpPosition = define('regexpPosition', [2, 6], (args) => {
  expectTypes('regexpPosition', args, isString, isString, isInteger, isInteger, isInteger, isString)
  constantInfo('regexpPosition', args, 1)
  return UINT64
}, (args, type, rowCount, context) => {
  const [text, pattern] = args.map((arg) => (isString(arg.type) ? textReader(arg, context) : () => ''))
  const [from, nth, end] = [2, 3, 4].map((i) => (args.length > i ? numberReader(args[i]) : () => (i === 4 ? 0 : 1)))
  const isAnyCase = args.length > 5 && String(constantOf('regexpPosition', args, 5)).includes('i')
  return numbersBy(type, rowCount, context, (row) => {
    if (from(row) < 1) {
      throw new FunctionError(`Argument 'position' for function regexpPosition must be >= 1, got ${from(row)}`, 'BAD_ARGUMENTS')
    }
    const compiled = compilePattern((isAnyCase ? '(?i)' : '') + pattern(row))
    const rest = Buffer.from(text(row)).subarray(from(row) - 1).toString()
    let count = 0
    for (const match of matchesOf(compiled, rest)) {
      if (++count < nth(row)) continue
      return from(row) + bytesIn(rest.slice(0, end(row) === 1 ? match[1] : match[0]))
    }
    return 0
  })
}, { aliases: ['regexpInstr', 'regexp_instr'] })

const BASE32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'

function toBase32(bytes: Uint8Array): string {
  let [out, bits, count] = ['', 0, 0]
  for (const byte of bytes) {
    bits = ((bits << 8) | byte) & 0xfff
    count += 8
    for (; count >= 5; count -= 5) out += BASE32[(bits >> (count - 5)) & 31]
  }
  if (count > 0) out += BASE32[(bits << (5 - count)) & 31]
  return out.padEnd(Math.ceil(out.length / 8) * 8, '=')
}

function fromBase32(text: string): Uint8Array | null {
  const digits = text.replace(/=+$/, '')
  if (text.length % 8 !== 0 || [1, 3, 6].includes(digits.length % 8) || text.length - digits.length > 6) return null
  const out: number[] = []
  let [bits, count] = [0, 0]
  for (const char of digits.toUpperCase()) {
    const digit = BASE32.indexOf(char)
    if (digit < 0) return null
    bits = ((bits << 5) | digit) & 0xfff
    count += 5
    if (count < 8) continue
    count -= 8
    out.push((bits >> count) & 255)
  }
  return (bits & ((1 << count) - 1)) !== 0 ? null : Uint8Array.from(out)
}

const base32 = (name: string, each: (bytes: Uint8Array) => Uint8Array): FunctionDef =>
  define(name, [1, 1], ofStrings(name, STRING), ([a], type, rowCount, context) => {
    const read = bytesReader(a, context)
    return bytesBy(type, rowCount, context, (row) => each(read(row)))
  })

/** A number's text in another base; what is no digit ends it. */
const conv = define('conv', [3, 3], (args) => {
  expectTypes('conv', args, (type) => isString(type) || isInteger(type), isInteger, isInteger)
  return STRING
}, ([number, from, to], type, rowCount, context) => {
  const [a, b] = [numberReader(from), numberReader(to)]
  return stringsBy(type, rowCount, context, (row) => {
    const bases = [a(row), b(row)]
    if (bases.some((base) => base < 2 || base > 36)) {
      throw new FunctionError('Base is less than 2 or greater than 36 which is not supported', 'BAD_ARGUMENTS')
    }
    const text = String(valueAt(number, row))
    if (text === '') throw new FunctionError('Number for conversion is empty', 'BAD_ARGUMENTS')
    return inBase(text, bases[0], bases[1])
  })
})

const MOST = 2n ** 64n - 1n

function inBase(text: string, from: number, to: number): string {
  const match = /^\s*([+-]?)(.*)$/s.exec(text)
  let value = 0n
  for (const char of match?.[2] ?? '') {
    const digit = Number.parseInt(char, 36)
    if (Number.isNaN(digit) || digit >= from) break
    value = value * BigInt(from) + BigInt(digit)
    if (value > MOST) value = MOST
  }
  return (match?.[1] === '-' ? BigInt.asUintN(64, -value) : value).toString(to).toUpperCase()
}

/** Pieces of two texts compared as bytes: -1, 0 or 1. */
const compareSubstrings = define('compareSubstrings', [5, 5], (args) => {
  expectTypes('compareSubstrings', args, isString, isString, isInteger)
  return INT8
}, (args, type, rowCount, context) => {
  const [a, b] = args.slice(0, 2).map((arg) => bytesReader(arg, context))
  const [fromA, fromB, count] = args.slice(2).map(numberReader)
  return numbersBy(type, rowCount, context, (row) => {
    const numbers = [fromA(row), fromB(row), count(row)]
    if (numbers.some((number) => number < 0)) {
      throw new FunctionError('Offsets and length of compareSubstrings cannot be negative', 'BAD_ARGUMENTS')
    }
    return compareBytes(a(row).slice(numbers[0], numbers[0] + numbers[2]), b(row).subarray(numbers[1], numbers[1] + numbers[2]))
  })
})

/** As ClickHouse compares them: bytes above 127 are below the others. */
function compareBytes(a: Uint8Array, b: Uint8Array): number {
  for (let i = 0; i < Math.min(a.length, b.length); i++) {
    if (a[i] !== b[i]) return Math.sign((a[i] << 24) - (b[i] << 24))
  }
  return Math.sign(a.length - b.length)
}

/** Refuses a format that asks for another number of values. */
function checkCount(format: string, count: number): void {
  const wanted = [...format.matchAll(PRINTF)].filter(([, , , , letter]) => letter !== '%').length
  if (wanted === count) return
  throw new FunctionError(`printf: the format '${format}' takes ${wanted} values, not ${count}`, 'NUMBER_OF_ARGUMENTS_DOESNT_MATCH')
}

const printf = define('printf', [1, ANY_COUNT], (args) => {
  if (!isString(args[0].type)) throw badArgument('printf', 0, args[0].type)
  args.slice(1).forEach(({ type }, i) => { if (!isString(type) && !isNumber(type)) throw badArgument('printf', i + 1, type) })
  if (args[0].value !== undefined) checkCount(String(args[0].value), args.length - 1)
  return STRING
}, (args, type, rowCount, context) => {
  const types = args.slice(1).map((arg) => bareType(arg.type))
  return stringsBy(type, rowCount, context, (row) => {
    const format = String(valueAt(args[0], row))
    if (!args[0].isConst) checkCount(format, types.length)
    return printfText(format, args.slice(1).map((arg) => valueAt(arg, row)), types)
  })
})

/** How often each n-gram occurs. */
function gramsOf(text: string | readonly string[], size: number): Map<string, number> {
  const grams = new Map<string, number>()
  for (let at = 0; at + size <= text.length; at++) {
    const gram = typeof text === 'string' ? text.slice(at, at + size) : text.slice(at, at + size).join('')
    grams.set(gram, (grams.get(gram) ?? 0) + 1)
  }
  return grams
}

const sum = (grams: Map<string, number>): number => [...grams.values()].reduce((total, count) => total + count, 0)
const LONG = 32_768

function gramDistance(a: Map<string, number>, b: Map<string, number>): number {
  const total = sum(a) + sum(b)
  let apart = 0
  for (const gram of new Set([...a.keys(), ...b.keys()])) apart += Math.abs((a.get(gram) ?? 0) - (b.get(gram) ?? 0))
  return total === 0 ? 0 : apart / Math.max(total, 1)
}

function gramShare(text: Map<string, number>, needle: Map<string, number>): number {
  const wanted = sum(needle)
  let found = 0
  for (const [gram, count] of needle) found += Math.min(count, text.get(gram) ?? 0)
  return wanted === 0 ? 1 : found / wanted
}

const ngram = (kind: 'Distance' | 'Search', isAnyCase: boolean, isUtf8: boolean): FunctionDef => {
  const name = `ngram${kind}${isAnyCase ? 'CaseInsensitive' : ''}${isUtf8 ? 'UTF8' : ''}`
  return define(name, [2, 2], ofStrings(name, FLOAT32), (args, type, rowCount, context) => {
    const readers = args.map((arg) => {
      const read = bytesReader(arg, context)
      return (row: number): Map<string, number> | null => {
        const bytes = read(row)
        if (bytes.length > LONG) return null
        const plain = isUtf8 ? Buffer.from(bytes).toString() : latinOf(bytes)
        const text = !isAnyCase ? plain : isUtf8 ? plain.toLowerCase() : plain.replace(/[A-Z]/g, (c) => c.toLowerCase())
        return isUtf8 ? gramsOf([...text], 3) : gramsOf(text, 4)
      }
    })
    return numbersBy(type, rowCount, context, (row) => {
      const [a, b] = readers.map((read) => read(row))
      if (a === null || b === null) return kind === 'Distance' ? 1 : 0
      return kind === 'Distance' ? gramDistance(a, b) : gramShare(a, b)
    })
  })
}

function entropy(bytes: Uint8Array): number {
  const counts = new Uint32Array(256)
  for (const byte of bytes) counts[byte]++
  return counts.reduce((total, count) => (count === 0 ? total : total - (count / bytes.length) * Math.log2(count / bytes.length)), 0)
}

/** Bytes that differ; those that only the longer text has count, too. */
function hamming(a: Uint8Array, b: Uint8Array): number {
  let count = Math.abs(a.length - b.length)
  for (let i = 0; i < Math.min(a.length, b.length); i++) if (a[i] !== b[i]) count++
  return count
}

/** Shared characters among all characters. */
const jaccard = (a: readonly string[], b: readonly string[]): number => {
  const [left, right] = [new Set(a), new Set(b)]
  const both = [...left].filter((char) => right.has(char)).length
  const all = left.size + right.size - both
  return all === 0 ? 0 : both / all
}

function crcWithoutEnds(bytes: Uint8Array): number {
  let crc = 0
  for (const byte of bytes) {
    crc ^= byte
    for (let i = 0; i < 8; i++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0)
  }
  return crc >>> 0
}

type Tokenizer = (text: string) => readonly string[]

const byNonAlpha: Tokenizer = (text) => text.match(/[A-Za-z0-9\u0080-\u{10ffff}]+/gu) ?? []

/** The tokenizer that arguments from `at` on name. */
function tokenizerOf(name: string, kind: string, more: Value | undefined): Tokenizer {
  switch (kind) {
    case 'default': case 'splitByNonAlpha': return byNonAlpha
    case 'array': case 'no_op': return (text) => (text === '' ? [] : [text])
    case 'ngram': case 'ngrams': {
      const size = Number(more ?? 3)
      if (size < 1 || size > 8) throw new FunctionError(`${name}: the size of n-grams is 1 to 8`, 'BAD_ARGUMENTS')
      return (text) => {
        const chars = [...text]
        return chars.slice(size - 1).map((_, i) => chars.slice(i, i + size).join(''))
      }
    }
    case 'split': case 'splitByString': {
      const separators = more === undefined ? [' '] : (more as readonly string[])
      return (text) => splitByAny(text, separators)
    }
    default: throw new FunctionError(`Unknown tokenizer: '${kind}'`, 'BAD_ARGUMENTS')
  }
}

function splitByAny(text: string, separators: readonly string[]): string[] {
  const pieces: string[] = []
  let piece = ''
  for (let at = 0; at < text.length;) {
    const separator = separators.find((one) => one !== '' && text.startsWith(one, at))
    if (separator === undefined) {
      piece += text[at++]
      continue
    }
    if (piece !== '') pieces.push(piece)
    piece = ''
    at += separator.length
  }
  return piece === '' ? pieces : [...pieces, piece]
}

/** The tokenizer of arguments `at` and `at + 1`; the default where there are none. */
const tokenizerIn = (name: string, args: readonly Vector[], at: number): Tokenizer => (args.length <= at ? byNonAlpha
  : tokenizerOf(name, String(constantOf(name, args, at)), args.length > at + 1 ? constantOf(name, args, at + 1) : undefined))

const checkTokenizer = (name: string, args: readonly ArgInfo[], at: number): void => {
  if (args.length > at) tokenizerOf(name, String(constantInfo(name, args, at)), args.length > at + 1 ? args[at + 1].value : undefined)
}

const tokens = define('tokens', [1, 3], (args) => {
  if (!isString(args[0].type)) throw badArgument('tokens', 0, args[0].type)
  checkTokenizer('tokens', args, 1)
  return arrayOf(STRING)
}, (args, type, rowCount, context) => {
  const read = textReader(args[0], context)
  const tokenize = tokenizerIn('tokens', args, 1)
  return stringArraysBy(type, rowCount, context, (row, push) => tokenize(read(row)).forEach(push))
})

/** Whether the tokens of a text hold those that are wanted: a list, or the tokens of a text. */
const hasTokens = (name: string, alias: string, isAll: boolean): FunctionDef => define(name, [2, 4], (args) => {
  const isTexts = (type: DataType): boolean => isString(type) || (type.id === 'Array' && isString(bareType(type.args[0])))
  expectTypes(name, args.slice(0, 2), isTexts, (type) => isTexts(type) || (type.id === 'Array' && type.args[0].id === 'Nothing'))
  checkTokenizer(name, args, 2)
  return UINT8
}, (args, type, rowCount, context) => {
  const tokenize = tokenizerIn(name, args, 2)
  const listOf = (value: Value): readonly string[] => (typeof value === 'string' ? tokenize(value)
    : (value as readonly Value[]).map(String))
  return numbersBy(type, rowCount, context, (row) => {
    const wanted = listOf(valueAt(args[1], row))
    const text = valueAt(args[0], row)
    const present = new Set(typeof text === 'string' ? tokenize(text) : (text as readonly Value[]).flatMap((one) => tokenize(String(one))))
    if (wanted.length === 0) return 0
    return (isAll ? wanted.every((one) => present.has(one)) : wanted.some((one) => present.has(one))) ? 1 : 0
  })
}, { aliases: [alias] })

function hasPhrase(text: string, phrase: string): number {
  const [all, wanted] = [byNonAlpha(text), byNonAlpha(phrase)]
  if (wanted.length === 0) return 0
  return all.some((_, at) => wanted.every((token, i) => all[at + i] === token)) ? 1 : 0
}

const reverseBySeparator = define('reverseBySeparator', [1, 2], ofStrings('reverseBySeparator', STRING),
  (args, type, rowCount, context: EvalContext) => {
    const read = textReader(args[0], context)
    const separator = args.length > 1 ? textReader(args[1], context) : () => '.'
    return stringsBy(type, rowCount, context, (row) => read(row).split(separator(row)).reverse().join(separator(row)))
  })

export const STRING_MORE: readonly FunctionDef[] = [
  regexpPosition, conv, compareSubstrings, printf, tokens, reverseBySeparator,
  base32('base32Encode', (bytes) => Buffer.from(toBase32(bytes))),
  base32('base32Decode', (bytes) => {
    const decoded = fromBase32(latinOf(bytes))
    if (decoded !== null) return decoded
    throw new FunctionError(`Invalid base32Decode value (${latinOf(bytes).slice(0, 80)}), cannot be decoded`, 'INCORRECT_DATA')
  }),
  base32('tryBase32Decode', (bytes) => fromBase32(latinOf(bytes)) ?? new Uint8Array(0)),
  ...(['Distance', 'Search'] as const).flatMap((kind) => [false, true].flatMap((isAnyCase) =>
    [false, true].map((isUtf8) => ngram(kind, isAnyCase, isUtf8)))),
  ofBytes('byteHammingDistance', 2, UINT64, hamming, ['mismatches']), ofBytes('stringBytesEntropy', 1, FLOAT64, entropy),
  ofBytes('stringBytesUniq', 1, UINT16, (bytes) => new Set(bytes).size), ofBytes('CRC32IEEE', 1, UINT32, crcWithoutEnds),
  ofBytes('stringJaccardIndex', 2, FLOAT64, (a, b) => jaccard([...latinOf(a)], [...latinOf(b)])),
  ofBytes('stringJaccardIndexUTF8', 2, FLOAT64, (a, b) =>
    jaccard([...Buffer.from(a).toString()], [...Buffer.from(b).toString()])),
  hasTokens('hasAnyTokens', 'hasAnyToken', false), hasTokens('hasAllTokens', 'hasAllToken', true),
  { ...textsFunction('hasPhrase', 2, () => ''), aliases: ['matchPhrase'], returnType: ofStrings('hasPhrase', UINT8),
    evaluate: (args, type, rowCount, context) => {
      const [text, phrase] = args.map((arg) => textReader(arg, context))
      return numbersBy(type, rowCount, context, (row) => hasPhrase(text(row), phrase(row)))
    } },
  textFunction('removeDiacriticsUTF8', (text) => text.normalize('NFD').replace(/\p{M}/gu, '').normalize('NFC'), ['removeAccentsUTF8']),
]
