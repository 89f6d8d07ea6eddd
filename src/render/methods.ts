// Methods of texts, lists and dicts in template expressions: `x.split(',')`, `item.get('field',
// '')`. Called by expression.ts. Invariant: only what is listed here can be called; nothing reaches
// JavaScript's own properties.

import { iterable, known, LIST_ITEMS_MAX, limitText } from './operators.ts'
import {
  Dict, TemplateFault, toText, Tuple, typeName, type Value,
} from './values.ts'
import { didYouMean } from '../sql/suggest.ts'

type Method<Self> = (self: Self, args: readonly Value[]) => Value

const text = (value: Value | undefined, what: string): string => {
  const bare = known(value ?? null)
  if (typeof bare === 'string') return bare
  throw new TemplateFault(`${what} expects a str, not ${typeName(bare)}`)
}
const whole = (value: Value | undefined, fallback: number): number => {
  const bare = known(value ?? null)
  return typeof bare === 'bigint' ? Number(bare) : fallback
}
const affixes = (value: Value | undefined, what: string): string[] => {
  const bare = known(value ?? null)
  return bare instanceof Tuple ? bare.items.map(item => text(item, what)) : [text(bare, what)]
}

/** Splits at `separator` (spaces where null), at most `countMax` times (-1: no limit). */
function split(self: string, separator: Value | undefined, countMax: number): Value[] {
  const by = known(separator ?? null)
  if (by === null) {
    const words = self.trim().split(/\s+/).filter(word => word !== '')
    return countMax < 0 || words.length <= countMax ? words
      : [...words.slice(0, countMax), self.trim().split(/\s+/).slice(countMax).join(' ')]
  }
  const parts = self.split(nonEmpty(text(by, 'split')))
  if (countMax < 0 || parts.length <= countMax + 1) return parts
  return [...parts.slice(0, countMax), parts.slice(countMax).join(text(by, 'split'))]
}

function rsplit(self: string, separator: Value | undefined, countMax: number): Value[] {
  const parts = split(self, separator, -1)
  if (countMax < 0 || parts.length <= countMax + 1) return parts
  const joint = known(separator ?? null) === null ? ' ' : text(separator, 'rsplit')
  const head = parts.slice(0, parts.length - countMax)
  return [head.map(toText).join(joint), ...parts.slice(parts.length - countMax)]
}

function nonEmpty(separator: string): string {
  if (separator === '') throw new TemplateFault('split needs a separator that is not empty')
  return separator
}

function strip(self: string, chars: Value | undefined, sides: 'both' | 'left' | 'right'): string {
  const set = known(chars ?? null) === null ? null : new Set(text(chars, 'strip'))
  const drops = (char: string): boolean => set === null ? /\s/.test(char) : set.has(char)
  let start = 0
  let end = self.length
  while (sides !== 'right' && start < end && drops(self[start])) start += 1
  while (sides !== 'left' && end > start && drops(self[end - 1])) end -= 1
  return self.slice(start, end)
}

function replace(self: string, from: string, to: string, countMax: number): string {
  const parts = split(self, from, countMax).map(toText)
  const length = self.length + (parts.length - 1) * (to.length - from.length)
  if (length > 1_000_000) return limitText('x'.repeat(1_000_001))
  return parts.join(to)
}

/** `'{} and {1} and {name}'.format(...)`; format specifications are not supported. */
function format(self: string, args: readonly Value[]): string {
  let next = 0
  return limitText(self.replace(/\{\{|\}\}|\{(\d*)\}/g, (match, index: string | undefined) => {
    if (match === '{{') return '{'
    if (match === '}}') return '}'
    const at = index === '' || index === undefined ? next++ : Number(index)
    if (at >= args.length) throw new TemplateFault(`format has no argument ${at}`)
    return toText(args[at])
  }))
}

const pad = (self: string, width: number): number => {
  if (width > 10_000) throw new TemplateFault('a text can be padded to at most 10000 characters')
  return Math.max(0, width - self.length)
}
const words = (self: string): string => self.replace(/[A-Za-z\u00c0-\uffff]+/g,
  word => word[0].toUpperCase() + word.slice(1).toLowerCase())

