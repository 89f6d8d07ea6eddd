// What the jobs of one worker share: memories, opened images, plans that came before, and the ways
// out (to main, to peers).

import { join } from 'node:path'
import { attachArena } from '../../storage/arena/attach.ts'
import type { Arena } from '../../storage/arena/arena.ts'
import { bindKernels, type Kernels } from '../../storage/kernels/load.ts'
import { renewMemory } from '../../storage/kernels/renew.ts'
import { WorkMemory } from '../../storage/kernels/work-memory.ts'
import { nodeDisk } from '../../storage/disk/node-disk.ts'
import type { SegmentRef } from '../../storage/face.ts'
import { checksumOfCopy } from '../../storage/part/checksum.ts'
import { openImage } from '../../storage/part/image.ts'
import { BlockCache } from '../../storage/segment/block-cache.ts'
import { onlyRows, readMask } from '../../storage/segment/delete-mask.ts'
import { FileSource } from '../../storage/segment/file-source.ts'
import { MaskCache } from '../exec/scan/final.ts'
import { SharedDictionaries } from '../exec/dictionaries/shared-dictionary.ts'
import type { FileMetaData } from 'hyparquet'
import type { RowGroup } from '../ingest/parquet.ts'
import { freeIdleWorkspaces } from '../ingest/workspace.ts'
import type { TypedPlan } from '../plan/plan.ts'
import { AnswerMemory } from './answer-memory.ts'
import { PLANS_MAX } from './messages.ts'
import type {
  FromWorker, HelpMessage, IngestMessage, IngestSpec, ParquetMessage, PeerMessage, QueryMessage, QueryPost, WorkerSetup,
} from './messages.ts'
import type { Job } from './job-queue.ts'
import { packAnswers } from './packed.ts'
import { collectGarbage } from './rest.ts'
import { RowSets } from './row-sets.ts'

/** Shorter bodies are copied. The first buffer that a thread hands over makes V8 throw away all optimized code
 * that reads typed arrays (a hundred functions of a busy worker), and look in what it compiles instead, at each
 * access, whether the buffer is still there: a loop of sums alone takes twice the CPU, whole scans show no
 * difference. Longer ones are exports, of which a copy costs memory (50 MiB at 7 MB an answer). */
const TRANSFERRED_BYTES_MIN = 2 * 2 ** 20
/** Of what queries may hold, the largest answer whose memory is kept for the next. */
const ANSWER_SHARE = 1 / 4

/** Work memory of which more was touched is replaced at rest: 4 to 30 ms of CPU, and pages that the next such query
 * touches anew. The code that V8 has made for the old memory goes with the collection of a rest anyway (measured). */
const TOUCHED_BYTES_MAX = 32 * 2 ** 20

/** Another worker, by a number that no other has. */
export type Peer = { readonly number: number; readonly send: (message: PeerMessage) => void }

/** The surroundings of jobs. */
export class WorkerWorld {
  readonly index: number
  readonly setup: WorkerSetup
  readonly work: WorkMemory
  readonly kernels: Kernels
  readonly dataArena: Arena
  readonly cacheArena: Arena
  readonly cancelFlags: Int32Array
  readonly dictionaries: SharedDictionaries
  readonly rowSets: RowSets
  readonly masks = new MaskCache()
  readonly answers: AnswerMemory
  /** Row groups of Parquet files that are being imported, decoded, by file and number. */
  readonly rowGroups = new Map<string, RowGroup>()
  /** Footers of these files. */
  readonly footers = new Map<string, Promise<FileMetaData>>()
  /** Row groups that are being decoded; resolves with the failure. */
  readonly groupsRead = new Map<string, Promise<Error | null>>()
  private readonly blocks: BlockCache
  private readonly plans = new Map<number, TypedPlan>()
  private readonly ingestSpecs = new Map<number, IngestSpec>()
  private readonly outbox: FromWorker[] = []
  /** By the index of their seat. */
  private readonly peers = new Map<number, Peer>()
  private readonly sendMain: (batch: readonly FromWorker[], transfer: ArrayBuffer[]) => void
  /** Runs a job that waited for something beside the messages. */
  readonly resume: (job: Job) => void
  /** Told when a query is over in every worker. */
  readonly forgetQuery: (id: number) => void

