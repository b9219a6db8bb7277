import { lookup as systemLookup } from "node:dns/promises";
import type { ClientRequest, IncomingMessage } from "node:http";
import { request as httpsRequest } from "node:https";
import { isIP, type LookupFunction } from "node:net";
import { Readable } from "node:stream";
import { callbackify } from "node:util";
import { createBrotliDecompress, createGunzip, createInflate } from "node:zlib";
import { TributaryError } from "@tributary/schema";
import { nodeHttp } from "./node-http.ts";
import { proxiedAgents } from "./proxied-agents.ts";
import { isPrivateName } from "./private-name.ts";
import { isPublicAddress } from "./public-address.ts";

/** The addresses of a name. */
export type Resolve = (host: string) => Promise<readonly { readonly address: string; readonly family: number }[]>;

export interface VendorNetworkOptions {
  /** HOST or HOST:PORT that may be private and without TLS. */
  readonly allowPrivate: readonly string[];
  /** A proxy is not asked for a name that this machine cannot resolve. */
  readonly onlyKnownNames?: boolean | undefined;
  readonly resolve?: Resolve | undefined;
  /** Of `HTTPS_PROXY`, `HTTP_PROXY`, `NO_PROXY`; without it no proxy is asked. */
  readonly env?: NodeJS.ProcessEnv | undefined;
  /** Until the connection is there, TLS included; ms. Default 10,000. */
  readonly connectMs?: number | undefined;
  /** From then until the answer's head. Default 60,000. */
  readonly headersMs?: number | undefined;
  /** Longest silence within a body. Default 90,000. */
  readonly idleMs?: number | undefined;
  /** The whole exchange, also of a vendor that streams: it is connected to again. Default an hour. */
  readonly totalMs?: number | undefined;
}

/**
 * The network of pollers: https to public addresses only, unless the configuration allows a host. A name is resolved once for
 * a connection and the connection goes to just those addresses, so that what was checked is what is reached. Through a proxy the
 * name goes to the proxy, whose rules hold; what this machine knows to be private, and names that no public DNS has, are not asked
 * for there either. Follows no redirect: an answer that points elsewhere is the poller's. Refusals are `ADDRESS_FORBIDDEN`; throws `PROXY_INVALID`.
 */
export function vendorNetwork(options: VendorNetworkOptions): {
  readonly send: (request: Request) => Promise<Response>;
  readonly close: () => void;
} {
  const { connectMs = 10_000, headersMs = 60_000, idleMs = 90_000, totalMs = 3_600_000 } = options;
  const resolve: Resolve = options.resolve ?? ((host) => systemLookup(host, { all: true, verbatim: true }));
  const { httpAgent, httpsAgent, usesProxy } = proxiedAgents({ env: options.env ?? {} });
  const allowed = new Set(options.allowPrivate.map((one) => one.toLowerCase()));
  const send = async (request: Request): Promise<Response> => {
    const url = new URL(request.url);
    const { protocol, hostname, host } = url;
    const isAllowed = allowed.has(hostname) || allowed.has(host);
    if (protocol !== "https:" && !(protocol === "http:" && isAllowed))
      throw forbidden(`${protocol}//${host} is not https`, hostname);
    const literal = hostname.replace(/^\[|\]$/g, "");
    if (isIP(literal) !== 0 && !isAllowed && !isPublicAddress(literal))
      throw forbidden(`${hostname} is not a public address`, hostname);
    const body = request.body === null ? undefined : Buffer.from(await request.arrayBuffer());
    const checked = async (name: string) => {
      const addresses = await resolve(name);
      const hidden = isAllowed ? undefined : addresses.find(({ address }) => !isPublicAddress(address));
      if (hidden !== undefined) throw forbidden(`${name} is at ${hidden.address}, not a public address`, name);
      return [...addresses];
    };
    if (usesProxy && isIP(literal) === 0 && !isAllowed) {
      if (isPrivateName(hostname)) throw forbidden(`${hostname} is a name of private networks`, hostname);
      await unlessForbidden(checked(hostname), options.onlyKnownNames === true ? hostname : undefined);
    }
    const pinned = callbackify(checked);
    // Node asks for all addresses (autoSelectFamily), and connects to one of those it is given.
    const lookup: LookupFunction = (name, _options, callback) =>
      pinned(name, (error, addresses) => callback(error, addresses ?? []));
    const headers = Object.fromEntries(request.headers);
    const make = protocol === "https:" ? httpsRequest : nodeHttp.request;
    const out = make(url, {
      method: request.method,
      headers: { "accept-encoding": "identity", "user-agent": "tributary", ...headers },
      agent: protocol === "https:" ? httpsAgent : httpAgent,
      lookup,
    });
    return exchange(out, body, request.signal, { connectMs, headersMs, idleMs, totalMs });
  };
  return {
    send,
    close: () => {
      httpAgent.destroy();
      httpsAgent.destroy();
    },
  };
}

