import type { Check, Claim } from "../core/check.ts";
import { about, expects } from "../core/unmet.ts";
import { other, session, thirdAccount } from "../policy/policy-world.ts";
import { storeActions } from "../policy/store-document-checks.ts";
import type { ServerWorld } from "../server/server-world.ts";
import { refused, succeeded } from "../wire/answer.ts";
import { isListOfMembers, patiently, runOnce } from "./ask.ts";
import { type Queried, queried } from "./query-world.ts";
import { counting, onQuery, readAs, shared, shutOut, startAs, startedAs } from "./shared-world.ts";

/** A store that the suite did not make keeps its policy. */
const needs: readonly Claim[] = ["control-plane", "own-store", "other-account"];

/** A check with the profile's events. */
const over = (
  clause: string,
  run: (place: Queried) => Promise<void>,
  wants: readonly Claim[] = needs,
): Check<ServerWorld> => ({ clause, needs: wants, run: async (world) => run(await queried(world)) });

const withRoles: readonly Claim[] = ["control-plane", "own-store", "role"];

/** Spec 2.7, 3.4 and 3.6: who may query a store whose policy shares it. */
export const sharedChecks: readonly Check<ServerWorld>[] = [
  over("query/shared/named-account-queries", async (place) => {
    const { world } = place;
    const partner = other(world);
    for (const principal of [partner.accountId, `arn:aws:iam::${partner.accountId}:root`])
      await shared(place, principal, [{}], async () => {
        const QueryId = await startedAs(place, partner);
        await readAs(place, partner, QueryId);
        succeeded(await patiently(world, "DescribeQuery", { QueryId }, partner));
        refused(await patiently(world, "CancelQuery", { QueryId }, partner), "InactiveQueryException", 400);
      });
  }),
  over("query/shared/owner-is-told", async (place) => {
    const { world } = place;
    const partner = other(world);
    const told = (operation: string, { EventDataStoreOwnerAccountId: owner }: Readonly<Record<string, unknown>>) =>
      expects(
        owner === world.accountId,
        `EventDataStoreOwnerAccountId ${world.accountId} of ${operation}`,
        owner ?? "none",
      );
    await shared(place, partner.accountId, [{}], async () => {
      const answer = succeeded(await startAs(place, partner));
      told("StartQuery", answer);
      const { QueryId } = answer;
      const cancelled = await patiently(world, "CancelQuery", { QueryId }, partner);
      // It may have been done before.
      if (cancelled.code !== "InactiveQueryException") told("CancelQuery", succeeded(cancelled));
      told("DescribeQuery", succeeded(await patiently(world, "DescribeQuery", { QueryId }, partner)));
    });
  }),
  over("query/shared/owner-may-be-named", async (place) => {
    const { world, storeArn: EventDataStore } = place;
    const partner = other(world);
    const EventDataStoreOwnerAccountId = world.accountId;
    await shared(place, partner.accountId, [{}], async () => {
      const QueryId = await startedAs(place, partner, { EventDataStoreOwnerAccountId });
      await readAs(place, partner, QueryId);
      for (const operation of ["DescribeQuery", "GetQueryResults"])
        for (const more of [{ EventDataStoreOwnerAccountId }, { EventDataStoreOwnerAccountId, EventDataStore }])
          succeeded(await patiently(world, operation, { QueryId, ...more }, partner));
    });
  }),
  over("query/shared/other-owner-refused", async (place) => {
    const { world } = place;
    const partner = other(world);
    const EventDataStoreOwnerAccountId = thirdAccount;
    await shared(place, partner.accountId, [{}], async () => {
      const QueryId = await startedAs(place, partner);
      refused(await startAs(place, partner, { EventDataStoreOwnerAccountId }));
      for (const operation of onQuery)
        refused(await patiently(world, operation, { QueryId, EventDataStoreOwnerAccountId }, partner));
    });
    refused(await startAs(place, undefined, { EventDataStoreOwnerAccountId }));
  }),
  over("query/shared/account-not-named-refused", async (place) => {
    const { world, storeArn: EventDataStore } = place;
    await shared(place, thirdAccount, [{}], async () => {
      await shutOut(place, other(world));
      for (const operation of ["ListQueries", "GetEventDataStore"])
        refused(await patiently(world, operation, { EventDataStore }, other(world)));
    });
  }),
  over("query/shared/each-action-by-itself", async (place) => {
    const { world, storeArn: EventDataStore } = place;
    const partner = other(world);
    await shared(place, partner.accountId, [{ Action: "cloudtrail:StartQuery" }], async () => {
      const QueryId = await startedAs(place, partner);
      for (const operation of onQuery) refused(await patiently(world, operation, { QueryId }, partner));
      for (const operation of ["ListQueries", "GetEventDataStore"])
        refused(await patiently(world, operation, { EventDataStore }, partner));
    });
    const Action = storeActions.filter((one) => one !== "cloudtrail:StartQuery");
    await shared(place, partner.accountId, [{ Action }], async () => shutOut(place, partner));
  }),
  over("query/shared/deny-beats-allow", async (place) => {
    const { accountId } = other(place.world);
    const both = [{}, { Effect: "Deny", Action: "cloudtrail:StartQuery" }];
    for (const statements of [both, both.toReversed()])
      await shared(place, accountId, statements, () => shutOut(place, other(place.world)));
  }),
  over(
    "query/shared/owner-denied",
    async (place) => {
      const deny = { Effect: "Deny", Action: "cloudtrail:StartQuery" };
      await shared(place, place.world.accountId, [deny], () => shutOut(place, undefined));
    },
    ["control-plane", "own-store"],
  ),
  over("query/shared/withdrawn-at-once", async (place) => {
    const { world, storeArn: EventDataStore } = place;
    const partner = other(world);
    let QueryId = "";
    await shared(place, partner.accountId, [{}], async () => {
      QueryId = await startedAs(place, partner);
      await readAs(place, partner, QueryId);
    });
    await about("after the store's policy is gone", async () => {
      for (const operation of onQuery) refused(await patiently(world, operation, { QueryId }, partner));
      refused(await patiently(world, "ListQueries", { EventDataStore }, partner));
      await shutOut(place, partner);
    });
  }),
  over("query/shared/lists-its-queries", async (place) => {
    const { world, storeArn: EventDataStore } = place;
    const partner = other(world);
    await shared(place, partner.accountId, [{}], async () => {
      const id = await startedAs(place, partner);
      const { Queries: list } = succeeded(await patiently(world, "ListQueries", { EventDataStore }, partner));
      const ids = isListOfMembers(list) ? list.map(({ QueryId }) => QueryId) : [];
      expects(ids.includes(id), `the query ${id} in ListQueries of who started it`, list);
    });
  }),
  over("query/shared/queries-of-the-owner-are-not-told", async (place) => {
    const { world, storeArn: EventDataStore } = place;
    const { queryId: QueryId } = await runOnce(place, counting);
    await shared(place, other(world).accountId, [{}], async () => {
      for (const operation of onQuery) refused(await patiently(world, operation, { QueryId }, other(world)));
      const { Queries: list } = succeeded(await patiently(world, "ListQueries", { EventDataStore }, other(world)));
      const ids = isListOfMembers(list) ? list.map((one) => one["QueryId"]) : [QueryId];
      expects(!ids.includes(QueryId), `no query ${QueryId}, which the owner started`, list);
    });
  }),
  over("query/shared/store-is-described", async (place) => {
    const { world, storeArn: EventDataStore } = place;
    const partner = other(world);
    await shared(place, partner.accountId, [{ Action: "cloudtrail:GetEventDataStore" }], async () => {
      const answer = succeeded(await patiently(world, "GetEventDataStore", { EventDataStore }, partner));
      expects(answer["EventDataStoreArn"] === EventDataStore, `EventDataStoreArn ${EventDataStore}`, answer);
    });
  }),
  over("query/shared/nothing-else", async (place) => {
    const { world, storeArn } = place;
    const partner = other(world);
    await shared(place, partner.accountId, [{}], async () => {
      for (const [operation, input] of [
        ["UpdateEventDataStore", { EventDataStore: storeArn, TerminationProtectionEnabled: false }],
        ["GetResourcePolicy", { ResourceArn: storeArn }],
        ["AddTags", { ResourceId: storeArn, TagsList: [{ Key: "conformance", Value: "shared" }] }],
        ["ListTags", { ResourceIdList: [storeArn] }],
      ] as const)
        await about(`for ${operation} by another account`, async () =>
          refused(await patiently(world, operation, input, partner)),
        );
    });
  }),
  over(
    "query/shared/named-by-its-role",
    async (place) => {
      const who = session(place.world, "otherRole");
      for (const principal of [who.roleArn, who.sessionArn])
        await shared(place, principal, [{}], async () => {
          await readAs(place, who, await startedAs(place, who));
        });
      for (const principal of [`${who.roleArn}2`, `${who.sessionArn}2`])
        await shared(place, principal, [{}], () => shutOut(place, who));
    },
    ["control-plane", "own-store", "other-role"],
  ),
  over(
    "query/shared/own-role-granted-by-name",
    async (place) => {
      const who = session(place.world, "role");
      await about(`by ${who.sessionArn}, whose role has no policy`, () => shutOut(place, who));
      await shared(place, who.roleArn, [{}], async () => {
        await readAs(place, who, await startedAs(place, who));
      });
    },
    withRoles,
  ),
  over(
    "query/shared/own-account-delegates",
    async (place) => {
      const who = session(place.world, "role");
      await shared(place, who.accountId, [{}], () => shutOut(place, who));
    },
    withRoles,
  ),
];
