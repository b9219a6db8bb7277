import { parseCloudTrailArn } from "@tributary/schema";
import { type ControlCall, listOf, must, refusal, textOf } from "./control-call.ts";
import type { ControlReason } from "./control-refusals.ts";
import type { EventDataStore } from "./control-state.ts";
import { page } from "./pages.ts";
import { firstTags, tagsList } from "./tags.ts";

/** What makes a store one for activity events. */
const category = { Field: "eventCategory", Equals: ["ActivityAuditLog"] };

/** Spec 2.4, A.6. */
export function createEventDataStore(call: ControlCall): object {
  const { input, caller, state, rules, region, now } = call;
  const tags = firstTags(call, "TagsList");
  const name = textOf(input, "Name") ?? "";
  const own = state.storesOf(caller.accountId);
  const isFree = !own.some((store) => rules.isNamed(store.name, name) && !rules.isNameFree(store.status));
  must(call, isFree, "store/name-taken", `There is an event data store named ${name}.`);
  const selectors = selectorsOf(call, "store/selectors");
  const isSelected = selectors.length > 0;
  must(call, isSelected, "store/no-selectors", "AdvancedEventSelectors select ActivityAuditLog.");
  checkActivity(call);
  const billingMode = textOf(input, "BillingMode") ?? rules.defaults.billingMode;
  const retentionDays = retentionOf(call, billingMode) ?? rules.defaults.retentionDays(billingMode);
  const counted = own.filter((store) => rules.countsDeletedStores || store.status !== "PENDING_DELETION");
  const most = rules.maxStores;
  must(call, counted.length < most, "store/too-many", `There are ${counted.length} event data stores already.`);
  const id = rules.idOf(state.nextId());
  const store: EventDataStore = {
    arn: `arn:aws:cloudtrail:${region}:${caller.accountId}:eventdatastore/${id}`,
    id,
    accountId: caller.accountId,
    createdAt: now,
    updatedAt: now,
    category: "ActivityAuditLog",
    name,
    status: "ENABLED",
    selectors: isSelected ? selectors : [{ FieldSelectors: [category] }],
    multiRegion: rules.defaults.multiRegion,
    retentionDays,
    billingMode,
    terminationProtection: booleanOf(input["TerminationProtectionEnabled"]) ?? rules.defaults.terminationProtection,
    tags,
    events: new Map(),
  };
  state.stores.set(id, store);
  return { ...storeOutput(call, store), TagsList: tagsList(tags) };
}

/** Spec 2.4, A.7. */
export function getEventDataStore(call: ControlCall): object {
  const shared = call.state.storeOf(textOf(call.input, "EventDataStore") ?? "");
  const isShared = shared !== undefined && shared.accountId !== call.caller.accountId && call.mayUse(shared);
  if (isShared && call.rules.describesShared) return { ...storeOutput(call, shared), FederationStatus: "DISABLED" };
  return { ...storeOutput(call, theStore(call)), FederationStatus: "DISABLED" };
}

/** Spec 2.4, A.8. */
export function listEventDataStores(call: ControlCall): object {
  const { rules, state, caller } = call;
  const all = rules.listsOwn ? state.storesOf(caller.accountId) : [...state.stores.values()];
  const { items, next } = page(
    call,
    all.filter(({ status }) => rules.listsDeleted || status !== "PENDING_DELETION"),
  );
  const EventDataStores = items.map((store) =>
    rules.listed(storeOutput(call, store), { EventDataStoreArn: store.arn, Name: store.name }),
  );
  return { EventDataStores, ...next };
}

const changeable = [
  "Name",
  "AdvancedEventSelectors",
  "MultiRegionEnabled",
  "OrganizationEnabled",
  "RetentionPeriod",
  "TerminationProtectionEnabled",
  "KmsKeyId",
  "BillingMode",
];

/** Spec 2.4, A.9. */
export function updateEventDataStore(call: ControlCall): object {
  const { input, state, rules, now } = call;
  const store = theStore(call);
  const isWaiting = store.status === "PENDING_DELETION";
  must(call, !isWaiting, "store/update-inactive", `${store.arn} waits for its deletion.`);
  const isChange = changeable.some((member) => (input[member] ?? undefined) !== undefined);
  must(call, isChange, "store/nothing-new", `Give at least one of ${changeable.join(", ")}.`);
  const name = textOf(input, "Name");
  const isFree = !state
    .storesOf(store.accountId)
    .some((one) => one !== store && name !== undefined && rules.isNamed(one.name, name));
  must(call, isFree, "store/new-name-taken", `There is an event data store named ${name}.`);
  const selectors = selectorsOf(call, "store/other-category");
  checkActivity(call);
  const billingMode = textOf(input, "BillingMode") ?? store.billingMode;
  const isBack = billingMode !== store.billingMode && billingMode === "FIXED_RETENTION_PRICING";
  must(call, !isBack, "store/back-to-fixed", "EXTENDABLE_RETENTION_PRICING does not become FIXED_RETENTION_PRICING.");
  const retentionDays = retentionOf(call, billingMode);
  if (name !== undefined) store.name = rules.kept(name);
  if (selectors.length > 0) store.selectors = selectors;
  store.billingMode = billingMode;
  store.retentionDays = retentionDays ?? store.retentionDays;
  store.terminationProtection = booleanOf(input["TerminationProtectionEnabled"]) ?? store.terminationProtection;
  store.updatedAt = rules.updatedAt(store, now);
  rules.afterUpdate(store, input);
  return storeOutput(call, store);
}

