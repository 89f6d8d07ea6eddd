import { expect, it } from 'vitest'
import type { ServerContext } from './context.ts'
import type { HttpRequest } from './http.ts'
import { createHandler } from './routes.ts'

const contextOf = (isLocal: boolean): ServerContext => ({
  isLocal, tokens: { admin: { value: 'p.admin' } }, metrics: { count: () => {} },
  log: { info: () => {}, error: () => {} },
}) as unknown as ServerContext // what GET /tokens looks at

const ask = async (isLocal: boolean, remoteAddress: string): Promise<number> => (await createHandler(contextOf(isLocal))({
  method: 'GET', path: '/tokens', query: '', header: () => '', remoteAddress: () => remoteAddress, body: new Uint8Array(0), stream: null, onAbort: () => {},
} satisfies HttpRequest)).status

it.each([
  ['127.0.0.1', 200], ['::1', 200], ['0000:0000:0000:0000:0000:0000:0000:0001', 200], ['::ffff:127.0.0.1', 200],
  ['0000:0000:0000:0000:0000:ffff:7f00:0001', 200], ['192.168.1.7', 404], ['10.0.0.1', 404], ['2001:db8::1', 404],
  ['::ffff:192.168.1.7', 404], ['0000:0000:0000:0000:0000:ffff:c0a8:0107', 404], ['', 404],
])('hands out tokens to loopback alone: %s', async (address, status) => {
  expect(await ask(true, address)).toBe(status)
  expect(await ask(false, address)).toBe(404)
})
