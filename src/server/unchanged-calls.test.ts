import { beforeEach, expect, it } from 'vitest'
import type { Versions } from '../engine/versions.ts'
import type { Project } from '../project/definitions.ts'
import type { HttpAnswer } from './http.ts'
import type { Asker, KnownCall } from './known-calls.ts'
import type { Token } from './tokens.ts'
import { UnchangedCalls, type Surroundings } from './unchanged-calls.ts'

const versions: Versions = { text: '1.1.5', epoch: 1, tables: [] }
const HEADERS: Readonly<Record<string, string>> = { 'if-none-match': 'W/"e"', authorization: 'Bearer p.a' }
const tokenOf = (more: Partial<Token> = {}): Token => ({
  id: 'a', name: 'a', value: 'p.a', scopes: [], principal: { filters: {}, fixedParams: {}, claims: {} }, rps: null, origin: 'http', ...more })

const newProject = (): Project => ({}) as Project // known by its identity alone

let token: Token
let project: Project
let secrets: Asker['secrets']
let current: Versions | null
let calls: UnchangedCalls
const noted: string[] = []
beforeEach(() => {
  token = tokenOf()
  project = newProject()
  secrets = null
  current = versions
  calls = new UnchangedCalls()
  noted.length = 0
})

const context: Surroundings = {
  project: () => project, tokens: { find: (value: string) => (value === token.value ? token : null) },
  variables: { get values() { return secrets } }, engine: { areCurrent: (asked: Versions) => asked === current },
  serviceLog: { again: (line: string, { requestId, userAgent }: { requestId: string; userAgent: string }) => { noted.push(`${requestId} ${userAgent} ${line}`) } },
  metrics: { count: (status: number) => { noted.push(String(status)) }, countEndpoint: (pipe: string) => { noted.push(pipe) } },
}

function keep(query: string, asker: Partial<Asker> = {}, etag = 'W/"e"', tables: string[] = ['hits'], method = 'GET'): void {
  const header = (name: string): string => HEADERS[name] ?? ''
  const request = { method, path: '/v0/pipes/top.json', query, header } as const
  const known = {
    project, token, secrets, ...asker, params: {}, own: { n: 'ü' },
    rendered: { tables } as unknown as KnownCall['rendered'], // of which nothing else is asked
    etag: { format: 'JSON', versions, text: etag },
  }
  calls.keep(request, 'top', known, { ETag: 'W/"e"' })
}

const ask = (query: string, headers: Record<string, string> = {}, path = '/v0/pipes/top.json'): HttpAnswer | null =>
  calls.answer(path, query, { getHeader: (name) => ({ ...HEADERS, ...headers })[name] ?? '' }, context)

it('answers a call that comes again word for word, and notes it', () => {
  keep('n=1')
  expect(ask('n=1', { 'x-request-id': 'x'.repeat(200), 'user-agent': 'me' })).toMatchObject({
    status: 304, body: '', headers: { ETag: 'W/"e"', 'X-Request-Id': 'x'.repeat(128), 'Access-Control-Allow-Origin': '*' } })
  expect(noted).toEqual([expect.stringMatching(/^x+ me .*"pipe_name":"top".*"token":"a".*"status_code":304.*"parameters":\{"n":"ü"\}.*\n$/s) as string, 'top', '304'])
  expect(ask('n=1')?.headers['X-Request-Id']).toMatch(/^[\da-f-]{36}$/)
})

it('knows no call that differs by anything that it came with', () => {
  keep('n=1')
  expect([ask('n=2'), ask('n=1', {}, '/v0/pipes/top.csv')]).toEqual([null, null])
  for (const [name, value] of [['if-none-match', ''], ['if-none-match', 'W/"f"'], ['authorization', 'Bearer p.b']]) expect(ask('n=1', { [name]: value })).toBeNull()
  expect(noted).toEqual([])
})

it('knows it no longer when token, project, secrets or a table have changed', () => {
  keep('n=1')
  const others = [() => { token = tokenOf() }, () => { token = tokenOf({ value: 'p.new' }) }, () => { project = newProject() },
    () => { secrets = { key: 'x' } }, () => { current = null }]
  for (const change of others) {
    const before = { token, project, secrets, current }
    change()
    expect(ask('n=1')).toBeNull()
    ;({ token, project, secrets, current } = before)
    expect(ask('n=1')).not.toBeNull()
  }
})

it('keeps nothing for tokens that end by themselves, of what reads the service log, or of another answer', () => {
  keep('n=1', { token: token = tokenOf({ origin: 'jwt' }) })
  expect(ask('n=1')).toBeNull()
  keep('n=1', { token: token = tokenOf({ rps: 5 }) })
  expect(ask('n=1')).toBeNull()
  keep('n=1', { token: token = tokenOf() }, 'W/"e"', ['hits', 'tinybird.pipe_stats_rt'])
  keep('n=1', {}, 'W/"later"')
  keep('n=1', {}, 'W/"e"', ['hits'], 'HEAD')
  keep(`n=${'1'.repeat(3000)}`)
  expect([ask('n=1'), ask(`n=${'1'.repeat(3000)}`)]).toEqual([null, null])
})

it('forgets the oldest of many, and all of an old version of the project', () => {
  for (let n = 0; n < 257; n++) keep(`n=${n}`)
  expect([ask('n=0'), ask('n=1')?.status, ask('n=256')?.status, calls.size]).toEqual([null, 304, 304, 256])
  project = newProject()
  keep('n=1')
  expect([ask('n=1')?.status, calls.size]).toEqual([304, 1])
})
