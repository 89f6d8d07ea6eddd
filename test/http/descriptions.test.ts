// What the management routes say of data sources, pipes and jobs: the fields that public clients take apart, some of
// which refuse an answer with more or fewer of them than they know.

import { rmSync } from 'node:fs'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { TestServer, writeProject, type Method } from './server.ts'

const FILES = {
  'visits.datasource': [
    'DESCRIPTION >', '    Who came', 'TAGS "web, raw"', 'SCHEMA >', '    `at` DateTime `json:$.at`,', '    `page` String `json:$.page`,',
    "    `ms` Nullable(Int32) `json:$.took.ms` CODEC(ZSTD(3)),", "    `kind` LowCardinality(String) `json:$.kind` DEFAULT 'view'", '',
    'ENGINE "MergeTree"', 'ENGINE_PARTITION_KEY "toYYYYMM(at)"', 'ENGINE_SORTING_KEY "page, at"', 'ENGINE_PRIMARY_KEY "page"',
    'INDEXES >', '    by_ms ms TYPE minmax GRANULARITY 4', '    INDEX by_word lower(page) TYPE tokenbf_v1(256, 2, 0)', '',
  ].join('\n'),
  'pages.datasource': 'SCHEMA >\n    `page` String,\n    `n` UInt64\nENGINE_SORTING_KEY "page"\n',
  'slow_pages.pipe': [
    'DESCRIPTION Slow pages', 'NODE slow', 'SQL >', '    %', '    SELECT page, ms FROM visits WHERE ms > {{Int32(least, 100, description="In ms")}}',
    'NODE ranked', 'DESCRIPTION >', '    The slowest first', 'SQL >', '    %',
    '    SELECT page, max(ms) AS most FROM slow WHERE page != {{String(without, required=True)}} GROUP BY page ORDER BY most DESC', 'TYPE endpoint', '',
  ].join('\n'),
  'keyed.pipe': "NODE one\nSQL >\n    %\n    SELECT page FROM visits WHERE page = {{tb_secret('door')}} AND kind != {{String(kind, 'x')}}\nTYPE endpoint\n",
  'count_pages.pipe': [
    'NODE counted', 'SQL >', '    SELECT page, count() AS n FROM visits GROUP BY page', 'TYPE copy', 'TARGET_DATASOURCE pages', 'COPY_MODE replace', '',
  ].join('\n'),
}

const project = writeProject(FILES)
let server: TestServer
beforeAll(async () => {
  server = await new TestServer(project).start()
  await server.call('POST', '/v0/events?name=visits&wait=true', '{"at":"2024-01-02 03:04:05","page":"/a","took":{"ms":7}}\n{"page":[]}')
})
afterAll(async () => {
  await server.remove()
  rmSync(project, { recursive: true })
})

/** The JSON of an answer, as T says that the route answers. */
const call = async <T>(method: Method, path: string, body?: string): Promise<T> => JSON.parse((await server.call(method, path, body)).text)
const get = <T = unknown>(path: string): Promise<T> => call<T>('GET', path)

it('says of a data source what its file says, and what is in it', async () => {
  const columns = [
    { name: 'at', type: 'DateTime', codec: null, default_value: null, jsonpath: '$.at', nullable: false, normalized_name: 'at' },
    { name: 'page', type: 'String', codec: null, default_value: null, jsonpath: '$.page', nullable: false, normalized_name: 'page' },
    { name: 'ms', type: 'Nullable(Int32)', codec: 'CODEC(ZSTD(3))', default_value: null, jsonpath: '$.took.ms', nullable: true, normalized_name: 'ms' },
    { name: 'kind', type: 'LowCardinality(String)', codec: null, default_value: "DEFAULT 'view'", jsonpath: '$.kind', nullable: false, normalized_name: 'kind' },
  ]
  expect(await get('/v0/datasources/visits')).toEqual({
    id: expect.stringMatching(/^t_\d+$/), name: 'visits', description: 'Who came', type: 'ndjson', version: 0, tags: ['web', 'raw'], shared_with: [],
    engine: { engine: 'MergeTree', engine_partition_key: 'toYYYYMM(at)', engine_sorting_key: 'page, at', engine_primary_key: 'page' },
    columns, schema: { columns, sql_schema: '`at` DateTime, `page` String, `ms` Nullable(Int32), `kind` LowCardinality(String)' },
    indexes: [{ name: 'by_ms', expr: 'ms', type_full: 'minmax', granularity: 4 }, { name: 'by_word', expr: 'lower(page)', type_full: 'tokenbf_v1(256, 2, 0)', granularity: 1 }], new_columns_detected: {},
    used_by: [{ id: 'count_pages', name: 'count_pages' }, { id: 'keyed', name: 'keyed' }, { id: 'slow_pages', name: 'slow_pages' }],
    statistics: { row_count: 1, bytes: expect.any(Number) }, quarantine_rows: 1,
  })
  expect(await get('/v0/datasources/pages')).toMatchObject({ engine: { engine_primary_key: 'page' }, used_by: [], description: '' })
})

it('says of a pipe its nodes with what each reads and takes', async () => {
  expect(await get('/v0/pipes/slow_pages')).toEqual({
    id: 'slow_pages', name: 'slow_pages', description: 'Slow pages', type: 'endpoint', endpoint: 'ranked', tags: [],
    url: `${server.url}/v0/pipes/slow_pages.json`,
    nodes: [
      { id: 'slow', name: 'slow', description: '', node_type: 'standard', dependencies: ['visits'], sql: expect.stringContaining('FROM visits'),
        params: [{ name: 'least', type: 'Int32', default: '100', required: false, description: 'In ms' }] },
      { id: 'ranked', name: 'ranked', description: 'The slowest first', node_type: 'endpoint', dependencies: ['slow'], sql: expect.stringContaining('FROM slow'),
        params: [{ name: 'without', type: 'String', default: null, required: true, description: '' }] },
    ],
  })
})

