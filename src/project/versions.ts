// Names with a version: a file with `VERSION 3` was pushed as NAME__v3 by Tinybird's Classic CLI, so SQL
// and clients of such a project may say either name.
// Invariant: a resource whose very name is asked for wins.

import type { Project } from './definitions.ts'
import type { TableUse } from './tables.ts'

const VERSIONED = /^(.+)__v(\d+)(\.[a-z]+|_quarantine)?$/

type Resources = Pick<Project, 'datasources' | 'pipes'>

/** The name of the project's resource that is meant; `name` itself where it names no version of one. */
export function resourceName({ datasources, pipes }: Resources, name: string): string {
  if (datasources.has(name) || pipes.has(name)) return name
  const [, plain, version, rest = ''] = VERSIONED.exec(name) ?? []
  if (plain === undefined) return name
  const known = datasources.get(plain) ?? pipes.get(plain)
  return known?.version === Number(version) ? plain + rest : name
}

/** A use of a table under its resource's own name. */
export function plainUse<T extends TableUse>(project: Resources, use: T): T {
  const name = resourceName(project, use.name)
  return name === use.name ? use : { ...use, name }
}
