import { setTimeout as realPause } from "node:timers/promises";
import { codePoints } from "@tributary/schema";
import type { Members } from "../core/members.ts";
import type { Evidence } from "../core/report.ts";
import { Unmet } from "../core/unmet.ts";
import { activitySelectors, type ServerWorld } from "../server/server-world.ts";
import { type Answer, refused, succeeded } from "../wire/answer.ts";
import type { Variation } from "../wire/wire.ts";

/** An id that nothing has. */
export const nobody = "00000000-0000-4000-8000-00000000dead";

/** Calls the control plane, with patience for a server that throttles. */
export async function ask(
  world: ServerWorld,
  operation: string,
  input: unknown,
  variation?: Variation & { readonly prefix?: string },
): Promise<Answer> {
  for (let tries = 0; ; tries++) {
    const answer = await world.wire.call(operation, input, variation);
    if (answer.code !== "ThrottlingException" || tries === 10) return answer;
    await pause(world, 1100);
  }
}

/** Asks until it holds, for a server that needs a moment. Answers what it said last. */
export async function soon<T>(
  world: ServerWorld,
  question: () => Promise<T>,
  holds: (value: T) => boolean,
): Promise<T> {
  for (let tries = 0; ; tries++) {
    const value = await question();
    if (holds(value) || tries === 20) return value;
    await pause(world, 500);
  }
}

function pause({ wire: { subject } }: ServerWorld, ms: number): Promise<unknown> {
  return subject.pause === undefined ? realPause(ms) : subject.pause(ms);
}

/** Asks for what must be refused, and so makes nothing. Throws `Unmet` unless it is; what it made all the same is deleted at once. */
export async function isRefused(
  world: ServerWorld,
  operation: string,
  input: unknown,
  codes?: readonly string[] | string,
  status?: number,
): Promise<void> {
  const answer = await ask(world, operation, input);
  await unmake(world, operation, answer);
  named(operation, input, () => refused(answer, codes, status));
}

/** Deletes what an operation made that should have made nothing. What is shown stays the request that made it. */
export async function unmake(world: ServerWorld, operation: string, { status, json }: Answer): Promise<void> {
  if (status !== 200 || !operation.startsWith("Create")) return;
  const { ChannelArn: Channel, EventDataStoreArn: EventDataStore } = json ?? {};
  const { evidence } = world.wire;
  if (Channel !== undefined) await ask(world, "DeleteChannel", { Channel });
  else {
    await ask(world, "UpdateEventDataStore", { EventDataStore, TerminationProtectionEnabled: false });
    await ask(world, "DeleteEventDataStore", { EventDataStore });
  }
  world.wire.recall(evidence);
}

/** The answer of a call that succeeds. Throws `Unmet` otherwise. */
export async function done(world: ServerWorld, operation: string, input: Members): Promise<Members> {
  const answer = await ask(world, operation, input);
  return named(operation, input, () => succeeded(answer));
}

/** Runs; an `Unmet` names the request whose answer was not as expected. */
function named<T>(operation: string, input: unknown, run: () => T): T {
  try {
    return run();
  } catch (error) {
    if (!(error instanceof Unmet)) throw error;
    throw new Unmet(`${error.expected} for ${operation} ${JSON.stringify(input, shortened)}`, error.got);
  }
}

/** Long texts and lists are told by their lengths. */
function shortened(_key: string, value: unknown): unknown {
  if (typeof value === "string" && codePoints(value) > 100)
    return `${value.slice(0, 8)}... (${codePoints(value)} characters)`;
  return Array.isArray(value) && value.length > 4 ? [...value.slice(0, 2), `... (${value.length} entries)`] : value;
}

/** The store that the world's channel delivers to. */
export function storeOf(world: ServerWorld): string {
  if (world.storeArn === undefined) throw new Error("A check that needs a store must say so.");
  return world.storeArn;
}

export const channelOf = (world: ServerWorld): Promise<Members> =>
  done(world, "GetChannel", { Channel: world.channelArn });

export const getStore = (world: ServerWorld, arn: string): Promise<Members> =>
  done(world, "GetEventDataStore", { EventDataStore: arn });

let counted = 0;

/** What CreateChannel needs, to the world's store. */
export function newChannel(world: ServerWorld, changes: Members = {}): Members {
  return { Name: `${world.prefix}-more`, Source: "WizAuditLogs", Destinations: to(storeOf(world)), ...changes };
}

/** What CreateEventDataStore needs. */
export function newStore(world: ServerWorld, changes: Members = {}): Members {
  // A name that was given in vain may stay taken for days.
  return { Name: `${world.prefix}-more-${counted++}`, AdvancedEventSelectors: activitySelectors, ...changes };
}

