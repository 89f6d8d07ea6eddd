// Texts that look like those of real events, by the name of their column: addresses, browsers, countries,
// ids out of a small pool so that rows of several data sources meet in joins.

import type { RowMaker } from './row-maker.ts'

const CHROME = 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0.0.0 Safari/537.36'
const IPHONE = 'Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.0 Mobile/15E148 Safari/604.1'

/** By what a column's name holds, first match first. */
const POOLS: readonly (readonly [RegExp, readonly string[]])[] = [
  [/user.?agent/i, [CHROME, IPHONE, 'Mozilla/5.0 (Windows NT 10.0; rv:121.0) Gecko/20100101 Firefox/121.0', 'Googlebot/2.1', '']],
  [/referr?er/i, ['https://www.google.com/search?q=a', 'https://news.ycombinator.com/', '', 'https://example.com/']],
  [/href|url|link|domain|host|site/i, ['https://www.example.com/blog/post-1?utm_source=x&page=2', 'https://shop.example.co.uk/cart#top',
    'http://example.com/', 'https://example.com/docs/a%20b']],
  [/path|route|page/i, ['/', '/blog/post-1', '/pricing', '/docs/start', '/cart']],
  [/e?mail/i, ['ann@example.com', 'bob@example.org', 'cleo@mail.example.com']],
  [/country/i, ['US', 'ES', 'DE', 'JP']], [/city/i, ['Madrid', 'New York', 'Tokyo', 'Berlin']],
  [/locale|lang/i, ['en-US', 'es-ES', 'de', 'fr-CA']], [/device/i, ['desktop', 'mobile-ios', 'mobile-android']],
  [/browser/i, ['chrome', 'safari', 'firefox']], [/ip$|address/i, ['10.0.0.1', '192.168.1.20', '203.0.113.9']],
  [/currency/i, ['EUR', 'USD']], [/method/i, ['GET', 'POST']], [/level|severity/i, ['info', 'warning', 'error']],
  [/status|state/i, ['active', 'done', 'failed', '200', '404']], [/version/i, ['1.0.0', '1.2.0', '2.0.0-beta']],
  [/date|time|_at$/i, ['2024-02-29 10:00:00', '2024-03-31 01:30:00', '2023-12-31 23:59:59']],
  [/name|title/i, ['Ann', 'Bob', 'Cleo', 'Éva', '']], [/type|event|action|kind/i, ['view', 'click', 'purchase']],
]
const WORDS = ['alpha', 'beta', 'gamma', 'delta', 'épsilon', '']
/** Ids of one kind are among this many, whatever data source they are in. */
const IDS = 20
/** How often a column holds a text that SQL compares it with. */
const HINT_SHARE = 0.7

export function plainText(column: string, { hints, random }: RowMaker): string {
  const pick = (list: readonly string[]): string => list[Math.floor(random() * list.length)]
  const compared = hints.texts.get(column)
  if (compared !== undefined && random() < HINT_SHARE) return pick(compared)
  if (/uuid/i.test(column)) return `61f0c404-5cb3-41e7-907b-a6006ad3${(0x1000 + Math.floor(random() * IDS)).toString(16)}`
  if (/(^|_)id$|Id$|session|token|sku/i.test(column)) return `${column}_${Math.floor(random() * IDS)}`
  return pick(POOLS.find(([pattern]) => pattern.test(column))?.[1] ?? WORDS)
}
