#!/usr/bin/env node
// The command line's bundle, as `pipit`.

import { fileURLToPath } from 'node:url'
import { beginThreads } from './early-threads.ts'
import { lowerHelpers } from './helper-threads.ts'
import { runProgram, setFlags } from './program.ts'

declare const PROGRAM: string

setFlags()
lowerHelpers()
beginThreads(fileURLToPath(new URL('./worker.cjs', import.meta.url)))
runProgram(fileURLToPath(new URL(PROGRAM, import.meta.url)))
