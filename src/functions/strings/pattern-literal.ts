// A text that every match of a regular expression holds, so that strings without it are never decoded
// nor asked.
// Invariant: when in doubt the answer is shorter; '' means that nothing is sure.

const CLASS = /[dDwWsSbBAz]/
const REPEAT = /^\{\d*,?\d*\}/

/** Where the set that opens at `at` ends. */
function afterSet(chars: readonly string[], at: number): number {
  let i = at + 1
  if (chars[i] === '^') i++
  if (chars[i] === ']') i++
  while (i < chars.length && chars[i] !== ']') {
    if (chars[i] === '\\') i++
    else if (chars[i] === '[' && chars[i + 1] === ':') {
      while (i < chars.length && !(chars[i] === ':' && chars[i + 1] === ']' && chars[i - 1] !== '[')) i++
      i++
    }
    i++
  }
  return i + 1
}

/** The longest run of plain characters outside of groups and sets that no quantifier makes optional;
 * `isFirst`: every match begins with it. */
export function literalOf(pattern: string): { readonly text: string; readonly isFirst: boolean } {
  const best = { text: '', isFirst: false }
  if (/[|\ufffd\p{Surrogate}]|\(\?/u.test(pattern)) return best
  const chars = [...pattern]
  let run: string[] = []
  let isFirst = true
  let depth = 0
  const endRun = () => {
    if (run.join('').length > best.text.length) Object.assign(best, { text: run.join(''), isFirst })
    run = []
    isFirst = false
  }
  for (let i = 0; i < chars.length;) {
    const char = chars[i]
    if (char === '\\') {
      const next = chars[i + 1] ?? ''
      const isPlain = /^[^\w\s]$/u.test(next)
      if (isPlain && depth === 0) run.push(next)
      else endRun()
      if (!isPlain && !CLASS.test(next)) return best // \Q, \x, \p: what follows is not what it seems
      i += 2
    } else if (char === '[') {
      endRun()
      i = afterSet(chars, i)
    } else if ('*?{'.includes(char)) {
      run.pop()
      endRun()
      i += REPEAT.exec(chars.slice(i).join(''))?.[0].length ?? 1
    } else if ('()+.^$'.includes(char)) {
      if (char === '(') depth++
      if (char === ')') depth--
      endRun()
      i++
    } else {
      if (depth === 0) run.push(char)
      i++
    }
  }
  endRun()
  return best
}
