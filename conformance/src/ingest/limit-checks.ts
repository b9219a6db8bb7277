import type { Check } from "../core/check.ts";
import { about, expects } from "../core/unmet.ts";
import { refused } from "../wire/answer.ts";
import { ends, endOf, event, type IngestWorld, put, rejected, taken, usualIdentity } from "./ingest-world.ts";

/** Longest values in characters, spec 1.7. */
const lengths = {
  version: 256,
  "userIdentity.type": 128,
  "userIdentity.principalId": 1024,
  userAgent: 1024,
  eventSource: 1024,
  eventName: 1024,
  UID: 1024,
  errorCode: 256,
  errorMessage: 256,
} as const;

const kB = 1000;
const KiB = 1024;

/**
 * Bytes: up to `safe` any reading of AWS's text accepts, above `over` none does; between them nobody says, and `ours` is where our
 * reading draws the line (spec 1.5).
 */
const fields = {
  requestParameters: { safe: 100 * kB, over: 100 * KiB, ours: 100 * KiB },
  responseElements: { safe: 100 * kB, over: 100 * KiB, ours: 100 * KiB },
  additionalEventData: { safe: 28 * kB, over: 28 * KiB, ours: 28 * KiB },
} as const;

/** Spec 1.5 and the table of 1.7: limits at the boundary, one below and one above. */
export const limitChecks: readonly Check<IngestWorld>[] = [
  ...Object.entries(lengths).flatMap(([path, limit]): readonly Check<IngestWorld>[] => [
    {
      clause: `ingest/limit/${path.replace(".", "-")}-to-${limit}-characters`,
      run: async (world) => {
        for (const length of [limit - 1, limit])
          await taken(world, `${path} of ${length}`, withText(world, path, "x".repeat(length)));
        await rejected(world, `${path} of ${limit + 1}`, withText(world, path, "x".repeat(limit + 1)), "FieldTooLong");
      },
    },
  ]),
  {
    clause: "ingest/limit/lengths-count-code-points",
    run: async (world) => {
      for (const [path, limit] of Object.entries(lengths))
        for (const char of ["é", "漢", "😀"]) {
          await taken(world, `${path} of ${limit} ${char}`, withText(world, path, char.repeat(limit)));
          await rejected(
            world,
            `${path} of ${limit + 1} ${char}`,
            withText(world, path, char.repeat(limit + 1)),
            "FieldTooLong",
          );
        }
    },
  },
  ...Object.entries(fields).flatMap(([key, { safe, over, ours }]): readonly Check<IngestWorld>[] => [
    {
      clause: `ingest/limit/${key}-to-${safe / kB}-kb`,
      run: async (world) => taken(world, `${key} of ${safe} bytes`, withObject(world, key, safe, "x")),
    },
    {
      clause: `ingest/limit/${key}-over-${over / KiB}-kb-refused`,
      run: async (world) => {
        for (const char of ["x", "é", "\\"])
          await rejected(world, `${key} of ${over + 2} bytes`, withObject(world, key, over + 2, char), "FieldTooLong");
      },
    },
    {
      clause: `ingest/limit/${key}-is-${ours}-bytes-compact`,
      run: async (world) => {
        await taken(world, `${key} of ${ours} bytes`, withObject(world, key, ours, "x"));
        await rejected(world, `${key} of ${ours + 1} bytes`, withObject(world, key, ours + 1, "x"), "FieldTooLong");
        // White space between the members is not counted.
        const spread = withObject(world, key, ours, "x").replace(`"${key}":{`, `"${key}":{${" ".repeat(2000)}`);
        await taken(world, `${key} of ${ours} bytes and white space`, spread);
      },
    },
  ]),
  {
    clause: "ingest/limit/event-to-256-kb",
    run: async (world) => taken(world, "256,000 bytes", ofSize(world, 256 * kB, "x")),
  },
  {
    clause: "ingest/limit/event-over-256-kib-refused",
    run: async (world) => {
      const code = await endOf(world, ofSize(world, 256 * KiB + 1, "x"));
      expects(code !== undefined, "an event of 262,145 bytes is refused, by itself", "it was taken");
    },
  },
  {
    clause: "ingest/limit/event-is-262144-bytes-of-utf8",
    run: async (world) => {
      for (const char of ["x", "é", "漢"]) {
        await taken(world, `262,144 bytes of ${char}`, ofSize(world, 256 * KiB, char));
        await rejected(world, `262,145 bytes of ${char}`, ofSize(world, 256 * KiB + 1, char), "FieldTooLong");
      }
    },
  },
  {
    clause: "ingest/limit/an-event-too-long-stops-no-other",
    run: async (world) => {
      const small = JSON.stringify(event(world));
      const found = ends(
        await put(world, [
          { id: "first", eventData: ofSize(world, 256 * KiB + 1, "x") },
          { id: "second", eventData: small },
        ]),
      );
      expects(
        found.get("first") !== undefined && found.get("second") === undefined,
        "the first refused, the second taken",
        [...found],
      );
    },
  },
  {
    clause: "ingest/limit/request-to-1-mb",
    run: async (world) => {
      // Also the whole body stays below 1,000,000 bytes.
      const eventData = ofSize(world, 99 * kB, "x");
      const entries = Array.from({ length: 10 }, (_, index) => ({ id: `e-${index}`, eventData }));
      const sizes = "for 10 events of 99,000 bytes each, less than 1,000,000 bytes of body";
      const found = await about(sizes, async () => ends(await put(world, entries)));
      expects(
        [...found.values()].every((code) => code === undefined) && found.size === 10,
        "ten events of 99,000 bytes are taken",
        [...found],
      );
    },
  },
  {
    clause: "ingest/limit/request-over-1-mib-refused",
    run: async (world) => {
      const eventData = ofSize(world, 255 * kB, "x");
      const entries = Array.from({ length: 5 }, (_, index) => ({ id: `e-${index}`, eventData }));
      await about("for 5 events of 255,000 bytes each, 1,275,000 bytes of eventData", async () =>
        refused(await put(world, entries)),
      );
    },
  },
  {
    clause: "ingest/limit/request-is-1048576-bytes-of-event-data",
    run: async (world) => {
      const parts = (last: number) =>
        [262_144, 262_144, 262_144, last].map((size, index) => ({
          id: `e-${index}`,
          eventData: ofSize(world, size, index === 1 ? "\\" : "x"),
        }));
      const found = await about("for 4 events of 262,144 bytes each, 1,048,576 bytes of eventData", async () =>
        ends(await put(world, parts(262_144))),
      );
      expects(
        found.size === 4 && [...found.values()].every((code) => code === undefined),
        "1,048,576 bytes of eventData are taken",
        [...found],
      );
      const five = [...parts(262_143), { id: "e-4", eventData: "{}" }];
      await about("for 5 events, together 1,048,577 bytes of eventData", async () =>
        refused(await put(world, five), "ValidationException", 400),
      );
    },
  },
  {
    clause: "ingest/limit/body-over-8-mib-answered-413",
    run: async (world) => {
      const body = `{"auditEvents":[]${" ".repeat(8 * KiB * KiB)}}`;
      await about("for a body of more than 8 MiB, most of it blanks", async () =>
        refused(await put(world, [], { body }), undefined, 413),
      );
    },
  },
];

