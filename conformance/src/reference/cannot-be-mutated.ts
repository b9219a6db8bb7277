/** Checks that no mutant fails alone, and why: what they ask for is what every other check stands on. */
export const cannotBeMutated: Readonly<Record<string, string>> = {
  "ingest/channel/by-arn": "every other request names the channel so",
  "ingest/batch/1-entry-accepted": "most requests of the suite have one entry",
  "ingest/event/required-keys-alone-are-enough": "the suite's usual event has no more",
  "ingest/checksum/optional": "most requests of the suite send none",
  "channels/protocol/target-of-botocore": "most requests of the profile have it",
};
