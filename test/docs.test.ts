// docs/sql.md says what the code can do: `PIPIT_UPDATE=1` writes it anew.

import { readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { sqlDocument } from './sql-document.ts'

const FILE = join(dirname(fileURLToPath(import.meta.url)), '..', 'docs', 'sql.md')

it('has the table of functions up to date', () => {
  const text = sqlDocument()
  if (process.env.PIPIT_UPDATE === '1') writeFileSync(FILE, text)
  expect(readFileSync(FILE, 'utf8')).toBe(text)
})
