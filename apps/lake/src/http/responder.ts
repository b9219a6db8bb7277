import type { Observation, RequestNote } from "../access/observation.ts";
import type { Clock } from "../clock.ts";
import type { ControlCache } from "../control/control-cache.ts";
import type { Authenticator } from "../identity/authenticator.ts";
import { parseAuthorization } from "../sigv4/authorization.ts";
import type { Routes } from "./http-server.ts";
import type { LakeRequest, LakeResponse, RequestHead } from "./lake-request.ts";
import { type Protocol, awsJson11, restJson1 } from "./protocol.ts";
import { awsQuery, isQueryRequest } from "./query-protocol.ts";
import { WireError, internalFailure } from "./wire-error.ts";

/** A plane of the service: takes a request, answers the operation's output, notes what the request is. Throws {@link WireError}. */
export interface Plane {
  handle(request: LakeRequest, note: RequestNote): Promise<unknown>;
}

export interface ResponderServices {
  readonly data: Plane;
  /** The planes of `POST /`; or, in an ingest process, what answers every request but PutAuditEvents in its place. */
  readonly others: { readonly control: Plane; readonly tokens: Plane } | Pick<Routes, "respond">;
  /** Finds whether the key that a request names is known. */
  readonly keys: Pick<ControlCache, "fresh">;
  readonly authenticator: Pick<Authenticator, "knows">;
  readonly clock: Clock;
  /** Short names of what is not ready. */
  readonly unready: () => Promise<readonly string[]>;
  /** Told of every request once its answer is known; awaited before it is sent. Never rejects. */
  readonly observe: (observation: Observation) => Promise<void> | void;
  /** Told of every fault of the server; the caller sees the request id alone. */
  readonly onFault: (error: unknown, requestId: string) => void;
}

/**
 * Turns requests into responses. One port for both planes: `POST /PutAuditEvents` is the data plane, `POST /` the control plane,
 * or the token service where the body is a form,
 * `GET /healthz` and `GET /readyz` are for probes. Spec section 5.
 */
export class Responder implements Routes {
  readonly #services: ResponderServices;

  constructor(services: ResponderServices) {
    this.#services = services;
  }

  probe({ method, rawPath }: RequestHead): Promise<LakeResponse> | undefined {
    if (method !== "GET" && method !== "HEAD") return undefined;
    if (rawPath === "/healthz") return Promise.resolve(plain(200, "ok"));
    if (rawPath === "/readyz") return readiness(this.#services.unready);
    return undefined;
  }

  async admits({ headers }: RequestHead): Promise<boolean> {
    const accessKeyId = keyOf(headers);
    if (accessKeyId === undefined) return false;
    const { keys, authenticator } = this.#services;
    const token = headers["x-amz-security-token"];
    const text = typeof token === "string" ? token : undefined;
    try {
      // Fresh for a key that the copy knows too: the time that it takes tells nobody which keys there are.
      return authenticator.knows(await keys.fresh(), accessKeyId, text);
    } catch {
      return false; // the request itself will meet the same fault, and be answered
    }
  }

  respond(request: LakeRequest): Promise<LakeResponse> {
    const { data, others } = this.#services;
    if (request.method === "POST" && request.rawPath === "/PutAuditEvents")
      return this.#answer(request, (note) => data.handle(request, note));
    if ("respond" in others) return others.respond(request);
    return this.#answer(request, (note) => {
      if (request.method === "POST" && request.rawPath === "/")
        return (isQueryRequest(request.headers) ? others.tokens : others.control).handle(request, note);
      throw new WireError(
        "UnknownOperationException",
        "There is POST /PutAuditEvents and POST / with X-Amz-Target or a form, nothing else.",
        { status: 404 },
      );
    });
  }

  refuse(head: RequestHead, error: unknown): Promise<LakeResponse> {
    return this.#answer(head, () => Promise.reject(error));
  }

  async #answer(head: RequestHead, work: (note: RequestNote) => Promise<unknown>): Promise<LakeResponse> {
    const { clock, observe, onFault } = this.#services;
    const began = clock.monotonic();
    const note: RequestNote = {};
    const protocol = protocolOf(head);
    let response: LakeResponse;
    let outcome = "Success";
    try {
      response = protocol.success(await work(note), head.requestId);
    } catch (error) {
      const refusal = error instanceof WireError ? error : internalFailure(error);
      if (refusal.status >= 500) onFault(error, head.requestId);
      outcome = refusal.shape;
      response = protocol.error(refusal, head.requestId);
    }
    const observed = observe({
      requestId: head.requestId,
      operation: note.operation ?? (head.rawPath === "/PutAuditEvents" ? "PutAuditEvents" : "Unknown"),
      outcome,
      status: response.status,
      durationMs: clock.monotonic() - began,
      sourceIp: head.sourceIp,
      accessKeyId: outcome === "Success" && head.rawPath !== "/" ? undefined : keyOf(head.headers),
      note,
    });
    if (observed !== undefined) await observed;
    return response;
  }
}

/** How answers to this path and media type are written, known before anything of the request is checked. */
function protocolOf({ rawPath, headers }: RequestHead): Protocol {
  return rawPath === "/PutAuditEvents" ? restJson1 : isQueryRequest(headers) ? awsQuery : awsJson11;
}

function keyOf(headers: RequestHead["headers"]): string | undefined {
  return headers.authorization === undefined ? undefined : parseAuthorization(headers.authorization)?.accessKeyId;
}

/** 200, or 503 with the short names of what is not ready. */
export async function readiness(unready: () => Promise<readonly string[]>): Promise<LakeResponse> {
  const names = await unready();
  return names.length === 0 ? plain(200, "ready") : plain(503, `not ready: ${names.join(", ")}`);
}

/** An answer for a person or a probe. */
export function plain(status: number, text: string): LakeResponse {
  return {
    status,
    headers: { "content-type": "text/plain; charset=utf-8", "cache-control": "no-store" },
    body: `${text}\n`,
  };
}
