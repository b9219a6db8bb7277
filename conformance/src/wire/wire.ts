import { unlessAborted } from "../core/interrupted.ts";
import type { Evidence } from "../core/report.ts";
import { type Answer, readAnswer } from "./answer.ts";
import { evidenceOf } from "./evidence.ts";
import type { Identity } from "./identity.ts";
import { Made } from "./made.ts";
import { encoded, sign, type Signing } from "./sign.ts";
import type { Subject } from "./subject.ts";
import type { WireRequest } from "./wire-request.ts";

/** An entry of auditEvents; members may be wrong on purpose. */
export interface Entry {
  readonly id?: unknown;
  readonly eventData?: unknown;
  readonly eventDataChecksum?: unknown;
}

/** How a request differs from the usual one. */
export interface Variation {
  readonly as?: Identity;
  /** Instead of the usual ones; Host is added. */
  readonly headers?: readonly (readonly [name: string, value: string])[];
  readonly signing?: Partial<Signing>;
  /** The request after it was signed. */
  readonly tamper?: (request: WireRequest) => WireRequest;
}

export interface Put extends Variation {
  /** As text; null leaves it out. */
  readonly channelArn: string | null;
  readonly externalId?: string | undefined;
  readonly entries?: readonly Entry[];
  /** Instead of the entries. */
  readonly body?: string | Uint8Array;
}

/** Speaks to the subject as its clients do, byte for byte as a check wants it, and keeps the last exchange as evidence. */
export class Wire {
  readonly subject: Subject;
  /** What was made over it. */
  readonly made: Made;
  readonly #signal: AbortSignal | undefined;
  #evidence: (() => Evidence) | undefined;

  /** @param options a signal after which no answer is waited for; where what is made is written down */
  constructor(subject: Subject, options: { readonly signal?: AbortSignal | undefined; readonly made?: Made } = {}) {
    this.subject = subject;
    this.#signal = options.signal;
    this.made = options.made ?? new Made();
  }

  get evidence(): Evidence | undefined {
    return this.#evidence?.();
  }

  forget(): void {
    this.#evidence = undefined;
  }

  /** Undoes what was made over it. Answers the ARNs of what could not be undone. */
  tidy(): Promise<readonly string[]> {
    return this.made.remove((operation, input, as) => this.call(operation, input, as && { as }));
  }

  /** What was exchanged before is what is shown, not what came since. */
  recall(evidence: Evidence | undefined): void {
    this.#evidence = evidence && (() => evidence);
  }

  /** PutAuditEvents (spec 1.1). Rejects when no answer comes. */
  put({ channelArn, externalId, entries = [], body, ...variation }: Put): Promise<Answer> {
    const query = [
      ...(channelArn === null ? [] : [`channelArn=${encoded(channelArn)}`]),
      ...(externalId === undefined ? [] : [`externalId=${encoded(externalId)}`]),
    ].join("&");
    return this.send(
      "cloudtrail-data",
      {
        method: "POST",
        target: query === "" ? "/PutAuditEvents" : `/PutAuditEvents?${query}`,
        headers: variation.headers ?? [["Content-Type", "application/json"]],
        body: Buffer.from(body ?? JSON.stringify({ auditEvents: entries })),
      },
      variation,
    );
  }

  /** An operation of the control plane (spec 2.1). Rejects when no answer comes. */
  call(operation: string, input: unknown, variation: Variation & { readonly prefix?: string } = {}): Promise<Answer> {
    const prefix = variation.prefix ?? "com.amazonaws.cloudtrail.v20131101.CloudTrail_20131101";
    return this.send(
      "cloudtrail",
      {
        method: "POST",
        target: "/",
        headers: variation.headers ?? [
          ["Content-Type", "application/x-amz-json-1.1"],
          ["X-Amz-Target", `${prefix}.${operation}`],
        ],
        body: Buffer.from(typeof input === "string" ? input : JSON.stringify(input)),
      },
      variation,
    );
  }

  async send(service: string, request: WireRequest, { as, signing, tamper }: Variation): Promise<Answer> {
    const { subject } = this;
    const { host } = new URL(subject.endpoint);
    const unsigned: WireRequest = { ...request, headers: [["Host", host], ...request.headers] };
    const headers = sign(unsigned, {
      identity: as ?? subject.owner,
      region: subject.region,
      service,
      at: subject.now(),
      ...signing,
    });
    const signed: WireRequest = { ...unsigned, headers: [...headers, ["Content-Length", String(request.body.length)]] };
    const final = tamper === undefined ? signed : tamper(signed);
    const who = this.#who(as);
    const isMade = as !== undefined && who === undefined && as !== subject.owner;
    const isLiteral = tamper !== undefined || signing !== undefined || isMade;
    const { owner, other, role, otherRole } = subject;
    const tokens = [owner, other, role, otherRole].flatMap((one) => one?.sessionToken ?? []);
    const place = { service, region: subject.region, who, isLiteral, tokens };
    try {
      const answer = await unlessAborted(this.#signal, () => {
        const coming = subject.exchange(final);
        this.made.follow(operationOf(final), Buffer.from(final.body).toString(), as, coming);
        return coming;
      });
      this.#evidence = () => evidenceOf(subject.endpoint, final, answer, place);
      return readAnswer(answer);
    } catch (error) {
      const why = error instanceof Error ? error : new Error(String(error));
      this.#evidence = () => evidenceOf(subject.endpoint, final, why, place);
      throw error;
    }
  }

  /** Whose credentials they are, as the command line names them; undefined for the owner, and for made-up ones. */
  #who(as: Identity | undefined): string | undefined {
    const { other, role, otherRole } = this.subject;
    const names = new Map<Identity | undefined, string>([
      [other, "--other-account"],
      [role, "--role"],
      [otherRole, "--other-role"],
    ]);
    return as === undefined ? undefined : names.get(as);
  }
}

/** Of the control plane. */
function operationOf({ headers }: WireRequest): string | undefined {
  return headers
    .find(([name]) => name.toLowerCase() === "x-amz-target")?.[1]
    .split(".")
    .at(-1);
}
