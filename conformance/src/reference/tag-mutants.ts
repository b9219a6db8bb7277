import { findsAProblem, inControl, type Mutant, overlooks, refusedAs, unrefused } from "./mutant.ts";

type Input = Readonly<Record<string, unknown>>;
const textOf = (input: Input): string => JSON.stringify(input["TagsList"] ?? null);

/** Control planes with other tags. */
export const tagMutants: readonly Mutant[] = [
  inControl(
    "keeps no values of tags",
    [
      "channels/channel/several-tags-at-creation",
      "channels/tags/added-and-listed",
      "channels/tags/new-value-replaces",
      "channels/tags/keys-are-case-sensitive",
      "channels/tags/value-counts-code-points",
    ],
    { tagValue: () => null },
  ),
  inControl("gives an empty value to tags without one", ["channels/tags/value-optional"], {
    tagValue: (value) => value ?? "",
  }),
  findsAProblem("wants a value for each tag", ["channels/tags/value-optional"], (operation, input) =>
    operation === "AddTags" && textOf(input).includes('"alone"') ? "/TagsList/0/Value" : undefined,
  ),
  inControl("keeps the first value of a tag", ["channels/tags/new-value-replaces"], { overwritesTags: false }),
  inControl("writes tags in lower case", ["channels/tags/keys-are-case-sensitive"], {
    tagKey: (key) => key.toLowerCase(),
  }),
  inControl("answers tags of the first resource alone", ["channels/tags/of-channels-and-stores"], {
    answer: (operation, output) =>
      operation === "ListTags" && "ResourceTagList" in output && Array.isArray(output.ResourceTagList)
        ? { ResourceTagList: (output.ResourceTagList as readonly unknown[]).slice(0, 1) }
        : output,
  }),
  inControl("takes 51 tags", ["channels/tags/50-a-resource", "channels/tags/50-at-creation"], { maxTags: 51 }),
  inControl("takes 49 tags at most", ["channels/tags/50-a-resource"], { maxTags: 49 }),
  unrefused(
    "takes any number of tags",
    ["channels/tags/50-a-resource", "channels/tags/50-at-creation"],
    "tags/too-many",
  ),
  inControl("counts the tags of one request alone", ["channels/tags/50-a-resource"], { countsAllTags: false }),
  refusedAs(
    "calls too many tags an InvalidTagParameterException",
    ["channels/tags/50-a-resource", "channels/tags/50-at-creation"],
    "tags/too-many",
    "InvalidTagParameterException",
  ),
  unrefused("takes the same key twice", ["channels/tags/same-key-twice-refused"], "tags/key-twice"),
  unrefused("takes reserved keys", ["channels/tags/reserved-keys-refused"], "tags/reserved-key"),
  overlooks(
    "takes keys of any length",
    ["channels/member/own-error-where-one-fits", "channels/tags/key-1-to-128", "channels/tags/key-counts-code-points"],
    (place, constraint) => place.endsWith("/Key") && constraint === "length",
  ),
  overlooks(
    "takes empty keys",
    ["channels/member/own-error-where-one-fits", "channels/tags/key-1-to-128"],
    (place, constraint, input) =>
      place.endsWith("/Key") && constraint === "length" && textOf(input).includes('"Key":""'),
  ),
  findsAProblem("takes keys of 127 characters at most", ["channels/tags/key-1-to-128"], (_operation, input) =>
    textOf(input).includes(`"Key":"${"k".repeat(128)}"`) ? "/TagsList" : undefined,
  ),
  findsAProblem("counts keys in UTF-16", ["channels/tags/key-counts-code-points"], (_operation, input) =>
    textOf(input).includes(`"Key":"${"😀".repeat(65)}`) ? "/TagsList" : undefined,
  ),
  findsAProblem("counts keys in bytes", ["channels/tags/key-counts-code-points"], (_operation, input) =>
    textOf(input).includes(`"Key":"${"é".repeat(65)}`) ? "/TagsList" : undefined,
  ),
  overlooks(
    "takes values of any length",
    [
      "channels/member/own-error-where-one-fits",
      "channels/tags/value-1-to-256",
      "channels/tags/value-counts-code-points",
    ],
    (place, constraint) => place.endsWith("/Value") && constraint === "length",
  ),
  overlooks(
    "takes empty values",
    ["channels/member/own-error-where-one-fits", "channels/tags/value-1-to-256"],
    (place, constraint, input) =>
      place.endsWith("/Value") && constraint === "length" && textOf(input).includes('"Value":""'),
  ),
  findsAProblem("takes values of 255 characters at most", ["channels/tags/value-1-to-256"], (_operation, input) =>
    textOf(input).includes(`"Value":"${"k".repeat(256)}"`) ? "/TagsList" : undefined,
  ),
  findsAProblem("counts values in UTF-16", ["channels/tags/value-counts-code-points"], (_operation, input) =>
    textOf(input).includes(`"Value":"${"😀".repeat(129)}`) ? "/TagsList" : undefined,
  ),
  inControl(
    "removes no tags",
    [
      "channels/tags/50-a-resource?",
      "channels/tags/removed-by-key",
      "channels/tags/removed-whatever-the-value",
      "channels/tags/key-1-to-128",
      "channels/tags/value-1-to-256",
    ],
    { removesTags: () => false },
  ),
  inControl(
    "removes tags of the same value alone",
    [
      "channels/tags/removed-by-key",
      "channels/tags/removed-whatever-the-value",
      "channels/tags/key-1-to-128?",
      "channels/tags/key-counts-code-points?",
    ],
    { removesTags: (kept, named) => kept === named },
  ),
  findsAProblem(
    "refuses to remove what is not there",
    ["channels/tags/removing-what-is-not-there"],
    (operation, input) =>
      operation === "RemoveTags" && textOf(input).includes('"never-there"') ? "/TagsList" : undefined,
  ),
  overlooks(
    "removes 201 tags at once",
    ["channels/member/required", "channels/tags/200-in-a-list"],
    (place) => place === "RemoveTags/TagsList",
  ),
  findsAProblem("removes 199 tags at most at once", ["channels/tags/200-in-a-list"], (operation, { TagsList: list }) =>
    operation === "RemoveTags" && Array.isArray(list) && list.length === 200 ? "/TagsList" : undefined,
  ),
  inControl(
    "lists the tags of 21 resources",
    ["channels/tags/20-resources-a-list", "channels/tags/20-resources-a-list-accepted"],
    { maxTaggedResources: 21 },
  ),
  inControl("lists the tags of 19 resources at most", ["channels/tags/20-resources-a-list-accepted"], {
    maxTaggedResources: 19,
  }),
  refusedAs(
    "calls too many resources an InvalidTagParameterException",
    ["channels/tags/20-resources-a-list-accepted"],
    "tags/too-many-arns",
    "InvalidTagParameterException",
  ),
  refusedAs(
    "calls what is no ARN a ResourceNotFoundException",
    ["channels/tags/not-an-arn-refused"],
    "tags/not-an-arn",
    "ResourceNotFoundException",
  ),
  refusedAs(
    "calls tags of an unknown channel a ResourceNotFoundException",
    ["channels/tags/unknown-channel-refused"],
    "tags/unknown-channel",
    "ResourceNotFoundException",
  ),
  refusedAs(
    "calls tags of an unknown store a ResourceNotFoundException",
    ["channels/tags/unknown-store-refused"],
    "tags/unknown-store",
    "ResourceNotFoundException",
  ),
  refusedAs(
    "calls tags of a dashboard an InvalidTrailNameException",
    ["channels/tags/other-resources-refused"],
    "tags/other-resource",
    "InvalidTrailNameException",
  ),
];
