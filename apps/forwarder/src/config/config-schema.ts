import { type Static, Type as T } from "@sinclair/typebox";
import { secretKeyword } from "@tributary/adapter-kit/poll";
import { bulkSource } from "./bulk-schema.ts";
import { encryption } from "./encryption-schema.ts";
import { telemetry } from "./telemetry-schema.ts";
import { syslogListeners, syslogSource } from "./syslog-schema.ts";
import { defaultDropped } from "../state/fold-settled.ts";

const closed = { additionalProperties: false } as const;
const text = (description: string, more: object = {}) => T.String({ minLength: 1, description, ...more });
const namePattern = "^[a-z0-9][a-z0-9._-]{0,62}$";
const whole = (minimum: number, maximum: number, normal: number, description: string) =>
  T.Integer({ minimum, maximum, default: normal, description });

const timePattern = "^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(\\.\\d{1,9})?(Z|[+-]\\d\\d:\\d\\d)$";

/** Where a secret is; never the secret itself. Stands wherever an adapter's schema has a `SecretOption`. */
export const secretPlace = T.Union(
  [
    T.Object({ env: text("Name of an environment variable.") }, closed),
    T.Object({ file: text("A file that holds it; a line feed at its end is left out.") }, closed),
    T.Object(
      {
        command: T.Array(T.String(), {
          minItems: 1,
          description: "A program and its arguments, run without a shell; what it prints is the secret.",
        }),
      },
      closed,
    ),
  ],
  { description: "Where the secret is: {env: NAME}, {file: PATH} or {command: [PROGRAM, ...]}." },
);

const whereTo = {
  arn: text("arn:aws:cloudtrail:REGION:ACCOUNT:channel/ID."),
  externalId: T.Optional(
    T.String({
      pattern: "^[\\w+=,.@:/-]{2,1224}$",
      description: "The external id that the channel's policy asks for.",
    }),
  ),
  endpoint: T.Optional(
    T.String({
      pattern: "^https?://[^\\s/?#@]+",
      description: "Another server than AWS's, for instance your own lake.",
    }),
  ),
  region: T.Optional(T.String({ pattern: "^[a-z0-9-]{1,32}$", description: "Default: the channel's." })),
  fips: T.Optional(T.Boolean({ description: "AWS's FIPS endpoint. Default: AWS_USE_FIPS_ENDPOINT or the profile." })),
  dualStack: T.Optional(
    T.Boolean({
      description: "AWS's endpoint of IPv4 and IPv6. Default: AWS_USE_DUALSTACK_ENDPOINT or the profile.",
    }),
  ),
  ca: T.Optional(text("PEM file of certificates that are trusted beside the system's, for an endpoint of your own.")),
  requestsPerSecond: T.Optional(
    T.Integer({
      minimum: 0,
      maximum: 100_000,
      description:
        "Most requests a second; shared by all of this process with the same endpoint, region and number. Default: 100 on AWS, which is its quota; 0, no bound, elsewhere.",
    }),
  ),
};

const channel = T.Object(whereTo, {
  ...closed,
  description: "Where the events go. Credentials come from the AWS chain, never from here.",
});

const destination = T.Object(
  {
    name: T.String({
      pattern: namePattern,
      description: "Names it in the state, in logs and in metrics: its queue and what it was sent hang on it.",
    }),
    ...whereTo,
  },
  closed,
);

const webhook = T.Object(
  {
    path: T.String({
      pattern: "^/[A-Za-z0-9/._~-]{1,200}$",
      description: "Where the vendor delivers, for instance /hooks/github. No two integrations share one.",
    }),
    options: T.Unknown({ description: "The receiver's options; the adapter's README lists them." }),
  },
  { ...closed, description: "Receives what the vendor pushes, on `listen`." },
);

const files = T.Object(
  {
    paths: T.Array(text("A file, a directory, or a pattern with *, ? and **."), { minItems: 1 }),
    exclude: T.Array(text("A path or a pattern."), { default: [], description: "Files that are not read." }),
    format: T.Optional(text("A format of the adapter; default: told by each file's first bytes.")),
    since: T.Union([T.Literal("start"), T.Literal("end")], {
      default: "start",
      description:
        "Where files are begun that are there at the first start: end reads only what is written from then on.",
    }),
    quietSeconds: whole(
      1,
      86_400,
      10,
      "A file that was not written to for so long is taken for complete: compressed files, formats that are no lines, a last line without its end.",
    ),
  },
  { ...closed, description: "Files that are read and then followed as they grow and are rotated." },
);

const s3 = T.Object(
  {
    bucket: T.Optional(
      T.String({
        pattern: "^[A-Za-z0-9._:/-]{3,255}$",
        description:
          "The bucket (or access point ARN) that is listed; with queue: the only one whose objects are read.",
      }),
    ),
    prefix: T.String({ default: "", maxLength: 1024, description: "Of the keys, for instance AWSLogs/." }),
    queue: T.Optional(
      T.String({ pattern: "^https?://[^\\s?#]+$", description: "URL of an SQS queue that tells of new objects." }),
    ),
    format: T.Optional(text("A format of the adapter; default: told by each object's first bytes.")),
    region: T.Optional(
      T.String({ pattern: "^[a-z0-9-]{1,32}$", description: "Default: the queue's, else the channel's." }),
    ),
    endpoint: T.Optional(
      T.String({ pattern: "^https?://[^\\s/?#@]+", description: "Another server than AWS's that speaks S3." }),
    ),
    profile: T.Optional(text("A profile of AWS's shared configuration files; default: the AWS chain.")),
    since: T.Optional(
      T.String({ pattern: timePattern, description: "Listing: objects modified before are left out. Default: none." }),
    ),
    pollSeconds: whole(5, 86_400, 60, "Listing: so often is looked for new objects."),
  },
  { ...closed, description: "Objects of S3, by listing a bucket or by the messages of an SQS queue." },
);

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
export type ChannelConfig = Static<typeof channel>;
export type IntegrationConfig = Static<typeof integration>;
export type ListenConfig = Static<typeof listen>;
export type LimitsConfig = Static<typeof limits>;
