import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { RE2JS } from 're2js'
import { compilePattern, matchesOf, type Match } from './regexp.ts'
import { re2ToRegExp } from './regexp-source.ts'

const A = 'a'.repeat(50_000)

describe('regular expressions run in linear time', () => {
  it.each([
    ['(a+)+$', `${A}b`], ['(a|aa)+$', `${A}b`], ['(.*)*x', A], ['(.*)(.*)(.*)(.*)x', A], ['\\d+x', '1'.repeat(50_000)],
    ['(?i)([a-z]+)+!', A], ['(\\w+\\s?)*$', `${'word '.repeat(5_000)}!`], ['(a{1,20}){1,20}b', A.slice(0, 2_000)],
    ['(?:a?){30}a{30}', 'a'.repeat(29)], ['^(([a-z])+.)+[A-Z]([a-z])+$', A], ['(x+x+)+y', 'x'.repeat(50_000)],
    ['(é+)+$', `${'é'.repeat(10_000)}x`], ['[\\s\\S]*[\\s\\S]*z', A], ['(a*)*b', 'a'.repeat(30)], ['(a|b|ab)*c', 'ab'.repeat(400)],
  ])('%s', (pattern, text) => {
    const start = process.cpuUsage()
    compilePattern(pattern).test(text)
    expect(process.cpuUsage(start).user / 1000).toBeLessThan(3_000)
  })
})

describe('both engines find the same', () => {
  const re2Matches = (pattern: string, text: string): number[][] => {
    const matcher = RE2JS.compile(pattern, RE2JS.DOTALL).matcher(text)
    const first: number[][] = []
    if (matcher.find()) first.push([matcher.start(), matcher.end()])
    return first
  }
  const first = (pattern: string, text: string): number[][] => {
    const found: Match | null = compilePattern(pattern).exec(text, 0)
    return found === null ? [] : [[found[0], found[1]]]
  }
  const atom = fc.constantFrom('a', 'b', '.', '[ab]', '[^a]', '\\d', '\\w', '\\s', 'é', '(?:ab)', '(a|b)', '(?i:A)', '\\.', '[[:alpha:]]', '1')
  const repeated = fc.tuple(atom, fc.constantFrom('', '', '*', '+', '?', '{2}', '{1,3}', '*?', '+?')).map((parts) => parts.join(''))
  const pattern = fc.array(fc.oneof(repeated, fc.constantFrom('|', '^', '$', '\\b')), { minLength: 1, maxLength: 6 })
    .map((parts) => parts.join('').replace(/^\|+|\|+$/g, '').replace(/\|{2,}/g, '|'))
  const text = fc.array(fc.constantFrom('a', 'b', 'A', '1', ' ', '.', 'é', '\n', '😀'), { maxLength: 12 }).map((parts) => parts.join(''))

  it('for any pattern', () => {
    fc.assert(fc.property(pattern, text, (p, t) => {
      fc.pre(p !== '')
      expect(first(p, t)).toEqual(re2Matches(p, t))
    }), { numRuns: 1_500 })
  })

  it('writes classes, flags and escapes out', () => {
    expect(re2ToRegExp('(?i)a[b-c]', false, true)?.text).toBe('[aA][b-cbBcC]')
    expect(re2ToRegExp('\\d\\.(?P<x>y)', false, true)?.text).toBe('[0-9]\\.(y)')
    expect(re2ToRegExp('\\pL', false, true)).toBe(null)
    expect(re2ToRegExp('a{1,99}', false, true)).toBe(null)
  })

  it('moves on behind empty matches by whole characters', () => {
    expect([...matchesOf(compilePattern('x*'), 'a😀x')].map(([start, end]) => [start, end]))
      .toEqual([[0, 0], [1, 1], [3, 4], [4, 4]])
  })

  it('says what is wrong with a pattern', () => {
    expect(() => compilePattern('(')).toThrow(/Cannot compile the regular expression '\('/)
    expect(() => compilePattern('a(?=b)')).toThrow(/Cannot compile/)
  })
})
