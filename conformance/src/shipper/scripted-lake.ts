import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { checkEvent } from "../reference/check-event.ts";
import { rules } from "../reference/rules.ts";
import { verifySignature } from "../reference/verify-signature.ts";
import type { Identity } from "../wire/identity.ts";
import type { WireRequest } from "../wire/wire-request.ts";
import { isMembers } from "../core/members.ts";

/** An entry as a shipper sent it. */
export interface Sent {
  readonly id: string;
  readonly eventData: string;
  readonly eventDataChecksum: string | undefined;
}

/** One call of PutAuditEvents, as it came. */
export interface Call {
  /** ms since the scenario began. */
  readonly at: number;
  readonly bodyBytes: number;
  readonly channelArn: string | null;
  readonly externalId: string | null;
  /** Undefined where the body is no list of entries. */
  readonly entries: readonly Sent[] | undefined;
  /** Why the signature is refused; undefined where it is right. */
  readonly signature: string | undefined;
  /** What was wrong with the request as a whole. */
  readonly refusal: string | undefined;
}

/** What the lake does with a call instead of the usual. */
export type Fault =
  /** Refuses as a whole, nothing is stored. */
  | {
      readonly kind: "refuse";
      readonly status: number;
      readonly code: string;
      readonly headers?: Readonly<Record<string, string>>;
    }
  /** Takes the connection down before anything is stored. */
  | { readonly kind: "reset" }
  /** Stores, then takes the connection down: the shipper cannot know. */
  | { readonly kind: "store-and-reset" }
  /** Fails these entries with these codes, stores the others. */
  | { readonly kind: "fail"; readonly codes: ReadonlyMap<string, string> }
  /** Stores, and leaves these ids out of the answer; they are not stored. */
  | { readonly kind: "forget"; readonly ids: ReadonlySet<string> }
  /** Answers 200 with something that is no answer. */
  | { readonly kind: "garbage"; readonly body: string };

/** Decides what happens to a call; undefined: the usual. */
export type Script = (call: Call, index: number) => Fault | undefined;

/**
 * A lake that records every call, obeys a script of faults, and otherwise answers as the specification says: what a shipper is judged by.
 */
export class ScriptedLake {
  readonly calls: Call[] = [];
  /** What is stored: id to the texts that were stored under it, in order. */
  readonly stored = new Map<string, string[]>();
  script: Script = () => undefined;
  readonly #server: Server;
  readonly #identity: Identity;
  readonly #region: string;
  readonly #began = performance.now();

  private constructor(identity: Identity, region: string) {
    this.#identity = identity;
    this.#region = region;
    this.#server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on("data", (chunk: Buffer) => chunks.push(chunk));
      request.on("error", () => undefined);
      request.on("end", () => {
        const raw = request.rawHeaders;
        const headers = raw.flatMap((name, index) => (index % 2 === 0 ? [[name, raw[index + 1] ?? ""] as const] : []));
        const wire = { method: request.method ?? "", target: request.url ?? "", headers, body: Buffer.concat(chunks) };
        const answer = this.#answer(wire);
        if (answer === undefined) return request.socket.destroy();
        response.writeHead(answer.status, {
          "content-type": "application/json",
          "x-amzn-requestid": `call-${this.calls.length}`,
          ...answer.headers,
        });
        return response.end(answer.body);
      });
    });
  }

  static async start(identity: Identity, region: string): Promise<ScriptedLake> {
    const lake = new ScriptedLake(identity, region);
    await new Promise<void>((resolve) => lake.#server.listen(0, "127.0.0.1", resolve));
    return lake;
  }

  get endpoint(): string {
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- of a server that listens on a port
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #answer(
    request: WireRequest,
  ):
    | { readonly status: number; readonly headers?: Readonly<Record<string, string>>; readonly body: string }
    | undefined {
    const call = this.#read(request);
    const fault = this.script(call, this.calls.length);
    this.calls.push(call);
    if (fault?.kind === "reset") return undefined;
    if (fault?.kind === "garbage") return { status: 200, body: fault.body };
    if (fault?.kind === "refuse") return refusal(fault.status, fault.code, fault.headers);
    if (call.signature !== undefined) return refusal(403, call.signature);
    if (call.refusal !== undefined || call.entries === undefined)
      return refusal(400, call.refusal ?? "SerializationException");
    const successful: object[] = [];
    const failed: object[] = [];
    for (const entry of call.entries) {
      const scripted = fault?.kind === "fail" ? fault.codes.get(entry.id) : undefined;
      if (fault?.kind === "forget" && fault.ids.has(entry.id)) continue;
      const problem =
        scripted === undefined ? this.#judge(entry) : { errorCode: scripted, errorMessage: "as the script says" };
      if (problem !== undefined) failed.push({ id: entry.id, ...problem });
      else {
        this.stored.set(entry.id, [...(this.stored.get(entry.id) ?? []), entry.eventData]);
        successful.push({ id: entry.id, eventID: "00000000-0000-8000-a000-000000000000" });
      }
    }
    return fault?.kind === "store-and-reset"
      ? undefined
      : { status: 200, body: JSON.stringify({ successful, failed }) };
  }

  #judge(entry: Sent): ReturnType<typeof checkEvent> {
    return checkEvent(entry, rules.event, { owner: this.#identity.accountId, now: Date.now() });
  }

  #read(request: WireRequest): Call {
    const url = new URL(request.target, "http://host");
    const signer = verifySignature(request, rules.signature, {
      service: "cloudtrail-data",
      region: this.#region,
      now: Date.now(),
      keys: new Map([[this.#identity.accessKeyId, this.#identity]]),
    });
    const entries = entriesOf(Buffer.from(request.body).toString());
    return {
      at: performance.now() - this.#began,
      bodyBytes: request.body.length,
      channelArn: url.searchParams.get("channelArn"),
      externalId: url.searchParams.get("externalId"),
      entries,
      signature: "refused" in signer ? signer.refused : undefined,
      refusal: entries && refusalOf(entries),
    };
  }
}

function refusal(status: number, code: string, headers: Readonly<Record<string, string>> = {}) {
  return {
    status,
    headers: { "x-amzn-errortype": code, ...headers },
    body: JSON.stringify({ __type: code, message: "as the script says" }),
  };
}

/** Spec 1.1, 1.3 and 1.5. */
function refusalOf(entries: readonly Sent[]): string | undefined {
  const { minEntries, maxEntries, isId, maxRequestBytes } = rules.request;
  if (entries.length < minEntries || entries.length > maxEntries || !entries.every(({ id }) => isId(id)))
    return "ValidationException";
  if (new Set(entries.map(({ id }) => id)).size < entries.length) return "DuplicatedAuditEventId";
  const bytes = entries.reduce((sum, { eventData }) => sum + Buffer.byteLength(eventData), 0);
  return bytes > maxRequestBytes ? "ValidationException" : undefined;
}

function entriesOf(text: string): readonly Sent[] | undefined {
  try {
    const body: unknown = JSON.parse(text);
    const list = isMembers(body) ? body["auditEvents"] : undefined;
    if (!Array.isArray(list)) return undefined;
    return list.map((entry: unknown) => {
      const { id, eventData, eventDataChecksum } = isMembers(entry) ? entry : {};
      return {
        id: String(id),
        eventData: String(eventData),
        eventDataChecksum: typeof eventDataChecksum === "string" ? eventDataChecksum : undefined,
      };
    });
  } catch {
    return undefined;
  }
}
