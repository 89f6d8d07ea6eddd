// A node's template, compiled once and run per request. compose.ts runs it. Invariant: running it
// touches nothing but its own scope and writer, so one compiled template serves all requests.

import { bindTargets, compileExpression, type Eval } from './expression.ts'
import { TextChunk } from './lexical.ts'
import { iterable } from './operators.ts'
import { arrayParameters } from './parameter-docs.ts'
import { Scope, type RequestScope } from './scope.ts'
import { hasTemplateMark, parseTemplate } from './template-parse.ts'
import type { TemplateNode } from './template-tree.ts'
import { Missing, TemplateFault, truthy, type Value } from './values.ts'
import type { NodeText } from './slots.ts'
import { SqlWriter } from './writer.ts'

/** Runs a statement; answers 1 after break, 2 after continue, else 0. */
type Run = (scope: Scope, out: SqlWriter) => number

export type Template = {
  readonly nodes: readonly TemplateNode[]
  /** True where tags stand in SQL that does not begin with %. */
  readonly unmarked: boolean
  /** The most branches that an {% if %} has, its missing else counted; 1 without {% if %}. */
  readonly branchCount: number
  readonly run: (request: RequestScope) => NodeText
}

/** Compiles the SQL of a node. SQL without % is a template where tags stand in it outside of
 * quotes. Throws TemplateFault with an offset in `sql`. */
export function compileTemplate(sql: string): Template {
  const marked = hasTemplateMark(sql)
  if (!marked && !hasTags(sql)) return plainSql(sql)
  const nodes = parseTemplate(sql)
  const body = compileBody(nodes)
  const arrays = arrayParameters(nodes)
  return {
    nodes, unmarked: !marked, branchCount: mostBranches(nodes),
    run: request => {
      const scope = new Scope(request, arrays)
      const out = new SqlWriter()
      try {
        body(scope, out)
      } catch (error) {
        throw withOffset(error, scope.at)
      }
      return out.finish()
    },
  }
}

