import type { Json } from "@tributary/adapter-kit";
import { azure } from "./azure.ts";
import type { BuiltIn } from "./built-in.ts";
import { cloudevents } from "./cloudevents.ts";
import { gcpAudit } from "./gcp-audit.ts";
import { googleWorkspace } from "./google-workspace.ts";
import { ocsf } from "./ocsf.ts";

/** The built-in formats whose records are JSON. */
export const jsonFormats: readonly BuiltIn[] = [cloudevents, ocsf, gcpAudit, googleWorkspace, azure];

/** Whether a value is a record of one of them. */
export function isJsonRecord(value: Json): boolean {
  return jsonFormats.some((format) => format.is(value));
}
