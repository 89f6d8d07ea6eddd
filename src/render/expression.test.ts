import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseExpression } from './expression-parse.ts'
import { compileExpression } from './expression.ts'
import { Scope, type RequestScope } from './scope.ts'
import { Missing, repr, TemplateFault } from './values.ts'

function scope(params: Record<string, unknown> = {}): Scope {
  const request: RequestScope = {
    params, fixedParams: {}, secrets: { KEY: 's3cret' }, claims: { org: 'acme' },
      forcedBranch: null,
    hints: { maxThreads: null, cacheSeconds: null }, warnings: [],
  }
  return new Scope(request)
}
/** The value of a Python expression, as Python's repr() shows it. */
function show(text: string, params: Record<string, unknown> = {}): string {
  const value = compileExpression(parseExpression(text, 0))(scope(params))
  return value instanceof Missing ? `missing ${value.name}` : repr(value)
}
const fault = (text: string, params: Record<string, unknown> = {}): string => {
  try {
    return `no fault: ${show(text, params)}`
  } catch (error) {
    if (error instanceof TemplateFault) return error.message
    throw error
  }
}

describe('template expressions are Python', () => {
  it.each([
    // Each answer is what Python prints.
    ['1 + 2 * 3 - -4', '11'], ['7 // 2, -7 // 2, -7 % 3, 7 / 2', '(3, -4, 2, 3.5)'],
    ['2 ** 3 ** 2, -2 ** 2', '(512, -4)'], ['10 / 5', '2.0'], ['1.5 + 1', '2.5'],
    ['0x1F + 1_000', '1031'], ['"a" + \'b\' "c"', "'abc'"], ['"a" * 3', "'aaa'"],
    ['[1, 2] + [3]', '[1, 2, 3]'], ['(1,)', '(1,)'], ['()', '()'], ['1, 2', '(1, 2)'],
    ['{"a": 1, "b": [2]}', "{'a': 1, 'b': [2]}"], ['not 1 == 2', 'True'],
    ['1 < 2 < 3, 1 < 3 < 2', '(True, False)'],
      ['1 == 1.0, 1 == True, "1" == 1', '(True, True, False)'],
    ['"b" in "abc", 2 in [1, 2], "x" not in {"x": 1}', '(True, True, False)'],
    ['0 or "x", 1 and 2, None or 0', "('x', 2, 0)"], ['"y" if [] else "n"', "'n'"],
    ['None is None, 1 is not None', '(True, True)'],
      ['"abc"[0], "abc"[-1], [1, 2, 3][1:]', "('a', 'c', [2, 3])"],
    ['"abcdef"[1:4], "abcdef"[::-1], "abcdef"[-2:], "abcdef"[::2]',
      "('bcd', 'fedcba', 'ef', 'ace')"],
    ['{"a": 1}["a"]', '1'], ['len("héllo"), len([1]), len({"a": 1})', '(5, 1, 1)'],
    ['range(3), range(1, 4), range(4, 0, -2)', '([0, 1, 2], [1, 2, 3], [4, 2])'],
    ['int("42"), int(3.9), float("1.5"), str(1) + "x"', "(42, 3, 1.5, '1x')"],
    ['min(3, 1), max([1, 5]), sum([1, 2.5]), abs(-3)', '(1, 5, 3.5, 3)'],
    ['sorted(["b", "a"]), sorted([1, 2], reverse=True)', "(['a', 'b'], [2, 1])"],
    ['round(2.5), round(1.25, 1)', '(2, 1.2)'], ['any([0, 1]), all([])', '(True, True)'],
    ['[x * 2 for x in range(4) if x % 2 == 1]', '[2, 6]'],
    ['[a + b for a, b in zip("ab", "xy")]', "['ax', 'by']"],
    ['enumerate(["a"])', "[(0, 'a')]"], ['"a\\n\\x41\\u00e9\\\\"', "'a\\nAé\\\\'"],
      ['r"\\n"', "'\\\\n'"],
    ['"""a"b"""', "'a\"b'"], ['9007199254740993 + 1', '9007199254740994'], ['1e3', '1000.0'],
  ])('%s is %s', (text, expected) => {
    expect(show(text)).toBe(expected)
  })

  it.each([
    ['"Ab".upper() + "Ab".lower() + "ab".title()', "'ABabAb'"],
      ['" a ".strip(), "xax".lstrip("x")', "('a', 'ax')"],
    ['"a,b,c".split(","), "a b  c".split(), "a,b,c".split(",", 1)',
      "(['a', 'b', 'c'], ['a', 'b', 'c'], ['a', 'b,c'])"],
    ['"a.b.c".rsplit(".", 1)', "['a.b', 'c']"],
      ['"abc".startswith("a"), "abc".endswith(("x", "c"))', '(True, True)'],
    ['"aXbX".replace("X", "-"), "aXbX".replace("X", "-", 1)', "('a-b-', 'a-bX')"],
    ['", ".join(["a", "b"])', "'a, b'"], ['"{} {1} {{".format("a", 2)', "'a 2 {'"],
    ['"abc".find("c"), "abc".find("x"), "aab".count("a")', '(2, -1, 2)'],
      ['"12".isdigit(), "a1".isalnum()', '(True, True)'],
    ['"7".zfill(3)', "'007'"],
      ['{"a": 1}.get("a", 2), {}.get("a"), {}.get("a", 2)', '(1, None, 2)'],
    ['{"a": 1}.items(), {"a": 1}.keys()', "([('a', 1)], ['a'])"],
      ['[1, 1].count(1), [5, 6].index(6)', '(2, 1)'],
  ])('methods: %s', (text, expected) => {
    expect(show(text)).toBe(expected)
  })

  it('asks about a missing parameter without failing, and fails where it is used', () => {
    expect(show('defined(x), x == "a", x != "a", not x, x in ["a"]'))
      .toBe('(False, False, True, True, False)')
    expect(show('x')).toBe('missing x')
    expect(show('defined(x) and x == "a"', { x: 'a' })).toBe('True')
    expect(show('defined("x"), defined(String(x)), defined(y)',
      { x: '' })).toBe('(True, True, False)')
    for (const text of ['x + "a"', 'x > 1', 'x.upper()', 'len(x)', 'x[0]']) {
      expect(fault(text)).toContain('The parameter x (String) is required and missing')
    }
  })

  it('bit operators: bools stay bools, and they bind closer than comparisons', () => {
    expect(show('defined(x) & defined(y), defined(x) | defined(y), True ^ True', { x: 'a' }))
      .toBe('(False, True, False)')
    expect(show('6 & 3 | 8 ^ 1, 1 << 4 >> 1, 1 + 1 << 2, True & 3, -1 >> 1, 5 & 1 == 1'))
      .toBe('(11, 8, 8, 1, -1, True)')
    expect(fault('1 & 1.5')).toBe("& can't be applied to int and float")
    expect(fault('1 << -1')).toBe("<< can't shift by a negative number")
    expect(fault('1 << 5000')).toMatch(/too large/)
  })

  it('says what Python refuses', () => {
    expect(fault('"a" + 1'))
      .toBe("+ can't be applied to str and int; str(x) makes a text of a number")
    expect(fault('limit > 10', { limit: '20' })).toBe(
      "> can't compare str with int; give the parameter a type, such as Int32(name)")
    expect(fault('1 // 0')).toBe('division by zero')
    expect(fault('[1][3]')).toBe('index 3 is outside of 1 elements')
    expect(fault('{"a": 1}["b"]')).toBe('the dict has no key b')
    expect(fault('"a".uper()')).toBe('str has no method uper; did you mean upper?')
    expect(fault('Strin(x)')).toBe('unknown template function Strin; did you mean String?')
    expect(fault('a.b')).toBe("attributes can't be read; b must be a method call")
    expect(fault('"x" if limit else loop.first', {})).toBe("attributes can't be read; first must be a method call")
    expect(show('"x" if limit else loop.first', { limit: '1' })).toBe("'x'")
    expect(fault('1 +')).toBe('expected a value, found the end of the expression')
    expect(fault('(1')).toBe('expected ), found the end of the expression')
    expect(fault('"a')).toBe('the text that begins with " does not end')
  })

  it('reaches nothing of JavaScript', () => {
    for (const text of ['"a".constructor()', '[].__proto__()', '{}.constructor()', '"a".at(0)']) {
      expect(fault(text)).toMatch(/has no method/)
    }
    expect(fault('constructor("return 1")')).toMatch(/unknown template function/)
    expect(show('__proto__, toString, constructor')).toBe('(None, None, None)')
    expect(show('{"__proto__": 1}["__proto__"]')).toBe('1')
  })

  it('limits depth, size and time', () => {
    expect(fault('('.repeat(100) + '1' + ')'.repeat(100))).toMatch(/nested more than 60 levels/)
    expect(fault('not '.repeat(5_000) + '1')).toMatch(/too long/)
    expect(fault('1' + ' + 1'.repeat(5_000))).toMatch(/too long/)
    expect(fault('"a" * 10000000')).toMatch(/too large/)
    expect(fault('[1] * 10000000')).toMatch(/too large/)
    expect(fault('9 ** 9 ** 9')).toMatch(/too large/)
    expect(fault('range(1000000)')).toMatch(/at most 100000/)
    expect(fault('"ab".replace("a", "x" * 900000).replace("b", "y" * 900000)')).toMatch(/too large/)
    expect(fault('[1 for a in range(1000) for b in range(10)]')).toMatch(/expected/)
    expect(fault('[len([y for y in range(1000)]) for x in range(1000)]'))
      .toMatch(/loops run more than/)
  })

  it('never throws anything but a fault, whatever the text', () => {
    const token =
      fc.constantFrom('1', '1.5', '"a"', 'x', '(', ')', '[', ']', '{', '}', ',', ':', '.', '+', '-',
        '*',
      '/', '%', 'and', 'or', 'not', 'in', 'if', 'else', 'for', '==', '<', 'String(x)', 'len',
        'defined', "'", ' ')
    fc.assert(fc.property(fc.array(token, { maxLength: 25 }), tokens => {
      expect(typeof fault(tokens.join(' '), { x: 'v' })).toBe('string')
    }), { numRuns: 500 })
  })
})

