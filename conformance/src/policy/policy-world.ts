import { about, expects, shown } from "../core/unmet.ts";
import { ends, oneEvent, put } from "../ingest/ingest-world.ts";
import type { ServerWorld } from "../server/server-world.ts";
import { type Answer, refused, succeeded } from "../wire/answer.ts";
import type { Identity, RoleSession } from "../wire/identity.ts";

export const action = "cloudtrail-data:PutAuditEvents";
export const thirdAccount = "210987654321";

/** A statement as a policy has it; members may be wrong on purpose. */
export type Statement = Readonly<Record<string, unknown>>;

/** The second account's identity; checks that need it say so. */
export function other(world: ServerWorld): Identity {
  const { other: found } = world.wire.subject;
  if (found === undefined) throw new Error("A check that needs a second account must say so.");
  return found;
}

/** A role's session; checks that need it say so. */
export function session(world: ServerWorld, which: "role" | "otherRole"): RoleSession {
  const found = world.wire.subject[which];
  if (found === undefined) throw new Error("A check that needs a role's session must say so.");
  return found;
}

/** Allows principals, accounts or ARNs, to put events to the world's channel. */
export function allow(world: ServerWorld, principals: string | readonly string[], changes: Statement = {}): Statement {
  return { Effect: "Allow", Principal: { AWS: principals }, Action: action, Resource: world.channelArn, ...changes };
}

export function document(statements: Statement | readonly Statement[], changes: Statement = {}): string {
  return JSON.stringify({ Version: "2012-10-17", Statement: statements, ...changes });
}

export function putPolicy(world: ServerWorld, text: string, channelArn = world.channelArn): Promise<Answer> {
  return world.wire.call("PutResourcePolicy", { ResourceArn: channelArn, ResourcePolicy: text });
}

export function getPolicy(world: ServerWorld, channelArn = world.channelArn): Promise<Answer> {
  return world.wire.call("GetResourcePolicy", { ResourceArn: channelArn });
}

export function deletePolicy(world: ServerWorld, channelArn = world.channelArn): Promise<Answer> {
  return world.wire.call("DeleteResourcePolicy", { ResourceArn: channelArn });
}

/** Runs with this policy on the channel, or on a store, and takes it off whatever happens. Throws `Unmet` where it is refused. */
export async function withPolicy(
  world: ServerWorld,
  text: string,
  run: () => Promise<void>,
  arn = world.channelArn,
): Promise<void> {
  succeeded(await putPolicy(world, text, arn));
  try {
    await about(`while the ${arn === world.channelArn ? "channel" : "store"}'s policy is ${text}`, run);
  } finally {
    await takeOff(world, arn);
  }
}

/** Takes the policy off. What is shown stays what was exchanged before. */
async function takeOff(world: ServerWorld, arn: string): Promise<void> {
  const { evidence } = world.wire;
  await deletePolicy(world, arn);
  world.wire.recall(evidence);
}

/** Throws `Unmet` unless the document is taken, as the channel's policy or as a store's. */
export async function valid(world: ServerWorld, special: string, text: string, arn = world.channelArn): Promise<void> {
  const answer = await putPolicy(world, text, arn);
  expects(
    answer.status === 200,
    `a policy with ${special} is taken`,
    `HTTP ${answer.status} ${answer.code ?? ""} ${shown(answer.text)}`,
  );
  await takeOff(world, arn);
}

/** Throws `Unmet` unless the document is refused with ResourcePolicyNotValidException. */
export async function invalid(
  world: ServerWorld,
  special: string,
  text: string,
  arn = world.channelArn,
): Promise<void> {
  const answer = await putPolicy(world, text, arn);
  if (answer.status === 200) await takeOff(world, arn);
  expects(answer.status >= 400, `a policy with ${special} is refused`, "HTTP 200");
  await about(`for a policy with ${special}`, () =>
    Promise.resolve(refused(answer, "ResourcePolicyNotValidException", 400)),
  );
}

/** Whether a caller may put an event. Throws `Unmet` for an answer that is neither a success nor a refusal. */
export async function mayPut(world: ServerWorld, as: Identity, externalId?: string): Promise<boolean> {
  const answer = await put(world, oneEvent(world), { as, ...(externalId !== undefined && { externalId }) });
  if (answer.status === 200) return ends(answer).get("the-event") === undefined;
  refused(answer, ["ChannelInsufficientPermission", "AccessDeniedException"]);
  return false;
}

/** Throws `Unmet` unless the caller may. */
export async function granted(world: ServerWorld, who: string, as: Identity, externalId?: string): Promise<void> {
  expects(await mayPut(world, as, externalId), `${who} ${said(externalId)} may put events`, "refused");
}

/** Throws `Unmet` unless the caller is refused. */
export async function denied(world: ServerWorld, who: string, as: Identity, externalId?: string): Promise<void> {
  expects(!(await mayPut(world, as, externalId)), `${who} ${said(externalId)} is refused`, "the event was taken");
}

const said = (externalId: string | undefined): string =>
  externalId === undefined ? "without an external id" : `with the external id ${externalId}`;
