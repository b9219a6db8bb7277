import { Type as T } from "@sinclair/typebox";
import type { Webhook } from "@tributary/adapter-kit";
import { matchesSecret, SecretOption } from "@tributary/adapter-kit/webhook";

const options = T.Object(
  {
    secrets: T.Array(
      SecretOption({ description: "The bearer token, or user:password of Basic authentication, as set in Wiz." }),
      { minItems: 1, description: "What the sender knows; several while it is changed." },
    ),
  },
  { additionalProperties: false },
);

/**
 * The receiver of Wiz's webhooks for issues and detections. Wiz signs nothing: the sender proves that it knows a bearer token
 * or a user and password. A delivery holds no time of its own, so an old one cannot be told from a new one.
 */
export const webhook: Webhook<typeof options> = {
  options,
  receive: ({ method, headers, body }, host) => {
    if (method !== "POST") return Promise.resolve({ kind: "refused", status: 405, message: "A delivery is a POST." });
    return Promise.resolve(
      matchesSecret(credentials(headers.get("authorization")), host.options.secrets)
        ? { kind: "records", body, format: "json" }
        : { kind: "refused", status: 401, message: "The authorization is missing or wrong." },
    );
  },
};

/** The token after `Bearer`, or what `Basic` encodes; undefined for anything else. */
function credentials(header: string | null): string | undefined {
  const [, scheme = "", given = ""] = /^(Bearer|Basic) (\S{1,8192})$/i.exec(header ?? "") ?? [];
  if (scheme.toLowerCase() === "bearer") return given;
  if (scheme.toLowerCase() !== "basic") return undefined;
  const text = Buffer.from(given, "base64");
  return text.toString("base64") === given ? text.toString("utf8") : undefined;
}
