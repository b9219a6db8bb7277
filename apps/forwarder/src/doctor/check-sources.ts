import { accessSync, constants } from "node:fs";
import type { ListenConfig } from "../config/config-schema.ts";
import type { IntegrationPlan } from "../config/integration-plan.ts";
import { nodeFiles } from "../tail/node-files.ts";
import { type Finding, findingsOf } from "./finding.ts";

/** What can be said of files, webhooks and bulk requests of an integration without reading or receiving anything. */
export function checkSources(
  { name, files, webhook, bulk }: IntegrationPlan,
  listen: ListenConfig | undefined,
): readonly Finding[] {
  const { ok, warning, problem, notKnown } = findingsOf(name);
  const findings: Finding[] = [];
  for (const pattern of files?.paths ?? []) {
    const found = nodeFiles.find([pattern], files?.exclude ?? []);
    const shut = found.filter((path) => !isReadable(path));
    const [first] = shut;
    if (first !== undefined)
      findings.push(
        problem(
          "files",
          `${first}${shut.length > 1 ? ` and ${shut.length - 1} more` : ""} cannot be read`,
          "Let the forwarder's user read it.",
        ),
      );
    else if (found.length === 0)
      findings.push(
        warning(
          "files",
          `${pattern} names no file that is there now`,
          "Check the pattern; files that come later are followed.",
        ),
      );
    else
      findings.push(
        ok("files", `${pattern} names ${found.length} file${found.length === 1 ? "" : "s"} that can be read`),
      );
  }
  if (listen === undefined) return findings;
  const scheme = listen.tls === undefined ? "http" : "https";
  for (const [check, path] of [["webhook", webhook?.path] as const, ["bulk", bulk?.path] as const])
    if (path !== undefined)
      findings.push(
        notKnown(
          check,
          `whether ${path} of this machine is reached from where records come from`,
          `From there: curl -i ${scheme}://YOUR-HOST${path} must be answered by the forwarder, not by a proxy.`,
        ),
      );
  return findings;
}

function isReadable(path: string): boolean {
  try {
    accessSync(path, constants.R_OK);
    return true;
  } catch {
    return false;
  }
}
