import { deletedFileRetentionMs } from "../publish/delta-version.ts";
import type { TlsFiles } from "../serve/check-tls.ts";
import { type RunningLake, type ServeOptions, serve } from "../serve/serve.ts";
import { messageOf } from "../message-of.ts";
import { parseSources } from "../sources/parse-sources.ts";
import { type CommandIo, type CommandValues, UsageError, readText, required } from "./command.ts";
import { deliveryOptions } from "./delivery-options.ts";
import { masterKeySource } from "./master-key-options.ts";
import { oneOf } from "./one-of.ts";
import { quotaOptions } from "./quota-options.ts";
import { wholeNumber } from "./whole-number.ts";

/**
 * `serve`: runs until SIGINT or SIGTERM, then finishes what is in flight. At SIGHUP it reads the certificate again and begins new files
 * of the access log.
 */
export async function serveCommand(values: CommandValues, io: CommandIo): Promise<number> {
  const stopped = new Promise<void>((resolve) => {
    io.once("SIGINT", resolve);
    io.once("SIGTERM", resolve);
  });
  const log = (entry: Readonly<Record<string, unknown>>): void => {
    if (entry["level"] !== "debug") io.stderr.write(`${JSON.stringify(entry)}\n`);
  };
  const port = portOf("port", values.port ?? "4570");
  const category = values["default-category"];
  if (category !== undefined && category !== "ActivityAuditLog")
    throw new UsageError("--default-category can only be ActivityAuditLog.");
  const lake = await serve({
    data: required(values, "data"),
    region: values.region ?? "us-east-1",
    host: values.host ?? "127.0.0.1",
    port,
    workers: wholeNumber(values, "workers", 32) ?? 1,
    tls: tlsFiles(values),
    insecure: values.insecure ?? false,
    strict: values.strict ?? false,
    defaultCategory: category,
    childUser: values["child-user"],
    ...deliveryOptions(values, io.env),
    maxResultBytes: wholeNumber(values, "max-result-bytes", Number.MAX_SAFE_INTEGER),
    quotas: quotaOptions(values),
    corsOrigins: corsOrigins(values),
    maxFutureMs: hours(values, "event-time-ahead"),
    externalIdMode: oneOf(values, "external-id-mode", ["gate", "iam"]) ?? "gate",
    masterKey: masterKeySource(values, io.env),
    sources: values.sources === undefined ? [] : parseSources(readText(values.sources), values.sources),
    metrics: metricsAddress(values),
    accessLog: accessLog(values, io),
    accessLogDays: wholeNumber(values, "access-log-days", 36_500),
    accessLogBytes: wholeNumber(values, "access-log-bytes", Number.MAX_SAFE_INTEGER, 1024 ** 2),
    removedFileMs: removedGrace(values),
    signHeads: headSigning(values),
    log,
  });
  const { url, metricsUrl } = lake;
  io.stdout.write(
    values.json
      ? `${JSON.stringify({ event: "listening", url, region: lake.region, pid: process.pid, metricsUrl })}\n`
      : `listening on ${url}\n${metricsUrl === undefined ? "" : `metrics on ${metricsUrl}/metrics\n`}`,
  );
  // It would otherwise end the process.
  io.on?.("SIGHUP", () => void reload(lake, values, log));
  await stopped;
  await lake.close();
  return 0;
}

async function reload(
  lake: Pick<RunningLake, "reload">,
  values: CommandValues,
  log: (entry: Readonly<Record<string, unknown>>) => void,
): Promise<void> {
  try {
    await lake.reload({ tls: tlsFiles(values) });
    log({ level: "info", event: "reloaded" });
  } catch (error) {
    log({ level: "error", event: "reload-failed", message: `What there was goes on. ${messageOf(error)}` });
  }
}

/** Not less than what the published tables say of themselves, see `deletedFileRetentionMs`. */
function removedGrace(values: CommandValues): number | undefined {
  const minutes = wholeNumber(values, "removed-grace", 43_200, deletedFileRetentionMs / 60_000);
  return minutes === undefined ? undefined : minutes * 60_000;
}

function headSigning(values: CommandValues): ServeOptions["signHeads"] {
  const keyFile = values["sign-heads"];
  const directory = values["signed-heads"];
  if (keyFile === undefined && directory !== undefined) throw new UsageError("--signed-heads needs --sign-heads.");
  return keyFile === undefined ? undefined : { keyFile, directory };
}

function portOf(name: string, text: string): number {
  if (!/^\d{1,5}$/.test(text) || Number(text) > 65_535)
    throw new UsageError(`--${name} must be a number from 0 to 65535.`);
  return Number(text);
}

function metricsAddress(values: CommandValues): { readonly host: string; readonly port: number } | undefined {
  const port = values["metrics-port"];
  const host = values["metrics-host"];
  if (port === undefined && host !== undefined) throw new UsageError("--metrics-host needs --metrics-port.");
  return port === undefined ? undefined : { host: host ?? "127.0.0.1", port: portOf("metrics-port", port) };
}

function accessLog(values: CommandValues, io: CommandIo): ServeOptions["accessLog"] {
  const where = oneOf(values, "access-log", ["data", "off", "-"]);
  return where === "-" ? (line) => void io.stdout.write(`${line}\n`) : where;
}

function hours(values: CommandValues, name: "event-time-ahead"): number | undefined {
  const given = wholeNumber(values, name, 8760);
  return given === undefined ? undefined : given * 3_600_000;
}

function corsOrigins(values: CommandValues): readonly string[] {
  const origins = values["cors-origins"]?.split(",") ?? [];
  const wrong = origins.find(
    (origin) =>
      !URL.canParse(origin) || !/^https?:$/.test(new URL(origin).protocol) || new URL(origin).origin !== origin,
  );
  if (wrong === undefined) return origins;
  throw new UsageError(`--cors-origins takes origins such as https://app.example.com, not ${JSON.stringify(wrong)}.`);
}

function tlsFiles(values: CommandValues): TlsFiles | undefined {
  const cert = values["tls-cert"];
  const key = values["tls-key"];
  if (cert === undefined && key === undefined) return undefined;
  if (cert === undefined || key === undefined) throw new UsageError("--tls-cert and --tls-key go together.");
  return { cert: readText(cert), key: readText(key) };
}
