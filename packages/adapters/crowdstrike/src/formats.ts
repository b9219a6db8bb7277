import type { Format } from "@tributary/adapter-kit";

/** Lines of a feed (blank keep-alive lines are no records) and of replicator files; arrays that other tools make of them. */
export const formats: Readonly<Record<string, Format>> = {
  ndjson: { frame: "line", sniff: (head) => /^\s*\{/.test(head) },
  array: { frame: { elementsOf: "" }, sniff: (head) => /^\s*\[/.test(head) },
};
