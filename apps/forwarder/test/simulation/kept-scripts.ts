import type { Script } from "./script.ts";
import type { Variant } from "./simulated-config.ts";

const one: Variant = { destinations: [0], isPolled: true, isPushed: true, pauseAfter: 1000 };
const lakes = [["take"], ["take"], ["take"]] as const;

/** Scripts that once failed, as small as they could be made, by what they found. */
export const keptScripts: Readonly<Record<string, Script>> = {
  "a forwarder whose machine slept sent for an integration that another had taken over": {
    isShared: true,
    first: one,
    seed: 0,
    lakes: [["drop", "take"], ["take"], ["take"]],
    commands: [
      // Its machine sleeps as it is told that a request failed; it tries again when it wakes.
      { do: "aim", on: 0, after: 3, strike: "suspend", isAfter: true },
      { do: "push", on: 0, to: 1, kinds: ["good"], isKeyed: false },
      { do: "wait", ms: 7000 },
      { do: "continue", on: 0 },
      { do: "wait", ms: 500 },
    ],
  },
  "an integration that a reload had replaced was held by the answer to an earlier claim, and ran beside the new one": {
    isShared: true,
    first: { ...one, isPolled: false, isPushed: false },
    seed: 0,
    lakes,
    commands: [
      { do: "aim", on: 0, after: 3, strike: "freeze", isAfter: false },
      { do: "aim", on: 1, after: 1, strike: "suspend", isAfter: true },
      { do: "wait", ms: 12_000 },
    ],
  },
};
