import { describe, expect, it } from 'vitest'
import { plot } from './plot.ts'

describe('a plot', () => {
  it('puts larger values higher and further right, and leaves out what has no logarithm', () => {
    const svg = plot('a < b', 'ms', [{ name: 'one & two', points: [[1e6, 1], [1e7, 10], [1e8, 0]] }])
    const [first, second, ...others] = [...svg.matchAll(/<circle cx="([\d.]+)" cy="([\d.]+)"/g)]
      .map((match) => [Number(match[1]), Number(match[2])])
    expect(others).toEqual([])
    expect(second[0]).toBeGreaterThan(first[0])
    expect(second[1]).toBeLessThan(first[1])
    expect(svg).toContain('a &lt; b')
    expect(svg).toContain('one &amp; two')
    expect(svg).toContain('>1 M<')
  })

  it('refuses to draw nothing', () => {
    expect(() => plot('t', 'ms', [{ name: 'x', points: [[1, 0]] }])).toThrow(RangeError)
  })
})
