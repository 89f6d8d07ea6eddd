// The verbs that talk to a running server, with their options and examples.

import { InvalidArgumentError, Option, type Command } from 'commander'
import {
  analyzeFile, appendDatasource, createDatasource, deleteFromDatasource, dropDatasource, exportDatasource, listDatasources, replaceDatasource,
  truncateDatasource,
} from './datasource.ts'
import { dataOfEndpoint, listEndpoints, statsOfEndpoints, urlOfEndpoint } from './endpoint.ts'
import { cancelCopies, cancelOneJob, listAllJobs, rebuildPipe, runCopyPipe, showJob, verifyPipe } from './jobs.ts'
import { collectParam } from './params.ts'
import { listCopies, listPipes, listViews, setCopyClock } from './pipe.ts'
import { listQuarantine, replayQuarantine } from './quarantine.ts'
import { listSecrets, removeSecret, setSecret } from './secret.ts'
import { runSql } from './sql.ts'
import { createToken, dropToken, listTokens, refreshToken, scopesOfToken, tokenOfEndpoint } from './token.ts'

/** Options of every such verb. */
const client = (command: Command): Command => command
  .option('--url <url>', 'server (TB_HOST, http://127.0.0.1:7181)')
  .option('--token <token>', 'token (TB_TOKEN; a local server\'s admin token is asked for)')

/** Options of verbs that list things. */
const listing = (command: Command): Command => client(command)
  .addOption(new Option('--output <format>', 'how to print').choices(['text', 'json', 'csv']).default('text'))

/** As Tinybird's such a verb takes --format json, too. */
const formatted = (command: Command): Command => listing(command).addOption(
  new Option('--format <format>', 'the same as --output').choices(['json', 'csv']).hideHelp())
  .hook('preAction', (_group, verb) => {
    const { format } = verb.opts<{ format?: string }>()
    if (format !== undefined) verb.setOptionValue('output', format)
  })

const list = (group: Command): Command => formatted(group.command('ls'))
  .option('--match <pattern>', 'only those whose name has it, a regular expression', (text: string) => {
    try {
      return new RegExp(text)
    } catch (error) {
      throw new InvalidArgumentError((error as Error).message)
    }
  })

const SAID_YES = new Option('--yes', 'nothing is asked').hideHelp()

const examples = (command: Command, ...lines: readonly string[]): Command =>
  command.addHelpText('after', `\n${lines.length === 1 ? 'Example' : 'Examples'}:\n${lines.map((line) => `  ${line}`).join('\n')}`)

function addDatasource(program: Command): void {
  const group = examples(program.command('datasource').description('data sources of a running server'),
    'pipit datasource ls', 'pipit datasource append app_events events.ndjson')
  examples(list(group).description('list them'), 'pipit datasource ls --output json')
    .action(listDatasources)
  const file = (command: Command): Command => client(command)
    .option('--format <format>', 'csv, ndjson or parquet (by the name, else by what is in it)')
  const named = (command: Command): Command => file(command).argument('<name>').argument('[file]', 'a file or a URL')
    .option('--file <file>', 'the file; without any, --url is where the rows are')
  examples(named(group.command('append').description('add a file\'s rows, all or none (NDJSON, CSV, Parquet; .gz)'))
    .option('--events <rows>', 'these rows, as NDJSON'),
  'pipit datasource append app_events events.ndjson', "pipit datasource append app_events --events '{\"event_id\":1}'").action(appendDatasource)
  examples(named(group.command('replace').description('put a file\'s rows in the place of all that are there'))
    .option('--where <condition>', 'replace only rows for which it holds, by those of the file for which it does'),
  'pipit datasource replace countries countries.csv').action(replaceDatasource)
  examples(named(group.command('create').description('make a data source of a file\'s columns and rows')),
    'pipit datasource create countries countries.csv').action(createDatasource)
  examples(listing(group.command('analyze').description('say what the columns of a file may be').argument('<file>', 'a file or a URL'))
    .option('--format <format>', 'csv, ndjson or parquet'), 'pipit datasource analyze countries.csv').action(analyzeFile)
  examples(client(group.command('export').description('print the rows').argument('<name>'))
    .option('--format <format>', 'ndjson or csv', 'ndjson').option('--where <condition>', 'only rows for which it holds')
    .option('--limit <n>', 'at most so many rows'),
  'pipit datasource export app_events --where "event_type = \'click\'" > clicks.ndjson').action(exportDatasource)
  examples(client(group.command('delete').description('delete the rows for which a condition holds').argument('<name>')
    .option('--where <condition>', 'SQL over the columns').option('--dry-run', 'only count them')
    .addOption(new Option('--sql-condition <condition>', 'the same as --where').hideHelp())
    .addOption(new Option('--yes').hideHelp()).addOption(new Option('--wait').hideHelp())),
  'pipit datasource delete app_events --where "user_id = \'u1\'"').action(deleteFromDatasource)
  const quarantine = examples(group.command('quarantine').description('rows that did not fit'),
    'pipit datasource quarantine ls', 'pipit datasource quarantine replay app_events')
  examples(list(quarantine).description('count them; of one data source by reason').argument('[name]'),
    'pipit datasource quarantine ls app_events').action(listQuarantine)
  examples(client(quarantine.command('replay').description('send them again, after the schema was mended').argument('<name>')),
    'pipit datasource quarantine replay app_events').action(replayQuarantine)
  examples(client(group.command('truncate').description('remove all rows').argument('<name>')
    .option('--yes', 'do not ask')), 'pipit datasource truncate app_events --yes').action(truncateDatasource)
  examples(client(group.command('rm').description('drop one that was made by create, or the rows of one whose file is gone')
    .argument('<name>').option('--yes', 'do not ask')), 'pipit datasource rm countries --yes').action(dropDatasource)
}

