import { isUtf8 } from "node:buffer";
import { serializationError } from "../http/wire-error.ts";

const maxBytes = 64 * 1024;

/**
 * Decodes a form: percent-encoding, and a plus is a space. Throws SerializationException for what is not one, for a name given
 * twice and for more than 64 KiB.
 */
export function formParameters(body: Buffer): ReadonlyMap<string, string> {
  if (body.length > maxBytes) throw serializationError(`The form is longer than ${maxBytes} bytes.`);
  if (!isUtf8(body)) throw serializationError("The form is not valid UTF-8.");
  const parameters = new Map<string, string>();
  for (const pair of body.toString("utf8").split("&")) {
    if (pair === "") continue;
    const at = pair.indexOf("=");
    const name = decode(at < 0 ? pair : pair.slice(0, at));
    if (parameters.has(name)) throw serializationError("A parameter of the form is given twice.");
    parameters.set(name, at < 0 ? "" : decode(pair.slice(at + 1)));
  }
  return parameters;
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll("+", " "));
  } catch (cause) {
    throw serializationError("The form is not valid percent-encoded UTF-8.", cause);
  }
}
