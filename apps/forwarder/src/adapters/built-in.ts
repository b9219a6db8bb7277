import type { Adapter } from "@tributary/adapter-kit";

/** Adapters that come with the forwarder, loaded when asked for. */
export const builtInAdapters: Readonly<Record<string, () => Promise<Readonly<Record<string, unknown>>>>> = {
  crowdstrike: () => import("@tributary/adapter-crowdstrike"),
  github: () => import("@tributary/adapter-github"),
  okta: () => import("@tributary/adapter-okta"),
};

/** A loaded adapter, and whether every event it makes is checked by our own kit already. */
export interface LoadedAdapter {
  readonly adapter: Adapter;
  readonly builtIn: boolean;
}
