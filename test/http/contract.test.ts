// What every call goes through, over both HTTP adapters: tokens and scopes, CORS, request ids,
// encodings, ETags, methods and paths, limits of bodies.

import { rmSync } from 'node:fs'
import { brotliDecompressSync, gunzipSync } from 'node:zlib'
import { SignJWT } from 'jose'
import { request } from 'undici'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { TestServer, writeProject, type Answer, type Method } from './server.ts'

const FILES = {
  'hits.datasource': [
    'TOKEN tracker APPEND', 'TOKEN reader READ', 'SCHEMA >', '  `org` String `json:$.org`,', '  `n` Int32 `json:$.n`',
    'ENGINE "MergeTree"', 'ENGINE_SORTING_KEY "n"', '',
  ].join('\n'),
  'top.pipe': [
    'DESCRIPTION Hits by org', 'TOKEN dash READ', 'NODE top_node', 'SQL >', '  %',
    '  SELECT org, count() AS hits, sum(n) AS total FROM hits',
    "  WHERE n >= {{Int32(least, 0, description='The least n')}}",
    "  {% if defined(org) %} AND org = {{String(org)}} {% end %}",
    '  GROUP BY org ORDER BY org', 'TYPE endpoint', '',
  ].join('\n'),
  'when.pipe': 'NODE when_node\nSQL >\n  SELECT now() AS t, count() AS n FROM hits\nTYPE endpoint\n',
  'refusing.pipe': [
    'NODE refusing_node', 'SQL >', '  %', "  {% if defined(why) %} {{ error('Too long: ' + why) }} {% end %}",
    "  {% if defined(id) %} {{ custom_error({'error_id': 10001, 'error': 'say \"when\"', 'of': [id, None]}, 418) }} {% end %}",
    "  {{ custom_error('plain words') }} SELECT 1", 'TYPE endpoint', '',
  ].join('\n'),
  'ranged.pipe': [
    'NODE ranged_node', 'SQL >', '  %',
    "  SELECT {{Int32(from, 1)}} AS from, {{String(format, 'none')}} AS format, {{String(page, 'none')}} AS page", 'TYPE endpoint', '',
  ].join('\n'),
  'typed.pipe': "NODE n\nSQL >\n  %\n  SELECT {{Int32(a, 5)}} AS a, {{Int32(a, 5)}} + 1 AS b, {{Int(a, 5)}} AS c, {{Float64(d, 1)}} AS d, {{UInt64(e, 7)}} AS e, toTypeName({{Int8(f, 1)}}) AS f FROM numbers(9) LIMIT {{Int32(rows, 1)}}\nTYPE endpoint\n",
  'secret.pipe': 'NODE secret_node\nSQL >\n  %\n  SELECT {{tb_secret("greeting")}} AS g\nTYPE endpoint\n',
  'wide.pipe': "NODE wide_node\nSQL >\n  SELECT number, repeat('x', 20) AS x FROM numbers(2000)\nTYPE endpoint\n",
}

const VERSIONED = {
  'opens.datasource': 'VERSION 3\nSCHEMA >\n  `id` String `json:$.id`\n',
  'drawn.datasource': 'SCHEMA >\n  `h` UInt32 `json:$.h`\nENGINE "MergeTree"\nENGINE_SORTING_KEY "h"\nENGINE_SAMPLING_KEY "h"\n',
  'names.datasource': 'SCHEMA >\n  `id` String `json:$.id`\n',
  'opened.pipe': 'VERSION 2\nNODE n\nSQL >\n  SELECT opens__v3.id AS id, count() AS n FROM opens__v3 LEFT JOIN names USING id GROUP BY id\nTYPE endpoint\n',
}

const ROWS = ['a', 'a', 'b', 'c'].map((org, n) => JSON.stringify({ org, n })).join('\n')
const BODY_MAX = 1_000_000
type Rows = { data: Record<string, unknown>[]; rows: number }
const rowsOf = ({ text }: Answer): Record<string, unknown>[] => (JSON.parse(text) as Rows).data

