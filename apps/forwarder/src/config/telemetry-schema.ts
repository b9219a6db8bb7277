import { type Static, Type as T } from "@sinclair/typebox";

const closed = { additionalProperties: false } as const;

/** Where the forwarder tells what it does, besides logs and metrics. */
export const telemetry = T.Object(
  {
    traces: T.Optional(
      T.Object(
        {
          endpoint: T.String({
            pattern: "^https?://[^\\s@]+$",
            description: "Where traces go by OTLP over HTTP, with its path: http://127.0.0.1:4318/v1/traces.",
          }),
          ratio: T.Number({ minimum: 0, maximum: 1, default: 1, description: "Share of traces that are kept." }),
        },
        {
          ...closed,
          description: "OpenTelemetry traces. Default: the OTEL_ environment variables; without them none.",
        },
      ),
    ),
  },
  { ...closed, default: {}, description: "Traces; off by default." },
);

export type TelemetryConfig = Static<typeof telemetry>;
