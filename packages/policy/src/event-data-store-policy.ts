import { limits, parseCloudTrailArn } from "@tributary/schema";
import { type Condition, readConditions } from "./condition.ts";
import { storeKeys } from "./condition-key.ts";
import { own, policyReader, quote, readDocument, readEffect, readExactly, readSid } from "./policy-document.ts";
import { type Principal, readPrincipals } from "./principal.ts";

/** The actions an event data store's policy may name. Spec 3.6. */
export const eventDataStoreActions: readonly string[] = Object.freeze([
  "cloudtrail:StartQuery",
  "cloudtrail:CancelQuery",
  "cloudtrail:ListQueries",
  "cloudtrail:DescribeQuery",
  "cloudtrail:GetQueryResults",
  "cloudtrail:GenerateQuery",
  "cloudtrail:GenerateQueryResultsSummary",
  "cloudtrail:GetEventDataStore",
]);

/** A statement of an event data store's policy. */
export interface EventDataStoreStatement {
  readonly sid?: string;
  readonly effect: "Allow" | "Deny";
  readonly principals: readonly Principal[];
  /** Members of {@link eventDataStoreActions}. */
  readonly actions: readonly string[];
  readonly conditions: readonly Condition[];
}

/** An event data store's resource policy, read and found valid. */
export interface EventDataStorePolicy {
  readonly eventDataStoreArn: string;
  readonly statements: readonly EventDataStoreStatement[];
}

/**
 * Parses and validates the resource policy of an event data store. Spec 3.6; the other rules are a channel's, save that
 * the service `cloudtrail.amazonaws.com` may be a principal, as dashboards need.
 * Throws {@link PolicyInvalid} with code `RESOURCE_POLICY_NOT_VALID`.
 */
export function parseEventDataStorePolicy(text: string, eventDataStoreArn: string): EventDataStorePolicy {
  const reader = policyReader("RESOURCE_POLICY_NOT_VALID");
  const store = parseCloudTrailArn(eventDataStoreArn);
  if (store?.type !== "eventdatastore")
    return reader.fail("", `${quote(eventDataStoreArn)} is not the ARN of an event data store.`);
  const document = readDocument(reader, text, {
    maxCharacters: limits.policy.characters,
    maxStatements: limits.policy.statements,
    versionRequired: true,
  });
  const sids = new Set<string>();
  const statements = document.statements.map(({ path, value }): EventDataStoreStatement => {
    const statement = reader.object(value, path, ["Sid", "Effect", "Principal", "Action", "Resource", "Condition"]);
    const sid = readSid(reader, statement, path, sids);
    const actions = reader.strings(own(statement, "Action"), `${path}.Action`);
    const foreign = actions.find((action) => !eventDataStoreActions.includes(action));
    if (foreign !== undefined)
      reader.fail(`${path}.Action`, `${quote(foreign)} is not one of ${eventDataStoreActions.join(", ")}.`);
    readExactly(reader, statement, path, "Resource", eventDataStoreArn);
    return {
      ...(sid === undefined ? {} : { sid }),
      effect: readEffect(reader, statement, path),
      principals: readPrincipals(reader, own(statement, "Principal"), `${path}.Principal`, {
        partition: store.partition,
        maxPrincipals: limits.policy.principals,
        allowAny: false,
        services: ["cloudtrail.amazonaws.com"],
      }),
      actions,
      conditions: readConditions(reader, own(statement, "Condition"), `${path}.Condition`, {
        keys: storeKeys,
        variables: document.version === "2012-10-17",
      }),
    };
  });
  return Object.freeze({ eventDataStoreArn, statements });
}
