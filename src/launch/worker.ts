// A worker's bundle. This file is CommonJS: a thread that begins with a module loads what loads modules first.

import { join } from 'node:path'
import { runProgram } from './program.ts'

declare const PROGRAM: string

runProgram(join(__dirname, PROGRAM))
