// Inserts with an Idempotency-Key: the same key with the same body is stored once and answered as the
// first time, whoever sends it again and when, within the time that keys are remembered. The key is
// part of its rows' transaction (storage/wal/key-table.ts).
//
//   known, same body -> the first answer      known, other body -> 422      under way -> wait for it

import { createHash, webcrypto } from 'node:crypto'
import type { IdempotencyKey } from '../../storage/face.ts'
import type { ImportAnswer, ImportRequest, InsertAnswer, InsertRequest } from './engine.ts'
import { EngineError } from './engine-error.ts'

/** Longest key that a client may choose. */
const KEY_CHARS_MAX = 255
/** Keys remembered at once, at about 100 bytes each; beyond it keyed inserts are refused (503). */
const KEYS_MAX = 1_000_000
/** Hashes are cut to this: 2^64 keys until two are likely to meet. */
const HASH_BYTES = 16

/** The key of an insert under way; its answer comes with the rows. */
export type KeyInUse = Pick<IdempotencyKey, 'id' | 'body'>

type Known = { readonly findKey: (id: Uint8Array) => IdempotencyKey | null; readonly keyCount: number }

export class Idempotency {
  private readonly underWay = new Map<string, Promise<unknown>>()
  private readonly store: Known

  constructor(store: Known) { this.store = store }

  /** Answers a keyed insert: from memory, or by `insert`, at most one at a time for a key. */
  async run(
    request: InsertRequest, key: string, insert: (key: KeyInUse) => Promise<InsertAnswer>,
  ): Promise<InsertAnswer> {
    const id = idOf(request.datasource, key)
    const body = await hashOf(request)
    return await this.once(id, async (known) => replay(known, body, key), () => insert({ id, body }))
  }

  /** The same of a file, which is hashed while it is read. */
  async runFile(request: ImportRequest, key: string, run: (key: FileKey) => Promise<ImportAnswer>): Promise<ImportAnswer> {
    const own = new FileKey(idOf(request.datasource, key), request)
    return await this.once(own.id, async (known) => {
      for await (const _ of own.hashed(request.chunks)) request.signal?.throwIfAborted()
      const { successfulRows, quarantinedRows, duplicateRows = 0, firstError } = replay(known, own.inUse().body, key)
      return {
        importId: own.id.toString('hex'), successful: successfulRows, quarantined: quarantinedRows, duplicates: duplicateRows,
        firstError, isReplayed: true,
      }
    }, () => run(own))
  }

  private async once<T>(id: Buffer, replayed: (known: IdempotencyKey) => Promise<T>, work: () => Promise<T>): Promise<T> {
    const name = id.toString('latin1')
    for (;;) {
      const known = this.store.findKey(id)
      if (known !== null) return await replayed(known)
      const running = this.underWay.get(name)
      if (running === undefined) break
      await running.catch(() => {}) // refused: this one tries
    }
    if (this.store.keyCount >= KEYS_MAX) {
      throw new EngineError('busy', `More than ${KEYS_MAX} idempotency keys are remembered; try again later`, 'BUSY')
    }
    const running = work()
    this.underWay.set(name, running)
    try {
      return await running
    } finally {
      this.underWay.delete(name)
    }
  }

}

/** The key of a file under way. */
export class FileKey {
  readonly id: Buffer
  private readonly hash = createHash('sha256')

  constructor(id: Buffer, { format, dialect, isReplacing, replaceCondition }: ImportRequest) {
    this.id = id
    this.hash.update(JSON.stringify(['file', format, dialect ?? null, isReplacing, replaceCondition ?? null]))
  }

  /** The file's bytes as they come; to be read once, to the end. */
  async *hashed(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    for await (const chunk of chunks) {
      this.hash.update(chunk)
      yield chunk
    }
  }

  /** When all has been read. */
  inUse(): KeyInUse { return { id: this.id, body: this.hash.copy().digest().subarray(0, HASH_BYTES) } }
}

function idOf(datasource: string, key: string): Buffer {
  if (key.length > KEY_CHARS_MAX) {
    throw new EngineError('query', `The Idempotency-Key is longer than ${KEY_CHARS_MAX} characters`, 'BAD_KEY')
  }
  return createHash('sha256').update(`${datasource}\0${key}`).digest().subarray(0, HASH_BYTES)
}

function replay(known: IdempotencyKey, body: Uint8Array, key: string): InsertAnswer {
  if (Buffer.compare(known.body, body) !== 0) {
    throw new EngineError('conflict', `The Idempotency-Key '${key}' was used for another body; `
      + 'give each body a key of its own', 'IDEMPOTENCY_KEY_REUSED')
  }
  const { successful, quarantined, duplicates, text } = known.answer
  return {
    successfulRows: successful, quarantinedRows: quarantined, duplicateRows: duplicates,
    firstError: text === '' ? null : text, isTooLarge: false, isReplayed: true,
  }
}

/** Off the main thread: a body may have 100 MB. */
async function hashOf({ body, format, gzip }: InsertRequest): Promise<Buffer> {
  const digest = Buffer.from(await webcrypto.subtle.digest('SHA-256', body as Uint8Array<ArrayBuffer>))
  return createHash('sha256').update(`${format} ${gzip}`).update(digest).digest().subarray(0, HASH_BYTES)
}
