// Strings to arrays of strings: words, tokens, n-grams, pieces by white space.
// Invariant: letters and digits are ASCII's here, as in ClickHouse; n-grams count code points.

import { arrayOf, STRING } from '../../../storage/column/data-type.ts'
import { constantOf, define } from '../base/define.ts'
import { stringArraysBy, takes } from '../base/define-text.ts'
import { FunctionError, type FunctionDef } from '../values/function.ts'
import { textReader } from '../base/strings.ts'
import { isInteger, isString } from '../values/types.ts'

/** Pieces that match; the second argument is the most there may be. */
const words = (name: string, pattern: RegExp, aliases: readonly string[] = []): FunctionDef =>
  define(name, [1, 2], takes(name, arrayOf(STRING), isString, isInteger), (args, type, rowCount, context) => {
    const read = textReader(args[0], context)
    const limit = args.length > 1 ? Number(constantOf(name, args, 1)) : 0
    return stringArraysBy(type, rowCount, context, (row, push) => {
      const pieces = read(row).match(pattern) ?? []
      for (const piece of limit > 0 ? pieces.slice(0, limit) : pieces) push(piece)
    })
  }, { aliases })

const ngrams = define('ngrams', [2, 2], takes('ngrams', arrayOf(STRING), isString, isInteger),
  (args, type, rowCount, context) => {
    const size = Number(constantOf('ngrams', args, 1))
    if (size < 1) throw new FunctionError('ngrams: the size must be above 0', 'BAD_ARGUMENTS')
    const read = textReader(args[0], context)
    return stringArraysBy(type, rowCount, context, (row, push) => {
      const chars = [...read(row)]
      for (let at = 0; at + size <= chars.length; at++) push(chars.slice(at, at + size).join(''))
    })
  })

export const STRING_SPLIT: readonly FunctionDef[] = [
  words('alphaTokens', /[A-Za-z]+/g, ['splitByAlpha']),
  words('splitByNonAlpha', /[^\s!-/:-@[-`{-~]+/g), words('splitByWhitespace', /[^ \f\n\r\t\v]+/g),
  ngrams,
]
