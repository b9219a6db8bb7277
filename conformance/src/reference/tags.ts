import { parseArn, parseCloudTrailArn } from "@tributary/schema";
import { isMembers } from "../core/members.ts";
import { type ControlCall, listOf, must, refusal, textOf } from "./control-call.ts";
import type { Tags } from "./control-state.ts";

/** Tags of a request. */
function tagsOf(call: ControlCall, member: string): Tags {
  const tags: Tags = new Map();
  for (const tag of listOf(call.input, member) ?? []) {
    const { Key, Value } = isMembers(tag) ? tag : {};
    const key = call.rules.tagKey(String(Key));
    must(call, !tags.has(key), "tags/key-twice", `The tag key ${key} is given twice.`);
    must(call, !/^aws:/i.test(key), "tags/reserved-key", "Tag keys that begin with aws: are reserved.");
    tags.set(key, call.rules.tagValue(typeof Value === "string" ? Value : null));
  }
  return tags;
}

/** Tags of a new resource. */
export function firstTags(call: ControlCall, member: string): Tags {
  const tags = tagsOf(call, member);
  checkCount(call, tags.size);
  return call.rules.tagsAtCreation(tags);
}

/** Tags as they are answered. */
export function tagsList(tags: Tags): readonly object[] {
  return [...tags].map(([Key, Value]) => (Value === null ? { Key } : { Key, Value }));
}

/** Spec 2.6, A.17. */
export function addTags(call: ControlCall): object {
  const added = tagsOf(call, "TagsList");
  const resource = tagged(call, textOf(call.input, "ResourceId") ?? "");
  const tags = new Map(resource.tags);
  for (const [key, value] of added) if (call.rules.overwritesTags || !tags.has(key)) tags.set(key, value);
  const count = call.rules.countsAllTags ? tags.size : added.size;
  checkCount(call, count);
  resource.tags = tags;
  return {};
}

/** Spec 2.6, A.18. */
export function removeTags(call: ControlCall): object {
  const removed = tagsOf(call, "TagsList");
  const resource = tagged(call, textOf(call.input, "ResourceId") ?? "");
  for (const [key, value] of removed)
    if (call.rules.removesTags(resource.tags.get(key), value)) resource.tags.delete(key);
  return {};
}

/** Spec 2.6, A.19. */
export function listTags(call: ControlCall): object {
  const { input, rules } = call;
  const arns = listOf(input, "ResourceIdList") ?? [];
  must(call, textOf(input, "NextToken") === undefined, "tags/next-token", "NextToken is reserved.");
  const most = rules.maxTaggedResources;
  must(call, arns.length <= most, "tags/too-many-arns", `ResourceIdList has at most ${most} ARNs.`);
  return {
    ResourceTagList: arns.map((arn) => ({
      ResourceId: arn,
      TagsList: tagsList(tagged(call, String(arn)).tags),
    })),
  };
}

function checkCount(call: ControlCall, count: number): void {
  const most = call.rules.maxTags;
  must(call, count <= most, "tags/too-many", `A resource has at most ${most} tags.`);
}

function tagged(call: ControlCall, text: string): { readonly arn: string; tags: Tags } {
  const { rules, state, caller, region } = call;
  const plain = parseArn(text);
  const arn = parseCloudTrailArn(text);
  if (plain?.service !== "cloudtrail" || plain.region !== region)
    throw refusal(rules, "tags/not-an-arn", "Tags are of the ARN of a channel or an event data store.");
  if (arn?.type !== "channel" && arn?.type !== "eventdatastore")
    throw refusal(rules, "tags/other-resource", "Channels and event data stores have tags here.");
  if (arn.type === "channel") {
    const channel = state.channels.get(text) ?? (rules.forgetsTags ? undefined : state.former.get(text));
    if (channel === undefined || !rules.isOwn(channel.accountId, caller.accountId))
      throw refusal(rules, "tags/unknown-channel", "There is no such channel.");
    return channel;
  }
  const store = state.stores.get(arn.id);
  if (store?.accountId !== caller.accountId || store.arn !== text)
    throw refusal(rules, "tags/unknown-store", "There is no such event data store.");
  must(call, store.status !== "PENDING_DELETION", "tags/inactive", "The event data store waits for its deletion.");
  return store;
}
