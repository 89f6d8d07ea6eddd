// Parameters of a call: `--param k=v`, any number of times, or options of their names.

import { InvalidArgumentError } from 'commander'
import { UsageError } from './terminal.ts'

/** Adds one to those before. */
export function collectParam(text: string, before: Record<string, string>): Record<string, string> {
  const mark = text.indexOf('=')
  if (mark < 1) throw new InvalidArgumentError('give it as name=value')
  return { ...before, [text.slice(0, mark)]: text.slice(mark + 1) }
}

/** `--day 2024-06-01 --limit=5`, as Tinybird's CLI takes the parameters of an endpoint. */
export function paramsOfOptions(words: readonly string[]): Record<string, string> {
  const params: Record<string, string> = {}
  for (let i = 0; i < words.length; i++) {
    const [, name = '', value] = /^--([A-Za-z_]\w*)(?:=([\s\S]*))?$/.exec(words[i]) ?? []
    const given = value ?? words[++i]
    if (name === '' || given === undefined) throw new UsageError(`Give parameters as --param name=value or --name value, not ${words.join(' ')}`)
    params[name] = given
  }
  return params
}
