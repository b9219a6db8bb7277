import { Type as T } from "@sinclair/typebox";
import type { Static } from "@sinclair/typebox";
import { SecretOption } from "@tributary/adapter-kit/poll";

/** What the poller can be told. */
export const PollOptions = T.Object({
  url: T.String({
    pattern: "^https://[A-Za-z0-9.-]+(?::[0-9]{1,5})?/?$",
    default: "https://us-west-2.api.clumio.com",
    description: "Address of the API, which the portal tells: that of portal.clumio.com is the default.",
  }),
  token: SecretOption({ description: "API token, best a service token: a person's ends with the person." }),
  organizationalUnit: T.Optional(
    T.String({
      pattern: "^[A-Za-z0-9-]{1,100}$",
      description: "Id of the organizational unit to read; default: the token's.",
    }),
  ),
  pollSeconds: T.Integer({
    minimum: 10,
    maximum: 3600,
    default: 120,
    description: "Wait after all there was has been read.",
  }),
  marginSeconds: T.Integer({
    minimum: 0,
    maximum: 86_400,
    default: 180,
    description: "How old audit events are when they are first read.",
  }),
  overlapMinutes: T.Integer({
    minimum: 1,
    maximum: 10_080,
    default: 60,
    description:
      "How late Clumio may show an audit event, which bears the time its activity began: so much is read again each time.",
  }),
});

export type ClumioPollOptions = Static<typeof PollOptions>;
