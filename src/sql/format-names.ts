// Names as ClickHouse's formatter writes them: in quotes only where they would be read as something else.

const PLAIN = /^[A-Za-z_]\w*$/
/** Words that are read as something else than a name. */
const TAKEN: ReadonlySet<string> = new Set(['null', 'distinct', 'all', 'table', 'select', 'from'])

export const identifierText = (name: string): string => (/^\{\w+:Identifier\}$/.test(name) || (PLAIN.test(name) && !TAKEN.has(name.toLowerCase())) ? name
  : `\`${name.replace(/[\\`]/g, '\\$&').replaceAll('\n', '\\n').replaceAll('\t', '\\t')}\``)

/** `a.b`, with the marks of JSON paths. */
export const pathText = (parts: readonly string[]): string => parts.map((part, i) => {
  const mark = i > 0 && part.length > 1 && (part[0] === ':' || part[0] === '^') ? part[0] : ''
  return mark + identifierText(part.slice(mark.length))
}).join('.')
