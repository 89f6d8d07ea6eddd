// One layout for all project files: keywords in capitals, blocks indented by four, a column a line.
// `pipit fmt` writes it. Comments and templates stay as they are.
// Invariant: the formatted file reads as the same instructions, or the file is left alone; formatting
// it again changes nothing.

import { dedent, readItems, type Item } from './datafile.ts'
import { Findings } from './diagnostics.ts'
import { PROSE, type FileKind } from './keywords.ts'
import { scanSql } from './scan.ts'
import { splitAtCommas } from './schema.ts'

const INDENT = '    '

/** The file in its layout; null where it has instructions that can't be read. */
export function formatDatafile(kind: FileKind, text: string): string | null {
  const items = itemsOf(kind, text)
  if (items === null) return null
  const lines = text.replace(/^\uFEFF/, '').split(/\r\n|\n|\r/)
  const out = new Layout()
  let at = 0
  for (const [i, item] of items.entries()) {
    for (; at < item.place.line - 1; at++) out.loose(lines[at])
    const end = i + 1 < items.length ? items[i + 1].place.line - 1 : lines.length
    at = writeItem(item, lines, at, end, out)
  }
  for (; at < lines.length; at++) out.loose(lines[at])
  const formatted = out.text()
  const again = itemsOf(kind, formatted)
  return again !== null && isSame(items, again) ? formatted : text
}

function itemsOf(kind: FileKind, text: string): readonly Item[] | null {
  const findings = new Findings(new Map())
  const items = readItems(kind, '', text, findings)
  return findings.list().some(finding => finding.severity === 'error') ? null : items
}

const meaningOf = (item: Item): string => (PROSE.has(item.keyword) ? dedent(item.block.text)
  : item.value.split('\n').map(line => line.trim()).filter(line => line !== '').join('\n'))

/** The same instructions with the same values, but for the space at the ends of lines. */
function isSame(before: readonly Item[], after: readonly Item[]): boolean {
  return before.length === after.length && before.every((item, i) => {
    const other = after[i]
    if (item.keyword !== other.keyword) return false
    if (item.keyword !== 'SCHEMA') return meaningOf(item) === meaningOf(other)
    return columnsOf(item.value).join() === columnsOf(other.value).join()
  })
}

const columnsOf = (schema: string): string[] =>
  splitAtCommas(scanSql(schema.replace(/^\s*#.*$/gm, ''))).map(run => run.map(token => token.text).join(' '))

class Layout {
  readonly #lines: string[] = []

  /** A line between instructions: a comment, or nothing. */
  loose(line: string): void {
    const trimmed = line.trim()
    if (trimmed !== '') this.#lines.push(trimmed)
    else this.blank()
  }

  /** Leaves one line empty, unless one is. */
  blank(): void {
    const last = this.#lines[this.#lines.length - 1]
    if (last !== undefined && last !== '') this.#lines.push('')
  }

  /** As blank(), but a comment stays with what follows. */
  apart(): void {
    if (!this.#lines[this.#lines.length - 1]?.startsWith('#')) this.blank()
  }

  push(line: string): void {
    this.#lines.push(line.trimEnd())
  }

  verbatim(line: string): void {
    this.#lines.push(line)
  }

  text(): string {
    while (this.#lines[this.#lines.length - 1] === '') this.#lines.pop()
    return this.#lines.length === 0 ? '' : `${this.#lines.join('\n')}\n`
  }
}

/** Writes an instruction that begins at line `at`; answers the line behind it. */
function writeItem(item: Item, lines: readonly string[], at: number, end: number, out: Layout): number {
  if (item.keyword === 'NODE' || item.keyword === 'SCHEMA') out.apart()
  const head = lines[at].trim()
  const rest = head.slice(item.keyword.length).trim()
  if (!rest.startsWith('>')) {
    out.push(`${item.keyword} ${rest}`)
    // A quoted value may go on over several lines.
    const more = item.value.includes('\n') ? item.value.split('\n').length : 1
    for (let i = at + 1; i < Math.min(end, at + more); i++) out.verbatim(lines[i])
    return Math.min(end, at + more)
  }
  out.push(`${item.keyword} ${rest}`)
  const first = item.block.text === '' ? at + 1 : item.block.line - 1
  const count = item.block.text === '' ? 0 : item.block.text.split('\n').length
  const block = lines.slice(first, first + count)
  const written = item.keyword === 'SCHEMA' ? schemaLines(block) : indented(block, PROSE.has(item.keyword))
  for (const line of written) out.verbatim(line)
  if (count > 0) out.blank()
  return first + count
}

/** Lines moved so that the leftmost stands four in. A text over several lines keeps all as it is. */
function indented(block: readonly string[], isProse: boolean): readonly string[] {
  const tokens = isProse ? [] : scanSql(block.join('\n'))
  if (tokens.some(token => token.text.includes('\n'))) return block
  const spaced = block.map(line => line.trimEnd()
    .replace(/^[ \t]+/, space => space.replaceAll('\t', INDENT)))
  const widthOf = (line: string): number => line.length - line.trimStart().length
  const isInner = spaced.some(line => line !== '' && widthOf(line) > 0) && widthOf(spaced[0]) > 0
  // A comment at the left edge of an indented block is the file's, not the block's.
  const isOutside = (line: string): boolean => !isProse && isInner && line.startsWith('#')
  const widths = spaced.filter(line => line !== '' && !isOutside(line)).map(widthOf)
  const common = widths.length === 0 ? 0 : Math.min(...widths)
  return spaced.map(line => (line === '' || isOutside(line) ? line : INDENT + line.slice(common)))
}

/** One column a line, its parts one space apart; comments of their own lines stay before theirs. */
function schemaLines(block: readonly string[]): readonly string[] {
  const text = block.join('\n')
  if (/--|\/\*/.test(text) || scanSql(text).some(token => token.text.includes('\n'))) return indented(block, false)
  const comments = [...text.matchAll(/^[ \t]*(#.*)$/gm)].map(found => ({ at: found.index, line: found[1].trimEnd() }))
  const blanked = text.replace(/^[ \t]*#.*$/gm, line => ' '.repeat(line.length))
  const runs = splitAtCommas(scanSql(blanked))
  const isSplit = (at: number): boolean => runs.some(run => at > run[0].at && at < run[run.length - 1].end)
  if (runs.length === 0 || comments.some(comment => isSplit(comment.at))) return indented(block, false)
  const lines: string[] = []
  let next = 0
  for (const [i, run] of runs.entries()) {
    for (; next < comments.length && comments[next].at < run[0].at; next++) lines.push(INDENT + comments[next].line)
    let column = ''
    run.forEach((token, t) => {
      column += (t > 0 && token.at > run[t - 1].end ? ' ' : '') + token.text
    })
    lines.push(`${INDENT}${column}${i < runs.length - 1 ? ',' : ''}`)
  }
  for (; next < comments.length; next++) lines.push(INDENT + comments[next].line)
  return lines
}
