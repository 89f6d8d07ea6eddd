// The text of a project file to a list of instructions: keyword, value, block. The first step of
// every reader; it knows the line structure and nothing of what the instructions mean. Invariant: a
// block keeps its lines as they are, so that a place in it is a place in the file.

import type { Place } from './definitions.ts'
import type { Findings } from './diagnostics.ts'
import {
  endsIndentedSql, hasInstructionShape, isKeyword, keywordOf, keywordsOf, PROSE, type FileKind,
} from './keywords.ts'
import { didYouMean } from '../sql/suggest.ts'

/** Text of a file: `line` is the file's line of its first line, `indent` the columns before its
 * first character there. Later lines are whole lines. */
export type Block = { readonly file: string; readonly text: string; readonly line: number
  readonly indent: number }

/** One instruction. `value` is what stands on its line, quotes taken off; `block` the lines after
 * `>`, or the value itself as a block where it stands on the same line. */
export type Item = {
  readonly keyword: string
  readonly place: Place
  readonly value: string
  readonly valuePlace: Place
  readonly block: Block
}

/** The file's lines without byte-order mark and carriage returns. */
function linesOf(text: string): string[] {
  return text.replace(/^\uFEFF/, '').split(/\r\n|\n|\r/)
}

/** All instructions of a file in order. Lines that are none are reported. */
export function readItems(
  kind: FileKind, file: string, text: string, findings: Findings,
): Item[] {
  return new DatafileReader(kind, file, linesOf(text), findings).read()
}

const FIRST_WORD = /^([ \t]*)([A-Za-z_][A-Za-z0-9_]*)(?![A-Za-z0-9_])/
const indentOf = (line: string): number => line.length - line.trimStart().length

class DatafileReader {
  readonly #kind: FileKind
  readonly #file: string
  readonly #lines: readonly string[]
  readonly #findings: Findings
  #at = 0

  constructor(kind: FileKind, file: string, lines: readonly string[], findings: Findings) {
    this.#kind = kind
    this.#file = file
    this.#lines = lines
    this.#findings = findings
  }

