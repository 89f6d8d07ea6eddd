// Sparse n-grams: parts of a text whose first and last (n-1)-gram have greater hashes than all within, so that long
// parts stand for many short ones in an index.
// Invariant: hashes and the order of the parts are ClickHouse's.

import { arrayOf, STRING, UINT32, type DataType } from '../../../storage/column/data-type.ts'
import { crc32c } from '../../../storage/bytes/crc32c.ts'
import type { Vector } from '../../../storage/column/vector.ts'
import { ByteBuilder } from '../values/byte-builder.ts'
import { define } from '../base/define.ts'
import { bytesReader, numberArraysBy } from '../base/define-text.ts'
import { FunctionError, type ArgInfo, type FunctionDef } from '../values/function.ts'
import { isInteger } from '../values/types.ts'
import { valueAt } from '../values/values.ts'
import { arrayVector } from '../values/vectors.ts'

type Limits = { readonly least: number; readonly most: number; readonly cutoff: number }
type Part = readonly [start: number, end: number]

const LEAST_DEFAULT = 3
const MOST_DEFAULT = 100
const LIMITS = ['min_ngram_length', 'max_ngram_length', 'min_cutoff_length']
const WORD = 8
/** Makes the checksum begin at 0. */
const START = ~0 >>> 0
/** Of one call at a time. */
const lastWord = new Uint8Array(WORD)

/** The checksum by words of eight bytes. The last is filled up and says how many bytes it has: a text of one word
 * behind them, a longer one before them. */
function wordsHash(text: Uint8Array, start: number, end: number): number {
  const rest = (end - start) % WORD
  const isShort = end - start < WORD
  const seed = isShort ? START : crc32c(text.subarray(start, end - rest), START)
  if (rest === 0 && !isShort) return ~seed >>> 0
  const from = isShort ? 0 : WORD - rest
  lastWord.fill(0)
  for (let i = 0; i < rest; i++) lastWord[from + i] = text[end - rest + i]
  lastWord[isShort ? WORD - 1 : 0] = rest
  return ~crc32c(lastWord, seed) >>> 0
}

/** Where characters begin, and the end. */
function charactersOf(text: Uint8Array, isUtf8: boolean): number[] {
  const starts = [0]
  for (let at = 0; at < text.length;) {
    const lead = text[at]
    at += !isUtf8 || lead < 0xc0 || lead >= 0xf8 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4
    starts.push(Math.min(at, text.length))
  }
  return starts
}

function sparseParts(text: Uint8Array, isUtf8: boolean, { least, most, cutoff }: Limits): Part[] {
  const starts = charactersOf(text, isUtf8)
  const width = least - 1
  const parts: Part[] = []
  // Of the n-grams so far those that no later one outdoes, the greatest first.
  let hull: { readonly index: number; readonly hash: number }[] = []
  for (let index = 0; index + width < starts.length; index++) {
    const end = starts[index + width]
    const hash = wordsHash(text, starts[index], end)
    const add = (from: number): void => {
      if (index - from + width >= cutoff) parts.push([starts[from], end])
    }
    const isFar = (from: number): boolean => index - from + width > most
    while (hull.length > 0 && hull[hull.length - 1].hash < hash) {
      const { index: from } = hull.pop() as { index: number }
      if (isFar(from)) hull = []
      else add(from)
    }
    const before = hull.at(-1)
    if (before !== undefined && !isFar(before.index)) add(before.index)
    if (before?.hash === hash) hull.pop()
    hull.push({ index, hash })
  }
  return parts
}

function checkArguments(name: string, args: readonly ArgInfo[]): void {
  if (args[0].type.id !== 'String') throw new FunctionError(`Function ${name} takes a String, not ${args[0].type.name}`)
  args.slice(1).forEach(({ type, value, isFull }, i) => {
    if (!isInteger(type)) throw new FunctionError(`${LIMITS[i]} of function ${name} is an integer, not ${type.name}`)
    if (value === undefined || isFull === true) throw new FunctionError(`${LIMITS[i]} of function ${name} must be constant`, 'ILLEGAL_COLUMN')
  })
}

/** With a shortest length to keep, the longest is not asked for there. */
function limitsOf(name: string, args: readonly Vector[]): Limits {
  const [least = LEAST_DEFAULT, most, cutoff] = args.slice(1).map((arg) => Number(BigInt.asUintN(64, BigInt(Number(valueAt(arg, 0))))))
  const limits = { least, most: args.length === 3 ? most : MOST_DEFAULT, cutoff: cutoff ?? least }
  const fail = (what: string): FunctionError => new FunctionError(`${what} in function ${name}`, 'BAD_ARGUMENTS')
  if (least < LEAST_DEFAULT) throw fail(`min_ngram_length is less than ${LEAST_DEFAULT}`)
  if (limits.most < least) throw fail('max_ngram_length is less than min_ngram_length')
  if (limits.cutoff < least || limits.cutoff > limits.most) throw fail('min_cutoff_length lies between the other lengths')
  return limits
}

const ofParts = (name: string, element: DataType): FunctionDef['returnType'] => (args) => {
  checkArguments(name, args)
  return arrayOf(element)
}

const gramsOf = (name: string, isUtf8: boolean): FunctionDef => define(name, [1, 4], ofParts(name, STRING),
  (args, type, rowCount, context) => {
    const limits = limitsOf(name, args)
    const read = bytesReader(args[0], context)
    const rows = Array.from({ length: rowCount }, (_, row) => sparseParts(read(row), isUtf8, limits)) // one block's
    const offsets = context.account.u32(rowCount + 1)
    offsets[0] = 0
    rows.forEach((parts, row) => { offsets[row + 1] = offsets[row] + parts.length })
    const texts = new ByteBuilder(offsets[rowCount], context.account)
    rows.forEach((parts, row) => {
      for (const [start, end] of parts) {
        texts.slice(read(row), start, end)
        texts.endRow()
      }
    })
    return arrayVector(type, offsets, texts.finish(STRING))
  })

const hashesOf = (name: string, isUtf8: boolean): FunctionDef => define(name, [1, 4], ofParts(name, UINT32),
  (args, type, rowCount, context) => {
    const limits = limitsOf(name, args)
    const read = bytesReader(args[0], context)
    return numberArraysBy(type, rowCount, context, (row, push) => {
      const text = read(row)
      for (const [start, end] of sparseParts(text, isUtf8, limits)) push(wordsHash(text, start, end))
    })
  })

export const SPARSE_GRAMS: readonly FunctionDef[] = [
  gramsOf('sparseGrams', false), gramsOf('sparseGramsUTF8', true),
  hashesOf('sparseGramsHashes', false), hashesOf('sparseGramsHashesUTF8', true),
]
