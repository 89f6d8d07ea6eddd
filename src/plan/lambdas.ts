// Higher-order functions: the lambda's parameters get their types from the other arguments, then
// its body is resolved, then the function's own type follows from the body's.

import type { DataType } from '../../storage/column/data-type.ts'
import type { Expression, FunctionCall, Lambda } from '../sql/ast.ts'
import { argInfoOf, checkArity, functionNamed, sessionType } from './calls.ts'
import { withSpan } from './errors.ts'
import { QueryError } from './plan.ts'
import type { Resolved } from './resolved.ts'
import type { Scope } from './scope.ts'

/** `resolve` is handed in: bodies hold expressions of any kind. */
export function typedHigherOrder(
  scope: Scope, expr: FunctionCall, resolve: (scope: Scope, expr: Expression) => Resolved,
): Resolved {
  const { analysis } = scope
  const def = functionNamed(expr.name, expr)
  const { lambdaParameters } = def
  if (lambdaParameters === undefined) {
    throw new QueryError(`Function ${def.name} takes no lambda`, expr, 'ILLEGAL_TYPE_OF_ARGUMENT')
  }
  if (expr.args.slice(1).some((arg) => arg.kind === 'lambda')) {
    throw new QueryError(`The lambda of ${def.name} stands first`, expr, 'ILLEGAL_TYPE_OF_ARGUMENT')
  }
  checkArity(def.name, def.arity, expr.args.length, expr)
  const plain = expr.args.map((arg) => (arg.kind === 'lambda' ? null : resolve(scope, arg)))
  const others = plain.filter((arg) => arg !== null).map((arg) => argInfoOf(analysis, arg))
  const types = withSpan(expr, () => lambdaParameters(others))
  const args = expr.args.map((arg, i) => plain[i] ?? lambdaOf(scope, arg as Lambda, types, resolve))
  const type = sessionType(analysis, withSpan(expr, () => def.returnType(args.map((arg) => argInfoOf(analysis, arg)))))
  const isVolatile = def.isVolatile === true
  return { kind: 'call', name: def.name, args, type, span: expr, isVolatile }
}

/** Arguments that name a lambda's alias are the lambda. */
export function withLambdas(scope: Scope, expr: FunctionCall): FunctionCall {
  const args = expr.args.map((arg): Expression => {
    const isName = arg.kind === 'identifier' && arg.parts.length === 1
    return (isName ? scope.findLambda(arg.parts[0]) : null) ?? arg
  })
  return args.every((arg, i) => arg === expr.args[i]) ? expr : { ...expr, args }
}

/** `f(a)` where f is the alias of a lambda: its body, the arguments in place of the parameters. */
export function calledLambda(
  scope: Scope, expr: FunctionCall, lambda: Lambda, resolve: (scope: Scope, expr: Expression) => Resolved,
): Resolved {
  if (lambda.params.length !== expr.args.length) {
    throw new QueryError(`The lambda ${expr.name} takes ${lambda.params.length} arguments, not `
      + `${expr.args.length}`, expr, 'NUMBER_OF_ARGUMENTS_DOESNT_MATCH')
  }
  if (scope.resolving.has(expr.name)) {
    throw new QueryError(`The lambda ${expr.name} calls itself`, expr, 'UNSUPPORTED_METHOD')
  }
  const values = expr.args.map((arg) => resolve(scope, arg))
  const outer = scope.lambdas
  scope.lambdas = [{ id: -1, names: lambda.params, types: values.map(({ type }) => type), values }]
  scope.resolving.add(expr.name)
  try {
    return resolve(scope, lambda.body)
  } finally {
    scope.resolving.delete(expr.name)
    scope.lambdas = outer
  }
}

function lambdaOf(
  scope: Scope, lambda: Lambda, types: readonly DataType[],
  resolve: (scope: Scope, expr: Expression) => Resolved,
): Resolved {
  if (lambda.params.length !== types.length) {
    throw new QueryError(`The lambda has ${lambda.params.length} parameters, the function gives it `
      + `${types.length}`, lambda, 'ILLEGAL_TYPE_OF_ARGUMENT')
  }
  const id = scope.analysis.newLambda()
  const outer = scope.lambdas
  scope.lambdas = [...outer, { id, names: lambda.params, types }]
  try {
    const body = resolve(scope, lambda.body)
    return { kind: 'lambda', id, parameterCount: lambda.params.length, body, type: body.type }
  } finally {
    scope.lambdas = outer
  }
}
