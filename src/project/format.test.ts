import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { formatDatafile } from './format.ts'
import { loadProject, memoryReader } from './load.ts'

describe('formatting a file', () => {
  it('writes keywords in capitals, blocks indented, a column a line', () => {
    expect(formatDatafile('datasource', [
      '\uFEFFdescription >', 'Two', '  lines  ', '# a comment', 'SCHEMA >', ' `a`   String  `json:$.a` , b Int32 DEFAULT 1+1,',
      '\t# about c', '\t`c` Array( String )', '', '', 'ENGINE   "MergeTree"   ', 'ENGINE_SORTING_KEY "a"', '',
    ].join('\r\n'))).toBe([
      'DESCRIPTION >', '    Two', '      lines', '    # a comment', '', 'SCHEMA >', '    `a` String `json:$.a`,',
      '    b Int32 DEFAULT 1+1,', '    # about c', '    `c` Array( String )', '', 'ENGINE "MergeTree"',
      'ENGINE_SORTING_KEY "a"', '',
    ].join('\n'))
  })

  it('keeps templates, comments and the shape of SQL', () => {
    expect(formatDatafile('pipe', [
      'TOKEN "x" READ', 'NODE a', 'SQL >', '  %', '  SELECT {{String(x)}}', '    -- why', '  FROM t {% if y %}', '  WHERE 1',
      '  {% end %}', '# the last one', 'NODE b', 'sql >', 'SELECT * FROM a', 'TYPE endpoint',
    ].join('\n'))).toBe([
      'TOKEN "x" READ', '', 'NODE a', 'SQL >', '    %', '    SELECT {{String(x)}}', '      -- why', '    FROM t {% if y %}',
      '    WHERE 1', '    {% end %}', '', '# the last one', 'NODE b', 'SQL >', '    SELECT * FROM a', '', 'TYPE endpoint', '',
    ].join('\n'))
  })

  it('leaves a text over several lines alone, and refuses what it can not read', () => {
    const sql = "NODE a\nSQL >\n  SELECT 'two\n lines'\n"
    expect(formatDatafile('pipe', sql)).toContain("SELECT 'two\n lines'")
    expect(formatDatafile('pipe', 'NODES a\n')).toBe(null)
  })
})

const line = fc.constantFrom('', '# note', '  # inner', 'NODE a', 'NODE b', 'SQL >', '    SELECT 1', '      , 2', 'SELECT 3', '%',
  '\tFROM t', "  WHERE x = 'a b'", "  AND y = 'open", " close'", 'TYPE endpoint', 'DESCRIPTION >', '  words  ', 'DESCRIPTION one line',
  'TOKEN t READ', 'SCHEMA >', '  `a` String,', '  b Int32', 'ENGINE "MergeTree"', 'ENGINE_SORTING_KEY  "a, b"', 'type copy',
  '  {% if defined(x) %}', '  {% end %}', 'TAGS "a,', '  b"', '  -- comment', 'TARGET_DATASOURCE d')

describe('any file', () => {
  for (const kind of ['pipe', 'datasource'] as const) {
    it(`is formatted once and for all, and reads the same: ${kind}`, () => {
      fc.assert(fc.property(fc.array(line, { maxLength: 14 }), (lines) => {
        const text = lines.join('\n')
        const once = formatDatafile(kind, text)
        if (once === null) return
        expect(formatDatafile(kind, once)).toBe(once)
        const read = (source: string): unknown => {
          const { project } = loadProject('/p', memoryReader({ [`x.${kind}`]: source }))
          const [pipe] = project.pipes.values()
          const [table] = project.datasources.values()
          return [pipe?.nodes.map(({ name, sql, type, description }) => [name, words(sql), type, words(description)]),
            pipe?.tokens.map(({ name }) => name), table?.columns.map(({ name, type }) => [name, type]),
            table?.engine.sortingKey?.text, table?.tags, words(table?.description ?? '')]
        }
        expect(read(once)).toEqual(read(text))
      }), { numRuns: 1_000 })
    })
  }
})

const words = (text: string): string => text.split('\n').map(part => part.trim()).filter(part => part !== '').join('\n')
