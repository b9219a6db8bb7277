import { parseCloudTrailArn, sources } from "@tributary/schema";
import type { Category, ControlState, EventDataStore } from "./control-state.ts";

interface Existing {
  readonly arn: string;
  readonly accountId: string;
}

/** Channels and stores of a setting, as if they had been created. */
export function establish(
  state: ControlState,
  setting: {
    readonly region: string;
    readonly channels: readonly Existing[];
    readonly managementStores?: readonly Existing[] | undefined;
    readonly now: () => number;
  },
): void {
  const make = (id: string, accountId: string, category: Category): EventDataStore => {
    const arn = `arn:aws:cloudtrail:${setting.region}:${accountId}:eventdatastore/${id}`;
    const store: EventDataStore = {
      arn,
      id,
      accountId,
      createdAt: setting.now(),
      updatedAt: setting.now(),
      category,
      name: category === "Management" ? `management-${id.slice(0, 8)}` : "activity",
      status: "ENABLED",
      selectors: [{ FieldSelectors: [{ Field: "eventCategory", Equals: [category] }] }],
      multiRegion: category === "Management",
      retentionDays: 2557,
      billingMode: "FIXED_RETENTION_PRICING",
      terminationProtection: true,
      tags: new Map(),
      events: new Map(),
    };
    state.stores.set(id, store);
    return store;
  };
  for (const { arn, accountId } of setting.managementStores ?? []) make(idOf(arn), accountId, "Management");
  setting.channels.forEach(({ arn, accountId }, index) => {
    const [store = make(state.nextId(), accountId, "ActivityAuditLog")] = state
      .storesOf(accountId)
      .filter(({ category }) => category === "ActivityAuditLog");
    state.channels.set(arn, {
      arn,
      id: idOf(arn),
      accountId,
      source: sources[index % sources.length]!.source,
      name: `channel-${index}`,
      destinations: [store.id],
      tags: new Map(),
    });
  });
}

const idOf = (arn: string): string => parseCloudTrailArn(arn)?.id ?? arn;
