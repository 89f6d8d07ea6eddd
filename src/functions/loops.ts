// Loops over typed arrays, one per operation and per kinds of arrays. A loop shared by all kinds
// sees more element kinds than the JIT specialises for and runs ten times slower; so each
// combination gets a function of its own, made from a fixed template the first time.
// Invariant: only texts written in this folder become code, never anything of a query.

import type { NumberArray } from '../../storage/column/vector.ts'

export type BinaryLoop = (a: NumberArray, b: NumberArray, out: NumberArray, count: number) => boolean
export type UnaryLoop = (a: NumberArray, out: NumberArray, count: number) => boolean

const loops = new Map<string, BinaryLoop | UnaryLoop>()

const kindOf = (array: NumberArray): string => array.constructor.name

const SAFE = Number.MAX_SAFE_INTEGER

/** Runs out[i] = expression(x, y) for i in [0, count); `x` and `y` are the rows' values, a constant
 * side has one. With `isChecked`, false means that some result lies beyond 2^53. */
export function runBinary(
  expression: string, a: NumberArray, isConstA: boolean, b: NumberArray, isConstB: boolean,
  out: NumberArray, count: number, isChecked = false,
): boolean {
  const key = `${expression}|${kindOf(a)}${isConstA}|${kindOf(b)}${isConstB}|${kindOf(out)}|${isChecked}`
  let loop = loops.get(key) as BinaryLoop | undefined
  if (loop === undefined) {
    const before = `${isConstA ? 'const x = a[0];' : ''}${isConstB ? 'const y = b[0];' : ''}`
    const each = `${isConstA ? '' : 'const x = a[i];'}${isConstB ? '' : 'const y = b[i];'}`
    // oxlint-disable-next-line no-new-func, no-implied-eval -- see the head of this file
    loop = new Function('a', 'b', 'out', 'count', body(before, each, expression, isChecked)) as BinaryLoop
    loops.set(key, loop)
  }
  return loop(a, b, out, count)
}

/** The same over one array. */
export function runUnary(
  expression: string, a: NumberArray, out: NumberArray, count: number, isChecked = false): boolean {
  const key = `${expression}|${kindOf(a)}|${kindOf(out)}|${isChecked}`
  let loop = loops.get(key) as UnaryLoop | undefined
  if (loop === undefined) {
    // oxlint-disable-next-line no-new-func, no-implied-eval -- see the head of this file
    loop = new Function('a', 'out', 'count', body('', 'const x = a[i];', expression, isChecked)) as UnaryLoop
    loops.set(key, loop)
  }
  return loop(a, out, count)
}

function body(before: string, each: string, expression: string, isChecked: boolean): string {
  return `'use strict'; ${before} let safe = true;
    for (let i = 0; i < count; i++) {
      ${each}
      const r = ${expression};
      ${isChecked ? `if (r > ${SAFE} || r < -${SAFE}) safe = false;` : ''}
      out[i] = r;
    }
    return safe`
}
