import { PerformanceObserver } from "node:perf_hooks";
import { getHeapSpaceStatistics, setFlagsFromString } from "node:v8";

/** Bytes of the young generation above which it grows no further. V8 lets it grow to 128 MB, all of which is touched in turn. */
const youngMost = 16 * 1024 * 1024;

/** The old generation is collected when it is so much larger than what was alive, percent. V8 waits for up to 300. */
const growingPercent = 100;

/**
 * Keeps the heap of this process close to what is alive in it, for some more time spent in collecting it: a forwarder shares its
 * machine, and its memory must not depend on how long it has been busy. V8 has no call for the size of the young generation of a
 * running process, so its growth is stopped and let go on, after each collection. Whoever sets sizes by NODE_OPTIONS keeps theirs.
 */
export function boundHeap(): void {
  if (/semi-space|heap-growing/.test([...process.execArgv, process.env["NODE_OPTIONS"]].join(" "))) return;
  setFlagsFromString(`--heap-growing-percent=${growingPercent}`);
  // For threads to come: whether theirs grows is decided here too, so it begins with what it needs.
  setFlagsFromString(`--min-semi-space-size=${youngMost / 4 / 1024 / 1024}`);
  let grows = true;
  new PerformanceObserver(() => {
    const young = getHeapSpaceStatistics().find((space) => space.space_name === "new_space")?.space_size ?? 0;
    const mayGrow = young < youngMost;
    if (mayGrow === grows) return;
    grows = mayGrow;
    setFlagsFromString(`--semi-space-growth-factor=${grows ? 2 : 1}`);
  }).observe({ entryTypes: ["gc"] });
}
