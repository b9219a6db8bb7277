import { type Static, Type as T } from "@sinclair/typebox";

const closed = { additionalProperties: false } as const;
const resourceName = "^[a-zA-Z0-9._-]{3,128}$";

const tags = T.Record(T.String(), T.String({ maxLength: 256, description: "256 characters at most" }), {
  description: "Tags, key to value; 50 at most.",
});

const store = T.Object(
  {
    name: T.String({ pattern: resourceName, description: "Its name: 3 to 128 of A-Z a-z 0-9 . _ -" }),
    retentionDays: T.Optional(
      T.Integer({
        minimum: 7,
        maximum: 2557,
        description: "So long are events kept, counted from their eventTime. A new store's default: 2557.",
      }),
    ),
    tags: T.Optional(tags),
  },
  { ...closed, description: "An event data store, made where there is none of the name." },
);

const integration = T.Object(
  {
    name: T.String({ pattern: resourceName, description: "Name of the channel: 3 to 128 of A-Z a-z 0-9 . _ -" }),
    source: T.String({
      minLength: 1,
      maxLength: 256,
      description: "The channel's source, as tributary adapters lists it: OktaSystemLogEvents, GitHub, Custom, ...",
    }),
    stores: T.Array(T.String({ minLength: 3, maxLength: 256 }), {
      minItems: 1,
      maxItems: 200,
      description: "Names of `eventDataStores`, or names or ARNs of stores that are there.",
    }),
    principals: T.Optional(
      T.Array(T.String({ minLength: 1, description: "A 12-digit account id in quotes, or an ARN" }), {
        minItems: 1,
        maxItems: 1000,
        description:
          "Who may send: 12-digit account ids in quotes, or ARNs of users and roles. Of a direct source the partner's accounts; known ones are taken by default.",
      }),
    ),
    externalId: T.Optional(
      T.String({
        pattern: "^[\\w+=,.@:/-]{2,1224}$",
        description: "What every call must bring. A direct source needs it.",
      }),
    ),
    noPolicy: T.Optional(T.Boolean({ description: "The channel has no policy: only its owner's account can send." })),
    tags: T.Optional(tags),
  },
  { ...closed, description: "A channel, its policy and its stores." },
);

/** The file of `tributary integration apply`. */
export const declaredSchema = T.Object(
  {
    set: T.String({
      pattern: "^[a-zA-Z0-9._-]{1,128}$",
      default: "default",
      description: "Names what this file keeps, by the tag tributary:set. Two files of one account have two names.",
    }),
    region: T.Optional(T.String({ pattern: "^[a-z0-9-]{1,32}$", description: "Default: that of the AWS chain." })),
    endpoint: T.Optional(
      T.String({ pattern: "^https?://[^\\s/?#@]+", description: "Another server than AWS's: your own lake." }),
    ),
    eventDataStores: T.Array(store, { maxItems: 1000, default: [], description: "Stores that the file keeps." }),
    integrations: T.Array(integration, { maxItems: 1000, default: [], description: "Channels that the file keeps." }),
  },
  { ...closed, title: "Integrations, as tributary integration apply keeps them" },
);

export type DeclaredSet = Static<typeof declaredSchema>;
export type DeclaredStore = Static<typeof store>;
export type DeclaredIntegration = Static<typeof integration>;

/** The tag that says which set a channel or store is of. */
export const setTag = "tributary:set";
