import { Type, type Static } from "@sinclair/typebox";
import { Value } from "@sinclair/typebox/value";
import { TributaryError } from "@tributary/schema";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

const sized = { bytes: Type.Integer({ minimum: 0 }), sha256: Type.String({ pattern: "^[0-9a-f]{64}$" }) };

const Manifest = Type.Object({
  format: Type.Literal(1),
  /** Of the catalog. */
  catalogFormat: Type.Integer(),
  /** RFC 3339: everything acknowledged before is in the backup. */
  begun: Type.String(),
  catalog: Type.Object({ file: Type.String({ pattern: "^catalog-[0-9a-f-]{36}\\.sqlite$" }), ...sized }),
  heads: Type.Array(
    Type.Object({
      storeId: Type.String({ minLength: 1 }),
      version: Type.Integer({ minimum: 0 }),
      chain: Type.String({ pattern: "^([0-9a-f]{64})?$" }),
    }),
  ),
  objects: Type.Array(
    Type.Object({
      // A path in a manifest that somebody changed must not leave the directory.
      path: Type.String({
        maxLength: 1024,
        pattern: "^(?:[A-Za-z0-9_=-][A-Za-z0-9._=-]*/)*[A-Za-z0-9_=-][A-Za-z0-9._=-]*$",
      }),
      ...sized,
    }),
  ),
});

/** What a backup consists of. It is written last: a backup is what its manifest names. */
export type Manifest = Static<typeof Manifest>;

export const manifestFile = "manifest.json";

/** The manifest in a backup's directory, undefined when there is none. Throws `BACKUP_NOT_VALID`. */
export function readManifest(directory: string): Manifest | undefined {
  const file = join(directory, manifestFile);
  if (!existsSync(file)) return undefined;
  try {
    const found: unknown = JSON.parse(readFileSync(file, "utf8"));
    if (Value.Check(Manifest, found)) return found;
  } catch (cause) {
    throw notValid(file, cause);
  }
  throw notValid(file);
}

function notValid(file: string, cause?: unknown): TributaryError {
  return new TributaryError(`${file} is not the manifest of a backup that this release reads.`, {
    code: "BACKUP_NOT_VALID",
    cause,
  });
}
