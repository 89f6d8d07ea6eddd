// `pipit dev` and `pipit start`: wires engine, tokens, routes and the HTTP server together, and, in
// development, follows the project's files.

import { mkdirSync } from 'node:fs'
import { basename, join, resolve } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import pino from 'pino'
import { nodeDisk } from '../../storage/disk/node-disk.ts'
import { fileFault } from '../../storage/folder.ts'
import type { Engine, FeedWork } from '../engine/engine.ts'
import { EngineError } from '../engine/engine-error.ts'
import { engineErrorOf } from '../engine/errors.ts'
import { bytesOf, defaultLimits, parseBytes } from '../engine/limits.ts'
import { openLocalEngine, type LocalEngine } from '../engine/local.ts'
import { keepCode } from '../launch/kept-code.ts'
import { CopySchedules } from '../jobs/copies.ts'
import { CopyClocks } from '../server/copy-clocks.ts'
import { JobFile } from '../jobs/job-file.ts'
import { Jobs } from '../jobs/jobs.ts'
import type { Project } from '../project/definitions.ts'
import { formatDiagnostic } from '../project/diagnostics.ts'
import { withServiceTables } from '../project/service-tables.ts'
import { PortInUse, type HttpServer } from '../server/http.ts'
import { listen } from '../server/listen.ts'
import { HttpError } from '../server/answer.ts'
import { Jwts } from '../server/jwt.ts'
import { KnownCalls } from '../server/known-calls.ts'
import { UnchangedCalls } from '../server/unchanged-calls.ts'
import type { ServerContext } from '../server/context.ts'
import { Metrics } from '../server/metrics.ts'
import { RateLimits } from '../server/rate-limits.ts'
import { createHandler, createQuickHandler } from '../server/routes.ts'
import { ServiceLog } from '../server/service-log.ts'
import { Tokens } from '../server/tokens.ts'
import { Variables } from '../server/variables.ts'
import { openWorkspace } from '../server/workspace.ts'
import { CreatedDatasources, leftTables } from './created.ts'
import { isExample, loadDemo } from './demo.ts'
import { loadFixtures } from './fixtures.ts'
import { loadWithout, projectFolder, type Holding } from './load.ts'
import { readWhileOpening } from './opening.ts'
import { bold, CliError, cyan, dim, green, print, warn } from './terminal.ts'
import { VERSION } from './version.ts'
import { watchProject } from './watch.ts'

const MiB = 2 ** 20
const DEFAULT_PORT = 7181
/** New views of little data are there when the server is; larger ones follow. */
const FEED_WAIT_MS = 2000
/** Whoever has waited for the server comes first: the warm-up's calls hold every worker for up to 100 ms each. */
const WARM_UP_AFTER_MS = 500

export type ServeOptions = {
  readonly port?: string
  readonly host?: string
  readonly data?: string
  readonly memory?: string
  readonly demo: boolean
  readonly fixtures?: boolean
  readonly isLocal: boolean
}

/** Largest body of a request (PIPIT_BODY_BYTES_MAX). */
function bodyBytesMax(): number {
  try {
    return bytesOf('PIPIT_BODY_BYTES_MAX') ?? 100 * MiB
  } catch (error) {
    throw new CliError((error as Error).message)
  }
}

function portOf(text: string | undefined): number {
  const port = Number(text ?? process.env.PIPIT_PORT ?? DEFAULT_PORT)
  if (!Number.isInteger(port) || port < 0 || port > 65_535) {
    throw new CliError(`The port is '${text ?? process.env.PIPIT_PORT}'; give a number from 0 to 65535`)
  }
  return port
}

function makeDataFolder(root: string, data: string | undefined): string {
  const folder = resolve(data ?? process.env.PIPIT_DATA ?? join(root, '.pipit'))
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 })
  } catch (error) {
    throw new CliError(`The data folder ${folder} cannot be made: ${(error as Error).message}`)
  }
  return folder
}

