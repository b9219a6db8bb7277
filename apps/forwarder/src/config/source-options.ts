import type { TSchema } from "@sinclair/typebox";
import { readOptions } from "@tributary/adapter-kit/poll";
import { messageOf } from "./message-of.ts";
import type { ReadSecret } from "./read-secret.ts";
import { resolveSecrets } from "./resolve-secrets.ts";
import { schemaFindings } from "./schema-findings.ts";
import { withDefaults } from "./with-defaults.ts";
import type { Finding, Path } from "./yaml-source.ts";

/** The options of a poller or a webhook, secrets resolved and defaults filled in; true only where there are no findings. */
export interface SourceOptions {
  readonly value: unknown;
  readonly secrets: readonly string[];
  readonly findings: readonly Finding[];
}

export function sourceOptions(
  schema: TSchema,
  given: unknown,
  at: Path,
  read: (place: unknown) => ReadSecret,
): SourceOptions {
  const { value, secrets, findings: unread } = resolveSecrets(schema, given ?? {}, at, read);
  const findings = [...unread, ...schemaFindings(schema, withDefaults(schema, value), at)];
  if (findings.length > 0) return { value: undefined, secrets, findings };
  try {
    return { value: readOptions(schema, value), secrets, findings };
  } catch (error) {
    const finding = { path: at, message: messageOf(error), fix: "see the adapter's README" };
    return { value: undefined, secrets, findings: [finding] };
  }
}
