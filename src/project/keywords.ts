// The words that project files are made of. datafile.ts asks here whether a line begins a new
// instruction; the readers ask nothing twice. Invariant: every keyword a reader handles is listed,
// and so unknown words can be named with the near ones.

export type FileKind = 'datasource' | 'pipe' | 'connection' | 'incl'

const ENGINE_KEYWORDS = [
  'ENGINE', 'ENGINE_PARTITION_KEY', 'ENGINE_SORTING_KEY', 'ENGINE_PRIMARY_KEY',
  'ENGINE_SAMPLING_KEY', 'ENGINE_TTL', 'ENGINE_SETTINGS', 'ENGINE_VER', 'ENGINE_VERSION',
  'ENGINE_IS_DELETED', 'ENGINE_SIGN', 'ENGINE_COLUMNS', 'ENGINE_JOIN_STRICTNESS', 'ENGINE_JOIN_TYPE',
  'ENGINE_KEY_COLUMNS',
]

const DATASOURCE_KEYWORDS = [
  'DESCRIPTION', 'SCHEMA', ...ENGINE_KEYWORDS, 'INDEXES', 'TOKEN', 'TAGS', 'VERSION',
  'SHARED_WITH', 'DEDUPLICATE_BY', 'FORWARD_QUERY', 'BACKFILL', 'INCLUDE', 'MAINTAINER',
]

const PIPE_KEYWORDS = [
  'DESCRIPTION', 'NODE', 'SQL', 'TYPE', 'DATASOURCE', 'TARGET_DATASOURCE', 'COPY_SCHEDULE',
  'COPY_MODE', ...ENGINE_KEYWORDS, 'TOKEN', 'TAGS', 'CACHE', 'INCLUDE', 'VERSION',
  'DEPLOYMENT_METHOD', 'BACKFILL', 'MAINTAINER',
]

// Names that Tinybird's reader takes, too: files of Classic's first years have them.
const OTHER_NAMES: Readonly<Record<string, string>> = {
  PARTITION_KEY: 'ENGINE_PARTITION_KEY', SORTING_KEY: 'ENGINE_SORTING_KEY', PRIMARY_KEY: 'ENGINE_PRIMARY_KEY',
  SAMPLING_KEY: 'ENGINE_SAMPLING_KEY', TTL: 'ENGINE_TTL', INDICES: 'INDEXES', MODE: 'COPY_MODE',
}

const CONNECTION_KEYWORDS = ['TYPE', 'DESCRIPTION', 'INCLUDE', 'VERSION', 'TAGS']

/** Families of settings that are handed on by name. */
const PREFIXES: Record<FileKind, RegExp> = {
  datasource: /^(KAFKA|IMPORT)_[A-Z0-9_]+$/,
  pipe: /^(EXPORT|KAFKA)_[A-Z0-9_]+$/,
  connection: /^[A-Z0-9]+_[A-Z0-9_]+$/,
  incl: /^(KAFKA|IMPORT|EXPORT)_[A-Z0-9_]+$/,
}

const KEYWORDS: Record<FileKind, ReadonlySet<string>> = {
  datasource: new Set(DATASOURCE_KEYWORDS),
  pipe: new Set(PIPE_KEYWORDS),
  connection: new Set(CONNECTION_KEYWORDS),
  incl: new Set([...DATASOURCE_KEYWORDS, ...PIPE_KEYWORDS, ...CONNECTION_KEYWORDS]),
}

/** The keywords of a kind of file, for suggestions. */
export const keywordsOf = (kind: FileKind): Iterable<string> => KEYWORDS[kind]

/** True where `word` (in upper case) is an instruction of this kind of file. */
export function isKeyword(kind: FileKind, word: string): boolean {
  return KEYWORDS[kind].has(keywordOf(word)) || PREFIXES[kind].test(word)
}

/** The keyword that `word` (in upper case) stands for: SORTING_KEY is ENGINE_SORTING_KEY. */
export const keywordOf = (word: string): string => (Object.hasOwn(OTHER_NAMES, word) ? OTHER_NAMES[word] : word)

/** Instructions whose block is free text, not SQL: a `#` in it is no comment. */
export const PROSE: ReadonlySet<string> = new Set(['DESCRIPTION'])

// What stands after the keyword where it can be nothing but an instruction. Needed inside blocks
// that are not indented, where `type`, `tags` or `version` may as well be a column of the SELECT.
const SHAPES: Record<string, RegExp> = {
  NODE: /^[^\s,()=<>]+$/,
  SQL: /^(>|%|select\b|with\b)/i,
  SCHEMA: /^>/,
  INDEXES: /^>/,
  SHARED_WITH: /^>/,
  FORWARD_QUERY: /^>/,
  DESCRIPTION: /^(>|[^\s,.=()].*)$/,
  TYPE: /^["']?[A-Za-z_]+["']?$/,
  TOKEN: /^("[^"]*"|'[^']*'|[^\s,()=]+)(\s+(read|append|create|drop))?$/i,
  ENGINE: /^["']?[A-Za-z]+/,
  INCLUDE: /^["']/,
}
const OTHER_SHAPE = /^[^\s,=)(<>|+*/].*$/
const PIPE_TYPES = /^["']?(endpoint|materialized|copy|sink|stream)["']?$/i

/** True where a line within an unindented block begins a new instruction. `word` is as written,
 * `rest` what follows it, trimmed. */
export function hasInstructionShape(kind: FileKind, word: string, rest: string): boolean {
  const keyword = word.toUpperCase()
  if (!isKeyword(kind, keyword)) return false
  if (!(SHAPES[keywordOf(keyword)] ?? OTHER_SHAPE).test(rest)) return false
  if (word === keyword) return true
  // In lower case only what no SQL statement can contain as a line of its own.
  if (keyword === 'TYPE') return PIPE_TYPES.test(rest)
  return rest.startsWith('>') || (keyword === 'NODE' && !/^(from|as)$/i.test(rest))
}

/** True where a line that is indented like the SQL around it still ends the block: people indent
 * the closing TYPE by mistake, and no SELECT can hold it. */
export function endsIndentedSql(word: string, rest: string): boolean {
  return (word === 'TYPE' && PIPE_TYPES.test(rest)) || (word === 'SQL' && rest === '>') ||
    (word === 'NODE' && SHAPES.NODE.test(rest))
}
