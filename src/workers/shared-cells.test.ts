import { expect, it } from 'vitest'
import { createArena } from '../../storage/arena/create.ts'
import { SharedCells } from './shared-cells.ts'

it('leave a share of the arena to others, but for what a worker answers with', () => {
  const arena = createArena({ budgetBytes: 2 ** 20 })
  const cells = new SharedCells(arena, true)
  expect(cells.allocate(600 * 1024, false)).not.toBeNull()
  expect(cells.allocate(250 * 1024, false)).toBeNull()
  expect(cells.allocate(250 * 1024, true)).not.toBeNull()
  expect(cells.allocate(600 * 1024, true)).toBeNull()
  cells.free()
  expect(arena.usedBytes).toBe(0)
})
