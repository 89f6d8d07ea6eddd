import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { loadProject, memoryReader } from '../project/load.ts'
import { ParameterError, RenderError } from './errors.ts'
import { isParameterError, render, renderSql } from './render.ts'
import { Renderer, type RenderRequest, type Rendered } from './renderer.ts'

const EVENTS = 'SCHEMA >\n  `a` String,\n  `n` Int32\n'
const node = (name: string, sql: string): string => `NODE ${name}\nSQL >\n    ${sql}\n`

function renderer(files: Record<string, string>): Renderer {
  return new Renderer(loadProject('/p',
    memoryReader({ 'events.datasource': EVENTS, ...files })).project)
}
const flat = (rendered: Rendered): string => rendered.sql.replace(/\s+/g, ' ')
const failure = (work: () => unknown): RenderError => {
  try {
    work()
  } catch (error) {
    if (isParameterError(error)) return error
    throw error
  }
  throw new Error('nothing was thrown')
}

describe('nodes to one statement', () => {
  it('leaves a single node as it is', () => {
    const rendered =
      renderer({ 'p.pipe': node('p', 'SELECT a FROM events;') }).render({ pipe: 'p' })
    expect(rendered.sql).toBe('SELECT a FROM events')
    expect(rendered).toMatchObject({ key: rendered.sql, tables: ['events'], slots: [],
      warnings: [] })
  })

  it('puts the nodes in use into WITH, in order, the answering node last and as it is', () => {
    const rendered = renderer({
      'p.pipe': node('one', 'SELECT a FROM events') + node('unused', 'SELECT 1') +
        node('two', 'SELECT a FROM one -- note') + node('three',
          'SELECT * FROM two, one ORDER BY a') +
        'TYPE endpoint\n',
    }).render({ pipe: 'p' })
    expect(flat(rendered))
      .toBe('WITH one AS ( SELECT a FROM events ), two AS ( SELECT a FROM one -- note ) ' +
      'SELECT * FROM two, one ORDER BY a')
    expect(rendered.sql).toContain('-- note\n)')
  })

  it('uses other pipes by their answering node, each node once', () => {
    const rendered = renderer({
      'base.pipe': node('raw', 'SELECT * FROM events') + node('endpoint',
        'SELECT a FROM raw') + 'TYPE endpoint\n',
      'mid.pipe': node('endpoint', 'SELECT a FROM base') + 'TYPE endpoint\n',
      'top.pipe': node('endpoint', 'SELECT * FROM mid JOIN base USING a') + 'TYPE endpoint\n',
    }).render({ pipe: 'top' })
    expect(flat(rendered))
      .toBe('WITH raw AS ( SELECT * FROM events ), base AS ( SELECT a FROM raw ), ' +
      'mid AS ( SELECT a FROM base ) SELECT * FROM mid JOIN base USING a')
    expect(rendered.uses).toEqual([{ name: 'mid', kind: 'pipe' }, { name: 'base', kind: 'pipe' }])
  })

  it('renames a node whose name is taken, and keeps it as an alias where it is read', () => {
    const rendered = renderer({
      'b.pipe': node('step', 'SELECT 2 AS x') + node('out',
        'SELECT step.x FROM step') + 'TYPE endpoint\n',
      'a.pipe': node('step', 'SELECT 1 AS x') + node('events', 'SELECT * FROM events') +
        node('last', 'SELECT * FROM step, b AS c, events e WHERE x IN events') + 'TYPE endpoint\n',
    }).render({ pipe: 'a' })
    expect(flat(rendered)).toBe('WITH step AS ( SELECT 1 AS x ), b__step AS ( SELECT 2 AS x ), ' +
      'b AS ( SELECT step.x FROM b__step AS step ), a__events AS ( SELECT * FROM events ) ' +
      'SELECT * FROM step, b AS c, a__events e WHERE x IN a__events')
  })

  it('merges with a WITH that the node has itself, and nests that of others', () => {
    const rendered = renderer({
      'p.pipe': node('one', 'WITH 5 AS k SELECT a, k FROM events') +
        node('two',
          '/* x */ WITH RECURSIVE t AS (SELECT * FROM one) SELECT * FROM t') + 'TYPE endpoint\n',
    }).render({ pipe: 'p' })
    expect(flat(rendered))
      .toBe('/* x */ WITH RECURSIVE one AS ( WITH 5 AS k SELECT a, k FROM events ), ' +
      't AS (SELECT * FROM one) SELECT * FROM t')
  })

  it('wraps a statement in brackets, keeps EXPLAIN in front', () => {
    const files =
      { 'p.pipe': node('one', 'SELECT 1 AS a') + node('two',
        '(SELECT a FROM one) UNION ALL (SELECT 2)') }
    expect(flat(renderer(files).render({ pipe: 'p' }))).toBe(
      'WITH one AS ( SELECT 1 AS a ) SELECT * FROM ( (SELECT a FROM one) UNION ALL (SELECT 2) )')
    expect(flat(renderer(files).render({ sql: 'EXPLAIN SELECT * FROM p' })))
      .toMatch(/^EXPLAIN WITH one AS .*SELECT \* FROM p$/)
  })

  it('puts the token\'s filter around the data source, with FINAL inside', () => {
    const files = { 'p.pipe': node('one', 'SELECT * FROM events FINAL WHERE 1') +
      node('two',
        'SELECT * FROM one JOIN events AS e FINAL ON 1 WHERE a IN events') + 'TYPE endpoint\n' }
    const principal = { filters: { events: "a = 'x'" } }
    expect(flat(renderer(files).render({ pipe: 'p', principal }))).toBe(
      "WITH one AS ( SELECT * FROM (SELECT * FROM events FINAL WHERE (a = 'x')) AS events WHERE " +
        "1 ) " +
      "SELECT * FROM one JOIN (SELECT * FROM events FINAL WHERE (a = 'x')) AS e ON 1 " +
      "WHERE a IN (SELECT * FROM events WHERE (a = 'x'))")
    expect(flat(renderer(files).render({ pipe: 'p',
      principal: { filters: { p: 'n > 1' } } }))).toMatch(
      /two AS \( SELECT .* \) SELECT \* FROM two WHERE \(n > 1\)$/)
    expect(flat(renderer(files).render({ sql: 'SELECT * FROM p',
      principal: { filters: { p: 'n > 1' } } })))
      .toMatch(/SELECT \* FROM \(SELECT \* FROM p WHERE \(n > 1\)\) AS p$/)
  })

  it('makes a WHERE of PREWHERE where a filter stands around the table', () => {
    const filters = { events: 'n > 0' }
    const sql = (text: string): string =>
      flat(renderer({}).render({ sql: text, principal: { filters } }))
    expect(sql('SELECT 1 FROM events AS e PREWHERE a = 1 OR b WHERE c -- x\nORDER BY 1')).toBe(
      'SELECT 1 FROM (SELECT * FROM events WHERE (n > 0)) AS e WHERE ( a = 1 OR b ) AND ( c) ' +
      '-- x ORDER BY 1')
    expect(sql('SELECT 1 FROM events x, events y PREWHERE a')).toMatch(/ AS y| y WHERE a$/)
  })

  it('filters a data source by whatever name it goes', () => {
    const sql = (filters: Record<string, string>): string =>
      flat(renderer({}).render({ sql: 'SELECT events.n FROM default.events', principal: { filters } }))
    const filtered = 'SELECT events.n FROM (SELECT * FROM default.events WHERE (n > 0)) AS events'
    expect(sql({ events: 'n > 0' })).toBe(filtered)
    expect(sql({ '*': 'n > 0' })).toBe(filtered)
    expect(renderer({}).render({ sql: 'SELECT 1 FROM default.events' }).uses)
      .toEqual([{ name: 'events', kind: 'datasource' }])
  })

  it('gives no way around a filter or a scope through WITH', () => {
    const principal = { filters: { events: 'n > 0' } }
    for (const sql of ['WITH events AS (SELECT 1) SELECT * FROM events',
      'SELECT * FROM (WITH events AS (SELECT 1) SELECT * FROM events)']) {
      expect(failure(() => renderer({}).render({ sql, principal })).message).toMatch(
        /^the name events in WITH hides a table that the token filters/)
      for (const table of ["'events'", "'default.events'", 'events', '`events`']) {
        expect(() => renderer({}).render({ sql: `SELECT joinGet(${table}, 'n', 1)`, principal }))
          .toThrow(/^joinGet reads all rows of .*events, which the token filters/)
      }
      expect(renderer({}).render({ sql }).uses).toEqual([{ name: 'events', kind: 'datasource' }])
    }
  })

  it('says where SQL is wrong: in its file, or in the request', () => {
    const files = { 'p.pipe': node('p', '%\n    SELECT {{String(a)}}\n    FORM events') }
    expect(failure(() => renderer(files).render({ pipe: 'p', params: { a: 'long text' } })))
      .toMatchObject({ status: 400, code: 'syntax',
        place: { file: 'p.pipe', line: 5, column: 10 } })
    expect(failure(() => renderer(files).render({ sql: 'SELECT 1 FORM events' })).message)
      .toMatch(/Did you mean FROM instead of FORM\? \(line 1, column 15\)$/)
  })

  it('runs SQL of a request over data sources and pipes, with _ for a pipe', () => {
    const files = { 'p.pipe': node('p', "%\n    SELECT a FROM events WHERE n = {{Int32(n, 1)}}") }
    const rendered = renderer(files).render({
      sql: '% SELECT count() FROM _ WHERE a != {{String(a)}}', aliases: { _: 'p' },
        params: { a: 'x', n: '7' },
    })
    expect(flat(rendered))
      .toBe("WITH p AS ( SELECT a FROM events WHERE n = toInt32('7') ) SELECT count() FROM p AS _ WHERE a " +
        "!= 'x'")
    expect(rendered.uses).toEqual([{ name: 'p', kind: 'pipe' }])
    expect(renderer(files).render({ sql: 'SELECT 1 FROM system.one, events WHERE x IN y' }).uses)
      .toEqual([
      { name: 'system.one', kind: 'table' }, { name: 'events', kind: 'datasource' },
    ])
  })

  it('refuses circles and unknown names', () => {
    const files = { 'a.pipe': node('x', 'SELECT * FROM y') + node('y', 'SELECT * FROM x') }
    expect(failure(() =>
      renderer(files).render({ pipe: 'a' })).message)
        .toBe('node y of pipe a reads itself in a circle')
    const unknown =
      failure(() => renderer({ 'sales.pipe': node('s', 'SELECT 1') }).render({ pipe: 'sale' }))
    expect([unknown.status, unknown.message]).toEqual([404,
      'there is no pipe sale; did you mean sales?'])
  })

  it('keeps a fixed parameter of the token whatever the request says', () => {
    const files = { 'p.pipe': node('p', '%\n    SELECT {{String(org)}}, {{claims["sub"]}}') }
    const principal = { fixedParams: { org: 'mine' }, claims: { sub: 'u1' } }
    expect(renderer(files).render({ pipe: 'p', params: { org: 'theirs' },
      principal }).sql).toBe("SELECT 'mine', 'u1'")
  })
})

