// The loop of a worker thread: take messages, run slices of jobs, post the answers of a turn at once.
// Between slices it looks into its mailboxes, so a new small query starts within one slice.
// The first message says what it works on: the thread may have begun before that was known (src/launch/early-threads.ts).

import { parentPort, receiveMessageOnPort, type MessagePort } from 'node:worker_threads'
import { preparation } from '../format/format.ts'
import { keepCode } from '../launch/kept-code.ts'
import { CombineJob } from './combine-job.ts'
import { describeFailure } from './failure.ts'
import { IngestJob } from './ingest-job.ts'
import { JobQueue } from './job-queue.ts'
import type { PackedQuery, PeerMessage, QueryPost, ToWorker, ToWorkerBatch, WorkerSetup } from './messages.ts'
import { unpackQuery } from './packed.ts'
import { ParquetJob } from './parquet-job.ts'
import { freeReport, HelpJob, QueryJob } from './query-job.ts'
import { REST_MS, restAfterWork } from './rest.ts'
import { lowerPriority, TaskJob } from './task-job.ts'
import { WorkerWorld, type Peer } from './world.ts'

const port = parentPort as MessagePort
const isPacked = (message: ToWorkerBatch[number]): message is PackedQuery => Array.isArray(message)

/** How long answers are gathered for one post, and the mailboxes left alone, while there is work: a post
 * and a look cost as much as a tenth of a point query each. Where many jobs wait, each does so for more
 * than a turn anyway: turns are longer then. At 0.3 ms a point query a turn of 0.5 ms brings two answers over at
 * once, of 1, 2 and 4 ms three, seven and fourteen: an answer of 1.5 KiB costs both threads 7.2 µs, 5.9, 4.1 and 3.4
 * (alone 11.6). Twice as long a turn would win less than it lets answers wait, half as long lose half of what is won.
 * Eight such jobs take longer than the turn: four do not, and their answers would wait for it; with sixteen
 * the workers of 16 to 31 callers (two workers) would keep the short one and its 7.2 µs. */
const TURN_MS = 0.5
const LONG_TURN_MS = 2
const MANY_JOBS = 8

type Neighbour = Peer & { readonly port: MessagePort }

/** Begins the loop; answers what takes the messages that follow. */
function begin(setup: WorkerSetup): (batch: ToWorkerBatch) => void {
  const queue = new JobQueue()
  const queries = new Map<number, QueryJob>()
  const peers = new Map<number, Neighbour>()
  let peersMet = 0
  const world = new WorkerWorld(
    setup, (batch, transfer) => port.postMessage(batch, transfer), (id) => queries.delete(id),
    (job) => {
      queue.resume(job)
      runAll()
    })
  const rest = restAfterWork(REST_MS, () => { world.rest() })
  let isRunning = false

  function startQuery(message: QueryPost): void {
    const whole = world.whole(message)
    const start = () => {
      const job = new QueryJob(world, whole, message)
      queries.set(message.id, job)
      queue.add(job)
    }
    const first = preparation(message.format)
    if (first === null) start()
    else {
      first.then(start, (error: unknown) => {
        world.post({ kind: 'failed', id: message.id, error: describeFailure(error) })
      }).finally(runAll)
    }
  }

  function takeMain(posted: ToWorkerBatch[number]): void {
    const message: ToWorker = isPacked(posted) ? unpackQuery(posted) : posted
    if (message.kind === 'peer') addPeer(message.index, message.port)
    else if (message.kind === 'forget-table') world.dictionaries.forgetTable(message.tableId)
    else if (message.kind === 'forget-file') world.forgetFile(message.file)
    else if (message.kind === 'keep-code') keepCode()
    else if (message.kind === 'end') process.exit() // this thread alone
    else {
      try {
        if (message.kind === 'query') startQuery(message)
        else if (message.kind === 'ingest') queue.add(new IngestJob(world, message))
        else if (message.kind === 'parquet') queue.add(new ParquetJob(world, message))
        else if (message.kind === 'combine') queue.add(new CombineJob(world, message))
        else queue.add(new TaskJob(world, message))
      } catch (error) {
        world.post({ kind: 'failed', id: message.id, error: describeFailure(error) })
      }
    }
  }

  function takePeer(message: PeerMessage, peer: Peer): void {
    if (message.kind === 'help') {
      queue.add(new HelpJob(world, message))
      return
    }
    const job = queries.get(message.id)
    if (job === undefined) {
      freeReport(world, message)
      return
    }
    job.receive(message, peer.number)
    queue.resume(job)
  }

  function addPeer(index: number, peerPort: MessagePort): void {
    const before = peers.get(index)
    if (before !== undefined) losePeer(before)
    const peer = { number: peersMet++, port: peerPort, send: (message: PeerMessage) => peerPort.postMessage(message) }
    world.addPeer(index, peer)
    peers.set(index, peer)
    peerPort.on('message', (message: PeerMessage) => { takePeer(message, peer); runAll() })
  }

  /** Another thread has its seat: what it has not answered it will not. */
  function losePeer(peer: Neighbour): void {
    takeAllOf(peer)
    for (const job of queries.values()) {
      job.lose(peer.number)
      queue.resume(job)
    }
  }

  /** Empties the mailbox of a peer; false: there was nothing in it. */
  function takeAllOf(peer: Neighbour): boolean {
    let isAny = false
    let received = receiveMessageOnPort(peer.port)
    while (received !== undefined) {
      isAny = true
      takePeer(received.message as PeerMessage, peer) // peers post nothing else
      received = receiveMessageOnPort(peer.port)
    }
    return isAny
  }

  /** Empties the mailboxes without a turn of the event loop; false: there was nothing in them. */
  function takeAll(): boolean {
    let isAny = false
    let received = receiveMessageOnPort(port)
    while (received !== undefined) {
      isAny = true
      for (const message of received.message as ToWorkerBatch) takeMain(message) // the pool posts nothing else
      received = receiveMessageOnPort(port)
    }
    for (const peer of peers.values()) if (takeAllOf(peer)) isAny = true
    return isAny
  }

  const turnMs = (): number => (queue.size < MANY_JOBS ? TURN_MS : LONG_TURN_MS)

  function runAll(): void {
    if (isRunning) return
    isRunning = true
    const turn = () => {
      world.flush()
      return takeAll()
    }
    let turnEnds = performance.now() + turnMs()
    while (queue.runSlice() || turn()) {
      world.endSlice()
      const now = performance.now()
      if (now < turnEnds) continue
      turnEnds = now + turnMs()
      turn()
    }
    if (queue.isEmpty) world.rowSets.sweep()
    rest()
    isRunning = false
  }

  if (setup.role === 'background') lowerPriority()
  port.postMessage([{ kind: 'ready', id: 0 }])
  return (batch) => {
    for (const message of batch) takeMain(message)
    runAll()
  }
}

port.once('message', (setup: WorkerSetup) => { port.on('message', begin(setup)) })
