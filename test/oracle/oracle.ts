// The oracle of the tests: the chdb that is installed beside this file.

import { fileURLToPath } from 'node:url'
import { startChdb, type Oracle } from '../../src/compare/chdb.ts'

export type { Oracle } from '../../src/compare/chdb.ts'

export const startOracle = (): Promise<Oracle> => startChdb(fileURLToPath(new URL('.', import.meta.url)))
