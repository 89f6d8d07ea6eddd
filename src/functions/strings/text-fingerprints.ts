// Fingerprints of texts: SimHash and MinHash over n-grams of characters or runs of words.
// Invariant: a shingle's hash is the CRC-32C of its bytes without the last inversion, case folded by bit 5 alone, as
// ClickHouse's are, so that fingerprints stored by either are comparable.
// Source of the algorithms: Charikar, "Similarity estimation techniques from rounding algorithms" (2002); Broder, "On
// the resemblance and containment of documents" (1997).

import { STRING, UINT64, type DataType } from '../../../storage/column/data-type.ts'
import type { Vector } from '../../../storage/column/vector.ts'
import { crc32c } from '../../../storage/bytes/crc32c.ts'
import { hash128to64 } from '../../../storage/kernels/city-hash.ts'
import { ByteBuilder } from '../values/byte-builder.ts'
import { define } from '../base/define.ts'
import { bytesReader } from '../base/define-text.ts'
import { FunctionError, type ArgInfo, type EvalContext, type FunctionDef } from '../values/function.ts'
import { numberInfo, tupleOf } from '../values/types.ts'
import { valueAt } from '../values/values.ts'
import { bigVector, newBigs } from '../values/vectors.ts'

const SHINGLE_DEFAULT = 3
const HASHES_DEFAULT = 6
const COUNT_MAX = 25
const WORD_BYTES_MIN = 4
const CASE_BIT = 0x20

/** What a text is taken apart into. */
type Rule = { readonly ofWords: boolean; readonly isUtf8: boolean; readonly ignoresCase: boolean }

/** Told of each shingle: where it lies, and the hash of its parts' bytes. */
type Visit = (hash: number, start: number, end: number) => void
type Span = readonly [start: number, end: number]

/** The hash of no bytes at all, in 64 bits. */
const HASH_OF_NOTHING = 0xffffffffffffffffn

/** The checksum over spans of the text, one behind the other. */
function hashOf(text: Uint8Array, spans: readonly Span[]): number {
  let crc = 0
  for (const [start, end] of spans) crc = crc32c(text.subarray(start, end), crc)
  return ~crc >>> 0
}

/** How many bytes a character takes by its first. */
const characterBytes = (lead: number): number => (lead < 0xc0 || lead >= 0xf8 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4)

/** n-grams of a text; a shorter one is its own. */
function ngrams(text: Uint8Array, size: number, isUtf8: boolean): (readonly Span[])[] {
  const next = (at: number): number => Math.min(text.length, at + (isUtf8 ? characterBytes(text[at]) : 1))
  let end = 0
  for (let i = 0; i < size; i++) {
    if (end >= text.length) return [[[0, text.length]]]
    end = next(end)
  }
  // The first n-gram of characters is not seen there.
  const found: (readonly Span[])[] = isUtf8 ? [] : [[[0, end]]]
  for (let start = 0; end < text.length;) {
    start = next(start)
    end = next(end)
    found.push([[start, end]])
  }
  return found
}

const isWordByte = (byte: number): boolean => byte >= 0x80 || (byte >= 0x30 && byte <= 0x39)
  || (byte >= 0x41 && byte <= 0x5a) || (byte >= 0x61 && byte <= 0x7a)

/** Runs of letters, digits and what is not ASCII, of four bytes and more. */
function wordsOf(text: Uint8Array): Span[] {
  const words: Span[] = []
  for (let at = 0; at < text.length;) {
    while (at < text.length && !isWordByte(text[at])) at++
    const start = at
    while (at < text.length && isWordByte(text[at])) at++
    if (at - start >= WORD_BYTES_MIN) words.push([start, at])
  }
  return words
}

/** Runs of `size` words; fewer are one run. */
function wordRuns(text: Uint8Array, size: number): (readonly Span[])[] {
  const words = wordsOf(text)
  if (words.length === 0) return []
  return Array.from({ length: Math.max(1, words.length - size + 1) }, (_, i) => words.slice(i, i + size))
}

function eachShingle(text: Uint8Array, size: number, { ofWords, isUtf8, ignoresCase }: Rule, visit: Visit): void {
  const hashed = ignoresCase ? text.map((byte) => byte | CASE_BIT) : text
  for (const spans of ofWords ? wordRuns(text, size) : ngrams(text, size, isUtf8)) {
    visit(hashOf(hashed, spans), spans[0][0], spans[spans.length - 1][1])
  }
}

/** Bit i is what most shingles have there. */
function simHash(text: Uint8Array, size: number, rule: Rule): bigint {
  if (text.length === 0) return rule.ofWords ? 0n : HASH_OF_NOTHING
  const ones = new Int32Array(32)
  let count = 0
  eachShingle(text, size, rule, (hash) => {
    count++
    for (let bit = 0; bit < 32; bit++) ones[bit] += (hash >>> bit) & 1
  })
  let result = 0
  for (let bit = 0; bit < 32; bit++) if (2 * ones[bit] > count) result |= 1 << bit
  return BigInt(result >>> 0)
}

type Kept = { readonly hash: number; readonly start: number; readonly end: number }

const wideHash = ({ hash, start, end }: Kept): bigint => (start === end ? HASH_OF_NOTHING : BigInt(hash))