it('answers the fields that attrs asks for, and those that are always there', async () => {
  const { datasources } = await get<{ datasources: object[] }>('/v0/datasources?attrs=id,name,%20description,columns')
  const always = ['engine', 'indexes', 'new_columns_detected', 'quarantine_rows']
  expect(datasources.map((one) => Object.keys(one).sort())).toEqual([0, 1].map(() => ['columns', 'description', 'id', 'name', ...always].sort()))
  expect(Object.keys(await get<object>('/v0/datasources/visits?attrs=name')).sort()).toEqual(['name', ...always].sort())
  const { pipes } = await get<{ pipes: object[] }>('/v0/pipes?attrs=id,name,description,type,endpoint')
  expect(pipes.map((one) => Object.keys(one).sort())).toEqual([0, 1, 2].map(() => ['description', 'endpoint', 'id', 'name', 'type', 'url']))
  expect(await get('/v0/pipes/slow_pages?attrs=type')).toEqual({ type: 'endpoint', url: `${server.url}/v0/pipes/slow_pages.json` })
})

it('explains an endpoint, and one of its nodes', async () => {
  const whole = await get<{ debug_query: string; query_explain: string }>('/v0/pipes/slow_pages/explain?without=/b&least=5')
  expect(whole.debug_query).toMatch(/toInt32\('5'\)[\s\S]*'\/b'/)
  expect(whole.query_explain).toContain('visits')
  const node = await get<{ debug_query: string }>('/v0/pipes/slow_pages/nodes/slow/explain')
  expect(node.debug_query).toContain("toInt32('100')")
  expect(node.debug_query).not.toContain('most')
  expect((await server.call('GET', '/v0/pipes/slow_pages/explain')).text).toMatch(/parameter without/)
  expect((await server.call('GET', '/v0/pipes/slow_pages/nodes/fast/explain')).status).toBe(404)
  expect((await server.call('GET', '/v0/pipes/fast/explain')).status).toBe(404)
  const made = await call<{ token: string }>('POST', '/v0/tokens?name=other&scope=PIPES:READ:count_pages')
  expect((await server.call('GET', '/v0/pipes/slow_pages/explain?without=/b', undefined, { authorization: `Bearer ${made.token}` })).status).toBe(403)
})

it('names to a token only pipes that it may read', async () => {
  const { token } = await call<{ token: string }>('POST', '/v0/tokens?name=weak&scope=DATASOURCES:READ:visits&scope=PIPES:READ:keyed')
  const asWeak = async (path: string): Promise<unknown> => JSON.parse((await server.call('GET', path, undefined, { authorization: `Bearer ${token}` })).text)
  const used_by = [{ id: 'keyed', name: 'keyed' }]
  expect(await asWeak('/v0/datasources/visits')).toMatchObject({ used_by })
  expect(await asWeak('/v0/datasources')).toMatchObject({ datasources: [{ name: 'visits', used_by }] })
})

it('explains without telling a secret', async () => {
  expect((await server.call('POST', '/v0/variables?name=door&value=open-sesame')).status).toBe(200)
  const { text } = await server.call('GET', '/v0/pipes/keyed/explain?kind=rare')
  expect(text).not.toContain('sesame')
  expect(JSON.parse(text)).toMatchObject({ debug_query: expect.stringMatching(/page = '\[secret\]' AND kind != 'rare'/) })
})

it('finds jobs by their pipe and time', async () => {
  const { job } = await call<{ job: { id: string } }>('POST', '/v0/pipes/count_pages/copy')
  await expect.poll(() => get(`/v0/jobs/${job.id}`), { timeout: 20_000 }).toMatchObject({ status: 'done', is_cancellable: false })
  const found = async (query: string) => (await get<{ jobs: { id: string }[] }>(`/v0/jobs?${query}`)).jobs.map(({ id }) => id)
  for (const query of ['pipe_name=count_pages&kind=copy', 'pipe_id=count_pages', 'created_after=2024-01-01', 'created_before=2100-01-01%2010:00:00&status=done',
    'created_after=2024-01-01T00:00:00Z']) expect([query, await found(query)]).toEqual([query, [job.id]])
  for (const query of ['pipe_name=slow_pages', 'created_before=2024-01-01', 'created_after=2100-01-01%2000:00:00']) expect(await found(query)).toEqual([])
  expect((await server.call('GET', '/v0/jobs?created_after=soon')).text).toMatch(/created_after.*'soon'/)
})

it('answers a file with its job, as it is at its end, and what only files change with a word on that', async () => {
  const { job, ...answer } = await call<{ job: { id: string } }>('POST', '/v0/datasources?name=pages&mode=append&format=csv', '/a,7')
  expect(answer).toMatchObject({ id: job.id, job_id: job.id, job_url: `${server.url}/v0/jobs/${job.id}`, status: 'done', successful_rows: 1 })
  expect(job).toMatchObject({ status: 'done', is_cancellable: false, datasource: { id: 'pages', name: 'pages' }, rows: 1, statistics: { row_count: 1, bytes: 4 } })
  expect(await get(`/v0/jobs/${job.id}`)).toMatchObject({ status: 'done', statistics: { row_count: 1, bytes: 4 } })
  for (const [method, path, status] of [['PUT', '/v0/datasources/pages', 405], ['POST', '/v0/datasources/pages/alter', 404], ['DELETE', '/v0/pipes/slow_pages', 405]] as const) {
    const refused = await server.call(method, path)
    expect([path, refused.status, refused.text]).toEqual([path, status, expect.stringContaining('changed in the files of the project')])
  }
})
