import type { Check } from "../core/check.ts";
import { expects } from "../core/unmet.ts";
import { type ServerWorld, storeOf } from "../server/server-world.ts";
import { refused, succeeded } from "../wire/answer.ts";
import {
  action,
  allow,
  deletePolicy,
  document,
  getPolicy,
  invalid,
  putPolicy,
  type Statement,
  thirdAccount,
  valid,
  withPolicy,
} from "./policy-world.ts";

/** Another policy of a store that is there already is not touched. */
const needs = ["control-plane", "own-store"] as const;

/** The actions that a store's policy may name. Spec 3.6. */
export const storeActions = [
  "cloudtrail:StartQuery",
  "cloudtrail:CancelQuery",
  "cloudtrail:ListQueries",
  "cloudtrail:DescribeQuery",
  "cloudtrail:GetQueryResults",
  "cloudtrail:GenerateQuery",
  "cloudtrail:GenerateQueryResultsSummary",
  "cloudtrail:GetEventDataStore",
] as const;

const accounts = (count: number) => Array.from({ length: count }, (_, n) => String(100_000_000_000 + n));

/** A check of what a store's policy may say. @param say gets a policy of one statement that is good, with changes */
const said = (
  clause: string,
  run: (world: ServerWorld, arn: string, say: (changes?: Statement) => string) => Promise<void>,
): Check<ServerWorld> => ({
  clause,
  needs,
  run: async (world) => {
    const arn = await storeOf(world);
    await run(world, arn, (changes = {}) =>
      document(allow(world, thirdAccount, { Action: storeActions[0], Resource: arn, ...changes })),
    );
  },
});

/** Spec 2.5, 3.1 and 3.6: what a policy of an event data store may say, and that it is kept. */
export const storeDocumentChecks: readonly Check<ServerWorld>[] = [
  said("policy/store/kept-until-deleted", async (world, arn, say) => {
    const replace = async () => {
      const answer = succeeded(await putPolicy(world, say({ Sid: "second" }), arn));
      const { ResourceArn, ResourcePolicy } = answer;
      expects(ResourceArn === arn && typeof ResourcePolicy === "string", "ResourceArn and ResourcePolicy", answer);
      const { ResourcePolicy: kept } = succeeded(await getPolicy(world, arn));
      succeeded(await deletePolicy(world, arn));
      expects(String(kept).includes("second") && !String(kept).includes("first"), "the second policy alone", kept);
      refused(await getPolicy(world, arn), "ResourcePolicyNotFoundException", 404);
    };
    await withPolicy(world, say({ Sid: "first" }), replace, arn);
  }),
  said("policy/store/none-is-not-found", async (world, arn) => {
    refused(await getPolicy(world, arn), "ResourcePolicyNotFoundException", 404);
    refused(await deletePolicy(world, arn), "ResourcePolicyNotFoundException", 404);
  }),
  said("policy/store/unknown-store-refused", async (world, arn, say) => {
    const nowhere = arn.replace(/eventdatastore\/.*/, "eventdatastore/00000000-0000-4000-8000-00000000dead");
    const codes = ["ResourceARNNotValidException", "ResourceNotFoundException"];
    refused(await putPolicy(world, say({ Resource: nowhere }), nowhere), codes, 400);
    refused(await getPolicy(world, nowhere), codes, 400);
  }),
  said("policy/store/actions-of-queries", async (world, arn, say) => {
    for (const Action of [...storeActions, storeActions])
      await valid(world, `the action ${JSON.stringify(Action)}`, say({ Action }), arn);
  }),
  said("policy/store/other-actions-refused", async (world, arn, say) => {
    for (const Action of [
      action,
      "cloudtrail:DeleteEventDataStore",
      "cloudtrail:PutResourcePolicy",
      "s3:GetObject",
      [...storeActions, "cloudtrail:UpdateEventDataStore"],
    ])
      await invalid(world, `the action ${JSON.stringify(Action)}`, say({ Action }), arn);
  }),
  said("policy/store/no-wildcards", async (world, arn, say) => {
    for (const Action of ["*", "cloudtrail:*", "cloudtrail:Get*"])
      await invalid(world, `the action ${Action}`, say({ Action }), arn);
    await invalid(world, "the resource *", say({ Resource: "*" }), arn);
    await invalid(world, "the principal *", say({ Principal: "*" }), arn);
  }),
  said("policy/store/resource-is-the-store", async (world, arn, say) => {
    await valid(world, "the store as its one resource in a list", say({ Resource: [arn] }), arn);
    const neighbour = arn.replace(/eventdatastore\/.*/, "eventdatastore/00000000-0000-4000-8000-00000000dead");
    for (const Resource of [neighbour, world.channelArn, [arn, neighbour]])
      await invalid(world, `the resource ${JSON.stringify(Resource)}`, say({ Resource }), arn);
  }),
  said("policy/store/limits-of-a-channels", async (world, arn, say) => {
    const statement: Statement = { Effect: "Allow", Action: storeActions[0], Resource: arn };
    const statements = (count: number) =>
      document(
        Array.from({ length: count }, (_, n) => ({ ...statement, Principal: { AWS: accounts(1) }, Sid: `S${n}` })),
      );
    await valid(world, "8192 characters", say().padEnd(8192), arn);
    await valid(world, "20 statements", statements(20), arn);
    await valid(world, "50 principals", say({ Principal: { AWS: accounts(50) } }), arn);
    await invalid(world, "21 statements", statements(21), arn);
    await invalid(world, "51 principals", say({ Principal: { AWS: accounts(51) } }), arn);
    const answer = await putPolicy(world, say().padEnd(8193), arn);
    if (answer.status === 200) await deletePolicy(world, arn);
    refused(answer);
  }),
  said("policy/store/service-of-dashboards", async (world, arn, say) => {
    const dashboard = arn.replace(/eventdatastore\/.*/, "dashboard/overview");
    await valid(
      world,
      "the service cloudtrail.amazonaws.com as its principal, for a dashboard",
      say({
        Principal: { Service: "cloudtrail.amazonaws.com" },
        Condition: {
          StringLike: { "aws:SourceArn": dashboard },
          StringEquals: { "aws:SourceAccount": world.accountId },
        },
      }),
      arn,
    );
  }),
  said("policy/store/other-services-refused", async (world, arn, say) => {
    for (const Principal of [{ Service: "s3.amazonaws.com" }, { Federated: "cognito-identity.amazonaws.com" }])
      await invalid(world, `the principal ${JSON.stringify(Principal)}`, say({ Principal }), arn);
  }),
];
