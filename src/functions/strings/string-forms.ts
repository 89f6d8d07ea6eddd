// Strings given another form: padding, cutting, translating, letter case, comparing by distance.
// Invariant: the UTF8 forms count code points, the others bytes.

import { FLOAT64, INT32, STRING, UINT64, UINT8, type DataType } from '../../../storage/column/data-type.ts'
import { ANY_COUNT, always, constantOf, countReader, define, expectTypes, numberReader, numbersBy, stringsToString } from '../base/define.ts'
import { bytesOfText, textOfBytes } from '../../sql/raw-text.ts'
import { bytesBy, bytesReader, stringsBy, takes, textFunction, textNumber } from '../base/define-text.ts'
import { castToString } from '../values/cast.ts'
import { FunctionError, type FunctionDef } from '../values/function.ts'
import { damerau, jaro, jaroWinkler, levenshtein } from './string-distance.ts'
import { sameString, textReader } from '../base/strings.ts'
import { isInteger, isNumber, isString } from '../values/types.ts'

const encoder = new TextEncoder()

const PAD_MAX = 2 ** 20

/** leftPad(text, length[, with]): cut where it is longer. */
const pad = (name: string, isLeft: boolean, isUtf8: boolean, aliases: readonly string[] = []): FunctionDef =>
  define(name, [2, 3], takes(name, STRING, isString, isInteger, isString), (args, type, rowCount, context) => {
    const length = numberReader(args[1])
    const sized = (row: number): number => {
      const size = length(row)
      if (size > PAD_MAX) {
        throw new FunctionError(`${name}: the length is more than ${PAD_MAX}`, 'TOO_LARGE_STRING_SIZE')
      }
      return Math.max(0, size)
    }
    if (!isUtf8) {
      const [read, filler] = [bytesReader(args[0], context), args[2] && bytesReader(args[2], context)]
      return bytesBy(type, rowCount, context, (row) => {
        const [text, size] = [read(row), sized(row)]
        if (text.length >= size) return text.subarray(0, size)
        let fill = filler?.(row) ?? encoder.encode(' ')
        if (fill.length === 0) fill = encoder.encode(' ')
        const out = new Uint8Array(size)
        const gap = size - text.length
        for (let i = 0; i < gap; i++) out[isLeft ? i : text.length + i] = fill[i % fill.length]
        out.set(text, isLeft ? gap : 0)
        return out
      })
    }
    const [read, filler] = [textReader(args[0], context), args[2] && textReader(args[2], context)]
    return stringsBy(type, rowCount, context, (row) => {
      const [chars, size] = [[...read(row)], sized(row)]
      if (chars.length >= size) return chars.slice(0, size).join('')
      const fill = [...(filler?.(row) || ' ')]
      const gap = Array.from({ length: size - chars.length }, (_, i) => fill[i % fill.length]).join('')
      return isLeft ? gap + chars.join('') : chars.join('') + gap
    })
  }, { aliases })

/** The first or last characters. */
const side = (name: string, isLeft: boolean): FunctionDef =>
  define(name, [2, 2], takes(name, STRING, isString, isNumber), ([a, count], type, rowCount, context) => {
    const [read, size] = [textReader(a, context), countReader(count)]
    return stringsBy(type, rowCount, context, (row) => {
      const chars = [...read(row)]
      const kept = size(row) < 0 ? Math.max(0, chars.length + size(row)) : Math.min(chars.length, size(row))
      return (isLeft ? chars.slice(0, kept) : chars.slice(chars.length - kept)).join('')
    })
  })

/** format('{} is {1}', a, b). */
const format = define('format', [1, ANY_COUNT], (args) => {
  expectTypes('format', args.slice(0, 1), isString)
  return STRING
}, (args, type, rowCount, context) => {
  const pieces = formatPieces(String(constantOf('format', args, 0)), args.length - 1)
  const readers = args.slice(1).map((arg) => textReader(isString(arg.type) ? arg : castToString(arg, context), context))
  return stringsBy(type, rowCount, context, (row) =>
    pieces.map((piece) => (typeof piece === 'string' ? piece : readers[piece](row))).join(''))
})

function formatPieces(pattern: string, count: number): (string | number)[] {
  const pieces: (string | number)[] = []
  let next = 0
  let named: boolean | null = null
  for (const piece of pattern.split(/(\{\{|\}\}|\{\d*\})/)) {
    if (piece === '{{' || piece === '}}') pieces.push(piece[0])
    else if (/^\{\d*\}$/.test(piece)) {
      const isNamed = piece.length > 2
      const index = isNamed ? Number(piece.slice(1, -1)) : next++
      if ((named !== null && named !== isNamed) || index >= count) {
        throw new FunctionError(`format: the pattern '${pattern}' does not fit ${count} arguments`, 'BAD_ARGUMENTS')
      }
      named = isNamed
      pieces.push(index)
    } else if (/[{}]/.test(piece)) {
      throw new FunctionError(`format: the pattern '${pattern}' has a single bracket`, 'BAD_ARGUMENTS')
    } else pieces.push(piece)
  }
  return pieces
}

