import { array, constantFrom, integer, record, string } from "fast-check";
import type { Check } from "../core/check.ts";
import { expects } from "../core/unmet.ts";
import { checksum, ends, event, type IngestWorld, put, rejected, taken } from "./ingest-world.ts";

/** Spec 1.9: a checksum over exactly the bytes of eventData, and over nothing else. */
export const checksumChecks: readonly Check<IngestWorld>[] = [
  {
    clause: "ingest/checksum/optional",
    run: async (world) => taken(world, "no checksum", JSON.stringify(event(world))),
  },
  {
    clause: "ingest/checksum/right-one-accepted",
    run: async (world, { property }) =>
      property(anyText, async (value, witness) => {
        const eventData = JSON.stringify({ ...event(world), additionalEventData: { value } });
        if (value !== "") witness();
        await taken(world, "its own checksum", eventData, { eventDataChecksum: checksum(eventData) });
      }),
  },
  {
    clause: "ingest/checksum/wrong-one-refuses-its-event-alone",
    run: async (world, { property }) =>
      property(
        record({
          size: integer({ min: 1, max: 50 }),
          wrong: array(integer({ min: 0, max: 49 }), { maxLength: 5 }),
          bit: integer({ min: 0, max: 255 }),
        }),
        async ({ size, wrong, bit }, witness) => {
          const at = new Set(wrong.map((index) => index % size));
          if (at.size > 0 && at.size < size) witness();
          const entries = Array.from({ length: size }, (_, index) => {
            const eventData = JSON.stringify({ ...event(world), UID: `uid-${index}` });
            const right = checksum(eventData);
            return { id: `e-${index}`, eventData, eventDataChecksum: at.has(index) ? flipped(right, bit) : right };
          });
          const found = ends(await put(world, entries));
          for (let index = 0; index < size; index++) {
            const code = found.get(`e-${index}`);
            const wanted = at.has(index) ? "InvalidChecksum" : undefined;
            expects(found.has(`e-${index}`) && code === wanted, `e-${index}: ${wanted ?? "taken"}`, code ?? "taken");
          }
        },
      ),
  },
  {
    clause: "ingest/checksum/of-the-text-not-of-its-meaning",
    run: async (world) => {
      const compact = JSON.stringify(event(world));
      const spaced = JSON.stringify(event(world), undefined, 2);
      await taken(world, "white space and the checksum of all of it", spaced, { eventDataChecksum: checksum(spaced) });
      await rejected(world, "white space and the checksum of its compact form", spaced, "InvalidChecksum", {
        eventDataChecksum: checksum(compact),
      });
      const trailing = `${compact} `;
      await rejected(world, "a blank at its end that the checksum leaves out", trailing, "InvalidChecksum", {
        eventDataChecksum: checksum(compact),
      });
      await rejected(world, "a checksum over one line feed more", compact, "InvalidChecksum", {
        eventDataChecksum: checksum(`${compact}\n`),
      });
      const doubled = JSON.stringify({ ...event(world), eventName: "a  b *" });
      await taken(world, "two blanks and a star", doubled, { eventDataChecksum: checksum(doubled) });
    },
  },
  {
    clause: "ingest/checksum/of-eventdata-alone",
    run: async (world) => {
      const eventData = JSON.stringify(event(world));
      const entry = JSON.stringify({ id: "the-event", eventData });
      await rejected(world, "the checksum of its whole entry", eventData, "InvalidChecksum", {
        eventDataChecksum: checksum(entry),
      });
      await rejected(world, "the checksum of the empty text", eventData, "InvalidChecksum", {
        eventDataChecksum: checksum(""),
      });
    },
  },
  {
    clause: "ingest/checksum/however-the-body-escapes",
    run: async (world, { property }) =>
      property(
        record({ value: anyText, escape: constantFrom("none", "non-ascii", "all") }),
        async ({ value, escape }, witness) => {
          const eventData = JSON.stringify({ ...event(world), additionalEventData: { value } });
          const written = escaped(eventData, escape);
          if (written !== JSON.stringify(eventData)) witness();
          const body = `{"auditEvents":[{"id":"the-event","eventData":${written},"eventDataChecksum":${JSON.stringify(checksum(eventData))}}]}`;
          const code = ends(await put(world, [], { body })).get("the-event");
          expects(code === undefined, `the checksum of the decoded text holds, whatever is escaped (${escape})`, code);
        },
      ),
  },
  {
    clause: "ingest/checksum/44-characters-of-standard-base64",
    run: async (world) => {
      // Its Base64 has both characters in which the alphabets differ.
      let eventData = JSON.stringify(event(world));
      for (let n = 0; !/\+.*\/|\/.*\+/.test(checksum(eventData)); n++)
        eventData = JSON.stringify({ ...event(world), UID: `n-${n}` });
      const right = checksum(eventData);
      await taken(world, "standard Base64", eventData, { eventDataChecksum: right });
      const others = {
        hexadecimal: Buffer.from(right, "base64").toString("hex"),
        "the URL-safe alphabet": right.replaceAll("+", "-").replaceAll("/", "_"),
        "no padding": right.replace("=", ""),
        "a line feed": `${right}\n`,
        "a blank before": ` ${right}`,
        "too much padding": `${right}=`,
        "the empty text": "",
        "another spelling of the same bytes": respelled(right),
      };
      for (const [how, wrong] of Object.entries(others))
        await rejected(world, `its checksum in ${how}`, eventData, "InvalidChecksum", { eventDataChecksum: wrong });
    },
  },
  {
    clause: "ingest/checksum/checked-before-the-rest",
    run: async (world) => {
      for (const bad of ["no JSON", "{}", JSON.stringify(event(world, { version: "x".repeat(300) }))])
        await rejected(world, `a wrong checksum over ${bad.slice(0, 20)}`, bad, "InvalidChecksum", {
          eventDataChecksum: checksum("other"),
        });
    },
  },
];

/** Escapes, quotes, controls, astral characters, everything that is no lone surrogate. */
const anyText = string({ unit: "binary", maxLength: 60 });

function flipped(base64: string, bit: number): string {
  const bytes = Buffer.from(base64, "base64");
  bytes[bit >> 3]! ^= 1 << (bit & 7);
  return bytes.toString("base64");
}

/** The last character before the padding carries two bits that mean nothing: a strict reader refuses any but zero. */
function respelled(base64: string): string {
  const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  const last = alphabet.indexOf(base64[42]!);
  return `${base64.slice(0, 42)}${alphabet[last | 1]}=`;
}

function escaped(text: string, how: "none" | "non-ascii" | "all"): string {
  if (how === "none") return JSON.stringify(text);
  let written = "";
  for (let index = 0; index < text.length; index++) {
    const unit = text.charCodeAt(index);
    const plain = JSON.stringify(text[index]).slice(1, -1);
    written += how === "all" || unit > 0x7e ? `\\u${unit.toString(16).padStart(4, "0")}` : plain;
  }
  return `"${written}"`;
}