  read(): Item[] {
    const items: Item[] = []
    let strayReported = false
    while (this.#at < this.#lines.length) {
      const line = this.#lines[this.#at]
      const trimmed = line.trim()
      if (trimmed === '' || trimmed.startsWith('#')) {
        this.#at += 1
        continue
      }
      const word = FIRST_WORD.exec(line)
      const written = word?.[2].toUpperCase() ?? ''
      if (word !== null && isKeyword(this.#kind, written)) {
        items.push(this.#instruction(keywordOf(written), word[1].length, word[0].length))
        strayReported = false
      } else {
        // One finding for a run of stray lines: the first says what is wrong with all of them.
        if (!strayReported) this.#stray(line, word?.[2] ?? null)
        strayReported = true
        this.#at += 1
        if (/>\s*$/.test(line) && word !== null) this.#block(written)
      }
    }
    return items
  }

  #stray(line: string, word: string | null): void {
    const place = this.#place(this.#at, indentOf(line))
    if (word === null) {
      this.#findings.error(place, 'unexpected-text',
        `unexpected text; expected an instruction such as ${this.#examples()}`)
    } else {
      const near = didYouMean(word.toUpperCase(), keywordsOf(this.#kind))
      this.#findings.error(place, 'unknown-keyword', near === ''
        ? `unknown instruction ${word}; expected one such as ${this.#examples()}`
        : `unknown instruction ${word}${near}`)
    }
  }

  #examples(): string {
    return [...keywordsOf(this.#kind)].slice(0, 4).join(', ')
  }

  #place(lineIndex: number, offset: number): Place {
    return { file: this.#file, line: lineIndex + 1, column: offset + 1 }
  }

  #instruction(keyword: string, wordAt: number, wordEnd: number): Item {
    const lineIndex = this.#at
    const line = this.#lines[lineIndex]
    const rest = line.slice(wordEnd)
    const valueAt = wordEnd + indentOf(rest)
    const place = this.#place(lineIndex, wordAt)
    this.#at += 1
    if (/^>\s*(#.*)?$/.test(rest.trim())) {
      const block = this.#block(keyword)
      const valuePlace = { file: this.#file, line: block.line, column: 1 + indentOf(block.text) }
      return { keyword, place, value: unquote(block.text), valuePlace, block }
    }
    const raw = this.#closeQuotes(line.slice(valueAt).trimEnd())
    const quoted = raw.length > 1 && (raw[0] === '"' || raw[0] === "'") ? 1 : 0
    const value = keyword === 'TOKEN' || PROSE.has(keyword) ? raw : unquote(raw)
    const valuePlace = this.#place(lineIndex, valueAt + (value === raw ? 0 : quoted))
    const block = {
      file: this.#file, text: value, line: lineIndex + 1, indent: valuePlace.column - 1,
    }
    return { keyword, place, value, valuePlace, block }
  }

  // A quoted value may go on over several lines, until its quote closes.
  #closeQuotes(raw: string): string {
    const quote = raw[0]
    if ((quote !== '"' && quote !== "'") || raw.indexOf(quote, 1) > 0) return raw
    let text = raw
    let at = this.#at
    while (at < this.#lines.length && at < this.#at + 50) {
      text += `\n${this.#lines[at]}`
      at += 1
      if (this.#lines[at - 1].includes(quote)) {
        this.#at = at
        return text.trimEnd()
      }
    }
    return raw
  }

  // The lines after `>` up to the next instruction.
  #block(keyword: string): Block {
    const prose = PROSE.has(keyword)
    const lines: string[] = []
    let first = this.#at
    let blockIndent = -1
    while (this.#at < this.#lines.length) {
      const line = this.#lines[this.#at]
      if (line.trim() !== '') {
        if (this.#endsBlock(line, blockIndent, prose)) break
        if (blockIndent < 0) {
          blockIndent = indentOf(line)
          first = this.#at
          lines.length = 0
        }
      }
      // A comment of the file, not of the SQL: it stands further left than the block.
      const comment = !prose && blockIndent > 0 && line.startsWith('#')
      lines.push(comment ? '' : line)
      this.#at += 1
    }
    while (lines.length > 0 && lines[lines.length - 1].trim() === '') lines.pop()
    if (lines.length > 0) lines[lines.length - 1] = lines[lines.length - 1].trimEnd()
    return { file: this.#file, text: lines.join('\n'), line: first + 1, indent: 0 }
  }

  #endsBlock(line: string, blockIndent: number, prose: boolean): boolean {
    const word = FIRST_WORD.exec(line)
    if (word === null) return false
    const rest = line.slice(word[0].length).trim()
    const indent = word[1].length
    if (indent < blockIndent) {
      // A keyword with a slip of the pen: no SQL has words in capitals with an underscore at a line's start.
      if (!prose && /^[A-Z]+_[A-Z_]+$/.test(word[2]) && didYouMean(word[2], keywordsOf(this.#kind)) !== '') return true
      return isKeyword(this.#kind, word[2].toUpperCase()) &&
        (word[2] === word[2].toUpperCase() || hasInstructionShape(this.#kind, word[2], rest))
    }
    if (indent > 0) return !prose && endsIndentedSql(word[2], rest)
    return hasInstructionShape(this.#kind, word[2], rest)
  }
}

/** A value without the quotes around it and without a comment behind the closing quote. */
export function unquote(value: string): string {
  const text = value.trim()
  const quote = text[0]
  if (quote !== '"' && quote !== "'") return text
  const close = text.indexOf(quote, 1)
  if (close < 0) return text
  const after = text.slice(close + 1).trim()
  return after === '' || after.startsWith('#') ? text.slice(1, close) : text
}

/** A description: the block's lines without their common indentation. */
export function dedent(text: string): string {
  const lines = text.split('\n')
  const indents = lines.filter(line => line.trim() !== '').map(indentOf)
  const common = indents.length === 0 ? 0 : Math.min(...indents)
  return lines.map(line => line.slice(common).trimEnd()).join('\n').trim()
}

/** The items of a comma-separated value, each without quotes. */
export function listOf(value: string): string[] {
  return value.split(/[,\n]/).map(unquote).filter(item => item !== '')
}

/** The place of an offset within a block. */
export function placeInBlock(block: Block, offset: number): Place {
  const before = block.text.slice(0, offset)
  const lineStart = before.lastIndexOf('\n') + 1
  const line = block.line + (before.match(/\n/g)?.length ?? 0)
  const indent = lineStart === 0 ? block.indent : 0
  return { file: block.file, line, column: offset - lineStart + indent + 1 }
}
