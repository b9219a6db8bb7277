import type { Format } from "./contract/format.ts";

/** JSON records, one a line: NDJSON, JSON Lines. */
export const jsonLines: Format = {
  frame: "line",
  sniff: (head) => {
    const [first, ...more] = head
      .split("\n")
      .map((line) => line.trim())
      .filter((line) => line !== "");
    return (
      first?.startsWith("{") === true &&
      (isJson(first) || (more.length > 0 && first.endsWith("}") && more[0]?.startsWith("{") === true))
    );
  },
};

/** One JSON document, split by the adapter: API answers, webhook bodies, pretty-printed records. */
export const jsonBody: Format = { frame: "body", sniff: (head) => /^\s*\{/.test(head) && !jsonLines.sniff?.(head) };

/** A JSON array at the top, streamed element by element: exports and API pages of any size. */
export const jsonArray: Format = { frame: { elementsOf: "" }, sniff: (head) => /^\s*\[/.test(head) };

/**
 * The elements of an array inside a JSON document, streamed: `jsonElements("/Records")`.
 * The document's other members are passed over. Sniffed only by the function given.
 */
export function jsonElements(pointer: string, sniff?: (head: string) => boolean): Format {
  return sniff === undefined ? { frame: { elementsOf: pointer } } : { frame: { elementsOf: pointer }, sniff };
}

/** CSV with a header row, each row an object of texts. */
export const csvRows: Format = { frame: "csv" };

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
