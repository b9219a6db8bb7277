import { HttpRequest, type HttpResponse, loadRestJsonErrorCode, parseJsonBody } from "@smithy/core/protocols";
import { CloudTrailDataServiceException, modelledExceptions } from "./exceptions.ts";
import { putAuditEventsBody } from "./put-audit-events-body.ts";
import type {
  AuditEventResultEntry,
  PutAuditEventsCommandInput,
  PutAuditEventsCommandOutput,
  ResponseMetadata,
  ResultErrorEntry,
} from "./put-audit-events-command.ts";

/** The parts of a base URL as Smithy's middleware hands them over. */
export interface BaseUrl {
  readonly protocol: string;
  readonly hostname: string;
  readonly port?: number;
  readonly path: string;
}

/** How the transport's stream becomes bytes. */
export type BodyContext = Parameters<typeof parseJsonBody>[1];

/** `POST {base}/PutAuditEvents?channelArn=…&externalId=…`. Spec 1.1. */
export function toHttpRequest(input: PutAuditEventsCommandInput, base: BaseUrl, body?: Uint8Array): HttpRequest {
  const { channelArn, externalId } = input;
  return new HttpRequest({
    protocol: base.protocol,
    hostname: base.hostname,
    ...(base.port === undefined ? {} : { port: base.port }),
    method: "POST",
    path: `${base.path.replace(/\/$/, "")}/PutAuditEvents`,
    query: { channelArn, ...(externalId === undefined ? {} : { externalId }) },
    headers: { "content-type": "application/json" },
    body: body ?? putAuditEventsBody(input.auditEvents),
  });
}

/** Reads the answer. Throws the service's exception for a status of 300 and above. Spec 1.2, 1.4. */
export async function fromHttpResponse(
  response: HttpResponse,
  context: BodyContext,
): Promise<PutAuditEventsCommandOutput> {
  const $metadata = metadataOf(response);
  if (response.statusCode >= 300) throw await exceptionOf(response, context, $metadata);
  const body: { successful?: AuditEventResultEntry[] | null; failed?: ResultErrorEntry[] | null } = await parseJsonBody(
    response.body,
    context,
  );
  return { successful: body.successful ?? [], failed: body.failed ?? [], $metadata };
}

async function exceptionOf(
  response: HttpResponse,
  context: BodyContext,
  $metadata: ResponseMetadata,
): Promise<CloudTrailDataServiceException> {
  const body = await errorBody(response, context);
  const name: string | undefined = loadRestJsonErrorCode(response, body);
  const known = name !== undefined && Object.hasOwn(modelledExceptions, name) ? modelledExceptions[name] : undefined;
  const message = body.message ?? body.Message;
  return new (known ?? CloudTrailDataServiceException)({
    name: name ?? "UnknownError",
    message: typeof message === "string" && message !== "" ? message : `HTTP status ${response.statusCode}`,
    $fault: response.statusCode >= 500 ? "server" : "client",
    $metadata,
    $retryAfterSeconds: retryAfterSeconds(response),
  });
}

/** The body of an error, empty where it is no JSON object: a proxy's page says nothing that is needed. */
async function errorBody(response: HttpResponse, context: BodyContext): Promise<Readonly<Record<string, unknown>>> {
  try {
    const body: unknown = await parseJsonBody(response.body, context);
    return typeof body === "object" && body !== null ? { ...body } : {};
  } catch (error) {
    if (error instanceof SyntaxError) return {};
    throw error;
  }
}

function metadataOf({ statusCode, headers }: HttpResponse): ResponseMetadata {
  const requestId = headers["x-amzn-requestid"] ?? headers["x-amzn-request-id"] ?? headers["x-amz-request-id"];
  return { httpStatusCode: statusCode, ...(requestId === undefined ? {} : { requestId }) };
}

/** Seconds or an HTTP date, RFC 9110 section 10.2.3. */
function retryAfterSeconds({ headers }: HttpResponse): number | undefined {
  const value = headers["retry-after"];
  if (value === undefined) return undefined;
  if (/^\d+(?:\.\d+)?$/.test(value)) return Number(value);
  const time = Date.parse(value);
  return Number.isNaN(time) ? undefined : Math.max(0, Math.ceil((time - Date.now()) / 1000));
}
