import { expect, it } from 'vitest'
import { UsageError } from './terminal.ts'
import { createToken } from './token.ts'

const wanted = { scope: ['PIPES:READ:a'], resource: [], filter: [], fixedParams: {} }

it.each([
  ['a token that would hold for ever', 'visitor', undefined, { ttl: '1h' }, /Only a jwt has --ttl/],
  ['a token for all values of a parameter', 'static', 'visitor', { fixedParams: { user: '1' } }, /Only a jwt has --ttl and --fixed-params/],
  ['a kind for a name', 'jwt', undefined, { ttl: '1h' }, /Give its name: pipit token create jwt NAME/],
  ['another kind', 'eternal', 'visitor', {}, /static or jwt, not eternal/],
  ['no end of a jwt', 'jwt', 'visitor', {}, /--ttl 1h/],
  ['no scope', 'visitor', undefined, { scope: [] }, /Give a scope/],
  ['a filter of one scope among two', 'visitor', undefined, { scope: ['PIPES:READ:a', 'PIPES:READ:b'], filter: ['x = 1'] }, /as many --filter as --scope/],
  ['two things for one scope', 'visitor', undefined, { scope: ['PIPES:READ'], resource: ['a', 'b'] }, /as many --resource as --scope/],
  ['a scope that is for something already', 'visitor', undefined, { resource: ['b'] }, /leave --resource out/],
  ['a filter of nothing', 'visitor', undefined, { scope: ['PIPES:READ'], filter: ['x = 1'] }, /Give the --resource/],
])('refuses %s before a server is asked', async (_what, first, second, more, expected) => {
  const made = createToken(first, second, { url: 'http://127.0.0.1:1', token: 't', ...wanted, ...more })
  await expect(made).rejects.toThrow(expected)
  await expect(made).rejects.toBeInstanceOf(UsageError)
})
