// How unlike two texts are: edit distances and Jaro's similarity.
// Invariant: texts are compared by their units; callers hand in bytes as characters where bytes count.

/** Fewest insertions, deletions and changes. */
export function levenshtein(left: string, right: string): number {
  const [a, b] = [[...left], [...right]]
  let above = Array.from({ length: b.length + 1 }, (_, j) => j)
  for (let i = 1; i <= a.length; i++) {
    const row = [i]
    for (let j = 1; j <= b.length; j++) {
      row.push(Math.min(above[j] + 1, row[j - 1] + 1, above[j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1)))
    }
    above = row
  }
  return above[b.length]
}

/** The same with swaps of neighbours, each place edited once. */
export function damerau(a: string, b: string): number {
  const rows: number[][] = [Array.from({ length: b.length + 1 }, (_, j) => j)]
  for (let i = 1; i <= a.length; i++) {
    const row = [i]
    for (let j = 1; j <= b.length; j++) {
      let cost = Math.min(rows[i - 1][j] + 1, row[j - 1] + 1, rows[i - 1][j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1))
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) {
        cost = Math.min(cost, rows[i - 2][j - 2] + 1)
      }
      row.push(cost)
    }
    rows.push(row)
  }
  return rows[a.length][b.length]
}

/** 1 for equal texts, 0 for nothing in common. */
export function jaro(a: string, b: string): number {
  // Beside an empty text ClickHouse gives the other's length.
  if (a.length === 0 || b.length === 0) return a.length + b.length
  if (a === b) return 1
  const reach = Math.max(0, Math.floor(Math.max(a.length, b.length) / 2) - 1)
  const taken = new Uint8Array(b.length)
  const matched: string[] = []
  for (let i = 0; i < a.length; i++) {
    for (let j = Math.max(0, i - reach); j < Math.min(b.length, i + reach + 1); j++) {
      if (taken[j] === 1 || a[i] !== b[j]) continue
      taken[j] = 1
      matched.push(a[i])
      break
    }
  }
  if (matched.length === 0) return 0
  const others = [...b].filter((_, j) => taken[j] === 1)
  const moved = matched.filter((char, i) => char !== others[i]).length / 2
  const m = matched.length
  return (m / a.length + m / b.length + (m - moved) / m) / 3
}

/** Jaro's, nearer for a common beginning of up to four units. */
export function jaroWinkler(a: string, b: string): number {
  const base = jaro(a, b)
  let prefix = 0
  while (prefix < 4 && prefix < a.length && a[prefix] === b[prefix]) prefix++
  return base > 0.7 ? base + prefix * 0.1 * (1 - base) : base
}