describe('errors of a request', () => {
  const files =
    { 'pipes/p.pipe': node('p', "%\n    SELECT a\n    FROM events WHERE n = {{Int32(n)}}") }

  it('name the parameter, the value and the place', () => {
    const bad = failure(() => renderer(files).render({ pipe: 'p', params: { n: 'ten' } }))
    expect(bad).toBeInstanceOf(ParameterError)
    expect(bad).toMatchObject({
      status: 400, code: 'bad-parameter', parameter: 'n', type: 'Int32', value: 'ten',
      place: { file: 'pipes/p.pipe', line: 5, column: 27 },
    })
    expect(failure(() => renderer(files).render({ pipe: 'p' }))).toMatchObject({
      status: 400, code: 'missing-parameter', parameter: 'n', value: '',
    })
  })

  it('carry the status that the template asks for', () => {
    const custom =
      renderer({ 'p.pipe': node('p', "%\n    {{ custom_error({'error': 'no'}, 403) }}") })
    expect(failure(() =>
      custom.render({ pipe: 'p' }))).toMatchObject({ status: 403, message: '{"error": "no"}' })
  })

  it('have no place where the SQL came with the request', () => {
    const project = renderer(files).project
    expect(failure(() => renderSql({ project, sql: '%SELECT {{Int8(x)}}' })).place).toBeNull()
    expect(failure(() => render({ project, pipe: 'q' })).status).toBe(404)
  })

  it('warn of templates without %', () => {
    expect(renderer({ 'p.pipe': node('p',
      'SELECT {{Int8(x, 1)}}') }).render({ pipe: 'p' }).warnings).toEqual([
      'p has template tags, but its SQL does not begin with %',
    ])
  })
})