/** Serves until SIGTERM or SIGINT. Throws CliError for what somebody can mend. */
export async function serve(dir: string, options: ServeOptions): Promise<void> {
  try {
    await serveUntilStopped(dir, options)
  } catch (error) {
    if (error instanceof EngineError || error instanceof PortInUse) throw new CliError(error.message)
    throw error
  }
}

async function serveUntilStopped(dir: string, options: ServeOptions): Promise<void> {
  const root = projectFolder(dir)
  const port = portOf(options.port)
  const host = options.host ?? process.env.PIPIT_HOST ?? '127.0.0.1'
  const log = pino({ level: process.env.PIPIT_LOG ?? (options.isLocal ? 'warn' : 'info') }, pino.destination(2))
  const folder = makeDataFolder(root, options.data)
  const created = new CreatedDatasources(folder)
  // The engine's threads begin while this one reads and checks the project. One under work may have files that do
  // not hold yet: the others are served. In production none is.
  const [engine, first] = await readWhileOpening(openEngine(folder, options.memory),
    () => loadWithout(root, created.files(root), () => options.isLocal))
  let held = first
  let server: HttpServer | null = null
  const stopped = new AbortController()
  let warmUp: Promise<unknown> = Promise.resolve()
  const serviceLog = new ServiceLog(engine)
  const jobs = new Jobs({
    onOver: (job) => serviceLog.job(job), file: engine.store.isReadOnly ? null : new JobFile(folder),
    lookOf: ({ kind, datasource }) => kind !== 'delete_data' ? null : () => engine.isErased(datasource) ? 'done' : 'working',
  })
  const copyClocks = new CopyClocks(folder)
  const schedules = new CopySchedules(jobs, engine, (pipe) => copyClocks.isPaused(pipe))
  try {
    const tokens = new Tokens(folder, process.env.PIPIT_ADMIN_TOKEN ?? null)
    const variables = new Variables(folder)
    const said = new Set<string>()
    const apply = async ({ project: wanted, whole, broken }: Holding) => {
      const feeds: FeedWork[] = []
      await engine.applyProject(withServiceTables(wanted), (feed) => { feeds.push(feed) })
      await feedViews(jobs, feeds)
      jobs.endLeft(({ kind, details }) => kind === 'populateview' && isFed(engine, wanted, String(details.pipe_name)))
      warnOfViews(engine)
      const lacking = new Set([...broken].map((file) => basename(file, '.datasource')))
      for (const name of leftTables(engine.tableNames(), whole).filter((table) => !said.has(table) && !lacking.has(table))) {
        said.add(name)
        print(dim(`The rows of ${name}, which no file describes any more, are kept: pipit datasource rm ${name} drops them`))
      }
      tokens.applyProject(wanted)
      schedules.apply(wanted, () => variables.values ?? undefined)
    }
    // One after the other: files change while others are applied.
    let applied: Promise<void> = Promise.resolve()
    /** Also without files that the store refuses, where they may lack. `loaded`: what the files say, where they were just read. */
    const applyWhatHolds = async (mayLack: (file: string) => boolean, loaded: Holding | null = null): Promise<void> => {
      const refused = new Map<string, string>()
      for (let next = loaded; ; next = null) {
        next ??= loadWithout(root, created.files(root), mayLack, refused.keys())
        try {
          await apply(next)
          sayLacking(next, [...refused.values()])
          held = next
          return
        } catch (error) {
          const file = error instanceof EngineError ? error.file : null
          if (file === null || refused.has(file) || !mayLack(file)) throw error
          refused.set(file, (error as Error).message)
        }
      }
    }
    const reload = () => {
      const done = applied.catch(() => {}).then(() => applyWhatHolds((file) => held.broken.has(file)))
      applied = done
      return done
    }
    if (!engine.store.isReadOnly) await created.endDrops((name) => engine.drop(name))
    await applyWhatHolds(() => options.isLocal, first)
    warnOfFiles(engine, folder)
    const context: ServerContext = {
      engine, tokens, jwts: new Jwts(tokens), rateLimits: new RateLimits(), variables, copyClocks,
      workspace: openWorkspace(folder, root), isLocal: options.isLocal, log, version: VERSION, project: () => held.project,
      metrics: new Metrics(engine, VERSION), jobs, serviceLog, knownCalls: new KnownCalls(), unchangedCalls: new UnchangedCalls(),
      createDatasource: async (name, text) => {
        if (!/^[A-Za-z_]\w*$/.test(name)) throw new HttpError(400, `'${name}' is no name of a data source`)
        await created.add(name, text, reload).catch((error: Error) => {
          if (error instanceof CliError) throw new HttpError(400, error.message)
          throw error instanceof HttpError ? error : engineErrorOf(error)
        })
      },
      dropDatasource: (name) => created.drop(name, () => held.project, reload, (dropped) => engine.drop(dropped)),
    }
    server = await listen({
      host, port, bodyBytesMax: bodyBytesMax(), handler: createHandler(context), quick: createQuickHandler(context), bodies: engine.bodies,
    }, warn)
    await maybeLoadDemo(engine, root, options.demo)
    if (options.fixtures === true) await sayFixtures(engine, held.project)
    const stopWatching = options.isLocal ? await watchProject(root, reload) : async () => {}
    printBanner(root, folder, host, server, engine, held, tokens, options.isLocal)
    if (process.env.PIPIT_WARM_UP !== 'off') warmUp = warmUpSoon(engine, held.project, stopped.signal)
    await untilStopped()
    await stopWatching()
  } finally {
    stopped.abort()
    schedules.stop()
    await server?.close()
    engine.stopFeeds()
    jobs.stop()
    await jobs.settled()
    await serviceLog.close()
    await warmUp
    await engine.close()
  }
}

