import { inControl, type Mutant, overlooks, refusedAs } from "./mutant.ts";

/** Clauses of tokens that another server, operation or request made. */
const tokensRefused = [
  "channels/list/channels-foreign-token-refused",
  "channels/list/channels-altered-token-refused",
  "channels/list/channels-token-of-another-operation-refused",
  "channels/list/channels-token-with-other-parameters-refused",
  "channels/list/stores-foreign-token-refused",
  "channels/list/stores-altered-token-refused",
  "channels/list/stores-token-of-another-operation-refused",
  "channels/list/stores-token-with-other-parameters-refused",
];

/** Control planes with other lists. */
export const listMutants: readonly Mutant[] = [
  inControl(
    "skips one between pages",
    [
      "channels/list/channels-complete-in-pages",
      "channels/list/channels-last-page-has-no-token",
      "channels/list/stores-complete-in-pages",
      "channels/list/stores-last-page-has-no-token",
    ],
    { nextIndex: (end) => end + 1 },
  ),
  inControl(
    "repeats one on the next page",
    [
      "channels/list/stores-complete-in-pages",
      "channels/list/stores-without-repeats",
      "channels/list/stores-last-page-has-no-token",
    ],
    { nextIndex: (end) => Math.max(1, end - 1) },
  ),
  inControl(
    "has one page alone",
    [
      "channels/list/channels-complete-in-pages",
      "channels/list/channels-token-3-to-1001",
      "channels/list/channels-altered-token-refused",
      "channels/list/channels-token-of-another-operation-refused",
      "channels/list/channels-token-with-other-parameters-refused",
      "channels/list/stores-complete-in-pages",
      "channels/list/stores-token-3-to-1001",
      "channels/list/stores-altered-token-refused",
      "channels/list/stores-token-of-another-operation-refused",
      "channels/list/stores-token-with-other-parameters-refused",
    ],
    { endsEarly: true },
  ),
  inControl(
    "tells all that it knows in a list",
    ["channels/list/channels-items-are-arn-and-name", "channels/list/stores-items-are-arn-and-name"],
    { listed: (whole) => whole },
  ),
  inControl(
    "has one more on a page than is asked",
    [
      "channels/list/channels-pages-of-1-to-1000",
      "channels/list/channels-token-3-to-1001",
      "channels/list/channels-altered-token-refused",
      "channels/list/channels-token-of-another-operation-refused",
      "channels/list/channels-token-with-other-parameters-refused",
      "channels/list/stores-pages-of-1-to-1000",
    ],
    { pageSize: (asked) => asked + 1 },
  ),
  inControl(
    "never comes to a last page",
    [
      "channels/list/channels-complete-in-pages",
      "channels/list/channels-without-repeats",
      "channels/list/channels-last-page-has-no-token",
      "channels/list/stores-complete-in-pages",
      "channels/list/stores-without-repeats",
      "channels/list/stores-last-page-has-no-token",
    ],
    { nextIndex: () => 0 },
  ),
  overlooks(
    "takes any MaxResults",
    [
      "channels/member/own-error-where-one-fits",
      "channels/list/channels-pages-of-1-to-1000",
      "channels/list/stores-pages-of-1-to-1000",
    ],
    (place, constraint) => place.endsWith("/MaxResults") && constraint === "range",
  ),
  inControl(
    "calls MaxResults out of its range an InvalidParameterException",
    ["channels/member/own-error-where-one-fits", "channels/list/stores-pages-of-1-to-1000"],
    ({ shapeError }) => ({
      shapeError: (operation, member) =>
        member === "MaxResults" ? "InvalidParameterException" : shapeError(operation, member),
    }),
  ),
  inControl(
    "answers a NextToken with the last page",
    [
      "channels/list/channels-complete-in-pages",
      "channels/list/channels-without-repeats",
      "channels/list/channels-items-are-arn-and-name",
      "channels/list/channels-last-page-has-no-token",
      "channels/list/stores-complete-in-pages",
      "channels/list/stores-without-repeats",
      "channels/list/stores-items-are-arn-and-name",
      "channels/list/stores-last-page-has-no-token",
    ],
    {
      answer: (operation, output) =>
        /^List(?:Channels|EventDataStores)$/.test(operation) ? { NextToken: "none-left", ...output } : output,
    },
  ),
  inControl("begins again with a token that it does not know", tokensRefused, ({ refusals }) => ({
    refusals: { ...refusals, "page/token": undefined },
  })),
  refusedAs("calls a foreign token an InvalidTokenException", tokensRefused, "page/token", "InvalidTokenException"),
  inControl("does not sign its tokens", tokensRefused, { signsTokens: false }),
  inControl(
    "has tokens for every operation",
    [
      "channels/list/channels-token-of-another-operation-refused",
      "channels/list/stores-token-of-another-operation-refused",
    ],
    {
      tokenBinding: (_operation, accountId, parameters) => JSON.stringify([accountId, parameters]),
    },
  ),
  inControl(
    "has tokens for any parameters",
    [
      "channels/list/channels-token-with-other-parameters-refused",
      "channels/list/stores-token-with-other-parameters-refused",
    ],
    {
      tokenBinding: (operation, accountId) => JSON.stringify([operation, accountId]),
    },
  ),
  inControl(
    "lists every account's",
    ["channels/list/channels-of-the-callers-account", "channels/list/stores-of-the-callers-account"],
    { listsOwn: false },
  ),
];
