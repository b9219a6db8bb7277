import type { Routes } from "./http-server.ts";
import type { LakeResponse, RequestHead } from "./lake-request.ts";

/** What the SDKs of browsers send, beside what every page may. */
const requestHeaders =
  "amz-sdk-invocation-id, amz-sdk-request, authorization, content-encoding, content-type, x-amz-content-sha256, x-amz-date, x-amz-security-token, x-amz-user-agent";
const responseHeaders = "retry-after, x-amzn-errortype, x-amzn-requestid";
const maxAgeSeconds = 86_400;

/**
 * Lets pages of these origins call PutAuditEvents: answers preflight requests, and names the origin in answers. Without origins the
 * routes stay as they are. Who calls is told by the signature alone, so no credentials of a browser are let in. Spec 1.1.
 */
export function withCors(routes: Routes, origins: readonly string[]): Routes {
  if (origins.length === 0) return routes;
  const originOf = ({ rawPath, headers: { origin } }: RequestHead): string | undefined =>
    rawPath === "/PutAuditEvents" && origin !== undefined && origins.includes(origin) ? origin : undefined;
  /** Whatever the origin: a cache must not take an answer to one for an answer to another. */
  const named = async (head: RequestHead, coming: Promise<LakeResponse>): Promise<LakeResponse> => {
    const response = await coming;
    if (head.rawPath !== "/PutAuditEvents") return response;
    const origin = originOf(head);
    const allowed = origin !== undefined && {
      "access-control-allow-origin": origin,
      "access-control-expose-headers": responseHeaders,
    };
    return { ...response, headers: { ...response.headers, vary: "Origin", ...allowed } };
  };
  return {
    admits: (head) => routes.admits(head),
    respond: (request) => named(request, routes.respond(request)),
    refuse: (head, error) => named(head, routes.refuse(head, error)),
    probe(head) {
      const isPreflight = head.method === "OPTIONS" && head.headers["access-control-request-method"] === "POST";
      if (!isPreflight || originOf(head) === undefined) return routes.probe(head);
      const headers = {
        "access-control-allow-methods": "POST",
        "access-control-allow-headers": requestHeaders,
        "access-control-max-age": String(maxAgeSeconds),
      };
      return named(head, Promise.resolve({ status: 200, headers, body: "" }));
    },
  };
}