/** Spec 2.4, A.10. */
export function deleteEventDataStore(call: ControlCall): object {
  const { state, rules, now } = call;
  const store = theStore(call);
  const isWaiting = store.status === "PENDING_DELETION";
  must(call, !isWaiting, "store/delete-inactive", `${store.arn} waits for its deletion already.`);
  must(call, !store.terminationProtection, "store/protected", `${store.arn} is protected from termination.`);
  const isUsed = [...state.channels.values()].some(({ destinations }) => destinations.includes(store.id));
  must(call, !isUsed, "store/in-use", `A channel delivers to ${store.arn}: delete it first.`);
  if (!rules.deletes("store")) return {};
  store.status = "PENDING_DELETION";
  store.deletedAt = now;
  store.updatedAt = now;
  return {};
}

/** Spec 2.4, A.11. */
export function restoreEventDataStore(call: ControlCall): object {
  const { rules, now } = call;
  const store = theStore(call);
  const isWaiting = store.status === "PENDING_DELETION";
  must(call, isWaiting, "store/not-deleted", `${store.arn} is ${store.status}: there is nothing to restore.`);
  store.status = rules.restoredStatus;
  store.terminationProtection = rules.restoredProtection(store.terminationProtection);
  store.retentionDays = rules.restoredDays(store.retentionDays);
  store.deletedAt = undefined;
  store.updatedAt = now;
  return storeOutput(call, store);
}

/** Spec 2.4, A.12 and A.13. */
export function changeIngestion(call: ControlCall, to: "ENABLED" | "STOPPED_INGESTION"): object {
  const store = theStore(call);
  const [from, reason] =
    to === "ENABLED"
      ? (["STOPPED_INGESTION", "ingestion/not-stopped"] as const)
      : (["ENABLED", "ingestion/not-enabled"] as const);
  const isTheirs = store.category !== "ActivityAuditLog" || store.status === "PENDING_DELETION";
  must(call, isTheirs, "ingestion/category", `${store.arn} has activity events, which its channels bring.`);
  must(call, store.status === from, reason, `${store.arn} is ${store.status}, not ${from}.`);
  if (call.rules.changesIngestion) store.status = to;
  return {};
}

/** The caller's store of an ARN or an id. Throws `Refusal`. */
export function findStore(
  call: ControlCall,
  text: string,
  notOne: ControlReason,
  unknown: ControlReason,
): EventDataStore {
  const { caller, state, rules, region } = call;
  const isArn = text.startsWith("arn:");
  const parsed = parseCloudTrailArn(text);
  const isStores = isArn ? parsed?.type === "eventdatastore" : rules.takesIds;
  if (!isStores) throw refusal(rules, notOne, "This is neither an event data store's ARN nor its id.");
  const isHere = !isArn || rules.isHere(parsed?.region ?? "", region);
  must(call, isHere, "store/other-region", `The store is not of ${region}.`);
  if (isArn && parsed !== undefined && !rules.isOwn(parsed.accountId, caller.accountId))
    throw refusal(rules, "store/other-account", "The store is of another account.");
  const store = state.stores.get(parsed?.id ?? text);
  if (store === undefined || !rules.isOwn(store.accountId, caller.accountId))
    throw refusal(rules, unknown, "There is no such event data store.");
  return store;
}

function theStore(call: ControlCall): EventDataStore {
  return findStore(call, textOf(call.input, "EventDataStore") ?? "", "store/not-one", "store/unknown");
}

function storeOutput({ rules }: ControlCall, store: EventDataStore): object {
  return {
    EventDataStoreArn: store.arn,
    Name: store.name,
    Status: store.status,
    AdvancedEventSelectors: store.selectors,
    MultiRegionEnabled: store.multiRegion,
    OrganizationEnabled: false,
    RetentionPeriod: store.retentionDays,
    TerminationProtectionEnabled: store.terminationProtection,
    CreatedTimestamp: rules.timestamp(store.createdAt),
    UpdatedTimestamp: rules.timestamp(store.updatedAt),
    BillingMode: store.billingMode,
  };
}

/** The selectors of a request; empty where there are none. */
function selectorsOf(call: ControlCall, reason: ControlReason): readonly unknown[] {
  const given = listOf(call.input, "AdvancedEventSelectors") ?? [];
  if (given.length > 0)
    must(call, call.rules.isActivity(given), reason, "Activity stores select ActivityAuditLog alone.");
  return given;
}

function checkActivity(call: ControlCall): void {
  const { MultiRegionEnabled, OrganizationEnabled, KmsKeyId } = call.input;
  must(call, MultiRegionEnabled !== true, "store/many-regions", "An activity store is of one region.");
  must(call, OrganizationEnabled !== true, "store/organization", "An activity store is of one account.");
  must(call, typeof KmsKeyId !== "string", "store/key", "There is no such key.");
}

function retentionOf(call: ControlCall, billingMode: string): number | undefined {
  const { RetentionPeriod: days } = call.input;
  if (typeof days !== "number") return undefined;
  const most = call.rules.maxFixedRetentionDays;
  const fits = billingMode !== "FIXED_RETENTION_PRICING" || days <= most;
  must(call, fits, "store/fixed-retention", `With FIXED_RETENTION_PRICING RetentionPeriod is at most ${most}.`);
  return days;
}

const booleanOf = (value: unknown): boolean | undefined => (typeof value === "boolean" ? value : undefined);
