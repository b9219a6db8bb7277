import { findsAProblem, inControl, type Mutant, overlooks, refusedAs, unrefused } from "./mutant.ts";

const isName = (place: string): boolean => /^(?:Create|Update)EventDataStore\/Name$/.test(place);
const nameLength = ({ Name: name }: Readonly<Record<string, unknown>>): number =>
  typeof name === "string" ? name.length : 0;
const isStores = (operation: string): boolean => /^(?:Create|Update)EventDataStore$/.test(operation);
const without = (output: object, member: string): object =>
  Object.fromEntries(Object.entries(output).filter(([key]) => key !== member));

/** Control planes with other event data stores. */
export const storeMutants: readonly Mutant[] = [
  ...Object.entries({
    AdvancedEventSelectors: ["channels/store/create-answers-what-it-made"],
    TagsList: ["channels/store/create-answers-what-it-made"],
  }).map(([member, kills]) =>
    inControl(`answers no ${member} to CreateEventDataStore`, kills, {
      answer: (operation, output) => (operation === "CreateEventDataStore" ? without(output, member) : output),
    }),
  ),
  ...Object.entries({
    Status: [
      "channels/store/get-answers-what-it-is",
      "channels/store/enabled-when-made",
      "channels/deletion/waits",
      "channels/restore/enables-it",
      "channels/ingestion-switch/stops-and-starts",
    ],
    BillingMode: ["channels/store/get-answers-what-it-is", "channels/store/extendable-stays"],
    UpdatedTimestamp: [
      "channels/protocol/times-are-seconds",
      "channels/store/get-answers-what-it-is",
      "channels/store/updated-after-created",
    ],
  }).map(([member, kills]) =>
    inControl(`answers no ${member} to GetEventDataStore`, kills, {
      answer: (operation, output) => (operation === "GetEventDataStore" ? without(output, member) : output),
    }),
  ),
  inControl(
    "has the billing of before by default",
    [
      "channels/store/default-billing-mode-extendable",
      "channels/store/default-retention-366",
      "channels/store/retention-extendable-3653-accepted",
      "channels/store/extendable-stays",
    ],
    ({ defaults }) => ({
      defaults: { ...defaults, billingMode: "FIXED_RETENTION_PRICING" },
    }),
  ),
  inControl("keeps events for 2557 days by default", ["channels/store/default-retention-366"], ({ defaults }) => ({
    defaults: { ...defaults, retentionDays: () => 2557 },
  })),
  inControl(
    "keeps events for 366 days by default, however they are paid",
    ["channels/store/default-retention-fixed-2557"],
    ({ defaults }) => ({
      defaults: { ...defaults, retentionDays: () => 366 },
    }),
  ),
  inControl("protects no store by default", ["channels/store/default-termination-protection"], ({ defaults }) => ({
    defaults: { ...defaults, terminationProtection: false },
  })),
  inControl(
    "has activity stores of all regions",
    ["channels/store/default-one-region", "channels/store/region-as-given"],
    ({ defaults }) => ({
      defaults: { ...defaults, multiRegion: true },
    }),
  ),
  inControl("answers organizations' stores", ["channels/store/default-no-organization"], {
    answer: (operation, output) =>
      operation === "CreateEventDataStore" ? { ...output, OrganizationEnabled: true } : output,
  }),
  inControl(
    "leaves a new store in CREATED",
    ["channels/store/enabled-when-made", "channels/restore/enables-it", "channels/ingestion-switch/stops-and-starts"],
    {
      answer: (_operation, output) =>
        "Status" in output && output.Status === "ENABLED" ? { ...output, Status: "CREATED" } : output,
    },
  ),
  inControl("says nothing of federation", ["channels/store/federation-off"], {
    answer: (operation, output) => (operation === "GetEventDataStore" ? without(output, "FederationStatus") : output),
  }),
  overlooks(
    "takes stores' names of any length",
    ["channels/member/own-error-where-one-fits", "channels/store/name-3-to-128"],
    (place, constraint) => isName(place) && constraint === "length",
  ),
  overlooks(
    "takes stores' names of 129 characters",
    ["channels/store/name-3-to-128"],
    (place, constraint, input) => isName(place) && constraint === "length" && nameLength(input) === 129,
  ),
  overlooks(
    "takes stores' names of two characters",
    ["channels/member/own-error-where-one-fits", "channels/store/name-3-to-128"],
    (place, constraint, input) => isName(place) && constraint === "length" && nameLength(input) === 2,
  ),
  findsAProblem("takes stores' names of 127 characters at most", ["channels/store/name-3-to-128"], (operation, input) =>
    isStores(operation) && nameLength(input) === 128 ? "/Name" : undefined,
  ),
  findsAProblem(
    "takes stores' names of four characters and more",
    ["channels/store/name-3-to-128"],
    (operation, input) => (isStores(operation) && nameLength(input) === 3 ? "/Name" : undefined),
  ),
  overlooks(
    "takes stores' names of any characters",
    ["channels/store/name-characters"],
    (place, constraint) => isName(place) && constraint === "pattern",
  ),
  unrefused(
    "takes the same store's name twice",
    ["channels/store/name-unique", "channels/deletion/name-stays-taken"],
    "store/name-taken",
  ),
  refusedAs(
    "calls a store's name that is taken a conflict",
    ["channels/store/name-unique", "channels/deletion/name-stays-taken"],
    "store/name-taken",
    "ConflictException",
  ),
  unrefused("renames a store as another is named", ["channels/store/new-name-unique"], "store/new-name-taken"),
  unrefused("takes any selectors for a new store", ["channels/store/selects-activity-events-alone"], "store/selectors"),
  refusedAs(
    "calls other selectors an InvalidParameterException",
    ["channels/store/selects-activity-events-alone"],
    "store/selectors",
    "InvalidParameterException",
  ),
  unrefused(
    "makes an activity store one of other events",
    ["channels/store/stays-an-activity-store"],
    "store/other-category",
  ),
  overlooks("takes selectors' names of any length", ["channels/store/selector-name-to-1000"], (place) =>
    place.endsWith("/AdvancedEventSelectors/*/Name"),
  ),
  findsAProblem(
    "counts selectors' names in UTF-16",
    ["channels/store/selector-name-to-1000"],
    (operation, { AdvancedEventSelectors: list }) =>
      operation === "UpdateEventDataStore" && JSON.stringify(list ?? null).includes("😀".repeat(501))
        ? "/AdvancedEventSelectors"
        : undefined,
  ),
  findsAProblem(
    "takes selectors' names of 999 characters at most",
    ["channels/store/selector-name-to-1000"],
    (operation, { AdvancedEventSelectors: list }) =>
      operation === "UpdateEventDataStore" && JSON.stringify(list ?? null).includes("a".repeat(1000))
        ? "/AdvancedEventSelectors"
        : undefined,
  ),
  unrefused("takes activity stores of all regions", ["channels/store/of-one-region"], "store/many-regions"),
  unrefused("takes activity stores of an organization", ["channels/store/of-one-account"], "store/organization"),
  overlooks("looks for keys of any form", ["channels/member/own-error-where-one-fits"], (place) =>
    place.endsWith("/KmsKeyId"),
  ),
  findsAProblem(
    "takes keys of 349 characters at most",
    ["channels/store/key-1-to-350"],
    (_operation, { KmsKeyId: key }) => (String(key).length === 350 ? "/Name" : undefined),
  ),
  unrefused("takes any key", ["channels/store/key-1-to-350", "channels/store/unknown-key-refused"], "store/key"),
];
