// Files in folders of a kind, below a project's root: hidden folders and node_modules aside.

import { readdirSync } from 'node:fs'
import { join } from 'node:path'

/** Paths relative to the root of the files in folders that `isWanted` picks. */
export function filesIn(root: string, isWanted: (folder: string) => boolean): string[] {
  const found: string[] = []
  const visit = (folder: string) => {
    for (const entry of readdirSync(join(root, folder), { withFileTypes: true })) {
      if (entry.name.startsWith('.') || entry.name === 'node_modules') continue
      const path = join(folder, entry.name)
      if (entry.isDirectory()) visit(path)
      else if (entry.isFile() && isWanted(folder)) found.push(path)
    }
  }
  visit('')
  return found.sort()
}
