// Parts of URLs: domain, domainWithoutWWW, protocol, path, parameters, percent-coding.
// Invariant: nothing here refuses a malformed URL; a missing part is ''.

import { arrayOf, STRING, UINT16, UINT64 } from '../../../storage/column/data-type.ts'
import { cityHash64 } from '../../../storage/kernels/city-hash.ts'
import { bytesOfText, textOfBytes } from '../../sql/raw-text.ts'
import { constantInfo, constantOf, define, expectTypes, numbersBy, ofStrings } from '../base/define.ts'
import { stringArraysBy, stringsBy, textFunction, textsFunction } from '../base/define-text.ts'
import { type FunctionDef } from '../values/function.ts'
import { textReader } from '../base/strings.ts'
import { isInteger, isString } from '../values/types.ts'
import { valueAt, vectorOf } from '../values/values.ts'

/** Host as RFC 3986 has it: behind a user and a password, in brackets where it is an address. */
function domainRfc(url: string): string {
  const match = /^(?:[a-zA-Z][a-zA-Z0-9+.-]*:)?\/\/(.*)$/s.exec(url)
  const authority = /^[^/?#]*/.exec(match?.[1] ?? url)?.[0] ?? ''
  const host = authority.slice(authority.lastIndexOf('@') + 1)
  return /^\[([^\]]*)\]/.exec(host)?.[1] ?? (host.length < authority.length ? domain(`//${host}`) : domain(url))
}

