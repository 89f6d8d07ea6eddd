// Functions of regular expressions besides match: replaceRegexp, extract, extractAll, extractGroups,
// countMatches, splitByRegexp, multiMatch.
// Invariant: a constant pattern is compiled once per block, and every pattern runs in linear time.

import { arrayOf, STRING, UINT64, UINT8 } from '../../../storage/column/data-type.ts'
import type { Vector } from '../../../storage/column/vector.ts'
import { constantOf, define, expectTypes, numbersBy, ofStrings, overDefaults, stringsToString } from '../base/define.ts'
import { numberArraysBy, stringArraysBy, stringsBy, takes, textFunction } from '../base/define-text.ts'
import { FunctionError, type EvalContext, type FunctionDef } from '../values/function.ts'
import { compilePattern, groupText, matchesOf, type Pattern, type PatternOptions } from '../values/regexp.ts'
import { textReader } from '../base/strings.ts'
import { isInteger, isString } from '../values/types.ts'
import { arrayVector } from '../values/vectors.ts'

/** The pattern of each row; one for all where it is constant. */
function patternReader(
  vector: Vector, context: EvalContext, options: PatternOptions = {}): (row: number) => Pattern {
  const read = textReader(vector, context)
  if (vector.isConst || vector.length === 1) {
    const pattern = compilePattern(read(0), options)
    return () => pattern
  }
  let last = ''
  let pattern: Pattern | null = null
  return (row) => {
    const text = read(row)
    if (pattern === null || text !== last) pattern = compilePattern(text, options)
    last = text
    return pattern
  }
}

/** A replacement as texts and numbers of groups: \\0 to \\9, and \\\\ for a backslash. */
function replacementParts(name: string, text: string, groupCount: number): (string | number)[] {
  const parts: (string | number)[] = []
  for (const piece of text.split(/(\\[0-9]|\\[^0-9])/)) {
    if (/^\\[0-9]$/.test(piece)) {
      const group = Number(piece[1])
      if (group > groupCount) {
        throw new FunctionError(`${name}: the replacement names group ${group}, but the pattern has `
          + `${groupCount}`, 'BAD_ARGUMENTS')
      }
      parts.push(group)
    } else {
      parts.push(piece.replace(/\\(.)/gs, '$1'))
    }
  }
  return parts
}

const replaceRegexp = (name: string, isAll: boolean, aliases: readonly string[] = []): FunctionDef =>
  define(name, [3, 3], stringsToString(name), (args, type, rowCount, context) => {
    const read = textReader(args[0], context)
    const patterns = patternReader(args[1], context)
    const by = textReader(args[2], context)
    const isFixed = [1, 2].every((i) => args[i].isConst || args[i].length === 1)
    // In a column, ClickHouse replaces a pattern without signs as it would a text, \0 included.
    const isPlain = isFixed && !args[0].isConst && /^[^^$.[\]|()?*+{}\\]+$/.test(String(constantOf(name, args, 1)))
    const named = isFixed ? replacementParts(name, by(0), patterns(0).groupCount) : null
    const fixed = isPlain ? [by(0)] : named
    return stringsBy(type, rowCount, context, (row) => {
      const parts = fixed ?? replacementParts(name, by(row), patterns(row).groupCount)
      return replaced(read(row), patterns(row), parts, isAll)
    })
  }, { aliases })

function replaced(
  text: string, pattern: Pattern, parts: readonly (string | number)[], isAll: boolean): string {
  let out = ''
  let at = 0
  for (const match of matchesOf(pattern, text)) {
    out += text.slice(at, match[0])
    for (const part of parts) out += typeof part === 'string' ? part : groupText(text, match, part)
    at = match[1]
    if (!isAll) break
  }
  return out + text.slice(at)
}

/** The first group of the first match, or the whole match where there are no groups. */
const extract = define('extract', [2, 2], stringsToString('extract'), (args, type, rowCount, context) => {
  const read = textReader(args[0], context)
  const patterns = patternReader(args[1], context)
  return stringsBy(type, rowCount, context, (row) => {
    const text = read(row)
    const match = patterns(row).exec(text, 0)
    return match === null ? '' : groupText(text, match, Math.min(1, patterns(row).groupCount))
  })
})

const extractAll = define('extractAll', [2, 2], ofStrings('extractAll', arrayOf(STRING)),
  (args, type, rowCount, context) => {
    const read = textReader(args[0], context)
    const patterns = patternReader(args[1], context)
    return stringArraysBy(type, rowCount, context, (row, push) => {
      const text = read(row)
      const group = Math.min(1, patterns(row).groupCount)
      for (const match of matchesOf(patterns(row), text)) {
        if (match[1] === match[0]) break // an empty match is the end, as in ClickHouse
        push(groupText(text, match, group))
      }
    })
  })

/** regexpExtract(text, pattern[, group]). */
const regexpExtract = define('regexpExtract', [2, 3], takes('regexpExtract', STRING, isString, isString, isInteger),
  (args, type, rowCount, context) => {
    const read = textReader(args[0], context)
    const patterns = patternReader(args[1], context)
    const group = args.length > 2 ? Number(constantOf('regexpExtract', args, 2)) : 1
    return stringsBy(type, rowCount, context, (row) => {
      const text = read(row)
      const pattern = patterns(row)
      const wanted = args.length > 2 ? group : Math.min(1, pattern.groupCount)
      if (wanted < 0 || wanted > pattern.groupCount) {
        throw new FunctionError(`regexpExtract: the pattern has ${pattern.groupCount} groups, not ${wanted}`,
          'INDEX_OF_POSITIONAL_ARGUMENT_IS_OUT_OF_RANGE')
      }
      const match = pattern.exec(text, 0)
      return match === null ? '' : groupText(text, match, wanted)
    })
  }, { aliases: ['REGEXP_EXTRACT', 'REGEXP_SUBSTR'] })

