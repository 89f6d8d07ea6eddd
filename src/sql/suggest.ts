// Near names for error texts: `unknown column user_di: did you mean user_id?`. Used wherever a
// person misspells a name. Invariant: a suggestion is always one of the candidates.

// A suggestion further away than this share of the name's length would puzzle more than it helps.
const DISTANCE_SHARE_MAX = 0.4
// Longer names are compared by their first characters: the table below is quadratic.
const NAME_CHARS_MAX = 64

/** Edit distance with transpositions of neighbours (optimal string alignment), case-insensitive:
 * a difference in case alone counts 0. */
export function editDistance(left: string, right: string): number {
  const a = left.slice(0, NAME_CHARS_MAX).toLowerCase()
  const b = right.slice(0, NAME_CHARS_MAX).toLowerCase()
  let beforeLast: number[] = []
  let last: number[] = Array.from({ length: b.length + 1 }, (_, j) => j)
  for (let i = 1; i <= a.length; i++) {
    const row = [i]
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1]
      let cost = Math.min(last[j] + 1, row[j - 1] + 1, last[j - 1] + (same ? 0 : 1))
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) {
        cost = Math.min(cost, beforeLast[j - 2] + 1)
      }
      row.push(cost)
    }
    beforeLast = last
    last = row
  }
  return last[b.length]
}

/** The candidate nearest to `name`, or null where none is near enough to be meant. */
export function nearestName(name: string, candidates: Iterable<string>): string | null {
  // Of a name of one or two letters nothing is left after an edit: only its case may differ.
  const distanceMax = name.length < 3 ? 0
    : Math.max(1, Math.floor(name.length * DISTANCE_SHARE_MAX))
  let best: string | null = null
  let bestDistance = distanceMax + 1
  for (const candidate of candidates) {
    if (candidate === name || Math.abs(candidate.length - name.length) >= bestDistance) continue
    const distance = editDistance(name, candidate)
    if (distance < bestDistance) {
      best = candidate
      bestDistance = distance
    }
  }
  return best
}

/** `; did you mean user_id?`, or '' where nothing is near. */
export function didYouMean(name: string, candidates: Iterable<string>): string {
  const near = nearestName(name, candidates)
  return near === null ? '' : `; did you mean ${near}?`
}
