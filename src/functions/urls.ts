// Parts of URLs: domain, domainWithoutWWW, protocol, path, parameters, percent-coding.
// Invariant: nothing here refuses a malformed URL; a missing part is ''.

import { arrayOf, STRING } from '../../storage/column/data-type.ts'
import { define, ofStrings, stringsToString } from './define.ts'
import { type FunctionDef } from './function.ts'
import { stringArrays } from './string-search.ts'
import { mapBytes, textReader } from './strings.ts'

/** A text made of a URL's text. */
const urlText = (name: string, each: (url: string) => string): FunctionDef =>
  define(name, [1, 1], stringsToString(name), ([a], type, rowCount, context) => {
    const read = textReader(a, context)
    return mapBytes(a, type, rowCount, context, (out, _b, _s, _e, row) => out.text(each(read(row))))
  })

/** Host of a URL with or without scheme; '' when it has characters that no host has. */
function domain(url: string): string {
  const match = /^(?:[a-zA-Z][a-zA-Z0-9+.-]*:)?\/\/([^/?#]*)/.exec(url) ?? /^([^/?#:]*)/.exec(url)
  let host = match?.[1] ?? ''
  // A password makes ClickHouse give up on the host; a user alone does not.
  if (/^[^@]*:[^@]*@/.test(host)) return ''
  host = host.slice(host.lastIndexOf('@') + 1)
  host = host.startsWith('[') ? host : host.replace(/:.*$/, '')
  return /^[A-Za-z0-9.[\]:_-]*$/.test(host) && host.includes('.') || url.includes('//') ? host : ''
}

const protocol = (url: string): string => /^([a-zA-Z][a-zA-Z0-9+.-]*):\/\//.exec(url)?.[1] ?? ''

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
    new TextDecoder().decode(Uint8Array.from(run.slice(1).split('%'), (hex) => Number.parseInt(hex, 16))))
}

const encode = (text: string): string =>
  encodeURIComponent(text).replaceAll(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`)

const parameter = define('extractURLParameter', [2, 2], stringsToString('extractURLParameter'),
  ([a, b], type, rowCount, context) => {
    const url = textReader(a, context)
    const name = textReader(b, context)
    return mapBytes(a, type, rowCount, context, (out, _b, _s, _e, row) => {
      const wanted = `${name(row)}=`
      const found = url(row).replace(/^[^?#]*/, '').split(/[?&#]/).find((p) => p.startsWith(wanted))
      out.text(found?.slice(wanted.length) ?? '')
    })
  })

/** The URL cut after its host and after every / of its path. */
function hierarchy(url: string): string[] {
  const start = /^[a-zA-Z][a-zA-Z0-9+.-]*:\/\/[^/]*\/?/.exec(url)?.[0].length ?? 0
  if (start === 0) return url === '' ? [] : [url]
  const cuts: string[] = [url.slice(0, start)]
  for (let at = start; at < url.length; at++) {
    if ('/?#'.includes(url[at])) cuts.push(url.slice(0, at + 1))
  }
  if (cuts[cuts.length - 1] !== url && url !== '') cuts.push(url)
  return cuts
}

const urlHierarchy = define('URLHierarchy', [1, 1], ofStrings('URLHierarchy', arrayOf(STRING)),
  ([a], type, rowCount, context) => {
    const read = textReader(a, context)
    return stringArrays(Array.from({ length: rowCount }, (_, row) => hierarchy(read(row))), type, context)
  })

export const URLS: readonly FunctionDef[] = [
  urlText('domain', domain), urlText('domainWithoutWWW', (url) => domain(url).replace(/^www\./, '')),
  urlText('topLevelDomain', topDomain), urlText('protocol', protocol), urlText('path', path),
  urlText('pathFull', pathFull), urlText('queryString', queryString),
  urlText('fragment', fragment), urlText('decodeURLComponent', decode),
  urlText('decodeURLFormComponent', (text) => decode(text.replaceAll('+', ' '))),
  urlText('encodeURLComponent', encode),
  urlText('encodeURLFormComponent', (text) => encode(text).replaceAll('%20', '+')),
  urlText('cutQueryString', (url) => url.replace(/\?[^#]*/, '')),
  parameter, urlHierarchy,
]
