import { promisify } from "node:util";
import { brotliDecompress, gunzip, inflate, zstdDecompress } from "node:zlib";

type Decoder = (body: Uint8Array, options: { readonly maxOutputLength: number }) => Promise<Uint8Array>;

const decoders = new Map<string, Decoder>([
  ["gzip", promisify(gunzip)],
  ["x-gzip", promisify(gunzip)],
  ["deflate", promisify(inflate)],
  ["zstd", promisify(zstdDecompress)],
  ["br", promisify(brotliDecompress)],
]);

/**
 * The body as it was before its Content-Encoding. A status where there is none: 413 over the limit, 415 for an encoding that is
 * not known, 400 for bytes that are not of it.
 * @param limit bytes, after decoding
 */
export async function decodedBody(
  body: Uint8Array,
  encoding: string | null,
  limit: number,
): Promise<Uint8Array | 400 | 413 | 415> {
  const name = (encoding ?? "identity").trim().toLowerCase();
  if (name === "" || name === "identity") return body;
  const decode = decoders.get(name);
  if (decode === undefined) return 415;
  try {
    return await decode(body, { maxOutputLength: limit });
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "ERR_BUFFER_TOO_LARGE" ? 413 : 400;
  }
}
