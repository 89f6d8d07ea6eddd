// The command line: one verb a file, wired here. Exit codes: 0 ok, 1 the work failed, 2 wrong usage.

import { Command, CommanderError, Option } from 'commander'
import { runCheck } from './check.ts'
import { runInit } from './init.ts'
import { collectParam } from './params.ts'
import { runFmt } from './fmt.ts'
import { runRender } from './render.ts'
import { withoutGlobals } from './tb-words.ts'
import { CliError, UsageError } from './terminal.ts'
import { addClient } from './verbs-client.ts'
import { VERSION } from './version.ts'

function addServing(program: Command): void {
  for (const [name, what, isLocal] of [
    ['dev', 'serve a project, watch its files and print URLs and tokens', true],
    ['start', 'serve a project as in production', false],
  ] as const) {
    program.command(name).description(what)
      .argument('[dir]', 'project folder', isLocal ? 'examples/saas' : '.')
      .option('--port <n>', 'port (PIPIT_PORT, 7181)')
      .option('--host <address>', 'address to listen on (PIPIT_HOST, 127.0.0.1)')
      .option('--data <folder>', 'where the rows are kept (PIPIT_DATA, DIR/.pipit)')
      .option('--memory <size>', 'memory to use, 320MB at least (PIPIT_MEMORY_BYTES, half of the machine or container)')
      .option('--no-demo', 'do not load demo events into the empty example')
      .option('--fixtures', 'load fixtures/NAME.ndjson|csv into data sources without rows')
      .addHelpText('after', `\nExamples:\n  pipit ${name} examples/saas\n  PIPIT_PORT=8080 pipit ${name} .`)
      .action(async (dir: string, options) => {
        // The server and its packages are loaded by those who serve only.
        const { serve } = await import('./serve.ts')
        await serve(dir, { ...options, isLocal })
      })
  }
}

function addTests(program: Command): void {
  const group = program.command('test').description('tests of endpoints over fixtures; no server is needed')
    .addHelpText('after', '\nExamples:\n  pipit test run\n  pipit test run tests/top_pages.yaml\n  pipit test update top_pages')
  for (const [name, what] of [
    ['run', 'run tests/*.yaml, or those named'], ['update', 'take what the endpoints answer now as expected'],
  ] as const) {
    group.command(name).description(what).argument('[files...]', 'test files or names of pipes')
      .option('--dir <dir>', 'project folder', '.')
      .action(async (files: string[], options: { dir: string }) => {
        const { runTests, updateTests } = await import('./test.ts')
        await (name === 'run' ? runTests : updateTests)(files, options)
      })
  }
}

function addProject(program: Command): void {
  program.command('init').description('make a small project that runs').argument('[dir]', 'folder', '.')
    .addHelpText('after', '\nExample:\n  pipit init analytics').action(runInit)
  program.command('check').alias('build').description('name every error of a project\'s files')
    .argument('[dir]', 'project folder', '.')
    .addOption(new Option('--format <format>', 'how to print').choices(['text', 'json']).default('text'))
    .addHelpText('after', '\nExamples:\n  pipit check .\n  pipit check --format json .')
    .action(runCheck)
  program.command('fmt').description('give project files their one layout')
    .argument('[path...]', 'files and folders (the project)')
    .option('--diff', 'show what would change, and write nothing')
    .option('--check', 'exit with 1 where something would change, and write nothing')
    .addOption(new Option('--yes', 'nothing is asked').hideHelp())
    .addHelpText('after', '\nExamples:\n  pipit fmt\n  pipit fmt --diff endpoints/top_pages.pipe\n  pipit fmt --check .')
    .action(runFmt)
  program.command('render').description('print the one SQL statement that a call of a pipe runs')
    .argument('<pipe>', 'name of the pipe')
    .option('--dir <dir>', 'project folder', '.')
    .option('--param <name=value>', 'a parameter of the call; may come several times', collectParam, {})
    .addHelpText('after', '\nExample:\n  pipit render active_users --param interval="1 week"')
    .action(runRender)
}

