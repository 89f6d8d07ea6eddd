// Options of the benchmarks' commands: --help, and a sentence where one is wrong.

import { parseArgs } from 'node:util'

type Option =
  | { readonly type: 'string'; readonly default?: string; readonly says: string }
  | { readonly type: 'boolean'; readonly says: string }
  | { readonly type: 'string'; readonly multiple: true; readonly says: string }

type Value<O extends Option> =
  O extends { readonly type: 'boolean' } ? boolean
    : O extends { readonly multiple: true } ? string[] | undefined
      : O extends { readonly default: string } ? string : string | undefined

type Values<T extends Readonly<Record<string, Option>>> = { readonly [K in keyof T]: Value<T[K]> }

/** What --help prints: what the command does, then a line an option, defaults in brackets. */
export function usageOf(command: string, does: string, options: Readonly<Record<string, Option>>): string {
  const lines = Object.entries(options).map(([name, option]) => {
    const given = 'default' in option && option.default !== undefined && option.default !== '' ? ` (${option.default})` : ''
    return `  --${`${name}${option.type === 'boolean' ? '' : ' X'}`.padEnd(14)}${option.says}${given}`
  })
  return `npm run ${command} -- [options]: ${does}\n\n${lines.join('\n')}\n`
}

/** The options of this process. Prints the usage and ends it with 0 for --help, and with 2, behind what is
 * wrong, for an option that there is none of. */
export function optionsOf<const T extends Readonly<Record<string, Option>>>(
  command: string, does: string, options: T,
): Values<T> {
  try {
    const { help, ...values } = parseArgs({ options: { ...options, help: { type: 'boolean', short: 'h' } } }).values as { readonly help?: boolean }
    if (help !== true) {
      const flags = Object.entries(options).filter(([, { type }]) => type === 'boolean').map(([name]) => [name, false])
      // parseArgs gives what `options` declares; flags that were not given are false.
      return { ...Object.fromEntries(flags), ...values } as unknown as Values<T>
    }
  } catch (error) {
    process.stderr.write(`${(error as Error).message}\n\n${usageOf(command, does, options)}`)
    process.exit(2)
  }
  process.stdout.write(usageOf(command, does, options))
  process.exit(0)
}
