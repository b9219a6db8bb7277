import { isAscii, isUtf8 } from "node:buffer";
import { promisify } from "node:util";
import { gunzip } from "node:zlib";
import { isJsonObject } from "./json-object.ts";
import type { LakeRequest } from "./lake-request.ts";
import { tooLarge } from "./read-body.ts";
import { WireError, serializationError } from "./wire-error.ts";

const gunzipAsync = promisify(gunzip);

/**
 * The JSON object in a request's body. An empty body is an empty object. Checks, in this order: media type, content
 * encoding (none or gzip, inflated up to `maxBytes`), UTF-8, JSON, object. Spec 1.1, 1.3.
 * Throws UnsupportedMediaTypeException 415, RequestEntityTooLargeException 413, SerializationException 400,
 * ServiceUnavailable 503 for a body that was not held.
 */
export async function decodeBody(
  request: LakeRequest,
  mediaType: string,
  maxBytes: number,
): Promise<Readonly<Record<string, unknown>>> {
  if (request.bodyDiscarded)
    throw new WireError(
      "ServiceUnavailable",
      "The access key was made while the request was on its way. Send it again.",
      {
        status: 503,
        retryAfter: 1,
      },
    );
  if (request.body.length === 0) return {};
  const given = request.headers["content-type"]?.split(";", 1)[0]!.trim().toLowerCase();
  if (given !== mediaType)
    throw new WireError("UnsupportedMediaTypeException", `The Content-Type must be ${mediaType}.`, { status: 415 });
  const bytes = await inflate(request, maxBytes);
  if (!isUtf8(bytes)) throw serializationError("The request body is not valid UTF-8.");
  let value: unknown;
  try {
    value = JSON.parse(bytes.toString(isAscii(bytes) ? "latin1" : "utf8"));
  } catch (cause) {
    throw serializationError("The request body is not valid JSON.", cause);
  }
  if (!isJsonObject(value)) throw serializationError("The request body must be a JSON object.");
  return value;
}

async function inflate(request: LakeRequest, maxBytes: number): Promise<Buffer> {
  const encoding = request.headers["content-encoding"]?.trim().toLowerCase() ?? "identity";
  if (encoding === "identity" || encoding === "") return request.body;
  if (encoding !== "gzip")
    throw new WireError("UnsupportedMediaTypeException", "The Content-Encoding must be gzip or absent.", {
      status: 415,
    });
  try {
    return await gunzipAsync(request.body, { maxOutputLength: maxBytes });
  } catch (cause) {
    if (cause instanceof Error && "code" in cause && cause.code === "ERR_BUFFER_TOO_LARGE") throw tooLarge(maxBytes);
    throw serializationError("The request body is not valid gzip.", cause);
  }
}
