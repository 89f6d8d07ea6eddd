import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { EventGenerator } from '../../bench/generator.ts'
import { TestServer } from './server.ts'

const example = fileURLToPath(new URL('../../examples/saas', import.meta.url))
const ROWS = 20_000

let server: TestServer
beforeAll(async () => { server = await new TestServer(example).start() })
afterAll(() => server.remove())

const post = (body: string | Buffer, query = '', headers: Record<string, string> = {}) =>
  server.call('POST', `/v0/events?name=app_events${query}`, body, headers)

describe('events in', () => {
  it('takes NDJSON and shows its rows as soon as the answer is out', async () => {
    const generator = new EventGenerator('app_events', ROWS)
    for (let lines = generator.next(5000); lines !== ''; lines = generator.next(5000)) {
      const answer = await post(lines, '&wait=true')
      expect(answer.status).toBe(200)
      expect(JSON.parse(answer.text)).toEqual({ successful_rows: 5000, quarantined_rows: 0 })
    }
    expect(await server.rows('SELECT count() AS n, uniqExact(event_id) AS u FROM app_events')).toEqual([{ n: ROWS, u: ROWS }])
  })

  it('sets rows aside that do not fit, with the reason, and takes the rest', async () => {
    const [good] = new EventGenerator('app_events', 1, 9).next(1).split('\n')
    const bad = good.replace(/"timestamp":"[^"]*"/, '"timestamp":"yesterday"')
    const answer = await post(`${good}\n${bad}\nnot json\n`)
    expect(answer.status).toBe(202)
    expect(JSON.parse(answer.text)).toEqual({ successful_rows: 1, quarantined_rows: 2 })
    const rows = await server.rows('SELECT event_id, c__error_column, c__error FROM app_events_quarantine')
    expect(rows.length).toBe(2)
    expect(JSON.stringify(rows)).toMatch(/timestamp/)
  })

  it('takes gzip and a JSON array', async () => {
    const lines = new EventGenerator('app_events', 4, 5).next(4)
    expect((await post(gzipSync(lines), '', { 'content-encoding': 'gzip' })).status).toBe(202)
    const array = `[${lines.trim().split('\n').join(',')}]`
    expect(JSON.parse((await post(array, '&format=json')).text)).toEqual({ successful_rows: 4, quarantined_rows: 0 })
  })

  it('names what is wrong: no body, unknown data source, no token, a token without the scope', async () => {
    expect((await post('')).status).toBe(400)
    expect((await server.call('POST', '/v0/events?name=nothing', '{}')).status).toBe(404)
    expect((await server.call('POST', '/v0/events?name=app_events', '{}', { authorization: 'Bearer wrong' })).status).toBe(403)
    const dashboard = /token=(\S+?)'/.exec(server.output)?.[1] as string
    const answer = await server.call('POST', '/v0/events?name=app_events', '{}', { authorization: `Bearer ${dashboard}` })
    expect(answer.status).toBe(403)
    expect(answer.text).toMatch(/DATASOURCES:APPEND:app_events/)
  })
})

describe('endpoints out', () => {
  it('answers the four pipes with the curl lines of the banner', async () => {
    const lines = [...server.output.matchAll(/curl '(\S+)'/g)].map(([, url]) => url)
    expect(lines.length).toBe(4)
    for (const url of lines) {
      const answer = await server.call('GET', url.slice(server.url.length), undefined, { authorization: '' })
      expect(answer.status, answer.text).toBe(200)
      const result = JSON.parse(answer.text) as { data: unknown[]; rows: number; meta: unknown[] }
      expect(result.data.length).toBe(result.rows)
      expect(result.rows).toBeGreaterThan(0)
    }
  })

  it('answers from the hourly view what the events themselves say', async () => {
    const counted = async (path: string) => (JSON.parse((await server.call('GET', path)).text) as { data: Record<string, unknown>[] }).data
    const viewed = await counted('/v0/pipes/hourly_activity.json?interval=1%20week&feature=dashboard')
    const sql = "SELECT toStartOfInterval(timestamp, INTERVAL 1 week) AS period, count() AS event_count, uniq(user_id) AS active_users, "
      + "uniq(session_id) AS session_count FROM app_events WHERE feature = 'dashboard' AND timestamp < '2025-01-01' GROUP BY period ORDER BY period"
    expect(viewed).toEqual(await server.rows(sql))
    expect(viewed.length).toBeGreaterThan(10)
  })

  it('filters by parameters and refuses what cannot be typed', async () => {
    const all = JSON.parse((await server.call('GET', '/v0/pipes/session_insights.json?limit=5')).text) as { data: { user_id: string }[] }
    expect(all.data.length).toBe(5)
    const user = all.data[0].user_id
    const one = JSON.parse((await server.call('GET', `/v0/pipes/session_insights.json?user_id=${user}`)).text) as { data: { user_id: string }[] }
    expect(new Set(one.data.map((row) => row.user_id))).toEqual(new Set([user]))
    const wrong = await server.call('GET', '/v0/pipes/session_insights.json?limit=many')
    expect(wrong.status).toBe(400)
    expect(wrong.text).toMatch(/limit/)
    // The enum of the template is documentation, as in Tinybird; what is no interval is for the SQL to refuse.
    expect((await server.call('GET', '/v0/pipes/active_users.json?interval=1%20minute')).status).toBe(200)
    expect((await server.call('GET', '/v0/pipes/active_users.json?interval=often')).status).toBe(400)
  })

  it('keeps apart statements that differ in their moments alone', async () => {
    const days = ['2024-05-02', '2024-05-03', '2024-05-02']
    for (const day of days) {
      const sql = `SELECT '${day}', toDate('${day}'), toStartOfMonth(toDate('${day}')) AS m, `
        + `countIf(timestamp < '${day}') + countIf(timestamp >= '${day} 00:00:00') = count() AS whole `
        + `FROM app_events WHERE toDate(timestamp) != '${day}' FORMAT JSON`
      const { meta, data } = JSON.parse((await server.call('POST', '/v0/sql', sql)).text) as {
        meta: { name: string }[]; data: Record<string, unknown>[] }
      expect(meta.map(({ name }) => name)).toEqual([`'${day}'`, `toDate('${day}')`, 'm', 'whole'])
      expect(Object.values(data[0])).toEqual([day, day, '2024-05-01', 1])
    }
  })

  it('names position and near name of a misspelt column', async () => {
    const answer = await server.call('POST', '/v0/sql', 'SELECT usr_id FROM app_events')
    expect(answer.status).toBe(400)
    expect(answer.text).toMatch(/usr_id.*user_id/)
  })
})

describe('a crash', () => {
  it('loses no acknowledged row', async () => {
    const [{ n: before }] = await server.rows('SELECT count() AS n FROM app_events') as { n: number }[]
    await post(new EventGenerator('app_events', 100, 77).next(100))
    await server.stop('SIGKILL')
    await server.start()
    expect(await server.rows('SELECT count() AS n FROM app_events')).toEqual([{ n: before + 100 }])
  })

  it('is not needed to end: SIGTERM exits with 0', async () => {
    expect(await server.stop()).toBe(0)
    await server.start()
  })

  it('keeps a second process out, naming the first', async () => {
    const second = new TestServer(example, server.data)
    await expect(second.start()).rejects.toThrow(new RegExp(`process ${server.pid}`))
  })
})