  constructor(
    setup: WorkerSetup, sendMain: (batch: readonly FromWorker[], transfer: ArrayBuffer[]) => void,
    forgetQuery: (id: number) => void, resume: (job: Job) => void,
  ) {
    this.resume = resume
    this.setup = setup
    this.index = setup.index
    this.sendMain = sendMain
    this.forgetQuery = forgetQuery
    this.answers = new AnswerMemory(TRANSFERRED_BYTES_MIN, setup.queriesBytes * ANSWER_SHARE)
    this.work = new WorkMemory(setup.workMemoryBytes)
    // V8 counts all of it as if it were in use, and begins to mark the heap for it: while that is small it ends sooner.
    collectGarbage()
    this.kernels = bindKernels(setup.kernels, this.work)
    this.dataArena = attachArena(setup.dataArena)
    this.cacheArena = attachArena(setup.cacheArena)
    this.cancelFlags = new Int32Array(setup.cancelFlags)
    this.dictionaries = new SharedDictionaries(this.cacheArena, setup.dictionaries)
    this.blocks = new BlockCache(this.cacheArena, setup.blocks, (bytes) => checksumOfCopy(bytes, this.work, this.kernels))
    this.rowSets = new RowSets(this.dataArena, this.kernels, (segment, label) => this.openSegment(segment, label))
  }

  private openSegment(segment: SegmentRef, label: string) {
    const folder = join(this.setup.storeFolder, 'segments')
    const gone = readMask(nodeDisk(), folder, segment)
    const deleted = segment.rows === undefined ? gone : onlyRows(gone, segment.rowCount, segment.rows)
    const source = new FileSource(nodeDisk(), join(folder, segment.file), segment.id, this.blocks)
    return { rowSet: openImage(source, { ...segment, label, deleted }, this.kernels), close: () => source.close() }
  }

  /** An import is over, however it ended. */
  forgetFile(file: string): void {
    this.footers.delete(file)
    for (const key of this.rowGroups.keys()) if (key.startsWith(`${file} `)) this.rowGroups.delete(key)
  }

  get peerCount(): number { return this.peers.size }

  /** In place of one that had this seat before. */
  addPeer(index: number, peer: Peer): void { this.peers.set(index, peer) }

  /** The plan of a query: sent with it, or known from an earlier one. */
  planOf(message: QueryPost): TypedPlan {
    return remembered(this.plans, message.planId, message.plan)
  }

  ingestSpecOf(message: IngestMessage | ParquetMessage): IngestSpec {
    return remembered(this.ingestSpecs, message.planId, message.plan)
  }

  /** Queued until flush(): all answers of a turn cross in one post. */
  post(message: FromWorker): void { this.outbox.push(message) }

  /** Gives back what only work needs: there has been none for a while. */
  rest(): void {
    this.answers.forget()
    if (this.work.reachBytes > TOUCHED_BYTES_MAX) this.renewWork()
    collectGarbage()
  }

  private renewWork(): void {
    freeIdleWorkspaces(this.work)
    if (this.work.usedBytes > 0) return // a job waits for something
    try {
      renewMemory(this.setup.kernels, this.work)
    } catch (error) {
      if (!(error instanceof RangeError)) throw error // the system has no room for two: this one serves on
    }
  }

  /** Between slices of work, when nobody reads a block. */
  endSlice(): void { this.blocks.trimLeases() }

  flush(): void {
    if (this.outbox.length === 0) return
    const batch = packAnswers(this.outbox.splice(0))
    this.sendMain(batch, buffersOf(batch))
  }

  postPeer(index: number, message: PeerMessage): void { this.peers.get(index)?.send(message) }

  /** Answers the numbers of the peers that were asked. */
  askPeers(help: HelpMessage): readonly number[] {
    const asked: number[] = []
    for (const { number, send } of this.peers.values()) {
      send(help)
      asked.push(number)
    }
    return asked
  }

  /** The query with its plan and the lists of its tables, as it comes in: those that are known here may
   * be newer ones when it runs, and a peer may never have had them. */
  whole(query: QueryPost): QueryMessage {
    const tables = query.tables.map((posted) => this.rowSets.resolve(posted))
    return { ...query, plan: this.planOf(query), tables }
  }
}

/** The memory that answers hand over instead of a copy of it. */
export function buffersOf(batch: readonly FromWorker[]): ArrayBuffer[] {
  const buffers: ArrayBuffer[] = []
  for (const message of batch) {
    if (message.kind !== 'query-done' || message.body.byteLength < TRANSFERRED_BYTES_MIN) continue
    const { buffer, byteLength } = message.body
    if (buffer instanceof ArrayBuffer && byteLength === buffer.byteLength) buffers.push(buffer)
  }
  return buffers
}

function remembered<T>(known: Map<number, T>, id: number, sent: T | null): T {
  if (sent !== null) {
    known.delete(id) // so that it is the youngest, as main takes it to be
    known.set(id, sent)
    if (known.size > PLANS_MAX) known.delete(known.keys().next().value as number)
    return sent
  }
  const plan = known.get(id)
  if (plan === undefined) throw new Error(`worker: plan ${id} was never sent`)
  return plan
}
