// A multipart form with a file: the file comes as it is sent, so a form may be of any length.
//
//   body -> parser -> fields, until the file begins -> the file, held back while nobody reads it
//
// Fields may stand behind the file: of a small form all are known before the file is read; behind a large
// file one that is not in the query string is an error, and nothing of the file is stored.

import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { Busboy, type BusboyInstance, type BusboyFileStream } from '@fastify/busboy'
import { EngineError } from '../engine/engine-error.ts'

/** Bytes of a file that are read before what stands behind it is waited for no longer. */
const AHEAD_BYTES = 4 * 2 ** 20
/** Bytes of a field: a schema is the longest one. */
const FIELD_BYTES_MAX = 4 * 2 ** 20

export type Form = {
  readonly fields: Readonly<Record<string, string>>
  readonly fileName: string
  /** null: no part of it is a file. */
  readonly file: AsyncIterable<Uint8Array> | null
}

/** `known`: parameters that stand elsewhere, and need not be in the form. Throws EngineError. */
export async function readForm(
  body: AsyncIterable<Uint8Array>, contentType: string, known: readonly string[],
): Promise<Form> {
  const fields: Record<string, string> = {}
  let parser: BusboyInstance
  try {
    parser = new Busboy({ headers: { 'content-type': contentType }, limits: { fieldSize: FIELD_BYTES_MAX } })
  } catch (error) {
    throw unreadable(error as Error)
  }
  let fileName = ''
  let isOver = false
  const late: string[] = []
  const found = new Promise<BusboyFileStream | null>((resolve) => {
    let isFound = false
    parser.on('file', (_field, stream, name) => {
      if (isFound) {
        stream.resume() // one file a call
        return
      }
      isFound = true
      fileName = name ?? ''
      stream.on('error', () => {}) // whoever reads it is told
      resolve(stream)
    })
    parser.on('finish', () => resolve(null))
  })
  parser.on('field', (field, value) => {
    fields[field] = value
    if (isOver && !known.includes(field)) late.push(field)
  })
  const whole = pipeline(Readable.from(body), parser)
  whole.catch(() => {}) // it is awaited where it matters
  const stream = await Promise.race([found, whole.then(() => null, (error: Error) => { throw unreadable(error) })])
  if (stream === null) {
    await whole.catch((error: Error) => { throw unreadable(error) })
    return { fields, fileName, file: null }
  }
  const chunks = bytesOf(stream, whole)
  const { held, isEnd } = await ahead(chunks)
  isOver = true
  const file = (async function* () {
    yield* held
    if (!isEnd) yield* chunks
    if (late.length > 0) {
      throw badForm(`The field '${late[0]}' stands behind the file; send it before the file, or in the query string. Nothing is stored`)
    }
  })()
  return { fields, fileName, file }
}

/** The file, and the rest of the form: an end of the body within it is an error. */
async function* bytesOf(stream: BusboyFileStream, whole: Promise<void>): AsyncGenerator<Uint8Array> {
  let failure: Error | null = null
  whole.catch((error: Error) => {
    failure = error
    stream.destroy(error)
  })
  try {
    for await (const chunk of stream) yield chunk as Uint8Array
    await whole
  } catch (error) {
    throw unreadable(failure ?? error as Error)
  }
}

/** The beginning of a file; all of it where it is short. */
async function ahead(chunks: AsyncGenerator<Uint8Array>): Promise<{ held: Uint8Array[]; isEnd: boolean }> {
  const held: Uint8Array[] = []
  for (let bytes = 0; bytes < AHEAD_BYTES;) {
    const next = await chunks.next()
    if (next.done === true) return { held, isEnd: true }
    held.push(next.value)
    bytes += next.value.length
  }
  return { held, isEnd: false }
}

const badForm = (message: string): EngineError => new EngineError('query', message, 'BAD_FORM')
const unreadable = (error: Error): EngineError => badForm(`The multipart body can't be read: ${error.message}`)
