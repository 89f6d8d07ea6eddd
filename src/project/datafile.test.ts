import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { dedent, placeInBlock, readItems, unquote, type Item } from './datafile.ts'
import { Findings } from './diagnostics.ts'
import type { FileKind } from './keywords.ts'

function read(kind: FileKind, text: string): { items: Item[]; errors: string[] } {
  const findings = new Findings(new Map([['f', text]]))
  const items = readItems(kind, 'f', text, findings)
  return { items, errors: findings.list().map(f => `${f.line}:${f.column} ${f.message}`) }
}
const brief = (items: readonly Item[]): string[] =>
  items.map(item => `${item.keyword}=${item.value}`)

describe('instructions of a project file', () => {
  it('reads values quoted or not, and blocks indented or not', () => {
    const { items, errors } = read('datasource', [
      '# a comment', 'engine "MergeTree"', "ENGINE_SORTING_KEY 'a, b' # why", 'TAGS x, y',
      'SCHEMA >', '`a` String,', '`b` Int8', '', 'ENGINE_TTL a + toIntervalDay(1)', 'DESCRIPTION >',
      '  # A heading', '', '  text', 'TOKEN "the app" APPEND',
    ].join('\n'))
    expect(errors).toEqual([])
    expect(brief(items)).toEqual([
      'ENGINE=MergeTree', 'ENGINE_SORTING_KEY=a, b', 'TAGS=x, y', 'SCHEMA=`a` String,\n`b` Int8',
      'ENGINE_TTL=a + toIntervalDay(1)', 'DESCRIPTION=# A heading\n\n  text',
      'TOKEN="the app" APPEND',
    ])
  })

  it('ends an SQL block at the next instruction, not at columns called type, tags or version',
    () => {
    const { items } = read('pipe', [
      'NODE a', 'SQL >', 'SELECT', 'type, tags,', 'version', 'FROM t', 'NODE b', 'SQL >',
      '    SELECT type', '    FROM a', '    TYPE endpoint', 'TOKEN app READ',
    ].join('\n'))
    expect(brief(items)).toEqual([
      'NODE=a', 'SQL=SELECT\ntype, tags,\nversion\nFROM t', 'NODE=b', 'SQL=SELECT type\n    FROM a',
      'TYPE=endpoint', 'TOKEN=app READ',
    ])
  })

  it('names a misspelt instruction with the near one, and reports a run of stray lines once',
    () => {
    const { errors, items } =
      read('pipe', 'NODES a\nNODE b\nSQL >\n  SELECT 1\n)\n(\nTYPE endpoint')
    expect(errors).toEqual(['1:1 unknown instruction NODES; did you mean NODE?'])
    expect(brief(items).at(-1)).toBe('TYPE=endpoint')
    expect(read('datasource', '((\n))\n').errors).toEqual([
      '1:1 unexpected text; expected an instruction such as DESCRIPTION, SCHEMA, ENGINE, ' +
        'ENGINE_PARTITION_KEY',
    ])
  })

  it('keeps places: line and column of a word in a block are those in the file', () => {
    const text = 'NODE a\nSQL >\n\n    SELECT x,\n        y\n    FROM t\nTYPE endpoint'
    const sql = read('pipe', text).items[1].block
    expect(placeInBlock(sql, sql.text.indexOf('y'))).toEqual({ file: 'f', line: 5, column: 9 })
    expect(placeInBlock(sql, sql.text.indexOf('SELECT'))).toEqual({ file: 'f', line: 4, column: 5 })
  })

  it('reads the same with any line ending, byte-order mark, indentation and case of keywords',
    () => {
    const spaces = fc.integer({ min: 0, max: 6 }).map(count => ' '.repeat(count))
    const eol = fc.constantFrom('\n', '\r\n', '\r')
    const flip = fc.constantFrom((w: string) => w, (w: string) => w.toLowerCase())
    fc.assert(fc.property(spaces, eol, fc.boolean(), flip, (indent, end, mark, word) => {
      const lines = [
        word('NODE') + ' first', word('SQL') + ' >', `${indent}SELECT 1 AS a`,
        `${indent}FROM t`, '', word('TYPE') + ' endpoint', '',
      ]
      const { items, errors } = read('pipe', (mark ? '\uFEFF' : '') + lines.join(end))
      expect(errors).toEqual([])
      expect(items.map(item => item.keyword)).toEqual(['NODE', 'SQL', 'TYPE'])
      expect(dedent(items[1].block.text)).toBe('SELECT 1 AS a\nFROM t')
    }))
  })

  it('never throws, whatever the text', () => {
    const piece =
      fc.oneof(fc.constantFrom('SQL >', 'NODE', 'SCHEMA >', '\n', ' ', '"', "'", '`', '#'),
      fc.string())
    fc.assert(fc.property(fc.array(piece), fc.constantFrom('pipe', 'datasource', 'connection'),
      (pieces, kind) => {
        const { items } = read(kind as FileKind, pieces.join(''))
        for (const item of items) expect(item.place.line).toBeGreaterThan(0)
      }))
  })

  it('takes quotes off only where they surround the whole value', () => {
    expect(unquote('"a"')).toBe('a')
    expect(unquote('"a" "b"')).toBe('"a" "b"')
    expect(unquote("it's")).toBe("it's")
  })
})
