import { expect, it } from 'vitest'
import { parseQuery } from '../sql/parse.ts'
import { withQueryParameters } from './query-parameters.ts'

it('puts values in place of query parameters, each a constant of its type', () => {
  const render = (sql: string, params: Record<string, string | number | null | unknown[]>) => withQueryParameters(sql, params)
  expect(render('SELECT {a:UInt8}, {b:String}, {c:DateTime}', { param_a: '7', param_b: "it\\'s", param_c: '2024-01-01 00:00:00' }))
    .toBe("SELECT _CAST(7, 'UInt8'), 'it\\'s', _CAST('2024-01-01 00:00:00', 'DateTime')")
  expect(render('SELECT {c:Identifier} FROM {t:Identifier}', { param_c: 'a`b', param_t: 'x' })).toBe('SELECT `a\\`b` FROM `x`')
  expect(render("SELECT '{a:UInt8}', {a:Nullable(String)} -- {a:UInt8}", { param_a: '\\N' }))
    .toBe("SELECT '{a:UInt8}', _CAST(NULL, 'Nullable(String)') -- {a:UInt8}")
  expect(render('SELECT {a:Array(UInt8)}', { param_a: [1, 2] })).toBe("SELECT _CAST([1, 2], 'Array(UInt8)')")
  expect(render('% SELECT {{Int8(x)}} {a:UInt8}', {})).toBe('% SELECT {{Int8(x)}} {a:UInt8}')
})

it('refuses what is missing or no value of its type, and lets no value out of its literal', () => {
  expect(() => withQueryParameters('SELECT {a:UInt8}', {})).toThrow('Substitution `a` is not set')
  for (const bad of ['x', '256', '-1', '1.5', '', '1) OR (1']) {
    expect(() => withQueryParameters('SELECT {a:UInt8}', { param_a: bad })).toThrow('cannot be parsed as UInt8')
  }
  for (const evil of ["'", "\\", "\\\\'", "') OR 1=1 --", '\\x27', "a'||'b"]) {
    // A SELECT, of which the list alone is looked at.
    const { select } = parseQuery(withQueryParameters('SELECT {a:String}', { param_a: evil })) as unknown as { select: unknown[] }
    expect(select).toEqual([expect.objectContaining({ kind: 'literal', type: 'string' })])
  }
})
