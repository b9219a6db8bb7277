import { inControl, type Mutant, overlooks, refusedAs, unrefused } from "./mutant.ts";

/** Control planes that read the members of queries otherwise. */
export const queryMemberMutants: readonly Mutant[] = [
  overlooks("looks for a query's store by any text", ["query/member/store-has-its-shape"], (place) =>
    /Quer\w+\/EventDataStore$/.test(place),
  ),
  overlooks("takes any owner of a query's store", ["query/member/owner-account-is-12-to-16-digits"], (place) =>
    /^(?!Start)\w+\/EventDataStoreOwnerAccountId$/.test(place),
  ),
  unrefused("looks for a query's store by any ARN", ["query/member/store-is-a-stores-arn"], "query/not-a-store"),
  refusedAs(
    "calls another ARN than a query's store's an InvalidParameterException",
    ["query/member/store-is-a-stores-arn"],
    "query/not-a-store",
    "InvalidParameterException",
  ),
  inControl(
    "calls a token of a wrong length an InvalidParameterException",
    ["query/member/foreign-token-refused"],
    ({ shapeError }) => ({
      shapeError: (operation, member) =>
        operation === "ListQueries" && member === "NextToken"
          ? "InvalidParameterException"
          : shapeError(operation, member),
    }),
  ),
];
