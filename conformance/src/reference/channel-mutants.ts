import { findSource } from "@tributary/schema";
import { findsAProblem, inControl, type Mutant, overlooks, refusedAs, unrefused } from "./mutant.ts";

/** An answer without a member. */
const without = (output: object, member: string): object =>
  Object.fromEntries(Object.entries(output).filter(([key]) => key !== member));

const isName = (place: string): boolean => /^(?:Create|Update)Channel\/Name$/.test(place);
const nameLength = ({ Name: name }: Readonly<Record<string, unknown>>): number =>
  typeof name === "string" ? name.length : 0;
const isChannels = (operation: string): boolean => /^(?:Create|Update)Channel$/.test(operation);

/** Control planes with other channels. */
export const channelMutants: readonly Mutant[] = [
  ...Object.entries({
    Source: [
      "channels/channel/create-answers-what-it-made",
      "channels/channel/get-answers-what-it-is",
      "channels/channel/source-stays",
    ],
    Destinations: ["channels/channel/create-answers-what-it-made", "channels/channel/get-answers-what-it-is"],
    Tags: ["channels/channel/create-answers-what-it-made"],
  }).map(([member, kills]) =>
    inControl(`answers no ${member} to CreateChannel`, kills, {
      answer: (operation, output) => (operation === "CreateChannel" ? without(output, member) : output),
    }),
  ),
  ...Object.entries({
    Name: [
      "channels/channel/get-answers-what-it-is",
      "channels/channel/name-unique",
      "channels/channel/new-name-unique",
      "channels/channel/deletion-frees-name-and-source",
      "channels/channel/update-answers-what-it-is",
    ],
    Source: [
      "channels/channel/get-answers-what-it-is",
      "channels/channel/one-per-source-names-its-refusal",
      "channels/channel/deletion-frees-name-and-source",
      "channels/channel/update-answers-what-it-is",
      "channels/channel/source-stays",
    ],
    Destinations: [
      "channels/arn/location-by-arn-or-id",
      "channels/channel/get-answers-what-it-is",
      "channels/destination/update-replaces-the-list",
      "channels/channel/update-answers-what-it-is",
    ],
  }).map(([member, kills]) =>
    inControl(`answers no ${member} to GetChannel`, kills, {
      answer: (operation, output) => (operation === "GetChannel" ? without(output, member) : output),
    }),
  ),
  inControl("answers no Destinations to UpdateChannel", ["channels/channel/update-answers-what-it-is"], {
    answer: (operation, output) => (operation === "UpdateChannel" ? without(output, "Destinations") : output),
  }),
  inControl(
    "answers the new name and keeps the old",
    ["channels/channel/name-3-to-128", "channels/channel/update-answers-what-it-is"],
    {
      answer: (operation, output) => (operation === "UpdateChannel" ? { ...output, Name: "something-else" } : output),
    },
  ),
  overlooks(
    "takes channels' names of any length",
    ["channels/member/own-error-where-one-fits", "channels/channel/name-3-to-128"],
    (place, constraint) => isName(place) && constraint === "length",
  ),
  findsAProblem(
    "takes channels' names of 127 characters at most",
    ["channels/channel/name-3-to-128"],
    (operation, input) => (isChannels(operation) && nameLength(input) === 128 ? "/Name" : undefined),
  ),
  findsAProblem(
    "takes channels' names of four characters and more",
    ["channels/channel/name-3-to-128"],
    (operation, input) => (isChannels(operation) && nameLength(input) === 3 ? "/Name" : undefined),
  ),
  overlooks(
    "takes channels' names of 129 characters",
    ["channels/channel/name-3-to-128"],
    (place, constraint, input) => isName(place) && constraint === "length" && nameLength(input) === 129,
  ),
  overlooks(
    "takes channels' names of two characters",
    ["channels/member/own-error-where-one-fits", "channels/channel/name-3-to-128"],
    (place, constraint, input) => isName(place) && constraint === "length" && nameLength(input) === 2,
  ),
  overlooks(
    "takes channels' names of any characters",
    ["channels/member/own-error-where-one-fits", "channels/channel/name-characters"],
    (place, constraint) => isName(place) && constraint === "pattern",
  ),
  findsAProblem(
    "wants no dots in a channel's name",
    ["channels/channel/name-characters"],
    (operation, { Name: name }) => (isChannels(operation) && String(name).includes(".") ? "/Name" : undefined),
  ),
  inControl("cuts names at 64 characters", ["channels/channel/name-3-to-128", "channels/store/name-3-to-128"], {
    kept: (name) => name.slice(0, 64),
  }),
  unrefused("takes the same channel's name twice", ["channels/channel/name-unique"], "channel/name-taken"),
  refusedAs(
    "calls a channel's name that is taken a conflict",
    ["channels/channel/name-unique"],
    "channel/name-taken",
    "ConflictException",
  ),
  unrefused("renames a channel as another is named", ["channels/channel/new-name-unique"], "channel/new-name-taken"),
  unrefused(
    "has any number of channels of a source",
    ["channels/channel/one-per-source", "channels/channel/one-per-source-names-its-refusal"],
    "channel/source-taken",
  ),
  refusedAs(
    "calls a source that is taken an InvalidSourceException",
    ["channels/channel/one-per-source-names-its-refusal"],
    "channel/source-taken",
    "InvalidSourceException",
  ),
  inControl(
    "forgets tags of a creation",
    ["channels/channel/several-tags-at-creation", "channels/store/create-answers-what-it-made"],
    { tagsAtCreation: () => new Map() },
  ),
  inControl("does not know LaunchDarkly", ["channels/source/every-one-of-the-table"], {
    isSource: (source) => findSource(source) !== undefined && source !== "LaunchDarkly",
  }),
  inControl(
    "takes any source",
    ["channels/source/unknown-refused", "channels/source/case-sensitive", "channels/source/obsolete-names-refused"],
    { isSource: () => true },
  ),
  inControl("takes sources in any case", ["channels/source/case-sensitive"], {
    isSource: (source) =>
      ["custom", "wizauditlogs", "github"].includes(source.toLowerCase()) || findSource(source) !== undefined,
  }),
  inControl("takes obsolete sources", ["channels/source/obsolete-names-refused"], {
    isSource: (source) => findSource(source) !== undefined || source === "NordcloudKlarity",
  }),
  refusedAs(
    "calls an unknown source an InvalidParameterException",
    ["channels/source/unknown-refused", "channels/source/case-sensitive", "channels/source/obsolete-names-refused"],
    "channel/source-unknown",
    "InvalidParameterException",
  ),
  inControl("changes a channel's source", ["channels/channel/source-stays"], {
    newSource: (source, given) => (typeof given === "string" ? given : source),
  }),
  inControl(
    "keeps channels that are deleted",
    [
      "channels/channel/delete-ends-it",
      "channels/channel/deletion-frees-name-and-source",
      "channels/channel/tags-and-policy-go-with-it",
      "channels/deletion/waits?",
      "channels/deletion/is-listed-while-it-waits?",
      "channels/deletion/twice-refused?",
      "channels/deletion/no-update-while-it-waits?",
      "channels/deletion/no-tags-while-it-waits?",
      "channels/deletion/no-ingestion-change-while-it-waits?",
      "channels/deletion/name-stays-taken?",
      "channels/restore/enables-it?",
      "channels/restore/keeps-what-it-was?",
      "channels/restore/protection-keeps-its-value?",
      "channels/restore/takes-events-again?",
    ],
    { deletes: (what) => what !== "channel" },
  ),
  inControl("never frees a channel's name", ["channels/channel/deletion-frees-name-and-source"], { freesNames: false }),
  inControl("keeps tags of a channel that is gone", ["channels/channel/tags-and-policy-go-with-it"], {
    forgetsTags: false,
  }),
  unrefused(
    "takes an update of a channel that changes nothing",
    ["channels/member/own-error-where-one-fits", "channels/channel/update-needs-something"],
    "channel/nothing-new",
  ),
  inControl(
    "renames a channel before it looks at the destinations",
    ["channels/channel/refused-update-changes-nothing"],
    { checksFirst: false },
  ),
];
