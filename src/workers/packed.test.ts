import fc from 'fast-check'
import { expect, it } from 'vitest'
import { packBodies, packResults, unpackBodies, unpackResults } from './packed.ts'

it('brings bodies and results back as they were', () => {
  const body = fc.record({
    address: fc.integer({ min: 1, max: 2 ** 40 }), bytes: fc.nat(), gzip: fc.boolean(),
    format: fc.constantFrom('ndjson' as const, 'json' as const),
  })
  const result = fc.record({
    successful: fc.nat(), quarantined: fc.nat(), firstError: fc.option(fc.string()), isTooLarge: fc.boolean(),
  })
  fc.assert(fc.property(fc.array(body), fc.array(result), (bodies, results) => {
    expect(unpackBodies(packBodies(bodies))).toEqual(bodies)
    expect(unpackResults(packResults(results))).toEqual(results)
  }), { numRuns: 50 })
})
