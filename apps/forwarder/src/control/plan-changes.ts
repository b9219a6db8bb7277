import { parseCloudTrailArn } from "@tributary/schema";
import { channelPolicyText } from "./channel-policy-text.ts";
import type { Tags } from "./control-plane.ts";
import { principalsOf } from "./declared-findings.ts";
import { type DeclaredIntegration, type DeclaredSet, type DeclaredStore, setTag } from "./declared-schema.ts";
import type { Observed, ObservedChannel, ObservedStore } from "./observed.ts";
import { policyDifference } from "./policy-difference.ts";
import type { Plan, PlanItem, Step, StoreRef } from "./plan.ts";

export interface PlanOptions {
  /** Marks what the set keeps, by a tag; undefined marks nothing. */
  readonly mark: string | undefined;
  /** Whether what is there and differs may be changed. Where not, a difference is a problem; what lacks is added anyway. */
  readonly change: boolean;
  /** Whether channels with the mark that the set does not name are deleted. */
  readonly prune: boolean;
  /** Whether the server may have several channels of a source: a lake may, AWS does not. */
  readonly manyOfSource: boolean;
}

const usualRetentionDays = 2557;

/** What must be done so that what is observed becomes what is declared. Calls nothing. */
export function planChanges(set: DeclaredSet, observed: Observed, options: PlanOptions): Plan {
  const problems: string[] = [];
  const notes: string[] = [];
  const world: World = { set, observed, options, problems, notes };
  const items = [
    ...set.eventDataStores.map((store) => planStore(store, world)),
    ...set.integrations.map((integration) => planChannel(integration, world)),
  ];
  const named = new Set(set.integrations.map(({ name }) => name));
  const kept = new Set(set.eventDataStores.map(({ name }) => name));
  for (const channel of observed.channels) {
    if (named.has(channel.name)) continue;
    const { name, arn } = channel;
    const ours = options.mark !== undefined && channel.tags[setTag] === options.mark;
    if (ours && options.prune)
      items.push({
        what: "channel",
        name,
        arn,
        verdict: "delete",
        differences: ["it is not in the file; what it delivered stays in its stores"],
        steps: [{ kind: "deleteChannel", name, arn }],
      });
    else if (options.mark !== undefined)
      items.push({
        ...untouched("channel", channel),
        differences: ours ? ["it is no longer in the file: --prune deletes it"] : [],
      });
  }
  for (const store of observed.stores)
    if (options.mark !== undefined && store.tags[setTag] === options.mark && !kept.has(store.name))
      items.push({
        ...untouched("store", store),
        differences: [
          "it is no longer in the file; it holds events, so it is kept: tributary integration delete --store",
        ],
      });
  return { items, problems, notes };
}

interface World {
  readonly set: DeclaredSet;
  readonly observed: Observed;
  readonly options: PlanOptions;
  readonly problems: string[];
  readonly notes: string[];
}

function untouched(what: PlanItem["what"], { name, arn }: { readonly name: string; readonly arn: string }): PlanItem {
  return { what, name, arn, verdict: "not managed", differences: [], steps: [] };
}

function planStore(declared: DeclaredStore, world: World): PlanItem {
  const { observed, options, problems } = world;
  const { name, retentionDays } = declared;
  const tags = tagsOf(declared.tags, options.mark);
  const there = observed.stores.find((store) => store.name === name);
  if (there === undefined) {
    const days = retentionDays ?? usualRetentionDays;
    const differences = [`retention ${days} days`, ...told(tags)];
    const steps: Step[] = [{ kind: "createStore", name, retentionDays: days, tags }];
    return { what: "store", name, arn: undefined, verdict: "create", differences, steps };
  }
  const { arn } = there;
  if (there.unfit !== undefined) problems.push(`The event data store ${name} cannot take events: ${there.unfit}.`);
  foreign(there, "event data store", world);
  const changes: string[] = [];
  const additions: string[] = [];
  const steps: Step[] = [];
  if (retentionDays !== undefined && retentionDays !== there.retentionDays) {
    const lost = retentionDays < there.retentionDays ? ": older events are deleted" : "";
    changes.push(`retention: ${there.retentionDays} -> ${retentionDays} days${lost}`);
    steps.push({ kind: "setRetention", name, arn, days: retentionDays });
  }
  const lacking = missing(tags, there.tags, additions, changes);
  if (Object.keys(lacking).length > 0) steps.push({ kind: "tagStore", name, arn, tags: lacking });
  return settled("store", there, { changes, additions, steps }, world);
}

