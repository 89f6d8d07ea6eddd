import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { literalOf } from './pattern-literal.ts'

const atom = fc.oneof(fc.constantFrom('a', 'b', 'ab', '1', '"', 'é', '😀', ':', ' '),
  fc.constantFrom('\\.', '\\d', '\\w', '.', '[ab]', '[^a]', '[]a]', '[a\\]b]', '(ab)', '(a(b)c)', '\\(', 'a{2}', '(b[)]a)'))
const quantifier = fc.constantFrom('', '', '', '*', '+', '?', '{0,2}', '{2}', '*?')
const pattern = fc.array(fc.tuple(atom, quantifier), { minLength: 1, maxLength: 6 })
  .map((parts) => parts.map(([one, often]) => (/\}$/.test(one) ? one : one + often)).join(''))
const text = fc.array(fc.constantFrom('a', 'b', 'ab', '1', '"', 'é', '😀', '.', '(', ')', 'aa', ':', ' ', 'c'), { maxLength: 14 })
  .map((parts) => parts.join(''))

describe('literalOf', () => {
  it('is held by every string that the pattern matches', () => {
    fc.assert(fc.property(pattern, text, (source, subject) => {
      const found = new RegExp(source, 's').exec(subject)
      if (found === null) return
      const literal = literalOf(source)
      expect(subject).toContain(literal.text)
      if (literal.isFirst) expect(found[0].startsWith(literal.text)).toBe(true)
    }), { numRuns: 3000 })
  })

  it.each([
    ['"duration":42', '"duration":42'], ['^https?://x\\.com/', '://x.com/'], ['abc+d', 'abc'], ['abc*d', 'ab'],
    ['foo|bar', ''], ['(?i)abc', ''], ['(ab)?cde', 'cde'], ['a.bcd', 'bcd'], ['[abc]x{2,3}yz', 'yz'],
    ['ab\\x41cdefg', 'ab'], ['😀?a', 'a'], ['x[[:alpha:]]yz', 'yz'], ['', ''],
  ])('of %s is %s', (source, literal) => {
    expect(literalOf(source).text).toBe(literal)
  })

  it.each([['abc+d', true], ['abc*d', true], ['a?bcd', false], ['^abc', false], ['ab*ab', false], ['\\.com', true], ['x.abc', false]])(
    'of %s is the first thing of a match: %s', (source, isFirst) => {
      expect(literalOf(source).isFirst).toBe(isFirst)
    })
})
