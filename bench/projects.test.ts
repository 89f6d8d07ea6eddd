// What is measured without views is the example without its view.

import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { checkProject } from '../src/check/check.ts'
import { root } from './server.ts'

it('measures the example\'s own data source and endpoints', () => {
  const of = (folder: string, file: string) => readFileSync(join(root, folder, file), 'utf8')
  for (const project of ['app', 'views']) {
    expect(of(`bench/projects/${project}`, 'app_events.datasource')).toBe(of('examples/saas/datasources', 'app_events.datasource'))
  }
  for (const pipe of ['active_users.pipe', 'feature_usage.pipe', 'session_insights.pipe']) {
    expect(of('bench/projects/app', pipe)).toBe(of('examples/saas/endpoints', pipe))
  }
})

it.each(readdirSync(join(root, 'bench', 'projects')))('has no error: %s', (project) => {
  expect(checkProject(join(root, 'bench', 'projects', project)).errorCount).toBe(0)
})
