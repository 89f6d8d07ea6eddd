// Distributions of statistics: normal, Student's t, Fisher's F, Kolmogorov's. What tests of hypotheses
// take their p-values from.
// Invariant: a relative error of about 1e-12 where the answer is not below 1e-300.

const LANCZOS = [
  0.99999999999980993, 676.5203681218851, -1259.1392167224028, 771.32342877765313, -176.61502916214059,
  12.507343278686905, -0.13857109526572012, 9.9843695780195716e-6, 1.5056327351493116e-7,
]

/** ln |Γ(x)|. */
export function logGamma(x: number): number {
  if (x < 0.5) return Math.log(Math.PI / Math.abs(Math.sin(Math.PI * x))) - logGamma(1 - x)
  const base = x + 6.5
  let sum = LANCZOS[0]
  for (let i = 1; i < LANCZOS.length; i++) sum += LANCZOS[i] / (x + i - 1)
  return 0.5 * Math.log(2 * Math.PI) + (x - 0.5) * Math.log(base) - base + Math.log(sum)
}

const TINY = 1e-300
const STEPS_MAX = 10_000

/** The continued fraction of the incomplete beta function (Lentz). */
function betaFraction(x: number, a: number, b: number): number {
  let c = 1
  let d = 1 / nonZero(1 - (a + b) * x / (a + 1))
  let fraction = d
  for (let m = 1; m < STEPS_MAX; m++) {
    const even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
    d = 1 / nonZero(1 + even * d)
    c = nonZero(1 + even / c)
    fraction *= d * c
    const odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
    d = 1 / nonZero(1 + odd * d)
    c = nonZero(1 + odd / c)
    fraction *= d * c
    if (Math.abs(d * c - 1) < 1e-16) break
  }
  return fraction
}

const nonZero = (value: number): number => (Math.abs(value) < TINY ? TINY : value)

/** The regularized incomplete beta function I_x(a, b). */
export function betaShare(x: number, a: number, b: number): number {
  if (!(x > 0)) return Number.isNaN(x) ? x : 0
  if (x >= 1) return 1
  const front = Math.exp(a * Math.log(x) + b * Math.log1p(-x) + logGamma(a + b) - logGamma(a) - logGamma(b))
  return x < (a + 1) / (a + b + 2) ? front * betaFraction(x, a, b) / a
    : 1 - front * betaFraction(1 - x, b, a) / b
}

/** P(T < t) for t < 0, T of Student's distribution. */
export const studentBelow = (t: number, freedom: number): number =>
  betaShare(freedom / (freedom + t * t), freedom / 2, 0.5) / 2

/** P(F > f) of Fisher's distribution. */
export const fisherAbove = (f: number, between: number, within: number): number =>
  betaShare(within / (within + between * f), within / 2, between / 2)

/** The complement of the error function. */
export function errorComplement(x: number): number {
  if (x < 0) return 2 - errorComplement(-x)
  if (x < 2.5) {
    let term = x
    let sum = x
    for (let n = 1; Math.abs(term) > 1e-17 * sum; n++) {
      term *= 2 * x * x / (2 * n + 1)
      sum += term
    }
    return 1 - 2 / Math.sqrt(Math.PI) * Math.exp(-x * x) * sum
  }
  let fraction = 0
  for (let n = 200; n > 0; n--) fraction = n / 2 / (x + fraction)
  return Math.exp(-x * x) / Math.sqrt(Math.PI) / (x + fraction)
}

/** P(Z > z) of the normal distribution. */
export const normalAbove = (z: number): number => errorComplement(z / Math.SQRT2) / 2

/** The x > 0 at which a falling `above` is `share` (below one half). */
export function quantileAbove(share: number, above: (x: number) => number): number {
  let low = 0
  let high = 1
  while (above(high) > share && high < 1e300) high *= 2
  for (let i = 0; i < 200 && high - low > high * 1e-16; i++) {
    const middle = (low + high) / 2
    if (above(middle) > share) low = middle
    else high = middle
  }
  return (low + high) / 2
}

/** P(K > x) of Kolmogorov's distribution. */
export function kolmogorovAbove(x: number): number {
  if (!(x > 0)) return 1
  if (x < 1) {
    let sum = 0
    for (let k = 1; k < 40; k += 2) sum += Math.exp(-k * k * Math.PI * Math.PI / (8 * x * x))
    return 1 - Math.sqrt(2 * Math.PI) / x * sum
  }
  let sum = 0
  for (let k = 1; k < 100; k++) {
    const term = Math.exp(-2 * k * k * x * x)
    sum += k % 2 === 1 ? term : -term
    if (term < 1e-20) break
  }
  return 2 * sum
}
