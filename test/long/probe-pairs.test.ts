// Functions over two and three arguments of random kinds, here and in ClickHouse: as many calls as the time
// allows, another choice with each seed.
// Where ClickHouse refuses what is answered here, nothing is wrong. A type that is not taken here is refused with a
// sentence: a gap, counted and bounded. Errors from within fail always. Other types and values that are known to
// differ stand in UNLIKE; of those that are not known, a few rare ones are printed, more of them fail.

import { afterAll, beforeAll, expect, it } from 'vitest'
import type { FunctionDef } from '../../src/functions/values/function.ts'
import { functionDefs } from '../../src/functions/registry.ts'
import { startOracle, type Oracle } from '../oracle/oracle.ts'
import { BUDGET_MS, SEED, TIMEOUT_MS } from './budget.ts'
import { fillProbe, probe, probeArguments } from './probe.ts'

const MORE = ["'UTC'", '2', '-1', '1.5', "'a'", "'day'", "'Int32'", 'x -> x', '(x, y) -> x + y']

/** One after the other, all of 32 bits. */
function numbersFrom(seed: number): (below: number) => number {
  let state = seed >>> 0
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return Math.floor(state / 2 ** 32 * below)
  }
}

/** Functions whose types or values are known to differ for some arguments. */
const UNLIKE: readonly RegExp[] = [
  // The order of ClickHouse's hash table; of NULLs in a part that is sorted.
  /^(arrayUnion|arrayPartialReverseSort|arrayPartialSort)$/,
  // Days and moments beyond their type, as its arithmetic happens to go.
  /^(add|subtract|change|YYYYMMDD)/,
  // Arrays of nothing beside others.
  /^concat$/,
  // A number of bits beyond the text; a size that is a Decimal.
  /^(bitSlice|arrayResize)$/,
  // Integers beyond 2^53 beside floats, and whole numbers wider than 64 bits beside others.
  /^(moduloOrZero|moduloOrNull|positiveModulo|positiveModuloOrNull|intDivOrZero|pow|less|greater|lessOrEquals|greaterOrEquals)$/,
  // A NULL where only one side's elements are Nullable, which ClickHouse takes for their default.
  /^(hasAny|hasAll|hasSubstr)$/,
  // ClickHouse takes two n-grams for one where 16 bits of their hashes are equal.
  /^ngram(Search|Distance)/,
  // A number without a sign that has the bits of a negative one.
  /^indexOfAssumeSorted$/,
  // Whole numbers rounded beyond their type.
  /^(floor|ceil|trunc|round|roundBankers)$/,
]

/** Types that Pipit has not, of values that no common type holds. */
const TYPES_NOT_HERE = /\n {3}wants \S*(Variant\(|Nullable\(Tuple\()/

/** Of a thousand calls, those refused here that ClickHouse takes. */
const REFUSED_MOST = 20
/** Of a thousand calls, those that differ and are not known yet. Runs of 20,000 calls found 0.06 to 0.26 of each
 * thousand, nearly each of another function and mended since; they are printed. Errors from within always fail. */
const DIFFERING_MOST = 0.5

const isRefused = (found: string): boolean => /^ours [A-Z_]+: /.test(found)
const mayDiffer = (name: string, found: string): boolean =>
  TYPES_NOT_HERE.test(found) || UNLIKE.some((names) => names.test(name))

let oracle: Oracle
beforeAll(async () => {
  oracle = await startOracle()
  await fillProbe(oracle)
})
afterAll(() => oracle.close())

it('answers as ClickHouse does for two and three arguments', async () => {
  const random = numbersFrom(SEED * 7919 + 13)
  const kinds = [...probeArguments().filter((args) => args !== ''), ...MORE]
  const defs = functionDefs().filter((def) => def.arity[0] <= 3 && def.arity[1] >= 2 && !def.name.startsWith('sleep'))
  const [broken, differing]: [string[], string[]] = [[], []]
  const began = Date.now()
  let [asked, refused] = [0, 0]
  for (; Date.now() - began < BUDGET_MS; asked++) {
    const def: FunctionDef = defs[random(defs.length)]
    const count = def.arity[0] === 3 ? 3 : def.arity[1] === 2 ? 2 : 2 + random(2)
    const args = Array.from({ length: count }, () => kinds[random(kinds.length)]).join(', ')
    const found = await probe(oracle, `${def.name}(${args})`, def.isVolatile === true || def.isPerQuery === true)
    if (isRefused(found)) refused++
    else if (found.startsWith('ours !!')) broken.push(`${def.name}(${args})\n   ${found}`)
    else if (found !== '' && !mayDiffer(def.name, found)) differing.push(`${def.name}(${args})\n   ${found}`)
  }
  process.stderr.write(`probe: ${asked} calls of two and three arguments, ${refused} refused here alone, seed ${SEED}\n`)
  for (const text of differing) process.stderr.write(`probe: not known yet: ${text}\n`)
  expect(broken).toEqual([])
  expect(differing.slice(Math.max(2, Math.floor(asked * DIFFERING_MOST / 1000)))).toEqual([])
  expect(refused).toBeLessThanOrEqual(Math.max(5, asked * REFUSED_MOST / 1000))
}, TIMEOUT_MS)
