// Texts of web pages: what a reader sees of HTML.
// Invariant: runs of white space between words are one space; nothing here refuses broken HTML.

import { textFunction } from '../base/define-text.ts'
import type { FunctionDef } from '../values/function.ts'

/** Where a construct that starts at `at` is over; the end where it never is. */
function after(text: string, at: number, mark: string): number {
  const end = text.indexOf(mark, at)
  return end < 0 ? text.length : end + mark.length
}

/** The text outside of tags, comments, scripts and styles; CDATA as it stands. */
function visible(html: string): string {
  let out = ''
  let isGap = false
  const add = (text: string): void => {
    if (isGap && out !== '') out += ' '
    isGap = false
    out += text
  }
  for (let at = 0; at < html.length;) {
    if (html.startsWith('<![CDATA[', at)) {
      const end = after(html, at, ']]>')
      add(html.slice(at + 9, end === html.length && !html.endsWith(']]>') ? end : end - 3))
      at = end
    } else if (html.startsWith('<!--', at)) {
      // A comment that never ends is text.
      at = html.includes('-->', at) ? after(html, at, '-->') : at + 4
    } else if (html[at] === '<') {
      const name = /^<(script|style)[\s>/]/i.exec(html.slice(at, at + 10))?.[1].toLowerCase()
      const isOwn = name !== undefined && !/\/>$/.test(html.slice(at, after(html, at, '>')))
      at = after(html, isOwn ? after(html, at, `</${name}`) : at, '>')
      isGap = true
    } else {
      const end = /[<\s]/.exec(html.slice(at))
      const to = end === null ? html.length : at + end.index
      if (to > at) add(html.slice(at, to))
      at = to
      while (/\s/.test(html[at] ?? '')) {
        isGap = true
        at++
      }
    }
  }
  return out
}

export const HTML: readonly FunctionDef[] = [textFunction('extractTextFromHTML', visible)]
