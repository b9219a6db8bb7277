import type { LakeRequest } from "../http/lake-request.ts";

/** What of a request is signed, beside its payload. */
export type SignableRequest = Pick<LakeRequest, "method" | "rawPath" | "rawQuery" | "rawHeaders">;

/**
 * The text whose hash is signed: method, path, query, headers, names, payload hash. The path is normalised and encoded
 * once more, for every service but S3, whose path stays as it is; the query is decoded once, encoded anew and sorted, and its plus is a plus.
 * Answers undefined when a signed header was not sent or the query does not decode.
 */
export function canonicalRequest(
  request: SignableRequest,
  signedHeaders: readonly string[],
  payloadHash: string,
  service: string,
): string | undefined {
  const query = canonicalQuery(request.rawQuery);
  if (query === undefined) return undefined;
  const values = headerValues(request.rawHeaders, new Set(signedHeaders));
  let headers = "";
  for (const name of signedHeaders) {
    const value = values.get(name);
    if (value === undefined) return undefined;
    headers += `${name}:${value}\n`;
  }
  const path = service === "s3" ? request.rawPath : canonicalPath(request.rawPath);
  return `${request.method}\n${path}\n${query}\n${headers}\n${signedHeaders.join(";")}\n${payloadHash}`;
}

function headerValues(rawHeaders: readonly string[], wanted: ReadonlySet<string>): ReadonlyMap<string, string> {
  const values = new Map<string, string>();
  for (let at = 0; at + 1 < rawHeaders.length; at += 2) {
    const name = rawHeaders[at]!.toLowerCase();
    if (!wanted.has(name)) continue;
    const value = rawHeaders[at + 1]!.trim().replaceAll(/[ \t]+/g, " ");
    const before = values.get(name);
    values.set(name, before === undefined ? value : `${before},${value}`);
  }
  return values;
}

function canonicalPath(rawPath: string): string {
  if (rawPath === "/" || rawPath === "/PutAuditEvents") return rawPath;
  const kept: string[] = [];
  for (const segment of rawPath.split("/")) {
    if (segment === "" || segment === ".") continue;
    if (segment === "..") kept.pop();
    else kept.push(uriEncode(segment));
  }
  return `/${kept.join("/")}${rawPath.endsWith("/") && kept.length > 0 ? "/" : ""}`;
}

function canonicalQuery(rawQuery: string): string | undefined {
  if (rawQuery === "") return "";
  const pairs: [string, string][] = [];
  for (const pair of rawQuery.split("&")) {
    if (pair === "") continue;
    const at = pair.indexOf("=");
    try {
      const name = decodeURIComponent(at < 0 ? pair : pair.slice(0, at));
      const value = at < 0 ? "" : decodeURIComponent(pair.slice(at + 1));
      pairs.push([uriEncode(name), uriEncode(value)]);
    } catch {
      return undefined;
    }
  }
  pairs.sort((a, b) => compare(a[0], b[0]) || compare(a[1], b[1]));
  return pairs.map(([name, value]) => `${name}=${value}`).join("&");
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** RFC 3986: all but `A-Za-z0-9-_.~`, upper-case hex. */
export function uriEncode(text: string): string {
  return encodeURIComponent(text).replaceAll(/[!'()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`);
}
