import { Type as T } from "@sinclair/typebox";
import type { Static } from "@sinclair/typebox";
import { SecretOption } from "@tributary/adapter-kit/poll";

const Events = (description: string) =>
  T.Optional(
    T.Array(T.String({ pattern: "^[a-z0-9_]+(?:[.][a-z0-9_]+)+$" }), { minItems: 1, maxItems: 100, description }),
  );

/** What the poller can be told. One of the two ways to sign in is required: `token`, or `clientId` with `clientSecret`. */
export const PollOptions = T.Object(
  {
    scope: T.String({
      pattern: "^(?:orgs|groups)/[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$",
      description: "Whose audit logs: orgs/ID of an organization or groups/ID of a group.",
    }),
    token: T.Optional(
      SecretOption({ description: "API token of a user or a service account that may view audit logs." }),
    ),
    clientId: T.Optional(
      T.String({
        minLength: 1,
        description: "Client id of a Snyk App or service account with org.audit_log.read or group.audit.read.",
      }),
    ),
    clientSecret: T.Optional(SecretOption({ description: "Client secret of that app (OAuth client credentials)." })),
    api: T.String({
      pattern: "^https://[A-Za-z0-9.-]+(?::[0-9]{1,5})?/?$",
      default: "https://api.snyk.io",
      description: "The API of your region: https://api.us.snyk.io, https://api.eu.snyk.io, https://api.au.snyk.io ...",
    }),
    events: Events("Only these events; api.access, which Snyk leaves out, comes only when it is named here."),
    excludeEvents: Events("All events but these. Not together with events."),
    pollSeconds: T.Integer({
      minimum: 30,
      maximum: 86_400,
      default: 300,
      description: "How long to wait before the audit logs are asked again.",
    }),
    overlapMinutes: T.Integer({
      minimum: 1,
      maximum: 10_080,
      default: 15,
      description:
        "How late Snyk may show a record at the most: so much is read again each time, and known events are not sent twice.",
    }),
  },
  { additionalProperties: false },
);

export type SnykPollOptions = Static<typeof PollOptions>;
