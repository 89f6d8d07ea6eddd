// Time zones of columns (`DateTime('Europe/Madrid')`): how far local time is from UTC, from the
// runtime's own tables. Asked once per distinct text, not per row.

const DAY_SECONDS = 86_400

const formats = new Map<string, Intl.DateTimeFormat>()

/** Seconds that `zone` is ahead of UTC at an instant. */
function offsetAt(zone: string, second: number): number {
  let format = formats.get(zone)
  if (format === undefined) {
    format = new Intl.DateTimeFormat('en-US', {
      timeZone: zone, hourCycle: 'h23', year: 'numeric', month: 'numeric', day: 'numeric',
      hour: 'numeric', minute: 'numeric', second: 'numeric', era: 'short',
    })
    formats.set(zone, format)
  }
  const parts: Record<string, string> = {}
  for (const { type, value } of format.formatToParts(second * 1000)) parts[type] = value
  const local = Date.UTC(Number(parts.year), Number(parts.month) - 1, Number(parts.day),
    Number(parts.hour), Number(parts.minute), Number(parts.second))
  return local / 1000 - second
}

/** Seconds to take from a local time (counted as if it were UTC) to get UTC. A time that clocks show twice is
 * the first of both; one that they skip is read with the offset from after the change, as in ClickHouse. */
export function zoneOffsetSeconds(zone: string, localSecond: number): number {
  const before = offsetAt(zone, localSecond - DAY_SECONDS)
  return offsetAt(zone, localSecond - before) === before ? before : offsetAt(zone, localSecond + DAY_SECONDS)
}
