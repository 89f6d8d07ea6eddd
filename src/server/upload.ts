// A file of a request: its body, a multipart field, or what a URL has. It is unpacked where it is gzip,
// and comes in pieces.

import { Readable } from 'node:stream'
import { createGunzip } from 'node:zlib'
import { EngineError } from '../engine/engine-error.ts'
import { HttpError } from './answer.ts'
import type { Call } from './context.ts'
import { download } from './download.ts'
import { readForm } from './form.ts'
import { addPairs, queryParams, textOf, type Params } from './params.ts'

/** Bytes of a body that are handed on at once. */
const CHUNK_BYTES = 1024 * 1024

/** Parameters that may come as a plain form, which is what `curl -d` says of whatever it sends: a body is
 * taken for one where it holds nothing else. */
const FORM_PARAMETER = /^(?:name|mode|schema|url|format|type|description|replace_condition|dialect_\w+|engine\w*|token)$/
const FORM_BYTES_MAX = 64 * 1024

export type Upload = {
  readonly params: Params
  readonly url: string
  /** The body holds parameters alone. */
  readonly isBare: boolean
  /** What the file is called, as far as somebody says; ''. */
  readonly fileName: string
  /** Reads the file, once. Resolves with null where there is none. Throws EngineError. */
  readonly open: (signal?: AbortSignal) => Promise<OpenFile | null>
}

export type OpenFile = {
  /** The first plain bytes, for telling what it is; the chunks begin with them. */
  readonly first: Uint8Array
  readonly chunks: AsyncIterable<Uint8Array>
  /** Bytes that come, packed or not, where somebody says. */
  readonly announced: number | null
}

/** What was sent: parameters (those of the query string win) and the way to the file. */
export async function readUpload({ request }: Call): Promise<Upload> {
  const contentType = request.header('content-type')
  const isForm = /^multipart\/form-data/i.test(contentType)
  let body: AsyncIterable<Uint8Array> = request.stream ?? slices(request.body)
  const form = isForm ? await readForm(body, contentType, Object.keys(queryParams(request))) : null
  let params: Params = { ...form?.fields, ...queryParams(request) }
  let isBare = false
  if (/^application\/x-www-form-urlencoded/i.test(contentType)) {
    const plain = await plainForm(body)
    body = plain.body
    isBare = plain.fields !== null
    params = { ...plain.fields, ...params }
  }
  const url = textOf(params, 'url')
  if (url !== '' && !(/^https?:\/\//.test(url) && URL.canParse(url))) throw new HttpError(400, "The parameter 'url' must begin with http:// or https://")
  return {
    params, url, isBare, fileName: url === '' ? form?.fileName ?? '' : url,
    open: async (signal) => {
      if (url !== '') {
        const { chunks, announced } = await download(url, signal ?? null)
        return await opened(chunks, announced)
      }
      const file = isBare ? null : form === null ? body : form.file
      return file === null ? null : await opened(file, Number(request.header('content-length')) || null)
    },
  }
}

/** The parameters of a body that is a form; `fields` is null where it is a file. */
async function plainForm(
  body: AsyncIterable<Uint8Array>,
): Promise<{ fields: Params | null; body: AsyncIterable<Uint8Array> }> {
  const iterator = body[Symbol.asyncIterator]()
  const held: Uint8Array[] = []
  let next = await iterator.next()
  for (let bytes = 0; next.done !== true && bytes <= FORM_BYTES_MAX; next = await iterator.next()) {
    held.push(next.value)
    bytes += next.value.length
  }
  if (next.done === true && held.length > 0) {
    const text = Buffer.concat(held).toString('utf8')
    const isForm = text.split('&').every((pair) => pair.includes('=') && FORM_PARAMETER.test(pair.slice(0, pair.indexOf('='))))
    if (isForm) {
      const fields: Params = {}
      addPairs(fields, text, 'form')
      return { fields, body }
    }
  }
  return { fields: null, body: (async function* () {
    yield* held
    for (; next.done !== true; next = await iterator.next()) yield next.value
  })() }
}

/** Looks at the first bytes of a stream, and unpacks it where they are those of gzip. */
async function opened(source: AsyncIterable<Uint8Array>, announced: number | null): Promise<OpenFile | null> {
  const packed = await peeked(source)
  if (packed === null) return null
  if (packed.first[0] !== 0x1f || packed.first[1] !== 0x8b) return { ...packed, announced }
  const plain = await peeked(unpacked(packed.chunks))
  return plain === null ? null : { ...plain, announced }
}

async function* unpacked(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const gunzip = createGunzip()
  const source = Readable.from(chunks)
  source.on('error', (error) => gunzip.destroy(error))
  try {
    yield* source.pipe(gunzip)
  } catch (error) {
    if (error instanceof EngineError) throw error
    throw new EngineError('query', `The file can't be unpacked: ${(error as Error).message}`, 'BAD_GZIP')
  }
}

async function peeked(source: AsyncIterable<Uint8Array>): Promise<{ first: Uint8Array; chunks: AsyncIterable<Uint8Array> } | null> {
  const iterator = source[Symbol.asyncIterator]()
  let head = await iterator.next()
  while (head.done !== true && head.value.length === 0) head = await iterator.next()
  if (head.done === true) return null
  const first = head.value
  const chunks = (async function* () {
    try {
      yield first
      for (let next = await iterator.next(); next.done !== true; next = await iterator.next()) yield next.value
    } finally {
      await iterator.return?.()
    }
  })()
  return { first, chunks }
}

async function* slices(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += CHUNK_BYTES) yield bytes.subarray(at, at + CHUNK_BYTES)
}
