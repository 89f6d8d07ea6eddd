// Random projects beside ClickHouse: tables of every engine, views of every kind on them (filters, groups,
// joins, array joins, unions, chains, several views on one source and into one target), random inserts;
// compared in memory, in segments, after merges and after restarts.

import { expect } from 'vitest'
import { seededRandom } from '../../storage/disk/simulated-disk.ts'
import { openTestEngine } from '../engine/engine-kit.ts'
import type { Oracle } from '../oracle/oracle.ts'

/** A table: its columns, its engine as a file and as CREATE TABLE say it, how it is read. */
type Table = { readonly columns: string; readonly file: string; readonly ddl: string; readonly sort: string; readonly reads: readonly string[] }
/** Views into a table. `sql` holds the source's name as {source}. */
type Views = { readonly table: Table; readonly sql: readonly { readonly from: string; readonly text: string }[] }

const SOURCE = '`id` UInt32, `k` UInt8, `s` String, `v` Int32, `f` Float64, `d` Date, `tags` Array(String), `n` Nullable(Int32)'

const merge = (columns: string, sort: string): Table => ({
  columns, sort, file: 'ENGINE "MergeTree"', ddl: 'MergeTree', reads: ['SELECT * FROM {t} ORDER BY ALL', 'SELECT count() FROM {t}'],
})
const combining = (columns: string, sort: string, file: string, ddl: string, shown = '*'): Table => ({
  columns, sort, file, ddl, reads: [`SELECT ${shown} FROM {t} FINAL ORDER BY ALL`, 'SELECT count() FROM {t} FINAL'],
})

const STATES = 'k, d, finalizeAggregation(c) AS c, finalizeAggregation(u) AS u, round(finalizeAggregation(a), 6) AS a, m, t'

/** What a project can have; `from`: src or other (of the same columns), or another target. */
const KINDS: Readonly<Record<string, Views>> = {
  filtered: { table: merge('`id` UInt64, `s` String, `w` Int64', 'id'), sql: [{ from: 'src', text: 'SELECT id, upper(s) AS s, v * 2 AS w FROM {source} WHERE v > 0' }] },
  unfolded: { table: merge('`id` UInt32, `tag` String', 'tag, id'), sql: [{ from: 'src', text: 'SELECT id, arrayJoin(tags) AS tag FROM {source}' }] },
  joined: {
    table: merge('`id` UInt32, `label` String, `k` UInt8', 'id'),
    sql: [{ from: 'src', text: 'SELECT x.id AS id, x.k AS k, y.label AS label FROM {source} AS x LEFT JOIN dim AS y ON x.k = y.k' }],
  },
  united: {
    table: merge('`id` UInt32, `who` String', 'id'),
    sql: [{ from: 'src', text: "SELECT id, 'src' AS who FROM {source} WHERE k < 3" }, { from: 'other', text: "SELECT id, 'other' AS who FROM {source} WHERE k < 3" }],
  },
  summed: {
    table: combining('`k` UInt8, `d` Date, `hits` UInt64, `total` Int64', 'k, d', 'ENGINE "SummingMergeTree"', 'SummingMergeTree'),
    sql: [{ from: 'src', text: 'SELECT k, d, count() AS hits, sum(v) AS total FROM {source} GROUP BY k, d' }, { from: 'other', text: 'SELECT k, d, toUInt64(1) AS hits, toInt64(v) AS total FROM {source}' }],
  },
  states: {
    table: combining('`k` UInt8, `d` Date, `c` AggregateFunction(count), `u` AggregateFunction(uniq, String), `a` AggregateFunction(avg, Float64), '
      + '`m` SimpleAggregateFunction(max, Int32), `t` SimpleAggregateFunction(sum, Int64)', 'k, d', 'ENGINE "AggregatingMergeTree"', 'AggregatingMergeTree', STATES),
    sql: [{ from: 'src', text: 'SELECT k, d, countState() AS c, uniqState(s) AS u, avgState(f) AS a, max(v) AS m, sum(toInt64(v)) AS t FROM {source} GROUP BY k, d' }],
  },
  latest: {
    table: combining('`k` UInt8, `id` UInt32, `s` String', 'k', 'ENGINE "ReplacingMergeTree"\nENGINE_VER "id"', 'ReplacingMergeTree(id)'),
    sql: [{ from: 'src', text: 'SELECT k, id, s FROM {source}' }],
  },
  last: {
    table: combining('`k` UInt8, `id` UInt32', 'k', 'ENGINE "ReplacingMergeTree"', 'ReplacingMergeTree'),
    sql: [{ from: 'src', text: 'SELECT k, max(id) AS id FROM {source} GROUP BY k' }],
  },
  living: {
    table: combining('`k` UInt8, `id` UInt32, `gone` UInt8', 'k', 'ENGINE "ReplacingMergeTree"\nENGINE_VER "id"\nENGINE_IS_DELETED "gone"', 'ReplacingMergeTree(id, gone)'),
    sql: [{ from: 'src', text: 'SELECT k, id, toUInt8(v > 3) AS gone FROM {source}' }],
  },
  collapsed: {
    table: combining('`id` UInt32, `s` String, `sign` Int8', 'id', 'ENGINE "CollapsingMergeTree"\nENGINE_SIGN "sign"', 'CollapsingMergeTree(sign)'),
    sql: [{ from: 'src', text: 'SELECT id, s, toInt8(1) AS sign FROM {source}' }, { from: 'other', text: 'SELECT id, s, toInt8(-1) AS sign FROM {source}' }],
  },
  versions: {
    table: combining('`id` UInt32, `v` Int32, `sign` Int8', 'id', 'ENGINE "VersionedCollapsingMergeTree"\nENGINE_SIGN "sign"\nENGINE_VERSION "v"', 'VersionedCollapsingMergeTree(sign, v)'),
    sql: [{ from: 'src', text: 'SELECT id, v, toInt8(1) AS sign FROM {source}' }, { from: 'other', text: 'SELECT id, v, toInt8(-1) AS sign FROM {source}' }],
  },
  chained: { table: merge('`k` UInt8, `twice` Int64', 'k'), sql: [{ from: 'summed', text: 'SELECT k, total * 2 AS twice FROM {source} WHERE hits > 0' }] },
  chained_again: {
    table: combining('`k` UInt8, `n` UInt64', 'k', 'ENGINE "SummingMergeTree"', 'SummingMergeTree'),
    sql: [{ from: 'chained', text: 'SELECT k, count() AS n FROM {source} GROUP BY k' }],
  },
  from_states: { table: merge('`k` UInt8, `c` UInt64', 'k'), sql: [{ from: 'states', text: 'SELECT k, countMerge(c) AS c FROM {source} GROUP BY k' }] },
}