function addCompare(program: Command): void {
  program.command('compare').description('run all SQL of a project here and in ClickHouse (chdb) on the same rows')
    .argument('[dir]', 'project folder', '.')
    .option('--rows <n>', 'rows made for each data source without a fixture', '200')
    .option('--seed <n>', 'makes other rows', '1')
    .option('--verbose', 'show the SQL of what is not equal')
    .addOption(new Option('--output <format>', 'how to print').choices(['table', 'json', 'csv']).default('table'))
    .addHelpText('after', '\nExamples:\n  pipit compare\n  pipit compare examples/saas --rows 1000 --verbose')
    .action(async (dir: string, options) => (await import('./compare.ts')).runCompare(dir, options))
}

/** Verbs over the store's files; loaded when they are called. */
function addStore(program: Command): void {
  const data = '--data <folder>'
  program.command('doctor').description('verify every byte of a store, in use or not')
    .argument('[dir]', 'project folder', '.').option(data, 'the store (PIPIT_DATA, DIR/.pipit)')
    .option('--repair', 'take damaged blocks out and say which rows are gone (not in use)')
    .addOption(new Option('--format <format>', 'how to print').choices(['text', 'json']).default('text'))
    .addHelpText('after', '\nExamples:\n  pipit doctor\n  pipit doctor --data /var/pipit --format json\n  pipit doctor --data /mnt/backup   a backup')
    .action(async (dir: string, options) => (await import('./store.ts')).runDoctor(dir, options))
  program.command('backup').description('bring a backup folder up to what a store is now')
    .argument('<folder>', 'where to').option(data, 'a store that no server has open; else the running server does it')
    .option('--copy', 'copy files, never link them').option('--url <url>', 'server (TB_HOST, http://127.0.0.1:7181)')
    .option('--token <token>', 'token (TB_TOKEN)')
    .addHelpText('after', '\nExamples:\n  pipit backup /backups/pipit\n  pipit backup /mnt/other --copy --data .pipit')
    .action(async (folder: string, options) => (await import('./store.ts')).runBackup(folder, options))
  program.command('restore').description('make a store out of a backup, in an empty folder')
    .argument('<backup>', 'the backup\'s folder').argument('[dir]', 'project folder', '.')
    .option(data, 'the new store (PIPIT_DATA, DIR/.pipit)')
    .addHelpText('after', '\nExample:\n  pipit restore /backups/pipit --data /var/pipit')
    .action(async (backup: string, dir: string, options) => (await import('./store.ts')).runRestore(backup, dir, options))
}

/** Parses the arguments and runs the verb; answers the exit code. */
export async function main(argv: readonly string[]): Promise<number> {
  const program = new Command('pipit')
    .description('Real-time analytics APIs from SQL files').version(VERSION)
    .showHelpAfterError('(pipit --help shows the verbs)').showSuggestionAfterError(true).exitOverride()
  addServing(program)
  addProject(program)
  addTests(program)
  addCompare(program)
  addStore(program)
  addClient(program)
  try {
    await program.parseAsync([...withoutGlobals(argv, process.env)], { from: 'user' })
    return Number(process.exitCode ?? 0)
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2
    if (error instanceof UsageError) {
      process.stderr.write(`${error.message}\n`)
      return 2
    }
    process.stderr.write(`${error instanceof CliError ? error.message : (error as Error).stack}\n`)
    return 1
  }
}

/** Whoever reads our output may stop early (`| head`): that ends a verb, quietly, but no server. */
function endWithReader(argv: readonly string[]): void {
  const isServing = argv[0] === 'dev' || argv[0] === 'start'
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE') throw error
      if (!isServing) process.exit()
    })
  }
}

endWithReader(process.argv.slice(2))
// Not awaited: the bundle is no module (src/launch/program.ts).
void main(process.argv.slice(2)).then((code) => { process.exitCode = code })
