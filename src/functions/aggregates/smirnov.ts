// Kolmogorov and Smirnov's test of two samples: the greatest distance of their distributions, and how
// likely one as great is by chance.

import type { EvalContext } from '../values/function.ts'
import { kolmogorovAbove } from '../numbers/probability.ts'

const EXACT_ROWS_MAX = 10_000
const EQUAL = 1e-12

/** The least and the greatest difference between both distribution functions. */
function distances(x: Float64Array, y: Float64Array): readonly [least: number, greatest: number] {
  let least = 0
  let greatest = 0
  let [i, j] = [0, 0]
  while (i < x.length && j < y.length) {
    const from = Math.min(x[i], y[j])
    const [startX, startY] = [x[i], y[j]]
    if (Math.abs(startX - startY) >= EQUAL) {
      if (startX === from) i++
      else j++
    } else {
      while (i < x.length && Math.abs(x[i] - startX) <= EQUAL) i++
      while (j < y.length && Math.abs(y[j] - startY) <= EQUAL) j++
    }
    const now = i / x.length - j / y.length
    least = Math.min(least, now)
    greatest = Math.max(greatest, now)
  }
  return [least, greatest]
}

/** P(distance >= d): of all orders of both samples, those whose path leaves the band. */
function exactAbove(
  d: number, m: number, n: number, isTwoSided: boolean, { checkAlive }: EvalContext): number {
  const reached = d - 1e-7 / (m * n)
  const isOut = (i: number, j: number): boolean => {
    const by = i / m - j / n
    return (isTwoSided ? Math.abs(by) : by) >= reached
  }
  // left[j]: share of the paths to (i, j) that have left.
  const left = new Float64Array(n + 1)
  for (let j = 1; j <= n; j++) left[j] = isOut(0, j) ? 1 : left[j - 1]
  for (let i = 1; i <= m; i++) {
    checkAlive()
    left[0] = isOut(i, 0) ? 1 : left[0]
    for (let j = 1; j <= n; j++) {
      left[j] = isOut(i, j) ? 1 : (left[j] * i + left[j - 1] * j) / (i + j)
    }
  }
  return left[n]
}

/** Distance and p-value. `x` and `y` are sorted in place. */
export function smirnov(
  x: Float64Array, y: Float64Array, side: string, method: string, context: EvalContext,
): readonly [number, number] {
  x.sort()
  y.sort()
  const [least, greatest] = distances(x, y)
  const d = side === 'two-sided' ? Math.max(greatest, -least) : side === 'less' ? -least : greatest
  const [m, n] = [x.length, y.length]
  const isExact = method === 'exact' || (method === 'auto' && Math.max(m, n) <= EXACT_ROWS_MAX)
  if (isExact) return [d, d === 0 ? 1 : exactAbove(d, m, n, side === 'two-sided', context)]
  const root = Math.sqrt(m * n / (m + n))
  if (side === 'two-sided') return [d, kolmogorovAbove(root * d)]
  const [large, small] = [Math.max(m, n), Math.min(m, n)]
  const z = root * d
  const share = 2 * z * z + 2 * z * (large + 2 * small) / Math.sqrt(large * small * (large + small)) / 3
  return [d, Math.exp(-share)]
}
