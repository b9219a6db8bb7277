/** One value, or several for multi-valued keys such as `aws:TagKeys`. An empty list counts as absent. */
export type ContextValue = string | readonly string[];

/** The facts of a request that conditions test. Keys are lower case, for instance `aws:sourceip`. Spec 3.3. */
export type RequestContext = ReadonlyMap<string, ContextValue>;

/** Tag key to value; null where the tag has no value, which conditions see as an empty string. */
export type Tags = Readonly<Record<string, string | null>>;

/** The facts {@link requestContext} takes. What is not given is absent, as conditions mean it. */
export interface RequestFacts {
  /** The decoded `externalId` query parameter of PutAuditEvents. */
  readonly externalId?: string | undefined;
  /** `ExternalId` and `RoleSessionName` of AssumeRole. */
  readonly assumeRole?: { readonly externalId?: string | undefined; readonly roleSessionName: string } | undefined;
  /** The peer's address, an IPv4 or IPv6 literal. */
  readonly sourceIp?: string | undefined;
  /** Whether the request came over TLS. */
  readonly secureTransport?: boolean | undefined;
  /** Milliseconds since 1970. */
  readonly now?: number | undefined;
  /** The tags a request brings (CreateChannel, AddTags …). */
  readonly requestTags?: Tags | undefined;
  /** The tags of the resource the request names. */
  readonly resourceTags?: Tags | undefined;
}

/** Builds a context from facts. Spec 3.3. */
export function requestContext(facts: RequestFacts): Map<string, ContextValue> {
  const context = new Map<string, ContextValue>();
  if (facts.externalId !== undefined) context.set("cloudtrail:externalid", facts.externalId);
  if (facts.assumeRole?.externalId !== undefined) context.set("sts:externalid", facts.assumeRole.externalId);
  if (facts.assumeRole) context.set("sts:rolesessionname", facts.assumeRole.roleSessionName);
  if (facts.sourceIp !== undefined) context.set("aws:sourceip", facts.sourceIp);
  if (facts.secureTransport !== undefined) context.set("aws:securetransport", String(facts.secureTransport));
  if (facts.now !== undefined) context.set("aws:currenttime", new Date(facts.now).toISOString());
  if (facts.requestTags) {
    addTags(context, "aws:requesttag/", facts.requestTags);
    context.set("aws:tagkeys", Object.keys(facts.requestTags));
  }
  if (facts.resourceTags) addTags(context, "aws:resourcetag/", facts.resourceTags);
  return context;
}

/** Adds one context key per tag. Tag keys that differ only in case share a context key, which then has several values. */
export function addTags(context: Map<string, ContextValue>, prefix: string, tags: Tags): void {
  for (const [key, value] of Object.entries(tags)) {
    const name = prefix + key.toLowerCase();
    const earlier = context.get(name);
    context.set(name, earlier === undefined ? (value ?? "") : [earlier, value ?? ""].flat());
  }
}
