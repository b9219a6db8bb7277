import { Type as T } from "@sinclair/typebox";
import { SecretOption } from "@tributary/adapter-kit/poll";

/** What a configuration says of a poller of LaunchDarkly. */
export const pollOptions = T.Object(
  {
    token: SecretOption({ description: "An access token that may view the audit log: role Reader, or a custom role." }),
    url: T.String({
      default: "https://app.launchdarkly.com",
      pattern: "^https://[^/?#@]+/?$",
      description:
        "Where your account is: https://app.launchdarkly.com, https://app.eu.launchdarkly.com or https://app.launchdarkly.us.",
    }),
    details: T.Boolean({
      default: false,
      description: "Fetch each entry in full, with delta and versions: one request more for each entry.",
    }),
    spec: T.Optional(
      T.String({
        minLength: 1,
        description: "A resource specifier, such as proj/*:env/production:flag/*. Default: every resource.",
      }),
    ),
    overlapSeconds: T.Integer({
      default: 300,
      minimum: 0,
      maximum: 86_400,
      description: "How far back each round reads again for entries that are shown late.",
    }),
    intervalSeconds: T.Integer({
      default: 60,
      minimum: 10,
      maximum: 86_400,
      description: "How long to wait when all is read.",
    }),
  },
  { additionalProperties: false },
);