describe('keys, slots and the way back', () => {
  const files = {
    'b.pipe': node('b',
      "%\n    SELECT a FROM events {% if defined(m) %}WHERE a = {{String(m)}}{% end %}"),
    'p.pipe': node('one',
      "%\n    SELECT a,\n        {{String(s, 'd')}} AS s\n    FROM events WHERE n = {{Int32(n, " +
        "1)}}") +
      node('two',
        "%\n    SELECT * FROM one, b, events\n    WHERE a IN {{Array(l, 'String', 'x')}}\n    " +
          "LIMIT {{Int(limit, 5)}}") +
      'TYPE endpoint\n',
  }
  const param = fc.string({ maxLength: 12 })
  const requests = fc.record({
    params: fc.record({
      s: param, n: fc.integer({ min: -99, max: 99 }).map(String),
        l: fc.array(param, { maxLength: 3 }),
      limit: fc.nat(1_000).map(String), m: param,
    }, { requiredKeys: [] }),
    filtered: fc.boolean(),
  })
  const request = ({ params, filtered }: { params: object; filtered: boolean }): RenderRequest => ({
    pipe: 'p', params: params as RenderRequest['params'],
    principal: filtered ? { filters: { events: 'n > 0' } } : undefined,
  })

  it('gives equal keys exactly where only values differ', () => {
    const shared = renderer(files)
    fc.assert(fc.property(requests, requests, (first, second) => {
      const [a, b] = [shared.render(request(first)), shared.render(request(second))]
      const shape = (sql: string, slots: Rendered['slots']): string => {
        let text = ''
        let at = 0
        for (const slot of slots) {
          text += `${sql.slice(at, slot.start)}<${slot.type}>`
          at = slot.end
        }
        return text + sql.slice(at)
      }
      expect(a.key === b.key).toBe(shape(a.sql, a.slots) === shape(b.sql, b.slots))
    }))
  })

  it('spans every value in order, also behind renamed and filtered tables', () => {
    const shared = renderer(files)
    fc.assert(fc.property(requests, given => {
      const { sql, slots } = shared.render(request(given))
      slots.reduce((end, slot) => {
        expect(slot.start).toBeGreaterThanOrEqual(end)
        const literal = sql.slice(slot.start, slot.end)
        expect(typeof slot.value === 'string' ? literal[0] : literal).toBe(
          typeof slot.value === 'string' ? "'" : slot.type === 'Int32' ? `toInt32('${slot.value}')` : String(slot.value))
        return slot.end
      }, 0)
      // The same request on a cold cache gives the same statement.
      expect(renderer(files).render(request(given)).sql).toBe(sql)
    }), { numRuns: 50 })
  })

  it('leads from every word of the statement back to that word in its file', () => {
    const shared = renderer(files)
    const lines = (file: string): string[] => (shared.project.files.get(file) ?? '').split('\n')
    fc.assert(fc.property(requests, given => {
      const { sql, slots, map } = shared.render(request(given))
      const inSlot = (at: number): boolean => slots.some(slot => at >= slot.start && at < slot.end)
      const words = ['AS s', 'WHERE n =', 'LIMIT', 'SELECT a,', 'WHERE a IN']
      for (const word of words) {
        for (let at = sql.indexOf(word); at >= 0; at = sql.indexOf(word, at + 1)) {
          if (inSlot(at)) continue
          const place = map.locate(at)
          expect(place).not.toBeNull()
          if (place === null) continue
          expect(lines(place.file)[place.line - 1].slice(place.column - 1))
            .toMatch(new RegExp(`^${word}`))
        }
      }
      // A value leads to the tag that asked for it.
      for (const slot of slots) {
        const place = map.locate(slot.start + 1)
        if (place !== null) expect(lines(place.file)[place.line - 1].slice(place.column - 1))
          .toMatch(/^\{\{/)
      }
      for (let at = 0; at < sql.length; at += 7) expect(map.locate(at)).not.toBeNull()
    }))
  })

  it('is of the call that it was made for, when the statement\'s shape was known', () => {
    const alone = { 'p.pipe': node('p', '%\n    SELECT a FROM events WHERE a = {{String(s)}} AND zz = {{Int32(n)}}') }
    const known = renderer(alone)
    known.render({ pipe: 'p', params: { s: 'x', n: '1' } })
    const asked: RenderRequest = { pipe: 'p', params: { s: 'a longer one', n: '12345' } }
    const [again, fresh] = [known.render(asked), renderer(alone).render(asked)]
    const places = ({ sql, map }: Rendered) => Array.from(sql, (_, at) => map.locate(at))
    expect({ ...again, sql: again.sql, map: places(again) }).toEqual({ ...fresh, map: places(fresh) })
    const principal = { filters: { events: 'n > 0' } }
    expect(known.render({ ...asked, principal }).sql).toBe(renderer(alone).render({ ...asked, principal }).sql)
    expect(known.render({ ...asked, principal }).sql).toContain('n > 0')
    expect(known.render(asked).sql).toBe(fresh.sql)
  })

  it('leads back to the request\'s own SQL where it is that', () => {
    const { map, sql } = renderer(files).render({ sql: 'SELECT *\nFROM b WHERE zz' })
    expect(map.locateInRequest(sql.indexOf('zz'))).toEqual({ line: 2, column: 14 })
    expect(map.locate(sql.indexOf('zz'))).toBeNull()
    expect(map.locateInRequest(sql.indexOf('events'))).toBeNull()
    expect(map.locate(sql.indexOf('events'))).toEqual({ file: 'b.pipe', line: 4, column: 19 })
  })

  it('describes all parameters of a pipe and of the pipes it uses', () => {
    expect(renderer(files).describe('p').map(doc =>
      doc.name)).toEqual(['s', 'n', 'l', 'limit', 'm'])
    expect(renderer(files).render({ pipe: 'p' }).params.map(doc =>
      doc.name)).toEqual(['s', 'n', 'm', 'l', 'limit'])
  })

  it('finds out only once what a node reads, in whichever branch', () => {
    const shared = renderer({ 'p.pipe': node('p', '%\n    SELECT * FROM {% if defined(x) %}events{% else %}others{% end %} WHERE n = {{Int32(n)}}') })
    const [first] = shared.project.pipes.get('p')?.nodes ?? []
    const docs = shared.describeNode(first)
    expect([docs.tables, docs.params.map(({ name }) => name)]).toEqual([['events', 'others'], ['x', 'n']])
    expect(shared.describeNode(first)).toBe(docs)
  })

  it('marks secrets and hands on hints', () => {
    const shared =
      renderer({ 'p.pipe': node('p',
        "%\n    {{max_threads(4)}}{{cache_ttl('5m')}}SELECT {{tb_secret('K')}}"), '.env': 'K=v' })
    const { slots, hints, sql } = shared.render({ pipe: 'p' })
    expect(sql).toBe("SELECT 'v'")
    expect(slots).toMatchObject([{ secret: true, value: 'v' }])
    expect(hints).toEqual({ maxThreads: 4, cacheSeconds: 300 })
    expect(shared.render({ pipe: 'p', secrets: { K: 'w' } }).sql).toBe("SELECT 'w'")
  })
})
