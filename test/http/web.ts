// Another web server, for files that are fetched by URL: each path answers as a test says.

import { createServer, type Server, type ServerResponse } from 'node:http'

export class TestWeb {
  /** By path. */
  readonly answers = new Map<string, (response: ServerResponse) => void>()
  url = ''
  private readonly server: Server = createServer((request, response) => {
    response.on('error', () => {})
    this.answers.get(request.url ?? '')?.(response)
  })

  async start(): Promise<void> {
    this.server.listen(0, '127.0.0.1')
    await new Promise((resolve) => { this.server.once('listening', resolve) })
    this.url = `http://127.0.0.1:${(this.server.address() as { port: number }).port}`
  }

  stop(): void {
    this.server.closeAllConnections()
    this.server.close()
  }
}
