import { cloudTrailArn, parseCloudTrailArn } from "@tributary/schema";
import type { EventDataStoreRecord } from "../catalog/control-catalog.ts";
import { authorizeStore, sharedStore } from "./authorize-store.ts";
import { controlError } from "./control-error.ts";
import type { ControlCall } from "./operation.ts";

/**
 * The event data store of an ARN or id, after authorising the action on it: one of the caller's account, or of another whose
 * policy allows it. One that does not allow it is answered as one that is not there.
 * Throws EventDataStoreARNInvalidException, AccessDeniedException, EventDataStoreNotFoundException.
 */
export function findStore(
  call: ControlCall<unknown>,
  action: `cloudtrail:${string}`,
  idOrArn: string,
): EventDataStoreRecord {
  const shared = sharedStore(call, action, idOrArn.slice(idOrArn.lastIndexOf("/") + 1));
  if (shared && (idOrArn === shared.storeId || idOrArn === shared.arn)) return shared;
  const { arn, storeId } = storeArnOf(call, idOrArn);
  const store = storeOf(call, storeId);
  authorizeStore(call, action, store ?? { arn, accountId: call.caller.accountId });
  if (!store) throw notFound(arn);
  return store;
}

/** A channel's destination: the store that `Location` names in the caller's account. Throws as {@link findStore}, without authorising. */
export function findDestination(call: ControlCall<unknown>, location: string): EventDataStoreRecord {
  const { arn, storeId } = storeArnOf(call, location);
  const store = storeOf(call, storeId);
  if (!store) throw notFound(arn);
  return store;
}

function storeOf({ view, caller }: ControlCall<unknown>, storeId: string): EventDataStoreRecord | undefined {
  const found = view.state.stores.get(storeId);
  return found?.accountId === caller.accountId ? found : undefined;
}

function storeArnOf(
  { caller, env }: ControlCall<unknown>,
  text: string,
): { readonly arn: string; readonly storeId: string } {
  const { accountId } = caller;
  if (!text.startsWith("arn:")) {
    if (/^[A-Za-z0-9._-]+$/.test(text))
      return { arn: cloudTrailArn({ region: env.region, accountId, type: "eventdatastore", id: text }), storeId: text };
  } else {
    const arn = parseCloudTrailArn(text);
    if (
      arn?.type === "eventdatastore" &&
      arn.region === env.region &&
      arn.partition === "aws" &&
      arn.accountId === accountId
    )
      return { arn: text, storeId: arn.id };
  }
  throw controlError(
    "EventDataStoreARNInvalidException",
    `The event data store must be given by the ARN of one in your account in ${env.region}, or by its id.`,
  );
}

/** The answer for an id that names no store the caller may use. */
export function storeNotFound(call: ControlCall<unknown>, idOrArn: string): Error {
  return notFound(storeArnOf(call, idOrArn).arn);
}

function notFound(arn: string): Error {
  return controlError("EventDataStoreNotFoundException", `There is no event data store ${arn}.`);
}
