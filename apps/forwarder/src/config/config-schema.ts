import { type Static, Type as T } from "@sinclair/typebox";
import { secretKeyword } from "@tributary/adapter-kit/poll";
import { bulkSource } from "./bulk-schema.ts";
import { channel, destination } from "./channel-schema.ts";
import { encryption } from "./encryption-schema.ts";
import { secretPlace } from "./secret-place.ts";
import { files, s3, timePattern, webhook } from "./source-schemas.ts";
import { telemetry } from "./telemetry-schema.ts";
import { syslogListeners, syslogSource } from "./syslog-schema.ts";
import { defaultDropped } from "../state/fold-settled.ts";

const closed = { additionalProperties: false } as const;
const text = (description: string, more: object = {}) => T.String({ minLength: 1, description, ...more });
const namePattern = "^[a-z0-9][a-z0-9._-]{0,62}$";
const whole = (minimum: number, maximum: number, normal: number, description: string) =>
  T.Integer({ minimum, maximum, default: normal, description });

const integration = T.Object(
  {
    name: T.String({
      pattern: namePattern,
      description: "Names it in the state, in logs and in metrics: keep it, the cursor hangs on it.",
    }),
    adapter: text("A name of `tributary adapters`, a package installed beside this file, or a path to one."),
    options: T.Optional(T.Unknown({ description: "Options of the mapping: the adapter's own, `drops` and `redact`." })),
    mapping: T.Optional(text("For the adapter custom: a mapping document, YAML or JSON.")),
    channel: T.Optional(channel),
    destinations: T.Optional(
      T.Array(destination, {
        minItems: 1,
        maxItems: 16,
        description:
          "Instead of `channel`, several: every record goes to each, which has a queue and dead letters of its own.",
      }),
    ),
    poll: T.Optional(
      T.Unknown({ description: "Asks the vendor's API: the poller's options, {} where it needs none." }),
    ),
    webhook: T.Optional(webhook),
    files: T.Optional(files),
    syslog: T.Optional(syslogSource),
    bulk: T.Optional(bulkSource),
    s3: T.Optional(s3),
    since: T.Optional(
      T.String({
        pattern: timePattern,
        description:
          "Where the first run of the poller starts; later runs go on at the cursor. Default: the first start.",
      }),
    ),
    allowPrivate: T.Optional(
      T.Array(T.String({ pattern: "^(\\[[0-9A-Fa-f:.]+\\]|[A-Za-z0-9._-]+)(:\\d{1,5})?$" }), {
        description:
          "Hosts (HOST or HOST:PORT) of the vendor that may be reached at private addresses and without TLS. All others: https and public addresses only.",
      }),
    ),
    onlyKnownNames: T.Optional(
      T.Boolean({
        description:
          "Whether a proxy is asked for no name of the vendor that this machine cannot resolve. Default: false, the proxy may know more names.",
      }),
    ),
  },
  closed,
);

const address = {
  host: T.String({ default: "127.0.0.1", minLength: 1, description: "Address to listen on." }),
  port: T.Integer({ minimum: 0, maximum: 65_535, description: "Port to listen on; 0 takes a free one." }),
};

const listen = T.Object(
  {
    ...address,
    tls: T.Optional(T.Object({ cert: text("Certificate chain, PEM."), key: text("Its private key, PEM.") }, closed)),
    insecure: T.Boolean({
      default: false,
      description: "Listen beyond this machine without TLS, because something in front speaks it.",
    }),
    operations: T.Optional(
      T.Object(address, {
        ...closed,
        description:
          "An address of their own for /metrics, /healthz and /readyz. Default: they stand beside the webhooks.",
      }),
    ),
  },
  { ...closed, description: "Where webhooks, /metrics, /healthz and /readyz are. Without it nothing listens." },
);

const limits = T.Object(
  {
    queuedEvents: whole(
      1000,
      100_000_000,
      100_000,
      "Above it an integration's poller waits and its webhook answers 429.",
    ),
    bodyBytes: whole(1024, 67_108_864, 26_214_400, "Longest body of a webhook."),
    drainSeconds: whole(
      0,
      3600,
      25,
      "After SIGTERM: so long is queued work sent before it is left for the next start.",
    ),
    concurrency: whole(1, 64, 16, "Most requests of one destination in flight; fewer where the server takes fewer."),
    parkSeconds: whole(
      1,
      86_400,
      60,
      "First wait after a channel or a vendor refused; doubles up to 16 times as long.",
    ),
    pauseAfter: whole(
      0,
      999_999_999,
      1000,
      "So many records dead of one cause in a row pause an integration; 0: never.",
    ),
    rememberDays: whole(1, 36_500, 90, "What was sent is forgotten so long after it was last sent or met."),
    rememberEvents: whole(
      10_000,
      4_000_000_000,
      50_000_000,
      "Beyond so many, the oldest of what was sent is forgotten.",
    ),
    droppedDays: whole(
      1,
      36_500,
      defaultDropped.droppedDays,
      "Dropped records are remembered one by one so long, then as a number.",
    ),
    droppedRecords: whole(
      0,
      100_000_000,
      defaultDropped.droppedRecords,
      "Beyond so many, the oldest dropped records are remembered as a number alone.",
    ),
  },
  { ...closed, default: {}, description: "Limits, each with a safe default." },
);

const postgres = T.Object(
  {
    url: T.Unsafe<unknown>({
      ...secretPlace,
      [secretKeyword]: true,
      description: "Where postgres://USER:PASSWORD@HOST:PORT/DATABASE?sslmode=verify-full is.",
    }),
    schema: T.String({
      pattern: "^[a-z_][a-z0-9_]{0,62}$",
      default: "tributary",
      description: "The schema of the state's tables, made on first use.",
    }),
    takeoverSeconds: whole(
      2,
      3600,
      5,
      "A forwarder that was not heard of for so long is dead: others take its integrations over. The same for all of them.",
    ),
  },
  { ...closed, description: "The state in PostgreSQL instead of a file: several forwarders share the integrations." },
);

/** `tributary.yaml`, before the options of adapters are looked at: those have schemas of their own. */
export const configSchema = T.Object(
  {
    state: T.Optional(text("Directory or .db file of the state. Default: $TRIBUTARY_STATE, else ~/.tributary.")),
    postgres: T.Optional(postgres),
    encryption: T.Optional(encryption),
    listen: T.Optional(listen),
    syslog: T.Optional(syslogListeners),
    telemetry,
    limits,
    integrations: T.Array(integration, { minItems: 1, maxItems: 1000, description: "What is shipped, and where to." }),
  },
  { ...closed, title: "Configuration of tributary run" },
);

export type Config = Static<typeof configSchema>;
export type IntegrationConfig = Static<typeof integration>;
export type ListenConfig = Static<typeof listen>;
export type LimitsConfig = Static<typeof limits>;
