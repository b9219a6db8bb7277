import { randomInt } from "node:crypto";
import { loadConfig } from "../config/load-config.ts";
import type { LoadedConfig } from "../config/loaded-config.ts";
import { Daemon } from "../daemon/daemon.ts";
import { LiveView } from "../daemon/live-view.ts";
import { type Log, logWriter } from "../daemon/log.ts";
import { PeriodicLog } from "../daemon/periodic-log.ts";
import { Scrubber } from "../daemon/scrubber.ts";
import { untilAborted } from "../daemon/until-aborted.ts";
import { seededRandom } from "../delivery/back-off.ts";
import { clientSender } from "../delivery/client-sender.ts";
import { SharedRates } from "../delivery/shared-rates.ts";
import { systemClock } from "../delivery/clock.ts";
import { damageCode } from "../state/damage.ts";
import { holdState } from "../state/state-place.ts";
import { openTracing } from "../telemetry/open-tracing.ts";
import { version } from "../version.ts";
import { clientChoice } from "./channel-options.ts";
import type { Command, Io } from "./command.ts";
import { exitCodes } from "./exit-codes.ts";
import { stateOf } from "./open-state.ts";
import { stateKeys } from "./state-keys.ts";
import { parseCommandLine, usageError } from "./usage-error.ts";

const help = `tributary run [--config FILE] [options]

Runs the integrations of a configuration until it is stopped: pollers of vendors' APIs, webhooks, files, objects of S3, syslog,
bulk requests. What they give is written to the state before it is sent, and sent until it is settled. A channel or a vendor that refuses parks that integration,
with its reason, and is tried again by itself; the others go on.

  --config FILE  default: tributary.yaml; tributary init writes one, tributary check checks it
  --state PATH   instead of the configuration's
  --log KIND     plain, json, or auto (default): a live table on a terminal, plain lines elsewhere
  --client NAME  auto (default), aws-sdk, built-in

Signals: SIGHUP reads the configuration again (an invalid one is logged and the old one stays); SIGTERM and SIGINT end intake,
send what is queued within limits.drainSeconds and end; a second one ends at once, and nothing is lost.

Examples:
  tributary run
  tributary run --config /etc/tributary/tributary.yaml --log json

Exit codes:
  0   stopped by a signal, nothing is queued, or other forwarders on the same PostgreSQL send it
  2   the configuration or the command line is wrong, or its address cannot be listened on
  3   stopped by a signal with records queued: they are sent after the next start
  5   the state is in use by another forwarder, or cannot be reached, read or written; or records died since the start because
      it was damaged (STATE_DAMAGED)
  70  a bug
`;

export const runCommand: Command = { help, run };

const liveMs = 1000;
const plainMs = 60_000;

async function run(argv: readonly string[], io: Io): Promise<number> {
  const { values, positionals } = parseCommandLine(argv, {
    config: { type: "string" },
    state: { type: "string" },
    log: { type: "string" },
    client: { type: "string" },
  });
  if (positionals.length > 0) throw usageError("run takes no argument; name the configuration with --config.");
  const kind = values.log ?? "auto";
  if (kind !== "auto" && kind !== "plain" && kind !== "json")
    throw usageError(`--log takes auto, plain or json, not ${kind}.`);
  const client = clientChoice(values.client);
  const load = () => loadConfig(values.config ?? "tributary.yaml", io.env);
  const placeOf = (config: LoadedConfig) => stateOf(values.state, config, io.env);
  // A signal that comes while it starts is obeyed when it has started.
  let started: Daemon | undefined;
  let isHungUp = false;
  const forget = io.onHangup?.(() => {
    isHungUp = true;
    void started?.reload();
  });
  const config = await load();

  const scrubber = new Scrubber();
  const view = kind === "auto" && io.stderr.isTTY === true ? new LiveView(io.stderr) : undefined;
  const write = logWriter(io.stderr, kind === "json" ? "json" : "plain", () => systemClock.now(), scrubber.scrub);
  let hasLost = false;
  const log: Log = (level, message, fields) => {
    view?.clear();
    hasLost ||= level === "error" && fields?.["code"] === damageCode;
    write(level, message, fields);
  };

  const where = placeOf(config);
  const rates = new SharedRates(systemClock);
  const { database, close } = await holdState(where, config.keys ?? stateKeys(io.env));
  const tracing = await openTracing(config.telemetry, io.env, version(), spanWarning(log));
  try {
    const daemon = await Daemon.start(
      {
        database,
        stateFile: where.kind === "file" ? where.path : undefined,
        load,
        stateOf: (other) => JSON.stringify(placeOf(other)),
        clock: systemClock,
        random: seededRandom(randomInt(2 ** 32)),
        log,
        scrubber,
        tracing,
        network: { env: io.env },
        openSender: (to) => clientSender({ ...to, client, env: io.env, rate: rates.of(to) }),
      },
      config,
    );
    const periodic = new PeriodicLog(log);
    const report = async () => {
      const statuses = await daemon.status();
      if (view === undefined) periodic.write(statuses, performance.now());
      else view.draw(statuses, performance.now());
    };
    const timer = setInterval(() => void report(), view === undefined ? plainMs : liveMs);
    started = daemon;
    if (isHungUp) void daemon.reload();
    await untilAborted(io.signal);
    log("info", "stopping: intake has ended, the queue is sent");
    const left = await daemon.stop(config.limits.drainSeconds);
    clearInterval(timer);
    await report();
    log("info", "stopped", { queued: left });
    if (hasLost) return exitCodes.state;
    return left === 0 ? exitCodes.ok : exitCodes.queued;
  } finally {
    forget?.();
    await tracing?.close();
    await close();
  }
}

const tellAgainMs = 600_000;

/** Tells of spans that got lost, and not more often than every ten minutes. */
function spanWarning(log: Log): (message: string) => void {
  let toldAt = -Infinity;
  return (message) => {
    if (performance.now() - toldAt < tellAgainMs) return;
    toldAt = performance.now();
    log("warn", `traces: ${message}`, { code: "SPANS_LOST" });
  };
}