/** Characters of one list for those of another. */
const translate = (name: string, isUtf8: boolean): FunctionDef =>
  define(name, [3, 3], stringsToString(name), (args, type, rowCount, context) => {
    const [text, from, to] = args.map((arg) => textReader(arg, context))
    return stringsBy(type, rowCount, context, (row) => {
      const targets = [...to(row)]
      const places = new Map<string, string>()
      const sources = [...from(row)]
      if (!isUtf8 && !/^[\0-\x7f]*$/.test(from(row) + to(row))) {
        throw new FunctionError(`${name} takes ASCII only; use translateUTF8`, 'BAD_ARGUMENTS')
      }
      sources.forEach((char, i) => { places.set(char, targets[i] ?? '') })
      return [...text(row)].map((char) => places.get(char) ?? char).join('')
    })
  })

function substringIndex(text: string, part: string, count: number): string {
  if (part === '' || count === 0) return ''
  const pieces = text.split(part)
  return (count > 0 ? pieces.slice(0, count) : pieces.slice(Math.max(0, pieces.length + count))).join(part)
}

const index = (name: string, aliases: readonly string[] = []): FunctionDef =>
  define(name, [3, 3], takes(name, STRING, isString, isString, isInteger), (args, type, rowCount, context) => {
    const [text, part] = args.slice(0, 2).map((arg) => textReader(arg, context))
    const count = numberReader(args[2])
    return stringsBy(type, rowCount, context, (row) => substringIndex(text(row), part(row), count(row)))
  }, { aliases })

const overlay = (name: string, isUtf8: boolean): FunctionDef =>
  define(name, [3, 4], takes(name, STRING, isString, isString, isInteger), (args, type, rowCount, context) => {
    const [text, by] = args.slice(0, 2).map((arg) => bytesReader(arg, context))
    const offset = numberReader(args[2])
    const length = args.length > 3 ? numberReader(args[3]) : null
    return bytesBy(type, rowCount, context, (row) => {
      const units = (bytes: Uint8Array): string[] => (isUtf8 ? [...textOfBytes(bytes)]
        : [...Buffer.from(bytes).toString('latin1')])
      const [source, other] = [units(text(row)), units(by(row))]
      const at = offset(row)
      if (at === 0) throw new FunctionError(`${name} counts from 1`, 'ZERO_ARRAY_OR_TUPLE_INDEX')
      const from = at > 0 ? Math.min(at - 1, source.length) : Math.max(0, source.length + at)
      const asked = length?.(row) ?? other.length
      const size = asked < 0 ? other.length : asked
      const joined = [...source.slice(0, from), ...other, ...source.slice(from + size)].join('')
      return isUtf8 ? bytesOfText(joined) : Buffer.from(joined, 'latin1')
    })
  })

/** Starts or ends; `fold` makes both sides alike. */
const affix = (name: string, isStart: boolean, fold: (text: string) => string): FunctionDef =>
  textNumber(name, 2, UINT8, (text, part) =>
    Number(isStart ? fold(text).startsWith(fold(part)) : fold(text).endsWith(fold(part))))

const lowerAscii = (text: string): string => text.replace(/[A-Z]+/g, (run) => run.toLowerCase())

const initcap = (text: string): string =>
  text.replace(/[A-Za-z0-9]+/g, (word) => word[0].toUpperCase() + word.slice(1).toLowerCase())

const initcapUtf8 = (text: string): string =>
  text.replace(/[\p{L}\p{N}]+/gu, (word) => {
    const [first, ...rest] = word
    return first.toUpperCase() + rest.join('').toLowerCase()
  })

/** The letters' classes, runs made one. */
function soundex(text: string): string {
  const letters = text.toUpperCase().replace(/[^A-Z]/g, '')
  if (letters === '') return '0000'
  const code = (c: string): string => '01230120022455012623010202'[c.charCodeAt(0) - 65]
  let out = letters[0]
  let last = code(letters[0])
  for (const c of letters.slice(1)) {
    const digit = code(c)
    if (digit !== '0' && digit !== last) out += digit
    if (c !== 'H' && c !== 'W') last = digit
  }
  return out.slice(0, 4).padEnd(4, '0')
}

