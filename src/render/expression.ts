// Trees of template expressions to closures, once per template; each call of an endpoint only runs
// them. No eval, no generated code: a template is input. Invariant: unknown functions are found
// here, before any request.

import { didYouMean } from '../sql/suggest.ts'
import { syntaxFault } from './expression-tokens.ts'
import type { Call, Expr } from './expression-tree.ts'
import { FUNCTIONS } from './functions.ts'
import { callMethod } from './methods.ts'
import {
  arithmetic, compare, contains, equals, iterable, negate, slice, subscript,
} from './operators.ts'
import {
  arrayParameter, jsonParameter, PARAMETER_TYPES, scalarParameter, type Declaration,
} from './parameters.ts'
import type { Scope } from './scope.ts'
import { checkCall } from './signatures.ts'
import {
  Dict, Missing, plain, TemplateFault, toText, truthy, Tuple, type Value,
} from './values.ts'

export type Eval = (scope: Scope) => Value

/** True where `name` can be called in a template. */
const SPECIAL: readonly string[] = ['defined', 'Array', 'JSON']

/** Compiles a tree. Throws TemplateFault for functions that do not exist. */
export function compileExpression(expr: Expr): Eval {
  switch (expr.kind) {
    case 'constant': {
      const { value } = expr
      return () => value
    }
    case 'name': {
      const { name } = expr
      return scope => scope.get(name)
    }
    case 'list': {
      const items = expr.items.map(compileExpression)
      return scope => items.map(item => item(scope))
    }
    case 'tuple': {
      const items = expr.items.map(compileExpression)
      return scope => new Tuple(items.map(item => item(scope)))
    }
    case 'dict': return compileDict(expr.entries)
    case 'not': {
      const value = compileExpression(expr.value)
      return scope => !truthy(value(scope))
    }
    case 'negate': {
      const value = compileExpression(expr.value)
      return scope => negate(value(scope))
    }
    case 'and': case 'or': return compileLogic(expr.kind, expr.left, expr.right)
    case 'arithmetic': {
      const { operator } = expr
      const left = compileExpression(expr.left)
      const right = compileExpression(expr.right)
      return scope => scope.made(arithmetic(operator, left(scope), right(scope)))
    }
    case 'compare': return compileComparison(expr.operators, expr.operands)
    case 'choice': {
      const [condition, yes, no] = [expr.condition, expr.yes, expr.no].map(compileExpression)
      return scope => truthy(condition(scope)) ? yes(scope) : no(scope)
    }
    case 'call': return compileCall(expr)
    case 'method': {
      const { name } = expr
      const self = compileExpression(expr.self)
      const args = expr.args.map(compileExpression)
      return scope => scope.made(callMethod(self(scope), name, args.map(arg => arg(scope))))
    }
    case 'attribute': {
      const { name, at } = expr
      return () => { throw new TemplateFault(`attributes can't be read; ${name} must be a method call`, { offset: at }) }
    }
    case 'index': {
      const self = compileExpression(expr.self)
      const key = compileExpression(expr.key)
      return scope => subscript(self(scope), key(scope))
    }
    case 'slice': {
      const self = compileExpression(expr.self)
      const [from, to, step] = [expr.from, expr.to, expr.step]
        .map(bound => bound === null ? (): Value => null : compileExpression(bound))
      return scope => scope.made(slice(self(scope), from(scope), to(scope), step(scope)))
    }
    case 'comprehension': return compileComprehension(expr)
  }
}

function compileDict(entries: readonly (readonly [Expr, Expr])[]): Eval {
  const compiled = entries.map(([key, value]) => [compileExpression(key), compileExpression(value)])
  return scope =>
    new Dict(new Map(compiled.map(([key, value]) => [toText(key(scope)), value(scope)])))
}

// Python's `and` and `or` answer one of their operands.
function compileLogic(kind: 'and' | 'or', leftExpr: Expr, rightExpr: Expr): Eval {
  const left = compileExpression(leftExpr)
  const right = compileExpression(rightExpr)
  const stopsAt = kind === 'or'
  return scope => {
    const value = left(scope)
    return truthy(value) === stopsAt ? value : right(scope)
  }
}

function compileComparison(operators: readonly string[], operands: readonly Expr[]): Eval {
  const values = operands.map(compileExpression)
  if (operators.length === 1) {
    const [left, right] = values
    const [operator] = operators
    return scope => compareOnce(operator, left(scope), right(scope))
  }
  return scope => {
    let left = values[0](scope)
    for (const [i, operator] of operators.entries()) {
      const right = values[i + 1](scope)
      if (!compareOnce(operator, left, right)) return false
      left = right
    }
    return true
  }
}

function compareOnce(operator: string, left: Value, right: Value): boolean {
  switch (operator) {
    case '==': return equals(left, right)
    case '!=': return !equals(left, right)
    case 'in': return contains(right, left)
    case 'not in': return !contains(right, left)
    case '<': return compare(left, right, operator) < 0
    case '<=': return compare(left, right, operator) <= 0
    case '>': return compare(left, right, operator) > 0
    default: return compare(left, right, operator) >= 0
  }
}

