import { createHash } from "node:crypto";
import { isMembers } from "../core/members.ts";
import { eventRules } from "./event-rules.ts";
import { inEvent, type Mutant } from "./mutant.ts";

const { strings, objects, required, eventTime, checksumBytes } = eventRules;
const lengths = Object.entries(strings).filter(([, limit]) => Number.isFinite(limit));
const dashed = (path: string): string => path.replace(".", "-");
const hashed = (bytes: string | Uint8Array, by = "sha256"): string => createHash(by).update(bytes).digest("base64");

/** Lakes that misjudge an event. */
export const eventMutants: readonly Mutant[] = [
  // The event.
  ...lengths.flatMap(([path, limit]): readonly Mutant[] => [
    inEvent(
      `takes ${path} of ${limit - 1} characters at most`,
      [`ingest/limit/${dashed(path)}-to`, "ingest/limit/lengths-count"],
      { strings: { ...strings, [path]: limit - 1 } },
    ),
    inEvent(
      `takes ${path} of ${limit + 1} characters`,
      [`ingest/limit/${dashed(path)}-to`, "ingest/limit/lengths-count"],
      { strings: { ...strings, [path]: limit + 1 } },
    ),
  ]),
  inEvent(
    "has no limit for version",
    ["ingest/limit/version-to", "ingest/limit/lengths-count", "ingest/response/failed-entry"],
    { strings: { ...strings, version: Number.POSITIVE_INFINITY } },
  ),
  inEvent("counts UTF-16 units", ["ingest/limit/lengths-count"], { textLength: (text) => text.length }),
  inEvent("counts bytes", ["ingest/limit/lengths-count"], { textLength: (text) => Buffer.byteLength(text) }),
  ...(["requestParameters", "responseElements", "additionalEventData"] as const).flatMap((key): readonly Mutant[] => {
    const limit = objects[key]!;
    const kb = Math.floor(limit / 1024);
    return [
      inEvent(`takes ${key} of any size`, [`ingest/limit/${key}-over`, `ingest/limit/${key}-is`], {
        objects: { ...objects, [key]: Number.POSITIVE_INFINITY },
      }),
      inEvent(`takes ${key} of ${kb * 1000} bytes at most`, [`ingest/limit/${key}-is`], {
        objects: { ...objects, [key]: kb * 1000 },
      }),
      inEvent(`takes ${key} of ${kb * 500} bytes at most`, [`ingest/limit/${key}-`], {
        objects: { ...objects, [key]: kb * 500 },
      }),
    ];
  }),
  inEvent("measures in characters", ["ingest/limit/"], { byteLength: (text) => text.length }),
  inEvent(
    "takes events of any size",
    ["ingest/limit/event-over", "ingest/limit/event-is", "ingest/limit/an-event-too-long"],
    { maxEventBytes: Number.POSITIVE_INFINITY },
  ),
  inEvent("takes events of 256,000 bytes at most", ["ingest/limit/event-is", "ingest/limit/request-is"], {
    maxEventBytes: 256_000,
  }),
  inEvent("takes events of 200,000 bytes at most", ["ingest/limit/event-", "ingest/limit/request-is"], {
    maxEventBytes: 200_000,
  }),
  ...required.map((path) =>
    inEvent(
      `does without ${path}`,
      [
        `ingest/event/${dashed(path)}-required`,
        "ingest/event/required-null",
        ...(path === "userIdentity" ? ["ingest/event/userIdentity-"] : []),
        "ingest/event/keys-are?",
      ],
      { required: required.filter((one) => one !== path && !one.startsWith(`${path}.`)) },
    ),
  ),
  inEvent("wants userAgent", ["*"], { required: [...required, "userAgent"] }),
  inEvent("takes null for a value", ["ingest/event/required-null", "ingest/event/optional-null"], {
    isAbsent: (value) => value === undefined,
  }),
  inEvent("takes numbers for strings", ["ingest/event/strings-are", "ingest/event-time/is-a-time?"], {
    isString: (value) => ["string", "number"].includes(typeof value),
  }),
  inEvent("takes anything for a string", ["ingest/event/strings-are", "ingest/event-time/is-a-time?"], {
    isString: () => true,
  }),
  inEvent("takes lists for objects", ["ingest/event/objects-are"], {
    isObject: (value) => typeof value === "object" && value !== null,
  }),
  inEvent("takes anything for an object", ["ingest/event/objects-are"], { isObject: () => true }),
  inEvent("wants texts in userIdentity.details", ["ingest/event/every-key"], {
    isFree: (path, value) =>
      path !== "userIdentity.details" || Object.values(value ?? {}).every((one) => typeof one === "string"),
  }),
  inEvent("wants letters in the keys of free objects", ["ingest/event/any-json"], {
    isFree: (_path, value) => !isMembers(value) || Object.keys(value).every((key) => /^\w+$/.test(key)),
  }),
  inEvent("mends broken JSON", ["ingest/event/text-is-json"], { parse: (text) => lenient(text) }),
  inEvent("takes any JSON for an event", ["ingest/event/text-is-an-object"], {
    isEvent: (value): value is Readonly<Record<string, unknown>> => typeof value === "object" && value !== null,
  }),
  inEvent(
    "reads JSON that is encoded twice, and a key twice",
    ["ingest/event/encoded-twice", "ingest/event/duplicate-keys"],
    { allowsDuplicateKeys: true, parse: (text) => twice(text) },
  ),
  inEvent("reads keys in any case", ["ingest/event/keys-are"], {
    keyOf: (key) =>
      [...Object.keys(strings), ...Object.keys(objects)].find((known) => known.toLowerCase() === key.toLowerCase()) ??
      key,
  }),
  inEvent("takes a key twice", ["ingest/event/duplicate-keys"], { allowsDuplicateKeys: true }),
  inEvent("takes lone surrogates", ["ingest/event/lone-surrogates"], { allowsLoneSurrogates: true }),
  inEvent("takes 65 levels", ["ingest/event/nesting"], { maxDepth: 65 }),
  inEvent("takes 63 levels", ["ingest/event/nesting"], { maxDepth: 63 }),
  inEvent("refuses keys it does not know", ["ingest/event/unknown-keys"], { refusesUnknownKeys: true }),
  inEvent("refuses empty strings", ["ingest/event/empty-strings"], { refusesEmptyStrings: true }),
  inEvent("wants an address in sourceIPAddress", ["ingest/event/source-address"], {
    isAddress: (text) => /^[0-9a-f.:]+$/i.test(text) && !text.includes(".7:"),
  }),
  inEvent("takes any recipient", ["ingest/event/other-recipient"], { isRecipient: () => true }),
  inEvent("takes a recipient that begins like the owner", ["ingest/event/other-recipient"], {
    isRecipient: (recipient, owner) => recipient.startsWith(owner),
  }),
  inEvent("wants Z", ["ingest/event-time/with-and-without-z"], {
    eventTime: (text, now) => (text.endsWith("Z") ? eventTime(text, now) : undefined),
  }),
  inEvent("refuses Z", ["*"], { eventTime: (text, now) => (text.endsWith("Z") ? undefined : eventTime(text, now)) }),
  inEvent("wants no fraction", ["ingest/event-time/fractions"], {
    eventTime: (text, now) => (text.includes(".") ? undefined : eventTime(text, now)),
  }),
  inEvent("takes any fraction", ["ingest/event-time/fractions"], {
    eventTime: (text, now) => eventTime(text.replace(/\.\d+/, ""), now),
  }),
  inEvent("takes offsets", ["ingest/event-time/no-offsets"], {
    eventTime: (text, now) => eventTime(text.replace(/[+-]\d\d:?\d\d$/, "Z"), now),
  }),
  inEvent("takes whatever looks like a time", ["ingest/event-time/"], {
    eventTime: (text) => (/^\d{4}-\d\d-\d\d/.test(text) ? 1 : undefined),
  }),
  inEvent("takes any text for a time", ["ingest/event-time/"], { eventTime: () => 1 }),
  inEvent("takes days that do not exist", ["ingest/event-time/days", "ingest/event-time/1970?"], {
    eventTime: (text, now) => eventTime(text.replace(/-(29|30)T/, "-28T"), now),
  }),
  inEvent("takes times of any age", ["ingest/event-time/1970", "ingest/event-time/days?"], {
    eventTime: (text, now) => eventTime(text.replace(/^(1969|20[23]\d)/, "2000"), now),
  }),
  inEvent("refuses what is older than the retention", ["ingest/event-time/older"], { refusesOldEvents: true }),
  // The checksum.
  inEvent("looks at no checksum", ["ingest/checksum/"], { checksumBytes: () => "", sha256: () => "" }),
  inEvent("hashes what it parsed", ["ingest/checksum/"], {
    checksummed: ({ eventData }) => JSON.stringify(JSON.parse(eventData)),
  }),
  inEvent("trims before it hashes", ["ingest/checksum/of-the-text"], {
    checksummed: ({ eventData }) => eventData.trim(),
  }),
  inEvent("hashes a line feed, too", ["ingest/checksum/"], { checksummed: ({ eventData }) => `${eventData}\n` }),
  inEvent("hashes the whole entry", ["ingest/checksum/"], {
    checksummed: ({ id, eventData }) => JSON.stringify({ id, eventData }),
  }),
  inEvent("hashes Latin-1", ["ingest/checksum/"], { sha256: (text) => hashed(Buffer.from(text, "latin1")) }),
  inEvent("hashes UTF-16", ["ingest/checksum/"], { sha256: (text) => hashed(Buffer.from(text, "utf16le")) }),
  inEvent("hashes with SHA-1", ["ingest/checksum/"], { sha256: (text) => hashed(text, "sha1") }),
  inEvent(
    "hashes the text as a shell's unquoted variable",
    ["ingest/checksum/of-the-text", "ingest/checksum/right?", "ingest/checksum/however?"],
    {
      checksummed: ({ eventData }) =>
        eventData
          .split(/[ \t\n]+/)
          .join(" ")
          .trim(),
    },
  ),
  inEvent("compares the first 32 characters", ["ingest/checksum/wrong"], {
    checksumBytes: (text) => checksumBytes(text)?.slice(0, 32),
    sha256: (text) => hashed(text).slice(0, 32),
  }),
  inEvent("takes hexadecimal, too", ["ingest/checksum/44"], {
    checksumBytes: (text) =>
      /^[0-9a-f]{64}$/.test(text) ? Buffer.from(text, "hex").toString("base64") : checksumBytes(text),
  }),
  inEvent("takes the URL-safe alphabet, too", ["ingest/checksum/44"], {
    checksumBytes: (text) => checksumBytes(text.replaceAll("-", "+").replaceAll("_", "/")),
  }),
  inEvent("takes missing padding", ["ingest/checksum/44"], {
    checksumBytes: (text) => checksumBytes(text.length === 43 ? `${text}=` : text),
  }),
  inEvent("trims a checksum", ["ingest/checksum/44"], { checksumBytes: (text) => checksumBytes(text.trim()) }),
  inEvent("compares decoded bytes of any Base64", ["ingest/checksum/44"], {
    checksumBytes: (text) => Buffer.from(text, "base64").toString("base64"),
  }),
  inEvent("takes the empty checksum for none", ["ingest/checksum/44"], {
    hasChecksum: (value) => typeof value === "string" && value !== "",
  }),
  inEvent("looks at the checksum last", ["ingest/checksum/checked-before"], { checksumFirst: false }),
];

/** Single quotes and a comma too many are forgiven. */
function lenient(text: string): { readonly value: unknown } | undefined {
  try {
    return { value: JSON.parse(text.replaceAll("'", '"').replace(/,}$/, "}")) };
  } catch {
    return undefined;
  }
}

function twice(text: string): { readonly value: unknown } | undefined {
  const once = eventRules.parse(text);
  return typeof once?.value === "string" ? eventRules.parse(once.value) : once;
}
