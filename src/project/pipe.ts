// Instructions of a .pipe to a PipeDef. Called by load.ts. A pipe is a list of nodes; what follows
// a node's SQL (TYPE, DATASOURCE, COPY_*, ENGINE_*) belongs to that node. Invariant: a def is
// always made; whether tables exist is not asked here (graph.ts, later the analyzer).

import { dedent, unquote, type Item } from './datafile.ts'
import { settingsOf, type FileItems } from './datasource.ts'
import type {
  CopyDef, MaterializedDef, NodeDef, PipeDef, PipeType, Place, SinkDef,
} from './definitions.ts'
import { NAME_PATTERN } from './definitions.ts'
import type { Findings } from './diagnostics.ts'
import { didYouMean } from '../sql/suggest.ts'
import { durationMs, readEngine, readTags, readToken, readVersion } from './values.ts'

const TYPES: readonly PipeType[] = ['endpoint', 'materialized', 'copy', 'sink']

/** A node's own instructions, from its NODE to the next. */
type NodeItems = { readonly name: string; readonly place: Place; readonly items: Item[] }

/** Reads a pipe; everything wrong goes to `findings`. */
export function readPipe(file: FileItems, findings: Findings): PipeDef {
  const { head, nodes: nodeItems } = splitNodes(file, findings)
  const nodes = nodeItems.map(node => readNode(node, findings))
  const all = (keyword: string): Item[] => file.items.filter(item => item.keyword === keyword)
  const typed = nodes.filter(node => node.type !== 'none')
  if (nodes.length === 0) {
    findings.error({ file: file.file, line: 1, column: 1 }, 'missing-node',
      `pipe ${file.name} has no node; expected NODE name and SQL >`)
  }
  reportSecondOutput(typed, nodeItems, findings)
  const version = all('VERSION')[0]
  const cache = all('CACHE')[0]
  return {
    name: file.name, file: file.file, line: 1, column: 1, nodes,
    description: dedent(head.find(item => item.keyword === 'DESCRIPTION')?.block.text ?? ''),
    type: typed[0]?.type ?? (publishesLastNode(file, nodes) ? 'endpoint' : 'none'),
    endpointNode: (typed[0] ?? nodes[nodes.length - 1])?.name ?? '',
    tokens: all('TOKEN').map(item => readToken(item, findings)).filter(grant => grant !== null),
    materialized: outputsOf(nodes, nodeItems, 'materialized')
      .map(node => readMaterialized(node, findings)).filter(def => def !== null),
    copy: outputsOf(nodes, nodeItems, 'copy').map(node => readCopy(node, findings))[0] ?? null,
    sink: outputsOf(nodes, nodeItems, 'sink').map(node => readSink(node, findings))[0] ?? null,
    cacheSeconds: cache === undefined ? null : readCache(cache, findings),
    tags: all('TAGS').flatMap(readTags),
    version: version === undefined ? null : readVersion(version, findings), source: file.source,
  }
}

/** Classic published the last node of a pipe without TYPE. Pipes that are only parts of others have none, either, so
 * those count whose file lies among the endpoints, or whose last node is called `endpoint`, as Classic's CLI wrote it. */
const publishesLastNode = ({ file }: FileItems, nodes: readonly NodeDef[]): boolean =>
  nodes.at(-1)?.name === 'endpoint' || (nodes.length > 0 && /(^|\/)endpoints\/[^/]*$/.test(file))

const outputsOf =
  (nodes: readonly NodeDef[], items: readonly NodeItems[], type: PipeType): NodeItems[] =>
  items.filter((_, i) => nodes[i].type === type)

function splitNodes(file: FileItems, findings: Findings): { head: Item[]; nodes: NodeItems[] } {
  const head: Item[] = []
  const nodes: NodeItems[] = []
  for (const item of file.items) {
    if (item.keyword === 'NODE') {
      const name = unquote(item.value)
      const twin = nodes.find(node => node.name === name)
      if (!NAME_PATTERN.test(name)) {
        findings.error(item.valuePlace, 'bad-name', name === '' ? 'NODE needs a name'
          : `the node name ${name} is not allowed; expected letters, digits and _, no digit first`)
      } else if (twin !== undefined) {
        findings.error(item.valuePlace, 'duplicate-node',
          `node ${name} is declared twice; the first is on line ${twin.place.line}`)
      }
      nodes.push({ name, place: item.place, items: [] })
    } else if (nodes.length > 0) {
      nodes[nodes.length - 1].items.push(item)
    } else if (item.keyword === 'SQL') {
      // A pipe of one query may leave out NODE: the node is called as the pipe.
      nodes.push({ name: file.name, place: item.place, items: [item] })
    } else {
      head.push(item)
    }
  }
  // TYPE and its settings before the first node belong to the last node: nothing else can be meant.
  if (nodes.length > 0) {
    nodes[nodes.length - 1].items.push(...head.filter(item => item.keyword !== 'DESCRIPTION'))
  }
  return { head, nodes }
}