describe('functions of templates', () => {
  it('measures time between dates', () => {
    expect(show('day_diff("2024-01-01", "2024-03-01"), day_diff("2024-01-02 23:00:00", ' +
      '"2024-01-01")')).toBe('(60, 1)')
    expect(show('date_diff_in_seconds("2022-12-19 18:42:22", "2022-12-19 19:42:34")')).toBe('3612')
    expect(show('date_diff_in_minutes("2022-12-19T18:42:23.521Z", "2022-12-19T18:58:23.521Z", ' +
      'date_format="%Y-%m-%dT%H:%M:%S.%fz")')).toBe('16')
    expect(show('date_diff_in_hours("2022-12-19", "2022-12-20 06:00:00"), ' +
      'date_diff_in_days("2022-12-19", "2022-12-25")')).toBe('(30, 6)')
    expect(show('date_diff_in_hours("x", "2022-12-20", none_if_error=True)')).toBe('None')
    expect(fault('date_diff_in_hours(a, "2022-12-20")', { a: 'soon' })).toBe(
      "a is 'soon', which is no date of the form %Y-%m-%d %H:%M:%S")
    expect(fault('day_diff(a, "2022-12-20")')).toMatch(/parameter a .* missing/)
  })

  it('splits texts and marks the last item', () => {
    expect(show('split_to_array(x, "d"), split_to_array("a | b", separator="|")'))
      .toBe("(['d'], ['a', 'b'])")
    expect(show('enumerate_with_last([1, 2])')).toBe('[(False, 1), (True, 2)]')
  })

  it('reads secrets, claims, JSON and dicts', () => {
    expect(show('tb_secret("KEY"), tb_secret("NO", "d"), tb_var("KEY")'))
      .toBe("('s3cret', 'd', 's3cret')")
    expect(fault('tb_secret("NO")')).toContain('pipit secret set NO')
    expect(show('jwt_claim("org"), claims["org"], jwt_claim("x", "d")'))
      .toBe("('acme', 'acme', 'd')")
    expect(show('JSON(f, "[]"), JSON(g)[0].get("a")',
      { g: '[{"a": [1, 2.5, null, "x"]}]' })).toBe("([], [1, 2.5, None, 'x'])")
    expect(show('JSON(f)["a"]', { f: { a: true } })).toBe('True')
    expect(fault('JSON(f)',
      { f: '{' })).toBe("The parameter f is '{', which is no JSON; expected JSON text such as " +
        "{\"a\": 1}")
    expect(show('get(x, "d"), get(y, "d"), get({"a": 1}, "a")', { y: 'v' })).toBe("('d', 'v', 1)")
    expect(fault('min_length(x, 3)', { x: 'ab' })).toBe('x has 2 characters; at least 3 are needed')
  })

  it('raises the template\'s own errors with their status', () => {
    const raised = (text: string): [string, number] => {
      try {
        compileExpression(parseExpression(text, 0))(scope())
      } catch (error) {
        if (error instanceof TemplateFault) return [error.message, error.status]
      }
      return ['', 0]
    }
    expect(raised('error("no start_date")')).toEqual(['no start_date', 400])
    expect(raised('custom_error({"error": "gone", "id": 1}, 410)'))
      .toEqual(['{"error": "gone", "id": 1}', 410])
    expect(raised('custom_error("x", 200)')).toEqual(['x', 400])
  })
})
