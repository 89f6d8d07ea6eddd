// The service data sources of a real server: what it was asked and what it did, as SQL over `tinybird.NAME`.

import { rmSync } from 'node:fs'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { TestServer, writeProject } from './server.ts'

const project = writeProject({
  'visits.datasource': 'TOKEN reader READ\n\nSCHEMA >\n  `id` UInt32,\n  `site` String\n\nENGINE "MergeTree"\nENGINE_SORTING_KEY "site"\n',
  'kept.datasource': 'SCHEMA >\n  `site` String,\n  `hits` UInt64\n',
  'by_site.pipe': 'TOKEN reader READ\n\nNODE n\nSQL >\n  %\n  SELECT site, count() AS hits FROM visits WHERE id >= {{UInt32(from_id, 0)}} GROUP BY site\n\nTYPE endpoint\n',
  'slowest.pipe': 'TOKEN reader READ\n\nNODE n\nSQL >\n  SELECT pipe_name, count() AS calls FROM tinybird.pipe_stats_rt GROUP BY pipe_name ORDER BY calls DESC LIMIT 1\n\nTYPE endpoint\n',
  'keep.pipe': 'NODE n\nSQL >\n  SELECT site, count() AS hits FROM visits GROUP BY site\n\nTYPE copy\nTARGET_DATASOURCE kept\n',
})
const server = new TestServer(project)
let reader = ''

beforeAll(async () => {
  await server.start()
  const { tokens } = JSON.parse((await server.call('GET', '/v0/tokens')).text) as { tokens: { name: string; token: string }[] }
  reader = tokens.find(({ name }) => name === 'reader')?.token ?? ''
  await server.call('POST', '/v0/events?name=visits&wait=true', '{"id":1,"site":"a"}\n{"id":2,"site":"b"}\n{"id":"x","site":"b"}')
  await server.call('POST', '/v0/events?name=visits&wait=true', '{"id":3,"site":"a"}')
  for (const id of [0, 2]) await server.call('GET', `/v0/pipes/by_site.json?from_id=${id}&token=${reader}`, undefined, { authorization: '', 'user-agent': 'test' })
  await server.call('GET', `/v0/pipes/by_site.json?from_id=none&token=${reader}`, undefined, { authorization: '', 'x-request-id': 'asked-wrong' })
  const { job } = JSON.parse((await server.call('POST', '/v0/pipes/keep/copy')).text) as { job: { id: string } }
  while (!/"done"/.test((await server.call('GET', `/v0/jobs/${job.id}`)).text));
  await server.call('POST', '/v0/datasources?name=kept&mode=replace&format=csv', 'site,hits\nz,9\n')
  const failing = JSON.parse((await server.call('POST', `/v0/datasources?name=kept&url=${encodeURIComponent('http://me:secret@127.0.0.1:9/kept.csv?sign=secret')}`)).text) as { job_id: string }
  while (!/"error"/.test((await server.call('GET', `/v0/jobs/${failing.job_id}`)).text));
  await server.call('POST', `/v0/datasources/visits/delete?delete_condition=${encodeURIComponent('id = 3')}`)
  await server.call('POST', '/v0/datasources/kept/truncate')
})
afterAll(async () => {
  await server.remove()
  rmSync(project, { recursive: true, force: true })
})

async function expectAll(): Promise<void> {
  expect(await server.rows('SELECT pipe_name, error, status_code, result_rows, parameters[\'from_id\'] AS id, method FROM tinybird.pipe_stats_rt '
    + 'WHERE pipe_name = \'by_site\' ORDER BY id')).toEqual([
    { pipe_name: 'by_site', error: 0, status_code: 200, result_rows: 2, id: '0', method: 'GET' },
    { pipe_name: 'by_site', error: 0, status_code: 200, result_rows: 2, id: '2', method: 'GET' },
    { pipe_name: 'by_site', error: 1, status_code: 400, result_rows: 0, id: 'none', method: 'GET' },
  ])
  expect(await server.rows('SELECT request_id, pipe_name, status_code, error FROM tinybird.endpoint_errors WHERE pipe_name = \'by_site\'')).toEqual([
    { request_id: 'asked-wrong', pipe_name: 'by_site', status_code: 400, error: expect.stringMatching(/from_id/) as string }])
  expect(await server.rows('SELECT event_type, datasource_name, result, rows, rows_quarantine FROM tinybird.datasources_ops_log ORDER BY ALL')).toEqual([
    { event_type: 'append', datasource_name: 'kept', result: 'error', rows: 0, rows_quarantine: 0 },
    { event_type: 'append-hfi', datasource_name: 'visits', result: 'ok', rows: 3, rows_quarantine: 1 },
    { event_type: 'copy', datasource_name: 'kept', result: 'ok', rows: 2, rows_quarantine: 0 },
    { event_type: 'delete', datasource_name: 'visits', result: 'ok', rows: 1, rows_quarantine: 0 },
    { event_type: 'replace', datasource_name: 'kept', result: 'ok', rows: 1, rows_quarantine: 0 },
    { event_type: 'truncate', datasource_name: 'kept', result: 'ok', rows: 0, rows_quarantine: 0 },
  ])
  expect(await server.rows('SELECT job_type, pipe_name, status FROM tinybird.jobs_log WHERE job_type != \'delete_data\' ORDER BY ALL')).toEqual([
    { job_type: 'copy', pipe_name: 'keep', status: 'done' }, { job_type: 'import', pipe_name: '', status: 'done' },
    { job_type: 'import', pipe_name: '', status: 'error' }])
  expect(await server.rows('SELECT source, status, datasource_name, rows, parser, quarantine_lines, bytes, processing_error, import_id = block_id AS same '
    + 'FROM tinybird.block_log ORDER BY timestamp, status')).toMatchObject([
    { source: 'body', status: 'done', datasource_name: 'kept', rows: 1, parser: 'csv', quarantine_lines: 0, bytes: 14, processing_error: null, same: 1 },
    { source: 'http://127.0.0.1:9/kept.csv', status: 'error', rows: null, processing_error: expect.stringMatching(/kept\.csv/) as string }])
  expect(JSON.stringify(await server.rows('SELECT * FROM tinybird.block_log'))).not.toContain('secret')
  for (const empty of ['kafka_ops_log', 'sinks_ops_log', 'bi_stats_rt', 'data_transfer']) expect(await server.rows(`SELECT * FROM tinybird.${empty}`)).toEqual([])
  expect(await server.rows('SELECT sum(view_count) AS calls, sum(error_count) AS errors, avgMerge(avg_duration_state) > 0 AS took, '
    + 'length(quantilesTimingMerge(0.9, 0.95, 0.99)(quantile_timing_state)) AS quantiles FROM tinybird.pipe_stats WHERE pipe_name = \'by_site\''))
    .toEqual([{ calls: 3, errors: 1, took: 1, quantiles: 3 }])
}

