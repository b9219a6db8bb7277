import type { ControlReason } from "./control-refusals.ts";
import type { QueryRules } from "./query-rules.ts";

/** Checks that no mutant fails alone, and why: what they ask for is what every other check stands on. */
export const cannotBeMutated: Readonly<Record<string, string>> = {
  "ingest/channel/by-arn": "every other request names the channel so",
  "ingest/batch/1-entry-accepted": "most requests of the suite have one entry",
  "ingest/event/required-keys-alone-are-enough": "the suite's usual event has no more",
  "ingest/checksum/optional": "most requests of the suite send none",
  "channels/protocol/target-of-botocore": "most requests of the profile have it",
};

/** Refusals of the reference lake that no mutant leaves out or gives another name, and why. */
export const refusalsWithoutMutant: Readonly<Partial<Record<ControlReason | keyof QueryRules["refusals"], string>>> = {
  "channel/too-many": "there are 16 sources with one channel each: nobody comes to the 26th channel",
  "channel/region-without-integrations": "the server's region is the host's choice: no check asks in such a region",
  "store/no-selectors": "elsewhere such a request makes a store of management events: no check sends it",
  "tags/next-token": "NextToken of ListTags is reserved: nothing is said of what it does",
  "start/nothing": "its name is not fixed; that it is left out has a mutant, which starts nothing",
  "start/alias": "its name is not fixed; that it is left out has a mutant, which takes any alias",
  "start/delivery": "a server that delivers does not refuse it, and a URI that is none breaks its shape before",
  "query/nothing": "its name is not fixed; that it is left out has mutants, which take the last query",
  "store/denied": "its name is not fixed; that it is left out has mutants, of what a store's policy decides",
};
