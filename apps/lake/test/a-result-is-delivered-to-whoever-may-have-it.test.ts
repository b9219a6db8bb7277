import { expect, test } from "vitest";
import type { ControlState } from "../src/catalog/control-catalog.ts";
import type { QueryRecord } from "../src/catalog/query-catalog.ts";
import { ControlView } from "../src/control/control-view.ts";
import { mayDeliver } from "../src/delivery/may-deliver.ts";

const [owner, partner] = ["111122223333", "444455556666"];
const now = Date.UTC(2026, 0, 1);
const arnOf = (storeId: string, accountId: string): string =>
  `arn:aws:cloudtrail:us-east-1:${accountId}:eventdatastore/${storeId}`;

interface Given {
  readonly callerArn?: string;
  readonly status?: "ENABLED" | "PENDING_DELETION";
  readonly ownStatus?: "ENABLED" | "PENDING_DELETION" | "gone";
  readonly disabled?: readonly string[];
  /** Of the store's policy; without it the store has none. */
  readonly statement?: object | undefined;
}

const role = `arn:aws:iam::${partner}:role/reader`;
const shared = { Principal: { AWS: partner } };

/** A query of the partner over a store of its own and one of the owner. */
function decided(given: Given): boolean {
  const { callerArn = `arn:aws:iam::${partner}:user/p`, status = "ENABLED", ownStatus = "ENABLED" } = given;
  const theirs = { storeId: "theirs", arn: arnOf("theirs", owner), accountId: owner, tags: {}, status };
  const own = { ...theirs, storeId: "own", arn: arnOf("own", partner), accountId: partner, status: ownStatus };
  const Statement = { Effect: "Allow", Action: "cloudtrail:StartQuery", Resource: theirs.arn, ...given.statement };
  const state = {
    stores: new Map([["theirs", theirs], ...(ownStatus === "gone" ? [] : [["own", own] as const])]),
    disabledAccounts: new Set(given.disabled),
    policies: new Map(
      given.statement ? [[theirs.arn, JSON.stringify({ Version: "2012-10-17", Statement: [Statement] })]] : [],
    ),
  };
  const query = { accountId: partner, callerArn, storeIds: ["own", "theirs"], ownerAccountIds: [partner, owner] };
  // Of the records only what decides.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  return mayDeliver(new ControlView(state as unknown as ControlState), query as unknown as QueryRecord, now);
}

test.each<[string, boolean, Given]>([
  ["a share of the account", true, { statement: shared }],
  ["no share any more", false, {}],
  ["a share with another account", false, { statement: { Principal: { AWS: "777788889999" } } }],
  ["a share of another action", false, { statement: { ...shared, Action: "cloudtrail:ListQueries" } }],
  ["a refusal", false, { statement: { ...shared, Effect: "Deny" } }],
  [
    "a share of the role",
    true,
    { statement: { Principal: { AWS: role } }, callerArn: `arn:aws:sts::${partner}:assumed-role/reader/night` },
  ],
  [
    "a share of another role",
    false,
    { statement: { Principal: { AWS: role } }, callerArn: `arn:aws:sts::${partner}:assumed-role/other/night` },
  ],
  [
    "a share that has ended",
    false,
    { statement: { ...shared, Condition: { DateLessThan: { "aws:CurrentTime": "2025-12-31T00:00:00Z" } } } },
  ],
  [
    "a share for one address",
    false,
    { statement: { ...shared, Condition: { IpAddress: { "aws:SourceIp": "10.0.0.0/8" } } } },
  ],
  ["a store that waits for its deletion", false, { statement: shared, status: "PENDING_DELETION" }],
  ["an own store that waits for its deletion", false, { statement: shared, ownStatus: "PENDING_DELETION" }],
  ["an own store that is purged", false, { statement: shared, ownStatus: "gone" }],
  ["a disabled owner", false, { statement: shared, disabled: [owner] }],
  ["a disabled account that asked", false, { statement: shared, disabled: [partner] }],
])("%s: %s", (_name, allowed, given) => {
  expect(decided(given)).toBe(allowed);
});