/** What the warm-up had compiled is what the first calls of the next start need: it is kept. */
async function warmUpSoon(engine: LocalEngine, project: Project, stopped: AbortSignal): Promise<void> {
  await delay(WARM_UP_AFTER_MS, undefined, { ref: false, signal: stopped }).catch(() => {})
  await engine.warmUp(project, stopped)
  if (stopped.aborted) return
  engine.pool.keepCode()
  keepCode()
}

/** Gives new views what their sources hold, as jobs, one after the other: a view that begins to run ends
 * bulk writes beside it. Waits a moment for them. */
async function feedViews(jobs: Jobs, feeds: readonly FeedWork[]): Promise<void> {
  let before: Promise<void> = Promise.resolve()
  const all = feeds.map(({ pipe, target, run }) => new Promise<void>((resolve) => {
    jobs.run('populateview', target, { pipe_name: pipe, rows_read: 0 }, async ({ report, onCancel }) => {
      const own = before.then(() => run({ onProgress: (rows) => report({ rows_read: rows }), onCancel }))
      before = own.catch(() => {})
      await own.finally(resolve)
      return {}
    }, `${pipe} ${target}`)
  }))
  let timer: NodeJS.Timeout | null = null
  const moment = new Promise<void>((resolve) => { timer = setTimeout(resolve, FEED_WAIT_MS) })
  await Promise.race([Promise.all(all), moment])
  if (timer !== null) clearTimeout(timer)
}

/** What is wrong with a project, and what is served without it. */
function sayLacking({ errors, broken, whole }: Holding, refused: readonly string[]): void {
  if (broken.size === 0) return
  warn([...refused, ...errors.map(formatDiagnostic), `served without ${[...broken].join(', ')}`].join('\n'))
  for (const { name, file, materialized } of whole.pipes.values()) {
    if (!broken.has(file) || materialized.length === 0) continue
    warn(`The materialized pipe ${name} does not run, so ${materialized.map(({ target }) => target).join(', ')} get no rows; `
      + `pipit mv rebuild ${name}, once it is mended, gives them all`)
  }
}

