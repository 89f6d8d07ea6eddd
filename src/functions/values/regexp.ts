// Regular expressions as ClickHouse has them: RE2's syntax, and time linear in the text whatever the
// pattern is. Plain patterns run on V8's RegExp, translated so that it needs no flags: only then does
// V8 change to its own linear engine when a pattern backtracks too much. What V8 can't do in linear
// time (long texts, counted repetitions within repetitions, \p) runs on re2js, several times slower.
// Invariant: both engines find the same leftmost match with the same groups.

import v8 from 'node:v8'
import { RE2JS } from 're2js'
import { FunctionError } from './function.ts'
import { re2ToRegExp } from './regexp-source.ts'

/** Start, end, then start and end of each group; -1 where a group took no part. */
export type Match = readonly number[]

export interface Pattern {
  readonly groupCount: number
  test(text: string): boolean
  /** The leftmost match at or after `from`. */
  exec(text: string, from: number): Match | null
}

export type PatternOptions = {
  /** Letters of either case match. */
  readonly isCaseless?: boolean
  /** A dot takes newlines too, as in all functions of ClickHouse. */
  readonly isDotAll?: boolean
}

// A pattern that begins with a repetition is tried from every place: quadratic, which V8 does not
// notice. In texts of up to so many units that is less than a millisecond.
const REGEXP_UNITS_MAX = 1000

let isV8Told = false

/** Compiles a pattern. Throws FunctionError for what RE2 does not take. */
export function compilePattern(pattern: string, options: PatternOptions = {}): Pattern {
  const isCaseless = options.isCaseless ?? false
  const isDotAll = options.isDotAll ?? true
  let slow: RE2JS | null = null
  const re2 = (): RE2JS => (slow ??= compileRe2(pattern, isCaseless, isDotAll))
  const source = re2ToRegExp(pattern, isCaseless, isDotAll)
  if (source === null) return new Re2Pattern(re2())
  if (!isV8Told) {
    v8.setFlagsFromString('--enable-experimental-regexp-engine-on-excessive-backtracks')
    isV8Told = true
  }
  try {
    return new FastPattern(source, re2, () => re2ToRegExp(pattern, isCaseless, isDotAll, true)?.text ?? source.text)
  } catch {
    return new Re2Pattern(re2()) // which says what is wrong
  }
}

/** Which argument of a function is a regular expression, or an array of some. */
export const PATTERN_AT: Readonly<Record<string, number>> = {
  match: 1, extract: 1, extractAll: 1, regexpExtract: 1, extractGroups: 1, extractAllGroupsVertical: 1,
  extractAllGroupsHorizontal: 1, countMatches: 1, countMatchesCaseInsensitive: 1, replaceRegexpAll: 1, replaceRegexpOne: 1,
  splitByRegexp: 0, multiMatchAny: 1, multiMatchAnyIndex: 1, multiMatchAllIndices: 1, regexpPosition: 1,
}

/** Throws FunctionError for what RE2 does not take. */
export function compileRe2(pattern: string, isCaseless: boolean, isDotAll: boolean): RE2JS {
  const flags = (isCaseless ? RE2JS.CASE_INSENSITIVE : 0) | (isDotAll ? RE2JS.DOTALL : 0)
  try {
    return RE2JS.compile(pattern, flags)
  } catch (error) {
    throw new FunctionError(`Cannot compile the regular expression '${pattern}': `
      + (error as Error).message, 'CANNOT_COMPILE_REGEXP')
  }
}

class Re2Pattern implements Pattern {
  private readonly re2: RE2JS

  constructor(re2: RE2JS) {
    this.re2 = re2
  }

  get groupCount(): number {
    return this.re2.groupCount()
  }

  test(text: string): boolean {
    return this.re2.matcher(text).find()
  }

  exec(text: string, from: number): Match | null {
    const matcher = this.re2.matcher(text)
    if (!(from === 0 ? matcher.find() : matcher.find(from))) return null
    const match: number[] = []
    for (let group = 0; group <= this.groupCount; group++) {
      match.push(matcher.start(group), matcher.end(group))
    }
    return match
  }
}

type Source = NonNullable<ReturnType<typeof re2ToRegExp>>

class FastPattern implements Pattern {
  private readonly whole: Finder
  private readonly source: Source
  private readonly re2: () => RE2JS
  private readonly rawText: () => string
  private slow: Re2Pattern | null = null
  private raw: Finder | null = null
  /** The text that was asked last, and how. */
  private lastText = ''
  private lastWay: Finder | null

  /** `rawText`: the source for texts with bytes that are no characters. */
  constructor(source: Source, re2: () => RE2JS, rawText: () => string) {
    this.source = source
    this.re2 = re2
    this.rawText = rawText
    this.whole = this.lastWay = finderOf(source.text)
  }

  get groupCount(): number {
    return this.source.groupCount
  }

  test(text: string): boolean {
    return this.wayOf(text)?.tester.test(text) ?? this.slowPattern().test(text)
  }

  exec(text: string, from: number): Match | null {
    const way = this.wayOf(text)
    if (way === null) return this.slowPattern().exec(text, from)
    way.finder.lastIndex = from
    const found = way.finder.exec(text)
    if (found === null) return null
    const match: number[] = []
    for (const span of found.indices ?? []) match.push(span?.[0] ?? -1, span?.[1] ?? -1)
    return match
  }

  /** Null: by a real RE2. */
  private wayOf(text: string): Finder | null {
    if (text !== this.lastText) {
      this.lastWay = this.newWayOf(text)
      this.lastText = text
    }
    return this.lastWay
  }

  private newWayOf(text: string): Finder | null {
    if (this.source.repeats && text.length > REGEXP_UNITS_MAX) return null
    if (!this.source.hasSets) return this.whole
    if (/\p{Surrogate}/u.test(text)) return this.raw ??= finderOf(this.rawText())
    // A dot is a code point; without flags V8 takes halves of those beyond 16 bits.
    return /[\ud800-\udbff]/.test(text) ? null : this.whole
  }

  private slowPattern(): Re2Pattern {
    return this.slow ??= new Re2Pattern(this.re2())
  }
}

type Finder = { readonly tester: RegExp; readonly finder: RegExp }

const finderOf = (source: string): Finder => ({ tester: new RegExp(source, 'd'), finder: new RegExp(source, 'dg') })

/** All matches of a pattern in a text, from left to right; an empty one moves on by a code point. */
export function* matchesOf(pattern: Pattern, text: string): Generator<Match> {
  let from = 0
  while (from <= text.length) {
    const match = pattern.exec(text, from)
    if (match === null) return
    yield match
    from = match[1] > match[0] ? match[1] : match[1] + ((text.codePointAt(match[1]) ?? 0) > 0xffff ? 2 : 1)
  }
}

/** A group of a match as text; '' where it took no part. */
export const groupText = (text: string, match: Match, group: number): string =>
  (match[2 * group] < 0 ? '' : text.slice(match[2 * group], match[2 * group + 1]))
