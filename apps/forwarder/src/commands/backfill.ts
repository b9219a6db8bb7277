import { resolve } from "node:path";
import { TributaryError } from "@tributary/schema";
import type { IntegrationPlan } from "../config/integration-plan.ts";
import { loadConfig } from "../config/load-config.ts";
import type { LoadedConfig } from "../config/loaded-config.ts";
import { pollerOf } from "../daemon/poller-of.ts";
import { readsOf } from "../daemon/reads-of.ts";
import { type Backfill, type BackfillRequest, Backfills } from "../state/backfills.ts";
import { table } from "../terminal/table.ts";
import { followBackfill } from "./backfill-follow.ts";
import { workBackfill } from "./backfill-work.ts";
import { clientChoice } from "./channel-options.ts";
import type { Command, Io } from "./command.ts";
import { exitCodes } from "./exit-codes.ts";
import { holdOrJoin } from "./open-state.ts";
import { timeOption } from "./time-option.ts";
import { parseCommandLine, usageError } from "./usage-error.ts";

const help = `tributary backfill [--config FILE] --integration NAME --since T [--until T] [--detach] [--json]
tributary backfill [--config FILE] --integration NAME --files PATTERN... [--detach] [--json]
tributary backfill ls | cancel ID [--config FILE] [--json]

Reads the past of an integration again: the vendor's history from --since on, or files. It has a place of its own; the live
poller goes on beside it and keeps its cursor. What was delivered before counts as already delivered and is not sent again.

Where a tributary run works on the state, that one does it, and this command follows it; Ctrl-C ends the following alone.
Otherwise this command does it, without the live sources, and ends when all of it is sent. Whatever is killed, the same command
goes on where it stopped, and so does a tributary run that is started instead.

  --config FILE       default: tributary.yaml
  --state PATH        instead of the configuration's
  --integration NAME  of the configuration
  --since T           2026-01-31T12:00:00Z, a date (UTC), or how long ago: 24h, 7d
  --until T           ends once the vendor shows nothing older any more; pages are taken whole, so some records may be later.
                      Default: until the vendor has no more
  --files PATTERN     a file, a directory or a pattern with *, ? and **; may be repeated. In the format of files: in the configuration
  --detach            asks a running forwarder for it, and does not follow
  --client NAME       auto (default), aws-sdk, built-in
  --json              JSON, an object a line: the backfill, and how its records ended at each destination

Examples:
  tributary backfill --integration okta --since 2026-01-01 --until 2026-02-01
  tributary backfill --integration gateway --files '/var/log/gateway/*.log.gz'

Exit codes:
  0   all of it was read, and nothing of the integration is queued (followed: all of it was read)
  2   the command line or the configuration is wrong, or the poller has no history
  3   interrupted, or records are queued: run it again, or start tributary run
  4   it failed: the vendor, the channel or a file refuses
  5   the state is in use by another version, or cannot be read or written
`;

export const backfillCommand: Command = { help, run };

