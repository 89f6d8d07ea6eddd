// Files that are cruel: each is read right, or refused with a sentence that names the line and field, and
// nothing of it is stored or lost.

import { gzipSync } from 'node:zlib'
import { rmSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { TestServer, writeProject } from './server.ts'
import { TestWeb } from './web.ts'

const root = writeProject({
  'rows.datasource': 'SCHEMA >\n  `id` UInt64,\n  `name` String,\n  `day` Date DEFAULT \'2020-01-01\',\n  `note` Nullable(String)\n\nENGINE "MergeTree"\nENGINE_SORTING_KEY "id"\n',
})
const server = new TestServer(root)
const web = new TestWeb()
const { answers } = web
beforeAll(async () => {
  await server.start(undefined, { PIPIT_BODY_BYTES_MAX: '1000000', PIPIT_IMPORT_IDLE_SECONDS: '1' })
  await web.start()
})
afterAll(async () => {
  web.stop()
  await server.remove()
  rmSync(root, { recursive: true, force: true })
})

type Body = Record<string, unknown> & { error?: string }
const post = async (query: string, body: string | Buffer, headers: Record<string, string> = {}) => {
  const answer = await server.call('POST', `/v0/datasources?name=rows&mode=replace${query}`, body, headers)
  return { status: answer.status, body: JSON.parse(answer.text) as Body }
}
const csv = (body: string | Buffer, query = '') => post(`&format=csv${query}`, body)
const rows = (what = 'id, name, day, note') => server.rows(`SELECT ${what} FROM rows ORDER BY id`)
type Job = { id: string; status: string; error?: string; rows?: number; bytes?: number }
const job = async (id: unknown) => JSON.parse((await server.call('GET', `/v0/jobs/${String(id)}`)).text) as Job
const until = async (id: unknown, isReached: (state: Job) => boolean): Promise<Job> => {
  for (;;) {
    const state = await job(id)
    if (isReached(state)) return state
    await new Promise((resolve) => { setTimeout(resolve, 10) })
  }
}
const isOver = ({ status }: Job): boolean => status !== 'waiting' && status !== 'working'

describe('CSV', () => {
  it('takes a mark of byte order, Windows line ends, quotes over lines, NULLs, and any bytes in strings', async () => {
    const text = Buffer.concat([Buffer.from('\ufeff"id",name,day,note\r\n1,"a ""q""\r\nb",,\\N\r\n\r\n2,'), Buffer.from([0, 0xff, 0xc3]), Buffer.from(',2024-01-02,""\r\n')])
    expect((await csv(text)).body).toMatchObject({ successful_rows: 2, quarantined_rows: 0 })
    expect(await rows('id, hex(name) AS h, day, note')).toEqual([
      { id: 1, h: Buffer.from('a "q"\r\nb').toString('hex').toUpperCase(), day: '2020-01-01', note: null }, { id: 2, h: '00FFC3', day: '2024-01-02', note: '' },
    ])
  })

  it('names the line of the file at which a record breaks, behind quotes over pieces and their ends', async () => {
    const long = 'x\n'.repeat(40)
    const lines = Array.from({ length: 70_000 }, (_, i) => `${i},"${long}${i}",2024-01-01,n`)
    lines[65_000] = 'x65000,"a\nb",2024-01-01,n'
    const { body } = await csv(`id,name,day,note\n${lines.join('\n')}\n70000,"never closed\n`)
    expect(body).toMatchObject({ successful_rows: 69_999, quarantined_rows: 2 })
    expect(body.error).toMatch(`line ${2 + 65_000 * 41}: value 'x65000' on column 'id' is not UInt64`)
    expect(await server.rows('SELECT id, name, c__error[1] AS e, c__row FROM rows_quarantine ORDER BY id')).toMatchObject([
      { id: 'x65000', name: 'a\nb' }, { c__row: '70000,"never closed\n', e: expect.stringMatching(/a quote at byte 7 is not closed/) as string },
    ])
    expect(await server.rows('SELECT count() AS n, sum(length(name)) AS l FROM rows'))
      .toEqual([{ n: 69_999, l: lines.reduce((sum, _, i) => sum + (i === 65_000 ? 0 : 80 + String(i).length), 0) }])
  })

  it('refuses what can be no file for the data source, and stores nothing of it', async () => {
    await csv('id,name\n1,kept\n')
    const wrong: readonly [string | Buffer, RegExp, string?][] = [
      ['id,name,id\n1,a,2\n', /heading names the column id twice/], ['a,b,c,d,e\n1,2,3,4,5\n', /5 fields and is no heading: rows has 4 columns \(id, name, day, note\)/],
      [`id,name\n2,"${'z'.repeat(65 * 2 ** 20)}`, /record at line 2 is longer than 67108864 bytes: is a quote not closed/],
      ['id;name\n1;a\n', /dialect_delimiter/, '&dialect_delimiter=%3B%3B'], [gzipSync('id,name\n1,a\n'.repeat(9000)).subarray(0, 60), /can't be unpacked/],
      [Buffer.concat([gzipSync('id,name\n1,a\n').subarray(0, 20), Buffer.from('garbage garbage')]), /can't be unpacked/],
      ['', /no file/],
    ]
    for (const [text, why, query] of wrong) expect(await csv(text, query)).toMatchObject({ status: 400, body: { error: expect.stringMatching(why) as string } })
    expect(await rows('id, name')).toEqual([{ id: 1, name: 'kept' }])
  })

  it('sets aside records that have too few or too many fields, or text behind a quote, each with the reason', async () => {
    const { body } = await csv('id,name,note\n1,a,b\n2,a\n3,a,b,c\n4,"a"x,b\n5,a,,\n,a,b\n')
    expect(body).toMatchObject({ successful_rows: 3, quarantined_rows: 3 })
    expect(body.error).toMatch('line 3: fewer fields than the file has columns: 2,a')
    expect(await rows('id, note')).toEqual([{ id: 0, note: 'b' }, { id: 1, note: 'b' }, { id: 5, note: null }])
    expect(await server.rows("SELECT c__row FROM rows_quarantine WHERE c__row NOT LIKE '7%' ORDER BY c__row")).toEqual(['2,a', '3,a,b,c', '4,"a"x,b'].map((row) => ({ c__row: row })))
  })

  it('takes a heading alone, columns the data source lacks, and any one-byte dialect', async () => {
    expect((await csv('id,name\n')).body).toMatchObject({ successful_rows: 0, quarantined_rows: 0, error: false })
    expect((await csv("other|id|name\nx|7|'it\\'s'\n", "&dialect_delimiter=%7C&dialect_quotechar='&dialect_escapechar=%5C")).body).toMatchObject({ successful_rows: 1 })
    expect(await rows('id, name')).toEqual([{ id: 7, name: "it's" }])
  })

  it('takes a first row for what it is where a text of it is spelt as a column is', async () => {
    for (const text of ['13,name,2024-01-01,note\n14,id,,b\n', '"13",name,,note\n14,id,,b']) {
      expect((await csv(text)).body).toMatchObject({ successful_rows: 2, quarantined_rows: 0 })
      expect(await rows('id, name, note')).toEqual([{ id: 13, name: 'name', note: 'note' }, { id: 14, name: 'id', note: 'b' }])
    }
    expect((await csv('name,id,1st,2nd\na,15,x,y\n')).body).toMatchObject({ successful_rows: 1, quarantined_rows: 0 })
    expect(await rows('id, name')).toEqual([{ id: 15, name: 'a' }])
  })

  it('finds the delimiter by the columns that the first record names, or has a field for each of', async () => {
    const files: readonly [string, readonly object[]][] = [['\ufeffname;id\n"a;b";8\n', [{ id: 8, name: 'a;b' }]], ['id\tname\n9\ta,b\n', [{ id: 9, name: 'a,b' }]], ['"id";"name"\n12;"b"\n', [{ id: 12, name: 'b' }]],
      ['10|ten|2024-01-01|', [{ id: 10, name: 'ten' }]], ['id;name', []], ['11,"a|b|c",2024-01-01,n\n', [{ id: 11, name: 'a|b|c' }]]]
    for (const [text, found] of files) {
      expect((await csv(text)).body).toMatchObject({ successful_rows: found.length, quarantined_rows: 0 })
      expect(await rows('id, name')).toEqual(found)
    }
  })
})

describe('forms', () => {
  const form = (parts: readonly string[]) => Buffer.from(`${parts.map((part) => `--b1\r\nContent-Disposition: form-data; ${part}`).join('\r\n')}\r\n--b1--\r\n`)
  const type = { 'content-type': 'multipart/form-data; boundary=b1' }
  const file = (count: number) => `name="csv"; filename="f.csv"\r\n\r\nid,name\n${Array.from({ length: count }, (_, i) => `${i},name ${i} ${'.'.repeat(60)}`).join('\n')}\n`
  const send = async (path: string, parts: readonly string[]) => {
    const answer = await server.call('POST', path, form(parts), type)
    return { status: answer.status, body: JSON.parse(answer.text) as Body }
  }

  it('come as they are sent, however large, with fields before the file, or behind a small one', async () => {
    const fields = ['name="mode"\r\n\r\nreplace', 'name="name"\r\n\r\nrows']
    expect((await send('/v0/datasources', [file(3), ...fields])).body).toMatchObject({ successful_rows: 3 })
    expect((await send('/v0/datasources', [...fields, file(120_000)])).body).toMatchObject({ successful_rows: 120_000 })
    expect(await send('/v0/datasources?name=rows&mode=replace', [file(120_000), 'name="format"\r\n\r\ncsv']))
      .toMatchObject({ status: 400, body: { error: expect.stringMatching(/'format' stands behind the file/) as string } })
    expect((await server.call('POST', '/v0/datasources?name=rows', form([file(3)]).subarray(0, 90), type)).status).toBe(400)
    expect(await server.rows('SELECT count() AS n FROM rows')).toEqual([{ n: 120_000 }])
  })
})

describe('jobs', () => {
  const importOf = async (path: string) => (await post(`&url=${encodeURIComponent(web.url + path)}`, '')).body.job_id

  it('wait for each other, say how far they are, and leave nothing when they are cancelled', async () => {
    await csv('id,name\n1,kept\n')
    answers.set('/slow.csv', (response) => {
      response.write(`id,name\n${'2,some name\n'.repeat(600_000)}`)
      const timer = setInterval(() => response.write('3,b\n'), 20)
      response.on('close', () => clearInterval(timer))
    })
    const [first, second] = [await importOf('/slow.csv'), await importOf('/slow.csv')]
    expect(await until(first, ({ bytes = 0 }) => bytes > 1000)).toMatchObject({ status: 'working' })
    expect(await job(second)).toMatchObject({ status: 'waiting' })
    for (const id of [second, first]) expect((await server.call('POST', `/v0/jobs/${String(id)}/cancel`)).status).toBe(200)
    expect(await until(first, isOver)).toMatchObject({ status: 'cancelled' })
    expect(await until(second, isOver)).toMatchObject({ status: 'cancelled' })
    expect(await rows('id, name')).toEqual([{ id: 1, name: 'kept' }])
  })

  it('read a URL faster than it can be stored, from a server that closes its connections', async () => {
    answers.set('/closes.csv', (response) => {
      response.writeHead(200, { connection: 'close' }).end(`id,name\n${'4,closes\n'.repeat(2_000_000)}`)
    })
    expect(await until(await importOf('/closes.csv'), isOver)).toMatchObject({ status: 'done', rows: 2_000_000 })
    await csv('id,name\n1,kept\n')
  })

  it('end with an error where a URL leads nowhere, or in a circle', async () => {
    answers.set('/circle.csv', (response) => { response.writeHead(302, { location: `${web.url}/circle.csv` }).end() })
    answers.set('/gone.csv', (response) => { response.writeHead(410).end('gone') })
    expect(await until(await importOf('/circle.csv'), isOver)).toMatchObject({ status: 'error', error: expect.stringMatching(/circle\.csv/) as string })
    expect(await until(await importOf('/gone.csv'), isOver)).toMatchObject({ status: 'error', error: expect.stringMatching(/gone\.csv answers 410/) as string })
  })
})
