import {
  type Attributes,
  ROOT_CONTEXT,
  type Span,
  type SpanContext,
  SpanStatusCode,
  trace,
  type Tracer,
} from "@opentelemetry/api";
import { TributaryError } from "@tributary/schema";
import type { IntegrationTracing } from "./integration-tracing.ts";

/** Chunks whose spans are remembered, so that others can name them. */
const mostChunks = 10_000;
const mostLinks = 128;

/** Where the spans of chunks are, of all integrations: a chunk's number is the state's. */
export class ChunkSpans {
  readonly #contexts = new Map<number, SpanContext>();

  set(chunk: number, context: SpanContext): void {
    this.#contexts.delete(chunk);
    this.#contexts.set(chunk, context);
    if (this.#contexts.size > mostChunks) this.#contexts.delete(this.#contexts.keys().next().value!);
  }

  get(chunk: number): SpanContext | undefined {
    return this.#contexts.get(chunk);
  }
}

/**
 * OpenTelemetry spans: `tributary.intake`, below it `tributary.map` of each of its chunks; `tributary.send` of each request, linked to
 * its chunks; `tributary.settle`, linked to the requests. No attribute holds anything of a record.
 */
export class SpanTracing implements IntegrationTracing {
  readonly #tracer: Tracer;
  readonly #integration: string;
  readonly #chunks: ChunkSpans;
  #sent: SpanContext[] = [];

  constructor(tracer: Tracer, integration: string, chunks: ChunkSpans) {
    this.#tracer = tracer;
    this.#integration = integration;
    this.#chunks = chunks;
  }

  intake: IntegrationTracing["intake"] = (chunks, work) => {
    const span = this.#start("tributary.intake", {
      "tributary.source": chunks[0]?.source ?? "",
      "tributary.chunks": chunks.length,
      "tributary.frames": chunks.reduce((sum, { count }) => sum + count, 0),
    });
    for (const { id } of chunks) this.#chunks.set(id, span.spanContext());
    return ended(span, work);
  };

  map: IntegrationTracing["map"] = (chunk, work) => {
    const span = this.#start("tributary.map", { "tributary.chunk": chunk }, [], this.#chunks.get(chunk));
    this.#chunks.set(chunk, span.spanContext());
    try {
      return work();
    } catch (error) {
      fail(span, error);
      throw error;
    } finally {
      span.end();
    }
  };

  send: IntegrationTracing["send"] = (chunks, events, work) => {
    const links = [...chunks].flatMap((chunk) => this.#chunks.get(chunk) ?? []).slice(0, mostLinks);
    const span = this.#start("tributary.send", { "tributary.events": events, "tributary.chunks": chunks.size }, links);
    if (this.#sent.length < mostLinks) this.#sent.push(span.spanContext());
    return ended(span, work);
  };

  settle: IntegrationTracing["settle"] = (receipts, work) => {
    if (receipts === 0) return work();
    const links = this.#sent;
    this.#sent = [];
    return ended(this.#start("tributary.settle", { "tributary.receipts": receipts }, links), work);
  };

  #start(name: string, attributes: Attributes, links: readonly SpanContext[] = [], parent?: SpanContext): Span {
    const context = parent === undefined ? ROOT_CONTEXT : trace.setSpanContext(ROOT_CONTEXT, parent);
    return this.#tracer.startSpan(
      name,
      {
        attributes: { "tributary.integration": this.#integration, ...attributes },
        links: links.map((one) => ({ context: one })),
      },
      context,
    );
  }
}

async function ended<T>(span: Span, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    fail(span, error);
    throw error;
  } finally {
    span.end();
  }
}

/** Its code alone: a message may say something of a record. */
function fail(span: Span, error: unknown): void {
  const named = error instanceof TributaryError ? error.code : error instanceof Error ? error.name : "unknown";
  span.setStatus({ code: SpanStatusCode.ERROR, message: named });
  span.setAttribute("error.type", named);
}