it('says what endpoints were called, what went wrong, what was done to data sources, and which jobs ran', expectAll)

it('notes what a call gave to its pipe, and no token; who called; and statements that only mention its name', async () => {
  expect(await server.rows("SELECT DISTINCT mapKeys(parameters) AS keys FROM tinybird.pipe_stats_rt WHERE pipe_name = 'by_site'")).toEqual([{ keys: ['from_id'] }])
  expect(await server.rows("SELECT user_agent AS a, count() AS n FROM tinybird.pipe_stats_rt WHERE a = 'test' GROUP BY a")).toEqual([{ a: 'test', n: 2 }])
  await server.call('GET', `/v0/sql?token=${server.token}&q=${encodeURIComponent("SELECT 'tinybird.co' AS a")}`)
  expect(await server.rows("SELECT parameters AS p FROM tinybird.pipe_stats_rt WHERE pipe_name = 'query_api' AND parameters['q'] LIKE '%co%'")).toEqual([
    { p: { q: "SELECT 'tinybird.co' AS a" } }])
  for (const table of ['pipe_stats_rt', 'endpoint_errors']) {
    const all = JSON.stringify(await server.rows(`SELECT * FROM tinybird.${table}`))
    for (const token of [reader, server.token]) expect(all).not.toContain(token)
  }
})

it('serves endpoints that read them, and leaves calls that do out', async () => {
  for (let call = 0; call < 5; call++) {
    const { text } = await server.call('GET', `/v0/pipes/slowest.json?token=${reader}`, undefined, { authorization: '' })
    expect(JSON.parse(text)).toMatchObject({ data: [{ pipe_name: 'by_site', calls: 3 }] })
  }
})

it('is for tokens that may read it, and no data source of the project', async () => {
  const sql = encodeURIComponent('SELECT count() FROM tinybird.pipe_stats_rt')
  expect(await server.call('GET', `/v0/sql?q=${sql}&token=${reader}`, undefined, { authorization: '' })).toMatchObject({ status: 403 })
  expect((await server.call('GET', '/v0/datasources')).text).not.toMatch(/tinybird/)
  expect(await server.call('POST', '/v0/events?name=tinybird.pipe_stats_rt', '{}')).toMatchObject({ status: 404 })
  expect(await server.call('POST', '/v0/datasources/tinybird.pipe_stats_rt/truncate')).toMatchObject({ status: 404 })
  expect(await server.rows('SELECT datasource_name, rows, rows_quarantine, bytes_quarantine > 0 AS has FROM tinybird.datasources_storage ORDER BY datasource_name')).toMatchObject([
    { datasource_name: 'kept' }, { datasource_name: 'visits' }])
})

it('keeps them over a stop', async () => {
  await server.stop()
  await server.start()
  await expectAll()
})

it('notes calls that are answered 304, the first as the fifth', async () => {
  const path = '/v0/pipes/by_site.json?from_id=1&n=%22%C3%A4%22'
  const headers = { 'if-none-match': String((await server.call('GET', path)).headers.etag), 'user-agent': 'a "quoted" one' }
  for (let time = 0; time < 5; time++) {
    expect((await server.call('GET', path, undefined, { ...headers, 'x-request-id': `unchanged-${time}` })).status).toBe(304)
  }
  expect(await server.rows("SELECT request_id, pipe_name, url, token_name, status_code AS s, error, method, parameters AS p, user_agent AS u, duration < 5 AS short "
    + "FROM tinybird.pipe_stats_rt WHERE request_id LIKE 'unchanged-%' ORDER BY request_id")).toEqual(Array.from({ length: 5 }, (_, time) => ({
    request_id: `unchanged-${time}`, pipe_name: 'by_site', url: '/v0/pipes/by_site.json', token_name: 'admin', s: 304, error: 0, method: 'GET',
    p: { from_id: '1', n: '"ä"' }, u: 'a "quoted" one', short: 1 })))
  expect((await server.call('GET', '/metrics')).text).toMatch(/pipit_http_requests_total\{status="304"\} 5\n/)
})