// Tags in quotes or comments of SQL that is no template are the SQL's own.
function hasTags(sql: string): boolean {
  if (!/\{[{%#]/.test(sql)) return false
  return /\{[{%#]/.test(sql.replace(/'(?:[^'\\]|\\.|'')*'|--[^\n]*|\/\*[\s\S]*?\*\//g, ''))
}

function plainSql(sql: string): Template {
  const chunk = new TextChunk(sql, 0)
  const out = new SqlWriter()
  out.text(chunk)
  const text = out.finish()
  return { nodes: [{ kind: 'text', chunk }], unmarked: false, branchCount: 1, run: () => text }
}

function withOffset(error: unknown, offset: number): unknown {
  // Of texts that JavaScript does not hold, and of lists within lists within lists.
  if (error instanceof RangeError) return new TemplateFault('the template makes a value that is too large', { offset, code: 'template-limit' })
  if (!(error instanceof TemplateFault) || error.offset >= 0) return error
  const { message, code, status, parameter, body } = error
  return new TemplateFault(message, { offset, code, status, parameter: parameter ?? undefined, body: body ?? undefined })
}

function compileBody(nodes: readonly TemplateNode[]): Run {
  const runs = nodes.map(compileNode)
  if (runs.length === 1) return runs[0]
  return (scope, out) => {
    for (let i = 0; i < runs.length; i++) {
      const signal = runs[i](scope, out)
      if (signal !== 0) return signal
    }
    return 0
  }
}

function compileNode(node: TemplateNode): Run {
  switch (node.kind) {
    case 'text': {
      const { chunk } = node
      return (_scope, out) => {
        out.text(chunk)
        return 0
      }
    }
    case 'value': {
      const { at } = node
      const value = compileExpression(node.expr)
      return (scope, out) => {
        if (out.inComment) return 0
        scope.at = at
        out.value(scope.placeholders ? placeholderFor(value, scope) : value(scope), at)
        return 0
      }
    }
    case 'set': {
      const { at, targets } = node
      const value = compileExpression(node.value)
      return scope => {
        scope.at = at
        if (!scope.placeholders) {
          bindTargets(scope, targets, value(scope))
          return 0
        }
        const found = placeholderFor(value, scope)
        for (const target of targets) {
          scope.set(target, targets.length === 1 ? found : new Missing(target, null))
        }
        return 0
      }
    }
    case 'if': return compileIf(node)
    case 'for': return compileFor(node)
    case 'while': return compileWhile(node)
    case 'try': return compileTry(node)
    case 'break': return () => 1
    case 'continue': return () => 2
  }
}

// When templates are checked there are no parameters: what can't be computed without them is an
// empty text. A default that does not fit its type is wrong even so.
function placeholderFor(value: Eval, scope: Scope): Value {
  try {
    const found = value(scope)
    return found instanceof Missing ? '' : found
  } catch (error) {
    if (error instanceof TemplateFault && error.code !== 'bad-default') return ''
    throw error
  }
}

function compileIf(node: Extract<TemplateNode, { kind: 'if' }>): Run {
  const branches = node.branches.map(branch => ({
    condition: branch.condition === null ? null : compileExpression(branch.condition),
    body: compileBody(branch.body),
  }))
  const branchCount = branchesOf(node)
  return (scope, out) => {
    const forced = scope.request.forcedBranch
    if (forced !== null) {
      const wanted = typeof forced === 'number' ? forced : forced(node.at)
      return branches[wanted % branchCount]?.body(scope, out) ?? 0
    }
    for (let i = 0; i < branches.length; i++) {
      const { condition, body } = branches[i]
      scope.at = node.at
      if (condition === null || truthy(condition(scope))) return body(scope, out)
    }
    return 0
  }
}

// A missing else is a branch as well, an empty one.
function branchesOf(node: Extract<TemplateNode, { kind: 'if' }>): number {
  const { branches } = node
  return branches[branches.length - 1].condition === null ? branches.length : branches.length + 1
}

function mostBranches(nodes: readonly TemplateNode[]): number {
  let most = 1
  for (const node of nodes) {
    if (node.kind === 'if') {
      most = Math.max(most, branchesOf(node),
        ...node.branches.map(branch => mostBranches(branch.body)))
    } else if (node.kind === 'for' || node.kind === 'while') {
      most = Math.max(most, mostBranches(node.body), mostBranches(node.orElse))
    } else if (node.kind === 'try') {
      most = Math.max(most, node.caught === null ? 1 : 2, mostBranches(node.caught?.body ?? []),
        mostBranches(node.body), mostBranches(node.orElse), mostBranches(node.last))
    }
  }
  return most
}

function compileFor(node: Extract<TemplateNode, { kind: 'for' }>): Run {
  const { at, targets } = node
  const list: Eval = compileExpression(node.list)
  const body = compileBody(node.body)
  const orElse = compileBody(node.orElse)
  return (scope, out) => {
    scope.at = at
    const items = scope.placeholders ? placeholderFor(list, scope) : list(scope)
    for (const item of iterable(items)) {
      scope.at = at
      scope.step()
      bindTargets(scope, targets, item)
      if (body(scope, out) === 1) return 0
    }
    return orElse(scope, out)
  }
}

function compileWhile(node: Extract<TemplateNode, { kind: 'while' }>): Run {
  const { at } = node
  const condition = compileExpression(node.condition)
  const body = compileBody(node.body)
  const orElse = compileBody(node.orElse)
  return (scope, out) => {
    // Without parameters nobody knows how often.
    if (scope.placeholders) return body(scope, out) === 1 ? 0 : orElse(scope, out)
    for (;;) {
      scope.at = at
      if (!truthy(condition(scope))) return orElse(scope, out)
      scope.step()
      if (body(scope, out) === 1) return 0
    }
  }
}

/** As in Python: what was written before the fault stays, and every except takes every fault but that of the limits. */
function compileTry(node: Extract<TemplateNode, { kind: 'try' }>): Run {
  const { caught } = node
  const body = compileBody(node.body)
  const except = caught === null ? null : compileBody(caught.body)
  const orElse = compileBody(node.orElse)
  const last = compileBody(node.last)
  const attempt: Run = (scope, out) => {
    try {
      const signal = body(scope, out)
      if (signal !== 0) return signal
    } catch (error) {
      if (except === null || !(error instanceof TemplateFault) || error.code === 'template-limit') throw error
      if (caught?.name) scope.set(caught.name, error.message)
      return except(scope, out)
    }
    return orElse(scope, out)
  }
  return (scope, out) => {
    const forced = scope.request.forcedBranch
    const isCaught = forced !== null && except !== null && (typeof forced === 'number' ? forced : forced(node.at)) % 2 === 1
    if (isCaught && caught?.name) scope.set(caught.name, '')
    let signal = 0
    let ended = 0
    try {
      signal = isCaught && except !== null ? except(scope, out) : attempt(scope, out)
    } finally {
      ended = last(scope, out)
    }
    return ended || signal
  }
}
