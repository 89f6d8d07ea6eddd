// Is what materialized views have made still what their sources give? The target is made once more, in
// a table that nobody sees, and both are compared as FINAL shows them, at one moment between commits.
//
//   each segment of the sources -> the views -> hidden table -> hashes of rows, +1 here, -1 there ->
//   those that do not cancel out: the rows that differ
//
// Values that depend on the order in which rows were read are not compared; the report names them.

import { bareType } from '../../storage/column/data-type.ts'
import { parseDataType } from '../../storage/column/parse-type.ts'
import type { ColumnSpec, Snapshot, TableMeta } from '../../storage/face.ts'
import { DECIDED_BY } from '../functions/states/state-functions.ts'
import { combineRule } from '../../storage/merge/combine.ts'
import type { VerifyReport } from './engine.ts'
import { requireRows, type Feeds, type Progress } from './feeds.ts'
import { makeHidden, removeHidden, VERIFIED_SUFFIX } from './hidden.ts'
import { quotedName, type View } from './views.ts'

/** Rows that a report shows. */
const SAMPLES_MAX = 20

/** Runs a statement over these snapshots; its rows. */
export type AskSnapshots = (sql: string, snapshots: readonly Snapshot[]) => Promise<Record<string, unknown>[]>

/** Their states, or their choice, follow the order of rows. */
const BY_ORDER = /^(any|first|last|quantile|median|topK|approx_top|groupArray|groupConcat|largestTriangle|deltaSum|sequence|windowFunnel|retention)/i

/** The row with the least or greatest value: of rows with the same one it keeps the first. */
const BY_VALUE = /^arg(Min|Max)(If|OrNull|OrDefault)*$/

/** Compares a target with what its views make of all rows of their sources now. */
export async function verify(
  feeds: Feeds, views: readonly View[], ask: AskSnapshots, onProgress: Progress,
): Promise<VerifyReport> {
  const { bulk } = feeds
  const { store } = bulk.world
  const target = store.table(views[0].target) as TableMeta
  for (const view of views) requireRows(store.table(view.trigger))
  const { fedBy: _, keysOf: ____, id: __, schemaVersion: ___, ...spec } = target
  const hidden = await makeHidden(store, { ...spec, name: `${target.name}${VERIFIED_SUFFIX}` })
  let snapshots: Snapshot[] = []
  try {
    await bulk.staged({ into: [hidden.name] }, async (stage, commit) => {
      const catchUp = feeds.catchingUp(stage, views, { onProgress, add: async (to, view, segment) => {
        const trigger = store.table(view.trigger) as TableMeta
        await bulk.world.views.overSegment(segment, trigger, view, hidden, (made) => bulk.addAlone(to, made))
      } })
      await commit({}, (show) => catchUp(async () => {
        await show()
        snapshots = [hidden.name, target.name].map((name) => store.snapshot(name))
      }))
    })
    return await compare(target, hidden, (sql) => ask(sql, snapshots))
  } finally {
    for (const snapshot of snapshots) snapshot.release()
    await removeHidden(store, hidden.name)
  }
}

async function compare(
  target: TableMeta, hidden: TableMeta, ask: (sql: string) => Promise<Record<string, unknown>[]>,
): Promise<VerifyReport> {
  const columns = target.columns.map((column) => ({ column, ...comparable(column, target) }))
  const compared = columns.filter(({ why }) => why === null)
  const hash = `cityHash64(${compared.map(({ text }) => `ifNull(toString(${text}), '\\\\N')`).join(', ')})`
  const final = combineRule(target) === null || target.engine === 'Join' ? '' : ' FINAL'
  const both = (list: string) => `SELECT ${list}, 1 AS side FROM ${quotedName(hidden.name)}${final} `
    + `UNION ALL SELECT ${list}, -1 AS side FROM ${quotedName(target.name)}${final}`
  const balance = `SELECT h, sum(side) AS balance FROM (${both(`${hash} AS h`)}) GROUP BY h HAVING balance != 0`
  const [counts] = await ask(`SELECT countIf(side = 1) AS expected, countIf(side = -1) AS found FROM (${both('1 AS one')})`)
  const [differences] = await ask(`SELECT sumIf(balance, balance > 0) AS expected, -sumIf(balance, balance < 0) AS found FROM (${balance})`)
  const shown = compared.map(({ text }, index) => `${text} AS c${index}`)
  const keys = compared.flatMap(({ isKey }, index) => (isKey ? [`c${index}`] : []))
  const isDifferent = Number(differences.expected) + Number(differences.found) > 0
  const samples = !isDifferent ? [] : await ask(`SELECT side, ${compared.map((_, index) => `c${index}`).join(', ')} `
    + `FROM (${both([`${hash} AS h`, ...shown].join(', '))}) WHERE h IN (SELECT h FROM (${balance})) `
    + `ORDER BY ${[...keys, 'h', 'side'].join(', ')} LIMIT ${SAMPLES_MAX}`)
  return {
    target: target.name, rowsExpected: Number(counts.expected), rowsFound: Number(counts.found),
    onlyExpected: Number(differences.expected), onlyFound: Number(differences.found),
    samples: samples.map((row) => ({
      side: Number(row.side) === 1 ? 'expected' : 'found',
      row: Object.fromEntries(compared.map(({ column }, index) => [column.name, row[`c${index}`]])),
    })),
    notCompared: columns.flatMap(({ column, why, part }) => {
      const left = why ?? part
      return left === undefined ? [] : [{ column: column.name, why: left }]
    }),
  }
}

/** `part`: why only a part of it is. */
type Comparable = { readonly text: string; readonly isKey: boolean; readonly why: string | null; readonly part?: string }

/** What of a column is compared, as SQL; `why`: why nothing of it is. */
function comparable(column: ColumnSpec, target: TableMeta): Comparable {
  const name = quotedName(column.name)
  const isKey = target.sortBy.some((key) => new RegExp(`\\b${column.name}\\b`).test(key))
  const folded = /^(Simple)?AggregateFunction\((?:\d+, ?)?(\w+)/.exec(column.type)
  if (folded !== null) {
    const [, simple, inner] = folded
    if (BY_VALUE.test(inner)) {
      return { text: `${DECIDED_BY}(${name})`, isKey, why: null, part: `${inner} keeps any of the rows whose value decides: that value alone is compared` }
    }
    const why = BY_ORDER.test(inner) && !/Exact|Sorted/.test(inner)
      ? `${inner} depends on the order in which rows are read` : null
    const shown = simple === undefined ? `finalizeAggregation(${name})` : name
    const value = /UniqArray/.test(inner) ? `arraySort(${shown})` : shown
    const isFloat = simple === undefined
      ? /^(avg|stddev|var|covar|corr|skew|kurt)/.test(inner) || /^sum/.test(inner) && column.type.includes('Float')
      : isFloatType(column.type)
    return { text: isFloat ? `toFloat32(${value})` : value, isKey, why }
  }
  const kind = combineRule(target)?.kind
  const isSummed = /Int|Float|Decimal/.test(bareType(parseDataType(column.type)).id)
  const isFirst = !isKey && (kind === 'aggregating' || kind === 'summing' && !isSummed)
  return {
    text: isFloatType(column.type) ? `toFloat32(${name})` : name, isKey,
    why: isFirst ? 'of rows that combine, the value of the first is kept' : null,
  }
}

/** Sums of floats depend on their order in the last digits. */
const isFloatType = (type: string): boolean => type.includes('Float64') && !/Array|Map|Tuple/.test(type)
