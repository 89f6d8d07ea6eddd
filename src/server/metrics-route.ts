// GET /metrics.

import { requireScope, type Call } from './context.ts'
import type { HttpAnswer } from './http.ts'

/** GET /metrics */
export async function getMetrics(call: Call): Promise<HttpAnswer> {
  requireScope(call, 'ADMIN', '')
  const { type, text } = await call.context.metrics.text()
  return { status: 200, headers: { 'Content-Type': type }, body: text }
}
