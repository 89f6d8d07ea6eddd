import { expect, it } from 'vitest'
import { MemoryLimitExceeded, MemoryTaken } from '../../storage/kernels/work-memory.ts'
import { describeFailure } from './failure.ts'

it('tells a query that is too large from one that others leave no memory: that one may come again', () => {
  expect(describeFailure(new MemoryLimitExceeded(2, 1))).toMatchObject({ kind: 'memory', code: 'MEMORY_LIMIT_EXCEEDED' })
  expect(describeFailure(new MemoryTaken(2, 1))).toMatchObject({ kind: 'busy', message: expect.stringMatching(/^Other queries hold/) })
})
