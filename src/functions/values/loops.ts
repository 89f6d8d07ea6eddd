// Loops over typed arrays, one per operation and per kinds of arrays. A loop shared by all kinds
// sees more element kinds than the JIT specialises for and runs ten times slower; so each
// combination gets a function of its own, made from a fixed template the first time.
// Invariant: only texts written in this folder become code, never anything of a query.

import type { NumberArray } from '../../../storage/column/number-array.ts'

export type BinaryLoop = (a: NumberArray, b: NumberArray, out: NumberArray, count: number) => boolean
export type UnaryLoop = (a: NumberArray, out: NumberArray, count: number) => boolean

/** By expression, and there by number of the kinds: a text for each would be made and hashed at every call. */
const binary = new Map<string, Map<number, BinaryLoop>>()
const unary = new Map<string, Map<number, UnaryLoop>>()

const KINDS = [Float64Array, Float32Array, Uint32Array, Int32Array, Uint16Array, Int16Array, Uint8Array, Int8Array]
const numberOfKind = new Map<unknown, number>(KINDS.map((Kind, number) => [Kind, number]))

function kindOf(array: NumberArray): number {
  const kind = numberOfKind.get(array.constructor)
  if (kind === undefined) throw new TypeError(`no loops over ${array.constructor.name}`)
  return kind
}

function ofExpression<Loop>(loops: Map<string, Map<number, Loop>>, expression: string): Map<number, Loop> {
  let made = loops.get(expression)
  if (made === undefined) loops.set(expression, made = new Map())
  return made
}

const SAFE = Number.MAX_SAFE_INTEGER

/** Runs out[i] = expression(x, y) for i in [0, count); `x` and `y` are the rows' values, a constant
 * side has one. With `isChecked`, false means that some result lies beyond 2^53. */
export function runBinary(
  expression: string, a: NumberArray, isConstA: boolean, b: NumberArray, isConstB: boolean,
  out: NumberArray, count: number, isChecked = false,
): boolean {
  const made = ofExpression(binary, expression)
  const kinds = (kindOf(a) * KINDS.length + kindOf(b)) * KINDS.length + kindOf(out)
  const number = kinds * 8 + (isConstA ? 4 : 0) + (isConstB ? 2 : 0) + (isChecked ? 1 : 0)
  let loop = made.get(number)
  if (loop === undefined) {
    const before = `${isConstA ? 'const x = a[0];' : ''}${isConstB ? 'const y = b[0];' : ''}`
    const each = `${isConstA ? '' : 'const x = a[i];'}${isConstB ? '' : 'const y = b[i];'}`
    // oxlint-disable-next-line no-new-func, no-implied-eval -- see the head of this file
    loop = new Function('a', 'b', 'out', 'count', body(before, each, expression, isChecked)) as BinaryLoop
    made.set(number, loop)
  }
  return loop(a, b, out, count)
}

/** The same over one array. */
export function runUnary(
  expression: string, a: NumberArray, out: NumberArray, count: number, isChecked = false): boolean {
  const made = ofExpression(unary, expression)
  const number = (kindOf(a) * KINDS.length + kindOf(out)) * 2 + (isChecked ? 1 : 0)
  let loop = made.get(number)
  if (loop === undefined) {
    // oxlint-disable-next-line no-new-func, no-implied-eval -- see the head of this file
    loop = new Function('a', 'out', 'count', body('', 'const x = a[i];', expression, isChecked)) as UnaryLoop
    made.set(number, loop)
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
