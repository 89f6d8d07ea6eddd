import { expect, it } from 'vitest'
import { withoutGlobals } from './tb-words.ts'

it.each([
  [['datasource', 'ls', '--token', 'mine'], ['datasource', 'ls', '--token', 'mine'], {}],
  [['--cloud', 'sql', 'SELECT 1'], ['sql', 'SELECT 1'], {}],
  [['--host', 'http://h', '--token=a=b', '--no-version-warning', 'build'], ['build'], { TB_HOST: 'http://h', TB_TOKEN: 'a=b' }],
  [['--branch', 'mine', '--local', '--branch=other', 'test', 'run'], ['test', 'run'], {}],
  [['--version'], ['--version'], {}], [['--local', '--help'], ['--help'], {}], [[], [], {}],
] as const)('%j', (argv, left, expected) => {
  const env = {}
  expect([withoutGlobals(argv, env), env]).toEqual([left, expected])
})

it('wants the values of options that have one', () => {
  for (const argv of [['--host'], ['--token=', 'sql']]) expect(() => withoutGlobals(argv, {})).toThrow(/needs a value/)
})
