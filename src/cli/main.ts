#!/usr/bin/env node
// The command line: one verb a file, wired here. Exit codes: 0 ok, 1 the work failed, 2 wrong usage.

import { Command, CommanderError, InvalidArgumentError } from 'commander'
import { runCheck } from './check.ts'
import { appendDatasource, listDatasources, truncateDatasource } from './datasource.ts'
import { dataOfEndpoint, listEndpoints, urlOfEndpoint } from './endpoint.ts'
import { runRender } from './render.ts'
import { serve } from './serve.ts'
import { runSql } from './sql.ts'
import { CliError } from './terminal.ts'
import { VERSION } from './version.ts'

/** `--param k=v`, any number of times. */
function collectParam(text: string, before: Record<string, string>): Record<string, string> {
  const mark = text.indexOf('=')
  if (mark < 1) throw new InvalidArgumentError('give it as name=value')
  return { ...before, [text.slice(0, mark)]: text.slice(mark + 1) }
}

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
      .option('--no-demo', 'do not load demo events into the empty example')
      .addHelpText('after', `\nExamples:\n  pipit ${name} examples/saas\n  PIPIT_PORT=8080 pipit ${name} .`)
      .action((dir: string, options) => serve(dir, { ...options, isLocal }))
  }
}

function addProject(program: Command): void {
  program.command('check').description('name every error of a project\'s files')
    .argument('[dir]', 'project folder', '.')
    .option('--format <format>', 'text or json', 'text')
    .addHelpText('after', '\nExamples:\n  pipit check .\n  pipit check --format json .')
    .action(runCheck)
  program.command('render').description('print the one SQL statement that a call of a pipe runs')
    .argument('<pipe>', 'name of the pipe')
    .option('--dir <dir>', 'project folder', '.')
    .option('--param <name=value>', 'a parameter of the call; may come several times', collectParam, {})
    .addHelpText('after', '\nExample:\n  pipit render active_users --param interval="1 week"')
    .action(runRender)
}

/** Options of verbs that talk to a running server. */
const client = (command: Command): Command => command
  .option('--url <url>', 'server (TB_HOST, http://127.0.0.1:7181)')
  .option('--token <token>', 'token (TB_TOKEN; a local server\'s admin token is asked for)')

function addClient(program: Command): void {
  client(program.command('sql').description('run a SELECT').argument('<statement>')
    .option('--format <format>', 'ClickHouse\'s name of an output format', 'PrettyCompact'))
    .addHelpText('after', '\nExample:\n  pipit sql "SELECT count() FROM app_events"').action(runSql)
  const datasource = program.command('datasource').description('data sources of a running server')
  client(datasource.command('ls').description('list them')).action(listDatasources)
  client(datasource.command('append').description('send a file of rows (NDJSON)')
    .argument('<name>').argument('<file>')).action(appendDatasource)
  client(datasource.command('truncate').description('remove all rows').argument('<name>')
    .option('--yes', 'do not ask')).action(truncateDatasource)
  const endpoint = program.command('endpoint').description('endpoints of a running server')
  client(endpoint.command('ls').description('list them')).action(listEndpoints)
  client(endpoint.command('url').description('print an endpoint\'s URL').argument('<name>'))
    .action(urlOfEndpoint)
  client(endpoint.command('data').description('call an endpoint').argument('<name>')
    .option('--param <name=value>', 'a parameter; may come several times', collectParam, {})
    .option('--format <format>', 'json, csv or ndjson', 'json')).action(dataOfEndpoint)
}

/** Parses the arguments and runs the verb; answers the exit code. */
export async function main(argv: readonly string[]): Promise<number> {
  const program = new Command('pipit')
    .description('Real-time analytics APIs from SQL files').version(VERSION)
    .showHelpAfterError('(pipit --help shows the verbs)').showSuggestionAfterError(true).exitOverride()
  addServing(program)
  addProject(program)
  addClient(program)
  for (const command of program.commands) command.exitOverride()
  try {
    await program.parseAsync([...argv], { from: 'user' })
    return Number(process.exitCode ?? 0)
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2
    process.stderr.write(`${error instanceof CliError ? error.message : (error as Error).stack}\n`)
    return 1
  }
}

const code = await main(process.argv.slice(2))
process.exitCode = code
