// What scripts written for Tinybird's CLI say before a verb (`tb --cloud --host URL --token T datasource ls`).

import { UsageError } from './terminal.ts'

/** Which of several installations a call is for, and how much it says: here there is one server, in one voice. */
const PASSED_OVER = /^--(cloud|local|staging|branch=.*|(no-)?(debug|version-warning|show-tokens))$/

/** Options with a value that say which server; the environment says it to every verb. */
const OF_ENVIRONMENT: Readonly<Record<string, string>> = { '--host': 'TB_HOST', '--token': 'TB_TOKEN' }

/** The arguments from the verb on; what stood before it goes to `env`. Throws UsageError for an option without its value. */
export function withoutGlobals(argv: readonly string[], env: Record<string, string | undefined>): readonly string[] {
  let at = 0
  while (at < argv.length && argv[at].startsWith('--')) {
    const [name, ...rest] = argv[at].split('=')
    if (name in OF_ENVIRONMENT) {
      const value = rest.length > 0 ? rest.join('=') : argv[++at]
      if (value === undefined || value === '') throw new UsageError(`${name} needs a value`)
      env[OF_ENVIRONMENT[name]] = value
    } else if (argv[at] === '--branch') at++
    else if (!PASSED_OVER.test(argv[at])) break
    at++
  }
  return argv.slice(at)
}
