// Instructions of a .connection to a ConnectionDef. Called by load.ts. Values may hold templates
// such as {{ tb_secret("KAFKA_KEY") }}: they stay as they are until the connection is opened.

import { dedent } from './datafile.ts'
import { reportRepeated, type FileItems } from './datasource.ts'
import type { ConnectionDef } from './definitions.ts'
import type { Findings } from './diagnostics.ts'

const NO_SETTINGS: ReadonlySet<string> =
  new Set(['TYPE', 'DESCRIPTION', 'INCLUDE', 'VERSION', 'TAGS'])

/** Reads a connection; without TYPE, its settings' common prefix tells the type (KAFKA_KEY:
 * kafka). */
export function readConnection(file: FileItems, findings: Findings): ConnectionDef {
  reportRepeated(file.items, findings)
  const typeItem = file.items.find(item => item.keyword === 'TYPE')
  const settings: Record<string, string> = {}
  for (const item of file.items) {
    if (!NO_SETTINGS.has(item.keyword)) settings[item.keyword] = item.value
  }
  const guessed = Object.keys(settings)[0]?.split('_')[0] ?? ''
  const type = (typeItem?.value || guessed).toLowerCase()
  if (type === '') {
    findings.error({ file: file.file, line: 1, column: 1 }, 'missing-type',
      `connection ${file.name} has no TYPE; expected TYPE kafka, TYPE s3 or TYPE gcs`)
  }
  return {
    name: file.name, file: file.file, line: 1, column: 1, type, settings,
    description: dedent(file.items.find(item => item.keyword === 'DESCRIPTION')?.block.text ?? ''),
  }
}
