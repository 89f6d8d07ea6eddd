// Python's operators over template values. Called by the closures that expression.ts makes.
// Invariant: what Python refuses is refused here with a sentence, and no result is larger than the
// limits below.

import {
  Dict, Missing, missingFault, plain, TemplateFault, Tuple, typeName, type Value,
} from './values.ts'

/** Longest text and list that an expression may make: templates write SQL, not data. */
const TEXT_CHARS_MAX = 1_000_000
export const LIST_ITEMS_MAX = 100_000
// Digits of a whole number; beyond it `**` would only burn time.
const INTEGER_BITS_MAX = 1_024n

/** Values that one comparison looks at: lists may hold each other many times over. */
const COMPARED_MAX = 1_000_000

/** Python's ==. */
export function equals(left: Value, right: Value, budget = { left: COMPARED_MAX }): boolean {
  if (--budget.left < 0) throw tooLarge('list')
  const a = plain(left)
  const b = plain(right)
  if (isNumber(a) && isNumber(b)) return Number.isNaN(a) ? false : asNumeric(a) == asNumeric(b)
  const sameItems = (items: readonly Value[], others: readonly Value[]): boolean =>
    items.length === others.length && items.every((item, i) => equals(item, others[i], budget))
  if (Array.isArray(a) && Array.isArray(b)) return sameItems(a, b)
  if (a instanceof Tuple && b instanceof Tuple) return sameItems(a.items, b.items)
  if (a instanceof Dict && b instanceof Dict) {
    return a.entries.size === b.entries.size &&
      [...a.entries].every(([key, item]) =>
        b.entries.has(key) && equals(item, b.entries.get(key) ?? null, budget))
  }
  // A missing parameter equals nothing, only None.
  if (a instanceof Missing || b instanceof Missing) return a === null || b === null
  return a === b
}

const isNumber = (value: Value): value is number | bigint | boolean =>
  typeof value === 'number' || typeof value === 'bigint' || typeof value === 'boolean'

const asNumeric = (value: number | bigint | boolean): number | bigint =>
  typeof value === 'boolean' ? BigInt(value) : value

/** Negative, zero or positive as `left` sorts before, with or after `right`. */
export function compare(left: Value, right: Value, operator: string): number {
  const a = known(left)
  const b = known(right)
  if (isNumber(a) && isNumber(b)) {
    const [x, y] = [asNumeric(a), asNumeric(b)]
    return x < y ? -1 : x > y ? 1 : x == y ? 0 : NaN
  }
  if (typeof a === 'string' && typeof b === 'string') return a < b ? -1 : a > b ? 1 : 0
  const listA = itemsOrNull(a)
  const listB = itemsOrNull(b)
  if (listA !== null && listB !== null) {
    for (let i = 0; i < Math.min(listA.length, listB.length); i++) {
      if (!equals(listA[i], listB[i])) return compare(listA[i], listB[i], operator)
    }
    return listA.length - listB.length
  }
  throw new TemplateFault(`${operator} can't compare ${typeName(a)} with ${typeName(b)}` +
    (isNumber(a) !== isNumber(b) ? '; give the parameter a type, such as Int32(name)' : ''))
}

const itemsOrNull = (value: Value): readonly Value[] | null =>
  Array.isArray(value) ? value : value instanceof Tuple ? value.items : null

/** The plain value; a missing parameter is a fault here. */
export function known(value: Value): Value {
  const bare = plain(value)
  if (bare instanceof Missing) throw missingFault(bare)
  return bare
}

/** Python's `item in container`. */
export function contains(container: Value, item: Value): boolean {
  const bare = plain(container)
  const wanted = plain(item)
  if (bare instanceof Missing || wanted instanceof Missing) return false
  if (typeof bare === 'string') {
    if (typeof wanted === 'string') return bare.includes(wanted)
    throw new TemplateFault(`in can't search ${typeName(wanted)} in a str`)
  }
  if (bare instanceof Dict) return typeof wanted === 'string' && bare.entries.has(wanted)
  return iterable(bare).some(member => equals(member, wanted))
}

