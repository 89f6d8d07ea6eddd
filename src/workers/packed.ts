// Bodies and results of a commit group of many small inserts as plain numbers: as objects they cost the
// main thread more to post and to take in than the rows cost the worker to parse.

import type { BodyRef, BodyResult, PackedBodies, PackedResults } from './messages.ts'

// Kinds, added up.
const JSON_BODY = 1
const GZIP_BODY = 2

export const packBodies = (bodies: readonly BodyRef[]): PackedBodies => {
  const packed: number[] = []
  for (const { address, bytes, format, gzip } of bodies) {
    packed.push(address, bytes, (format === 'json' ? JSON_BODY : 0) + (gzip ? GZIP_BODY : 0))
  }
  return { packed }
}

export function unpackBodies({ packed }: PackedBodies): BodyRef[] {
  const bodies: BodyRef[] = []
  for (let at = 0; at < packed.length; at += 3) {
    const kind = packed[at + 2]
    bodies.push({
      address: packed[at], bytes: packed[at + 1],
      format: (kind & JSON_BODY) === 0 ? 'ndjson' : 'json', gzip: (kind & GZIP_BODY) !== 0,
    })
  }
  return bodies
}

export function packResults(results: readonly BodyResult[]): PackedResults {
  const counts: number[] = []
  const notes: PackedResults['notes'][number][] = []
  results.forEach(({ successful, quarantined, firstError, isTooLarge }, index) => {
    counts.push(successful, quarantined)
    if (firstError !== null || isTooLarge) notes.push({ index, firstError, isTooLarge })
  })
  return { counts, notes }
}

export function unpackResults({ counts, notes }: PackedResults): BodyResult[] {
  const results: BodyResult[] = []
  for (let at = 0; at < counts.length; at += 2) {
    results.push({ successful: counts[at], quarantined: counts[at + 1], firstError: null, isTooLarge: false })
  }
  for (const { index, firstError, isTooLarge } of notes) results[index] = { ...results[index], firstError, isTooLarge }
  return results
}
