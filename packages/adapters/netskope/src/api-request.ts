import type { PollHost, Secret } from "@tributary/adapter-kit";

/** What the requests of every stream need. */
export interface NetskopeOptions {
  readonly tenant: string;
  readonly token: Secret;
  readonly index: string;
}

export type NetskopeHost = Pick<PollHost<NetskopeOptions>, "fetch" | "now" | "options" | "since">;

/** A URL of the tenant's API, and the headers of every request. */
export function apiUrl({ options }: NetskopeHost, path: string): URL {
  return new URL(path, `https://${options.tenant}`);
}

export function apiHeaders({ options }: NetskopeHost): Record<string, string> {
  return { Accept: "application/json, text/csv", "Netskope-Api-Token": options.token.reveal() };
}
