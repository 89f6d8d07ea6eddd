// The engines that combine rows, beside ClickHouse's over the same inserts: under FINAL at every
// moment (rows in memory, in one segment, in several, after a restart), and after merges without it.

import { parquetWriteBuffer } from 'hyparquet-writer'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startOracle, type Oracle } from '../oracle/oracle.ts'
import { openTestEngine, type TestEngine } from './engine-kit.ts'

type Kind = {
  readonly name: string
  /** As a .datasource file says it, and as ClickHouse's CREATE TABLE does. */
  readonly engine: string
  readonly ddl: string
}

const COLUMNS = '`k` UInt32, `s` String, `at` DateTime, `v` UInt32, `sign` Int8, `gone` UInt8, `x` Nullable(String)'

const KINDS: readonly Kind[] = [
  { name: 'replacing', engine: 'ENGINE "ReplacingMergeTree"', ddl: 'ReplacingMergeTree' },
  { name: 'versioned', engine: 'ENGINE "ReplacingMergeTree"\nENGINE_VER "v"', ddl: 'ReplacingMergeTree(v)' },
  {
    name: 'deleting', engine: 'ENGINE "ReplacingMergeTree"\nENGINE_VER "v"\nENGINE_IS_DELETED "gone"',
    ddl: 'ReplacingMergeTree(v, gone)',
  },
  { name: 'collapsing', engine: 'ENGINE "CollapsingMergeTree"\nENGINE_SIGN "sign"', ddl: 'CollapsingMergeTree(sign)' },
  {
    name: 'versioned_collapsing', engine: 'ENGINE "VersionedCollapsingMergeTree"\nENGINE_SIGN "sign"\nENGINE_VERSION "v"',
    ddl: 'VersionedCollapsingMergeTree(sign, v)',
  },
  { name: 'summing', engine: 'ENGINE "SummingMergeTree"', ddl: 'SummingMergeTree' },
  {
    name: 'summing_some', engine: 'ENGINE "SummingMergeTree"\nENGINE_COLUMNS "v"',
    ddl: 'SummingMergeTree(v)',
  },
]

let seed = 7
const random = (below: number): number => {
  seed = (Math.imul(seed, 1103515245) + 12345) >>> 0
  return (seed >>> 8) % below
}

function batch(rows: number) {
  return Array.from({ length: rows }, () => ({
    k: random(40), s: `s${random(3)}`, at: `2024-0${1 + random(3)}-10 00:00:00`, v: 1 + random(6),
    sign: random(2) === 0 ? 1 : -1, gone: random(4) === 0 ? 1 : 0,
    x: random(5) === 0 ? null : `x${random(1000)}`,
  }))
}

type Row = ReturnType<typeof batch>[number]

/** States of the collapsing engines and their cancellations: what is left of any other input depends on
 * when it was merged, in ClickHouse as well. */
const open = new Map<string, Row>()
let states = 0
function collapsing(table: string, rows: readonly Row[]): Row[] {
  return rows.flatMap((row) => {
    const key = `${table} ${row.k} ${row.s}`
    const before = open.get(key)
    const cancel = before === undefined ? [] : [{ ...before, sign: -1 }]
    if (before !== undefined && row.sign < 0) {
      open.delete(key)
      return cancel
    }
    const state = { ...row, sign: 1, at: `2024-0${1 + row.k % 3}-10 00:00:00`, v: states++ }
    open.set(key, state)
    return [...cancel, state]
  })
}

/** Tables of which no rows combine but by FINAL. */
const early = (name: string) => `early_${name}`
const TABLES = KINDS.flatMap((kind) => [kind, { ...kind, name: early(kind.name) }])

let ours: TestEngine
let oracle: Oracle
beforeAll(async () => {
  ours = await openTestEngine(Object.fromEntries(TABLES.map(({ name, engine }) => [
    `datasources/${name}.datasource`,
    `SCHEMA >\n  ${COLUMNS.split(', ').join(',\n  ')}\n\n${engine}\nENGINE_PARTITION_KEY "toYYYYMM(at)"\nENGINE_SORTING_KEY "k, s"\n`,
  ])))
  oracle = await startOracle()
  for (const { name, ddl } of TABLES) {
    await oracle.query(`CREATE TABLE ${name} (${COLUMNS}) ENGINE = ${ddl} PARTITION BY toYYYYMM(at) ORDER BY (k, s)`)
  }
})
afterAll(async () => {
  await ours.close()
  await oracle.close()
})

async function insert(rows: number) {
  for (const { name } of KINDS) {
    const data = name.endsWith('collapsing') ? collapsing(name, batch(rows)) : batch(rows)
    await ours.insert(name, data)
    await oracle.query(`INSERT INTO ${name} FORMAT JSONEachRow ${data.map((row) => JSON.stringify(row)).join('\n')}`)
  }
}

