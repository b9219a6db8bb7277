import { Type as T } from "@sinclair/typebox";
import type { Static } from "@sinclair/typebox";
import { SecretOption } from "@tributary/adapter-kit/poll";

/** What the poller can be told. */
export const PollOptions = T.Object({
  url: T.String({
    pattern: "^https://[A-Za-z0-9.-]+(?::[0-9]{1,5})?/?$",
    description: "Address of the account, for instance https://example.onelogin.com.",
  }),
  clientId: T.String({
    minLength: 1,
    description: "Client id of an API credential pair with the scope Read All or Read users.",
  }),
  clientSecret: SecretOption({ description: "Client secret of that pair." }),
  pollSeconds: T.Integer({
    minimum: 10,
    maximum: 3600,
    default: 60,
    description: "Wait after all there was has been read.",
  }),
  overlapSeconds: T.Integer({
    minimum: 10,
    maximum: 86_400,
    default: 300,
    description: "How late OneLogin may show an event: so much is read again each time.",
  }),
});

export type OneLoginPollOptions = Static<typeof PollOptions>;