/** Destinations. */
export const to = (...locations: readonly string[]): readonly Members[] =>
  locations.map((Location) => ({ Type: "EVENT_DATA_STORE", Location }));

interface Made {
  readonly arn: string;
  /** What its creation answered. */
  readonly created: Members;
  /** What it was made of. */
  readonly input: Members;
  readonly evidence: Evidence | undefined;
}

const seconds = new WeakMap<ServerWorld, Promise<Made>>();
const others = new WeakMap<ServerWorld, Promise<Made>>();

/** The run's second store, with every default, two tags, and no channel. Made once. */
export function secondStore(world: ServerWorld): Promise<Made> {
  const input = newStore(world, { Name: `${world.prefix}-second`, TagsList: firstTags });
  return once(seconds, world, async () => {
    const created = succeeded(await ask(world, "CreateEventDataStore", input));
    const { evidence } = world.wire;
    const arn = String(created["EventDataStoreArn"]);
    await soon(
      world,
      () => getStore(world, arn),
      ({ Status }) => Status !== "CREATED",
    );
    return { arn, created, input, evidence };
  });
}

export const firstTags = [{ Key: "purpose", Value: "conformance" }, { Key: "no-value" }];

/** Spec 4, those first that few accounts have. */
export const sources = [
  "WizAuditLogs",
  "OneLogin",
  "CyberArk",
  "CrowdStrike",
  "NetskopeCloudExchange",
  "KongGatewayEnterprise",
  "CloudStorageSecurityConsole",
  "IBMMulticloud",
  "Shoreline",
  "MontyCloud",
  "Clumio",
  "Snyk",
  "LaunchDarkly",
  "GitHub",
  "OktaSystemLogEvents",
  "Custom",
];

/** The run's second channel, with two tags, to the world's store. Made once. */
export function secondChannel(world: ServerWorld): Promise<Made> {
  return once(others, world, () => makeChannel(world, { Name: `${world.prefix}-second`, Tags: firstTags }));
}

/** Runs with a channel that the check may change and delete as it likes. */
export async function withChannel(world: ServerWorld, run: (channelArn: string) => Promise<void>): Promise<void> {
  const { arn } = await makeChannel(world, { Name: `${world.prefix}-short-${counted++}` });
  try {
    await run(arn);
  } finally {
    const { evidence } = world.wire;
    await ask(world, "DeleteChannel", { Channel: arn });
    world.wire.recall(evidence);
  }
}

/** WizAuditLogs is left to the requests that must be refused: nothing else may be why. */
const freeFirst = sources.slice(1);

/** A channel of a source that is free. */
async function makeChannel(world: ServerWorld, changes: Members): Promise<Made> {
  let input: Members = {};
  let answer: Answer | undefined;
  for (const Source of freeFirst) {
    input = newChannel(world, { Source, ...changes });
    answer = await ask(world, "CreateChannel", input);
    if (answer.status === 200) break;
  }
  const created = succeeded(answer!);
  return { arn: String(created["ChannelArn"]), created, input, evidence: world.wire.evidence };
}

/** Runs while the second store waits for its deletion, and restores it whatever happens. */
export async function whileDeleted(world: ServerWorld, run: (storeArn: string) => Promise<void>): Promise<void> {
  const { arn } = await secondStore(world);
  await done(world, "UpdateEventDataStore", { EventDataStore: arn, TerminationProtectionEnabled: false });
  await done(world, "DeleteEventDataStore", { EventDataStore: arn });
  try {
    await run(arn);
  } finally {
    const { evidence } = world.wire;
    await ask(world, "RestoreEventDataStore", { EventDataStore: arn });
    world.wire.recall(evidence);
  }
}

/** Makes it once. What is shown, until something else is asked, is the request that made it. */
async function once(
  known: WeakMap<ServerWorld, Promise<Made>>,
  world: ServerWorld,
  make: () => Promise<Made>,
): Promise<Made> {
  const found = known.get(world) ?? make();
  known.set(world, found);
  try {
    const made = await found;
    world.wire.recall(made.evidence);
    return made;
  } catch (error) {
    known.delete(world);
    throw error;
  }
}

/** A name of exactly so many characters that is the run's own. */
export function nameOf(world: ServerWorld, length: number): string {
  const own = world.prefix.replace("conformance-", "");
  return length < own.length ? own.slice(0, length) : own.padEnd(length, "x");
}

/** So many tags. */
export const manyTags = (count: number, from = 0): readonly Members[] =>
  Array.from({ length: count }, (_, index) => ({ Key: `key-${from + index}`, Value: "x" }));
