import { azure } from "./azure.ts";
import type { BuiltIn } from "./built-in.ts";
import { cef } from "./cef.ts";
import { cloudevents } from "./cloudevents.ts";
import { gcpAudit } from "./gcp-audit.ts";
import { googleWorkspace } from "./google-workspace.ts";
import { leef } from "./leef.ts";
import type { BuiltInName } from "./names.ts";
import { ocsf } from "./ocsf.ts";
import { syslog } from "./syslog.ts";

/** The built-in formats by name, in the order in which a record is tried for them. */
export const builtIns: Readonly<Record<BuiltInName, BuiltIn>> = {
  cef,
  leef,
  syslog,
  cloudevents,
  ocsf,
  "gcp-audit": gcpAudit,
  "google-workspace": googleWorkspace,
  azure,
};