/** True where the views of a pipe have what was there before them. */
const isFed = (engine: Engine, project: Project, pipe: string): boolean =>
  (project.pipes.get(pipe)?.materialized.length ?? 0) > 0 && engine.badViews.every((view) => view.pipe !== pipe)

function warnOfViews(engine: Engine): void {
  for (const { pipe, target, message, isIdle } of engine.badViews) {
    if (isIdle === true) print(dim(`The materialized pipe ${pipe} has nothing to do: ${message}`))
    else warn(`The materialized pipe ${pipe} does not run, so ${target} gets no rows: ${message}`)
  }
}

/** A damaged block is found by whoever reads it; what a look at the files tells is said at once. */
function warnOfFiles({ store }: LocalEngine, folder: string): void {
  const disk = nodeDisk()
  for (const { name } of store.tables()) {
    const { rows, release } = store.snapshot(name)
    for (const one of rows) {
      const fault = one.kind === 'segment' ? fileFault(disk, folder, one) : null
      if (fault !== null) {
        warn(`The store is damaged: ${fault}. What reads these rows of ${name} fails; restore a backup, or stop and run `
          + 'pipit doctor --repair, which takes them out')
      }
    }
    release()
  }
}

async function openEngine(folder: string, memory: string | undefined): Promise<LocalEngine> {
  const bytes = memory === undefined ? undefined : parseBytes(memory)
  if (bytes === null) throw new CliError(`--memory is '${memory}'; give a size such as 512MB or 4GB`)
  try {
    return await openLocalEngine({ folder, limits: defaultLimits(bytes) })
  } catch (error) {
    throw new CliError((error as Error).message)
  }
}

async function sayFixtures(engine: Engine, project: Project): Promise<void> {
  for (const { datasource, rows, file } of await loadFixtures(engine, project, warn)) {
    print(dim(`loaded ${rows} rows of ${file} into ${datasource}`))
  }
}

async function maybeLoadDemo(engine: Engine, root: string, wanted: boolean): Promise<void> {
  if (!wanted || !isExample(root)) return
  const began = performance.now()
  const rows = await loadDemo(engine)
  if (rows > 0) {
    print(dim(`loaded ${rows} demo events in ${((performance.now() - began) / 1000).toFixed(1)} s`
      + ' (--no-demo leaves the store empty)'))
  }
}

function printBanner(
  root: string, folder: string, host: string, server: HttpServer, engine: Engine, { project, broken }: Holding,
  tokens: Tokens, isLocal: boolean,
): void {
  const url = `http://${host.includes(':') ? `[${host}]` : host}:${server.port}`
  const rows = engine.datasources().reduce((sum, source) => sum + source.rowCount, 0)
  print(`${bold(`Pipit ${VERSION}`)}  ${root}`)
  print(`data   ${folder} ${dim(`(${rows} rows)`)}`)
  print(`url    ${cyan(url)} ${dim(server.adapter)}`)
  if (!isLocal) return
  print(`token  ${tokens.admin.value}`)
  for (const pipe of project.pipes.values()) {
    if (pipe.type !== 'endpoint' || broken.has(pipe.file)) continue
    const granted = pipe.tokens[0] === undefined ? null : tokens.named(pipe.tokens[0].name)
    print(`${green('GET')}    curl '${url}/v0/pipes/${pipe.name}.json?token=${(granted ?? tokens.admin).value}'`)
  }
}

/** Resolves at the first SIGTERM or SIGINT; a second one ends the process at once. */
function untilStopped(): Promise<void> {
  return new Promise((resolvePromise) => {
    let asked = false
    const stop = () => {
      if (asked) process.exit(1)
      asked = true
      resolvePromise()
    }
    process.on('SIGTERM', stop)
    process.on('SIGINT', stop)
  })
}
