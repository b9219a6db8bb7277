import type { Profile } from "../core/clause.ts";
import type { Report } from "../core/report.ts";
import { runChecks, type RunOptions } from "../core/run-checks.ts";
import { serverProfiles } from "../server/server-profile.ts";
import { missingOperations } from "../server/missing-operations.ts";
import { openServerWorld, type ServerWorld } from "../server/server-world.ts";
import { Unmet } from "../core/unmet.ts";
import { Unsupported } from "../core/unsupported.ts";
import { httpExchange } from "../wire/http-exchange.ts";
import { claimsOf, type Subject } from "../wire/subject.ts";
import { Made } from "../wire/made.ts";
import { Wire } from "../wire/wire.ts";
import { identityOf, roleSessionOf } from "./identities.ts";
import type { Io } from "./io.ts";
import { leftBehind } from "./interruption.ts";
import { mustMatch, parsed, reportingOptions, runOptions, tell } from "./reporting.ts";
import { timeLimit } from "./time-limit.ts";
import { UsageError } from "./usage-error.ts";

/** Options of a server's profile. */
export const serverOptions = {
  ...reportingOptions,
  endpoint: { type: "string" },
  region: { type: "string" },
  channel: { type: "string" },
  store: { type: "string" },
  "management-store": { type: "string" },
  quotas: { type: "boolean" },
  queries: { type: "boolean" },
  owner: { type: "string" },
  "other-account": { type: "string" },
  role: { type: "string" },
  "other-role": { type: "string" },
  yes: { type: "boolean" },
  timeout: { type: "string" },
} as const;

/** Checks one profile of a server. Answers the exit code. */
export async function checkServer(profile: Profile, argv: readonly string[], io: Io): Promise<number> {
  const values = parsed(argv, serverOptions);
  return tell(await serverReport(profile, values, io), values, io);
}

/** What a command line says about a server. */
export type ServerValues = ReturnType<typeof parsed<typeof serverOptions>>;

/** Checks one profile of a server, and deletes what was made for it. */
export async function serverReport(
  profile: Profile,
  values: ServerValues,
  io: Io,
  changes: Pick<RunOptions<never>, "onResult" | "evidenceOfPasses"> = {},
): Promise<Report> {
  const endpoint = values.endpoint ?? "";
  if (!/^https?:\/\/[^/]+\/?$/.test(endpoint))
    throw new UsageError("--endpoint takes the server's address, for instance http://127.0.0.1:4570.");
  const at: Subject = {
    endpoint: endpoint.replace(/\/$/, ""),
    region: values.region ?? values.channel?.split(":")[3] ?? io.env["AWS_REGION"] ?? "us-east-1",
    exchange: httpExchange(endpoint),
    owner: await identityOf(values.owner),
    other: values["other-account"] === undefined ? undefined : await identityOf(values["other-account"]),
    now: () => Date.now(),
  };
  const subject: Subject = {
    ...at,
    role: values.role === undefined ? undefined : await roleSessionOf(values.role, at),
    otherRole: values["other-role"] === undefined ? undefined : await roleSessionOf(values["other-role"], at),
  };
  mustMatch(values.grep, serverProfiles[profile] ?? []);
  const makes = madeFor(profile, values);
  if (makes !== undefined && values.yes !== true) {
    const isWanted = await io.confirm(`At ${subject.endpoint} this makes ${makes}. Go on?`);
    if (!isWanted) throw new UsageError(`It would make ${makes}. Say --yes, or name --channel ARN.`);
  }
  const made = new Made();
  io.interruption.left = () => made.left;
  const limit = timeLimit(values.timeout, io);
  const wire = new Wire(subject, { signal: limit.signal, made });
  try {
    const run = {
      ...runOptions(values, `tributary-conformance ${profile} --endpoint ${subject.endpoint}`, io),
      profile,
      subject: values.name ?? subject.endpoint,
      claimed: claimsOf(subject, values.channel === undefined, [
        ...(values.store === undefined ? (["own-store"] as const) : []),
        ...(values["management-store"] === undefined ? [] : (["management-store"] as const)),
        ...(values.queries === true ? (["queries"] as const) : []),
        ...(values.quotas === true ? (["quotas"] as const) : []),
      ]),
      exchanges: wire,
      signal: limit.signal,
      ...changes,
    };
    const checks = serverProfiles[profile] ?? [];
    const existing = {
      channelArn: values.channel,
      storeArn: values.store,
      managementStoreArn: values["management-store"],
      defaultRetention: profile === "channels",
    };
    const world = await worldOrMissing(wire, existing);
    if ("wire" in world) return await runChecks({ ...run, checks, world });
    const { missing } = world;
    const reason = new Unsupported(missing.filter((operation) => needed.includes(operation)).join(", "));
    const none = checks.map((check) => ({ ...check, run: () => Promise.reject(reason) }));
    return await runChecks({ ...run, checks: none, world: undefined, unsupported: missing });
  } finally {
    limit.lift();
    const left = await new Wire({ ...subject, exchange: httpExchange(endpoint, tidyPatienceMs) }, { made }).tidy();
    if (left.length > 0) io.stderr.write(`${leftBehind(left)}\n`);
  }
}

/** Every check of a server stands on a channel that these make. */
const needed = ["CreateEventDataStore", "CreateChannel"];

/** The world, or what is missing where the server has no such operations. Throws where it has them, and refuses. */
async function worldOrMissing(
  wire: Wire,
  existing: Parameters<typeof openServerWorld>[1],
): Promise<ServerWorld | { readonly missing: readonly string[] }> {
  try {
    return await openServerWorld(wire, existing);
  } catch (error) {
    const isAnswered = error instanceof Error && error.cause instanceof Unmet;
    const missing = isAnswered ? await missingOperations(wire) : [];
    if (missing.some((operation) => needed.includes(operation))) return { missing };
    throw error;
  }
}

/** A server that is silent is not waited for to the end. */
const tidyPatienceMs = 10_000;

function madeFor(
  profile: Profile,
  { channel, store, quotas = false }: { readonly channel?: string; readonly store?: string; readonly quotas?: boolean },
): string | undefined {
  if (channel !== undefined) return undefined;
  const own = store === undefined ? 1 : 0;
  // The profile `channels` changes, deletes and restores a store of its own, and moves a channel.
  const isChannels = profile === "channels";
  // The profile `query` reads two stores in one statement, and deletes one.
  const more = isChannels || profile === "query" ? 1 : 0;
  const stores = isChannels && quotas ? "up to 10 event data stores" : counted(own + more, "event data store");
  const channels = isChannels ? "2 channels (3 for a moment)" : "a channel";
  return `${stores === "" ? "" : `${stores} and `}${channels}, and deletes them at its end`;
}

function counted(count: number, what: string): string {
  return count === 0 ? "" : count === 1 ? `an ${what}` : `${count} ${what}s`;
}
