import type { TelemetryConfig } from "../config/telemetry-schema.ts";
import type { IntegrationTracing } from "./integration-tracing.ts";

/** Traces of a process. */
export interface Tracing {
  of(integration: string): IntegrationTracing;
  /** Sends what is left, for a few seconds at most. */
  close(): Promise<void>;
}

const closeMs = 3000;

/**
 * Traces to where the configuration says, or OpenTelemetry's environment variables; undefined where neither does. What cannot be sent
 * is dropped, after 2,048 spans: nothing waits for a collector.
 * @param version of the forwarder
 * @param onFailure told of spans that were not taken
 */
export async function openTracing(
  { traces }: TelemetryConfig,
  env: NodeJS.ProcessEnv,
  version: string,
  onFailure: (message: string) => void,
): Promise<Tracing | undefined> {
  if (traces === undefined && !isAskedFor(env)) return undefined;
  const [
    { BatchSpanProcessor, ParentBasedSampler, TraceIdRatioBasedSampler, TracerProvider },
    exporting,
    resources,
    spans,
  ] = await Promise.all([
    import("@opentelemetry/sdk-trace"),
    import("@opentelemetry/exporter-trace-otlp-http"),
    import("@opentelemetry/resources"),
    import("./span-tracing.ts"),
  ]);
  // Without an address here the exporter reads the environment variables itself, headers and certificates too.
  const exporter = new exporting.OTLPTraceExporter(traces === undefined ? {} : { url: traces.endpoint });
  const told: typeof exporter.export = (batch, done) =>
    exporter.export(batch, (result) => {
      if (result.error !== undefined) onFailure(`${batch.length} spans were not taken: ${result.error.message}`);
      done(result);
    });
  const provider = new TracerProvider({
    resource: resources.resourceFromAttributes({
      "service.name": env["OTEL_SERVICE_NAME"] ?? "tributary",
      "service.version": version,
    }),
    sampler: new ParentBasedSampler({ root: new TraceIdRatioBasedSampler(traces?.ratio ?? 1) }),
    spanProcessors: [
      new BatchSpanProcessor({
        exporter: { export: told, shutdown: () => exporter.shutdown(), forceFlush: () => exporter.forceFlush() },
      }),
    ],
  });
  const tracer = provider.getTracer("@tributary/forwarder", version);
  const chunks = new spans.ChunkSpans();
  return {
    of: (integration) => new spans.SpanTracing(tracer, integration, chunks),
    async close() {
      const closed = provider.shutdown().catch((error: unknown) => onFailure(String(error)));
      await Promise.race([closed, new Promise((resolve) => void setTimeout(resolve, closeMs).unref())]);
    },
  };
}

function isAskedFor(env: NodeJS.ProcessEnv): boolean {
  if (env["OTEL_SDK_DISABLED"] === "true" || env["OTEL_TRACES_EXPORTER"] === "none") return false;
  return (env["OTEL_EXPORTER_OTLP_ENDPOINT"] ?? env["OTEL_EXPORTER_OTLP_TRACES_ENDPOINT"] ?? "") !== "";
}
