// What bench/load asks of a server: requests as text, line by line.

import { EventGenerator, FIRST_SECOND, formatSecond, LAST_SECOND, seededRandom, userCount } from '../generator.ts'

/** Different requests of a line: more than there are connections, few enough to hold as text. */
const DIFFERENT = 4096
const CONNECTIONS = [1, 16, 64, 256]
/** The line that calls all three endpoints. */
export const MIX = 'three endpoints'
const HOUR = 3600
/** Rows of a large insert: about a megabyte. */
const LARGE_ROWS = 3500
const LARGE_BODIES = 16
/** Calls whose answers the client has already. */
const KNOWN = 64

export type Line = {
  readonly name: string
  readonly connections: number
  /** Rows that each request inserts. */
  readonly rowsEach: number
  readonly requests: readonly string[]
}

const get = (path: string, token: string, header = ''): string =>
  `GET ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer ${token}\r\n${header}\r\n`

function post(lines: string, token: string): string {
  return `POST /v0/events?name=app_events&wait=true HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer ${token}\r\n`
    + `Content-Length: ${Buffer.byteLength(lines)}\r\n\r\n${lines}`
}

/** Paths of the three endpoints, each with values of its own: a random user, or a random stretch of an hour
 * or a day. */
export const PATHS: Readonly<Record<string, (random: () => number, rows: number) => string>> = {
  session_insights: (random, rows) => `/v0/pipes/session_insights.json?user_id=user_${Math.floor(random() * userCount(rows))}`,
  feature_usage: (random) => `/v0/pipes/feature_usage.json?${stretch(random, 1)}`,
  active_users: (random) => `/v0/pipes/active_users.json?interval=1%20hour&${stretch(random, 24)}`,
}

function stretch(random: () => number, hours: number): string {
  const from = FIRST_SECOND + Math.floor(random() * (LAST_SECOND - FIRST_SECOND) / HOUR - hours) * HOUR
  return `start_date=${encodeURIComponent(formatSecond(from))}&end_date=${encodeURIComponent(formatSecond(from + hours * HOUR))}`
}

const pointPath = PATHS.session_insights

function mixedPath(random: () => number, rows: number): string {
  const kinds = Object.values(PATHS)
  return kinds[Math.floor(random() * kinds.length)](random, rows)
}

const list = <T>(length: number, make: () => T): T[] => Array.from({ length }, make)

/** Lines over a store of `rows` rows that differ in how many connections ask. */
export function endpointLines(token: string, rows: number): readonly Line[] {
  const random = seededRandom(7)
  const points = list(DIFFERENT, () => get(pointPath(random, rows), token))
  const mixed = list(DIFFERENT, () => get(mixedPath(random, rows), token))
  return [
    ...CONNECTIONS.map((connections) => ({ name: 'point endpoint', connections, rowsEach: 0, requests: points })),
    ...CONNECTIONS.map((connections) => ({ name: MIX, connections, rowsEach: 0, requests: mixed })),
  ]
}

export function insertLines(token: string): readonly Line[] {
  const generator = new EventGenerator('app_events', DIFFERENT * 101, 11)
  const one = list(DIFFERENT, () => post(generator.next(1), token))
  const hundred = list(DIFFERENT, () => post(generator.next(100), token))
  return [
    ...CONNECTIONS.map((connections) => ({ name: 'insert 1 row', connections, rowsEach: 1, requests: one })),
    { name: 'insert 100 rows', connections: 64, rowsEach: 100, requests: hundred },
  ]
}

/** Inserts beside readers: bodies of about a megabyte. */
export function largeInserts(token: string): readonly string[] {
  const generator = new EventGenerator('app_events', LARGE_BODIES * LARGE_ROWS, 13)
  return list(LARGE_BODIES, () => post(generator.next(LARGE_ROWS), token))
}

/** Calls that name the ETag of their answer, which `etagOf` finds. */
export async function knownCalls(token: string, rows: number, etagOf: (path: string) => Promise<string>): Promise<string[]> {
  const random = seededRandom(17)
  const paths = list(KNOWN, () => pointPath(random, rows))
  const calls: string[] = []
  for (const path of paths) calls.push(get(path, token, `If-None-Match: ${await etagOf(path)}\r\n`))
  return calls
}
