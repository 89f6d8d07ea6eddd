// `pipit render PIPE`: the statement that a call runs.

import { render } from '../render/render.ts'
import { RenderError } from '../render/errors.ts'
import { loadProject } from '../project/load.ts'
import { CliError, print } from './terminal.ts'

export function runRender(pipe: string, options: { dir: string; param: Record<string, string> }): void {
  const { project } = loadProject(options.dir)
  try {
    print(render({ project, pipe, params: options.param }).sql)
  } catch (error) {
    if (error instanceof RenderError) throw new CliError(error.message)
    throw error
  }
}