async function theirs(sql: string): Promise<unknown[][]> {
  const answer = await oracle.query(`${sql} SETTINGS output_format_json_quote_64bit_integers = 0`)
  if (!answer.ok) throw new Error(answer.error)
  return (JSON.parse(answer.text) as { data: unknown[][] }).data
}

const QUERIES = (name: string) => [
  `SELECT * FROM ${name} FINAL ORDER BY ALL`,
  `SELECT k, count(), max(v) FROM ${name} FINAL GROUP BY k ORDER BY k`,
  `SELECT count() FROM ${name} FINAL WHERE v > 2`,
  `SELECT s, x FROM ${name} FINAL WHERE k = 7 ORDER BY ALL`,
  `SELECT count() FROM ${name} FINAL WHERE x = 'x5' OR s = 's1'`,
  // No single row has such a value: where rows are added up, some have.
  `SELECT k, v FROM ${name} FINAL WHERE v > 9 ORDER BY ALL`,
]

async function compare(moment: string) {
  for (const { name } of KINDS) {
    for (const sql of QUERIES(name)) {
      expect(await ours.rows(sql), `${moment}: ${sql}`).toEqual(await theirs(sql))
    }
  }
}

it('combines the rows of one insert at once', async () => {
  await insert(60)
  for (const { name } of KINDS) {
    const sql = `SELECT * FROM ${name} ORDER BY ALL`
    expect(await ours.rows(sql), sql).toEqual(await theirs(sql))
  }
  await compare('one part')
})

describe('a sign or a mark of deletion that says nothing', () => {
  const row = (k: number, sign: number, gone: number) => ({ k, s: 'odd', at: '2024-01-10 00:00:00', v: 1, sign, gone, x: null })
  const rows = [row(901, 2, 0), row(902, 0, 3), row(903, 1, 2), row(904, -1, 1)]
  const json = rows.map((one) => JSON.stringify(one)).join('\n')
  const csv = `k,s,at,v,sign,gone\n${rows.map(({ k, s, at, v, sign, gone }) => [k, s, at, v, sign, gone].join()).join('\n')}\n`
  const numbers = rows.map((one) => ({ ...one, at: 1_704_844_800 }))
  const parquet = Buffer.from(parquetWriteBuffer({ columnData: (['k', 'v', 'sign', 'gone', 'at'] as const).map((name) => (
    { name, type: 'INT32' as const, data: numbers.map((one) => one[name]) })) }))
  const cases = [
    ['collapsing', 'sign', [901, 902], "value '2' on column 'sign' is neither 1 nor -1"],
    ['deleting', 'gone', [902, 903], "value '3' on column 'gone' is neither 0 nor 1"],
  ] as const

  it('is set aside with the reason, where ClickHouse refuses it', async () => {
    for (const [name, column, wrong, reason] of cases) {
      for (const bad of rows.filter(({ k }) => wrong.some((one) => one === k))) {
        const refused = await oracle.query(`INSERT INTO ${name} FORMAT JSONEachRow ${JSON.stringify(bad)}`)
        expect(refused).toMatchObject({ ok: false, error: expect.stringMatching(/Incorrect data.*must be/) as string })
      }
      const { engine } = ours
      const answer = await engine.insert({ datasource: name, body: Buffer.from(json), format: 'ndjson', gzip: false })
      expect([answer.successfulRows, answer.quarantinedRows, answer.firstError]).toEqual([2, 2, expect.stringContaining(reason)])
      for (const [format, bytes] of [['csv', Buffer.from(csv)], ['parquet', parquet]] as const) {
        const chunks = (async function* () { yield bytes })()
        const imported = await engine.import({ datasource: name, format, chunks, isReplacing: false })
        expect([format, imported.successful, imported.quarantined]).toEqual([format, 2, 2])
      }
      expect(await ours.rows(`SELECT count(), uniqExact(k), any(c__error_column) FROM ${name}_quarantine`)).toEqual([[6, 2, [column]]])
      expect(await ours.rows(`SELECT count() FROM ${name} WHERE k IN (${wrong.join()})`)).toEqual([[0]])
      await engine.delete(name, 'k > 900', false)
    }
    await ours.insert('versioned_collapsing', [row(905, 2, 0)])
    expect(await oracle.query(`INSERT INTO versioned_collapsing FORMAT JSONEachRow ${JSON.stringify(row(905, 2, 0))}`)).toMatchObject({ ok: true })
  })

  it('that a view makes sets the row aside that it is made of, and ends a copy', async () => {
    await ours.apply({
      'datasources/signs.datasource': 'SCHEMA >\n  `k` UInt32,\n  `n` Int8\n\nENGINE "MergeTree"\nENGINE_SORTING_KEY "k"\n',
      'datasources/summed.datasource': 'SCHEMA >\n  `k` UInt32,\n  `sign` Int8\n\nENGINE "CollapsingMergeTree"\nENGINE_SIGN "sign"\nENGINE_SORTING_KEY "k"\n',
      'pipes/sign.pipe': 'NODE n\nSQL >\n  SELECT k, n AS sign FROM signs\n\nTYPE materialized\nDATASOURCE summed\n',
    })
    await ours.insert('signs', [{ k: 1, n: 1 }, { k: 2, n: 2 }, { k: 3, n: -1 }])
    expect(await ours.rows('SELECT k, sign FROM summed ORDER BY k')).toEqual([[1, 1], [3, -1]])
    expect(await ours.rows('SELECT k, c__error_column, c__error FROM signs_quarantine'))
      .toEqual([['2', ['view sign'], [expect.stringContaining('sign = 2 (must be 1 or -1)')]]])
    const copy = { sql: 'SELECT k, n AS sign FROM signs', slots: [], key: null, format: 'JSON' }
    await expect(ours.engine.copyInto(copy, 'summed', 'append')).rejects.toThrow(/must be 1 or -1/)
    expect(await ours.rows('SELECT count() FROM summed')).toEqual([[2]])
  })
})

