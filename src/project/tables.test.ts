import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { tablesOf } from './tables.ts'

const names = (sql: string): string[] => tablesOf(sql).tables.map(use => use.name)

describe('tables of a statement', () => {
  it.each([
    ['SELECT 1', []],
    ['SELECT * FROM a', ['a']],
    ['SELECT * FROM a AS x, `b` y JOIN db.c USING id, d', ['a', 'b', 'db.c']],
    ['SELECT * FROM a LEFT JOIN (SELECT * FROM b) AS s ON a.x = s.x', ['a', 'b']],
    ['SELECT * FROM a WHERE x IN (SELECT y FROM b) AND z IN c', ['a', 'b', 'c']],
    ['SELECT * FROM a WHERE x IN (1, 2) AND y IN f(1) AND t.z IN [1]', ['a']],
    ['FROM a SELECT x', ['a']],
    ['SELECT * FROM numbers(10) AS n, a', ['a']],
    ['SELECT (SELECT max(x) FROM b) FROM a ARRAY JOIN arr AS e, f', ['b', 'a']],
    ['SELECT EXTRACT(DAY FROM d), trim(BOTH \' \' FROM s), substring(s FROM 1) FROM a', ['a']],
    ['SELECT a IS DISTINCT FROM b FROM c', ['c']],
    ['SELECT x FROM a UNION ALL SELECT y FROM b', ['a', 'b']],
    ['(SELECT x FROM a) UNION ALL (SELECT y FROM b)', ['a', 'b']],
    ['SELECT * FROM (a JOIN b ON 1)', ['a', 'b']],
    ["SELECT ' FROM x' -- FROM y\n/* FROM z */ FROM a # FROM q\n", ['a']],
    ['WITH t AS (SELECT * FROM a) SELECT * FROM t, b', ['a', 'b']],
    ['WITH 1 AS t SELECT * FROM t', ['t']],
    ['WITH events AS (SELECT * FROM events) SELECT * FROM events', ['events']],
    ['WITH RECURSIVE t AS (SELECT 1 UNION ALL SELECT n FROM t) SELECT * FROM t', []],
    ['SELECT * FROM (WITH t AS (SELECT 1) SELECT * FROM t), t', ['t']],
    ['EXPLAIN PLAN actions = 1 SELECT * FROM a', ['a']],
    ['SELECT * FROM a ORDER BY x, y LIMIT 1, 2', ['a']],
    ["WITH j AS (SELECT 1) SELECT arrayMap(x -> joinGet('j', 'v', x), [1]), joinGetOrNull(`k`, 'v', 1) FROM a", ['j', 'k', 'a']],
    // Spellings that hide a table from a reader who knows less than the parser.
    ["SELECT $$'$$ AS x FROM a WHERE x != '1'", ['a']],
    ['SELECT * FROM view(SELECT * FROM a)', ['a']],
    ['SELECT 1 UNION ALL WITH a AS (SELECT 1) SELECT * FROM a UNION ALL SELECT * FROM a', ['a']],
    ['SELECT EXISTS (SELECT 1 FROM a) OR x > ANY (SELECT y FROM b)', ['a', 'b']],
  ] as [string, string[]][])('%s', (sql, expected) => {
    expect(names(sql)).toEqual(expected)
  })

  it('tells alias and FINAL behind a table', () => {
    const [a, b, c, d] = tablesOf(
      'SELECT * FROM a FINAL JOIN b AS x (p, q) FINAL ON 1 JOIN c y ON 1 ' +
      'JOIN d SAMPLE 1/10 OFFSET 0.5 ON 1').tables
    expect([a.hasAlias, b.hasAlias, c.hasAlias, d.hasAlias]).toEqual([false, true, true, false])
    expect(a.modifiers).toEqual({ at: 16, end: 21 })
    expect(b.modifiers).not.toBeNull()
    expect(c.modifiers).toBeNull()
    expect(d.modifiers === null ? 0
      : d.modifiers.end - d.modifiers.at).toBe('SAMPLE 1/10 OFFSET 0.5'.length)
  })

  it('tells where the query begins and what its WITH defines', () => {
    const sql = '-- note\nWITH a AS (SELECT 1), 2 AS b SELECT * FROM a'
    const scan = tablesOf(sql)
    expect(scan).toMatchObject({ start: 8, firstWord: 'WITH', afterWith: 12, ownNames: ['a'] })
    expect(tablesOf('EXPLAIN SELECT 1')).toMatchObject({ start: 8, firstWord: 'SELECT',
      afterWith: -1 })
    expect(tablesOf('SELECT 1 UNION ALL WITH a AS (SELECT 1) SELECT * FROM a').afterWith).toBe(-1)
  })

  it('tells where PREWHERE and WHERE stand', () => {
    const sql = 'SELECT 1 FROM a PREWHERE (x) WHERE y = 1 GROUP BY 1'
    const { prewhere } = tablesOf(sql).tables[0]
    expect(prewhere === null ? null : [
      sql.slice(prewhere.keyword.at, prewhere.keyword.end), sql.slice(prewhere.end),
      prewhere.where === null ? '' : sql.slice(prewhere.where.at, prewhere.where.end),
    ]).toEqual(['PREWHERE', ' GROUP BY 1', 'WHERE'])
    expect(tablesOf('SELECT 1 FROM (SELECT 1 FROM a) PREWHERE x').tables[0].prewhere).toBeNull()
  })

  it('answers what is wrong with a text that is no statement', () => {
    const scan = tablesOf('SELECT a FROM t WERE n = 1')
    expect(scan.tables).toEqual([])
    expect(scan.error).toMatchObject({ at: 21, message: expect.stringContaining('WHERE') })
  })

  it('never throws and always spans the name, whatever the text', () => {
    const word =
      fc.constantFrom('SELECT', 'FROM', 'JOIN', 'WITH', 'AS', 'IN', '(', ')', ',', 'a', '`b', "'",
        '.',
      'FINAL', '--', '\n', '/*', 'EXPLAIN', '1')
    fc.assert(fc.property(fc.array(word, { maxLength: 30 }), words => {
      const sql = words.join(' ')
      for (const use of tablesOf(sql).tables) {
        expect(use.end).toBeGreaterThan(use.at)
        expect(sql.slice(use.at, use.end).replace(/[`\s]/g, '')).toBe(use.name.replace(/\s/g, ''))
      }
    }))
  })
})
