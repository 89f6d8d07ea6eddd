// Floats as ClickHouse writes them.

/** ClickHouse's text of a double: shortest that reads back, exponents only beyond 21 digits. */
export function floatText(value: number): string {
  if (Number.isNaN(value)) return 'nan'
  if (!Number.isFinite(value)) return value > 0 ? 'inf' : '-inf'
  if (Object.is(value, -0)) return '-0'
  return String(value).replace('e+', 'e')
}

/** The same of a single: as few digits as tell it from its neighbours. */
export function float32Text(value: number): string {
  if (!Number.isFinite(value) || value === 0) return floatText(value)
  for (let digits = 1; digits <= 9; digits++) {
    const short = Number(value.toPrecision(digits))
    if (Math.fround(short) === value) return floatText(short)
  }
  return floatText(value)
}
