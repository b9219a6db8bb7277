import { createHash, sign, verify } from "node:crypto";
import { Type, type Static } from "@sinclair/typebox";
import { Value } from "@sinclair/typebox/value";
import type { HeadKey, HeadPublicKeys } from "./head-keys.ts";

const hex = Type.String({ pattern: "^[0-9a-f]{64}$" });

const Statement = Type.Object({
  /** So that nothing else that the key may sign passes for a statement. */
  kind: Type.Literal("tributary-lake/signed-heads"),
  format: Type.Literal(1),
  /** From 1, without a gap. */
  sequence: Type.Integer({ minimum: 1 }),
  /** RFC 3339, by the lake's clock. */
  signedAt: Type.String(),
  /** SHA-256 of the record before, whole; empty for the first. */
  previous: Type.Union([hex, Type.Literal("")]),
  /** Fingerprint of the key. */
  key: hex,
  /** Where the history of each store of the lake ended. */
  heads: Type.Array(
    Type.Object({
      storeId: Type.String({ minLength: 1 }),
      version: Type.Integer({ minimum: 0 }),
      chain: Type.String({ pattern: "^([0-9a-f]{64})?$" }),
    }),
  ),
});

/** What a lake states of its stores at a time. */
export type HeadStatement = Static<typeof Statement>;

const Signature = Type.Object({ signature: Type.String({ pattern: "^[A-Za-z0-9+/]{86}==$" }) });

/** A statement and its Ed25519 signature, each a line of JSON. What is signed are the bytes of the first line without its end. */
export function signedRecord(statement: HeadStatement, { privateKey }: HeadKey): string {
  const line = JSON.stringify(statement);
  const signature = sign(undefined, Buffer.from(line, "utf8"), privateKey).toString("base64");
  return `${line}\n${JSON.stringify({ signature })}\n`;
}

/** Reads a record; a text says why it is none. Its signature is checked by {@link checkRecord}. */
export function parseRecord(text: string): HeadStatement | string {
  const [line = "", second = "", end, ...more] = text.split("\n");
  if (end !== "" || more.length > 0) return "it has not two lines";
  if (signatureOf(second) === undefined) return "its second line is no signature";
  const statement = parsed(line);
  return Value.Check(Statement, statement) ? statement : "its first line is no statement of heads";
}

/** What is wrong with a record's signature; undefined when it is one of these keys'. */
export function checkRecord(text: string, { key }: HeadStatement, keys: HeadPublicKeys): string | undefined {
  const publicKey = keys.get(key);
  if (publicKey === undefined) return `it names the key ${key}, which is not among those given`;
  const [line = "", second = ""] = text.split("\n");
  const signature = signatureOf(second);
  return signature !== undefined && verify(undefined, Buffer.from(line, "utf8"), publicKey, signature)
    ? undefined
    : "its signature is not that of what it says";
}

/** The bytes of a record's second line, which must be the one way to write them. */
function signatureOf(line: string): Uint8Array | undefined {
  const said = parsed(line);
  if (!Value.Check(Signature, said)) return undefined;
  const bytes = Buffer.from(said.signature, "base64");
  return JSON.stringify({ signature: bytes.toString("base64") }) === line ? bytes : undefined;
}

/** What the next record names this one by. */
export function recordHash(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

const name = /^heads-(\d{12})\.ndjson$/;

/** The file of a record: by its name the records are in their order. */
export function recordName(sequence: number): string {
  return `heads-${String(sequence).padStart(12, "0")}.ndjson`;
}

/** The sequence number in a file's name; undefined for other files. */
export function sequenceOf(file: string): number | undefined {
  const digits = name.exec(file)?.[1];
  return digits === undefined ? undefined : Number(digits);
}

function parsed(line: string): unknown {
  try {
    const value: unknown = JSON.parse(line);
    return value;
  } catch {
    return undefined;
  }
}