function addPipes(program: Command): void {
  const pipe = examples(program.command('pipe').description('pipes of a running server'), 'pipit pipe ls')
  examples(list(pipe).description('list them'), 'pipit pipe ls --output csv').action(listPipes)
  const group = examples(program.command('endpoint').description('endpoints of a running server'),
    'pipit endpoint ls', 'pipit endpoint data active_users --param interval="1 week"')
  examples(list(group).description('list them'), 'pipit endpoint ls').action(listEndpoints)
  examples(client(group.command('url').description('print an endpoint\'s URL').argument('<name>')),
    'pipit endpoint url active_users').action(urlOfEndpoint)
  for (const [of, verb] of [[group, 'endpoint'], [pipe, 'pipe']] as const) {
    examples(client(of.command('data').description('call an endpoint').argument('<name>')
      .option('--param <name=value>', 'a parameter; may come several times, also as --name value', collectParam, {})
      .option('--query <sql>', 'a SELECT over the endpoint\'s rows, FROM _')
      .option('--format <format>', 'json, csv or ndjson', 'json').allowUnknownOption().allowExcessArguments()),
    `pipit ${verb} data session_insights --param user_id=user_42 --format csv`)
      .action((name: string, options, command: Command) => dataOfEndpoint(name, options, command.args.slice(1)))
    examples(formatted(of.command('stats').description('calls, failures and mean time since the server\'s start').argument('[name]')),
      `pipit ${verb} stats`).action(statsOfEndpoints)
  }
  examples(client(group.command('token').description('print a token that may read an endpoint').argument('<name>')),
    'pipit endpoint token session_insights').action(tokenOfEndpoint)
}

function rowLimit(text: string): number {
  if (!/^\d+$/.test(text)) throw new InvalidArgumentError('give it as a number of rows')
  return Number(text)
}

const collect = (text: string, before: readonly string[]): string[] => [...before, text]

const collectScope = (scope: string, before: readonly string[]): string[] => {
  if (!scope.includes(':') && !/^(ADMIN|TOKENS)$/.test(scope)) throw new InvalidArgumentError('give it as PIPES:READ:NAME')
  return [...before, scope]
}