/** Behind a proxy this machine may know no name at all: that is no refusal. @param known a name that must be known here */
async function unlessForbidden(check: Promise<unknown>, known: string | undefined): Promise<void> {
  try {
    await check;
  } catch (error) {
    if (error instanceof TributaryError) throw error;
    if (known !== undefined) throw forbidden(`${known} is not known to this machine, and onlyKnownNames is set`, known);
  }
}

interface Patience {
  readonly connectMs: number;
  readonly headersMs: number;
  readonly idleMs: number;
  readonly totalMs: number;
}

function exchange(
  out: ClientRequest,
  body: Buffer | undefined,
  signal: AbortSignal,
  { connectMs, headersMs, idleMs, totalMs }: Patience,
): Promise<Response> {
  return new Promise((resolve, reject) => {
    const fail = (what: string, ms: number) => () => out.destroy(new Error(`no ${what} within ${ms} ms`));
    let timer = setTimeout(fail("connection", connectMs), connectMs);
    const patience = (what: string, ms: number) => {
      clearTimeout(timer);
      timer = setTimeout(fail(what, ms), ms);
    };
    const total = setTimeout(fail("end", totalMs), totalMs);
    const abort = () => out.destroy(new Error("aborted"));
    signal.addEventListener("abort", abort, { once: true });
    if (signal.aborted) abort();
    const end = () => {
      clearTimeout(timer);
      clearTimeout(total);
      signal.removeEventListener("abort", abort);
    };
    const connected = () => patience("answer", headersMs);
    out.on("socket", (socket) => {
      if (!socket.connecting) connected();
      else socket.once("encrypted" in socket ? "secureConnect" : "connect", connected);
    });
    out.on("error", (error) => {
      end();
      reject(error);
    });
    out.on("close", end);
    out.on("response", (incoming) => {
      patience("byte of the body", idleMs);
      incoming.on("data", () => patience("byte of the body", idleMs));
      incoming.pause();
      incoming.on("close", end);
      try {
        resolve(responseOf(incoming));
      } catch (error) {
        out.destroy();
        reject(error instanceof Error ? error : new Error(String(error)));
      }
    });
    out.end(body);
  });
}

const withoutBody: ReadonlySet<number> = new Set([204, 205, 304]);

function responseOf(incoming: IncomingMessage): Response {
  const { statusCode: status = 0, rawHeaders } = incoming;
  const headers = new Headers();
  for (let at = 0; at + 1 < rawHeaders.length; at += 2) headers.append(rawHeaders[at]!, rawHeaders[at + 1]!);
  if (withoutBody.has(status)) {
    incoming.resume();
    return new Response(null, { status, headers });
  }
  const coding = headers.get("content-encoding")?.toLowerCase() ?? "identity";
  const inflate =
    coding === "gzip" || coding === "x-gzip"
      ? createGunzip()
      : coding === "deflate"
        ? createInflate()
        : coding === "br"
          ? createBrotliDecompress()
          : undefined;
  let source: Readable = incoming;
  if (inflate !== undefined) {
    headers.delete("content-encoding");
    headers.delete("content-length");
    incoming.on("error", (error) => inflate.destroy(error));
    incoming.on("aborted", () => inflate.destroy(new Error("aborted")));
    inflate.on("close", () => incoming.destroy());
    source = incoming.pipe(inflate);
  }
  return new Response(Readable.toWeb(source), { status, headers });
}

function forbidden(what: string, host: string): TributaryError {
  return new TributaryError(
    `${what}. Nothing is asked for there; if the vendor really is at that place, add ${host} to allowPrivate.`,
    { code: "ADDRESS_FORBIDDEN" },
  );
}