/** Host of a URL with or without scheme; '' when it has characters that no host has. */
function domain(url: string): string {
  const match = /^(?:[a-zA-Z][a-zA-Z0-9+.-]*:)?\/\/([^/?#]*)/.exec(url) ?? /^([^/?#:]*)/.exec(url)
  let host = match?.[1] ?? ''
  // A password makes ClickHouse give up on the host; a user alone does not.
  if (/^[^@]*:[^@]*@/.test(host)) return ''
  host = host.slice(host.lastIndexOf('@') + 1)
  host = host.startsWith('[') ? host : host.replace(/:.*$/, '')
  return NO_HOST.test(host) || !/\../.test(host) ? '' : host
}

/** Signs that no host has; all others it may have, those of other alphabets among them. */
const NO_HOST = /[\t %&;<=>@[\\\]^{|}~]/

const protocol = (url: string): string => /^([a-zA-Z][a-zA-Z0-9+.-]*):(?:\/\/)?[^/]/.exec(url)?.[1] ?? ''

const afterHost = (url: string): string => url.replace(/^(?:[a-zA-Z][a-zA-Z0-9+.-]*:)?\/\/[^/?#]*/, '')

/** From the first slash after the host on. */
function pathFull(url: string): string {
  const rest = afterHost(url)
  const slash = rest.indexOf('/')
  return slash < 0 ? '' : rest.slice(slash)
}

const path = (url: string): string => pathFull(url).replace(/[?#].*$/s, '')

function topDomain(url: string): string {
  const host = domain(url)
  const last = host.slice(host.lastIndexOf('.') + 1)
  return /^\d+$/.test(last) || !host.includes('.') ? '' : last
}

const queryString = (url: string): string => /\?([^#]*)/.exec(url)?.[1] ?? ''

const fragment = (url: string): string => /#(.*)$/s.exec(url)?.[1] ?? ''

function decode(text: string): string {
  return text.replaceAll(/(?:%[0-9a-fA-F]{2})+/g, (run) =>
    textOfBytes(Uint8Array.from(run.slice(1).split('%'), (hex) => Number.parseInt(hex, 16))))
}

/** By bytes: what is no UTF-8 has a place in a URL, too. */
const encode = (text: string): string => text.replaceAll(/[^\w.~-]+/g, (run) =>
  Array.from(bytesOfText(run), (byte) => `%${byte.toString(16).toUpperCase().padStart(2, '0')}`).join(''))

/** Parameters of the query, and those of the fragment that have a value, as written. */
const parameters = (url: string): string[] => {
  const [before, ...fragments] = url.split('#')
  const start = before.indexOf('?')
  const own = start < 0 ? [] : before.slice(start + 1).split(/[?&]/)
    .filter((piece, i, all) => piece.includes('=') || (piece !== '' && i < all.length - 1))
  return [...own, ...fragments.join('#').split(/[?&#]/).filter((piece) => piece.includes('='))]
}

function parameter(url: string, name: string): string {
  const wanted = `${name}=`
  return url.replace(/^[^?#]*/, '').split(/[?&#]/).find((p) => p.startsWith(wanted))
    ?.slice(wanted.length) ?? ''
}

/** The URL without a parameter of its query or fragment. */
function withoutParameter(url: string, name: string): string {
  const start = url.search(/[?#]/)
  if (name === '' || start < 0) return url
  const found = new RegExp(`([?&#])${name.replace(/[\\^$.|?*+()[\]{}]/g, '\\$&')}=[^&#]*(&?)`).exec(url.slice(start))
  if (found === null) return url
  const at = start + found.index
  const kept = found[2] === '&' || found[1] !== '&' ? found[1] : ''
  return url.slice(0, at) + kept + url.slice(at + found[0].length)
}

/** The URL cut after its host and after every / of its path. */
function hierarchy(url: string): string[] {
  const start = /^[a-zA-Z][a-zA-Z0-9+.-]*:\/\/[^/]*\/?/.exec(url)?.[0].length ?? 0
  if (start === 0) return url === '' ? [] : [url]
  const cuts: string[] = [url.slice(0, start)]
  for (let at = start; at < url.length; at++) {
    if (!'/?#'.includes(url[at])) continue
    cuts.push(url.slice(0, at + 1))
    at++ // a separator right behind another one is no place to cut
  }
  if (cuts[cuts.length - 1] !== url && url !== '') cuts.push(url)
  return cuts
}

/** The same without scheme and host; cut alike. */
function pathHierarchy(url: string): string[] {
  const path = url.slice(/^[a-zA-Z][a-zA-Z0-9+.-]*:\/\/[^/]*/.exec(url)?.[0].length ?? url.length)
  const cuts: string[] = []
  for (let at = 1; at < path.length; at++) {
    if (!'/?#'.includes(path[at])) continue
    cuts.push(path.slice(0, at + 1))
    at++
  }
  return path.length > 1 && cuts[cuts.length - 1] !== path ? [...cuts, path] : cuts
}

const list = (name: string, each: (url: string) => string[]): FunctionDef =>
  define(name, [1, 1], ofStrings(name, arrayOf(STRING)), ([a], type, rowCount, context) => {
    const read = textReader(a, context)
    return stringArraysBy(type, rowCount, context, (row, push) => each(read(row)).forEach(push))
  })

/** Second labels of hosts that registries sell names below: co.uk, com.br. */
const SECOND_LEVEL = new Set(['com', 'co', 'net', 'org', 'gov', 'edu', 'ac', 'go', 'gob', 'mil', 'ne', 'or', 'in'])

/** The labels from the first one that somebody registered on: example.co.uk of www.example.co.uk. */
function significantLabels(url: string, hostOf: (url: string) => string): string[] {
  const labels = hostOf(url).replace(/^www\./, '').split('.')
  const isShared = labels.length > 2 && SECOND_LEVEL.has(labels[labels.length - 2])
  return labels.slice(isShared ? -3 : -2)
}

/** What stands between the slashes and the path: user, host and port. */
function netloc(url: string): string {
  const match = /^(?:[a-zA-Z][a-zA-Z0-9+.-]*:)?\/\/([^/?#]*)/.exec(url) ?? /^([^/?#]*)/.exec(url)
  return match?.[1] ?? ''
}

/** Where the authority begins: behind // or a scheme; -1 where a character says that this is no URL. */
function authorityStart(url: string): number {
  if (url.length > 2 && url.startsWith('//')) return 2
  let at = 1
  while (at < Math.min(url.length, SCHEME_MAX) && /[a-zA-Z0-9.+-]/.test(url[at])) at++
  if (at >= Math.min(url.length, SCHEME_MAX)) return 0
  if (/[ \t<>%{}|\\^~[\];=&]/.test(url[at])) return -1
  return at + 2 < SCHEME_MAX && url.startsWith('://', at) ? at + 3 : 0
}

/** How far ClickHouse looks for the end of a scheme. */
const SCHEME_MAX = 16

/** User, host and port as ClickHouse reads them: up to a character that no URL has; a fragment ends them even behind
 * the path, and of each sign the last one counts. */
function plainNetloc(url: string): string {
  const start = authorityStart(url)
  if (start < 0) return ''
  let [at, slash, question, mark] = [start, url.length, url.length, url.length]
  let hasUser = false
  for (; at < url.length; at++) {
    const char = url[at]
    if (char === '#' || (hasUser && '/?'.includes(char))) return url.slice(start, at)
    if (char === '/') slash = at
    else if (char === '?') question = at
    else if (char === '@') [hasUser, mark] = [true, url.length]
    else if (!hasUser && ';=&~%'.includes(char)) mark = at
    else if (/[;=&~% \t<>{}|\\^[\]]/.test(char)) return url.slice(start, Math.max(start, Math.min(at, question, slash)))
  }
  return url.slice(start, hasUser ? at : Math.max(start, Math.min(at, question, slash, mark)))
}

/** The same; a www that is the registered label stays. */
function significantWithWww(url: string, hostOf: (url: string) => string): string {
  const labels = hostOf(url).split('.')
  const isShared = labels.length > 2 && SECOND_LEVEL.has(labels[labels.length - 2])
  return labels.slice(isShared ? -3 : -2).join('.')
}

/** RFC 3986 allows for a password before the host. */
const portRfc = define('portRFC', [1, 2], (args) => {
  expectTypes('portRFC', args, isString, isInteger)
  return UINT16
}, (args, type, rowCount, context) => {
  const read = textReader(args[0], context)
  const other = args.length > 1 ? Number(constantOf('portRFC', args, 1)) : 0
  return numbersBy(type, rowCount, context, (row) => {
    const number = Number(/^(?:.*@)?[^:@]+:(\d{1,6})$/.exec(netloc(read(row)))?.[1] ?? 0)
    return number > 0 && number < 65536 ? number : other
  })
})

const port = define('port', [1, 2], (args) => {
  expectTypes('port', args, isString, isInteger)
  return UINT16
}, (args, type, rowCount, context) => {
  const read = textReader(args[0], context)
  const other = args.length > 1 ? Number(constantOf('port', args, 1)) : 0
  return numbersBy(type, rowCount, context, (row) => {
    const found = /^(?:[a-zA-Z][a-zA-Z0-9+.-]*:)?(?:\/\/)?(?:[^/?#@]*@)?[^/?#:]*:(\d+)(?=[/?#]|$)/.exec(read(row))
    const number = Number(found?.[1] ?? 0)
    return number > 0 && number < 65536 ? number : other
  })
})

const cutOne = textsFunction('cutURLParameter', 2, withoutParameter)

/** The URL without one parameter, or without those of a constant list. */
const cutParameter: FunctionDef = {
  ...cutOne,
  returnType: (args) => {
    if (args.length !== 2 || args[1].type !== arrayOf(STRING)) return cutOne.returnType(args)
    constantInfo('cutURLParameter', args, 1)
    return cutOne.returnType([args[0], { type: STRING, value: '' }])
  },
  evaluate: (args, type, rowCount, context, lambda) => {
    if (args[1].type.id !== 'Array') return cutOne.evaluate(args, type, rowCount, context, lambda)
    const names = valueAt(args[1], 0) as string[]
    const read = textReader(args[0], context)
    return stringsBy(type, rowCount, context, (row) => names.reduce(withoutParameter, read(row)))
  },
}

/** The hash of an address without its last / ? or #; of its first levels where their number is given. */
const urlHash = define('URLHash', [1, 2], (args) => {
  expectTypes('URLHash', args, isString, isInteger)
  return UINT64
}, (args, type, rowCount, context) => {
  const read = textReader(args[0], context)
  const level = args.length > 1 ? Number(constantOf('URLHash', args, 1)) : null
  const hashes = Array.from({ length: rowCount }, (_, row): bigint => {
    const whole = read(row)
    const shown = level === null ? whole : hierarchy(whole)[level] ?? ''
    const bytes = Buffer.from(shown.replace(/[/?#]$/, ''))
    return cityHash64(bytes, 0, bytes.length)
  })
  return vectorOf(hashes, type, context.account)
})

export const URLS: readonly FunctionDef[] = [
  ...([['', domain], ['RFC', domainRfc]] as const).flatMap(([rfc, hostOf]) => [
    textFunction(`domain${rfc}`, hostOf),
    textFunction(`domainWithoutWWW${rfc}`, (url) => hostOf(url).replace(/^www\./, '')),
    textFunction(`topLevelDomain${rfc}`, topDomain),
    textFunction(`firstSignificantSubdomain${rfc}`, (url) => significantLabels(url, hostOf)[0] ?? ''),
    textFunction(`cutToFirstSignificantSubdomain${rfc}`, (url) => significantLabels(url, hostOf).join('.')),
    textFunction(`cutToFirstSignificantSubdomainWithWWW${rfc}`, (url) => significantWithWww(url, hostOf)),
  ]),
  textFunction('netloc', plainNetloc), textFunction('protocol', protocol), textFunction('path', path), textFunction('pathFull', pathFull),
  textFunction('queryString', queryString), textFunction('fragment', fragment),
  textFunction('queryStringAndFragment', (url) => /[?#](.*)$/s.exec(url)?.[0].replace(/^\?/, '') ?? ''),
  textFunction('decodeURLComponent', decode),
  textFunction('decodeURLFormComponent', (text) => decode(text.replaceAll('+', ' '))),
  textFunction('encodeURLComponent', encode),
  textFunction('encodeURLFormComponent', (text) => encode(text).replaceAll('%20', '+')),
  textFunction('cutQueryString', (url) => url.replace(/\?[^#]*/, '')),
  textFunction('cutFragment', (url) => url.replace(/#.*$/s, '')),
  textFunction('cutQueryStringAndFragment', (url) => url.replace(/[?#].*$/s, '')),
  textFunction('cutWWW', (url) => url.replace(/^((?:[a-zA-Z][a-zA-Z0-9+.-]*:)?\/\/)www\./, '$1')),
  textsFunction('extractURLParameter', 2, parameter), cutParameter,
  list('extractURLParameters', parameters),
  list('extractURLParameterNames', (url) => parameters(url).filter((p) => p.includes('='))
    .map((p) => p.slice(0, p.indexOf('=')))),
  list('URLHierarchy', hierarchy), list('URLPathHierarchy', pathHierarchy), port, portRfc, urlHash,
]
