import { valueAt } from "@tributary/adapter-kit";
import type { Json } from "@tributary/adapter-kit";
import { readAnswer, VendorError } from "@tributary/adapter-kit/poll";
import { accepted } from "./accepted.ts";
import { apiHeaders, apiUrl } from "./api-request.ts";
import type { NetskopeHost } from "./api-request.ts";
import { operate } from "./operate.ts";
import type { Stream } from "./stream.ts";

/** Where Netskope says nothing else, seconds. */
const usualWait = 30;
/** How far before the last known time a lost iterator starts again, seconds. Pages of an hour are what Netskope reads at once. */
const overlap = 3600;
/** 10,000 records of a few kB. */
const largestPage = 256 * 1024 * 1024;
/** Statuses by which an iterator that Netskope has forgotten would answer. */
const forgotten: ReadonlySet<number> = new Set([400, 404, 410]);

/**
 * The iterator of an endpoint. Its state is `{ hwm }`, the time that Netskope gave with the last page (epoch s), where it gave
 * one. Without a state the iterator is set to `host.since`; with one the first request is `resend`.
 */
export function dataExport(host: NetskopeHost, endpoint: string, cursor: Json | undefined): Stream {
  const what = `${endpoint} of ${host.options.tenant}`;
  const given = valueAt(cursor, "streams", endpoint);
  let state = given;
  const start = Math.floor(Date.parse(host.since) / 1000);
  let operation = given === undefined ? String(start) : "resend";

  const ask = async (): Promise<Response> => {
    const url = apiUrl(host, `/api/v2/events/dataexport/${endpoint}`);
    url.searchParams.set("index", host.options.index);
    return host.fetch(...operate(url, operation, apiHeaders(host)));
  };

  return {
    endpoint,
    dueAt: 0,
    get state() {
      return state;
    },
    async read() {
      let response = await ask();
      if (forgotten.has(response.status) && state !== undefined) {
        await response.body?.cancel();
        const hwm = valueAt(state, "hwm");
        operation = String(typeof hwm === "number" ? Math.max(start, hwm - overlap) : start);
        response = await ask();
      }
      const answer = await readAnswer(await accepted(response, what), { what, maxBytes: largestPage });
      const waitSeconds = waitOf(answer.value);
      if (answer.status === 204) {
        operation = "next";
        return { body: new Uint8Array(), format: "page", waitSeconds: usualWait };
      }
      const ok = valueAt(answer.value, "ok");
      if (ok === 0) {
        // Not now. What the iterator did is not known: its last page is asked for.
        operation = state === undefined ? operation : "resend";
        return { body: new Uint8Array(), format: "page", waitSeconds: Math.max(waitSeconds ?? 0, usualWait) };
      }
      const records = valueAt(answer.value, "result");
      if (ok === undefined || !Array.isArray(records))
        throw new VendorError("VENDOR_ANSWER_INVALID", `Netskope's answer for ${what} lacks ok and result.`);
      const time = valueAt(answer.value, "timestamp_hwm");
      state = typeof time === "number" ? { hwm: time } : (state ?? {});
      operation = "next";
      const isEmpty = records.length === 0;
      return {
        body: isEmpty ? new Uint8Array() : answer.bytes,
        format: "page",
        waitSeconds: waitSeconds ?? (isEmpty ? usualWait : 0),
      };
    },
  };
}

function waitOf(answer: Json): number | undefined {
  const wait = valueAt(answer, "wait_time");
  return typeof wait === "number" && wait >= 0 ? Math.min(wait, 3600) : undefined;
}
