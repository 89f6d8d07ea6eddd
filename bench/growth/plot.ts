// A plot of lines over rows as SVG, both axes logarithmic, for the README: no library, no script.
// Invariant: a value of zero or less has no place on a logarithmic axis and is left out.

export type Series = { readonly name: string; readonly points: readonly (readonly [number, number])[] }

const WIDTH = 760
const HEIGHT = 420
const LEFT = 70
const RIGHT = 200
const TOP = 40
const BOTTOM = 50
const COLOURS = ['#3366cc', '#dc3912', '#ff9900', '#109618', '#990099', '#0099c6', '#5574a6', '#8b0707']

const escape = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;')

/** Powers of ten that span the values. */
function decades(values: readonly number[]): readonly [number, number] {
  const low = Math.floor(Math.log10(Math.min(...values)))
  const high = Math.ceil(Math.log10(Math.max(...values)))
  return [low, high === low ? low + 1 : high]
}

/** 0.01, 1, 1,000, 1 M: a tick's label. */
function label(value: number): string {
  return value >= 1e6 ? `${value / 1e6} M` : value.toLocaleString('en-US', { maximumFractionDigits: 6 })
}

/** The SVG text of a plot; `unit` stands beside the vertical axis. Throws RangeError without points. */
export function plot(title: string, unit: string, series: readonly Series[]): string {
  const points = series.flatMap((line) => line.points).filter(([x, y]) => x > 0 && y > 0)
  if (points.length === 0) throw new RangeError('a plot needs a point above zero')
  const [left, right] = decades(points.map(([x]) => x))
  const [low, high] = decades(points.map(([, y]) => y))
  const x = (value: number) => LEFT + (Math.log10(value) - left) / (right - left) * (WIDTH - LEFT - RIGHT)
  const y = (value: number) => HEIGHT - BOTTOM
    - (Math.log10(value) - low) / (high - low) * (HEIGHT - TOP - BOTTOM)
  const parts = [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" font-family="sans-serif" font-size="12">`,
    `<rect width="${WIDTH}" height="${HEIGHT}" fill="white"/>`,
    `<text x="${LEFT}" y="22" font-size="15">${escape(title)}</text>`,
    `<text x="8" y="${TOP}">${escape(unit)}</text>`,
  ]
  const line = (x1: number, y1: number, x2: number, y2: number) => (
    `<line x1="${x1.toFixed(1)}" y1="${y1.toFixed(1)}" x2="${x2.toFixed(1)}" y2="${y2.toFixed(1)}" stroke="#ddd"/>`)
  for (let power = left; power <= right; power++) {
    const at = x(10 ** power)
    parts.push(line(at, TOP, at, HEIGHT - BOTTOM),
      `<text x="${at.toFixed(1)}" y="${HEIGHT - BOTTOM + 18}" text-anchor="middle">${label(10 ** power)}</text>`)
  }
  for (let power = low; power <= high; power++) {
    const at = y(10 ** power)
    parts.push(line(LEFT, at, WIDTH - RIGHT, at),
      `<text x="${LEFT - 6}" y="${(at + 4).toFixed(1)}" text-anchor="end">${label(10 ** power)}</text>`)
  }
  series.forEach(({ name, points: own }, index) => {
    const colour = COLOURS[index % COLOURS.length]
    const shown = own.filter(([a, b]) => a > 0 && b > 0)
    parts.push(`<polyline fill="none" stroke="${colour}" stroke-width="2" points="`
      + `${shown.map(([a, b]) => `${x(a).toFixed(1)},${y(b).toFixed(1)}`).join(' ')}"/>`,
    ...shown.map(([a, b]) => `<circle cx="${x(a).toFixed(1)}" cy="${y(b).toFixed(1)}" r="3" fill="${colour}"/>`),
    `<text x="${WIDTH - RIGHT + 12}" y="${TOP + 16 + index * 18}" fill="${colour}">${escape(name)}</text>`)
  })
  parts.push(`<text x="${(LEFT + WIDTH - RIGHT) / 2}" y="${HEIGHT - 10}" text-anchor="middle">events in the store</text>`,
    '</svg>')
  return `${parts.join('\n')}\n`
}
