// How V8 optimizes. A process that answers many kinds of small queries runs some thousand functions a few
// times a query, in each worker; V8's own bounds are for programs of few hot loops.
//
// Measured over HTTP with 64 connections (docs/performance.md, "A point query"): V8's compiler threads took a fifth of
// the process's CPU for its first minute, for the same functions again and again.

import { setFlagsFromString } from 'node:v8'

/** The version that budgets are known of: Node 20's. */
export const IS_KNOWN = process.versions.v8.startsWith('11.3.')

/** V8's own: bytes of bytecode that run until it looks whether a function is hot. With 240,000 its compiler threads took
 * half of the CPU in a young process, and workers a fifth more, for longer: in all as much over HTTP, more in one thread. */
export const BUDGET = 67_584

/** All threads have them from the beginning: V8 takes kept code under the same flags alone. */
export const TIER_FLAGS: readonly string[] = [
  // Where V8 writes `map` of an array into its caller, the array comes out as one with holes, as it had not before: all
  // that had been optimized for the other kind was thrown away (80 of 110 times in the first 13,000 point queries).
  '--no-turbo-inline-array-builtins',
]

/** Before the first thread begins. */
export function setTierFlags(): void { for (const flag of TIER_FLAGS) setFlagsFromString(flag) }
