import { constantFrom, dictionary, record, string } from "fast-check";
import type { Check } from "../core/check.ts";
import { eventText as text, member as set, type Path } from "./event-text.ts";
import { event, type IngestWorld, rejected, taken } from "./ingest-world.ts";

const required: readonly Path[] = [
  ["version"],
  ["userIdentity"],
  ["userIdentity", "type"],
  ["userIdentity", "principalId"],
  ["eventSource"],
  ["eventName"],
  ["eventTime"],
  ["UID"],
  ["recipientAccountId"],
];
const strings: readonly Path[] = [
  ["version"],
  ["userIdentity", "type"],
  ["userIdentity", "principalId"],
  ["userAgent"],
  ["eventSource"],
  ["eventName"],
  ["UID"],
  ["errorCode"],
  ["errorMessage"],
];
const objects: readonly Path[] = [
  ["userIdentity"],
  ["userIdentity", "details"],
  ["requestParameters"],
  ["responseElements"],
  ["additionalEventData"],
];
const optional: readonly Path[] = [
  ["userIdentity", "details"],
  ["userAgent"],
  ["requestParameters"],
  ["responseElements"],
  ["errorCode"],
  ["errorMessage"],
  ["sourceIPAddress"],
  ["additionalEventData"],
];

/** Spec 1.7: what an event's text holds. Limits of length stand in limit-checks.ts. */
export const eventChecks: readonly Check<IngestWorld>[] = [
  {
    clause: "ingest/event/required-keys-alone-are-enough",
    run: async (world) => taken(world, "the required keys alone", text(world)),
  },
  {
    clause: "ingest/event/every-key-of-the-schema-accepted",
    run: async (world) =>
      taken(
        world,
        "every key of the schema",
        text(world, {
          userIdentity: {
            type: "User",
            principalId: "alice",
            details: { groups: ["a", "b"], level: 3, nested: { deep: null } },
          },
          userAgent: "Mozilla/5.0",
          requestParameters: { document: "d-1", list: [1, true, null] },
          responseElements: { status: "ok" },
          errorCode: "AccessDenied",
          errorMessage: "not allowed",
          sourceIPAddress: "192.0.2.7",
          additionalEventData: { vendor: { more: [{}] } },
        }),
      ),
  },
  ...required.map((path) => ({
    clause: `ingest/event/${path.join("-")}-required`,
    run: async (world: IngestWorld) =>
      rejected(world, `no ${path.join(".")}`, text(world, set(path, undefined)), "FieldNotFound"),
  })),
  {
    clause: "ingest/event/required-null-is-absent",
    run: async (world) => {
      for (const path of required)
        await rejected(world, `${path.join(".")} null`, text(world, set(path, null)), "FieldNotFound");
    },
  },
  {
    clause: "ingest/event/optional-null-is-absent",
    run: async (world) => {
      for (const path of optional) await taken(world, `${path.join(".")} null`, text(world, set(path, null)));
    },
  },
  {
    clause: "ingest/event/strings-are-strings",
    run: async (world) => {
      for (const path of strings)
        for (const wrong of [1, true, {}, ["x"]])
          await rejected(
            world,
            `${path.join(".")} ${JSON.stringify(wrong)}`,
            text(world, set(path, wrong)),
            "InvalidData",
          );
    },
  },
  {
    clause: "ingest/event/objects-are-objects",
    run: async (world) => {
      for (const path of objects) {
        // Of a userIdentity that is no object the members are absent, too.
        const codes = path.join() === "userIdentity" ? ["InvalidData", "FieldNotFound"] : "InvalidData";
        for (const wrong of ["{}", 1, true, []])
          await rejected(world, `${path.join(".")} ${JSON.stringify(wrong)}`, text(world, set(path, wrong)), codes);
      }
    },
  },
  {
    clause: "ingest/event/text-is-json",
    run: async (world) => {
      const whole = text(world);
      for (const bad of [
        "",
        "no JSON",
        whole.slice(0, -1),
        `${whole}}`,
        `${whole} x`,
        whole.replaceAll('"', "'"),
        `${whole.slice(0, -1)},}`,
      ])
        await rejected(world, `the text ${bad.slice(0, 20)}...${bad.slice(-5)}`, bad, "InvalidData");
    },
  },
  {
    clause: "ingest/event/text-is-an-object",
    run: async (world) => {
      for (const bad of ["null", "1", "true", '"text"', "[]", `[${text(world)}]`])
        await rejected(world, `the JSON ${bad.slice(0, 20)}`, bad, "InvalidData");
    },
  },
  {
    clause: "ingest/event/encoded-twice-refused",
    run: async (world) => rejected(world, "its JSON encoded twice", JSON.stringify(text(world)), "InvalidData"),
  },
  {
    clause: "ingest/event/keys-are-case-sensitive",
    run: async (world) => {
      for (const key of ["version", "eventName", "UID"] as const) {
        const { [key]: value, ...others } = event(world);
        const other = key === "UID" ? "uid" : key.toUpperCase();
        await rejected(
          world,
          `${other} in place of ${key}`,
          JSON.stringify({ ...others, [other]: value }),
          "FieldNotFound",
        );
      }
    },
  },
  {
    clause: "ingest/event/duplicate-keys-refused",
    run: async (world) => {
      const whole = text(world);
      await rejected(world, "a key twice", `${whole.slice(0, -1)},"eventName":"Other"}`, "InvalidData");
      await rejected(
        world,
        "a key twice, once escaped",
        `${whole.slice(0, -1)},"event\\u004eame":"Other"}`,
        "InvalidData",
      );
      const nested = whole.replace('"type":"User"', '"type":"User","type":"User"');
      await rejected(world, "a nested key twice", nested, "InvalidData");
    },
  },
  {
    clause: "ingest/event/lone-surrogates-refused",
    run: async (world) => {
      for (const lone of ["\\ud800", "\\udc00", "\\ud800x", "\\udc00\\ud800"])
        await rejected(world, `the escape ${lone}`, text(world).replace("DocumentOpened", lone), "InvalidData");
    },
  },
  {
    clause: "ingest/event/nesting-to-64-levels",
    run: async (world) => {
      const deep = (levels: number) =>
        text(world, { additionalEventData: 0 }).replace(
          '"additionalEventData":0',
          `"additionalEventData":${'{"a":'.repeat(levels)}1${"}".repeat(levels)}`,
        );
      await taken(world, "64 levels", deep(63));
      await rejected(world, "65 levels", deep(64), "InvalidData");
    },
  },
  {
    clause: "ingest/event/unknown-keys-ignored",
    run: async (world) => {
      await taken(world, "an unknown key", text(world, { vendorField: { a: 1 } }));
      await taken(world, "an unknown key of userIdentity", text(world, set(["userIdentity", "team"], "red")));
    },
  },
  {
    clause: "ingest/event/empty-strings-accepted",
    run: async (world) => {
      for (const path of strings) await taken(world, `${path.join(".")} empty`, text(world, set(path, "")));
    },
  },
  {
    clause: "ingest/event/source-address-any-text",
    run: async (world) => {
      for (const address of ["192.0.2.7", "2001:db8::7", "unknown", "192.0.2.7:443", "host.example.com"])
        await taken(world, `sourceIPAddress ${address}`, text(world, { sourceIPAddress: address }));
    },
  },
  {
    clause: "ingest/event/other-recipient-refused",
    run: async (world) => {
      const other = world.accountId === "999988887777" ? "999988887776" : "999988887777";
      for (const wrong of [other, world.accountId.slice(0, 11), `${world.accountId}0`, ""])
        await rejected(world, `recipientAccountId ${wrong}`, text(world, { recipientAccountId: wrong }), [
          "InvalidRecipient",
          "InvalidData",
        ]);
      await rejected(
        world,
        `recipientAccountId ${other}`,
        text(world, { recipientAccountId: other }),
        "InvalidRecipient",
      );
    },
  },
  {
    clause: "ingest/event/any-json-in-the-free-objects",
    run: async (world, { property }) =>
      property(
        record({
          key: constantFrom("requestParameters", "responseElements", "additionalEventData"),
          value: dictionary(string({ unit: "binary", maxLength: 20 }), string({ unit: "binary", maxLength: 50 }), {
            maxKeys: 20,
          }),
        }),
        async ({ key, value }, witness) => {
          if (Object.keys(value).length > 0) witness();
          await taken(world, `${key} ${JSON.stringify(value)}`, text(world, { [key]: value }));
        },
      ),
  },
];