function readNode(node: NodeItems, findings: Findings): NodeDef {
  const sql = node.items.filter(item => item.keyword === 'SQL')
  if (sql.length === 0 || sql[0].value.trim() === '') {
    findings.error(sql[0]?.place ?? node.place, 'missing-sql',
      `node ${node.name} has no SQL; expected SQL > and a SELECT`)
  }
  if (sql.length > 1) {
    findings.error(sql[1].place, 'repeated-instruction',
      `node ${node.name} has two SQL blocks; a second query needs its own NODE`)
  }
  const block = sql[0]?.block
  return {
    name: node.name, type: readType(node, findings),
    description: dedent(node.items.find(item => item.keyword === 'DESCRIPTION')?.block.text ?? ''),
    sql: block?.text ?? '', file: block?.file ?? node.place.file,
    line: block?.line ?? node.place.line, indent: block?.indent ?? 0,
  }
}

function readType(node: NodeItems, findings: Findings): PipeType {
  const item = node.items.find(candidate => candidate.keyword === 'TYPE')
  if (item === undefined) return 'none'
  const type = TYPES.find(name => name === item.value.toLowerCase())
  if (type !== undefined) return type
  // Classic's name of a sink to Kafka, whose settings are KAFKA_CONNECTION_NAME and KAFKA_TOPIC.
  if (item.value.toLowerCase() === 'stream') return 'sink'
  // Classic wrote `TYPE standard` for a pipe that only others use.
  if (item.value.toLowerCase() === 'standard' || item.value.toLowerCase() === 'default') {
    return 'none'
  }
  const hint = didYouMean(item.value.toLowerCase(), TYPES) || `; expected ${TYPES.join(', ')}`
  findings.error(item.valuePlace, 'unknown-type', `unknown pipe type ${item.value}${hint}`)
  return 'none'
}

// One output per pipe; only Classic's pipes of several materialized nodes have more.
function reportSecondOutput(
  typed: readonly NodeDef[], items: readonly NodeItems[], findings: Findings,
): void {
  for (const node of typed.slice(1)) {
    if (node.type === 'materialized' && typed[0].type === 'materialized') continue
    const place = items.find(item => item.name === node.name)?.items
      .find(item => item.keyword === 'TYPE')?.place
    if (place === undefined) continue
    findings.error(place, 'second-output',
      `node ${node.name} is a second output; the pipe's output is node ${typed[0].name}`)
  }
}

function readMaterialized(node: NodeItems, findings: Findings): MaterializedDef | null {
  const type = node.items.find(item => item.keyword === 'TYPE')
  const target = node.items.find(item => item.keyword === 'DATASOURCE')
  if (target === undefined || target.value === '') {
    findings.error((target ?? type)?.place ?? node.place, 'missing-target',
      `TYPE materialized needs DATASOURCE name, the data source that node ${node.name} fills`)
    return null
  }
  const engineItems = node.items.filter(item => item.keyword.startsWith('ENGINE'))
  return {
    ...target.place, node: node.name, target: target.value,
    engine: engineItems.length === 0 ? null : readEngine(engineItems, findings),
  }
}

function readCopy(node: NodeItems, findings: Findings): CopyDef {
  const one = (keyword: string): Item | undefined =>
    node.items.find(item => item.keyword === keyword)
  const target = one('TARGET_DATASOURCE') ?? one('DATASOURCE')
  if (target === undefined || target.value === '') {
    findings.error(one('TYPE')?.place ?? node.place, 'missing-target',
      `TYPE copy needs TARGET_DATASOURCE name, the data source that node ${node.name} writes to`)
  }
  const mode = one('COPY_MODE')?.value.toLowerCase() ?? 'append'
  if (mode !== 'append' && mode !== 'replace') {
    findings.error(one('COPY_MODE')?.valuePlace ?? node.place, 'bad-copy-mode',
      `COPY_MODE is ${mode}; expected append or replace`)
  }
  return {
    ...(target?.place ?? node.place), node: node.name, target: target?.value ?? '',
    schedule: readSchedule(one('COPY_SCHEDULE'), findings),
    mode: mode === 'replace' ? 'replace' : 'append',
  }
}

function readSchedule(item: Item | undefined, findings: Findings): string | null {
  const text = item?.value.trim() ?? ''
  if (item === undefined || text === '' || text.toLowerCase() === '@on-demand') return null
  const fields = text.split(/\s+/).length
  if (!/^@(once|hourly|daily|weekly|monthly|yearly)$/.test(text) && (fields < 5 || fields > 6)) {
    findings.error(item.valuePlace, 'bad-schedule',
      `the schedule ${text} is not understood; expected five cron fields or @on-demand`)
  }
  return text
}

function readSink(node: NodeItems, findings: Findings): SinkDef {
  const settings = { ...settingsOf(node.items, 'EXPORT_'), ...settingsOf(node.items, 'KAFKA_') }
  const place = node.items.find(item => item.keyword === 'TYPE')?.place ?? node.place
  if (settings.EXPORT_CONNECTION_NAME === undefined && settings.KAFKA_CONNECTION_NAME === undefined) {
    findings.error(place, 'missing-connection',
      'TYPE sink needs EXPORT_CONNECTION_NAME "connection"')
  }
  return { ...place, node: node.name, settings }
}

function readCache(item: Item, findings: Findings): number | null {
  const ms = /^\d+$/.test(item.value) ? Number(item.value) * 1_000 : durationMs(item.value)
  if (ms !== null) return ms / 1_000
  findings.error(item.valuePlace, 'bad-cache', `CACHE is ${item.value}; expected seconds or 5m`)
  return null
}
