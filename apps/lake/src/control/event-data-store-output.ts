import type { EventDataStoreRecord } from "../catalog/control-catalog.ts";

/** A store as Create and GetEventDataStore return it; times are seconds since 1970. Spec A.6, A.7. */
export function eventDataStoreOutput(store: EventDataStoreRecord): Readonly<Record<string, unknown>> {
  return {
    EventDataStoreArn: store.arn,
    Name: store.name,
    Status: store.status,
    AdvancedEventSelectors: store.advancedEventSelectors,
    MultiRegionEnabled: store.multiRegionEnabled,
    OrganizationEnabled: store.organizationEnabled,
    RetentionPeriod: store.retentionPeriod,
    TerminationProtectionEnabled: store.terminationProtectionEnabled,
    CreatedTimestamp: store.createdAt / 1000,
    UpdatedTimestamp: store.updatedAt / 1000,
    BillingMode: store.billingMode,
  };
}
