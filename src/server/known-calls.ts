// Calls of endpoints that come again and again, word for word: their parameters and rendered statement are
// kept, so that a dashboard's call costs no template. Invariant: what is kept was made of the same query
// string for the same token, version of the project and secrets, and is only read. A call is kept when it
// comes the second time: random ones leave nothing behind.

import type { Versions } from '../engine/versions.ts'
import type { Project } from '../project/definitions.ts'
import type { Rendered } from '../render/renderer.ts'
import type { Params } from './params.ts'
import type { Token } from './tokens.ts'

/** What a call asks for besides its endpoint. */
export type Asker = {
  readonly project: Project
  readonly token: Token
  readonly secrets: Readonly<Record<string, string>> | null
}

/** The last ETag of a call: its hash costs as much as everything else that tells that nothing has changed. */
export type KeptETag = { format: string; versions: Versions | null; text: string }

export type KnownCall = {
  readonly params: Params
  readonly own: Params
  readonly rendered: Rendered
  readonly etag: KeptETag
}

const KNOWN_MAX = 256
const KEY_CHARS_MAX = 1200

export class KnownCalls {
  private readonly calls = new Map<string, KnownCall & Asker>()
  /** Called once, so far. */
  private readonly seen = new Set<string>()
  private project: Project | null = null

  /** null: it is not known. */
  find(key: string, { project, token, secrets }: Asker): KnownCall & Asker | null {
    const call = this.calls.get(key)
    const isSame = call !== undefined && call.project === project && call.token === token && call.secrets === secrets
    return isSame ? call : null
  }

  keep(key: string, asker: Asker, call: Omit<KnownCall, 'etag'>): void {
    if (key.length > KEY_CHARS_MAX) return
    if (this.project !== asker.project) {
      this.calls.clear()
      this.project = asker.project
    }
    if (!this.seen.has(key)) {
      if (this.seen.size === KNOWN_MAX) this.seen.clear()
      this.seen.add(key)
      return
    }
    if (this.calls.size >= KNOWN_MAX) this.calls.delete(this.calls.keys().next().value as string)
    this.calls.set(key, { ...call, ...asker, etag: { format: '', versions: null, text: '' } })
  }
}

/** By what calls are told apart. */
export const callKey = (pipe: string, query: string, { id }: Token): string => `${pipe}\n${query}\n${id}`
