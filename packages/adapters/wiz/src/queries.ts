import type { Stream } from "./poll-state.ts";

/** A query of the GraphQL API, the member of `data` that holds its answer, and the filter that takes times. */
export interface Query {
  readonly text: string;
  readonly connection: string;
  readonly filter: string;
  /** The member of a node by whose time the filter goes. */
  readonly time: string;
}

/**
 * Members that every tenant's schema has: a query that names one it has not is refused as a whole, so what came later
 * (`actionType`, `performer`) is not asked for.
 */
export const queries: Readonly<Record<Stream, Query>> = {
  entries: {
    connection: "auditLogEntries",
    filter: "timestamp",
    time: "timestamp",
    text: `query TributaryAuditLog($first: Int!, $after: String, $filterBy: AuditLogEntryFilters) {
  auditLogEntries(first: $first, after: $after, filterBy: $filterBy) {
    nodes {
      id action requestId status timestamp actionParameters userAgent sourceIP
      serviceAccount { id name }
      user { id name }
    }
    pageInfo { hasNextPage endCursor }
  }
}`,
  },
  issues: {
    connection: "issuesV2",
    filter: "statusChangedAt",
    time: "statusChangedAt",
    text: `query TributaryIssues($first: Int!, $after: String, $filterBy: IssueFilters) {
  issuesV2(first: $first, after: $after, filterBy: $filterBy) {
    nodes {
      id createdAt updatedAt statusChangedAt resolvedAt dueAt status severity
      sourceRule {
        __typename
        ... on Control { id name }
        ... on CloudEventRule { id name }
        ... on CloudConfigurationRule { id name }
      }
      entitySnapshot { id type nativeType name status cloudPlatform providerId region subscriptionExternalId }
      projects { id name }
      serviceTickets { externalId name url }
    }
    pageInfo { hasNextPage endCursor }
  }
}`,
  },
};
