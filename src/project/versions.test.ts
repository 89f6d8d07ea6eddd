import { expect, it } from 'vitest'
import { loadProject, memoryReader } from './load.ts'
import { resourceName } from './versions.ts'

it('finds resources by their name with the version of their file', () => {
  const { project } = loadProject('/project', memoryReader({
    'views.datasource': 'VERSION 3\nSCHEMA >\n  `id` String\n',
    'views__v1.datasource': 'SCHEMA >\n  `id` String\n',
    'top.pipe': 'VERSION 2\nNODE n\nSQL >\n  SELECT id FROM views__v3\nTYPE endpoint\n',
  }))
  const names = ['views', 'views__v3', 'views__v3_quarantine', 'views__v3.datasource', 'views__v1', 'views__v2', 'top__v2', 'top__v3', 'other__v3']
  expect(names.map((name) => resourceName(project, name))).toEqual(
    ['views', 'views', 'views_quarantine', 'views.datasource', 'views__v1', 'views__v2', 'top', 'top__v3', 'other__v3'])
})
