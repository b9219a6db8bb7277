import { Type as T } from "@sinclair/typebox";
import type { Static } from "@sinclair/typebox";
import { Value } from "@sinclair/typebox/value";
import { sha256, toBase64Url } from "@tributary/schema";
import type { Json } from "../contract/json.ts";
import { Refused } from "../refused.ts";
import { maskText } from "./mask-text.ts";
import { plainKey } from "./plain-key.ts";

const how = (description: string) =>
  T.Union([T.Literal("keep"), T.Literal("mask"), T.Literal("hash")], { default: "keep", description });

/** The kit's own option `redact`, beside an adapter's: what is masked on top of secrets. */
export const RedactOption = T.Object(
  {
    keys: T.Array(T.String({ minLength: 1 }), {
      default: [],
      description: "More keys, and JSON pointers (`*` is any one step), whose values are masked in every record.",
    }),
    emails: how("E-mail addresses, wherever they stand: the part before the @ is masked or hashed, the domain stays."),
    names: how("Names of persons, known by their keys: displayName, firstName and the like, and the adapter's own."),
    hashKey: T.Optional(
      T.String({
        minLength: 16,
        description:
          "Key of the hashes (HMAC-SHA-256): one value has one hash, and nobody without the key can try values.",
      }),
    ),
  },
  { additionalProperties: false },
);
export type RedactOption = Static<typeof RedactOption>;

/** How to mask what tells of persons. */
export interface Personal {
  /** Whether the text under this key is a person's name. */
  readonly isName: (key: string) => boolean;
  readonly hideName: (text: string) => string;
  readonly hideEmails: (text: string) => string;
}

/** Keys whose texts are persons' names, whatever their case and with or without `_`, `-` and blanks. */
const nameKeys = [
  "display_name",
  "first_name",
  "last_name",
  "middle_name",
  "given_name",
  "family_name",
  "full_name",
  "surname",
  "nick_name",
  "user_display_name",
  "actor_name",
];

/** Reads the option; the defaults where it is absent. Throws {@link Refused} `OPTIONS_INVALID`. */
export function readRedactOption(given: Json | undefined): RedactOption {
  const filled = Value.Default(RedactOption, given === undefined ? {} : Value.Clone(given));
  if (!Value.Check(RedactOption, filled)) {
    const first = Value.Errors(RedactOption, filled).First();
    throw new Refused(
      "OPTIONS_INVALID",
      `The option redact is wrong at ${first?.path || "the top"}: ${first?.message ?? ""}.`,
      `/redact${first?.path ?? ""}`,
    );
  }
  if (filled.hashKey === undefined && (filled.emails === "hash" || filled.names === "hash"))
    throw new Refused(
      "OPTIONS_INVALID",
      "The option redact asks for hashes: give hashKey, a text of 16 characters or more that is kept secret.",
      "/redact/hashKey",
    );
  return filled;
}

/** Undefined when nothing of persons is to be masked. */
export function personalOf(option: RedactOption, names: readonly string[] = []): Personal | undefined {
  if (option.emails === "keep" && option.names === "keep") return undefined;
  const keys: ReadonlySet<string> = new Set(option.names === "keep" ? [] : [...nameKeys, ...names].map(plainKey));
  const hash = hasher(option.hashKey ?? "");
  const hideName = (text: string): string =>
    text.trim() === "" ? text : option.names === "hash" ? hash(text) : maskText;
  const hideEmail = (all: string, domain: string): string =>
    `${option.emails === "hash" ? hash(all) : maskText}@${domain}`;
  const hideEmails = (text: string): string =>
    option.emails === "keep" || !text.includes("@")
      ? text
      : text.replaceAll(email, (all, domain: string) => hideEmail(all, domain));
  return { isName: (key) => keys.has(plainKey(key)), hideName, hideEmails };
}

/** Bounded on both sides of the @: linear whatever the text. */
const email = /[\p{L}\p{N}._%+'-]{1,64}@((?:[\p{L}\p{N}-]{1,63}\.){1,8}[\p{L}\p{N}-]{2,63})/gu;

/** HMAC-SHA-256 of the value in lower case, its first 132 bits: `hash-` and 22 characters. */
function hasher(key: string): (text: string) => string {
  const block = new Uint8Array(64);
  const bytes = new TextEncoder().encode(key);
  block.set(bytes.length > 64 ? sha256(bytes) : bytes);
  const pad = (byte: number): Uint8Array => block.map((each) => each ^ byte);
  const [inner, outer] = [pad(0x36), pad(0x5c)];
  const known = new Map<string, string>();
  return (text) => {
    const value = text.trim().toLowerCase();
    const found = known.get(value);
    if (found !== undefined) return found;
    const digest = sha256(joined(outer, sha256(joined(inner, new TextEncoder().encode(value)))));
    const made = `hash-${toBase64Url(digest).slice(0, 22)}`;
    if (known.size < 4096) known.set(value, made);
    return made;
  };
}

function joined(head: Uint8Array, tail: Uint8Array): Uint8Array {
  const all = new Uint8Array(head.length + tail.length);
  all.set(head);
  all.set(tail, head.length);
  return all;
}
