import type { Check } from "../core/check.ts";
import { expects } from "../core/unmet.ts";
import type { ServerWorld } from "../server/server-world.ts";
import { refused, succeeded } from "../wire/answer.ts";
import { isRefused, ask, done, getStore, nobody, secondStore, storeOf } from "./channels-world.ts";

const unknown = { Channel: nobody };

/** Spec 2.1: how the control plane is spoken to, and how it answers. */
export const protocolChecks: readonly Check<ServerWorld>[] = [
  ...Object.entries({
    "channels/protocol/target-of-botocore": "com.amazonaws.cloudtrail.v20131101.CloudTrail_20131101",
    "channels/protocol/target-of-smithy": "CloudTrail_20131101",
    "channels/protocol/target-of-another-namespace": "com.example.CloudTrail_20131101",
  }).map(([clause, prefix]): Check<ServerWorld> => ({
    clause,
    run: async (world) => {
      const told = succeeded(await ask(world, "GetChannel", { Channel: world.channelArn }, { prefix }));
      expects(told["ChannelArn"] === world.channelArn, "the channel", told);
    },
  })),
  {
    clause: "channels/protocol/media-type",
    run: async (world) => {
      for (const answer of [
        await ask(world, "GetChannel", { Channel: world.channelArn }),
        await ask(world, "GetChannel", unknown),
      ]) {
        const type = answer.headers.get("content-type") ?? "";
        expects(
          type.startsWith("application/x-amz-json-1.1"),
          `Content-Type application/x-amz-json-1.1 with HTTP ${answer.status}`,
          type,
        );
      }
    },
  },
  {
    clause: "channels/protocol/times-are-seconds",
    run: async (world) => {
      const { CreatedTimestamp: created, UpdatedTimestamp: updated } = await getStore(world, storeOf(world));
      // From 2013, when the API was made, to 2100.
      for (const time of [created, updated])
        expects(
          typeof time === "number" && time > 1_356_998_400 && time < 4_102_444_800,
          "CreatedTimestamp and UpdatedTimestamp as numbers, seconds since 1970",
          { created, updated },
        );
    },
  },
  {
    clause: "channels/protocol/empty-answers-are-objects",
    run: async (world) => {
      const answer = await ask(world, "AddTags", { ResourceId: world.channelArn, TagsList: [{ Key: "empty" }] });
      expects(answer.status === 200 && answer.text.trim() === "{}", "HTTP 200 with the body {}", answer.text);
    },
  },
  {
    clause: "channels/error/name-where-clients-look",
    run: async (world) => await isRefused(world, "GetChannel", unknown, "ChannelNotFoundException"),
  },
  {
    clause: "channels/error/name-in-header-and-body",
    run: async (world) => {
      const { headers, json } = await ask(world, "GetChannel", unknown);
      const found = [headers.get("x-amzn-errortype"), json?.["__type"]];
      expects(
        found.every((value) => String(value).split("#").at(-1)!.startsWith("ChannelNotFoundException")),
        "ChannelNotFoundException in x-amzn-errortype and in __type",
        found,
      );
    },
  },
  {
    clause: "channels/error/message-is-a-member",
    run: async (world) => {
      for (const answer of [await ask(world, "GetChannel", unknown), await ask(world, "GetChannel", {})]) {
        const message = answer.json?.["Message"];
        expects(typeof message === "string" && message !== "", "the member Message, which says why", answer.text);
      }
    },
  },
  {
    clause: "channels/error/request-id-always",
    run: async (world) => {
      const answers = [
        await ask(world, "GetChannel", { Channel: world.channelArn }),
        await ask(world, "GetChannel", unknown),
        await ask(world, "GetChannel", "{"),
      ];
      const ids = answers.map(({ headers }) => headers.get("x-amzn-requestid") ?? "");
      expects(
        ids.every((id) => id !== "") && new Set(ids).size === ids.length,
        "x-amzn-RequestId, another one for each request, on success and on errors",
        ids,
      );
    },
  },
  {
    clause: "channels/error/no-query-error-header",
    run: async (world) => {
      const header = (await ask(world, "GetChannel", unknown)).headers.get("x-amzn-query-error");
      expects(header === undefined, "no x-amzn-query-error", header);
    },
  },
  {
    clause: "channels/body/malformed-refused",
    run: async (world) => {
      for (const text of malformed(world)) await isRefused(world, "GetChannel", text, undefined, 400);
    },
  },
  {
    clause: "channels/body/malformed-is-a-serialization-exception",
    run: async (world) => {
      for (const text of malformed(world)) await isRefused(world, "GetChannel", text, "SerializationException", 400);
    },
  },
  {
    clause: "channels/body/wrong-types-refused",
    run: async (world) => {
      for (const [operation, input] of wrongTypes(world, (await secondStore(world)).arn))
        await isRefused(world, operation, input, undefined, 400);
    },
  },
  {
    clause: "channels/body/wrong-types-are-serialization-exceptions",
    run: async (world) => {
      for (const [operation, input] of wrongTypes(world, (await secondStore(world)).arn))
        await isRefused(world, operation, input, "SerializationException", 400);
    },
  },
  {
    clause: "channels/body/unknown-members-ignored",
    run: async (world) => {
      const told = await done(world, "GetChannel", { Channel: world.channelArn, Conformance: { of: ["any", 1] } });
      expects(told["ChannelArn"] === world.channelArn, "the channel", told);
    },
  },
  {
    clause: "channels/operation/unknown-refused",
    run: async (world) => {
      for (const name of ["GetChannels", "getChannel", "toString"])
        await isRefused(world, name, {}, "UnknownOperationException", 404);
    },
  },
  {
    clause: "channels/operation/other-services-targets-refused",
    run: async (world) => {
      for (const prefix of ["DynamoDB_20120810", "CloudTrail_20131101.Other"])
        refused(await ask(world, "ListChannels", {}, { prefix }));
    },
  },
  {
    clause: "channels/operation/trails-answered-or-not-supported",
    run: async (world) => {
      for (const name of ["DescribeTrails", "ListImports"]) {
        const answer = await ask(world, name, {});
        if (answer.status !== 200) refused(answer, ["UnsupportedOperationException", "AccessDeniedException"]);
      }
    },
  },
];

const malformed = (world: ServerWorld): readonly string[] => [
  "{",
  "[]",
  '"text"',
  "null",
  `{"Channel":"${world.channelArn}"} x`,
  `{'Channel':'${world.channelArn}'}`,
];

const wrongTypes = (world: ServerWorld, EventDataStore: string): readonly (readonly [string, unknown])[] => [
  ["GetChannel", { Channel: 1 }],
  ["GetChannel", { Channel: [world.channelArn] }],
  ["ListChannels", { MaxResults: "10" }],
  ["ListEventDataStores", { MaxResults: true }],
  ["UpdateChannel", { Channel: world.channelArn, Destinations: {} }],
  ["UpdateChannel", { Channel: world.channelArn, Destinations: [storeOf(world)] }],
  ["UpdateEventDataStore", { EventDataStore, TerminationProtectionEnabled: "false" }],
  ["AddTags", { ResourceId: world.channelArn, TagsList: { Key: "a" } }],
  ["AddTags", { ResourceId: world.channelArn, TagsList: [{ Key: 1 }] }],
];
