// The errors that users read: sentences with place and advice.
import { describe, expect, it } from 'vitest'
import { describePosition, nearestWord, SqlSyntaxError } from './errors.ts'
import { parseExpression, parseQuery } from './parse.ts'

/** Message and the piece of text it points at. */
function errorOf(text: string): [string, string] {
  try {
    parseQuery(text)
  } catch (error) {
    if (error instanceof SqlSyntaxError) return [error.message, text.slice(error.at, error.end)]
    throw error
  }
  return ['no error', '']
}

describe('what is said about', () => {
  it.each([
    ['SELECT', 'Expected an expression, but the query ends.', ''],
    ['', 'The query is empty: write a SELECT.', ''],
    ['-- nothing', 'The query is empty: write a SELECT.', ''],
    ['SELEC 1', 'Expected SELECT, WITH or FROM at the start of the query, but found SELEC. ' +
      'Did you mean SELECT instead of SELEC?', 'SELEC'],
    ['SELECT a FORM t', 'Expected an operator, a comma, the next clause or the end of the query, ' +
      'but found t. Did you mean FROM instead of FORM?', 't'],
    ['SELECT a FROM t WERE a = 1', 'Expected an operator, a comma, the next clause or the end of ' +
      'the query, but found a. Did you mean WHERE instead of WERE?', 'a'],
    ['SELECT a FROM t GRUOP BY a', 'Expected an operator, a comma, the next clause or the end of ' +
      'the query, but found BY. Did you mean GROUP instead of GRUOP?', 'BY'],
    ['SELECT a FROM t WHERE', 'Expected an expression, but the query ends.', ''],
    ['SELECT a FROM t WHERE ORDER BY a', 'Expected an expression, but found ORDER.', 'ORDER'],
    ['SELECT a FROM t ORDER BY a LIMIT 1 WHERE b', 'Expected an operator, a comma, the next clause ' +
      'or the end of the query, but found WHERE.', 'WHERE'],
    ['SELECT count( FROM t', 'Expected an expression, but found FROM.', 'FROM'],
    ['SELECT (1 + 2', 'Expected ), but the query ends.', ''],
    ['SELECT f(1', 'Expected ) or a comma in the arguments of f, but the query ends.', ''],
    ["SELECT 'abc", "The query ends inside a string: the closing ' is missing.", "'abc"],
    ['SELECT `a', 'The query ends inside a name in backquotes: the closing ` is missing.', '`a'],
    ['SELECT 1 /* x', 'The query ends inside a comment: the closing */ is missing.', '/* x'],
    ['SELECT é', 'Found é where a word, a number, a string or an operator should stand. Names with ' +
      'letters beyond ASCII go in backquotes.', 'é'],
    ['SELECT 1.5x', 'Found 1.5x where a number should stand.', '1.5x'],
    ['SELECT 1e999', 'Expected a number within range, but found the number 1e999.', '1e999'],
    ['SELECT a FROM t JOIN u', 'Expected ON or USING after the joined table, but the query ends.', ''],
    ['SELECT a FROM t LEFT u', 'Expected JOIN, but found u.', 'u'],
    ['SELECT CASE WHEN a 1 END', 'Expected THEN, but found the number 1.', '1'],
    ['SELECT CAST(a AS )', 'Expected a data type, but found ).', ')'],
    ["SELECT INTERVAL '1 dya'", "Expected an interval with its unit, such as '1 day' or '2 hours " +
      "30 minutes', but found the string '1 dya'.", "'1 dya'"],
    ['SELECT a FROM t LIMIT 1 WITH TIES', 'WITH TIES needs ORDER BY.', 'LIMIT 1 WITH TIES'],
    ['INSERT INTO t VALUES (1)', 'Only SELECT is allowed here, not INSERT.', 'INSERT'],
    ['DROP TABLE t', 'Only SELECT is allowed here, not DROP.', 'DROP'],
    ["SELECT 1 INTO OUTFILE 'x'", 'INTO OUTFILE is not allowed here.', 'INTO'],
    ['SELECT 1; SELECT 2', 'Only one statement at a time.', 'SELECT'],
    ['SELECT a b c', 'Expected an operator, a comma, the next clause or the end of the query, but ' +
      'found c.', 'c'],
    ['SELECT * AS x', 'Expected a comma or FROM, as several columns have no alias, but found x.', 'x'],
  ])('%s', (text, message, place) => {
    expect(errorOf(text)).toEqual([message, place])
  })

  it('an expression that goes on', () => {
    expect(() => parseExpression('a b')).toThrow(
      'Expected an operator or the end of the expression, but found b.')
  })

  it('what was expected, apart from the sentence', () => {
    expect(() => parseQuery('SELECT (1')).toThrow(expect.objectContaining({ expected: ')' }))
  })
})

describe('positions', () => {
  it('count lines and columns from one and draw a caret', () => {
    expect(describePosition('SELECT a\n\tFROM t,\nWHERE', 16)).toEqual({
      line: 2, column: 8, caret: '\tFROM t,\n\t      ^',
    })
    expect(describePosition('SELECT', 6)).toEqual({ line: 1, column: 7, caret: 'SELECT\n      ^' })
    expect(describePosition('a\r\nb', 0)).toEqual({ line: 1, column: 1, caret: 'a\n^' })
  })

  it('show a window of an endless line', () => {
    const { column, caret } = describePosition(`SELECT ${'a, '.repeat(9000)}`, 20000)
    expect(column).toBe(20001)
    expect(caret.split('\n').map((line) => line.length)).toEqual([120, 61])
  })
})

describe('near words', () => {
  it.each([
    ['FORM', 'FROM'], ['selct', 'SELECT'], ['cuont', 'count'], ['events', null], ['x', null],
  ])('%s is near %s', (word, near) => {
    expect(nearestWord(word, ['SELECT', 'FROM', 'count'])).toBe(near)
  })
})
