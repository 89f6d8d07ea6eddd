// Every function over one argument of every kind, here and in ClickHouse. Each run takes a slice of the
// functions: PIPIT_SEED chooses which, PIPIT_PROBE=all takes them all.
// Where ClickHouse refuses what is answered here, nothing is wrong; differences that are known stand in
// probe-known.ts, and one more fails.

import { afterAll, beforeAll, expect, it } from 'vitest'
import { functionDefs } from '../../src/functions/registry.ts'
import { startOracle, type Oracle } from '../oracle/oracle.ts'
import { SEED, TIMEOUT_MS } from './budget.ts'
import { KNOWN } from './probe-known.ts'
import { fillProbe, probe, probeArguments } from './probe.ts'

const SLICES = 24

let oracle: Oracle
beforeAll(async () => {
  oracle = await startOracle()
  await fillProbe(oracle)
})
afterAll(() => oracle.close())

it('answers as ClickHouse does for one argument of every kind', async () => {
  const isAll = process.env.PIPIT_PROBE === 'all'
  const slice = functionDefs().filter((_, i) => isAll || i % SLICES === SEED % SLICES)
  const differing: string[] = []
  let asked = 0
  for (const def of slice) {
    const known = new Set(Object.hasOwn(KNOWN, def.name) ? KNOWN[def.name].split('; ') : [])
    for (const args of probeArguments()) {
      asked++
      const found = await probe(oracle, `${def.name}(${args})`, def.isVolatile === true || def.isPerQuery === true)
      if (found !== '' && !known.has(args)) differing.push(`${def.name}(${args})\n   ${found}`)
    }
  }
  process.stderr.write(`probe: ${asked} calls of ${slice.length} functions, seed ${SEED}\n`)
  expect(differing).toEqual([])
}, process.env.PIPIT_PROBE === 'all' ? 3_600_000 : TIMEOUT_MS)