function addSecrets(program: Command): void {
  const token = examples(program.command('token').description('tokens of a running server'), 'pipit token ls')
  examples(list(token).description('list them, with their values'), 'pipit token ls').action(listTokens)
  examples(client(token.command('create').description('make one and print its value')
    .argument('<name>', 'or static or jwt, and then the name').argument('[name]')
    .option('--scope <scope>', 'what it allows; may come several times', collectScope, [])
    .option('--resource <name>', 'the data source or pipe of each scope', collect, [])
    .option('--filter <condition>', 'SQL that the rows of each scope fulfil', collect, [])
    .option('--fixed-params <name=value>', 'of a jwt: parameters that no call changes', collectParam, {})
    .option('--ttl <time>', 'of a jwt: how long it holds, 1h, 30min or 1d')),
  'pipit token create partner --scope PIPES:READ:active_users',
  'pipit token create jwt visitor --ttl 1h --scope PIPES:READ --resource active_users --fixed-params user_id=42').action(createToken)
  examples(client(token.command('rm').description('remove one').argument('<name>').addOption(SAID_YES)), 'pipit token rm partner')
    .action(dropToken)
  examples(client(token.command('refresh').description('give one another value, and print it').argument('<name>').addOption(SAID_YES)),
    'pipit token refresh partner').action(refreshToken)
  examples(client(token.command('scopes').description('print what one allows').argument('<name>')), 'pipit token scopes partner')
    .action(scopesOfToken)
  const secret = examples(program.command('secret').description('what templates read with tb_secret()'), 'pipit secret ls')
  examples(list(secret).description('list their names'), 'pipit secret ls').action(listSecrets)
  examples(client(secret.command('set').description('set one; without a value it is read from standard input')
    .argument('<name>').argument('[value]')), 'pipit secret set api_key < key.txt').action(setSecret)
  examples(client(secret.command('rm').description('remove one').argument('<name>')), 'pipit secret rm api_key')
    .action(removeSecret)
}

/** Adds all of them. */
function addJobs(program: Command): void {
  const copy = program.command('copy').description('copy pipes of a running server')
  examples(client(copy.command('run').description('run a copy pipe now and wait for it').argument('<pipe>')
    .option('--param <name=value>', 'a parameter; may come several times', collectParam, {})
    .addOption(new Option('--mode <mode>', 'instead of the pipe\'s own').choices(['append', 'replace']))
    .addOption(new Option('--wait').hideHelp())),
  'pipit copy run daily_totals --param day=2024-06-01').action(runCopyPipe)
  examples(list(copy).description('list them'), 'pipit copy ls').action(listCopies)
  for (const [verb, what] of [['pause', 'let its schedule run nothing, until resume'], ['resume', 'let its schedule go on']] as const) {
    examples(client(copy.command(verb).description(what).argument('<pipe>')), `pipit copy ${verb} daily_totals`)
      .action((pipe: string, options) => setCopyClock(pipe, verb, options))
  }
  examples(client(copy.command('cancel').description('stop its runs that wait or work').argument('<pipe>')),
    'pipit copy cancel daily_totals').action(cancelCopies)
  const views = program.command('mv').alias('materialization').description('materialized pipes of a running server')
  examples(list(views).description('list them, with what keeps one from running'), 'pipit mv ls').action(listViews)
  examples(client(views.command('rebuild').alias('populate').description('replace what one has made by what its source holds now')
    .argument('<pipe>')), 'pipit mv rebuild hourly_events').action(rebuildPipe)
  examples(client(views.command('verify').description('compare what one has made with what its source gives now')
    .argument('<name>', 'pipe or target')), 'pipit mv verify hourly_events').action(verifyPipe)
  const jobs = program.command('job').description('jobs of a running server')
  examples(list(jobs).description('list them').option('--kind <kind>', 'only these: copy, import, delete_data …')
    .option('--status <status>', 'only these: waiting, working, done, error, cancelled'), 'pipit job ls --kind copy').action(listAllJobs)
  examples(client(jobs.command('details').description('print all that is known of one').argument('<id>')),
    'pipit job details 5a3a7f6e').action(showJob)
  examples(client(jobs.command('cancel').description('stop one').argument('<id>')),
    'pipit job cancel 5a3a7f6e').action(cancelOneJob)
}

export function addClient(program: Command): void {
  examples(client(program.command('sql').description('run a SELECT').argument('<statement>')
    .option('--format <format>', 'ClickHouse\'s name of an output format, or json, csv', 'PrettyCompact')
    .option('--pipeline <pipe>', 'the statement may call this pipe _')
    .addOption(new Option('--rows_limit <n>', 'at most so many rows').argParser(rowLimit))),
  'pipit sql "SELECT count() FROM app_events"', 'pipit sql --rows_limit 10 "SELECT * FROM app_events"').action(runSql)
  addDatasource(program)
  addPipes(program)
  addJobs(program)
  addSecrets(program)
}
