import { serializationError } from "./wire-error.ts";

/**
 * Decodes a raw query string: percent-encoding alone, a plus is a plus. Throws SerializationException for text that does
 * not decode and for a name given twice: no operation takes a list in its query.
 */
export function queryParameters(rawQuery: string): ReadonlyMap<string, string> {
  const parameters = new Map<string, string>();
  if (rawQuery === "") return parameters;
  for (const pair of rawQuery.split("&")) {
    if (pair === "") continue;
    const at = pair.indexOf("=");
    const name = decode(at < 0 ? pair : pair.slice(0, at));
    if (parameters.has(name)) throw serializationError("A query parameter is given twice.");
    parameters.set(name, at < 0 ? "" : decode(pair.slice(at + 1)));
  }
  return parameters;
}

function decode(text: string): string {
  if (!text.includes("%")) return text;
  try {
    return decodeURIComponent(text);
  } catch (cause) {
    throw serializationError("The query string is not valid percent-encoded UTF-8.", cause);
  }
}
