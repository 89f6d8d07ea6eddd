// Verbs that talk to a running server do it here: over undici, with the token of the environment or,
// for a local server, the one that it hands out on loopback.

import { createReadStream, statSync, type Stats } from 'node:fs'
import { Readable } from 'node:stream'
import { CliError } from './terminal.ts'

/** Bytes of a file that are read at once. */
const FILE_CHUNK_BYTES = 1024 * 1024

type Method = 'GET' | 'POST' | 'PUT' | 'DELETE'

export type ClientOptions = { readonly url?: string; readonly token?: string }

export class Client {
  readonly url: string
  private readonly token: string

  private constructor(url: string, token: string) {
    this.url = url
    this.token = token
  }

  static async open(options: ClientOptions): Promise<Client> {
    const port = process.env.PIPIT_PORT ?? '7181'
    const url = (options.url ?? process.env.TB_HOST ?? `http://127.0.0.1:${port}`).replace(/\/$/, '')
    const token = options.token ?? process.env.TB_TOKEN ?? process.env.PIPIT_ADMIN_TOKEN
    return new Client(url, token ?? await localToken(url))
  }

  /** The answer's text; a refusal is a CliError with the server's sentence. */
  async call(method: Method, path: string, body?: Uint8Array | string): Promise<string> {
    const answer = await send(`${this.url}${path}`, method, { Authorization: `Bearer ${this.token}` }, body)
    if (answer.status >= 400) throw new CliError(errorText(answer.text, answer.status))
    return answer.text
  }

  /** Sends a file as it is read; `onProgress` is told how many bytes have gone. */
  async sendFile<T>(path: string, file: string, onProgress: (sent: number, all: number) => void): Promise<T> {
    const { size } = statOf(file)
    let sent = 0
    // Read when it is sent: a listener would have it flow before anybody takes it.
    const body = Readable.from((async function* () {
      for await (const chunk of createReadStream(file, { highWaterMark: FILE_CHUNK_BYTES }) as AsyncIterable<Buffer>) {
        onProgress(sent += chunk.length, size)
        yield chunk
      }
    })())
    const headers = { Authorization: `Bearer ${this.token}`, 'Content-Length': String(size), 'Content-Type': 'application/octet-stream' }
    const answer = await send(`${this.url}${path}`, 'POST', headers, body)
    if (answer.status >= 400) throw new CliError(errorText(answer.text, answer.status))
    return JSON.parse(answer.text) as T
  }

  async json<T>(method: Method, path: string, body?: Uint8Array | string): Promise<T> {
    return JSON.parse(await this.call(method, path, body)) as T
  }
}

/** Throws CliError where there is nothing to send. */
function statOf(file: string): { readonly size: number } {
  let stats: Stats
  try {
    stats = statSync(file)
  } catch (error) {
    throw new CliError(`${file} can't be read: ${(error as Error).message}`)
  }
  if (!stats.isDirectory() && stats.size > 0) return stats
  throw new CliError(`${file} is ${stats.isDirectory() ? 'a folder' : 'empty'}: nothing was sent`)
}

async function send(url: string, method: Method, headers: Record<string, string>, body?: Uint8Array | string | Readable) {
  // Loaded by the verbs that call a server only.
  const { request } = await import('undici')
  try {
    // The answer to a file comes when all of it is stored.
    const answer = await request(url, { method, headers, body: body ?? null, headersTimeout: 0, bodyTimeout: 0 })
    return { status: answer.statusCode, text: await answer.body.text() }
  } catch (error) {
    throw new CliError(`${new URL(url).origin} does not answer (${(error as Error).message}); `
      + 'is `pipit dev` running there? --url names another server')
  }
}

async function localToken(url: string): Promise<string> {
  const answer = await send(`${url}/tokens`, 'GET', {})
  if (answer.status !== 200) {
    throw new CliError('A token is missing: give --token or set TB_TOKEN (only `pipit dev` hands its own out)')
  }
  return (JSON.parse(answer.text) as { admin_token: string }).admin_token
}

function errorText(text: string, status: number): string {
  try {
    return (JSON.parse(text) as { error: string }).error
  } catch {
    return `${status}: ${text.slice(0, 200)}`
  }
}
