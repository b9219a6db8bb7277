/** A parsed `Authorization: AWS4-HMAC-SHA256 ...` header. */
export interface Authorization {
  readonly accessKeyId: string;
  /** `YYYYMMDD`. */
  readonly date: string;
  readonly region: string;
  readonly service: string;
  /** Lower-case, sorted, unique. */
  readonly signedHeaders: readonly string[];
  /** 64 lower-case hex digits. */
  readonly signature: string;
}

const parameter = /^(Credential|SignedHeaders|Signature)=([^\s=]+)$/;
const credential = /^([\w-]{4,128})\/(\d{8})\/([a-z0-9-]{1,64})\/([a-z0-9-]{1,64})\/aws4_request$/;
const headerNames = /^[a-z0-9!#$%&'*+.^_`|~-]+(?:;[a-z0-9!#$%&'*+.^_`|~-]+)*$/;

/** Parses the header strictly: each part once, header names lower-case and sorted. Answers undefined for any other text. */
export function parseAuthorization(header: string): Authorization | undefined {
  if (header.length > 4096 || !header.startsWith("AWS4-HMAC-SHA256 ")) return undefined;
  const parts = new Map<string, string>();
  for (const text of header.slice("AWS4-HMAC-SHA256 ".length).split(",")) {
    const match = parameter.exec(text.trim());
    if (!match || parts.has(match[1]!)) return undefined;
    parts.set(match[1]!, match[2]!);
  }
  const scope = credential.exec(parts.get("Credential") ?? "");
  const names = parts.get("SignedHeaders") ?? "";
  const signature = parts.get("Signature") ?? "";
  if (!scope || !headerNames.test(names) || !/^[0-9a-f]{64}$/.test(signature)) return undefined;
  const signedHeaders = names.split(";");
  for (let at = 1; at < signedHeaders.length; at++) if (signedHeaders[at - 1]! >= signedHeaders[at]!) return undefined;
  const [, accessKeyId = "", date = "", region = "", service = ""] = scope;
  return { accessKeyId, date, region, service, signedHeaders, signature };
}
