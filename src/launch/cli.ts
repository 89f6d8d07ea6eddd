#!/usr/bin/env node
// The command line's bundle, as `pipit`.

import { fileURLToPath } from 'node:url'
import { runProgram } from './program.ts'

declare const PROGRAM: string

runProgram(fileURLToPath(new URL(PROGRAM, import.meta.url)))
