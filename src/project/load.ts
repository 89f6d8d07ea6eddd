// A project folder to a Project: finds the files, reads each, names every error of all of them at
// once. First step of `dev`, `start`, `check` and `deploy`. Invariant: loadProject() never throws
// for what a file says, only for a root that can't be read.

import { readdirSync, readFileSync } from 'node:fs'
import { join, posix } from 'node:path'
import { readConnection } from './connection.ts'
import { readDatasource, tokenNames, type FileItems } from './datasource.ts'
import { readItems } from './datafile.ts'
import { NAME_PATTERN, type Diagnostic, type Place, type Project } from './definitions.ts'
import { Findings } from './diagnostics.ts'
import { parseEnv } from './env.ts'
import { expandIncludes } from './include.ts'
import type { FileKind } from './keywords.ts'
import { readPipe } from './pipe.ts'

/** How loadProject() sees files: the file system, or texts in memory (deploys, tests). Paths count
 * from the project's root, with `/`. */
export interface FileReader {
  /** Entries of a folder (`''`: the root). */
  list(folder: string): readonly { readonly name: string; readonly isFolder: boolean }[]
  read(path: string): string
}

export type LoadedProject = {
  readonly project: Project
  readonly diagnostics: readonly Diagnostic[]
}

// A folder nested deeper is a loop of links, not a project.
const FOLDER_DEPTH_MAX = 32
const EXTENSION = /\.(datasource|pipe|connection|incl)$/
/** Where Tinybird keeps what people try out in its editor: it may name what is no more. */
const PLAYGROUND = /^(playgrounds|explorations)\/.*\.pipe$/
const CONFIG_FILE = 'tinybird.config.json'

/** Reads all project files below `root`. */
export function loadProject(root: string, files: FileReader = diskReader(root)): LoadedProject {
  const texts = new Map<string, string>()
  const findings = new Findings(texts)
  for (const path of findFiles(files)) {
    if (PLAYGROUND.test(path)) {
      findings.warning({ file: path, line: 1, column: 1 }, 'playground',
        'a playground: Tinybird keeps it beside the project and pushes none, and it is not served here; move it to another folder if it is to be')
      continue
    }
    try {
      texts.set(path, files.read(path))
    } catch (error) {
      findings.error({ file: path, line: 1, column: 1 }, 'unreadable',
        `the file can't be read (${error instanceof Error ? error.message : String(error)})`)
    }
  }
  const project = readProject(root, texts, findings, readSettings(files, findings))
  return { project, diagnostics: findings.list() }
}

/** A reader over the file system. */
function diskReader(root: string): FileReader {
  return {
    list: folder => readdirSync(join(root, folder), { withFileTypes: true })
      .map(entry => ({ name: entry.name, isFolder: entry.isDirectory() })),
    read: path => readFileSync(join(root, path), 'utf8'),
  }
}

/** A reader over the file system, with more files in the root. */
export function readerWith(root: string, more: Readonly<Record<string, string>>): FileReader {
  const disk = diskReader(root)
  const texts = memoryReader(more)
  return {
    list: folder => [...disk.list(folder), ...texts.list(folder)],
    read: path => (path in more ? more[path] : disk.read(path)),
  }
}

/** A reader over texts by path. */
export function memoryReader(texts: Readonly<Record<string, string>>): FileReader {
  return {
    list: folder => {
      const prefix = folder === '' ? '' : `${folder}/`
      const entries = new Map<string, boolean>()
      for (const path of Object.keys(texts)) {
        if (!path.startsWith(prefix)) continue
        const rest = path.slice(prefix.length)
        const slash = rest.indexOf('/')
        entries.set(slash < 0 ? rest : rest.slice(0, slash), slash >= 0)
      }
      return [...entries].map(([name, isFolder]) => ({ name, isFolder }))
    },
    read: path => {
      if (!(path in texts)) throw new Error(`no file ${path}`)
      return texts[path]
    },
  }
}

function findFiles(files: FileReader): string[] {
  const found: string[] = []
  const visit = (folder: string, depth: number): void => {
    for (const { name, isFolder } of files.list(folder)) {
      const path = folder === '' ? name : posix.join(folder, name)
      if (isFolder) {
        const skipped = name.startsWith('.') || name === 'node_modules'
        if (!skipped && depth < FOLDER_DEPTH_MAX) visit(path, depth + 1)
      } else if (EXTENSION.test(name)) {
        found.push(path)
      }
    }
  }
  visit('', 0)
  return found.sort()
}