/** The items that a `for` goes through. */
export function iterable(value: Value): readonly Value[] {
  const bare = known(value)
  if (Array.isArray(bare)) return bare
  if (bare instanceof Tuple) return bare.items
  if (bare instanceof Dict) return [...bare.entries.keys()]
  if (typeof bare === 'string') return [...bare]
  throw new TemplateFault(`a list is expected, not ${typeName(bare)}`)
}

/** `left operator right` for + - * / // % ** & | ^ << >>. */
export function arithmetic(operator: string, left: Value, right: Value): Value {
  const a = known(left)
  const b = known(right)
  if (BIT_OPERATOR.test(operator)) return bits(operator, a, b)
  if (isNumber(a) && isNumber(b)) return numeric(operator, asNumeric(a), asNumeric(b))
  if (operator === '+') {
    if (typeof a === 'string' && typeof b === 'string') return limitText(a + b)
    if (Array.isArray(a) && Array.isArray(b)) return limitList([...a, ...b])
    if (a instanceof Tuple && b instanceof Tuple) {
      return new Tuple(limitList([...a.items, ...b.items]))
    }
  }
  if (operator === '*') {
    if (typeof b === 'bigint') return repeat(a, b)
    if (typeof a === 'bigint') return repeat(b, a)
  }
  throw unfit(operator, a, b)
}

const BIT_OPERATOR = /^([&|^]|<<|>>)$/

/** Whole numbers by their bits; of two bools & | ^ make a bool, so people write & for `and`. */
function bits(operator: string, left: Value, right: Value): Value {
  const isWhole = (value: Value): value is bigint | boolean =>
    typeof value === 'bigint' || typeof value === 'boolean'
  if (!isWhole(left) || !isWhole(right)) throw unfit(operator, left, right)
  const [a, b] = [BigInt(left), BigInt(right)]
  if (operator === '<<' || operator === '>>') {
    if (b < 0n) throw new TemplateFault(`${operator} can't shift by a negative number`)
    if (operator === '>>') return a >> b
    if (b > INTEGER_BITS_MAX) throw tooLarge('number')
    return limitInteger(a << b)
  }
  const result = operator === '&' ? a & b : operator === '|' ? a | b : a ^ b
  return typeof left === 'boolean' && typeof right === 'boolean' ? result === 1n : result
}

const unfit = (operator: string, left: Value, right: Value): TemplateFault => new TemplateFault(
  `${operator} can't be applied to ${typeName(left)} and ${typeName(right)}` +
  (operator === '+' ? '; str(x) makes a text of a number' : ''))

function repeat(value: Value, count: bigint): Value {
  const limit = BigInt(TEXT_CHARS_MAX) + 1n
  const times = Number(count < 0n ? 0n : count > limit ? limit : count)
  if (typeof value === 'string') {
    if (value.length * times > TEXT_CHARS_MAX) throw tooLarge('text')
    return value.repeat(times)
  }
  if (Array.isArray(value)) {
    if (value.length * times > LIST_ITEMS_MAX) throw tooLarge('list')
    return Array.from({ length: times }, () => value).flat()
  }
  throw new TemplateFault(`* can't be applied to ${typeName(value)} and int`)
}

function numeric(operator: string, a: number | bigint, b: number | bigint): Value {
  if (typeof a === 'bigint' && typeof b === 'bigint' && operator !== '/') {
    return integer(operator, a, b)
  }
  const x = Number(a)
  const y = Number(b)
  switch (operator) {
    case '+': return x + y
    case '-': return x - y
    case '*': return x * y
    case '**': return x ** y
  }
  if (y === 0) throw new TemplateFault('division by zero')
  if (operator === '/') return x / y
  return operator === '//' ? Math.floor(x / y) : x - y * Math.floor(x / y)
}

