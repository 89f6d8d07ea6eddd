// Flush and merge in the background worker, at a lower priority than everything that answers a
// client (measured elsewhere: two busy threads at nice 10 cost endpoints nothing, at 0 half).

import { readFileSync } from 'node:fs'
import { setPriority } from 'node:os'
import { nodeDisk } from '../../storage/disk/node-disk.ts'
import { runStoreTask } from '../../storage/merge/run-task.ts'
import { foldCompiler } from '../exec/expressions/fold-compiler.ts'
import { keyCompiler } from '../exec/expressions/key-compiler.ts'
import { describeFailure } from './failure.ts'
import type { Job } from './job-queue.ts'
import { enterStrings } from './task-strings.ts'
import type { TaskMessage } from './messages.ts'
import type { WorkerWorld } from './world.ts'

const NICE = 10

/** Lowers this thread alone (Linux: a thread has an id of its own); elsewhere nothing. */
export function lowerPriority(): void {
  try {
    const stat = readFileSync('/proc/thread-self/stat', 'latin1')
    setPriority(Number(stat.slice(0, stat.indexOf(' '))), NICE)
  } catch {
    // Not Linux, or not allowed: the thread keeps its priority; slices still bound its share.
  }
}

/** A task of the store. */
export class TaskJob implements Job {
  private readonly world: WorkerWorld
  private readonly message: TaskMessage

  constructor(world: WorkerWorld, message: TaskMessage) {
    this.world = world
    this.message = message
  }

  step(): 'more' | 'waiting' | 'done' {
    const { world, message } = this
    const result = runStoreTask(message.task, {
      arena: world.dataArena, disk: nodeDisk(), kernels: world.kernels, work: world.work,
      compileKey: keyCompiler, compileFold: foldCompiler,
    })
    try {
      enterStrings(message.task, result, world)
    } catch {
      // The task is done: a query that meets what stood in the way says so.
    }
    world.post({ kind: 'task-done', id: message.id, result })
    return 'done'
  }

  fail(error: unknown): void {
    this.world.post({ kind: 'failed', id: this.message.id, error: describeFailure(error) })
  }
}
