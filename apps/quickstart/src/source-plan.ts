import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { TributaryError } from "@tributary/schema";

/** One integration of the main job. */
export interface SourcePlan {
  readonly adapter: string;
  /** `Source` of CreateChannel. */
  readonly source: string;
  readonly displayName: string;
  readonly channelName: string;
  readonly externalId: string;
  /** Files or folders to forward. */
  readonly logs: readonly string[];
}

const known = [
  { adapter: "okta", source: "OktaSystemLogEvents", displayName: "Okta" },
  { adapter: "github", source: "GitHub", displayName: "GitHub" },
  { adapter: "crowdstrike", source: "CrowdStrike", displayName: "CrowdStrike" },
];

/**
 * Finds what to forward below `folder`: entries named for an adapter or beginning with its name and a dot or dash
 * (`okta/`, `okta.ndjson`, `github-2026-11.json.gz`). Throws `NO_LOGS` when there is none.
 */
export function planSources(folder: string): readonly SourcePlan[] {
  const entries = existsSync(folder) ? readdirSync(folder).toSorted() : [];
  const plans = known
    .map(({ adapter, source, displayName }) => ({
      adapter,
      source,
      displayName,
      channelName: `quickstart-${adapter}`,
      externalId: `quickstart-${adapter}-0001`,
      logs: entries
        .filter((entry) => entry === adapter || entry.startsWith(`${adapter}.`) || entry.startsWith(`${adapter}-`))
        .map((entry) => join(folder, entry)),
    }))
    .filter((plan) => plan.logs.length > 0);
  if (plans.length === 0)
    throw new TributaryError(
      `${folder} holds no logs this run knows: name folders or files for their source, ` +
        `${known.map(({ adapter }) => `${adapter}/ or ${adapter}.ndjson`).join(", ")}.`,
      { code: "NO_LOGS" },
    );
  return plans;
}
