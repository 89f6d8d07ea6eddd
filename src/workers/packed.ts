// Bodies and results of a commit group of many small inserts as plain numbers: as objects they cost the
// main thread more to post and to take in than the rows cost the worker to parse. So are queries and small answers: V8 writes the name of each field of an object and looks it up where it comes in.

import type {
  BodyRef, BodyResult, FromWorker, PackedAnswers, PackedBodies, PackedQuery, PackedResults, PostedRows, QueryPost,
} from './messages.ts'

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

/** Where the numbers of tables begin. */
const TABLES_AT = 9

/** A query whose plan and lists the worker has; null: it is to be posted as it is. */
export function packQuery(query: QueryPost): PackedQuery | null {
  const { plan, into, explain, tables, slots } = query
  if (plan !== null || into !== null || explain || tables.some(({ list }) => list !== null)) return null
  const packed: [...PackedQuery] = [
    query.id, query.planId, query.cancelSlot, query.nowMs, query.deadlineMs, query.memoryBytes, query.resultBytesMax,
    query.format, tables.length,
  ]
  for (const { tableId, listId } of tables) packed.push(tableId, listId)
  for (const slot of slots) packed.push(slot)
  return packed
}

/** The query that packQuery() packed. */
export function unpackQuery(packed: PackedQuery): QueryPost {
  const [id, planId, cancelSlot, nowMs, deadlineMs, memoryBytes, resultBytesMax, format, tableCount] = packed
  const tables: PostedRows[] = []
  let at = TABLES_AT
  for (; tables.length < tableCount; at += 2) {
    tables.push({ tableId: Number(packed[at]), listId: Number(packed[at + 1]), list: null })
  }
  return {
    kind: 'query', id, planId, plan: null, slots: packed.slice(at), tables, format, into: null, explain: false,
    nowMs, deadlineMs, memoryBytes, resultBytesMax, cancelSlot,
  }
}

/** Longer bodies cross by themselves: packed they are copied once more. Of eight answers at a time of 2, 4, 8 and 16 KiB
 * each costs both threads 4.4, 6.2, 10.3 and 14.8 µs packed, 6.0, 7.7, 10.5 and 13.5 by itself; of two 8.8, 12.2, 14.6
 * and 19.8, or 9.7, 10.6, 13.0 and 15.5 (CPU, medians of nine). */
const PACKED_BYTES_MAX = 4 * 1024
/** Numbers of an answer, as packAnswers() pushes them. */
const ANSWER_WORDS = 9
const NO_LIMIT = -1

type Answer = Extract<FromWorker, { kind: 'query-done' }>

const isSmall = (message: FromWorker): message is Answer => message.kind === 'query-done'
  && message.part === null && message.keys === null && message.body.length <= PACKED_BYTES_MAX

/** Small answers of a batch as one message, with all their bodies in one array; the others as they are. */
export function packAnswers(batch: readonly FromWorker[]): readonly FromWorker[] {
  const small = batch.filter(isSmall)
  if (small.length < 2) return batch
  const words: number[] = []
  const bodies = new Uint8Array(small.reduce((sum, { body }) => sum + body.length, 0))
  let at = 0
  for (const { id, body, stats } of small) {
    words.push(id, body.length, stats.rowsRead, stats.bytesRead, stats.rows, stats.rowsBeforeLimit ?? NO_LIMIT, stats.peakBytes,
      stats.elapsedMs, stats.postedBytes)
    bodies.set(body, at)
    at += body.length
  }
  return [{ kind: 'answers', id: 0, words, bodies }, ...batch.filter((message) => !isSmall(message))]
}

/** The answers that packAnswers() packed; their bodies are views of one array. */
export function unpackAnswers({ words, bodies }: PackedAnswers): Answer[] {
  const answers: Answer[] = []
  let from = 0
  for (let at = 0; at < words.length; at += ANSWER_WORDS) {
    const end = from + words[at + 1]
    const limit = words[at + 5]
    answers.push({
      kind: 'query-done', id: words[at], body: bodies.subarray(from, end), part: null, keys: null,
      stats: {
        rowsRead: words[at + 2], bytesRead: words[at + 3], rows: words[at + 4], rowsBeforeLimit: limit === NO_LIMIT ? null : limit,
        peakBytes: words[at + 6], elapsedMs: words[at + 7], postedBytes: words[at + 8],
      },
    })
    from = end
  }
  return answers
}