function integer(operator: string, a: bigint, b: bigint): Value {
  switch (operator) {
    case '+': return limitInteger(a + b)
    case '-': return limitInteger(a - b)
    case '*': return limitInteger(a * b)
    case '**':
      if (b < 0n) return Number(a) ** Number(b)
      if (b > INTEGER_BITS_MAX) throw tooLarge('number')
      return limitInteger(a ** b)
  }
  if (b === 0n) throw new TemplateFault('division by zero')
  // Python rounds down, BigInt towards zero.
  const rest = a % b
  const down = rest !== 0n && (rest < 0n) !== (b < 0n)
  return operator === '//' ? a / b - (down ? 1n : 0n) : rest + (down ? b : 0n)
}

function limitInteger(value: bigint): bigint {
  const limit = 1n << INTEGER_BITS_MAX
  if (value > limit || value < -limit) throw tooLarge('number')
  return value
}

/** `value`, or a fault where it is longer than a template may make. */
export function limitText(value: string): string {
  if (value.length > TEXT_CHARS_MAX) throw tooLarge('text')
  return value
}

/** `items`, or a fault where there are more than a template may make. */
export function limitList(items: Value[]): Value[] {
  if (items.length > LIST_ITEMS_MAX) throw tooLarge('list')
  return items
}

const tooLarge = (what: string): TemplateFault =>
  new TemplateFault(`the template makes a ${what} that is too large`, { code: 'template-limit' })

/** `-value`. */
export function negate(value: Value): Value {
  const bare = known(value)
  if (typeof bare === 'bigint') return -bare
  if (typeof bare === 'number') return -bare
  if (typeof bare === 'boolean') return bare ? -1n : 0n
  throw new TemplateFault(`- can't be applied to ${typeName(bare)}`)
}

/** `container[key]`. */
export function subscript(container: Value, key: Value): Value {
  const bare = known(container)
  const at = known(key)
  if (bare instanceof Dict) {
    const found = typeof at === 'string' ? bare.entries.get(at) : undefined
    if (found === undefined) throw new TemplateFault(`the dict has no key ${String(at)}`)
    return found
  }
  const items = typeof bare === 'string' ? [...bare] : itemsOrNull(bare)
  if (items === null) throw new TemplateFault(`${typeName(bare)} has no elements`)
  if (typeof at !== 'bigint') {
    throw new TemplateFault(`an index is a whole number, not ${typeName(at)}`)
  }
  const index = Number(at) < 0 ? items.length + Number(at) : Number(at)
  if (index < 0 || index >= items.length) {
    throw new TemplateFault(`index ${at} is outside of ${items.length} elements`)
  }
  return items[index]
}

/** `container[from:to:step]`. */
export function slice(container: Value, from: Value, to: Value, step: Value): Value {
  const bare = known(container)
  const items: readonly Value[] | null = typeof bare === 'string' ? [...bare] : itemsOrNull(bare)
  if (items === null) throw new TemplateFault(`${typeName(bare)} can't be sliced`)
  const stride = bound(step, 1)
  if (stride === 0) throw new TemplateFault('a slice step of 0 goes nowhere')
  const length = items.length
  const clamp = (index: number, low: number, high: number): number =>
    Math.min(Math.max(index < 0 ? index + length : index, low), high)
  const picked: Value[] = []
  if (stride > 0) {
    const end = clamp(bound(to, length), 0, length)
    for (let i = clamp(bound(from, 0), 0, length); i < end; i += stride) picked.push(items[i])
  } else {
    const end = to === null ? -1 : clamp(bound(to, 0), -1, length - 1)
    const start = clamp(bound(from, length - 1), -1, length - 1)
    for (let i = start; i > end; i += stride) picked.push(items[i])
  }
  if (typeof bare === 'string') return picked.join('')
  return bare instanceof Tuple ? new Tuple(picked) : picked
}

function bound(value: Value, fallback: number): number {
  const bare = known(value)
  if (bare === null) return fallback
  if (typeof bare === 'bigint') return Number(bare)
  throw new TemplateFault(`a slice bound is a whole number, not ${typeName(bare)}`)
}
