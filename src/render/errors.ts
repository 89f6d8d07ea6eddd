// The errors that leave render(): each with the HTTP status it means and the place it comes from.

import type { Place } from '../project/definitions.ts'
import type { FaultyParameter } from './values.ts'

/** A request that can't be rendered, or a template that is wrong. `message` is for the caller. */
export class RenderError extends Error {
  readonly status: number
  readonly code: string
  /** The place in the project; null for SQL that came with the request. */
  readonly place: Place | null
  /** JSON text that is the whole answer; null: the message is. */
  readonly body: string | null
  constructor(message: string, status: number, code: string, place: Place | null, body: string | null = null) {
    super(message)
    this.name = 'RenderError'
    this.status = status
    this.code = code
    this.place = place
    this.body = body
  }
}

/** A parameter that is missing or does not fit its type: 400. */
export class ParameterError extends RenderError {
  readonly parameter: string
  readonly type: string
  /** As the request gave it, cut at 80 characters; '' where it is missing. */
  readonly value: string
  constructor(
    message: string, code: string, place: Place | null,
    parameter: FaultyParameter,
  ) {
    super(message, 400, code, place)
    this.name = 'ParameterError'
    this.parameter = parameter.name
    this.type = parameter.type
    this.value = parameter.value
  }
}