function compileComprehension(expr: Extract<Expr, { kind: 'comprehension' }>): Eval {
  const list = compileExpression(expr.list)
  const item = compileExpression(expr.item)
  const condition = expr.condition === null ? null : compileExpression(expr.condition)
  return scope => {
    const items: Value[] = []
    for (const value of iterable(list(scope))) {
      scope.step()
      bindTargets(scope, expr.targets, value)
      if (condition === null || truthy(condition(scope))) items.push(item(scope))
    }
    return items
  }
}

/** Sets the names of a `for` or `set` to a value, taken apart where there are several. */
export function bindTargets(scope: Scope, targets: readonly string[], value: Value): void {
  if (targets.length === 1) {
    scope.set(targets[0], value)
    return
  }
  const parts = iterable(value)
  if (parts.length !== targets.length) {
    throw new TemplateFault(`${targets.length} names are to be set from ${parts.length} values`)
  }
  targets.forEach((target, i) => scope.set(target, parts[i]))
}

// ---------------------------------------------------------------------------------------- calls

function compileCall(expr: Call): Eval {
  if (expr.name === 'defined') return compileDefined(expr)
  checkCall(expr)
  const type = PARAMETER_TYPES.get(expr.name)
  if (type !== undefined) {
    const { raw, declare } = compileParameter(expr, 1)
    return scope => scalarParameter(type, raw(scope), declare(scope), scope.placeholders)
  }
  if (expr.name === 'Array') return compileArray(expr)
  if (expr.name === 'JSON') {
    const { raw, declare } = compileParameter(expr, 1)
    return scope => jsonParameter(raw(scope), declare(scope), scope.placeholders)
  }
  const fn = FUNCTIONS.get(expr.name)
  if (fn === undefined) throw unknownFunction(expr)
  const args = expr.args.map(compileExpression)
  const named = [...expr.named].map(([key, value]) => [key, compileExpression(value)] as const)
  const names = expr.args.map(arg => arg.kind === 'name' ? arg.name : null)
  return scope => scope.made(fn({
    scope, names, args: args.map(arg => arg(scope)),
    named: new Map(named.map(([key, value]) => [key, value(scope)])),
  }))
}

function unknownFunction(expr: Call): TemplateFault {
  const names = [...PARAMETER_TYPES.keys(), ...FUNCTIONS.keys(), ...SPECIAL]
  const hint = didYouMean(expr.name, names)
  return syntaxFault(`unknown template function ${expr.name}${hint}`, expr.at)
}

/** `defined(x)`: true where the request or the template has a value for x. */
function compileDefined(expr: Call): Eval {
  const [first] = expr.args
  if (first === undefined) {
    throw syntaxFault('defined() needs the name of a parameter', expr.at)
  }
  const value = first.kind === 'constant' && typeof first.value === 'string'
    ? compileExpression({ kind: 'name', at: first.at, name: first.value })
    : compileExpression(first)
  return scope => {
    const found = plain(value(scope))
    return found !== null && !(found instanceof Missing)
  }
}

/** How a call declares its parameter; `fallbackIndex` is where the default may stand. */
function compileParameter(
  expr: Call, fallbackIndex: number,
): { raw: Eval; declare: (scope: Scope) => Declaration } {
  const [first] = expr.args
  if (first === undefined) {
    throw syntaxFault(
      `${expr.name}() needs the name of a parameter, such as ${expr.name}(name)`, expr.at)
  }
  const name = first.kind === 'name' ? first.name : null
  const fallbackExpr = expr.args[fallbackIndex] ?? expr.named.get('default')
  const fallback = fallbackExpr === undefined ? null : compileExpression(fallbackExpr)
  const optionalExpr = expr.named.get('defined')
  const optional = optionalExpr?.kind === 'constant' && optionalExpr.value === false
  const raw: Eval = name === null ? compileExpression(first) : scope => scope.given(name)
  // Most declarations are constant: one record serves all calls.
  if (fallbackExpr === undefined || fallbackExpr.kind === 'constant') {
    const value = fallbackExpr?.kind === 'constant' ? fallbackExpr.value : undefined
    const declaration: Declaration = { name, fallback: value, optional }
    return { raw, declare: () => declaration }
  }
  return {
    raw,
    declare: scope => ({
      name, optional, fallback: fallback === null ? undefined : fallback(scope),
    }),
  }
}

/** `Array(name, 'Int32', default)`; a second argument that is no type is the default. */
function compileArray(expr: Call): Eval {
  const second = expr.args[1]
  const typeText = second?.kind === 'constant' && typeof second.value === 'string' ? second.value
    : second?.kind === 'name' ? second.name : undefined
  const found = typeText === undefined ? undefined : PARAMETER_TYPES.get(typeText)
  const type = found ?? PARAMETER_TYPES.get('String')
  if (type === undefined) throw unknownFunction(expr)
  if (found === undefined && typeText !== undefined && expr.args.length > 2) {
    throw syntaxFault(`Array() does not know the type ${typeText}${didYouMean(typeText, PARAMETER_TYPES.keys())}`, second?.at ?? expr.at)
  }
  const { raw, declare } = compileParameter(expr, found === undefined && second !== undefined &&
    expr.args.length === 2 ? 1 : 2)
  return scope => arrayParameter(type, raw(scope), declare(scope), scope.placeholders)
}
