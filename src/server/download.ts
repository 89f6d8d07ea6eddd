// A file that a URL names, over Node's own client: one that is read slowly, from a server that closes its
// connections, ended the process of undici (an assertion while its parser is paused).
//
//   GET, at most REDIRECTS_MAX times -> 200 -> chunks, each within the time that a URL may send nothing

import { get as getPlain, type IncomingMessage } from 'node:http'
import { get as getSecure } from 'node:https'
import { EngineError } from '../engine/engine-error.ts'
import { secondsOf } from '../engine/limits.ts'

const REDIRECTS_MAX = 5
const REDIRECTS: ReadonlySet<number> = new Set([301, 302, 303, 307, 308])

/** How long a URL may send nothing (PIPIT_IMPORT_IDLE_SECONDS). */
const idleMs = (): number => secondsOf('PIPIT_IMPORT_IDLE_SECONDS', 60)

export type Download = { readonly chunks: AsyncIterable<Uint8Array>; readonly announced: number | null }

/** Resolves when the answer begins. Throws EngineError. */
export async function download(url: string, signal: AbortSignal | null): Promise<Download> {
  let at = url
  for (let redirects = 0; redirects <= REDIRECTS_MAX; redirects++) {
    const answer = await answerOf(at, signal).catch((error: Error) => {
      throw badUrl(url, `cannot be read: ${error.message}`)
    })
    const status = answer.statusCode ?? 0
    if (status === 200) {
      return { chunks: chunksOf(answer, url), announced: Number(answer.headers['content-length']) || null }
    }
    answer.destroy()
    const { location } = answer.headers
    if (!REDIRECTS.has(status) || location === undefined) throw badUrl(url, `answers ${status}`)
    if (!URL.canParse(location, at)) throw badUrl(url, `leads to '${location.replace(/[?#].*$/s, '')}', which is no URL`)
    at = new URL(location, at).href
    if (!/^https?:/.test(at)) throw badUrl(url, `leads to ${plainUrl(at)}: only http and https are read`)
  }
  throw badUrl(url, `leads on more than ${REDIRECTS_MAX} times`)
}

/** What of a URL may be shown: who signs it does so before its host, or in its query. */
export function plainUrl(url: string): string {
  const { origin, pathname } = new URL(url)
  return origin + pathname
}

const badUrl = (url: string, what: string): EngineError => new EngineError('query', `${plainUrl(url)} ${what}`, 'BAD_URL')
const silence = (): Error => new Error(`nothing came for ${idleMs() / 1000} seconds`)

function answerOf(url: string, signal: AbortSignal | null): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const get = url.startsWith('https:') ? getSecure : getPlain
    const request = get(url, { agent: false, ...signal === null ? {} : { signal }, headers: { 'user-agent': 'pipit' } }, (answer) => {
      clearTimeout(timer)
      answer.on('error', () => {}) // whoever reads it is told
      resolve(answer)
    })
    const timer = setTimeout(() => request.destroy(silence()), idleMs())
    request.on('error', (error) => {
      clearTimeout(timer)
      reject(error)
    })
  })
}

async function* chunksOf(answer: IncomingMessage, url: string): AsyncGenerator<Uint8Array> {
  const iterator = answer[Symbol.asyncIterator]() as AsyncIterator<Uint8Array>
  try {
    for (;;) {
      // The time runs only while somebody waits: a reader that is slow is not the URL's fault.
      const timer = setTimeout(() => answer.destroy(silence()), idleMs())
      const next = await iterator.next().finally(() => clearTimeout(timer))
      if (next.done === true) break
      yield next.value
    }
    if (!answer.complete) throw new Error('the connection was closed')
  } catch (error) {
    throw badUrl(url, `stopped in the middle: ${(error as Error).message}`)
  } finally {
    answer.destroy()
  }
}
