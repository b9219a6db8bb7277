import { csvRows, jsonElements, jsonLines } from "@tributary/adapter-kit";
import type { Format } from "@tributary/adapter-kit";
import { readTransaction } from "./read-transaction.ts";
import { startsTransactions } from "./starts-transactions.ts";

/** A header row of names, some of Netskope's among them. */
const header = /^(?:"?[\w.-]{1,64}"?,){4}[^\n]{0,8192}/;

/**
 * `page`: answers of the REST API v2, their records streamed. `ndjson`: a record or a page in a line. `json`: arrays,
 * pretty-printed records and pages of the API v1. `csv`: rows below a header row. `transactions`: rows of the transaction
 * log without one, by comma or by blank, with or without `#` lines.
 */
export const formats: Readonly<Record<string, Format>> = {
  page: jsonElements("/result", (head) => /^\s*\{\s*"ok"\s*:/.test(head)),
  ndjson: jsonLines,
  json: jsonElements("", (head) => /^\s*[[{]/.test(head)),
  csv: {
    ...csvRows,
    sniff: (head) => header.test(head) && /(?:^|[",])(?:x-cs-timestamp|timestamp|_id)(?:[",\r\n]|$)/.test(head),
  },
  transactions: { frame: "line", sniff: startsTransactions, parse: (text) => ({ value: readTransaction(text) }) },
};