const STR: Record<string, Method<string>> = {
  upper: self => self.toUpperCase(),
  lower: self => self.toLowerCase(),
  casefold: self => self.toLowerCase(),
  title: self => words(self),
  capitalize: self => self === '' ? '' : self[0].toUpperCase() + self.slice(1).toLowerCase(),
  strip: (self, [chars]) => strip(self, chars, 'both'),
  lstrip: (self, [chars]) => strip(self, chars, 'left'),
  rstrip: (self, [chars]) => strip(self, chars, 'right'),
  split: (self, [by, count]) => split(self, by, whole(count, -1)),
  rsplit: (self, [by, count]) => rsplit(self, by, whole(count, -1)),
  splitlines: self => self.split(/\r\n|\n|\r/),
  partition: (self, [by]) => {
    const separator = nonEmpty(text(by, 'partition'))
    const at = self.indexOf(separator)
    return new Tuple(at < 0 ? [self, '', '']
      : [self.slice(0, at), separator, self.slice(at + separator.length)])
  },
  startswith: (self, [by]) => affixes(by, 'startswith').some(prefix => self.startsWith(prefix)),
  endswith: (self, [by]) => affixes(by, 'endswith').some(suffix => self.endsWith(suffix)),
  removeprefix: (self, [by]) => self.startsWith(text(by, 'removeprefix'))
    ? self.slice(text(by, 'removeprefix').length) : self,
  removesuffix: (self, [by]) => self.endsWith(text(by, 'removesuffix'))
    ? self.slice(0, self.length - text(by, 'removesuffix').length) : self,
  replace: (self, [from, to, count]) => replace(self, text(from, 'replace'), text(to, 'replace'),
    whole(count, -1)),
  join: (self, [list]) =>
    limitText(iterable(list ?? null).map(item => text(item, 'join')).join(self)),
  format: (self, args) => format(self, args),
  find: (self, [by]) => BigInt(self.indexOf(text(by, 'find'))),
  index: (self, [by]) => {
    const at = self.indexOf(text(by, 'index'))
    if (at < 0) throw new TemplateFault('index does not find the text')
    return BigInt(at)
  },
  count: (self, [by]) => BigInt(self.split(nonEmpty(text(by, 'count'))).length - 1),
  zfill: (self, [width]) => '0'.repeat(pad(self, whole(width, 0))) + self,
  ljust: (self, [width]) => self + ' '.repeat(pad(self, whole(width, 0))),
  rjust: (self, [width]) => ' '.repeat(pad(self, whole(width, 0))) + self,
  isdigit: self => /^\d+$/.test(self),
  isnumeric: self => /^\d+$/.test(self),
  isdecimal: self => /^\d+$/.test(self),
  isalpha: self => /^\p{L}+$/u.test(self),
  isalnum: self => /^[\p{L}\p{N}]+$/u.test(self),
  isspace: self => /^\s+$/.test(self),
  islower: self => self !== self.toUpperCase() && self === self.toLowerCase(),
  isupper: self => self !== self.toLowerCase() && self === self.toUpperCase(),
}

const LIST: Record<string, Method<Value[]>> = {
  // append and extend change the list, as templates that collect conditions expect.
  append: (self, [item]) => {
    if (self.length >= LIST_ITEMS_MAX) throw new TemplateFault('the list is too long')
    self.push(item ?? null)
    return null
  },
  extend: (self, [list]) => {
    const items = iterable(list ?? null)
    if (self.length + items.length > LIST_ITEMS_MAX) throw new TemplateFault('the list is too long')
    self.push(...items)
    return null
  },
  index: (self, [item]) => {
    const at = self.findIndex(member => toKey(member) === toKey(item ?? null))
    if (at < 0) throw new TemplateFault('index does not find the item')
    return BigInt(at)
  },
  count: (self, [item]) =>
    BigInt(self.filter(member => toKey(member) === toKey(item ?? null)).length),
}
const toKey = (value: Value): string => `${typeName(value)} ${toText(value)}`

const DICT: Record<string, Method<Dict>> = {
  get: (self, [key, fallback]) => {
    const bare = known(key ?? null)
    return (typeof bare === 'string' ? self.entries.get(bare) : undefined) ?? fallback ?? null
  },
  keys: self => [...self.entries.keys()],
  values: self => [...self.entries.values()],
  items: self => [...self.entries].map(([key, item]) => new Tuple([key, item])),
}

/** `self.name(args)`. */
export function callMethod(self: Value, name: string, args: readonly Value[]): Value {
  const bare = known(self)
  if (typeof bare === 'string') return pick(STR, name, 'str')(bare, args)
  if (Array.isArray(bare)) return pick(LIST, name, 'list')(bare, args)
  if (bare instanceof Dict) return pick(DICT, name, 'dict')(bare, args)
  throw new TemplateFault(`${typeName(bare)} has no method ${name}`)
}

function pick<Self>(
  methods: Record<string, Method<Self>>, name: string, type: string,
): Method<Self> {
  if (Object.hasOwn(methods, name)) return methods[name]
  throw new TemplateFault(`${type} has no method ${name}${didYouMean(name, Object.keys(methods))}`)
}
