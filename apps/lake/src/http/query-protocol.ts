import type { IncomingHttpHeaders } from "node:http";
import type { LakeResponse } from "./lake-request.ts";
import type { Protocol } from "./protocol.ts";
import type { WireError } from "./wire-error.ts";

/** Members of an answer; one that is undefined is left out. */
export type XmlMembers = { readonly [name: string]: string | number | XmlMembers | undefined };

/** What a plane of this protocol answers. */
export interface QueryOutput {
  readonly action: string;
  readonly result: XmlMembers;
}

const namespace = "https://sts.amazonaws.com/doc/2011-06-15/";

/** The names that clients of the token service know. */
const codes: Readonly<Record<string, string>> = {
  AccessDeniedException: "AccessDenied",
  ExpiredTokenException: "ExpiredToken",
  InvalidSignatureException: "SignatureDoesNotMatch",
  SerializationException: "MalformedQueryString",
  UnrecognizedClientException: "InvalidClientTokenId",
};

/** AWS's query protocol: a form comes in, XML goes out. The token service speaks it. */
export const awsQuery: Protocol = {
  mediaType: "application/x-www-form-urlencoded",
  signingName: "sts",
  success(output, requestId) {
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the planes of this protocol answer nothing else
    const { action, result } = output as QueryOutput;
    const body = {
      [`${action}Result`]: result,
      ResponseMetadata: { RequestId: requestId },
    };
    return xml(200, `<${action}Response xmlns="${namespace}">${members(body)}</${action}Response>`);
  },
  error(error, requestId) {
    const Error = {
      Type: error.status >= 500 ? "Receiver" : "Sender",
      Code: codes[error.shape] ?? error.shape,
      Message: error.message,
    };
    const text = `<ErrorResponse xmlns="${namespace}">${members({ Error, RequestId: requestId })}</ErrorResponse>`;
    return xml(error.status, text, error);
  },
};

/** Whether the body is a form. Every operation of CloudTrail has JSON. */
export function isQueryRequest(headers: IncomingHttpHeaders): boolean {
  return headers["content-type"]?.split(";", 1)[0]!.trim().toLowerCase() === awsQuery.mediaType;
}

function members(value: XmlMembers): string {
  return Object.entries(value)
    .map(([name, member]) => {
      if (member === undefined) return "";
      return `<${name}>${typeof member === "object" ? members(member) : escaped(String(member))}</${name}>`;
    })
    .join("");
}

const entities: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };

/** Characters that XML cannot hold become U+FFFD. */
function escaped(text: string): string {
  return (
    text
      .replaceAll(/[&<>"]/g, (char) => entities[char]!)
      // oxlint-disable-next-line no-control-regex
      .replaceAll(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, "\ufffd")
  );
}

function xml(status: number, body: string, error?: WireError): LakeResponse {
  const headers: Record<string, string> = { "content-type": "text/xml" };
  if (error?.retryAfter !== undefined) headers["retry-after"] = String(error.retryAfter);
  if (error?.closeConnection) headers["connection"] = "close";
  return { status, headers, body };
}
