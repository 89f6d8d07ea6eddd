// /v0/pipes/openapi.json: an OpenAPI 3 document of the endpoints that the token may call.

import type { PipeDef } from '../project/definitions.ts'
import type { ParamDoc } from '../render/parameter-docs.ts'
import { rendererOf } from '../render/render.ts'
import { jsonAnswer } from './answer.ts'
import type { Call } from './context.ts'
import type { HttpAnswer } from './http.ts'
import { allows } from './tokens.ts'
import { Turns } from './turns.ts'

function schemaOf({ type, enum: values, default: value }: ParamDoc) {
  const schema = /^(Int|UInt|Integer)/.test(type) ? { type: 'integer' }
    : /^Float/.test(type) ? { type: 'number' }
      : /^Bool/.test(type) ? { type: 'boolean' }
        : type === 'Date' ? { type: 'string', format: 'date' } : { type: 'string' }
  return { ...schema, ...(values === null ? {} : { enum: values }), ...(value === null ? {} : { default: value }) }
}

function pathOf(pipe: PipeDef, params: readonly ParamDoc[]) {
  const [summary] = pipe.description.trim().split('\n')
  return {
    get: {
      operationId: pipe.name, summary, tags: pipe.tags, description: pipe.description.trim(),
      parameters: params.map((param) => ({
        name: param.name, in: 'query', required: param.required && param.default === null,
        description: param.description, schema: schemaOf(param),
        ...(param.example === null ? {} : { example: param.example }),
      })),
      responses: {
        200: { description: 'The rows', content: { 'application/json': { schema: { $ref: '#/components/schemas/Result' } } } },
        400: { description: 'A parameter or the query is wrong' },
        403: { description: 'The token lacks the scope' },
      },
    },
  }
}

const RESULT = {
  type: 'object',
  properties: {
    meta: {
      type: 'array',
      items: { type: 'object', properties: { name: { type: 'string' }, type: { type: 'string' } } },
    },
    data: { type: 'array', items: { type: 'object' } },
    rows: { type: 'integer' }, rows_before_limit_at_least: { type: 'integer' },
    statistics: {
      type: 'object',
      properties: { elapsed: { type: 'number' }, rows_read: { type: 'integer' }, bytes_read: { type: 'integer' } },
    },
  },
}

/** GET /v0/pipes/openapi.json */
export async function getOpenApi(call: Call): Promise<HttpAnswer> {
  const { context, token, request } = call
  const project = context.project()
  const renderer = rendererOf(project)
  const turns = new Turns()
  const paths: Record<string, unknown> = {}
  for (const pipe of project.pipes.values()) {
    if (pipe.type !== 'endpoint' || !allows(token, 'PIPES:READ', pipe.name)) continue
    paths[`/v0/pipes/${pipe.name}.json`] = pathOf(pipe, renderer.describe(pipe.name))
    if (turns.isOver()) await turns.next()
  }
  const host = request.header('host')
  return jsonAnswer(200, {
    openapi: '3.0.3',
    info: { title: context.workspace.name, version: context.version },
    servers: host === '' ? [] : [{ url: `http://${host}` }],
    security: [{ bearer: [] }, { query: [] }],
    paths,
    components: {
      schemas: { Result: RESULT },
      securitySchemes: {
        bearer: { type: 'http', scheme: 'bearer' }, query: { type: 'apiKey', in: 'query', name: 'token' },
      },
    },
  })
}
