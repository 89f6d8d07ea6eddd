import { describe, expect, it } from 'vitest'
import { checkGraph, dependenciesOf } from './graph.ts'
import { loadProject, memoryReader } from './load.ts'
import { tablesOf } from './tables.ts'

const EVENTS = 'SCHEMA >\n  `a` String\n'
const node = (name: string, sql: string): string => `NODE ${name}\nSQL >\n    ${sql}\n`

function project(files: Record<string, string>) {
  return loadProject('/p', memoryReader({ 'events.datasource': EVENTS, ...files })).project
}
const check = (files: Record<string, string>): string[] => checkGraph(project(files),
  def => tablesOf(def.sql).tables.map(use =>
    ({ ...use, conditional: def.sql.includes('-- maybe') })))
  .map(d => `${d.file}:${d.line}:${d.column} ${d.severity} ${d.message}`)

describe('who reads whom', () => {
  it('knows data sources, nodes of the pipe, pipes, quarantines, targets and service tables',
    () => {
    expect(check({
      'a.pipe': node('one', 'SELECT * FROM events') + node('two',
        'SELECT * FROM one JOIN events_quarantine'),
      'b.pipe': node('x', 'SELECT * FROM a, tinybird.pipe_stats, made WHERE a IN column_of_mine'),
      'm.pipe': node('m', 'SELECT 1') + 'TYPE materialized\nDATASOURCE made\nENGINE MergeTree\n',
    })).toEqual([])
  })

  it('names an unknown table with the near one', () => {
    expect(check({ 'a.pipe': node('one', 'SELECT * FROM evnts') })).toEqual([
      'a.pipe:3:19 error unknown table evnts; did you mean events?',
    ])
    expect(check({ 'a.pipe': node('one', 'SELECT * FROM zzz -- maybe') })).toEqual([
      'a.pipe:3:19 warning unknown table zzz; expected a data source, a pipe or a node of this ' +
        'pipe',
    ])
  })

  it('names a missing target', () => {
    expect(check({ 'c.pipe': node('c',
      'SELECT 1') + 'TYPE copy\nTARGET_DATASOURCE event\n' })).toEqual([
      'c.pipe:5:1 error the target data source event has no .datasource file; did you mean events?',
    ])
  })

  it('lets a materialized node make its target, unless a near name is there', () => {
    const view = (target: string) => ({ 'v.pipe': `${node('v', 'SELECT 1')}TYPE materialized\nDATASOURCE ${target}\n` })
    expect(check(view('totals'))).toEqual([
      'v.pipe:5:1 warning the target data source totals has no .datasource file: it is made with the columns of its query',
    ])
    expect(check(view('event'))).toEqual([
      'v.pipe:5:1 error the target data source event has no .datasource file; did you mean events?',
    ])
  })

  it('finds circles of pipes, once each, and nodes that read themselves', () => {
    expect(check({
      'a.pipe': node('n', 'SELECT * FROM b'), 'b.pipe': node('n', 'SELECT * FROM c'),
      'c.pipe': node('n', 'SELECT * FROM a'), 'd.pipe': node('s', 'SELECT * FROM s'),
      'e.pipe': node('n', 'SELECT * FROM m') + node('m', 'SELECT * FROM n') + node('o', 'SELECT * FROM n'),
    })).toEqual([
      'c.pipe:3:19 error pipes read each other in a circle: a → b → c → a',
      'd.pipe:3:19 error node s reads itself',
      'e.pipe:6:19 error nodes read each other in a circle: n → m → n',
    ])
  })

  it('lists what each pipe needs', () => {
    const graph = dependenciesOf(project({
      'a.pipe': node('one', 'SELECT * FROM events') + node('two', 'SELECT * FROM one'),
      'b.pipe': node('x', 'SELECT * FROM a, events'),
    }), def => tablesOf(def.sql).tables.map(use => ({ ...use, conditional: false })))
    expect([...graph].map(([pipe, edges]) => `${pipe}: ${[...edges.keys()].join(' ')}`)).toEqual([
      'a: events', 'b: a events',
    ])
  })
})
