// The functions that routes and jobs call: one Renderer per version of a project, found by the
// project itself. Invariant: a project is never changed after it was loaded, so what its Renderer
// has compiled stays right.

import type { Project } from '../project/definitions.ts'
import { RenderError } from './errors.ts'
import { Renderer, type Rendered, type RenderRequest } from './renderer.ts'

const renderers = new WeakMap<Project, Renderer>()

/** The Renderer of a project; goes when the project goes. */
export function rendererOf(project: Project): Renderer {
  let renderer = renderers.get(project)
  if (renderer === undefined) {
    renderer = new Renderer(project)
    renderers.set(project, renderer)
  }
  return renderer
}

type WithProject<Request> = Request & { readonly project: Project }

/** The statement that a call of a pipe runs. Throws RenderError. */
export function render(
  request: WithProject<Omit<RenderRequest, 'sql' | 'pipe'> & { readonly pipe: string }>,
): Rendered {
  return rendererOf(request.project).render(request)
}

/** The statement for SQL of a request, which may name data sources and pipes. Throws
 * RenderError. */
export function renderSql(
  request: WithProject<Omit<RenderRequest, 'pipe' | 'node'> & { readonly sql: string }>,
): Rendered {
  return rendererOf(request.project).render(request)
}

/** True for errors whose `message` and `status` are the answer to the caller. */
export const isParameterError = (error: unknown): error is RenderError =>
  error instanceof RenderError
