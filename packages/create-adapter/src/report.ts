import type { Guess } from "./proposal/proposal.ts";
import type { Scaffold } from "./scaffold.ts";

/** What was written, what was guessed, what to do next. */
export function report({ proposal, fixtures, files, accepted, samples }: Scaffold, directory: string): string {
  const { times, action, actors, id, addresses, agent } = proposal;
  const guesses: readonly (readonly [string, readonly (Guess | undefined)[]])[] = [
    ["eventTime", times],
    ["eventName", [action]],
    ["principalId", actors],
    ["UID", [id]],
    ["sourceIPAddress", addresses],
    ["userAgent", [agent]],
  ];
  const rows = guesses.map(([member, found]) => {
    const known = found.filter((guess): guess is Guess => guess !== undefined);
    const from = known
      .map(({ path, isSure }) => `${printable(path.join("."))}${isSure ? "" : " (unsure)"}`)
      .join(", else ");
    return `  ${member.padEnd(16)} ${from === "" ? "not found" : from}`;
  });
  return `Wrote ${files.size} files to ${directory}, ${fixtures.length} fixtures among them.
The mapping, a proposal:
${rows.join("\n")}
It makes events of ${accepted} of ${samples} ${samples === 1 ? "sample" : "samples"}. What is unsure is marked TODO in src.

Next:
  cd ${directory}
  npm install
  npm test
`;
}

/** Names from a file, without what a terminal would obey. */
function printable(text: string): string {
  return text.replaceAll(/[\p{Cc}\p{Cf}\p{Cs}]/gu, "?");
}
