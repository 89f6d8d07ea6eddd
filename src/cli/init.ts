// `pipit init [DIR]`: a small project that runs: a data source, an endpoint, fixtures and a test.

import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { CliError, green, print } from './terminal.ts'

const FILES: Readonly<Record<string, string>> = {
  'datasources/page_views.datasource': `DESCRIPTION >
    What visitors look at

TOKEN tracker APPEND

SCHEMA >
    \`timestamp\` DateTime \`json:$.timestamp\`,
    \`session_id\` String \`json:$.session_id\`,
    \`path\` LowCardinality(String) \`json:$.path\`,
    \`duration_ms\` UInt32 \`json:$.duration_ms\` DEFAULT 0

ENGINE "MergeTree"
ENGINE_PARTITION_KEY "toYYYYMM(timestamp)"
ENGINE_SORTING_KEY "path, timestamp"
`,
  'endpoints/top_pages.pipe': `DESCRIPTION >
    The pages that are seen most

TOKEN dashboard READ

NODE endpoint
SQL >
    %
    SELECT path, count() AS views, uniq(session_id) AS visitors
    FROM page_views
    WHERE timestamp >= {{DateTime(start_date, '2024-01-01 00:00:00')}}
    {% if defined(path) %} AND path = {{String(path, description='Only this page')}} {% end %}
    GROUP BY path
    ORDER BY views DESC, path
    LIMIT {{Int32(limit, 10)}}

TYPE endpoint
`,
  'fixtures/page_views.ndjson': `{"timestamp":"2024-06-01 10:00:00","session_id":"s1","path":"/","duration_ms":1200}
{"timestamp":"2024-06-01 10:00:05","session_id":"s1","path":"/pricing","duration_ms":4100}
{"timestamp":"2024-06-01 10:02:00","session_id":"s2","path":"/"}
`,
  'tests/top_pages.yaml': `- name: all_pages
  description: Pages by views
  parameters: ''
  expected_result: |
    {"path":"/","views":2,"visitors":2}
    {"path":"/pricing","views":1,"visitors":1}
  expected_http_status: 200

- name: one_page
  description: A page on its own
  parameters: path=/pricing
  expected_result: |
    {"path":"/pricing","views":1,"visitors":1}
  expected_http_status: 200
`,
  '.gitignore': '.pipit/\n.env.local\n',
}

/** Throws CliError when a file is there already. */
export function runInit(dir: string): void {
  const root = resolve(dir)
  const taken = Object.keys(FILES).filter((file) => existsSync(join(root, file)))
  if (taken.length > 0) throw new CliError(`${root} has ${taken.join(', ')} already; nothing was written`)
  for (const [file, text] of Object.entries(FILES)) {
    mkdirSync(dirname(join(root, file)), { recursive: true })
    writeFileSync(join(root, file), text)
    print(`${green('created')} ${join(dir, file)}`)
  }
  print(`\nNext: pipit dev ${dir} --fixtures`)
}
