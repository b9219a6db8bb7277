import type { Evidence } from "../core/report.ts";
import type { WireAnswer, WireRequest } from "./wire-request.ts";

/** Bodies longer than this are told by their length. */
const bodyShown = 2000;

interface Place {
  readonly service: string;
  readonly region: string;
  /** Whose credentials those of the environment must be; the owner's by default. */
  readonly who?: string | undefined;
  /** No client would send it so: it is shown with its signature as it stands. */
  readonly isLiteral?: boolean | undefined;
  /** Session tokens that must not be shown. */
  readonly tokens?: readonly string[] | undefined;
}

/**
 * An exchange as somebody would try it again: a curl command (it signs by itself: credentials are taken from the environment), the
 * AWS CLI where that would send the same, and the answer.
 * @param endpoint scheme, host and port
 */
export function evidenceOf(endpoint: string, request: WireRequest, answer: WireAnswer | Error, place: Place): Evidence {
  return {
    curl: curl(endpoint, request, place),
    awsCli: place.isLiteral === true ? undefined : awsCli(endpoint, request),
    answer: answer instanceof Error ? `no answer: ${answer.message}` : told(answer),
  };
}

function curl(endpoint: string, { method, target, headers, body }: WireRequest, place: Place): string {
  const isSigned = place.isLiteral !== true && headers.some(([name]) => name.toLowerCase() === "authorization");
  const made = isSigned
    ? /^(host|content-length|authorization|x-amz-date|x-amz-security-token)$/i
    : /^(host|content-length)$/i;
  const own = headers.filter(([name]) => !made.test(name));
  const notes = [
    ...(place.isLiteral === true ? ["# as it was sent: its signature is good for a few minutes only"] : []),
    ...(place.who === undefined ? [] : [`# with the credentials of ${place.who}`]),
  ];
  const command = [
    "curl -i",
    ...(isSigned
      ? [
          `--aws-sigv4 aws:amz:${place.region}:${place.service}`,
          '--user "$AWS_ACCESS_KEY_ID:$AWS_SECRET_ACCESS_KEY"',
          ...(headers.some(([name]) => name.toLowerCase() === "x-amz-security-token")
            ? ['-H "X-Amz-Security-Token: $AWS_SESSION_TOKEN"']
            : []),
        ]
      : []),
    `-X ${method}`,
    ...own.map(([name, value]) =>
      place.tokens?.includes(value) === true ? `-H "${name}: $AWS_SESSION_TOKEN"` : `-H ${quoted(`${name}: ${value}`)}`,
    ),
    `--data-binary ${quoted(shownBody(body))}`,
    quoted(`${endpoint.replace(/\/$/, "")}${target}`),
  ];
  return [...notes, command.join(" \\\n  ")].join("\n");
}

function awsCli(endpoint: string, { target, headers, body }: WireRequest): string | undefined {
  const text = shownBody(body);
  if (text.startsWith("<")) return undefined;
  const { pathname, searchParams } = new URL(target, "http://host");
  try {
    if (pathname === "/PutAuditEvents") {
      const sent: { readonly auditEvents?: unknown } = JSON.parse(text);
      const { auditEvents } = sent;
      const arn = searchParams.get("channelArn");
      if (!Array.isArray(auditEvents) || arn === null) return undefined;
      const externalId = searchParams.get("externalId");
      return `aws cloudtrail-data put-audit-events --endpoint-url ${endpoint} --channel-arn ${quoted(arn)}${externalId === null ? "" : ` --external-id ${quoted(externalId)}`} --audit-events ${quoted(JSON.stringify(auditEvents))}`;
    }
    const operation = headers
      .find(([name]) => name.toLowerCase() === "x-amz-target")?.[1]
      .split(".")
      .at(-1);
    if (operation === undefined) return undefined;
    const command = operation.replaceAll(/(?<!^)[A-Z]/g, (letter) => `-${letter}`).toLowerCase();
    return `aws cloudtrail ${command} --endpoint-url ${endpoint} --cli-input-json ${quoted(text)}`;
  } catch {
    return undefined;
  }
}

function told({ status, headers, body }: WireAnswer): string {
  const shown = ["x-amzn-errortype", "x-amzn-requestid", "content-type", "retry-after"]
    .filter((name) => headers.has(name))
    .map((name) => `${name}: ${headers.get(name)}`);
  return [`HTTP ${status}`, ...shown, "", shownBody(body)].join("\n");
}

function shownBody(body: Uint8Array): string {
  if (body.length > bodyShown)
    return `<${body.length} bytes, beginning ${Buffer.from(body.subarray(0, 300)).toString()}>`;
  const text = Buffer.from(body).toString();
  return Buffer.from(text).equals(body)
    ? text
    : `<${body.length} bytes, base64 ${Buffer.from(body).toString("base64")}>`;
}

/** For a POSIX shell. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
