import { randomUUID } from "node:crypto";
import type { Adapter, WebhookRequest } from "@tributary/adapter-kit";
import { matchesSecret } from "@tributary/adapter-kit/webhook";
import type { IntegrationPlan } from "../config/integration-plan.ts";
import type { HttpAnswer, HttpReceiver } from "../daemon/http-answer.ts";
import type { Intake } from "../daemon/intake.ts";
import type { Clock } from "../delivery/clock.ts";
import { Occurrences } from "../pipeline/occurrences.ts";
import type { SpooledFrame } from "../state/chunk-codec.ts";
import { bulkAnswer, errorAnswer, probeAnswer } from "./bulk-answers.ts";
import { decodedBody } from "./decoded-body.ts";
import { type BulkAction, MalformedBulk, parseBulk, TooManyActions } from "./parse-bulk.ts";

export interface BulkReceiverOptions {
  readonly adapter: Adapter;
  readonly bulk: NonNullable<IntegrationPlan["bulk"]>;
  readonly intake: Intake;
  readonly clock: Clock;
  /** Told of a state that could not be written. */
  readonly onFault: (error: unknown) => void;
}

/** Bodies that are decoded and parsed at once: each may be of the limit's length. */
const atOnce = 2;
const later = { "retry-after": "30" };
const challenge = { "www-authenticate": 'Basic realm="tributary", ApiKey, Bearer realm="tributary"' };

/** Takes documents of one integration from clients of Elasticsearch's bulk API, and answers once they are committed. */
export class BulkReceiver implements HttpReceiver {
  readonly counts = { stored: 0, refused: 0, unauthorized: 0, malformed: 0, tooMany: 0, failed: 0 };
  readonly #options: BulkReceiverOptions;
  readonly #uuid = randomUUID();
  readonly #waiting: (() => void)[] = [];
  #working = 0;

  constructor(options: BulkReceiverOptions) {
    this.#options = options;
  }

  async before({ method, url, headers }: Omit<WebhookRequest, "body">): Promise<HttpAnswer | undefined> {
    const { bulk, intake } = this.#options;
    if (!matchesSecret(normalized(headers.get("authorization")), bulk.authorizations)) {
      this.counts.unauthorized++;
      return errorAnswer(401, "security_exception", "missing or wrong credentials for REST request", challenge);
    }
    const path = this.#pathOf(url);
    if (method === "GET" || method === "HEAD")
      return probeAnswer(path, this.#uuid) ?? errorAnswer(404, "resource_not_found_exception", "Only _bulk is here.");
    if (!isBulk(path) || (method !== "POST" && method !== "PUT"))
      return errorAnswer(405, "method_not_allowed", "Only _bulk is here: switch templates, ILM and sniffing off.");
    if (!(await intake.isFull())) return undefined;
    this.counts.tooMany++;
    return errorAnswer(429, "es_rejected_execution_exception", "Too much is queued. Send it again later.", later);
  }

  async receive({ url, headers, body }: WebhookRequest, bodyBytes: number): Promise<HttpAnswer> {
    const { bulk, clock, intake, onFault } = this.#options;
    const began = clock.now();
    await this.#turn();
    try {
      const decoded = await decodedBody(body, headers.get("content-encoding"), bodyBytes);
      if (typeof decoded === "number") {
        this.counts.malformed++;
        return errorAnswer(decoded, "parse_exception", decodingProblems[decoded]);
      }
      const [index] = isBulk(this.#pathOf(url)) ?? [];
      let actions: readonly BulkAction[];
      try {
        actions = parseBulk(decoded, index, bulk.record);
      } catch (error) {
        const isTooLong = error instanceof TooManyActions;
        if (!isTooLong && !(error instanceof MalformedBulk)) throw error;
        this.counts.malformed++;
        return errorAnswer(isTooLong ? 413 : 400, "illegal_argument_exception", error.message);
      }
      if (actions.length === 0) {
        this.counts.malformed++;
        return errorAnswer(400, "parse_exception", "request body is required");
      }
      const frames = this.#frames(actions);
      if (frames.length > 0) await intake.commit({ spool: await intake.chunks("bulk", bulk.format, frames) });
      this.counts.stored += frames.length;
      this.counts.refused += actions.length - frames.length;
      return bulkAnswer(actions, () => randomUUID(), clock.now() - began);
    } catch (error) {
      this.counts.failed++;
      onFault(error);
      return errorAnswer(503, "unavailable_shards_exception", "Not stored. Send it again later.", later);
    } finally {
      this.#working--;
      this.#waiting.shift()?.();
    }
  }

  async #turn(): Promise<void> {
    while (this.#working >= atOnce) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    this.#working++;
  }

  #frames(actions: readonly BulkAction[]): readonly SpooledFrame[] {
    const occurrences = this.#options.adapter.countsOccurrences === true ? new Occurrences() : undefined;
    let offset = 0;
    return actions.flatMap(({ record }) => {
      if (record === undefined) return [];
      const frame = { bytes: record, offset, occurrence: occurrences?.count(record) ?? 0, tooLong: false };
      offset += record.length;
      return [frame];
    });
  }

  /** Behind the path of the configuration. */
  #pathOf(url: URL): string {
    const { path } = this.#options.bulk;
    const rest = url.pathname.slice(path === "/" ? 0 : path.length);
    return rest === "" ? "/" : rest;
  }
}

const decodingProblems = {
  400: "The body is not what its Content-Encoding says.",
  413: "The body is too long once it is decoded: send fewer documents at once.",
  415: "The Content-Encoding is not known: gzip, deflate, zstd and br are.",
} as const;

/** The index in a path of `_bulk`, where there is one; undefined for another path. */
function isBulk(path: string): readonly [index: string | undefined] | undefined {
  const match = /^(?:\/([^/]{1,255}))?\/_bulk\/?$/.exec(path);
  if (match === null) return undefined;
  return [match[1]];
}

/** An Authorization header with its scheme in lower case. */
function normalized(header: string | null): string | null {
  const match = /^\s*([A-Za-z]+) +(\S.*?)\s*$/.exec(header ?? "");
  return match === null ? null : `${match[1]!.toLowerCase()} ${match[2]}`;
}
