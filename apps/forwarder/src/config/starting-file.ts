import type { TSchema } from "@sinclair/typebox";
import type { Adapter } from "@tributary/adapter-kit";
import { secretKeyword } from "@tributary/adapter-kit/poll";

export interface StartingFile {
  /** As the configuration names it. */
  readonly adapterName: string;
  readonly adapter: Adapter;
  readonly channelArn: string;
  readonly externalId: string | undefined;
  readonly endpoint: string | undefined;
  readonly poll: boolean;
  readonly webhook: boolean;
  /** Patterns. */
  readonly files: readonly string[];
  /** `s3://BUCKET/PREFIX`, or the URL of a queue. */
  readonly s3?: string | undefined;
}

/** What stands where a person must write. `tributary check` says of each what it takes. */
const blank = "CHANGE_ME";

/** A commented `tributary.yaml` for one integration, with every option of its adapter's sources. */
export async function startingFile(start: StartingFile): Promise<string> {
  const { adapter, adapterName, channelArn, externalId, endpoint, files } = start;
  const name = adapter.name.replaceAll(/[^a-z0-9._-]/g, "-");
  const prefix = name.toUpperCase().replaceAll(/[^A-Z0-9]/g, "_");
  const lines = [
    "# Configuration of tributary run. Check it with: tributary check tributary.yaml",
    "# Secrets never stand here: {env: NAME}, {file: PATH} or {command: [PROGRAM, ...]} says where one is.",
    "",
    "# Where the queue, the cursors and what was sent are kept. Default: $TRIBUTARY_STATE, else ~/.tributary",
    "# state: /var/lib/tributary",
    "# Or a database that several forwarders share: postgres://USER:PASSWORD@HOST:PORT/DATABASE",
    "# postgres: {url: {env: TRIBUTARY_POSTGRES}}",
    "# encryption: {key: {env: TRIBUTARY_STATE_KEY}}  # seals its records; openssl rand -base64 32 makes a key",
    "",
    `${start.webhook ? "" : "# "}listen: {host: 127.0.0.1, port: 8322}  # webhooks, bulk, /metrics, /healthz, /readyz`,
    "",
    "# OpenTelemetry traces; default: the OTEL_EXPORTER_OTLP_ variables, else none",
    "# telemetry: {traces: {endpoint: http://127.0.0.1:4318/v1/traces}}",
    "",
    "# Syslog; an integration takes it with syslog: {}, or {host: [...], app: [...]}",
    "# syslog: [{udp: {host: 0.0.0.0, port: 514}, tcp: {host: 0.0.0.0, port: 601}, allow: [192.0.2.0/24]}]",
    "",
    "integrations:",
    `  - name: ${name}  # keep it: the cursor hangs on it`,
    `    adapter: ${adapterName}`,
    "    channel:",
    `      arn: ${channelArn}`,
    externalId === undefined
      ? "      # externalId: what the channel's policy asks for"
      : `      externalId: ${externalId}`,
    endpoint === undefined
      ? "      # endpoint: http://127.0.0.1:4570  # your own lake instead of AWS"
      : `      endpoint: ${endpoint}`,
    "      # ca: lake-ca.pem  # trusted beside the system's certificates, for a lake of your own",
    "      # fips: true  # AWS's FIPS endpoint; dualStack: true takes IPv6 too",
    "      # requestsPerSecond: 100  # default: AWS's quota there, no bound elsewhere",
    "    # destinations: [{name: main, arn: ...}, {name: archive, arn: ...}]  # instead of channel: every record goes to each",
  ];
  if (start.poll) {
    const poll = await adapter.poll?.();
    lines.push("    poll:", ...membersOf(poll?.options, "      ", prefix));
    lines.push("    # since: 2026-01-01T00:00:00Z  # where the first run starts; default: now");
  }
  if (start.webhook) {
    const webhook = await adapter.webhook?.();
    lines.push("    webhook:", `      path: /hooks/${name}`, "      options:");
    lines.push(...membersOf(webhook?.options, "        ", prefix));
  }
  if (files.length > 0)
    lines.push(
      "    files:  # followed as they grow; let the pattern match rotated names too",
      "      paths:",
      ...files.map((path) => `        - ${JSON.stringify(path)}`),
      '      # exclude: ["logs/*.tmp"]',
      "      # since: end  # only what is written from now on; default: start",
      "      # quietSeconds: 10  # so long unchanged is complete: compressed files, formats that are no lines",
    );
  if (start.s3 !== undefined) lines.push(...objectLines(start.s3));
  return `${lines.join("\n")}\n`;
}

function objectLines(place: string): readonly string[] {
  const [, bucket, prefix = ""] = /^s3:\/\/([^/]+)\/?(.*)$/.exec(place) ?? [];
  const lines =
    bucket === undefined
      ? [
          `      queue: ${JSON.stringify(place)}`,
          "      # bucket: CHANGE_ME  # the only one whose objects are read",
          '      # prefix: ""',
        ]
      : [
          `      bucket: ${JSON.stringify(bucket)}`,
          `      prefix: ${JSON.stringify(prefix)}`,
          "      # queue: CHANGE_ME  # URL of an SQS queue that tells of new objects, instead of listing",
          "      # since: 2026-01-01T00:00:00Z  # objects modified before are left out",
        ];
  return ["    s3:", ...lines, "      # profile: CHANGE_ME  # of ~/.aws/config; default: the AWS chain"];
}

function membersOf(schema: TSchema | undefined, indent: string, prefix: string): readonly string[] {
  const members = Object.entries<TSchema>(schema?.["properties"] ?? {});
  const required: readonly string[] = schema?.["required"] ?? [];
  const isAsked = ([key, member]: readonly [string, TSchema]) => required.includes(key) && member.default === undefined;
  const asked = members.filter(isAsked);
  const lines = members.flatMap((entry): readonly string[] => {
    const [key, member] = entry;
    const off = isAsked(entry) ? "" : "# ";
    const told = typeof member.description === "string" ? [`${indent}# ${member.description}`] : [];
    return [...told, `${indent}${off}${key}: ${example(key, member, prefix)}`];
  });
  // Without a member that counts it would be no map.
  return asked.length === 0
    ? [`${indent}{}  # nothing is needed; replace it by what you want of these`, ...lines]
    : lines;
}

function example(key: string, schema: TSchema, prefix: string): string {
  if (schema[secretKeyword] === true)
    return `{env: ${prefix}_${key.replaceAll(/([a-z])([A-Z])/g, "$1_$2").toUpperCase()}}`;
  if (schema.default !== undefined) return JSON.stringify(schema.default);
  const items: unknown = schema["items"];
  if (isSchema(items)) {
    const one = key.replace(/s$/, "");
    return `[${isObject(items) ? inline(items, prefix) : example(one, items, prefix)}]`;
  }
  const choices: unknown = schema["anyOf"];
  if (Array.isArray(choices)) {
    const [first]: readonly unknown[] = choices;
    if (isSchema(first)) return first.const === undefined ? example(key, first, prefix) : JSON.stringify(first.const);
  }
  return isObject(schema) ? inline(schema, prefix) : blank;
}

function inline(schema: TSchema, prefix: string): string {
  const required: readonly string[] = schema["required"] ?? [];
  const members = Object.entries<TSchema>(schema["properties"] ?? {})
    .filter(([key, member]) => required.includes(key) && member.default === undefined)
    .map(([key, member]) => `${key}: ${example(key, member, prefix)}`);
  return `{${members.join(", ")}}`;
}

const isSchema = (value: unknown): value is TSchema => typeof value === "object" && value !== null;
const isObject = (schema: TSchema): boolean => schema["type"] === "object";
