import { textAt } from "@tributary/adapter-kit";
import type { Json } from "@tributary/adapter-kit";
import { readAnswer, readBytes, VendorError } from "@tributary/adapter-kit/poll";
import { accepted } from "./accepted.ts";
import { apiHeaders, apiUrl } from "./api-request.ts";
import type { NetskopeHost } from "./api-request.ts";
import { operate } from "./operate.ts";
import type { Stream } from "./stream.ts";

const endpoint = "events/clientstatus";
/** While the iterator is being made, and when it has nothing: seconds. */
const usualWait = 30;
const notReadyWait = 10;

const nothing = (waitSeconds: number) => ({ body: new Uint8Array(), format: "csv", waitSeconds });

/**
 * Client status events, which have an iterator of their own kind: it is created, is ready after a while, and gives CSV. Its
 * state is `{ name }`, the name that Netskope gave it.
 */
export function clientStatus(host: NetskopeHost, cursor: Json | undefined): Stream {
  const what = `${endpoint} of ${host.options.tenant}`;
  let name = textAt(cursor, "streams", endpoint, "name");
  let isReady = false;
  let operation = "resend";
  const headers = apiHeaders(host);
  const iterator = (path = "") =>
    apiUrl(host, `/api/v2/events/dataexport/iterator/${name ?? host.options.index}${path}`);

  const create = async (): Promise<void> => {
    const url = iterator();
    url.searchParams.set("eventtype", "clientstatus");
    const response = await host.fetch(url, { method: "POST", headers });
    const isTaken = response.status === 400;
    const answer = isTaken ? response : await accepted(response, what);
    const text = new TextDecoder().decode(await readBytes(answer, { what, maxBytes: 65_536 }));
    if (isTaken)
      throw new VendorError(
        "VENDOR_REFUSED",
        `Netskope made no iterator for ${what}: a tenant has one for these events. Delete the one there is, or name it as index.`,
      );
    name = nameIn(text, host.options.index);
    // A new iterator has no last page.
    operation = "next";
  };
  const status = async (): Promise<string | undefined> => {
    const response = await host.fetch(iterator(), { headers });
    if (response.status === 404) {
      await response.body?.cancel();
      return "missing";
    }
    return textAt((await readAnswer(await accepted(response, what), { what })).value, "status");
  };

  return {
    endpoint,
    dueAt: 0,
    get state() {
      return name === undefined ? undefined : { name };
    },
    async read() {
      if (!isReady) {
        const now = await status();
        if (now === "missing") {
          await create();
          return nothing(notReadyWait);
        }
        name ??= host.options.index;
        if (now === "InProgress") return nothing(notReadyWait);
        if (now !== "Ready") throw unmade(now, name);
        isReady = true;
      }
      const response = await accepted(await host.fetch(...operate(iterator("/events"), operation, headers)), what);
      const body = await readBytes(response, { what });
      if (response.status !== 204 && body.length > 0 && !isCsv(body))
        throw new VendorError("VENDOR_ANSWER_INVALID", `Netskope's answer for ${what} is no CSV.`);
      operation = "next";
      return hasRows(body) ? { body, format: "csv", waitSeconds: 0 } : nothing(usualWait);
    },
  };
}

function unmade(status: string | undefined, name: string): VendorError {
  if (status === "Failed")
    return new VendorError(
      "VENDOR_REFUSED",
      `Netskope could not make the iterator ${name} of client status events: delete it there, then start again.`,
    );
  return new VendorError("VENDOR_ANSWER_INVALID", `Netskope's answer for the iterator ${name} has no status.`);
}

/** The iterator's name as the answer to its creation tells: what was asked for, perhaps with more at its end. */
function nameIn(text: string, asked: string): string {
  const at = text.indexOf(asked);
  return at < 0 ? asked : (/^[0-9A-Za-z_-]{1,128}/.exec(text.slice(at))?.[0] ?? asked);
}

/** Names separated by commas, not a page of a proxy and not JSON. */
function isCsv(body: Uint8Array): boolean {
  return /^"?[\w.-]{1,64}"?,/.test(new TextDecoder().decode(body.subarray(0, 256)));
}

/** Whether anything stands below the header row. */
function hasRows(body: Uint8Array): boolean {
  const end = body.indexOf(10);
  return end >= 0 && body.subarray(end).some((byte) => byte > 32);
}
