// Chooses the HTTP adapter: uWebSockets.js where its binding loads, node:http elsewhere.

import type { HttpServer, ListenOptions } from './http.ts'
import { listenNode } from './node-http.ts'
import { listenUws, loadUws } from './uws.ts'

/** PIPIT_HTTP=node asks for the fallback. `onFallback` hears why it was taken. */
export async function listen(options: ListenOptions, onFallback: (why: string) => void): Promise<HttpServer> {
  if (process.env.PIPIT_HTTP === 'node') return listenNode(options)
  let uws: Awaited<ReturnType<typeof loadUws>>
  try {
    uws = await loadUws()
  } catch (error) {
    onFallback(`uWebSockets.js does not load here (${(error as Error).message.split('\n')[0]}); `
      + 'serving with node:http, at about a quarter of the rate')
    return listenNode(options)
  }
  return listenUws(uws, options)
}