type ProjectSettings = { secrets: Record<string, string>; config: Record<string, unknown> }

function readSettings(files: FileReader, findings: Findings): ProjectSettings {
  const names = new Set(files.list('').filter(entry => !entry.isFolder).map(entry => entry.name))
  const secrets: Record<string, string> = {}
  for (const name of ['.env', '.env.local']) {
    if (names.has(name)) Object.assign(secrets, parseEnv(files.read(name)))
  }
  if (!names.has(CONFIG_FILE)) return { secrets, config: {} }
  const place = { file: CONFIG_FILE, line: 1, column: 1 }
  try {
    const config: unknown = JSON.parse(files.read(CONFIG_FILE))
    if (typeof config === 'object' && config !== null && !Array.isArray(config)) {
      return { secrets, config: { ...config } }
    }
    findings.error(place, 'bad-config', 'expected one JSON object')
  } catch (error) {
    findings.error(place, 'bad-config', `not JSON: ${error instanceof Error ? error.message : ''}`)
  }
  return { secrets, config: {} }
}

function readProject(
  root: string, texts: ReadonlyMap<string, string>, findings: Findings, settings: ProjectSettings,
): Project {
  const includes = new Map([...texts].filter(([path]) => path.endsWith('.incl')))
  const datasources = new Map<string, ReturnType<typeof readDatasource>>()
  const pipes = new Map<string, ReturnType<typeof readPipe>>()
  const connections = new Map<string, ReturnType<typeof readConnection>>()
  const names = new Map<string, Place>()
  for (const [path, text] of texts) {
    const kind = EXTENSION.exec(path)?.[1] as FileKind
    if (kind === 'incl') continue
    const name = resourceName(path, kind)
    const isFirst = claimName(name, path, names, findings)
    const own = readItems(kind, path, text, findings)
    const items = expandIncludes(own, kind, includes, findings)
    const file: FileItems = { name, file: path, items, source: text }
    if (items.length === 0) {
      findings.error({ file: path, line: 1, column: 1 }, 'empty-file', `the ${kind} file is empty`)
    } else if (kind === 'datasource') {
      const def = readDatasource(file, findings)
      if (isFirst) datasources.set(name, def)
    } else if (kind === 'pipe') {
      const def = readPipe(file, findings)
      if (isFirst) pipes.set(name, def)
    } else {
      const def = readConnection(file, findings)
      if (isFirst) connections.set(name, def)
    }
  }
  const grants = [...datasources.values(), ...pipes.values()].flatMap(resource => resource.tokens)
  const tokens = tokenNames(grants)
  return { root, datasources, pipes, connections, tokens, ...settings, files: texts }
}

/** The name of a file's resource. `vendor/WORKSPACE/` holds data sources that another workspace
 * shares: SQL names them `WORKSPACE.name`. */
function resourceName(path: string, kind: FileKind): string {
  const base = posix.basename(path).slice(0, -kind.length - 1)
  const folders = path.split('/').slice(0, -1)
  const vendor = folders.indexOf('vendor')
  const workspace = vendor < 0 ? undefined : folders[vendor + 1]
  return workspace === undefined || base.includes('.') ? base : `${workspace}.${base}`
}

// Names are unique over all resources: a token scope or a FROM says no more than the name.
function claimName(
  name: string, path: string, names: Map<string, Place>, findings: Findings,
): boolean {
  const place = { file: path, line: 1, column: 1 }
  const twin = names.get(name)
  if (twin !== undefined) {
    reportTwin(name, place, twin, findings)
    return false
  }
  names.set(name, place)
  const parts = name.split('.')
  if (parts.length > 2 || !parts.every(part => NAME_PATTERN.test(part))) {
    findings.error(place, 'bad-name',
      `the name ${name} is not allowed; expected letters, digits and _, no digit first`)
  }
  return true
}

function reportTwin(name: string, place: Place, twin: Place, findings: Findings): void {
  const message = `the name ${name} is taken by ${twin.file}`
  // Folders of Classic projects keep an endpoint's older version in pipes/ beside the one in endpoints/.
  const folders = [place.file, twin.file].map(file => posix.basename(posix.dirname(file))).sort()
  if (folders.join() === 'endpoints,pipes' && place.file.endsWith('.pipe') && twin.file.endsWith('.pipe')) {
    findings.warning(place, 'duplicate-name', `${message}; this file is left out`)
  } else {
    findings.error(place, 'duplicate-name', message)
  }
}
