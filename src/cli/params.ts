// `--param k=v`, any number of times.

import { InvalidArgumentError } from 'commander'

/** Adds one to those before. */
export function collectParam(text: string, before: Record<string, string>): Record<string, string> {
  const mark = text.indexOf('=')
  if (mark < 1) throw new InvalidArgumentError('give it as name=value')
  return { ...before, [text.slice(0, mark)]: text.slice(mark + 1) }
}
