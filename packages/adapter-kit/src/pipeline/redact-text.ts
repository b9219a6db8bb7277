import { maskText } from "./mask-text.ts";
import { secretsOf } from "./secrets.ts";
import type { Secrets } from "./secrets.ts";
import { mayHoldToken, redactTokens } from "./token-shapes.ts";

/** Whether {@link redactText} can change a text. The lengths are those of `a=b`, `"a":"b"`, and `SSWS` with a token. */
export function mayHoldSecret(value: string): boolean {
  const { length } = value;
  if (length < 3) return false;
  // indexOf, since the engine searches for one character natively only there.
  if (value.indexOf("=") >= 0 || (length >= 7 && value.indexOf('"') >= 0)) return true;
  if (length < 8) return false;
  if (value.indexOf("@") >= 0 && value.includes("://")) return true;
  // Most long texts are ids and addresses, without a blank.
  const mayHoldScheme =
    value.indexOf(" ") >= 0 && (schemes.test(value) || (value.includes(": ") && headers.test(value)));
  return mayHoldScheme || (length >= 20 && mayHoldToken(value));
}

const schemes = /\b(?:Bearer|SSWS|Basic) /i;
const headers = /\b(?:authorization|api-?key|cookie|password|passwd|pwd|passphrase): /i;

/**
 * A text with the values of secret parameters masked: in the query of a URL and its user's password, in `key=value`, in `{key=value}`
 * as Java prints maps, in JSON kept as text (also as text within text), in headers written out, after `Bearer`, `Basic` and `SSWS`;
 * and tokens that their own form tells. The rest of it stays as it was. Linear in the length of the text: every repetition is
 * bounded, or ends at a character that it cannot hold.
 */
export function redactText(value: string, secrets: Secrets = secretsOf()): string {
  let redacted = value;
  const parameter = (all: string, before: string, key: string): string =>
    secrets.isSecretParameter(key) ? `${before}${key}=${maskText}` : all;
  if (value.includes("=")) {
    if (value.includes("{")) redacted = redacted.replaceAll(mapEntry, parameter);
    redacted = redacted.replaceAll(assignment, parameter);
  }
  if (value.includes('"')) {
    const member = (all: string, quote: string, key: string, colon: string): string =>
      secrets.isSecret(key) ? `${quote}${key}${quote}${colon}${quote}${maskText}${quote}` : all;
    redacted = redacted.replaceAll(jsonMember, (all: string, key: string, colon: string) =>
      member(all, '"', key, colon),
    );
    if (value.includes('\\"'))
      redacted = redacted.replaceAll(innerMember, (all: string, key: string, colon: string) =>
        member(all, '\\"', key, colon),
      );
  }
  if (value.includes("@") && value.includes("://")) redacted = redacted.replaceAll(userInfo, `$1:${maskText}@`);
  if (mayHoldToken(redacted)) redacted = redactTokens(redacted);
  if (value.includes(": ") && headers.test(value)) redacted = redacted.replaceAll(header, `$1: $2${maskText}`);
  return schemes.test(value) ? redacted.replaceAll(credential, `$1$2${maskText}`) : redacted;
}

/** An entry of a map as Java prints it: its value may hold blanks, up to the comma or the end. */
const mapEntry = /([{,] ?)([\w.-]{1,64})=(?!\*\*\*)([^,{}"=]{1,4096})(?=[,}])/g;
/** `key=value`, the value quoted, a scheme with its token, or one word. */
const assignment =
  /(^|[?&;{,\s])([\w.-]{1,64})=(?:"[^"]{1,4096}"|'[^']{1,4096}'|(?:Token|Bearer|Basic|SSWS|ApiKey) {1,4}[^&;,#\s"'<>{}]+|[^&;,#\s"'<>{}]+)/g;
const jsonMember = /"([\w.-]{1,64})"(\s{0,8}:\s{0,8})(?:"(?:[^"\\]|\\.)+"|-?\d[\d.eE+-]{0,64}|\[[^[\]{}]{1,4096}\])/g;
/** A member of JSON that is itself a text in JSON. */
const innerMember = /\\"([\w.-]{1,64})\\"(\s{0,8}:\s{0,8})\\"(?:[^"\\]|\\[^"]){1,4096}\\"/g;
const userInfo = /(\b[a-z][\w+.-]{1,15}:\/\/[^\s/:@"'<>]{0,256}):[^\s/@"'<>]{1,256}@/gi;
/** Headers to the end of their line; after a password's name, the one word. */
const header =
  /\b((?:proxy-)?authorization|(?:x-)?api-?key|(?:set-)?cookie|password|passwd|pwd|passphrase): ((?:(?:Bearer|Basic|SSWS|Token) {1,4})?)(?!\*\*\*)(?:(?<=(?:authorization|key|cookie): (?:\w{1,6} {1,4})?)[^\r\n"\\]{1,4096}|[^\s,;"\\]{1,256})/gi;
const credential = /\b(Bearer|SSWS|Basic)( {1,4})[\w.~+/=-]{16,}/gi;
