import { type Static, Type as T } from "@sinclair/typebox";

const closed = { additionalProperties: false } as const;
const text = (description: string, more: object = {}) => T.String({ minLength: 1, description, ...more });
const namePattern = "^[a-z0-9][a-z0-9._-]{0,62}$";

const whereTo = {
  arn: text("arn:aws:cloudtrail:REGION:ACCOUNT:channel/ID."),
  externalId: T.Optional(
    T.String({
      pattern: "^[\\w+=,.@:/-]{2,1224}$",
      description: "The external id that the channel's policy asks for.",
    }),
  ),
  endpoint: T.Optional(
    T.String({
      pattern: "^https?://[^\\s/?#@]+",
      examples: ["https://lake.example.com:4570"],
      description: "Another server than AWS's, for instance your own lake.",
    }),
  ),
  region: T.Optional(T.String({ pattern: "^[a-z0-9-]{1,32}$", description: "Default: the channel's." })),
  fips: T.Optional(T.Boolean({ description: "AWS's FIPS endpoint. Default: AWS_USE_FIPS_ENDPOINT or the profile." })),
  dualStack: T.Optional(
    T.Boolean({
      description: "AWS's endpoint of IPv4 and IPv6. Default: AWS_USE_DUALSTACK_ENDPOINT or the profile.",
    }),
  ),
  ca: T.Optional(text("PEM file of certificates that are trusted beside the system's, for an endpoint of your own.")),
  requestsPerSecond: T.Optional(
    T.Integer({
      minimum: 0,
      maximum: 100_000,
      description:
        "Most requests a second; shared by all of this process with the same endpoint, region and number. Default: 100 on AWS, which is its quota; 0, no bound, elsewhere.",
    }),
  ),
};

/** The only channel of an integration. */
export const channel = T.Object(whereTo, {
  ...closed,
  description: "Where the events go. Credentials come from the AWS chain, never from here.",
});

/** One of several channels of an integration. */
export const destination = T.Object(
  {
    name: T.String({
      pattern: namePattern,
      description: "Names it in the state, in logs and in metrics: its queue and what it was sent hang on it.",
    }),
    ...whereTo,
  },
  closed,
);

export type ChannelConfig = Static<typeof channel>;