async function run(argv: readonly string[], io: Io): Promise<number> {
  const { values, positionals } = parseCommandLine(argv, {
    config: { type: "string" },
    state: { type: "string" },
    integration: { type: "string" },
    since: { type: "string" },
    until: { type: "string" },
    files: { type: "string", multiple: true },
    detach: { type: "boolean" },
    client: { type: "string" },
    json: { type: "boolean" },
  });
  const json = values.json === true;
  const [verb, ...rest] = positionals;
  if (verb === "cancel" && !/^\d{1,15}$/.test(rest[0] ?? ""))
    throw usageError("backfill cancel takes one ID of backfill ls.");
  if ((verb !== undefined && verb !== "ls" && verb !== "cancel") || rest.length > (verb === "cancel" ? 1 : 0))
    throw usageError(
      `backfill ${positionals.join(" ")} does not exist; there is backfill ls and backfill cancel ID. A second file takes a second --files.`,
    );
  const client = clientChoice(values.client);
  const config = await loadConfig(values.config ?? "tributary.yaml", io.env);
  const request = verb === undefined ? requestOf(values, config) : undefined;
  const held = await holdOrJoin(config, values.state, io.env);
  const { database } = held;
  try {
    const backfills = new Backfills(database);
    if (verb === "ls") return list(await backfills.all(values.integration), json, io);
    if (verb === "cancel") return await cancel(backfills, Number(rest[0]), json, io);
    const { plan, ...asked } = request!;
    const backfill = await backfills.ask(asked, Date.now());
    if (held.isHeld && values.detach !== true)
      return await workBackfill({ database, config, plan, backfill, client, json }, io);
    if (values.detach === true) {
      const who = held.isHeld ? "The next tributary run does it" : "The running forwarder does it";
      io.stdout.write(json ? `${JSON.stringify(backfill)}\n` : `Asked for as backfill ${backfill.id}. ${who}.\n`);
      return exitCodes.ok;
    }
    if (!json) io.stderr.write("The forwarders that work on the state do it; Ctrl-C ends the following alone.\n");
    return await followBackfill(backfills, backfill.id, json, io);
  } finally {
    await held.close();
  }
}

/** Throws USAGE and BACKFILL_REFUSED. */
function requestOf(
  values: {
    readonly integration?: string | undefined;
    readonly since?: string | undefined;
    readonly until?: string | undefined;
    readonly files?: readonly string[] | undefined;
  },
  { integrations }: LoadedConfig,
): BackfillRequest & { readonly plan: IntegrationPlan } {
  const plan = integrations.find(({ name }) => name === values.integration);
  if (plan === undefined)
    throw usageError(
      `--integration takes a name of the configuration (${integrations.map(({ name }) => name).join(", ")}), not ${values.integration ?? "nothing"}.`,
    );
  const now = Date.now();
  const since = timeOption("since", values.since, now);
  const until = timeOption("until", values.until, now);
  const about = { name: plan.name, adapter: plan.adapter.name, plan };
  if (values.files !== undefined) {
    if (since !== undefined || until !== undefined)
      throw usageError("--files reads whole files: take --since and --until away.");
    return { ...about, reads: "", since: "", until: undefined, files: values.files.map((file) => resolve(file)) };
  }
  if (since === undefined) throw usageError("--since is missing, or --files.");
  if (since > now) throw usageError("--since is in the future.");
  if (until !== undefined && until <= since) throw usageError("--until is not after --since.");
  const poll = pollerOf(plan, undefined);
  return {
    ...about,
    reads: readsOf(poll),
    since: time(since),
    until: until === undefined ? undefined : time(until),
    files: [],
  };
}

const time = (at: number): string => new Date(at).toISOString();

function list(all: readonly Backfill[], json: boolean, io: Io): number {
  if (json) for (const one of all) io.stdout.write(`${JSON.stringify(one)}\n`);
  else if (all.length === 0) io.stdout.write("No backfills.\n");
  else
    io.stdout.write(
      table([
        ["ID", "INTEGRATION", "SINCE", "UNTIL", "STATE", "PAGES", "RECORDS", ""],
        ...all.map(({ id, name, since, until, files, state, pages, frames, message }) => [
          String(id),
          name,
          since === "" ? files.join(", ") : since,
          until ?? "",
          state,
          pages,
          frames,
          message ?? "",
        ]),
      ]),
    );
  return exitCodes.ok;
}

async function cancel(backfills: Backfills, id: number, json: boolean, io: Io): Promise<number> {
  const was = await backfills.end(id, "cancelled", Date.now());
  if (!was)
    throw new TributaryError(`There is no backfill ${id} that is not finished.`, { code: "BACKFILL_NOT_FOUND" });
  io.stdout.write(
    json
      ? `${JSON.stringify(await backfills.one(id))}\n`
      : `Backfill ${id} is cancelled. What it has stored is sent.\n`,
  );
  return exitCodes.ok;
}
