import type { TSchema } from "@sinclair/typebox";
import { secretFrom, secretKeyword } from "@tributary/adapter-kit/poll";
import type { ReadSecret } from "./read-secret.ts";
import type { Finding, Path } from "./yaml-source.ts";

export interface ResolvedOptions {
  /** A copy of the options with a `Secret` wherever the schema has a `SecretOption`. */
  readonly value: unknown;
  /** The texts of the secrets. */
  readonly secrets: readonly string[];
  readonly findings: readonly Finding[];
}

/** Reads the secrets of an adapter's options, as its schema marks them. @param read reads one from where its place says */
export function resolveSecrets(
  schema: TSchema,
  options: unknown,
  at: Path,
  read: (place: unknown) => ReadSecret,
): ResolvedOptions {
  const secrets: string[] = [];
  const findings: Finding[] = [];
  const walk = (schemas: readonly TSchema[], value: unknown, path: Path): unknown => {
    if (value === undefined) return undefined;
    if (schemas.some((one) => one[secretKeyword] === true)) {
      const found = read(value);
      if (!("text" in found)) {
        findings.push({ path, ...found });
        return secretFrom("");
      }
      secrets.push(found.text);
      return secretFrom(found.text);
    }
    if (Array.isArray(value))
      return value.map((element, index) =>
        walk(
          schemas.flatMap((one) => below(one, index)),
          element,
          [...path, index],
        ),
      );
    if (typeof value !== "object" || value === null) return value;
    return Object.fromEntries(
      Object.entries(value).map(([key, member]) => [
        key,
        walk(
          schemas.flatMap((one) => below(one, key)),
          member,
          [...path, key],
        ),
      ]),
    );
  };
  return { value: walk(choicesOf(schema), options, at), secrets, findings };
}

/** The schemas that a member may have. */
function below(schema: TSchema, step: string | number): readonly TSchema[] {
  if (typeof step === "number") return choicesOf(schema["items"]);
  const properties: unknown = schema["properties"];
  return isRecord(properties) && Object.hasOwn(properties, step) ? choicesOf(properties[step]) : [];
}

/** A schema, and what its unions and intersections are made of. */
function choicesOf(schema: unknown): readonly TSchema[] {
  if (!isSchema(schema)) return [];
  const parts = ["anyOf", "oneOf", "allOf"].flatMap((keyword): readonly unknown[] => {
    const list: unknown = schema[keyword];
    return Array.isArray(list) ? list : [];
  });
  return [schema, ...parts.flatMap(choicesOf)];
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
const isSchema = (value: unknown): value is TSchema => isRecord(value);
