// Seeded events of the two benchmark data sets as NDJSON, in pieces of any size: the same seed gives
// the same bytes. Demo, tests and benchmarks draw from here.
//
//   app_events   5,000 sessions are open at any time; an event belongs to a random one and closes it
//                with probability 1/12; users by a squared-uniform skew; time rises.
//   hard_events  unique ids, unique metadata, keys in three orders, extra and missing keys, JSON
//                numbers and booleans, timestamps random over the two years.

const EVENT_TYPES = ['click', 'view', 'scroll', 'submit', 'hover', 'search', 'download', 'upload', 'share', 'error']
const FEATURES = [
  'dashboard', 'reports', 'settings', 'billing', 'search', 'export', 'import', 'profile', 'team', 'api',
  'alerts', 'charts', 'filters', 'integrations', 'onboarding', 'help',
]
const DEVICES = ['desktop', 'mobile', 'tablet']
const BROWSERS = ['Chrome', 'Safari', 'Firefox', 'Edge', 'Opera']
const SYSTEMS = ['Windows', 'macOS', 'iOS', 'Android', 'Linux']
const LOCATIONS = [
  'US', 'DE', 'GB', 'FR', 'IN', 'BR', 'JP', 'CA', 'AU', 'ES', 'IT', 'NL', 'SE', 'PL', 'MX', 'KR', 'ZA', 'AR', 'CH', 'NO',
]
const TIERS = ['free', 'basic', 'pro', 'enterprise']
const VERSIONS = ['1.0', '1.1', '1.2', '2.0', '2.1', '3.0']

/** Sessions open at any time; at the start of a small set fewer, so that sessions still end. */
const OPEN_SESSIONS = 5000
const CLOSE_ONE_IN = 12

export const FIRST_SECOND = Date.UTC(2023, 0, 1) / 1000
export const LAST_SECOND = Date.UTC(2024, 11, 31, 23, 59, 59) / 1000

export type EventSet = 'app_events' | 'hard_events'

/** A number in [0, 1) at each call (mulberry32). */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296
  }
}

const two = (value: number): string => value < 10 ? `0${value}` : `${value}`

/** Seconds since 1970 as `YYYY-MM-DD hh:mm:ss` (UTC). */
export function formatSecond(second: number): string {
  const at = new Date(second * 1000)
  return `${at.getUTCFullYear()}-${two(at.getUTCMonth() + 1)}-${two(at.getUTCDate())} `
    + `${two(at.getUTCHours())}:${two(at.getUTCMinutes())}:${two(at.getUTCSeconds())}`
}

type Session = { id: string; user: number; device: string; browser: string; system: string; location: string }

/** Users of a set of `rows` events: one to fifty. */
export const userCount = (rows: number): number => Math.max(10, Math.floor(rows / 50))

/** Makes the events of a set in order; next(n) gives the next n lines, '' at the end. */
export class EventGenerator {
  readonly set: EventSet
  readonly rows: number
  private made = 0
  private sessionsMade = 0
  private readonly random: () => number
  private readonly open: Session[]

  constructor(set: EventSet, rows: number, seed = 1) {
    this.set = set
    this.rows = rows
    this.random = seededRandom(seed)
    const open = Math.min(OPEN_SESSIONS, Math.max(10, Math.floor(rows / 40)))
    this.open = Array.from({ length: open }, () => this.newSession())
  }

  /** Lines with their line ends. */
  next(count: number): string {
    const lines: string[] = []
    for (; lines.length < count && this.made < this.rows; this.made++) {
      lines.push(this.set === 'app_events' ? this.appEvent() : this.hardEvent())
    }
    return lines.length === 0 ? '' : `${lines.join('\n')}\n`
  }

  private pick<T>(from: readonly T[]): T { return from[Math.floor(this.random() * from.length)] }

  /** Product of two uniforms: the first values far more often than the last. */
  private skewed<T>(from: readonly T[]): T { return from[Math.floor(this.random() * this.random() * from.length)] }

  private uuid(): string {
    const word = () => Math.floor(this.random() * 4294967296).toString(16).padStart(8, '0')
    const text = word() + word() + word() + word()
    return `${text.slice(0, 8)}-${text.slice(8, 12)}-4${text.slice(13, 16)}-`
      + `${'89ab'[Math.floor(this.random() * 4)]}${text.slice(17, 20)}-${text.slice(20)}`
  }

  private newSession(): Session {
    const skew = this.random()
    const id = this.set === 'app_events' ? `sess_${this.sessionsMade}` : this.uuid()
    this.sessionsMade++
    return {
      id, user: Math.floor(skew * skew * userCount(this.rows)), device: this.skewed(DEVICES),
      browser: this.skewed(BROWSERS), system: this.skewed(SYSTEMS), location: this.skewed(LOCATIONS),
    }
  }

  private takeSession(): Session {
    const seat = Math.floor(this.random() * this.open.length)
    const session = this.open[seat]
    if (this.random() * CLOSE_ONE_IN < 1) this.open[seat] = this.newSession()
    return session
  }

  private appEvent(): string {
    const session = this.takeSession()
    const share = this.made / this.rows
    const time = formatSecond(Math.floor(FIRST_SECOND + share * (LAST_SECOND - FIRST_SECOND)))
    // 4 tiers x 6 versions x 100 durations: 2,400 distinct strings.
    const metadata = `{\\"tier\\":\\"${this.skewed(TIERS)}\\",\\"version\\":\\"${this.pick(VERSIONS)}\\",`
      + `\\"duration\\":${Math.floor(this.random() * 100)}}`
    return `{"event_id":"evt_${this.made}","user_id":"user_${session.user}","session_id":"${session.id}",`
      + `"event_type":"${this.skewed(EVENT_TYPES)}","feature":"${this.skewed(FEATURES)}","timestamp":"${time}",`
      + `"device_type":"${session.device}","browser":"${session.browser}","os":"${session.system}",`
      + `"location":"${session.location}","metadata":"${metadata}"}`
  }

  private hardEvent(): string {
    const session = this.takeSession()
    const second = Math.floor(FIRST_SECOND + this.random() * (LAST_SECOND - FIRST_SECOND))
    const metadata = JSON.stringify(JSON.stringify({
      tier: this.skewed(TIERS), n: this.made, nested: { a: this.random() < 0.5, b: [1, 2] },
      duration: Math.floor(this.random() * 1000), note: `said "hi" #${this.made}`,
    }))
    const head = [
      `"event_id":"${this.uuid()}"`, `"user_id":"user_${session.user}"`, `"session_id":"${session.id}"`,
      `"event_type":"${this.skewed(EVENT_TYPES)}"`, `"feature":"${this.skewed(FEATURES)}"`,
      `"timestamp":"${formatSecond(second)}"`, `"device_type":"${session.device}"`,
    ]
    const tail = [`"browser":"${session.browser}"`, `"os":"${session.system}"`, `"location":"${session.location}"`]
    if (this.random() < 0.1) {
      if (this.random() < 0.5) tail.splice(Math.floor(this.random() * 3), 1)
      else tail.push(`"score":${Math.floor(this.random() * 1000) / 10}`, `"beta":${this.random() < 0.5}`)
    }
    const keys = [...head, ...tail, `"metadata":${metadata}`]
    const order = this.made % 3
    if (order === 1) keys.reverse()
    else if (order === 2) keys.push(...keys.splice(0, 4))
    return `{${keys.join(',')}}`
  }
}
