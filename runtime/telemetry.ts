/** What the daemon counts. Labels are few and from listed sets; a tenant's id appears only where the name demands it. */
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'

export interface Telemetry {
  readonly registry: Registry
  readonly postsPublished: Counter<'platform' | 'client_id' | 'content_type'>
  readonly apiRequests: Counter<'method' | 'endpoint' | 'status'>
  readonly apiSeconds: Histogram<'method' | 'endpoint'>
  readonly contentGenerationSeconds: Histogram<'content_type'>
  readonly activeAgents: Gauge<'agent_type'>
  readonly queueDepth: Gauge<'queue_name'>
}

/** A registry of its own, so that two daemons in one test process do not share counters. */
export function openTelemetry(): Telemetry {
  const registry = new Registry()
  const registers = [registry]
  collectDefaultMetrics({ register: registry })
  return {
    registry,
    postsPublished: new Counter({
      name: 'posts_published_total',
      help: 'Publications a platform confirmed',
      labelNames: ['platform', 'client_id', 'content_type'],
      registers,
    }),
    apiRequests: new Counter({
      name: 'api_requests_total',
      help: 'Requests by route and status',
      labelNames: ['method', 'endpoint', 'status'],
      registers,
    }),
    apiSeconds: new Histogram({
      name: 'api_request_duration_seconds',
      help: 'Time to the first byte of the answer',
      labelNames: ['method', 'endpoint'],
      buckets: [0.005, 0.02, 0.1, 0.5, 2, 10],
      registers,
    }),
    contentGenerationSeconds: new Histogram({
      name: 'content_generation_duration_seconds',
      help: 'Time a step that makes content takes',
      labelNames: ['content_type'],
      buckets: [1, 5, 15, 60, 120, 600],
      registers,
    }),
    activeAgents: new Gauge({
      name: 'active_agents',
      help: 'Steps at work in this process',
      labelNames: ['agent_type'],
      registers,
    }),
    queueDepth: new Gauge({
      name: 'queue_depth',
      help: 'Wake-ups that wait, delayed ones included, when asked',
      labelNames: ['queue_name'],
      registers,
    }),
  }
}
