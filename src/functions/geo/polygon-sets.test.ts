// Areas of many edges: each is laid beside all of the other's, so a query that nobody waits for must end amid one row.

import { expect, it } from 'vitest'
import type { Point } from './geometry.ts'
import { distanceOf, doMeet, intersection, isPartOf, symmetricDifference, union, type Area } from './polygon-sets.ts'

const CORNERS = 2000

function circle(x: number): Area {
  const corner = (i: number): Point => [x + Math.cos(-2 * Math.PI * i / CORNERS), Math.sin(-2 * Math.PI * i / CORNERS)]
  return [[[...Array.from({ length: CORNERS }, (_, i) => corner(i)), corner(0)]]]
}

it('asks at each edge whether the answer is wanted still', () => {
  const [a, b] = [circle(0), circle(1)]
  const figures = [a, b].map((area) => ({ area, lines: [] }))
  const far = { area: circle(5), lines: [] }
  for (const work of [
    (check: () => void) => intersection(a, b, check), (check: () => void) => union(a, b, check),
    (check: () => void) => symmetricDifference(a, b, check), (check: () => void) => isPartOf(a, b, check),
    (check: () => void) => doMeet(figures[0], far, check), (check: () => void) => distanceOf(a, far.area, check),
  ]) {
    let asked = 0
    const stop = () => { if (++asked === CORNERS / 2) throw new Error('nobody waits') }
    expect(() => work(stop)).toThrow('nobody waits')
    expect(asked).toBe(CORNERS / 2)
  }
})
