import { readFileSync } from "node:fs";
import { serve } from "../serve/serve.ts";
import { type CommandIo, type CommandValues, UsageError, required } from "./command.ts";

/** `serve`: runs until SIGINT or SIGTERM, then finishes what is in flight. */
export async function serveCommand(values: CommandValues, io: CommandIo): Promise<number> {
  const stopped = new Promise<void>((resolve) => {
    io.once("SIGINT", resolve);
    io.once("SIGTERM", resolve);
  });
  const port = Number(values.port ?? 4570);
  if (!Number.isInteger(port) || port < 0 || port > 65_535)
    throw new UsageError("--port must be a number from 0 to 65535.");
  const category = values["default-category"];
  if (category !== undefined && category !== "ActivityAuditLog")
    throw new UsageError("--default-category can only be ActivityAuditLog.");
  const lake = await serve({
    data: required(values, "data"),
    region: values.region ?? "us-east-1",
    host: values.host ?? "127.0.0.1",
    port,
    tls: tlsFiles(values),
    insecure: values.insecure ?? false,
    strict: values.strict ?? false,
    defaultCategory: category,
    childUser: values["child-user"],
    log: (entry) => {
      if (entry["level"] !== "debug") io.stderr.write(`${JSON.stringify(entry)}\n`);
    },
  });
  const { url } = lake;
  io.stdout.write(
    values.json
      ? `${JSON.stringify({ event: "listening", url, region: lake.region, pid: process.pid })}\n`
      : `listening on ${url}\n`,
  );
  await stopped;
  await lake.close();
  return 0;
}

function tlsFiles(values: CommandValues): { readonly cert: Buffer; readonly key: Buffer } | undefined {
  const cert = values["tls-cert"];
  const key = values["tls-key"];
  if (cert === undefined && key === undefined) return undefined;
  if (cert === undefined || key === undefined) throw new UsageError("--tls-cert and --tls-key go together.");
  return { cert: readFileSync(cert), key: readFileSync(key) };
}
