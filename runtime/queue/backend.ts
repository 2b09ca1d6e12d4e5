import type { IQueueBackend, Processor, Queue, QueueOptions, Worker, WorkerOptions } from 'bullmq'

/** All that a job holds. */
export interface JobIds {
  readonly tenantId: string
  readonly id: string
}

/** Of BullMQ's classes, what we use: their own types differ with the server they stand on. */
export interface JobQueue
  extends Pick<Queue<JobIds>, 'add' | 'close' | 'getFailed' | 'getJob' | 'getJobCounts' | 'getPrioritized'> {
  on(event: 'error', listener: (error: Error) => void): unknown
}

export interface JobWorker
  extends Pick<Worker, 'cancelJob' | 'close' | 'pause' | 'resume' | 'waitUntilReady'> {
  readonly backend: Pick<IQueueBackend, 'disconnectBlocking' | 'reconnectBlocking'>
  on(event: 'error', listener: (error: Error) => void): unknown
  on(event: 'failed', listener: (job: { finishedOn?: number } | undefined) => void): unknown
  on(event: 'lockRenewalFailed', listener: (jobIds: string[]) => void): unknown
}

/** What the queue stands on: BullMQ over one server, and how to leave it. */
export interface QueueBackend {
  openQueue(kind: string, options: Omit<QueueOptions, 'connection'>): JobQueue
  openWorker(
    kind: string,
    processor: Processor<JobIds>,
    options: Omit<WorkerOptions, 'connection'>,
  ): JobWorker
  /** Makes a paused worker listen anew after an error. */
  listenAnew(worker: JobWorker): Promise<void>
  /** How long an idle worker waits for a notification before it looks by itself. */
  readonly idleSeconds: number
  close(): Promise<void>
}

/** What we need of a logger; pino's fits. */
export interface QueueLog {
  info(fields: object, message: string): void
  warn(fields: object, message: string): void
}
