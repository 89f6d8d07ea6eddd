// The version that the package file names, found beside the bundle or the sources.

import { existsSync, readFileSync } from 'node:fs'

function readVersion(): string {
  for (const place of ['../package.json', '../../package.json']) {
    const url = new URL(place, import.meta.url)
    if (existsSync(url)) return (JSON.parse(readFileSync(url, 'utf8')) as { version: string }).version
  }
  return '0.0.0'
}

export const VERSION = readVersion()
