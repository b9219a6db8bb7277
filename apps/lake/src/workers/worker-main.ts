import { openControlReader } from "../catalog/sqlite-control-reader.ts";
import { systemClock } from "../clock.ts";
import { ControlCache } from "../control/control-cache.ts";
import { faultEntry } from "../fault-entry.ts";
import { listen } from "../http/http-server.ts";
import { Responder } from "../http/responder.ts";
import { withCors } from "../http/with-cors.ts";
import { Authenticator } from "../identity/authenticator.ts";
import { PutAuditEvents } from "../ingest/put-audit-events.ts";
import { messageOf } from "../message-of.ts";
import { DataKeys } from "../secrets/data-keys.ts";
import { Verifier } from "../sigv4/verifier.ts";
import { SourceRegistry } from "../sources/source-registry.ts";
import { PrimaryLink } from "./primary-link.ts";

// An ingest process. It is a child of `serve` and ends with it: what it has not been told is committed, it has not answered.
const graceMs = 30_000;
const link = new PrimaryLink();

// Ctrl-C reaches the whole group of processes; the parent decides when this one stops.
process.on("SIGINT", () => undefined);
// A terminal that goes away, too: the parent reads its files again, and tells this process.
process.on("SIGHUP", () => undefined);
process.on("disconnect", () => process.exit(0));
if (!process.connected) process.exit(0);
const terminated = new Promise<number>((resolve) => void process.once("SIGTERM", () => resolve(graceMs)));

async function start(): Promise<void> {
  const settings = await link.settings;
  const { region, strict, externalIdMode, maxBodyBytes, maxSkewMs, maxFutureMs } = settings;
  const clock = systemClock;
  const reader = openControlReader(settings.catalogFile);
  const control = await ControlCache.open(reader);
  const authenticator = new Authenticator(
    new Verifier({ region, now: () => clock.now(), ...(maxSkewMs !== undefined && { maxSkewMs }) }),
    DataKeys.follow(settings.masterKey),
    () => clock.now(),
  );
  const onFault = (error: unknown, requestId: string): void =>
    link.tell({ kind: "log", entry: faultEntry(error, requestId) });
  const routes = new Responder({
    data: new PutAuditEvents(
      { region, strict, externalIdMode, maxBodyBytes, maxFutureMs },
      {
        control,
        authenticator,
        journal: link,
        clock,
        rates: settings.rates ? link : { take: () => undefined },
        sources: new SourceRegistry(settings.sources),
      },
    ),
    others: { respond: (request) => link.respond(request) },
    keys: control,
    authenticator,
    clock,
    unready: () => link.unready(),
    observe: (observation) => link.observe(observation),
    onFault,
  });
  const { host, port, tls, maxHeldBytes, corsOrigins } = settings;
  const server = await listen(withCors(routes, corsOrigins), {
    host,
    port,
    tls,
    maxBodyBytes,
    maxHeldBytes,
    reusePort: true,
    onFault,
  });
  link.onTls = (renewed) => server.renewTls(renewed);
  link.tell({ kind: "listening", url: server.url });
  await server.close(await Promise.race([link.closing, terminated]));
  await link.idle();
  await reader.close();
}

try {
  await start();
  process.exit(0);
} catch (error) {
  process.send?.({ kind: "failed", message: messageOf(error) }, undefined, undefined, () => process.exit(1));
}
