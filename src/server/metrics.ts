// GET /metrics: Prometheus text. What happens at every call only adds to plain numbers; the text's
// metrics take them when somebody asks.

import { monitorEventLoopDelay } from 'node:perf_hooks'
import type { Registry } from 'prom-client'
import type { Engine } from '../engine/engine.ts'

/** Milliseconds between two looks at the event loop. */
const DELAY_RESOLUTION_MS = 10

/** Calls by status; one a server. */
export class Metrics {
  private readonly callsByStatus = new Map<number, number>()
  private readonly endpoints = new Map<string, { calls: number; failures: number; seconds: number }>()
  private readonly delay = monitorEventLoopDelay({ resolution: DELAY_RESOLUTION_MS })
  private readonly engine: Engine
  private readonly version: string
  private registry: Promise<Registry> | null = null

  constructor(engine: Engine, version: string) {
    this.engine = engine
    this.version = version
  }

  /** The text's metrics, made when somebody asks first: their package costs a start 0.1 s. */
  private async makeRegistry(): Promise<Registry> {
    const prom = await import('prom-client')
    // It wakes the main thread a hundred times a second: only where somebody reads what it says.
    this.delay.enable()
    const { Counter, Gauge } = prom
    const registry = new prom.Registry()
    prom.collectDefaultMetrics({ register: registry })
    // They count from now on; these are of the process from its start.
    const { user, system } = process.cpuUsage()
    for (const [name, microseconds] of [['user_', user], ['system_', system], ['', user + system]] as const) {
      const metric = registry.getSingleMetric(`process_cpu_${name}seconds_total`)
      if (metric instanceof Counter) metric.inc(microseconds / 1e6)
    }
    const registers = [registry]
    const { callsByStatus, delay, engine, version } = this
    new Gauge({ name: 'pipit_info', help: 'The version that runs', labelNames: ['version'], registers })
      .set({ version }, 1)
    new Counter({
      name: 'pipit_http_requests_total', help: 'Answers by status', labelNames: ['status'], registers,
      collect() {
        this.reset()
        for (const [status, count] of callsByStatus) this.inc({ status }, count)
      },
    })
    new Gauge({
      name: 'pipit_event_loop_delay_p999_seconds', registers,
      help: 'Delay of the main thread\'s event loop, 99.9th percentile since the last scrape',
      collect() {
        this.set(delay.percentile(99.9) / 1e9)
        delay.reset()
      },
    })
    this.addEndpoints(Counter, registry)
    new Gauge({
      name: 'pipit_datasource_rows', help: 'Rows of a data source', labelNames: ['datasource'], registers,
      collect() {
        this.reset()
        for (const { name, rowCount } of engine.datasources()) this.set({ datasource: name }, rowCount)
      },
    })
    new Gauge({
      name: 'pipit_datasource_bytes', help: 'Bytes of a data source', labelNames: ['datasource'], registers,
      collect() {
        this.reset()
        for (const { name, bytes } of engine.datasources()) this.set({ datasource: name }, bytes)
      },
    })
    new Gauge({
      name: 'pipit_queries_running', help: 'Queries that run or wait in workers', registers,
      collect() { this.set(engine.load().queries) },
    })
    new Gauge({
      name: 'pipit_wal_bytes', help: 'Bytes of the log that are not yet in segments', registers,
      collect() { this.set(engine.load().walBytes) },
    })
    new Gauge({
      name: 'pipit_wal_syncs', help: 'Syncs of the log since the start', registers,
      collect() { this.set(engine.load().walSyncs) },
    })
    new Gauge({
      name: 'pipit_memory_part_bytes', help: 'Bytes of rows in memory that are not yet in segments', registers,
      collect() { this.set(engine.load().partBytes) },
    })
    new Gauge({
      name: 'pipit_background_failing', registers,
      help: '1: rows in memory could not be written to segments, or segments not be merged, when that was tried last',
      collect() { this.set(Number(engine.load().isBackgroundFailing)) },
    })
    return registry
  }

  /** Counts a call of an endpoint. */
  countEndpoint(pipe: string, ms: number, isFailure: boolean): void {
    let counts = this.endpoints.get(pipe)
    if (counts === undefined) this.endpoints.set(pipe, counts = { calls: 0, failures: 0, seconds: 0 })
    counts.calls++
    counts.seconds += ms / 1000
    if (isFailure) counts.failures++
  }

  private addEndpoints(Counter: typeof import('prom-client').Counter, registry: Registry): void {
    const { endpoints } = this
    for (const [what, help] of [['calls', 'Calls'], ['failures', 'Failed calls'], ['seconds', 'Time of calls']] as const) {
      new Counter({
        name: `pipit_endpoint_${what}_total`, help: `${help} of an endpoint`, labelNames: ['pipe'], registers: [registry],
        collect() {
          this.reset()
          for (const [pipe, counts] of endpoints) this.inc({ pipe }, counts[what])
        },
      })
    }
  }

  /** Counts an answer. */
  count(status: number): void {
    this.callsByStatus.set(status, (this.callsByStatus.get(status) ?? 0) + 1)
  }

  async text(): Promise<{ readonly type: string; readonly text: string }> {
    const registry = await (this.registry ??= this.makeRegistry())
    return { type: registry.contentType, text: await registry.metrics() }
  }
}
