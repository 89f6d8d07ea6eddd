// `npm run bench:point`: CPU time of small queries in a worker, without HTTP and other threads: the three
// endpoints with other values each time, over a store of segments. Under `node --cpu-prof dist/point.js`
// it shows where their time goes.
//
// Invariant: a query here is a QueryJob as a worker runs it, from the values of its call to its bytes.

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { createArena } from '../../storage/arena/create.ts'
import { nodeDisk } from '../../storage/disk/node-disk.ts'
import { openStore, type Store } from '../../storage/index.ts'
import { compileKernels, kernelsWanted } from '../../storage/kernels/load.ts'
import { createBlockCache } from '../../storage/segment/block-cache.ts'
import { createSharedDictionaries } from '../../src/exec/dictionaries/shared-dictionary.ts'
import { setFlags } from '../../src/launch/program.ts'
import { analyze } from '../../src/plan/analyze.ts'
import { bindSlots, fitSlots } from '../../src/plan/slots.ts'
import type { TypedPlan } from '../../src/plan/plan.ts'
import { render } from '../../src/render/render.ts'
import { parseQuery } from '../../src/sql/parse.ts'
import type { FromWorker, QueryMessage, QueryPost, TableRows } from '../../src/workers/messages.ts'
import { QueryJob } from '../../src/workers/query-job.ts'
import { WorkerWorld } from '../../src/workers/world.ts'
import { seededRandom } from '../generator.ts'
import { optionsOf } from '../options.ts'
import { fill, projectIn } from './fill.ts'
import { PATHS } from './lines.ts'

const GiB = 2 ** 30
/** Queries whose CPU time is taken together. */
const BATCH = 100

setFlags()

const options = optionsOf('bench:point', 'CPU time of small queries in a worker', {
  rows: { type: 'string', default: '1000000', says: 'events in the store' },
  data: { type: 'string', says: 'keeps the store in this folder and uses it again' },
  queries: { type: 'string', default: '6000', says: 'queries of each endpoint, measured' },
  warm: { type: 'string', default: '9000', says: 'queries before them' },
  only: { type: 'string', default: '', says: 'one endpoint alone' },
})
const rows = Number(options.rows)
const project = projectIn(join(dirname(fileURLToPath(import.meta.url)), '..'))

/** A worker's world in this thread, over a store that nothing changes. */
class Bench {
  private readonly world: WorkerWorld
  private readonly plans = new Map<string, { readonly plan: TypedPlan; readonly planId: number }>()
  private readonly lists = new Map<string, TableRows>()
  private readonly store: Store
  private nextId = 1
  private answers: readonly FromWorker[] = []

  private constructor(folder: string, store: Store, dataArena: ReturnType<typeof createArena>) {
    this.store = store
    const cacheArena = createArena({ budgetBytes: GiB })
    this.world = new WorkerWorld({
      index: 0, role: 'query', kernels: kernelsWanted() ? compileKernels() : null, workMemoryBytes: GiB, queriesBytes: GiB,
      dataArena: dataArena.handle, cacheArena: cacheArena.handle,
      dictionaries: createSharedDictionaries(cacheArena), cancelFlags: new SharedArrayBuffer(64),
      storeFolder: folder, blocks: createBlockCache(cacheArena), countsPosted: false,
    }, (batch) => { this.answers = batch }, () => {}, () => {})
  }

  static async open(folder: string): Promise<Bench> {
    const dataArena = createArena({ budgetBytes: GiB })
    const store = await openStore(folder, {
      disk: nodeDisk(), arena: dataArena, isQuietAtOpen: true,
      tasks: { run: (task) => { throw new Error(`nothing changes here: ${task.kind}`) } },
    })
    return new Bench(folder, store, dataArena)
  }

  /** Runs a call of an endpoint; answers its body. */
  run(path: string): Uint8Array {
    const message = this.message(path)
    const post: QueryPost = {
      ...message, plan: null,
      tables: message.tables.map(({ table, listId }) => ({ tableId: table.id, listId, list: null })),
    }
    const job = new QueryJob(this.world, message, post)
    while (job.step() === 'more') this.world.endSlice()
    this.world.flush()
    const [answer] = this.answers
    if (answer.kind !== 'query-done') throw new Error(`${path}: ${JSON.stringify(answer)}`)
    return answer.body
  }

  async close(): Promise<void> { await this.store.close() }

  private message(path: string): QueryMessage {
    const url = new URL(path, 'http://host')
    const pipe = url.pathname.slice(url.pathname.lastIndexOf('/') + 1, -'.json'.length)
    const { sql, slots, key } = render({ project, pipe, params: Object.fromEntries(url.searchParams) })
    const known = this.plans.get(key)
    const values = slots.map(({ value }) => value)
    const plan = known?.plan ?? analyze(parseQuery(sql, { slots }), this.catalog(), slots)
    const planId = known?.planId ?? this.plans.size + 1
    if (known === undefined) this.plans.set(key, { plan, planId })
    const now = Date.now()
    return {
      kind: 'query', id: this.nextId++, planId, plan, slots: fitSlots(plan, values) ?? bindSlots(plan, values),
      tables: plan.tables.map((name) => this.listOf(name)), format: 'JSON', into: null, explain: false, nowMs: now,
      deadlineMs: now + 10_000, memoryBytes: GiB / 2, resultBytesMax: GiB / 8, cancelSlot: 0,
    }
  }

  private catalog() {
    return {
      table: (name: string) => this.store.table(name), tableNames: () => this.store.tables().map(({ name }) => name),
    }
  }

  private listOf(name: string): TableRows {
    let list = this.lists.get(name)
    if (list === undefined) {
      const { table, rows: refs } = this.store.snapshot(name)
      this.lists.set(name, list = { table, rows: refs, listId: this.lists.size + 1 })
    }
    return list
  }
}

const median = (values: readonly number[]): number => [...values].sort((a, b) => a - b)[values.length >> 1]

/** Microseconds of CPU time of this process. */
function cpuMicros(): number {
  const { user, system } = process.cpuUsage()
  return user + system
}

function measure(bench: Bench, name: string): string {
  const random = seededRandom(7)
  const path = () => PATHS[name](random, rows)
  for (let i = 0; i < Number(options.warm); i++) bench.run(path())
  const cpu: number[] = []
  const wall: number[] = []
  let bytes = 0
  for (let done = 0; done < Number(options.queries); done += BATCH) {
    const before = cpuMicros()
    for (let i = 0; i < BATCH; i++) {
      const began = performance.now()
      bytes += bench.run(path()).length
      wall.push((performance.now() - began) * 1000)
    }
    cpu.push((cpuMicros() - before) / BATCH)
  }
  return `${name.padEnd(18)}${median(cpu).toFixed(0).padStart(8)}${Math.min(...cpu).toFixed(0).padStart(8)}`
    + `${median(wall).toFixed(0).padStart(8)}${(bytes / wall.length).toFixed(0).padStart(8)}\n`
}

const folder = options.data ?? mkdtempSync(join(tmpdir(), 'pipit-point-'))
await fill(folder, project, rows, (text) => process.stderr.write(`${text}\n`))
const bench = await Bench.open(folder)
try {
  process.stdout.write('endpoint           CPU µs   least    wall   bytes\n')
  const names = Object.keys(PATHS).filter((name) => name.includes(options.only))
  for (const name of names) process.stdout.write(measure(bench, name))
} finally {
  await bench.close()
  if (options.data === undefined) rmSync(folder, { recursive: true, force: true })
}