describe.each([
  ['uWebSockets.js', {}], ['node:http', { PIPIT_HTTP: 'node', PIPIT_KERNELS: 'off' }],
] as const)('%s', (adapter, env) => {
  const project = writeProject({ ...FILES, ...VERSIONED })
  let server: TestServer
  beforeAll(async () => {
    server = await new TestServer(project).start(['--no-demo'], { ...env, PIPIT_BODY_BYTES_MAX: String(BODY_MAX) })
    await server.call('POST', '/v0/events?name=hits', ROWS)
  })
  afterAll(async () => {
    await server.remove()
    rmSync(project, { recursive: true })
  })

  const tokenOf = async (name: string): Promise<string> =>
    (JSON.parse((await server.call('GET', `/v0/tokens/${name}`)).text) as { token: string }).token
  const as = (token: string, method: Method, path: string, body?: string) =>
    server.call(method, path, body, { authorization: `Bearer ${token}` })

  it('answers errors of a template in its own words, an object of custom_error as the body', async () => {
    const object = await server.call('GET', '/v0/pipes/refusing.json?id=a')
    expect([object.status, object.headers['content-type'], JSON.parse(object.text)]).toEqual([
      418, 'application/json; charset=utf-8', { error_id: 10001, error: 'say "when"', of: ['a', null] }])
    const sentence = await server.call('GET', '/v0/pipes/refusing.json?why=x')
    expect([sentence.status, JSON.parse(sentence.text)]).toMatchObject([400, { error: 'Too long: x' }])
    const plain = await server.call('GET', '/v0/pipes/refusing.json')
    expect([plain.status, JSON.parse(plain.text)]).toMatchObject([400, { error: 'plain words' }])
  })

  it('hands parameters called from and format to the pipe, but no mark of a client', async () => {
    const ask = async (query: string) => rowsOf(await server.call('GET', `/v0/pipes/ranged.json?${query}`))[0]
    expect(await ask('from=5&format=short&page=2')).toEqual({ from: 5, format: 'short', page: '2' })
    expect(await ask('from=ts-sdk')).toEqual({ from: 1, format: 'none', page: 'none' })
    expect(await ask('from=ts-sdk&from=7')).toMatchObject({ from: 7 })
    const body = await server.call('POST', '/v0/pipes/ranged.json?from=ts-sdk', '{"from":9}', { 'content-type': 'application/json' })
    expect(rowsOf(body)).toMatchObject([{ from: 9 }])
    const wrong = await server.call('GET', '/v0/pipes/ranged.json?from=x')
    expect([wrong.status, wrong.text]).toEqual([400, expect.stringContaining("The parameter from is 'x'")])
    const sql = await server.call('GET', `/v0/sql?from=3&q=${encodeURIComponent('% SELECT {{Int32(from, 1)}} AS x FORMAT CSV')}`)
    expect(sql.text.trim()).toBe('3')
  })

  it('gives a number of a declared type that type, whatever its value', async () => {
    for (const [query, rows] of [['', 1], ['?a=-300&d=2.5&e=18446744073709551615&rows=2', 2]] as const) {
      const { meta, data } = JSON.parse((await server.call('GET', `/v0/pipes/typed.json${query}`)).text) as { meta: { name: string; type: string }[]; data: unknown[] }
      const c = rows === 1 ? 'UInt8' : 'Int16'
      expect(meta.map(({ name, type }) => `${name} ${type}`)).toEqual(['a Int32', 'b Int64', `c ${c}`, 'd Float64', 'e UInt64', 'f String'])
      expect(data).toHaveLength(rows)
      expect(data[0]).toMatchObject({ a: rows === 1 ? 5 : -300, b: rows === 1 ? 6 : -299, d: rows === 1 ? 1 : 2.5, f: 'Int8' })
    }
    const bare = await server.call('GET', `/v0/sql?n=4&q=${encodeURIComponent('% SELECT {{Int16(n)}} FORMAT CSVWithNamesAndTypes')}`)
    expect(bare.text).toBe('"toInt16(\'4\')"\n"Int16"\n4\n')
  })

  it('runs on the adapter that was asked for', () => {
    expect(server.output).toContain(adapter)
  })

  it('takes names with the version of their file', async () => {
    const sent = await server.call('POST', '/v0/events?name=opens__v3&wait=true', '{"id":"x"}\n{"id":"x"}\nno')
    expect(JSON.parse(sent.text)).toEqual({ successful_rows: 2, quarantined_rows: 1 })
    for (const path of ['opened.json', 'opened__v2.json']) {
      expect(rowsOf(await server.call('GET', `/v0/pipes/${path}`))).toEqual([{ id: 'x', n: 2 }])
    }
    expect(await server.rows('SELECT count() AS n FROM opens__v3 WHERE opens__v3.id = (SELECT max(id) FROM opens)')).toEqual([{ n: 2 }])
    expect(await server.rows('SELECT count() AS n FROM opens__v3_quarantine')).toEqual([{ n: 1 }])
    for (const path of ['/v0/pipes/opened__v1.json', '/v0/datasources/opens__v2']) expect((await server.call('GET', path)).status).toBe(404)
    expect((await server.call('POST', '/v0/sql', 'SELECT 1 FROM opens__v2')).text).toContain("Unknown table 'opens__v2'")
    expect((await server.call('POST', '/v0/sql', 'SELECT 1 FROM refussing')).text).toContain("Unknown table 'refussing'. Did you mean 'refusing'?")
    const truncated = await server.call('POST', '/v0/datasources/opens__v3/truncate')
    expect([truncated.status, await server.rows('SELECT count() AS n FROM opens')]).toEqual([200, [{ n: 0 }]])
  })

  it('answers a preflight, opens CORS, gives back and makes request ids', async () => {
    const preflight = await server.call('OPTIONS', '/v0/events', undefined, { authorization: '' })
    expect(preflight.status).toBe(204)
    expect(preflight.headers['access-control-allow-methods']).toContain('POST')
    expect(String(preflight.headers['access-control-allow-headers']).split(', ')).toEqual(expect.arrayContaining(['Authorization', 'Content-Type', '*']))
    const answer = await server.call('GET', '/v0/pipes/top.json', undefined, { 'x-request-id': 'mine-1' })
    expect(answer.headers['access-control-allow-origin']).toBe('*')
    expect(answer.headers['x-request-id']).toBe('mine-1')
    expect((await server.call('GET', '/health')).headers['x-request-id']).toMatch(/^[\w-]{36}$/)
  })

  it('takes slashes at the end, HEAD for GET, and names methods and paths that are not there', async () => {
    expect((await server.call('GET', '/v0/tokens/')).status).toBe(200)
    const head = await server.call('HEAD', '/v0/pipes/top.json')
    expect([head.status, head.text]).toEqual([200, ''])
    expect((await server.call('GET', '/v0/nothing')).status).toBe(404)
    const wrong = await server.call('DELETE', '/v0/events')
    expect([wrong.status, wrong.headers.allow]).toEqual([405, 'POST'])
  })

  it('takes a token of the query string percent-encoded, and refuses missing and wrong ones', async () => {
    const encoded = [...server.token].map((char) => `%${char.charCodeAt(0).toString(16)}`).join('')
    const none = { authorization: '' }
    expect((await server.call('GET', `/v0/pipes/top.json?token=${encoded}`, undefined, none)).status).toBe(200)
    expect((await server.call('GET', '/v0/pipes/top.json', undefined, none)).status).toBe(403)
    expect((await server.call('GET', '/v0/pipes/top.json?token=%zz', undefined, none)).status).toBe(403)
    expect((await as(`${server.token}x`, 'GET', '/v0/pipes/top.json')).status).toBe(403)
  })

  it('names the missing scope on every route', async () => {
    const made = await server.call('POST', '/v0/tokens?name=weak&scope=PIPES:READ:when')
    const { token } = JSON.parse(made.text) as { token: string }
    const routes: [Method, string, string, string?][] = [
      ['POST', '/v0/events?name=hits', 'DATASOURCES:APPEND:hits', '{}'],
      ['GET', '/v0/pipes/top.json', 'PIPES:READ:top'], ['GET', '/v0/pipes/top', 'PIPES:READ:top'],
      ['GET', '/v0/pipes/top.pipe', 'PIPES:READ:top'],
      ['POST', '/v0/sql', 'DATASOURCES:READ:hits', 'SELECT * FROM hits'],
      ['POST', '/v0/sql', 'PIPES:READ:top', 'SELECT * FROM top'],
      ['GET', '/v0/pipes/when.json?q=SELECT%20*%20FROM%20hits', 'DATASOURCES:READ:hits'],
      ['GET', '/v0/datasources/hits', 'DATASOURCES:READ:hits'],
      ['POST', '/v0/datasources/hits/truncate', 'ADMIN'],
      ['GET', '/v0/tokens', 'TOKENS'], ['POST', '/v0/tokens?name=x&scope=ADMIN', 'TOKENS'],
      ['DELETE', '/v0/tokens/weak', 'TOKENS'], ['POST', '/v0/tokens/admin/refresh', 'TOKENS'],
      ['GET', '/v0/variables', 'ADMIN'], ['POST', '/v0/variables?name=x&value=y', 'ADMIN'],
      ['GET', '/metrics', 'ADMIN'],
    ]
    for (const [method, path, scope, body] of routes) {
      const answer = await as(token, method, path, body)
      expect([path, answer.status]).toEqual([path, 403])
      expect(answer.text, path).toContain(scope)
    }
    expect((await as(token, 'GET', '/v0/pipes/when.json')).status).toBe(200)
    const listed = JSON.parse((await as(token, 'GET', '/v0/pipes')).text) as { pipes: { name: string }[] }
    expect(listed.pipes.map(({ name }) => name)).toEqual(['when'])
    expect(JSON.parse((await as(token, 'GET', '/v0/datasources')).text)).toEqual({ datasources: [] })
  })

  it('lists, changes, refreshes and drops tokens', async () => {
    const made = await server.call('POST', '/v0/tokens?name=temp&scope=PIPES:READ:when')
    const { token } = JSON.parse(made.text) as { token: string }
    expect((await server.call('POST', '/v0/tokens?name=temp&scope=PIPES:READ:when')).status).toBe(409)
    expect((await server.call('POST', '/v0/tokens?name=odd&scope=PIPES:WRITE:x')).status).toBe(400)
    await server.call('PUT', '/v0/tokens/temp?scope=PIPES:READ:top&scope=PIPES:READ:when')
    expect((await as(token, 'GET', '/v0/pipes/top.json')).status).toBe(200)
    const fresh = JSON.parse((await server.call('POST', '/v0/tokens/temp/refresh')).text) as { token: string }
    expect((await as(token, 'GET', '/v0/pipes/top.json')).status).toBe(403)
    expect((await as(fresh.token, 'GET', '/v0/pipes/top.json')).status).toBe(200)
    expect(JSON.parse((await server.call('DELETE', '/v0/tokens/temp')).text)).toEqual({ ok: true })
    expect((await as(fresh.token, 'GET', '/v0/pipes/top.json')).status).toBe(403)
    expect((await server.call('DELETE', '/v0/tokens/tracker')).status).toBe(400)
  })

  it('shows a filtered token its rows alone, in SQL and through pipes', async () => {
    const scope = encodeURIComponent("DATASOURCES:READ:hits:org = 'a'")
    const made = await server.call('POST', `/v0/tokens?name=only_a&scope=${scope}&scope=PIPES:READ:top`)
    const { token } = JSON.parse(made.text) as { token: string }
    const counted = await as(token, 'POST', '/v0/sql', 'SELECT count() AS n, max(org) AS m FROM hits FORMAT JSON')
    expect(rowsOf(counted)).toEqual([{ n: 2, m: 'a' }])
    expect(rowsOf(await as(token, 'GET', '/v0/pipes/top.json')).map(({ org }) => org)).toEqual(['a'])
    // The filter comes before any condition of the query: it may not see other rows, not even to fail.
    const sneaky = 'SELECT count() AS c FROM hits WHERE intDiv(1, n - 2) > -5 FORMAT JSON'
    expect((await server.call('POST', '/v0/sql', sneaky)).text).toMatch(/[Dd]ivision by zero/)
    expect(rowsOf(await as(token, 'POST', '/v0/sql', sneaky))).toEqual([{ c: 2 }])
  })

  it('takes JWTs: fixed parameters, filters, expiry, requests a second', async () => {
    const sign = (claims: Record<string, unknown>, expires: number, key = server.token) =>
      new SignJWT(claims).setProtectedHeader({ alg: 'HS256' }).setExpirationTime(expires)
        .sign(new TextEncoder().encode(key))
    const soon = Math.floor(Date.now() / 1000) + 60
    const scopes = [{ type: 'PIPES:READ', resource: 'top', fixed_params: { org: 'b' } }]
    const fixed = await sign({ name: 'b', scopes }, soon)
    expect(rowsOf(await as(fixed, 'GET', '/v0/pipes/top.json?org=a')).map(({ org }) => org)).toEqual(['b'])
    expect((await as(fixed, 'GET', '/v0/pipes/when.json')).status).toBe(403)
    const filtered = await sign({ name: 'f', scopes: [{ type: 'PIPES:READ', resource: 'top', filter: "org = 'c'" }] }, soon)
    expect(rowsOf(await as(filtered, 'GET', '/v0/pipes/top.json')).map(({ org }) => org)).toEqual(['c'])
    const old = await as(await sign({ name: 'o', scopes }, soon - 120), 'GET', '/v0/pipes/top.json')
    expect([old.status, old.text.includes('expired')]).toEqual([403, true])
    expect((await as(await sign({ name: 'w', scopes }, soon, 'another key'), 'GET', '/v0/pipes/top.json')).status).toBe(403)
    const admin = await sign({ name: 'x', scopes: [{ type: 'ADMIN' }] }, soon)
    expect((await as(admin, 'GET', '/v0/tokens')).status).toBe(403)
    const made = await server.call('POST', `/v0/tokens?name=slow&expiration_time=${soon}`,
      JSON.stringify({ scopes, limits: { rps: 2 } }), { 'content-type': 'application/json' })
    const { token } = JSON.parse(made.text) as { token: string }
    const statuses = await Promise.all(Array.from({ length: 8 }, () => as(token, 'GET', '/v0/pipes/top.json')))
    const refused = statuses.filter(({ status }) => status === 429)
    expect(refused.length).toBeGreaterThanOrEqual(2)
    expect(refused[0].headers['retry-after']).toBe('1')
    expect(refused[0].headers['x-ratelimit-limit']).toBe('2')
  })

  it('answers 304 until a row changes, and never for what depends on the time', async () => {
    const path = '/v0/pipes/top.json?least=1'
    const first = await server.call('GET', path)
    const etag = String(first.headers.etag)
    // Known calls are found sooner from one time to the next.
    for (let time = 0; time < 4; time++) {
      const again = await server.call('GET', path, undefined, { 'if-none-match': etag, 'x-request-id': `again ${time}` })
      expect([again.status, again.text, again.headers.etag, again.headers['x-request-id']]).toEqual([304, '', etag, `again ${time}`])
      expect(again.headers['access-control-allow-origin']).toBe('*')
    }
    const forbidden = await request(`${server.url}${path}`, { headers: { authorization: 'Bearer p.other', 'if-none-match': etag } })
    expect(forbidden.statusCode).toBe(403)
    await forbidden.body.dump()
    const other = await server.call('GET', '/v0/pipes/top.json?least=2', undefined, { 'if-none-match': etag })
    expect(other.status).toBe(200)
    await server.call('POST', '/v0/events?name=hits', '{"org":"z","n":-5}')
    const changed = await server.call('GET', path, undefined, { 'if-none-match': etag })
    expect(changed.status).toBe(200)
    expect(changed.headers.etag).not.toBe(etag)
    expect((await server.call('GET', '/v0/pipes/when.json')).headers.etag).toBeUndefined()
  })

  it('encodes what is large where the client takes it', async () => {
    const raw = async (encoding: string) => {
      const answer = await request(`${server.url}/v0/pipes/wide.csv`, {
        headers: { authorization: `Bearer ${server.token}`, 'accept-encoding': encoding },
      })
      return { bytes: Buffer.from(await answer.body.arrayBuffer()), encoding: answer.headers['content-encoding'] }
    }
    const plain = await raw('identity')
    expect(plain.encoding).toBeUndefined()
    const gzip = await raw('gzip;q=0.5')
    expect([gzip.encoding, gunzipSync(gzip.bytes).equals(plain.bytes)]).toEqual(['gzip', true])
    const br = await raw('gzip, br')
    expect([br.encoding, brotliDecompressSync(br.bytes).equals(plain.bytes)]).toEqual(['br', true])
    expect(br.bytes.length).toBeLessThan(plain.bytes.length / 4)
    expect((await raw('br;q=0, gzip;q=0')).encoding).toBeUndefined()
  })

  it('answers 413 with a sentence once a body that is too large was taken', async () => {
    const answer = await server.call('POST', '/v0/events?name=hits', 'x'.repeat(BODY_MAX + 1))
    expect(answer.status).toBe(413)
    expect(answer.text).toContain(String(BODY_MAX))
    expect((await server.call('GET', '/health')).status).toBe(200)
  })

  it('takes parameters by query string, form and JSON, and names one of the wrong type', async () => {
    const orgs = (answer: Answer) => rowsOf(answer).map(({ org }) => org)
    expect(orgs(await server.call('GET', '/v0/pipes/top.json?org=b&utm_source=x'))).toEqual(['b'])
    const form = await server.call('POST', '/v0/pipes/top.json', 'org=b', { 'content-type': 'application/x-www-form-urlencoded' })
    expect(orgs(form)).toEqual(['b'])
    const json = await server.call('POST', '/v0/pipes/top.json', '{"org":"b"}', { 'content-type': 'application/json' })
    expect(orgs(json)).toEqual(['b'])
    const wrong = await server.call('GET', '/v0/pipes/top.json?least=few')
    expect(wrong.status).toBe(400)
    expect(wrong.text).toMatch(/least.*Int32|Int32.*least/)
    expect((await server.call('POST', '/v0/pipes/top.json', '{"org"', { 'content-type': 'application/json' })).status).toBe(400)
  })

  it('samples by the sampling key of a data source', async () => {
    const rows = Array.from({ length: 200 }, (_, i) => JSON.stringify({ h: i * 21_474_836 })).join('\n')
    await server.call('POST', '/v0/events?name=drawn&wait=true', rows)
    expect(await server.rows('SELECT count() AS n, any(_sample_factor) AS f FROM drawn SAMPLE 1/4')).toEqual([{ n: 51, f: 4 }])
    expect(await server.rows('SELECT count() AS n FROM drawn SAMPLE 1/4 OFFSET 1/2')).toEqual([{ n: 50 }])
    expect((await server.call('POST', '/v0/sql', 'SELECT count() FROM hits SAMPLE 0.5')).text).toMatch(/no sampling key/)
  })

  it('answers SQL over an endpoint, EXPLAIN, and JSON to those who ask for it', async () => {
    const over = await server.call('GET', `/v0/pipes/top.json?q=${encodeURIComponent('SELECT max(total) AS t FROM _')}`)
    expect(rowsOf(over)).toEqual([{ t: 3 }])
    const explained = JSON.parse((await server.call('GET', '/v0/pipes/top.json?explain=true')).text) as { explain: string }
    expect(explained.explain).toMatch(/scan hits/)
    expect((await server.call('GET', '/v0/sql?q=SELECT%201')).text).toBe('1\n')
    for (const answer of [
      await server.call('GET', '/v0/sql?q=SELECT%201%20AS%20x&from=ts-sdk'),
      await server.call('GET', '/v0/sql?q=SELECT%201%20AS%20x', undefined, { accept: 'application/json' }),
      await server.call('POST', '/v0/sql', '{"q":"SELECT 1 AS x FORMAT JSON"}', { 'content-type': 'application/json' }),
      await server.call('GET', '/v0/sql?q=SELECT%20%7Bx%3AUInt8%7D%20AS%20x%20FORMAT%20JSON&param_x=1'),
      await server.call('POST', '/v0/sql?param_x=1&param_s=a', "SELECT {x:UInt8} AS x WHERE {s:String} = 'a' FORMAT JSON"),
    ]) expect(rowsOf(answer)).toEqual([{ x: 1 }])
    expect(await server.call('POST', '/v0/sql?param_x=1)%20OR%20(1', 'SELECT {x:UInt8}'))
      .toMatchObject({ status: 400, text: expect.stringMatching(/cannot be parsed as UInt8 for query parameter 'x'/) as string })
  })

  it('writes values as settings of the output among the parameters want it', async () => {
    const sql = encodeURIComponent("SELECT toUInt64(max(total)) AS t, 'a/b' AS s, 1 / 0 AS f FROM _")
    const path = `/v0/pipes/top.json?q=${sql}`
    const plain = await server.call('GET', path)
    const asked = await server.call('GET', `${path}&output_format_json_quote_64bit_integers=1&output_format_json_quote_denormals=1`, undefined,
      { 'if-none-match': String(plain.headers.etag) })
    expect([rowsOf(plain), rowsOf(asked)]).toEqual([[{ t: 3, s: 'a/b', f: null }], [{ t: '3', s: 'a/b', f: 'inf' }]])
    expect((await server.call('GET', `/v0/sql?q=${encodeURIComponent("SELECT 'a/b' AS s FORMAT JSONEachRow")}&output_format_json_escape_forward_slashes=0`)).text)
      .toBe('{"s":"a/b"}\n')
    expect(await server.call('GET', `${path}&output_format_json_quote_64bit_integers=yes`)).toMatchObject({ status: 400, text: expect.stringMatching(/is 0 or 1, not 'yes'/) as string })
    const padded = encodeURIComponent("SELECT toDecimal64(1.5, 4) AS d, CAST((NULL, d), 'Tuple(n Nullable(Int8), d Decimal(9, 3))') AS t")
    const texts = await Promise.all(['JSONEachRow', 'CSV'].map((format) => server.call('GET',
      `/v0/sql?q=${padded} FORMAT ${format}&output_format_decimal_trailing_zeros=1&output_format_json_skip_null_value_in_named_tuples=1`)))
    expect(texts.map(({ text }) => text)).toEqual(['{"d":1.5000,"t":{"d":1.500}}\n', '1.5000,\\N,1.500\n'])
    expect(await server.call('GET', `${path}&output_format_float_precision=1`)).toMatchObject({ status: 400, text: expect.stringMatching(/not supported yet/) as string })
  })

  it('answers as Parquet and as Prometheus\' text', async () => {
    const parquet = await server.call('GET', '/v0/pipes/top.parquet')
    expect([parquet.status, parquet.text.slice(0, 4), parquet.headers['content-type']])
      .toEqual([200, 'PAR1', 'application/vnd.apache.parquet'])
    const sql = "SELECT concat('hits_', org) AS name, total AS value FROM _ WHERE org != 'z' ORDER BY name"
    const text = await server.call('GET', `/v0/pipes/top.prometheus?q=${encodeURIComponent(sql)}`)
    expect(text.text).toMatch(/^hits_a 1\n\nhits_b 2\n/)
    expect((await server.call('GET', '/v0/pipes/top.prometheus')).text).toMatch(/needs the columns `name`/)
  })

  it('names position and near name in an error of SQL, also of a pipe over HTTP', async () => {
    const answer = await server.call('POST', '/v0/sql', 'SELECT 1,\n orgg FROM hits')
    expect(answer.status).toBe(400)
    expect(answer.text).toMatch(/orgg.*'org'.*\(line 2, column 2\)/)
    const syntax = await server.call('POST', '/v0/sql', 'SELECT FROM WHERE')
    expect([syntax.status, /line 1, column \d+/.test(syntax.text)]).toEqual([400, true])
    expect((await server.call('POST', '/v0/events?name=hitz', '{}')).status).toBe(404)
    const malformed = await server.call('POST', '/v0/events?name=hits', 'not json at all')
    expect(malformed.status).toBe(400)
  })

  it('describes pipes, data sources, the workspace and all endpoints', async () => {
    const pipe = JSON.parse((await server.call('GET', '/v0/pipes/top')).text) as { nodes: unknown[]; type: string }
    expect([pipe.type, pipe.nodes.length]).toEqual(['endpoint', 1])
    expect((await server.call('GET', '/v0/pipes/top.pipe')).text).toBe(FILES['top.pipe'])
    expect((await server.call('GET', '/v0/datasources/hits.datasource')).text).toBe(FILES['hits.datasource'])
    const workspace = JSON.parse((await server.call('GET', '/v1/workspace')).text) as { id: string }
    expect(workspace.id).toMatch(/^[\w-]{36}$/)
    const api = JSON.parse((await server.call('GET', '/v0/pipes/openapi.json')).text) as {
      openapi: string; paths: Record<string, { get: { parameters: { name: string; schema: { type: string } }[] } }>
    }
    expect(api.openapi).toMatch(/^3\./)
    const { parameters } = api.paths['/v0/pipes/top.json'].get
    expect(parameters.map(({ name, schema }) => [name, schema.type])).toEqual([['least', 'integer'], ['org', 'string']])
    const metrics = await server.call('GET', '/metrics')
    expect(metrics.text).toMatch(/^pipit_datasource_rows\{datasource="hits"\} \d+$/m)
    expect(Number(/^process_cpu_seconds_total ([\d.]+)$/m.exec(metrics.text)?.[1])).toBeGreaterThan(0.3) // of the whole process
    const piped = async (q: string, pipeline: string) => (await server.call('GET', `/v0/sql?${new URLSearchParams({ q, pipeline })}`)).text
    expect(await piped('SELECT x FROM _', 'nothing')).toMatch(/Unknown table 'nothing'/)
    expect(await piped("SELECT 'from _', count() >= 0 FROM _ -- from _", 'hits')).toBe('from _\t1\n')
    expect(await piped('SELECT 1 FROM _', 'a, b')).toMatch(/name of a pipe/)
  })

  it('keeps variables whose values no answer shows, and gives them to templates', async () => {
    expect((await server.call('POST', '/v0/variables', 'name=greeting&value=hello+you', {
      'content-type': 'application/x-www-form-urlencoded' })).status).toBe(200)
    expect(rowsOf(await server.call('GET', '/v0/pipes/secret.json'))).toEqual([{ g: 'hello you' }])
    await server.call('PUT', '/v0/variables/greeting?value=bye')
    expect(rowsOf(await server.call('GET', '/v0/pipes/secret.json'))).toEqual([{ g: 'bye' }])
    const listed = await server.call('GET', '/v0/variables')
    expect(listed.text).toContain('greeting')
    expect(listed.text).not.toContain('bye')
    expect((await server.call('DELETE', '/v0/variables/greeting')).status).toBe(200)
  })

  it('hands out tokens on loopback in local mode', async () => {
    const tokens = JSON.parse((await server.call('GET', '/tokens', undefined, { authorization: '' })).text) as { admin_token: string }
    expect(tokens.admin_token).toBe(server.token)
    expect(await tokenOf('dash')).toMatch(/^p\./)
  })
})
