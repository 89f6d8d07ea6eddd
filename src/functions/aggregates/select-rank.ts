// The first k of a list by an order, as ClickHouse finds them: which of equal ones come first depends on
// the algorithm, so it is the same one here.

/** Whether a goes before b. */
export type IsBefore = (a: number, b: number) => boolean

/** From so many items on a sample is selected from first. */
const SAMPLED_MIN = 600

function swap(list: Uint32Array, i: number, j: number): void {
  const moved = list[i]
  list[i] = list[j]
  list[j] = moved
}

/** Moves items so that what list[k] would be in order lies there, what goes before it left of it and the rest right
 * of it (Floyd and Rivest, "The algorithm SELECT", 1975), within [left, right]. */
export function selectRank(list: Uint32Array, first: number, last: number, k: number, isBefore: IsBefore): void {
  let [left, right] = [first, last]
  while (right > left) {
    if (right - left > SAMPLED_MIN) {
      const n = right - left + 1
      const i = k - left + 1
      const z = Math.log(n)
      const s = 0.5 * Math.exp(2 * z / 3)
      const spread = 0.5 * Math.sqrt(z * s * (n - s) / n) * (i < Math.trunc(n / 2) ? -1 : 1)
      const from = Math.max(left, Math.trunc(k - i * s / n + spread))
      const to = Math.min(right, Math.trunc(k + (n - i) * s / n + spread))
      selectRank(list, from, to, k, isBefore)
    }
    let [i, j] = [left, right]
    const pivot = list[k]
    swap(list, left, k)
    const isSwapped = isBefore(pivot, list[right])
    if (isSwapped) swap(list, left, right)
    while (i < j) {
      swap(list, i, j)
      i++
      j--
      while (isBefore(list[i], pivot)) i++
      while (isBefore(pivot, list[j])) j--
    }
    if (isSwapped) swap(list, left, j)
    else swap(list, right, ++j)
    if (j <= k) left = j + 1
    if (k <= j) right = j - 1
  }
}

/** The first `count` items in their order, equal ones as selectRank() leaves them; the list is moved about. */
export function firstInOrder(list: Uint32Array, count: number, isBefore: IsBefore): Uint32Array {
  if (count === 0) return list.subarray(0, 0)
  selectRank(list, 0, list.length - 1, count - 1, isBefore)
  return list.subarray(0, count).sort((a, b) => (isBefore(a, b) ? -1 : isBefore(b, a) ? 1 : 0))
}