describe('FINAL answers as if all rows were combined', () => {
  it('in memory, in segments, in both, and after a restart', async () => {
    await insert(60)
    await compare('two parts')
    await ours.engine.store.flush()
    await compare('one flush')
    await insert(80)
    await compare('segments and a part')
    await ours.engine.store.flush()
    await insert(1)
    await compare('two flushes and a row')
    await ours.restart()
    await compare('after a restart')
  })

  it('drops what adds up to zero in all columns that are read', async () => {
    const rows = [[1, 5, 1], [1, 0, -1], [2, 0, 1], [2, 0, -1], [3, 0, 0]].map(([k, v, sign]) => (
      { k: 1000 + k, s: 'z', at: '2024-01-10 00:00:00', v, sign, gone: 0, x: 'a' }))
    await ours.insert('summing', rows)
    await oracle.query(`INSERT INTO summing FORMAT JSONEachRow ${rows.map((row) => JSON.stringify(row)).join('\n')}`)
    for (const columns of ['k, v, sign, gone', 'k, v', 'k, sign']) {
      const sql = `SELECT ${columns} FROM summing FINAL WHERE k > 1000 ORDER BY k`
      expect(await ours.rows(sql), sql).toEqual(await theirs(sql))
    }
  })

  it('is over the rows that PREWHERE leaves, and before WHERE', async () => {
    const queries = (name: string) => [
      `SELECT * FROM ${name} FINAL PREWHERE v > 2 ORDER BY ALL`,
      `SELECT k, s, v FROM ${name} FINAL PREWHERE x LIKE 'x1%' OR s = 's2' WHERE v < 5 ORDER BY ALL`,
      `SELECT count(), sum(v) FROM ${name} FINAL PREWHERE k IN (SELECT k FROM ${name} WHERE v = 3) AND gone = 0`,
      `SELECT k, x FROM ${name} AS t FINAL PREWHERE t.x IS NULL AND toMonth(at) < 3 WHERE k < 30 ORDER BY ALL`,
    ]
    const all = async (moment: string) => {
      for (const { name } of KINDS) {
        for (const sql of queries(early(name))) expect(await ours.rows(sql), `${moment}: ${sql}`).toEqual(await theirs(sql))
      }
    }
    for (const { name } of KINDS) {
      await oracle.query(`SYSTEM STOP MERGES ${early(name)}`)
      await ours.engine.store.holdSegments(early(name))
    }
    const fill = async () => {
      for (const { name } of KINDS) {
        const data = name.endsWith('collapsing') ? collapsing(early(name), batch(60)) : batch(60)
        await ours.insert(early(name), data)
        await oracle.query(`INSERT INTO ${early(name)} FORMAT JSONEachRow ${data.map((row) => JSON.stringify(row)).join('\n')}`)
      }
    }
    for (let part = 0; part < 3; part++) {
      await fill()
      await ours.engine.store.flush()
      await all(`${part + 1} segments`)
    }
    await fill()
    await all('segments and a part')
  })

  it('is refused where rows do not combine', async () => {
    await expect(ours.rows('SELECT count() FROM replacing_quarantine FINAL')).rejects.toThrow(/no FINAL/)
  })
})

describe('merges', () => {
  it('leave what ClickHouse\'s leave', async () => {
    for (let i = 0; i < 8; i++) {
      await insert(30)
      await ours.engine.store.flush()
    }
    await compare('many segments')
    for (const { name } of KINDS) {
      await oracle.query(`OPTIMIZE TABLE ${name} FINAL`)
      const segments = () => ours.engine.store.stats().find((table) => table.name === name)?.segments ?? 0
      const began = Date.now()
      while (segments() > 3 * 6 && Date.now() - began < 20_000) {
        await new Promise((resolve) => { setTimeout(resolve, 50) })
      }
    }
    await compare('after merges')
  })
})
