// `npm run simulate -- --seeds N [--from S] [--seconds T] [--jobs P]`: many runs of the simulator, by P processes.
// `npm run simulate -- --tour`: short runs, failed at each of their calls (`--share N --first K`: at every
// Nth from the Kth on). `-- --mutants [TEXT]`: planted bugs, those whose names have the text.
// A failure is cut down and printed with its seed and trace, and ends it with 1.

import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { MUTANTS, type Mutant } from './mutants.ts'
import { describePlan, planOf, type Plan } from './plan.ts'
import { shrink } from './shrink.ts'
import { simulate } from './simulate.ts'
import { DOUBTFUL_BULKS, faultyTours, KEYED_POPULATES, STOPPED_POPULATES, TOURS } from './tour.ts'

const USAGE = `npm run simulate -- [options]: the store on a disk that loses, tears and fails, beside a model

  --seeds N        runs (10000), --from S the first seed (1), --seconds T an end by time, --jobs P processes (1)
  --tour           short runs, failed at each of their calls; --share N --first K: every Nth, from the Kth on
  --mutants [TEXT] planted bugs, those whose names have the text: each must be found
`
const OPTIONS = ['--seeds', '--from', '--seconds', '--jobs', '--tour', '--share', '--first', '--mutants', '--help']

/** Seeds until which a mutant must be found. */
const MUTANT_SEEDS_MAX = 1500

function numberOf(option: string, otherwise: number): number {
  const at = process.argv.indexOf(option)
  const value = at < 0 ? otherwise : Number(process.argv[at + 1])
  if (Number.isInteger(value) && value >= 0) return value
  process.stderr.write(`simulate: ${option} takes a whole number\n`)
  process.exit(2)
}

const say = (text: string): void => { process.stdout.write(`${text}\n`) }

/** Answers the disk calls of a run that holds; ends the process with one that does not. */
async function mustHold(plan: Plan): Promise<number> {
  const { failure, calls } = await simulate(plan)
  if (failure === null) return calls
  const smallest = await shrink(plan, async (smaller) => (await simulate(smaller)).failure !== null)
  const { trace } = await simulate(smallest)
  say(`\nFAILED seed ${plan.seed}: ${failure}\n\n${describePlan(smallest)}\n\n${trace.join('\n')}`)
  process.exit(1)
}

async function runSeeds(): Promise<void> {
  const seeds = numberOf('--seeds', 10_000)
  const from = numberOf('--from', 1)
  const seconds = numberOf('--seconds', 1e9)
  const jobs = numberOf('--jobs', 1)
  if (jobs > 1) {
    await runJobs(jobs, { seeds, from, seconds })
    return
  }
  const began = Date.now()
  const until = began + 1000 * seconds
  let calls = 0
  let seed = from
  for (; seed < from + seeds && Date.now() < until; seed++) {
    calls += await mustHold(planOf(seed))
    if (seed % 1000 === 0) say(`${seed - from + 1} seeds, ${((Date.now() - began) / 1000).toFixed(0)} s`)
  }
  say(`${seed - from} seeds from ${from} hold: ${calls} disk calls, ${((Date.now() - began) / 1000).toFixed(1)} s`)
}

/** Each process has seeds of its own, one stretch behind the other; the first that fails ends all. */
async function runJobs(jobs: number, { seeds, from, seconds }: { seeds: number; from: number; seconds: number }): Promise<void> {
  const each = Math.ceil(seeds / jobs)
  const children = Array.from({ length: jobs }, (_, job) => spawn(process.execPath,
    [fileURLToPath(import.meta.url), '--seeds', String(each), '--from', String(from + job * each), '--seconds', String(seconds)], { stdio: 'inherit' }))
  await Promise.all(children.map((child) => new Promise<void>((resolve) => {
    child.on('exit', (code) => {
      if (code !== 0) {
        process.exitCode = 1
        for (const other of children) other.kill()
      }
      resolve()
    })
  })))
}

async function runTours(): Promise<void> {
  const share = Math.max(1, numberOf('--share', 1))
  const first = numberOf('--first', 0)
  const populates = [...STOPPED_POPULATES, ...KEYED_POPULATES]
  for (const plan of populates) await mustHold(plan)
  say(`${populates.length} populates go on after a stop`)
  const doubtful = DOUBTFUL_BULKS.filter((_, index) => index % Math.min(4, share) === first % Math.min(4, share))
  for (const plan of doubtful) await mustHold(plan)
  say(`${doubtful.length} bulk writes in doubt are there once`)
  for (const tour of TOURS) {
    const calls = await mustHold(tour)
    for (const code of ['crash', 'EIO', 'ENOSPC'] as const) {
      for (const plan of faultyTours(tour, calls, code, share, first)) await mustHold(plan)
      say(`a tour of ${calls} calls stands ${code} at ${share === 1 ? 'every one' : `each ${share}th from ${1 + first % share}`}`)
    }
  }
}

async function seedThatFinds({ plant, plans = [], lately }: Mutant): Promise<number> {
  const { twist, uproot } = plant()
  try {
    if (lately !== undefined && (await simulate(planOf(lately), twist)).failure !== null) return lately
    for (const [index, plan] of plans.entries()) if ((await simulate(plan, twist)).failure !== null) return index + 1
    for (let seed = 1; seed <= MUTANT_SEEDS_MAX; seed++) {
      if ((await simulate(planOf(seed), twist)).failure !== null) return seed
    }
    return 0
  } finally {
    uproot?.()
  }
}

async function runMutants(): Promise<void> {
  const only = process.argv[process.argv.indexOf('--mutants') + 1] ?? ''
  for (const mutant of MUTANTS.filter(({ name }) => name.includes(only))) {
    const seed = await seedThatFinds(mutant)
    say(seed > 0 ? `found by seed ${seed}: ${mutant.name}` : `NOT FOUND in ${MUTANT_SEEDS_MAX} seeds: ${mutant.name}`)
    if (seed === 0) process.exitCode = 1
  }
}

const unknown = process.argv.slice(2).find((argument) => argument.startsWith('-') && !OPTIONS.includes(argument))
if (unknown !== undefined) {
  process.stderr.write(`simulate: there is no option ${unknown}\n\n${USAGE}`)
  process.exitCode = 2
} else if (process.argv.includes('--help')) say(USAGE)
else if (process.argv.includes('--tour')) await runTours()
else if (process.argv.includes('--mutants')) await runMutants()
else await runSeeds()
