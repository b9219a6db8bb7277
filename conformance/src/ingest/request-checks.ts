import type { Check } from "../core/check.ts";
import { expects } from "../core/unmet.ts";
import { refused } from "../wire/answer.ts";
import { ends, event, type IngestWorld, oneEvent, put, tookOne } from "./ingest-world.ts";

const unknownId = "00000000-0000-4000-8000-00000000dead";

/** Spec 1.1, 1.3 and 1.4: the channel, and how refusals look. */
export const requestChecks: readonly Check<IngestWorld>[] = [
  {
    clause: "ingest/channel/by-arn",
    run: async (world) => tookOne(await put(world, oneEvent(world))),
  },
  {
    clause: "ingest/channel/by-id",
    run: async (world) =>
      tookOne(await put(world, oneEvent(world), { channelArn: world.channelArn.split("/").at(-1)! })),
  },
  {
    clause: "ingest/channel/required",
    run: async (world) => refused(await put(world, oneEvent(world), { channelArn: null })),
  },
  {
    clause: "ingest/channel/not-an-arn-refused",
    run: async (world) => {
      for (const bad of [
        "arn:aws:cloudtrail",
        `arn:aws:s3:::bucket`,
        world.channelArn.replace(":channel/", ":eventdatastore/"),
        world.channelArn.replace(world.accountId, "1234"),
      ])
        refused(await put(world, oneEvent(world), { channelArn: bad }), "InvalidChannelARN", 400);
    },
  },
  {
    clause: "ingest/channel/unknown-refused",
    run: async (world) => {
      const { channelArn } = world;
      refused(
        await put(world, oneEvent(world), { channelArn: channelArn.replace(/channel\/.*/, `channel/${unknownId}`) }),
        "ChannelNotFound",
        400,
      );
    },
  },
  {
    clause: "ingest/channel/unknown-id-refused",
    run: async (world) => refused(await put(world, oneEvent(world), { channelArn: unknownId }), "ChannelNotFound", 400),
  },
  {
    clause: "ingest/channel/other-region-refused",
    run: async (world) => {
      const other = world.wire.subject.region === "eu-west-1" ? "eu-west-2" : "eu-west-1";
      const parts = world.channelArn.split(":");
      parts[3] = other;
      refused(await put(world, oneEvent(world), { channelArn: parts.join(":") }), "InvalidChannelARN", 400);
    },
  },
  {
    clause: "ingest/external-id/ignored-where-none-is-asked",
    run: async (world) => {
      for (const externalId of ["ab", "Partner-1234", "a+b=c,d.e@f:g/h-i_j"])
        tookOne(await put(world, oneEvent(world), { externalId }));
    },
  },
  {
    clause: "ingest/external-id/2-to-1224-characters",
    run: async (world) => {
      for (const length of [2, 3, 1223, 1224])
        tookOne(await put(world, oneEvent(world), { externalId: "x".repeat(length) }));
      for (const length of [1, 1225]) refused(await put(world, oneEvent(world), { externalId: "x".repeat(length) }));
    },
  },
  {
    clause: "ingest/external-id/characters",
    run: async (world) => {
      for (const bad of ["a b", "a#b", "a*b", "ä-b", "a?b"])
        refused(await put(world, oneEvent(world), { externalId: bad }));
    },
  },
  {
    clause: "ingest/error/name-where-clients-look",
    run: async (world) => {
      const answer = await put(world, oneEvent(world), { channelArn: unknownId });
      const named = answer.headers.get("x-amzn-errortype") ?? answer.json?.["__type"];
      expects(typeof named === "string" && named !== "", "the error's name in x-amzn-errortype or __type", answer.text);
    },
  },
  {
    clause: "ingest/error/name-in-header-and-body",
    run: async (world) => {
      const answer = await put(world, oneEvent(world), { channelArn: unknownId });
      const header = answer.headers.get("x-amzn-errortype")?.split(":")[0];
      const body = String(answer.json?.["__type"]).split("#").at(-1);
      expects(header !== undefined && header === body, "the same name in x-amzn-errortype and in __type", {
        header,
        body,
      });
    },
  },
  {
    clause: "ingest/error/message-says-why",
    run: async (world) => {
      for (const channelArn of [unknownId, "arn:aws:cloudtrail"]) {
        const answer = await put(world, oneEvent(world), { channelArn });
        expects(answer.message !== undefined && answer.message !== "", "a message in the body", answer.text);
      }
    },
  },
  {
    clause: "ingest/error/request-id-always",
    run: async (world) => {
      const answers = [
        await put(world, oneEvent(world)),
        await put(world, []),
        await put(world, oneEvent(world), { channelArn: unknownId }),
      ];
      for (const answer of answers) {
        const id = answer.headers.get("x-amzn-requestid");
        expects(
          id !== undefined && id !== "",
          "x-amzn-RequestId, on success and on errors",
          `HTTP ${answer.status} without it`,
        );
      }
      expects(
        new Set(answers.map(({ headers }) => headers.get("x-amzn-requestid"))).size === 3,
        "another one for each request",
        "the same id twice",
      );
    },
  },
  {
    clause: "ingest/error/no-query-error-header",
    run: async (world) => {
      const answer = await put(world, oneEvent(world), { channelArn: unknownId });
      expects(
        !answer.headers.has("x-amzn-query-error"),
        "no x-amzn-query-error",
        answer.headers.get("x-amzn-query-error"),
      );
    },
  },
  {
    clause: "ingest/order/shape-before-channel",
    run: async (world) => refused(await put(world, [], { channelArn: unknownId }), "ValidationException"),
  },
  {
    clause: "ingest/order/channel-before-duplicates",
    run: async (world) =>
      refused(await put(world, [...oneEvent(world), ...oneEvent(world)], { channelArn: unknownId }), "ChannelNotFound"),
  },
  {
    clause: "ingest/order/duplicates-before-events",
    run: async (world) => {
      const bad = { id: "twice", eventData: "no JSON" };
      refused(await put(world, [bad, bad]), "DuplicatedAuditEventId");
    },
  },
  {
    clause: "ingest/resend/same-event-same-answer",
    run: async (world) => {
      const entries = oneEvent(world);
      const [first, second] = [await put(world, entries), await put(world, entries)];
      expects(ends(second).get("the-event") === undefined, "the second time is a success too", second.text);
      expects(eventIds(first) === eventIds(second), "the same eventID as the first time", {
        first: eventIds(first),
        second: eventIds(second),
      });
    },
  },
  {
    clause: "ingest/resend/same-id-other-bytes-is-another-event",
    run: async (world) => {
      const first = await put(world, oneEvent(world));
      const second = await put(world, [
        { id: "the-event", eventData: JSON.stringify(event(world, { eventName: "Other" })) },
      ]);
      expects(ends(second).get("the-event") === undefined, "both are taken", second.text);
      expects(eventIds(first) !== eventIds(second), "another eventID than that of the first text under this id", {
        first: eventIds(first),
        second: eventIds(second),
      });
    },
  },
];

function eventIds(answer: Parameters<typeof ends>[0]): string {
  const { successful } = answer.json ?? {};
  return JSON.stringify(
    Array.isArray(successful)
      ? (successful as readonly { readonly eventID?: unknown }[]).map((one) => one.eventID)
      : null,
  );
}
