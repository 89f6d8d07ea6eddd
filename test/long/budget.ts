// Seed and time of the long tests: PIPIT_SEED (printed with a failure, so that it can be run again) and
// PIPIT_LONG_SECONDS for all files together.

import { readdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const SECONDS = Number(process.env.PIPIT_LONG_SECONDS ?? 120)
const files = readdirSync(fileURLToPath(new URL('.', import.meta.url))).filter((name) => name.endsWith('.test.ts'))

export const SEED = Number(process.env.PIPIT_SEED ?? 1)
/** Milliseconds of one file. */
export const BUDGET_MS = SECONDS * 1000 / files.length
/** Longest that a test may take: its budget, and a start and an end on a busy machine. */
export const TIMEOUT_MS = BUDGET_MS + 120_000