const extractGroups = define('extractGroups', [2, 2], ofStrings('extractGroups', arrayOf(STRING)),
  (args, type, rowCount, context) => {
    const read = textReader(args[0], context)
    const patterns = patternReader(args[1], context)
    return stringArraysBy(type, rowCount, context, (row, push) => {
      const text = read(row)
      const match = needsGroups('extractGroups', patterns(row)).exec(text, 0)
      if (match === null) return
      for (let group = 1; group <= patterns(row).groupCount; group++) push(groupText(text, match, group))
    })
  })

function needsGroups(name: string, pattern: Pattern): Pattern {
  if (pattern.groupCount > 0) return pattern
  throw new FunctionError(`${name} takes a pattern with groups in brackets`, 'BAD_ARGUMENTS')
}

/** Arrays of arrays: of each match its groups (vertical), or of each group its matches. */
const extractAllGroups = (name: string, isVertical: boolean, aliases: readonly string[] = []): FunctionDef =>
  define(name, [2, 2], ofStrings(name, arrayOf(arrayOf(STRING))), (args, type, rowCount, context) => {
    const read = textReader(args[0], context)
    const patterns = patternReader(args[1], context)
    const rows: string[][] = [] // the inner arrays of one block
    const offsets = context.account.u32(rowCount + 1)
    offsets[0] = 0
    for (let row = 0; row < rowCount; row++) {
      const text = read(row)
      const pattern = needsGroups(name, patterns(row))
      const groups = (match: readonly number[]): string[] =>
        Array.from({ length: pattern.groupCount }, (_, g) => groupText(text, match, g + 1))
      const found = [...matchesOf(pattern, text)].map(groups)
      rows.push(...(isVertical ? found : Array.from({ length: pattern.groupCount }, (_, g) =>
        found.map((match) => match[g]))))
      offsets[row + 1] = rows.length
    }
    const inner = stringArraysBy(type.args[0], rows.length, context, (i, push) => rows[i].forEach(push))
    return arrayVector(type, offsets, inner)
  }, { aliases })

const countMatches = (name: string, isCaseless: boolean): FunctionDef =>
  define(name, [2, 2], ofStrings(name, UINT64), (args, type, rowCount, context) => {
    const read = textReader(args[0], context)
    const patterns = patternReader(args[1], context, { isCaseless })
    return numbersBy(type, rowCount, context, (row) => {
      let count = 0
      // ClickHouse does not count empty matches.
      for (const [start, end] of matchesOf(patterns(row), read(row))) if (end > start) count++
      return count
    })
  })

const splitByRegexp = overDefaults(define('splitByRegexp', [2, 3], takes('splitByRegexp', arrayOf(STRING), isString, isString, isInteger),
  (args, type, rowCount, context) => {
    const read = textReader(args[1], context)
    const pattern = String(constantOf('splitByRegexp', args, 0))
    const compiled = pattern === '' ? null : compilePattern(pattern)
    const limit = args.length > 2 ? Number(constantOf('splitByRegexp', args, 2)) : 0
    return stringArraysBy(type, rowCount, context, (row, push) => {
      const text = read(row)
      const pieces = compiled === null ? [...text] : piecesOf(text, compiled)
      for (const piece of limit > 0 ? pieces.slice(0, limit) : pieces) push(piece)
    })
  }))

function piecesOf(text: string, pattern: Pattern): string[] {
  const pieces: string[] = []
  let at = 0
  for (const [start, end] of matchesOf(pattern, text)) {
    if (end === start) continue
    pieces.push(text.slice(at, start))
    at = end
  }
  return [...pieces, text.slice(at)]
}

/** Which of an array of patterns match. */
const multiMatch = (name: string, how: 'any' | 'index' | 'all'): FunctionDef =>
  define(name, [2, 2], (args) => {
    expectTypes(name, args, isString, (type) => type.id === 'Array')
    return how === 'any' ? UINT8 : how === 'index' ? UINT64 : arrayOf(UINT64)
  }, (args, type, rowCount, context) => {
    const patterns = (constantOf(name, args, 1) as readonly string[]).map((text) => compilePattern(text))
    const read = textReader(args[0], context)
    if (how === 'all') {
      return numberArraysBy(type, rowCount, context, (row, push) => {
        const text = read(row)
        patterns.forEach((pattern, i) => { if (pattern.test(text)) push(i + 1) })
      })
    }
    return numbersBy(type, rowCount, context, (row) => {
      const text = read(row)
      const found = patterns.findIndex((pattern) => pattern.test(text)) + 1
      return how === 'any' ? Math.min(found, 1) : found
    })
  })

const quoteMeta = textFunction('regexpQuoteMeta', (text) =>
  text.replace(/[\\|()^$.[\]?*+{:-]/g, '\\$&').replaceAll('\0', '\\0'))

export const REGEXP_FUNCTIONS: readonly FunctionDef[] = [
  replaceRegexp('replaceRegexpAll', true, ['REGEXP_REPLACE']), replaceRegexp('replaceRegexpOne', false),
  extract, extractAll, regexpExtract, extractGroups,
  extractAllGroups('extractAllGroupsVertical', true, ['extractAllGroups']),
  extractAllGroups('extractAllGroupsHorizontal', false), countMatches('countMatches', false),
  countMatches('countMatchesCaseInsensitive', true), splitByRegexp, multiMatch('multiMatchAny', 'any'),
  multiMatch('multiMatchAnyIndex', 'index'), multiMatch('multiMatchAllIndices', 'all'), quoteMeta,
]