/** The shingles of the least hashes, the greatest of them first, and those of the greatest, the least first. */
function extremes(text: Uint8Array, size: number, count: number, rule: Rule): readonly [Kept[], Kept[]] {
  const found = new Map<number, Kept>()
  eachShingle(text, size, rule, (hash, start, end) => {
    if (!found.has(hash)) found.set(hash, { hash, start, end })
  })
  const sorted = [...found.values()].sort((a, b) => a.hash - b.hash)
  return [sorted.slice(0, count).reverse(), sorted.slice(-count)]
}

// ---------------------------------------------------------------------- as functions

const NAMES = ['shingle size', 'num hashes']

/** The counts behind the text. */
function countsOf(name: string, args: readonly ArgInfo[]): void {
  if (args[0].type.id !== 'String') throw new FunctionError(`Function ${name} takes a String, not ${args[0].type.name}`)
  args.slice(1).forEach(({ type, value, isFull }, i) => {
    const info = numberInfo(type)
    if (info === null || info.isFloat || info.isSigned) {
      throw new FunctionError(`The ${NAMES[i]} of function ${name} is an unsigned integer, not ${type.name}`)
    }
    if (value === undefined || isFull === true) throw new FunctionError(`The ${NAMES[i]} of function ${name} must be constant`)
    if (Number(value) < 1 || Number(value) > COUNT_MAX) {
      throw new FunctionError(`The ${NAMES[i]} of function ${name} lies between 1 and ${COUNT_MAX}`, 'ARGUMENT_OUT_OF_BOUND')
    }
  })
}

/** The constant behind the text, or what stands for it. */
const countAt = (args: readonly Vector[], index: number, rest: number): number =>
  (args.length > index ? Number(valueAt(args[index], 0)) : rest)

const simHashOf = (name: string, rule: Rule): FunctionDef => define(name, [1, 2], (args) => {
  countsOf(name, args)
  return UINT64
}, (args, type, rowCount, context) => {
  const read = bytesReader(args[0], context)
  const size = countAt(args, 1, SHINGLE_DEFAULT)
  const out = newBigs(type, rowCount, context.account)
  for (let row = 0; row < rowCount; row++) out[row] = simHash(read(row), size, rule)
  return bigVector(type, out)
})

const tupleVector = (type: DataType, length: number, fields: readonly Vector[]): Vector =>
  ({ kind: 'tuple', type, length, isConst: false, nulls: null, fields })

/** Of each row both lists of shingles. */
function keptOf(args: readonly Vector[], rowCount: number, rule: Rule, context: EvalContext): (readonly [Kept[], Kept[]])[] {
  const read = bytesReader(args[0], context)
  const size = countAt(args, 1, SHINGLE_DEFAULT)
  const count = countAt(args, 2, HASHES_DEFAULT)
  return Array.from({ length: rowCount }, (_, row) => extremes(read(row), size, count, rule))
}

const minHashOf = (name: string, rule: Rule): FunctionDef => define(name, [1, 3], (args) => {
  countsOf(name, args)
  return tupleOf([UINT64, UINT64])
}, (args, type, rowCount, context) => {
  const rows = keptOf(args, rowCount, rule, context)
  return tupleVector(type, rowCount, [0, 1].map((side) => {
    const out = newBigs(UINT64, rowCount, context.account)
    rows.forEach((both, row) => { out[row] = both[side].reduce((joined, kept) => hash128to64(joined, wideHash(kept)), 0n) })
    return bigVector(UINT64, out)
  }))
})

const minHashTextsOf = (name: string, rule: Rule): FunctionDef => define(name, [1, 3], (args) => {
  countsOf(name, args)
  const texts = tupleOf(Array.from({ length: Number(args[2]?.value ?? HASHES_DEFAULT) }, () => STRING))
  return tupleOf([texts, texts])
}, (args, type, rowCount, context) => {
  const read = bytesReader(args[0], context)
  const rows = keptOf(args, rowCount, rule, context)
  return tupleVector(type, rowCount, type.args.map((texts, side) => tupleVector(texts, rowCount, texts.args.map((_, i) => {
    const out = new ByteBuilder(rowCount, context.account)
    rows.forEach((both, row) => {
      const kept = both[side][i]
      if (kept !== undefined) out.slice(read(row), kept.start, kept.end)
      out.endRow()
    })
    return out.finish(STRING)
  }))))
})

const RULES: readonly (readonly [suffix: string, ignoresCase: boolean, isUtf8: boolean])[] = [
  ['', false, false], ['CaseInsensitive', true, false], ['UTF8', false, true], ['CaseInsensitiveUTF8', true, true]]

export const TEXT_FINGERPRINTS: readonly FunctionDef[] = ['ngram', 'wordShingle'].flatMap((unit) =>
  RULES.flatMap(([suffix, ignoresCase, isUtf8]) => {
    const rule: Rule = { ofWords: unit === 'wordShingle', isUtf8, ignoresCase }
    return [simHashOf(`${unit}SimHash${suffix}`, rule), minHashOf(`${unit}MinHash${suffix}`, rule),
      minHashTextsOf(`${unit}MinHashArg${suffix}`, rule)]
  }))
