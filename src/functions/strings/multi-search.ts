// Many needles, tokens and subsequences: multiSearch*, countSubstrings*, hasToken*, hasSubsequence*.
// Invariant: needles are constant arrays, read once per block.

import { arrayOf, bareType, nullableOf, UINT64, UINT8, type DataType } from '../../../storage/column/data-type.ts'
import type { Vector } from '../../../storage/column/vector.ts'
import { bytesOfText } from '../../sql/raw-text.ts'
import { constantOf, define, expectTypes, numberReader, numbersBy, ofStrings } from '../base/define.ts'
import { bytesReader, numberArraysBy } from '../base/define-text.ts'
import { FunctionError, type EvalContext, type FunctionDef } from '../values/function.ts'
import { folded } from './string-search.ts'
import { codePoints, indexOfBytes, textReader } from '../base/strings.ts'
import { isInteger, isString } from '../values/types.ts'
import { asBytes, retype } from '../values/vectors.ts'

type Variant = { readonly suffix: string; readonly isCaseless: boolean; readonly isUtf8: boolean }

/** The four forms of a search. */
const VARIANTS: readonly Variant[] = [
  { suffix: '', isCaseless: false, isUtf8: false }, { suffix: 'CaseInsensitive', isCaseless: true, isUtf8: false },
  { suffix: 'UTF8', isCaseless: false, isUtf8: true },
  { suffix: 'CaseInsensitiveUTF8', isCaseless: true, isUtf8: true },
]

/** A row's text in bytes, lowered where case does not matter. */
function haystack(vector: Vector, { isCaseless, isUtf8 }: Variant, context: EvalContext) {
  if (!isCaseless || !isUtf8) {
    return bytesReader(folded(asBytes(vector, context.account), isCaseless, context), context)
  }
  const read = textReader(vector, context)
  return (row: number): Uint8Array => bytesOfText(read(row).toLowerCase())
}

/** First place of a needle, from 1, in bytes or code points; 0 for none. */
function place(text: Uint8Array, needle: Uint8Array, isUtf8: boolean): number {
  const at = indexOfBytes(text, 0, text.length, needle)
  return at < 0 ? 0 : isUtf8 ? codePoints(text, 0, at) + 1 : at + 1
}

const isTextList = (type: DataType): boolean => type.id === 'Array' && ['String', 'Nothing'].includes(bareType(type.args[0]).id)

type Search = 'Any' | 'FirstIndex' | 'FirstPosition' | 'AllPositions'

const multiSearch = (search: Search) => (variant: Variant): FunctionDef => {
  const name = `multiSearch${search}${variant.suffix}`
  const type: DataType = search === 'Any' ? UINT8 : search === 'AllPositions' ? arrayOf(UINT64) : UINT64
  return define(name, [2, 2], (args) => {
    expectTypes(name, args, isString, isTextList)
    return type
  }, (args, result, rowCount, context) => {
    const needles = (constantOf(name, args, 1) as readonly string[])
      .map((needle) => bytesOfText(variant.isCaseless ? needle.toLowerCase() : needle))
    const read = haystack(args[0], variant, context)
    if (search === 'AllPositions') {
      return numberArraysBy(result, rowCount, context, (row, push) => {
        const text = read(row)
        for (const needle of needles) push(place(text, needle, variant.isUtf8))
      })
    }
    return numbersBy(result, rowCount, context, (row) => {
      const text = read(row)
      if (search === 'FirstPosition') {
        const places = needles.map((needle) => place(text, needle, variant.isUtf8)).filter((at) => at > 0)
        return places.length === 0 ? 0 : Math.min(...places)
      }
      const found = needles.findIndex((needle) => indexOfBytes(text, 0, text.length, needle) >= 0) + 1
      return search === 'Any' ? Math.min(found, 1) : found
    })
  })
}

const countSubstrings = (variant: Variant): FunctionDef => {
  const name = `countSubstrings${variant.suffix}`
  return define(name, [2, 3], (args) => {
    expectTypes(name, args, isString, isString, isInteger)
    return UINT64
  }, (args, type, rowCount, context) => {
    const read = haystack(args[0], variant, context)
    const needles = haystack(args[1], variant, context)
    const from = args.length > 2 ? numberReader(args[2]) : () => 1
    return numbersBy(type, rowCount, context, (row) => {
      const text = read(row)
      const needle = needles(row)
      let count = 0
      if (needle.length === 0) return 0
      let at = indexOfBytes(text, Math.max(0, from(row) - 1), text.length, needle)
      for (; at >= 0; count++) at = indexOfBytes(text, at + needle.length, text.length, needle)
      return count
    })
  })
}

const isTokenByte = (byte: number): boolean => byte >= 128 || (byte >= 48 && byte <= 57)
  || (byte >= 65 && byte <= 90) || (byte >= 97 && byte <= 122)

/** A whole word of ASCII letters and digits (and anything beyond ASCII). */
const hasToken = (name: string, isCaseless: boolean, isNull: boolean): FunctionDef =>
  define(name, [2, 2], ofStrings(name, isNull ? nullableOf(UINT8) : UINT8), (args, type, rowCount, context) => {
    const variant = { suffix: '', isCaseless, isUtf8: false }
    const token = bytesOfText(isCaseless ? String(constantOf(name, args, 1)).toLowerCase()
      : String(constantOf(name, args, 1)))
    const isToken = token.length > 0 && token.every(isTokenByte)
    if (!isToken && !isNull) {
      throw new FunctionError(`${name}: the needle must be one word, without separators`, 'BAD_ARGUMENTS')
    }
    const read = haystack(args[0], variant, context)
    const found = numbersBy(UINT8, rowCount, context, (row) => {
      const text = read(row)
      for (let at = indexOfBytes(text, 0, text.length, token); at >= 0 && isToken;
        at = indexOfBytes(text, at + 1, text.length, token)) {
        const after = at + token.length
        if ((at === 0 || !isTokenByte(text[at - 1])) && (after === text.length || !isTokenByte(text[after]))) {
          return 1
        }
      }
      return 0
    })
    return retype(found, type, isNull && !isToken ? context.account.u8(rowCount).fill(1) : null)
  })

/** The needle's characters in order, with others between. */
const hasSubsequence = (variant: Variant): FunctionDef => {
  const name = `hasSubsequence${variant.suffix}`
  return define(name, [2, 2], ofStrings(name, UINT8), (args, type, rowCount, context) => {
    const [texts, needles] = args.map((arg) => textReader(arg, context))
    const fold = (text: string): string => (!variant.isCaseless ? text : variant.isUtf8 ? text.toLowerCase()
      : text.replace(/[A-Z]+/g, (run) => run.toLowerCase()))
    return numbersBy(type, rowCount, context, (row) => {
      const text = fold(texts(row))
      let at = 0
      for (const char of fold(needles(row))) {
        at = text.indexOf(char, at)
        if (at < 0) return 0
        at += char.length
      }
      return 1
    })
  })
}

export const MULTI_SEARCH: readonly FunctionDef[] = [
  ...VARIANTS.flatMap((variant) => (['Any', 'FirstIndex', 'FirstPosition', 'AllPositions'] as const)
    .map((search) => multiSearch(search)(variant))),
  ...VARIANTS.filter(({ suffix }) => suffix !== 'UTF8').map(countSubstrings), ...VARIANTS.map(hasSubsequence),
  hasToken('hasToken', false, false), hasToken('hasTokenCaseInsensitive', true, false),
  hasToken('hasTokenOrNull', false, true), hasToken('hasTokenCaseInsensitiveOrNull', true, true),
]
