import type { Check } from "../core/check.ts";
import { expects } from "../core/unmet.ts";
import type { ServerWorld } from "../server/server-world.ts";
import { refused, succeeded } from "../wire/answer.ts";
import {
  action,
  allow,
  deletePolicy,
  document,
  getPolicy,
  invalid,
  putPolicy,
  thirdAccount,
  valid,
} from "./policy-world.ts";

const needs = ["control-plane"] as const;
const unknownChannel = "00000000-0000-4000-8000-00000000dead";

const accounts = (count: number) => Array.from({ length: count }, (_, index) => String(100_000_000_000 + index));
const arnOf = (service: string, rest: string) => `arn:aws:${service}::${thirdAccount}:${rest}`;

/** Spec 2.5, 3.1 and 3.2: what a policy of a channel may say, and that it is kept. */
export const documentChecks: readonly Check<ServerWorld>[] = [
  {
    clause: "policy/document/put-answers-what-it-keeps",
    needs,
    run: async (world) => {
      const text = document(allow(world, thirdAccount));
      const answer = succeeded(await putPolicy(world, text));
      expects(
        answer["ResourceArn"] === world.channelArn && typeof answer["ResourcePolicy"] === "string",
        "ResourceArn and ResourcePolicy",
        answer,
      );
      await deletePolicy(world);
    },
  },
  {
    clause: "policy/document/kept-byte-for-byte",
    needs,
    run: async (world) => {
      const text = `\n ${document(allow(world, thirdAccount), { Id: "Zweck é" }).replaceAll('":', '" : ')}  `;
      succeeded(await putPolicy(world, text));
      const kept = succeeded(await getPolicy(world))["ResourcePolicy"];
      await deletePolicy(world);
      expects(kept === text, `the text as it was sent: ${text}`, kept);
    },
  },
  {
    clause: "policy/document/put-replaces",
    needs,
    run: async (world) => {
      succeeded(await putPolicy(world, document(allow(world, thirdAccount, { Sid: "first" }))));
      succeeded(await putPolicy(world, document(allow(world, thirdAccount, { Sid: "second" }))));
      const kept = String(succeeded(await getPolicy(world))["ResourcePolicy"]);
      await deletePolicy(world);
      expects(kept.includes("second") && !kept.includes("first"), "the second policy alone", kept);
    },
  },
  {
    clause: "policy/document/delete-removes",
    needs,
    run: async (world) => {
      succeeded(await putPolicy(world, document(allow(world, thirdAccount))));
      succeeded(await deletePolicy(world));
      refused(await getPolicy(world), "ResourcePolicyNotFoundException", 404);
    },
  },
  {
    clause: "policy/document/none-is-not-found",
    needs,
    run: async (world) => {
      refused(await getPolicy(world), "ResourcePolicyNotFoundException", 404);
      refused(await deletePolicy(world), "ResourcePolicyNotFoundException", 404);
    },
  },
  {
    clause: "policy/document/unknown-channel-refused",
    needs,
    run: async (world) => {
      const arn = world.channelArn.replace(/channel\/.*/, `channel/${unknownChannel}`);
      refused(
        await putPolicy(world, document(allow(world, thirdAccount, { Resource: arn })), arn),
        ["ResourceARNNotValidException", "ResourceNotFoundException"],
        400,
      );
      refused(await getPolicy(world, arn), ["ResourceARNNotValidException", "ResourceNotFoundException"], 400);
    },
  },
  {
    clause: "policy/document/not-an-arn-refused",
    needs,
    run: async (world) => {
      for (const bad of ["not an arn", "arn:aws:cloudtrail"])
        refused(await getPolicy(world, bad), "ResourceARNNotValidException", 400);
    },
  },
  {
    clause: "policy/document/other-resources-not-supported",
    needs,
    run: async (world) => {
      const trail = world.channelArn.replace(/channel\/.*/, "trail/some-trail");
      refused(await getPolicy(world, trail), "ResourceTypeNotSupportedException", 400);
    },
  },
  {
    clause: "policy/document/to-8192-characters",
    needs,
    run: async (world) => {
      const filled = (length: number) => {
        const text = document(allow(world, thirdAccount));
        return `${text}${" ".repeat(length - text.length)}`;
      };
      for (const length of [8191, 8192]) await valid(world, `${length} characters`, filled(length));
      const answer = await putPolicy(world, filled(8193));
      if (answer.status === 200) await deletePolicy(world);
      refused(answer);
    },
  },
  {
    clause: "policy/document/1-to-20-statements",
    needs,
    run: async (world) => {
      const statements = (count: number) =>
        Array.from({ length: count }, (_, index) => allow(world, thirdAccount, { Sid: `S${index}` }));
      for (const count of [1, 20]) await valid(world, `${count} statements`, document(statements(count)));
      for (const count of [0, 21]) await invalid(world, `${count} statements`, document(statements(count)));
    },
  },
  {
    clause: "policy/document/1-to-50-principals",
    needs,
    run: async (world) => {
      for (const count of [1, 50]) await valid(world, `${count} principals`, document(allow(world, accounts(count))));
      for (const count of [0, 51]) await invalid(world, `${count} principals`, document(allow(world, accounts(count))));
    },
  },
  {
    clause: "policy/document/one-action-alone",
    needs,
    run: async (world) => {
      await valid(world, "its action in a list", document(allow(world, thirdAccount, { Action: [action] })));
      for (const Action of [
        "cloudtrail:GetChannel",
        "cloudtrail:StartQuery",
        "s3:PutObject",
        [action, "cloudtrail:GetChannel"],
      ])
        await invalid(world, `the action ${JSON.stringify(Action)}`, document(allow(world, thirdAccount, { Action })));
    },
  },
  {
    clause: "policy/document/no-wildcards",
    needs,
    run: async (world) => {
      for (const Action of ["*", "cloudtrail-data:*"])
        await invalid(world, `the action ${Action}`, document(allow(world, thirdAccount, { Action })));
      await invalid(world, "the resource *", document(allow(world, thirdAccount, { Resource: "*" })));
      await invalid(world, "the principal *", document(allow(world, "*")));
      const { Action: _action, ...rest } = allow(world, thirdAccount);
      await invalid(world, "NotAction", document({ ...rest, NotAction: "s3:*" }));
    },
  },
  {
    clause: "policy/document/resource-is-the-channel",
    needs,
    run: async (world) => {
      const other = world.channelArn.replace(/channel\/.*/, `channel/${unknownChannel}`);
      await invalid(
        world,
        "another channel as its resource",
        document(allow(world, thirdAccount, { Resource: other })),
      );
    },
  },
  {
    clause: "policy/document/is-json",
    needs,
    run: async (world) => {
      for (const text of ["{", "no JSON", "[]", '"text"', `${document(allow(world, thirdAccount))}x`])
        await invalid(world, `the text ${text.slice(0, 20)}`, text);
    },
  },
  {
    clause: "policy/document/effect-and-principal-required",
    needs,
    run: async (world) => {
      for (const name of ["Effect", "Principal", "Action", "Resource"]) {
        const { [name]: _left, ...rest } = allow(world, thirdAccount);
        await invalid(world, `no ${name}`, document(rest));
      }
      await invalid(world, "another effect", document(allow(world, thirdAccount, { Effect: "Maybe" })));
    },
  },
  {
    clause: "policy/document/principals-of-aws",
    needs,
    run: async (world) => {
      for (const principal of [
        thirdAccount,
        arnOf("iam", "root"),
        arnOf("iam", "user/alice"),
        arnOf("iam", "role/shipper"),
        arnOf("sts", "assumed-role/shipper/session"),
        arnOf("sts", "federated-user/bob"),
      ])
        await valid(world, `the principal ${principal}`, document(allow(world, principal)));
      for (const principal of ["12345", "arn:aws:iam::1234:root", "arn:aws:s3:::bucket", ""])
        await invalid(world, `the principal ${principal}`, document(allow(world, principal)));
    },
  },
  {
    clause: "policy/document/other-principals-refused",
    needs,
    run: async (world) => {
      for (const Principal of [
        { Service: "s3.amazonaws.com" },
        { Federated: "cognito-identity.amazonaws.com" },
        { CanonicalUser: "a" },
      ])
        await invalid(
          world,
          `the principal ${JSON.stringify(Principal)}`,
          document(allow(world, thirdAccount, { Principal })),
        );
    },
  },
  {
    clause: "policy/document/unknown-members-refused",
    needs,
    run: async (world) => {
      await invalid(world, "an unknown member", document(allow(world, thirdAccount), { Comment: "x" }));
      await invalid(world, "an unknown member of a statement", document(allow(world, thirdAccount, { Comment: "x" })));
    },
  },
  {
    clause: "policy/document/condition-on-external-id",
    needs,
    run: async (world) => {
      for (const value of ["partner-1", ["partner-1", "partner-2"]])
        await valid(
          world,
          `the external id ${JSON.stringify(value)}`,
          document(allow(world, thirdAccount, { Condition: { StringEquals: { "cloudtrail:ExternalId": value } } })),
        );
    },
  },
  {
    clause: "policy/document/unknown-conditions-refused",
    needs,
    run: async (world) => {
      for (const Condition of [
        { StringSounds: { "cloudtrail:ExternalId": "a1" } },
        { StringEquals: { "example:Colour": "red" } },
        { StringEquals: "a1" },
      ])
        await invalid(
          world,
          `the condition ${JSON.stringify(Condition)}`,
          document(allow(world, thirdAccount, { Condition })),
        );
    },
  },
];
