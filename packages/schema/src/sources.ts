/** A partner source, or `Custom`. Spec section 4. */
export interface SourceRow {
  /** As the AWS console names it. */
  readonly displayName: string;
  /** The channel's `Source`: exact, case-sensitive. */
  readonly source: string;
  /** Direct: the partner calls PutAuditEvents from its own account. Solution: its software runs in the customer's. */
  readonly type: "direct" | "solution";
  /** How the integration is set up, where a public page says it. */
  readonly documentationUrl?: string;
  /** Where the partner says how to find the external id. */
  readonly externalIdUrl?: string;
  /** The partner's AWS accounts that call PutAuditEvents, as far as they are public. */
  readonly partnerAccountIds: readonly string[];
  /** Values of eventSource seen from this source. Not an allow-list: AWS publishes none. */
  readonly eventSources?: readonly string[];
}

const snykGuide =
  "https://github.com/snyk/user-docs/blob/HEAD/docs/integrate-with-snyk/event-forwarding/aws-cloudtrail-lake.md";

const rows: readonly SourceRow[] = [
  {
    displayName: "My custom integration",
    source: "Custom",
    type: "solution",
    documentationUrl:
      "https://docs.aws.amazon.com/awscloudtrail/latest/userguide/query-event-data-store-integration.html",
    partnerAccountIds: [],
  },
  {
    displayName: "Cloud Storage Security",
    source: "CloudStorageSecurityConsole",
    type: "solution",
    partnerAccountIds: [],
  },
  {
    displayName: "Clumio",
    source: "Clumio",
    type: "direct",
    documentationUrl: "https://help.clumio.com/docs/sending-clumio-audit-logs-to-aws-cloudtrail-lake",
    externalIdUrl: "https://help.clumio.com/docs/sending-clumio-audit-logs-to-aws-cloudtrail-lake",
    partnerAccountIds: [],
  },
  {
    displayName: "CrowdStrike",
    source: "CrowdStrike",
    type: "solution",
    documentationUrl: "https://github.com/CrowdStrike/falcon-integration-gateway",
    partnerAccountIds: [],
  },
  { displayName: "CyberArk", source: "CyberArk", type: "solution", partnerAccountIds: [] },
  {
    displayName: "GitHub",
    source: "GitHub",
    type: "solution",
    documentationUrl: "https://github.com/aws-samples/aws-cloudtrail-lake-github-audit-log",
    partnerAccountIds: [],
    eventSources: ["github.audit.streaming"],
  },
  { displayName: "Kong Inc", source: "KongGatewayEnterprise", type: "solution", partnerAccountIds: [] },
  { displayName: "LaunchDarkly", source: "LaunchDarkly", type: "direct", partnerAccountIds: [] },
  {
    displayName: "Netskope",
    source: "NetskopeCloudExchange",
    type: "solution",
    documentationUrl: "https://docs.netskope.com/en/aws-cloudtrail-lake-plugin-for-log-shipper/",
    partnerAccountIds: [],
  },
  {
    displayName: "Nordcloud, an IBM Company",
    source: "IBMMulticloud",
    type: "direct",
    documentationUrl: "https://github.com/nordcloud/cloudtrail-activity-events",
    partnerAccountIds: ["855341727128"],
    eventSources: [
      "com.nordcloudapp.klarity",
      "com.nordcloudapp.autobackup",
      "com.nordcloudapp.autopatcher",
      "com.nordcloudapp.imagefactory",
      "com.nordcloudapp.maestro",
    ],
  },
  { displayName: "MontyCloud", source: "MontyCloud", type: "direct", partnerAccountIds: [] },
  {
    displayName: "Okta",
    source: "OktaSystemLogEvents",
    type: "solution",
    documentationUrl:
      "https://aws.amazon.com/blogs/mt/get-visibility-into-the-activity-logs-for-your-workforce-and-customer-identities/",
    partnerAccountIds: [],
  },
  {
    displayName: "One Identity",
    source: "OneLogin",
    type: "solution",
    documentationUrl: "https://developers.onelogin.com/blog/aws-cloudtrail-lake",
    partnerAccountIds: [],
  },
  {
    displayName: "Shoreline.io",
    source: "Shoreline",
    type: "solution",
    documentationUrl: "https://docs.shoreline.io/integrations/cloudtrail",
    partnerAccountIds: [],
  },
  {
    displayName: "Snyk.io",
    source: "Snyk",
    type: "direct",
    documentationUrl: snykGuide,
    externalIdUrl: snykGuide,
    partnerAccountIds: [],
  },
  { displayName: "Wiz", source: "WizAuditLogs", type: "solution", partnerAccountIds: [] },
];

/** The 16 sources a channel can have, in the console's order. */
export const sources: readonly SourceRow[] = Object.freeze(
  rows.map((row) => {
    Object.freeze(row.partnerAccountIds);
    if (row.eventSources) Object.freeze(row.eventSources);
    return Object.freeze(row);
  }),
);

/** The row of a channel's `Source`; undefined for a name that is not in the table. */
export function findSource(source: string): SourceRow | undefined {
  return sources.find((row) => row.source === source);
}
