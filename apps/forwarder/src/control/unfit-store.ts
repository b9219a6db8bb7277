/** What decides, of an answer of GetEventDataStore. */
interface StoreFacts {
  readonly Status?: string | undefined;
  readonly MultiRegionEnabled?: boolean | undefined;
  readonly OrganizationEnabled?: boolean | undefined;
  readonly AdvancedEventSelectors?:
    | readonly { readonly FieldSelectors?: readonly FieldSelector[] | undefined }[]
    | undefined;
}

interface FieldSelector {
  readonly Field?: string | undefined;
  readonly Equals?: readonly string[] | undefined;
}

/** Why no channel can deliver to an event data store, in words; undefined where one can. Spec 2.3. */
export function unfitStore(store: StoreFacts): string | undefined {
  const { Status: status, MultiRegionEnabled, OrganizationEnabled, AdvancedEventSelectors = [] } = store;
  const categories = AdvancedEventSelectors.flatMap(({ FieldSelectors = [] }) => FieldSelectors)
    .filter(({ Field }) => Field === "eventCategory")
    .flatMap(({ Equals = [] }) => Equals);
  if (categories.length === 0 || categories.some((category) => category !== "ActivityAuditLog"))
    return `it holds ${[...new Set(categories)].join(", ") || "other"} events, not activity events from outside AWS (ActivityAuditLog)`;
  if (status === "PENDING_DELETION")
    return "it waits for its deletion: restore it with aws cloudtrail restore-event-data-store";
  if (status !== "ENABLED" && status !== "CREATED") return `it is ${status ?? "in no known status"}, not ENABLED`;
  if (MultiRegionEnabled === true) return "it is of all regions, and a channel's must be of one";
  if (OrganizationEnabled === true) return "it is of an organization, and a channel's must be of one account";
  return undefined;
}