function withText(world: IngestWorld, path: string, value: string): string {
  const [key = "", member] = path.split(".");
  const whole = event(world);
  if (member === undefined) return JSON.stringify({ ...whole, [key]: value });
  return JSON.stringify({ ...whole, [key]: { ...usualIdentity, [member]: value } });
}

/** An event whose object `key` is exactly so many bytes of compact JSON. */
function withObject(world: IngestWorld, key: string, bytes: number, char: string): string {
  const empty = Buffer.byteLength(JSON.stringify({ a: "" }));
  const each = Buffer.byteLength(JSON.stringify(char)) - 2;
  const count = Math.floor((bytes - empty) / each);
  const value = { a: char.repeat(count) + "y".repeat(bytes - empty - count * each) };
  return JSON.stringify({ ...event(world), [key]: value });
}

/** An event's text of exactly so many bytes; no field is over its own limit, so userIdentity.details takes what is left. */
function ofSize(world: IngestWorld, bytes: number, char: string): string {
  const others = event(world, { userIdentity: undefined });
  const shell = JSON.stringify({ ...others, userIdentity: { ...usualIdentity, details: { a: "" } } });
  const each = Buffer.byteLength(JSON.stringify(char)) - 2;
  const room = bytes - Buffer.byteLength(shell);
  const count = Math.floor(room / each);
  const filling = JSON.stringify(char.repeat(count) + "y".repeat(room - count * each));
  return shell.replace('"a":""', () => `"a":${filling}`);
}
