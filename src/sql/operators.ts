// The operators: which function each means, and how strongly it binds. Read by the parser and the
// printer, so that what one writes the other reads. Powers as in ClickHouse's ExpressionListParsers:
// a larger number binds tighter; operators of equal power group from the left.

export const POWER_LAMBDA = 1
export const POWER_TERNARY = 2
export const POWER_OR = 4
export const POWER_AND = 5
/** NOT takes everything that binds tighter than AND. */
export const POWER_NOT = 5
export const POWER_IS = 6
export const POWER_BETWEEN = 7
/** The comparisons, LIKE and IN share one power: `a = b LIKE c` is `(a = b) LIKE c`. */
export const POWER_COMPARE = 9
export const POWER_CONCAT = 10
export const POWER_PLUS = 11
export const POWER_TIMES = 12
/** Unary minus, and AT TIME ZONE. */
export const POWER_NEGATE = 13
/** `::`, `[...]`, `.1`. */
export const POWER_POSTFIX = 14
/** What needs no parentheses anywhere. */
export const POWER_ATOM = 15

export interface InfixOperator {
  /** ClickHouse's function of this operator. */
  readonly name: string
  readonly power: number
  /** As the printer writes it. */
  readonly symbol: string
}

const infix = (symbol: string, name: string, power: number): InfixOperator => ({ name, power, symbol })

/** Infix operators of one mark or word, by that spelling in capitals. */
export const INFIX: ReadonlyMap<string, InfixOperator> = new Map([
  ['OR', infix('OR', 'or', POWER_OR)],
  ['AND', infix('AND', 'and', POWER_AND)],
  ['=', infix('=', 'equals', POWER_COMPARE)],
  ['==', infix('=', 'equals', POWER_COMPARE)],
  ['!=', infix('!=', 'notEquals', POWER_COMPARE)],
  ['<>', infix('!=', 'notEquals', POWER_COMPARE)],
  ['<=>', infix('<=>', 'isNotDistinctFrom', POWER_COMPARE)],
  ['<', infix('<', 'less', POWER_COMPARE)],
  ['>', infix('>', 'greater', POWER_COMPARE)],
  ['<=', infix('<=', 'lessOrEquals', POWER_COMPARE)],
  ['>=', infix('>=', 'greaterOrEquals', POWER_COMPARE)],
  ['LIKE', infix('LIKE', 'like', POWER_COMPARE)],
  ['ILIKE', infix('ILIKE', 'ilike', POWER_COMPARE)],
  ['REGEXP', infix('REGEXP', 'match', POWER_COMPARE)],
  ['||', infix('||', 'concat', POWER_CONCAT)],
  ['+', infix('+', 'plus', POWER_PLUS)],
  ['-', infix('-', 'minus', POWER_PLUS)],
  ['*', infix('*', 'multiply', POWER_TIMES)],
  ['/', infix('/', 'divide', POWER_TIMES)],
  ['%', infix('%', 'modulo', POWER_TIMES)],
  ['MOD', infix('%', 'modulo', POWER_TIMES)],
  ['DIV', infix('DIV', 'intDiv', POWER_TIMES)],
])

/** How the printer writes a call of form `operator` with two or more arguments, by its name. */
export const INFIX_BY_NAME: ReadonlyMap<string, InfixOperator> = new Map([
  ...[...INFIX.values()].map((operator): [string, InfixOperator] => [operator.name, operator]),
  ['notLike', infix('NOT LIKE', 'notLike', POWER_COMPARE)],
  ['notILike', infix('NOT ILIKE', 'notILike', POWER_COMPARE)],
  ['isDistinctFrom', infix('IS DISTINCT FROM', 'isDistinctFrom', POWER_IS)],
])

/** Operators whose chains are one call: `a AND b AND c` is and(a, b, c). */
export const MERGED: ReadonlySet<string> = new Set(['and', 'or', 'concat'])

/** Operators that may be followed by ESCAPE, and those that compare with ANY and ALL. */
export const LIKES: ReadonlySet<string> = new Set(['like', 'ilike', 'notLike', 'notILike'])
export const COMPARISONS: ReadonlySet<string> = new Set([
  'equals', 'notEquals', 'less', 'greater', 'lessOrEquals', 'greaterOrEquals',
])