const PARTITIONS = ['toYYYYMM(d)', '']

/** Runs one project. Its inserts, flushes and restarts follow from the seed. */
export async function runProject(seed: number, oracle: Oracle, inserts: number): Promise<void> {
  const random = seededRandom(seed)
  const below = (limit: number): number => Math.floor(random() * limit)
  const name = (table: string) => `p${seed}_${table}`
  const chosen = new Set(Object.keys(KINDS).filter(() => random() < 0.5))
  for (const kind of [...chosen].reverse()) for (const { from } of KINDS[kind].sql) if (from in KINDS) chosen.add(from)
  // A view on a view's target needs that target, too; a source stands before it in the list.
  for (const kind of Object.keys(KINDS).reverse()) {
    if (!chosen.has(kind)) continue
    for (const { from } of KINDS[kind].sql) if (KINDS[from] !== undefined) chosen.add(from)
  }
  const kinds = Object.keys(KINDS).filter((kind) => chosen.has(kind))
  const sourceEngine = ['MergeTree', 'Null', 'ReplacingMergeTree'][below(3)]
  const files: Record<string, string> = {}
  const statements: string[] = []
  const addTable = (table: string, columns: string, engine: string, ddl: string, sort: string) => {
    const partition = columns.includes('`d` Date') ? PARTITIONS[below(2)] : ''
    const isNull = ddl === 'Null'
    files[`${name(table)}.datasource`] = `SCHEMA >\n  ${columns.replaceAll(', `', ',\n  `')}\n\n${engine}\n`
      + (isNull ? '' : `ENGINE_SORTING_KEY "${sort}"\n${partition === '' ? '' : `ENGINE_PARTITION_KEY "${partition}"\n`}`)
    statements.push(`CREATE TABLE ${name(table)} (${columns}) ENGINE = ${ddl}${isNull ? '' : `${partition === '' ? '' : ` PARTITION BY ${partition}`} ORDER BY (${sort})`}`)
  }
  addTable('src', SOURCE, `ENGINE "${sourceEngine}"`, sourceEngine, 'k, id')
  addTable('other', SOURCE, 'ENGINE "MergeTree"', 'MergeTree', 'id')
  addTable('dim', '`k` UInt8, `label` String', 'ENGINE "MergeTree"', 'MergeTree', 'k')
  for (const kind of kinds) addTable(kind, KINDS[kind].table.columns, KINDS[kind].table.file, KINDS[kind].table.ddl, KINDS[kind].table.sort)
  for (const kind of kinds) {
    const { sql } = KINDS[kind]
    const texts = sql.map(({ from, text }) => text.replaceAll('{source}', name(from)).replaceAll(' dim ', ` ${name('dim')} `))
    // One pipe of a UNION here, a view a branch there: ClickHouse's views see their first table only.
    const isUnion = kind === 'united'
    for (const [index, text] of (isUnion ? [texts.join('\n  UNION ALL\n  ')] : texts).entries()) {
      files[`${name(kind)}_${index}.pipe`] = `NODE n\nSQL >\n  ${text}\n\nTYPE materialized\nDATASOURCE ${name(kind)}\n`
    }
    for (const [index, text] of texts.entries()) statements.push(`CREATE MATERIALIZED VIEW ${name(kind)}_${index} TO ${name(kind)} AS ${text}`)
  }
  const ours = await openTestEngine(files)
  const note = (moment: string) => `seed ${seed}, ${sourceEngine}, ${kinds.join(' ')}: ${moment}`
  try {
    expect(ours.engine.badViews, note('views')).toEqual([])
    for (const sql of statements) {
      const answer = await oracle.query(sql)
      if (!answer.ok) throw new Error(`${sql}: ${answer.error}`)
    }
    const both = async (table: string, rows: readonly object[]) => {
      await ours.insert(name(table), rows)
      const answer = await oracle.query(`INSERT INTO ${name(table)} FORMAT JSONEachRow ${rows.map((row) => JSON.stringify(row)).join('\n')}`)
      if (!answer.ok) throw new Error(answer.error)
    }
    await both('dim', [0, 1, 2, 3].map((k) => ({ k, label: `label ${k}` })))
    const living: object[] = []
    let nextId = 0
    const rowOf = () => ({
      id: nextId++, k: below(6), s: `s${below(9)}`, v: below(11) - 4, f: below(40) / 8, d: `2024-0${1 + below(3)}-0${1 + below(2)}`,
      tags: Array.from({ length: below(3) }, () => `t${below(4)}`), n: below(3) === 0 ? null : below(100),
    })
    const compare = async (moment: string) => {
      for (const kind of kinds) {
        for (const read of KINDS[kind].table.reads) {
          const sql = read.replace('{t}', name(kind))
          const answer = await oracle.query(`${sql} SETTINGS output_format_json_quote_64bit_integers = 0`)
          if (!answer.ok) throw new Error(`${sql}: ${answer.error}`)
          expect(await ours.rows(sql), note(`${moment}: ${sql}`)).toEqual((JSON.parse(answer.text) as { data: unknown }).data)
        }
      }
    }
    for (let insert = 0; insert < inserts; insert++) {
      if (living.length > 0 && random() < 0.35) await both('other', living.splice(0, 1 + below(living.length)))
      else {
        const rows = Array.from({ length: 1 + below(12) }, rowOf)
        living.push(...rows)
        await both('src', rows)
      }
      const what = random()
      if (what < 0.35) await ours.engine.store.flush()
      else if (what < 0.42) await ours.restart()
      if (random() < 0.3) await compare(`insert ${insert}`)
    }
    await compare('in the end')
    await ours.engine.store.flush()
    for (const kind of kinds) await oracle.query(`OPTIMIZE TABLE ${name(kind)} FINAL`)
    await compare('after merges')
    await ours.restart()
    await compare('after a restart')
  } finally {
    await ours.close()
    for (const kind of [...kinds].reverse()) {
      for (const [index] of KINDS[kind].sql.entries()) await oracle.query(`DROP TABLE IF EXISTS ${name(kind)}_${index}`)
      await oracle.query(`DROP TABLE IF EXISTS ${name(kind)}`)
    }
  }
}