function planChannel(declared: DeclaredIntegration, world: World): PlanItem {
  const { observed, options, problems } = world;
  const { name, source } = declared;
  const tags = tagsOf(declared.tags, options.mark);
  const stores = declared.stores.flatMap((store) => storeRef(store, declared, world) ?? []);
  const arns = stores.map((one) => ("arn" in one ? one.arn : one.made));
  if (new Set(arns).size < arns.length) problems.push(`${name}: two of its stores are one and the same: name it once.`);
  const senders =
    declared.noPolicy === true ? undefined : { principals: principalsOf(declared), externalId: declared.externalId };
  const there = observed.channels.find((channel) => channel.name === name);
  if (there === undefined) {
    sourceTaken(declared, world);
    const steps: Step[] = [{ kind: "createChannel", name, source, stores, tags }];
    if (senders !== undefined) steps.push({ kind: "putPolicy", name, senders });
    const policy =
      senders === undefined
        ? "no policy: only the owner's account can send"
        : `policy: ${senders.principals.join(", ")}; ${senders.externalId === undefined ? "no external id" : `external id ${senders.externalId}`}`;
    const differences = [`source ${source}`, `stores: ${declared.stores.join(", ")}`, policy, ...told(tags)];
    return { what: "channel", name, arn: undefined, verdict: "create", differences, steps };
  }
  const { arn } = there;
  if (there.source !== source)
    problems.push(
      `The channel ${name} is there with the source ${there.source}, and a channel's source cannot change: give this one another name, or delete that one.`,
    );
  foreign(there, "channel", world);
  const changes: string[] = [];
  const additions: string[] = [];
  const steps: Step[] = [];
  if (!sameStores(stores, there.stores)) {
    changes.push(`stores: ${namesOf(there.stores, observed)} -> ${declared.stores.join(", ")}`);
    steps.push({ kind: "setDestinations", name, arn, stores });
  }
  const difference = policyDifference(there.policy, senders && channelPolicyText(senders, arn));
  (there.policy === undefined ? additions : changes).push(...difference);
  if (difference.length > 0)
    steps.push(senders === undefined ? { kind: "deletePolicy", name, arn } : { kind: "putPolicy", name, senders });
  const lacking = missing(tags, there.tags, additions, changes);
  if (Object.keys(lacking).length > 0) steps.push({ kind: "tagChannel", name, arn, tags: lacking });
  return settled("channel", there, { changes, additions, steps }, world);
}

/** The item of what is there, and the problem where it differs and must not be changed. */
function settled(
  what: PlanItem["what"],
  { name, arn }: ObservedChannel | ObservedStore,
  found: {
    readonly changes: readonly string[];
    readonly additions: readonly string[];
    readonly steps: readonly Step[];
  },
  { options, problems }: World,
): PlanItem {
  const { changes, additions, steps } = found;
  if (changes.length > 0 && !options.change)
    problems.push(
      `The ${what} ${name} is there already and differs (${changes.join("; ")}): say --change to change it, or take another name.`,
    );
  const differences = [...changes, ...additions];
  return { what, name, arn, verdict: steps.length > 0 ? "change" : "unchanged", differences, steps };
}

/** A declared store by name, or one that is there by name, ARN or id. */
function storeRef(store: string, { name }: DeclaredIntegration, world: World): StoreRef | undefined {
  const { set, observed, problems } = world;
  const there = observed.stores.find((one) => one.arn === store || one.name === store || one.arn.endsWith(`/${store}`));
  if (there === undefined) {
    if (set.eventDataStores.some((one) => one.name === store)) return { made: store };
    problems.push(
      `${name}: there is no event data store ${store} in this account and region: name one that is there, or declare it.`,
    );
    return undefined;
  }
  // Of a declared one it was said already.
  if (there.unfit !== undefined && !set.eventDataStores.some((one) => one.name === there.name))
    problems.push(`${name}: the event data store ${there.name} cannot take events: ${there.unfit}.`);
  return { arn: there.arn };
}

function sourceTaken({ name, source }: DeclaredIntegration, { observed, options, problems, notes }: World): void {
  const other = observed.channels.find((channel) => channel.source === source);
  if (other === undefined) return;
  const words = `${name}: the source ${source} has a channel already, ${other.name}`;
  if (options.manyOfSource) notes.push(`${words}; the lake refuses another unless it runs with --channels-per-source.`);
  else problems.push(`${words}, and AWS allows one a source: use that name, or delete that channel first.`);
}

/** What another set keeps is not taken from it. */
function foreign(there: ObservedChannel | ObservedStore, what: string, { options, problems }: World): void {
  const mark = there.tags[setTag];
  if (options.mark !== undefined && typeof mark === "string" && mark !== options.mark)
    problems.push(
      `The ${what} ${there.name} belongs to the set ${mark} (tag ${setTag}): take it out of that file and remove the tag first.`,
    );
}

function tagsOf(tags: Tags | undefined, mark: string | undefined): Tags {
  // A tag's value is not empty: without one it has none.
  const given = Object.entries(tags ?? {}).map(([key, value]) => [key, value === "" ? null : value] as const);
  return { ...Object.fromEntries(given), ...(mark !== undefined && { [setTag]: mark }) };
}

function told(tags: Tags): readonly string[] {
  return Object.entries(tags).map(([key, value]) => `tag ${key}=${value ?? ""}`);
}

/** Tags to be set. Tags that nobody declared are left as they are. */
function missing(shall: Tags, are: Tags, additions: string[], changes: string[]): Tags {
  const lacking = Object.entries(shall).filter(([key, value]) => (are[key] ?? null) !== value);
  for (const [key, value] of lacking) {
    const before = are[key];
    if (before === undefined) additions.push(`tag + ${key}=${value ?? ""}`);
    else changes.push(`tag ${key}: ${before ?? ""} -> ${value ?? ""}`);
  }
  return Object.fromEntries(lacking);
}

function sameStores(shall: readonly StoreRef[], are: readonly string[]): boolean {
  const ids = new Set(are.map(idOf));
  return shall.length === ids.size && shall.every((one) => "arn" in one && ids.has(idOf(one.arn)));
}

const idOf = (arn: string): string => parseCloudTrailArn(arn)?.id ?? arn;

function namesOf(arns: readonly string[], observed: Observed): string {
  return arns.map((arn) => observed.stores.find((store) => store.arn === arn)?.name ?? arn).join(", ");
}