const append = define('appendTrailingCharIfAbsent', [2, 2], stringsToString('appendTrailingCharIfAbsent'),
  (args, type, rowCount, context) => {
    const [text, char] = args.map((arg) => textReader(arg, context))
    return stringsBy(type, rowCount, context, (row) =>
      (text(row) === '' || text(row).endsWith(char(row)) ? text(row) : text(row) + char(row)))
  })

const isValidUtf8 = define('isValidUTF8', [1, 1], takes('isValidUTF8', UINT8), ([a], type, rowCount, context) => {
  const read = bytesReader(a, context)
  const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
  return numbersBy(type, rowCount, context, (row) => {
    try {
      strict.decode(read(row))
      return 1
    } catch {
      return 0
    }
  })
})

const concatSame = (name: string, of: string): FunctionDef => define(name, [of === 'concat' ? 0 : 1, ANY_COUNT], always(STRING),
  (args, type, rowCount, context) => {
    const parts = args.map((arg) => textReader(isString(arg.type) ? arg : castToString(arg, context), context))
    const isSeparated = of === 'concatWithSeparator'
    return stringsBy(type, rowCount, context, (row) => {
      const texts = parts.map((part) => part(row))
      return isSeparated ? texts.slice(1).join(texts[0]) : texts.join('')
    })
  })

/** Upper case is folded letter by letter: ß is ss, each sigma the same; a dotless i stays. */
const folded = (text: string): string =>
  Array.from(text, (letter) => (letter === 'ı' ? letter : letter.toUpperCase().toLowerCase())).join('').replaceAll('ς', 'σ')

const normalized = (form: string): FunctionDef =>
  textFunction(`normalizeUTF8${form}`, (text) => text.normalize(form))

const distance = (name: string, type: DataType, each: (a: string, b: string) => number,
  aliases: readonly string[] = []): FunctionDef => textNumber(name, 2, type, each, aliases)

/** Bytes as characters, so that distances count bytes. */
const asBytes = (text: string): string => Buffer.from(bytesOfText(text)).toString('latin1')

export const STRING_FORMS: readonly FunctionDef[] = [
  textFunction('caseFoldUTF8', folded),
  textFunction('normalizeUTF8NFKCCasefold', (text) => folded(text.normalize('NFKC')).normalize('NFKC')),
  pad('leftPad', true, false, ['lpad']), pad('rightPad', false, false, ['rpad']),
  pad('leftPadUTF8', true, true), pad('rightPadUTF8', false, true), side('leftUTF8', true), side('rightUTF8', false),
  format, translate('translate', false), translate('translateUTF8', true),
  index('substringIndex', ['SUBSTRING_INDEX']), index('substringIndexUTF8'), overlay('overlay', false),
  overlay('overlayUTF8', true), affix('startsWithUTF8', true, (t) => t), affix('endsWithUTF8', false, (t) => t),
  affix('startsWithCaseInsensitive', true, lowerAscii), affix('endsWithCaseInsensitive', false, lowerAscii),
  affix('startsWithCaseInsensitiveUTF8', true, (t) => t.toLowerCase()),
  affix('endsWithCaseInsensitiveUTF8', false, (t) => t.toLowerCase()),
  { ...textFunction('initcap', initcap), returnType: sameString('initcap') }, textFunction('initcapUTF8', initcapUtf8),
  textFunction('reverseUTF8', (text) => [...text].reverse().join('')), textFunction('soundex', soundex), append,
  textFunction('firstLine', (text) => text.replace(/\r?\n.*$/s, '')),
  textFunction('basename', (text) => text.slice(Math.max(text.lastIndexOf('/'), text.lastIndexOf('\\')) + 1)),
  define('ascii', [1, 1], takes('ascii', INT32), ([a], type, rowCount, context) => {
    const read = bytesReader(a, context)
    return numbersBy(type, rowCount, context, (row) => read(row)[0] ?? 0)
  }),
  isValidUtf8, textNumber('isValidASCII', 1, UINT8, (text) => Number(/^[\0-\x7f]*$/.test(text)), ['isASCII']),
  concatSame('concatAssumeInjective', 'concat'), concatSame('concatWithSeparatorAssumeInjective', 'concatWithSeparator'),
  ...['NFC', 'NFD', 'NFKC', 'NFKD'].map(normalized),
  distance('editDistance', UINT64, (a, b) => levenshtein(asBytes(a), asBytes(b)), ['levenshteinDistance']),
  distance('editDistanceUTF8', UINT64, levenshtein, ['levenshteinDistanceUTF8']),
  distance('damerauLevenshteinDistance', UINT64, (a, b) => damerau(asBytes(a), asBytes(b))),
  distance('jaroSimilarity', FLOAT64, (a, b) => jaro(asBytes(a), asBytes(b))),
  distance('jaroWinklerSimilarity', FLOAT64, (a, b) => jaroWinkler(asBytes(a), asBytes(b))),
]
