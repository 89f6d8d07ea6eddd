// What /v0/datasources and /v0/pipes say of each data source and pipe, in the words of Tinybird's own answers: public
// clients take them apart field by field, some refuse one that is missing.

import type { DatasourceInfo } from '../engine/engine.ts'
import type { ColumnDef, DatasourceDef, PipeDef } from '../project/definitions.ts'
import type { ParamDoc } from '../render/parameter-docs.ts'
import { rendererOf } from '../render/render.ts'
import { resourceName } from '../project/versions.ts'
import { jsonAnswer } from './answer.ts'
import { originOf, type Call } from './context.ts'
import { scheduleOf } from './copy-clock-routes.ts'
import type { HttpAnswer } from './http.ts'
import { queryParams, textOf } from './params.ts'
import { allows } from './tokens.ts'
import { Turns } from './turns.ts'

type Description = Readonly<Record<string, unknown>>

/** Fields that every answer has, whatever `attrs` asks for: Tinybird's have them, too. */
const ALWAYS: readonly string[] = ['engine', 'indexes', 'new_columns_detected', 'quarantine_rows', 'url']

/** `attrs=id,name`: those fields, and the ones that are always there; null: all. */
function wantedBy(call: Call): ReadonlySet<string> | null {
  const attrs = textOf(queryParams(call.request), 'attrs')
  return attrs === '' ? null : new Set([...attrs.split(',').map((name) => name.trim()), ...ALWAYS])
}

const chosen = (one: Description, wanted: ReadonlySet<string> | null): Description =>
  (wanted === null ? one : Object.fromEntries(Object.entries(one).filter(([name]) => wanted.has(name))))

/** The answer that is one description, or what `attrs` asks of it. */
export const describedAnswer = (call: Call, one: Description): HttpAnswer => jsonAnswer(200, chosen(one, wantedBy(call)))

/** The answer that lists descriptions, a few made at a time: projects have thousands. */
export async function listedAnswer<T>(
  call: Call, name: 'datasources' | 'pipes', items: readonly T[], describe: (item: T) => Description,
): Promise<HttpAnswer> {
  const wanted = wantedBy(call)
  const turns = new Turns()
  const texts: string[] = []
  for (const item of items) {
    texts.push(JSON.stringify(chosen(describe(item), wanted)))
    if (turns.isOver()) await turns.next()
  }
  return { ...jsonAnswer(200, null), body: `{"${name}":[${texts.join(',')}]}` }
}

/** Which pipes read each data source, by their nodes' own SQL; those that the token may read. */
export async function readersOf({ context, token }: Call): Promise<ReadonlyMap<string, readonly string[]>> {
  const project = context.project()
  const renderer = rendererOf(project)
  const turns = new Turns()
  const readers = new Map<string, string[]>()
  for (const pipe of project.pipes.values()) {
    if (!allows(token, 'PIPES:READ', pipe.name)) continue
    const names = new Set<string>()
    for (const node of pipe.nodes) {
      renderer.describeNode(node).tables.forEach((name) => names.add(resourceName(project, name)))
      if (turns.isOver()) await turns.next()
    }
    for (const name of names) {
      if (project.datasources.has(name)) readers.set(name, [...readers.get(name) ?? [], pipe.name])
    }
  }
  return readers
}

type Column = DatasourceInfo['columns'][number]

function describeColumn({ name, type, jsonPath }: Column, written: ColumnDef | undefined) {
  const { defaultExpr, codec } = written ?? { defaultExpr: null, codec: null }
  return {
    name, type, codec: codec === null ? null : `CODEC(${codec})`,
    default_value: defaultExpr === null ? null : `DEFAULT ${defaultExpr.text}`,
    jsonpath: jsonPath, nullable: /^(LowCardinality\()?Nullable\(/.test(type), normalized_name: name,
  }
}

/** `by_n n TYPE minmax GRANULARITY 4` in its parts. */
function describeIndex(text: string) {
  const [, name = '', expr = '', type = '', granularity = '1'] =
    /^(?:INDEX\s+)?(\S+)\s+([\s\S]*?)\s+TYPE\s+([\s\S]*?)(?:\s+GRANULARITY\s+(\d+))?$/i.exec(text.trim()) ?? []
  return { name, expr, type_full: type, granularity: Number(granularity) }
}

/** One data source; `source` is its file, undefined where that is gone. */
export function describeDatasource(
  info: DatasourceInfo, source: DatasourceDef | undefined, readers: readonly string[],
): Description {
  const columns = info.columns.map((column) => describeColumn(column, source?.columns.find(({ name }) => name === column.name)))
  return {
    id: `t_${info.id}`, name: info.name, description: source?.description ?? '', type: 'ndjson',
    version: source?.version ?? 0, tags: source?.tags ?? [], shared_with: source?.sharedWith ?? [],
    engine: {
      engine: info.engine, engine_partition_key: info.partitionKey, engine_sorting_key: info.sortingKey,
      engine_primary_key: source?.engine.primaryKey?.text ?? info.sortingKey,
    },
    columns,
    schema: { columns, sql_schema: columns.map(({ name, type }) => `\`${name}\` ${type}`).join(', ') },
    indexes: (source?.indexes ?? []).map(({ text }) => describeIndex(text)), new_columns_detected: {},
    used_by: readers.map((name) => ({ id: name, name })),
    statistics: { row_count: info.rowCount, bytes: info.bytes }, quarantine_rows: info.quarantine.rowCount,
  }
}

const describeParam = ({ name, type, default: value, required, description }: ParamDoc) =>
  ({ name, type, default: value, required, description })

/** One pipe. Its id and those of its nodes are their names: what names one in a path names it by its id as well. */
export function describePipe(call: Call, pipe: PipeDef): Description {
  const { copy, materialized } = pipe
  const renderer = rendererOf(call.context.project())
  const views = (node: string) => materialized.filter((view) => view.node === node).map(({ target }) => ({
    materialized: target,
    not_running: call.context.engine.badViews.find((view) => view.pipe === pipe.name && view.target === target)?.message ?? null,
  }))
  return {
    id: pipe.name, name: pipe.name, description: pipe.description, type: pipe.type === 'none' ? 'default' : pipe.type,
    endpoint: pipe.type === 'endpoint' ? pipe.endpointNode : null, tags: pipe.tags,
    url: `${originOf(call)}/v0/pipes/${pipe.name}.json`,
    nodes: pipe.nodes.map((node) => {
      const { params, tables } = renderer.describeNode(node)
      return {
        id: node.name, name: node.name, description: node.description, sql: node.sql,
        node_type: node.type === 'none' ? 'standard' : node.type, dependencies: tables, params: params.map(describeParam),
        ...views(node.name)[0],
      }
    }),
    ...copy === null ? {} : {
      copy_node: copy.node, copy_target_datasource: copy.target, copy_mode: copy.mode, schedule: scheduleOf(call, pipe.name, copy.schedule),
    },
  }
}
