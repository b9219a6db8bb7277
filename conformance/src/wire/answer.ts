import { isMembers, type Members } from "../core/members.ts";
import { Unmet, expects, shown } from "../core/unmet.ts";
import type { WireAnswer } from "./wire-request.ts";

/** An answer, read as AWS's clients read it. */
export interface Answer {
  readonly status: number;
  readonly headers: ReadonlyMap<string, string>;
  readonly text: string;
  /** The body's object; undefined where it is none. */
  readonly json: Members | undefined;
  /** The error's name: from x-amzn-errortype or __type, without namespace and URI. */
  readonly code: string | undefined;
  /** `message` or `Message` of the body. */
  readonly message: string | undefined;
}

/** Reads an answer. Never throws. */
export function readAnswer({ status, headers, body }: WireAnswer): Answer {
  const text = Buffer.from(body).toString();
  const json = objectOf(text);
  const type = headers.get("x-amzn-errortype") ?? json?.["__type"] ?? json?.["code"];
  const message = json?.["message"] ?? json?.["Message"];
  return {
    status,
    headers,
    text,
    json,
    code: typeof type === "string" && status >= 400 ? type.split(":")[0]!.split("#").at(-1) : undefined,
    message: typeof message === "string" ? message : undefined,
  };
}

/** Throws `Unmet` unless the request as a whole was refused. @param codes one of them, where a clause names it */
export function refused(answer: Answer, codes?: readonly string[] | string, status?: number): void {
  const wanted = typeof codes === "string" ? [codes] : codes;
  const got = `HTTP ${answer.status} ${answer.code ?? ""} ${shown(answer.text)}`;
  const which =
    wanted === undefined
      ? "a refusal (HTTP 4xx)"
      : `${wanted.join(" or ")}${status === undefined ? "" : ` with HTTP ${status}`}`;
  expects(answer.status >= 400 && answer.status < 500, which, got);
  if (wanted !== undefined) expects(answer.code !== undefined && wanted.includes(answer.code), which, got);
  if (status !== undefined) expects(answer.status === status, which, got);
}

/** The body of a 200. Throws `Unmet` for any other answer. */
export function succeeded(answer: Answer): Members {
  if (answer.status !== 200 || answer.json === undefined)
    throw new Unmet("HTTP 200 with a JSON object", `HTTP ${answer.status} ${answer.code ?? ""} ${shown(answer.text)}`);
  return answer.json;
}

function objectOf(text: string): Members | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isMembers(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
