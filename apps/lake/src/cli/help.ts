import { usage } from "./usage.ts";

/** Words by which a command's section is headed, where they are not its own first one. */
const headings: Readonly<Record<string, string>> = { store: "purge", events: "purge", heads: "verify" };

/** The help of one command, or of those that begin so; of every one when there is none such. */
export function helpOf(command: string): string {
  const [title = "", synopsis = "", ...sections] = usage.trimEnd().split("\n\n");
  const wanted = command.split(" ");
  // A line that is indented further goes on with the one before.
  const lines = synopsis.split(/\n(?= {2}tributary-lake )/).filter((line) => begins(wordsOf(line), wanted));
  if (command === "" || lines.length === 0) return usage;
  const first = wanted[0]!;
  const own = sections.filter((section) => headOf(section).includes(headings[first] ?? first));
  const shared = sections.filter((section) => ["common", "exit codes"].includes(section.split("\n", 1)[0]!));
  return [title, lines.join("\n"), ...own, ...shared].join("\n\n").concat("\n");
}

function headOf(section: string): readonly string[] {
  return section.split("\n", 1)[0]!.split(" ");
}

/** `identity key disable | enable | delete` is three commands: each place of it, with the words that may be there. */
function wordsOf(line: string): readonly (readonly string[])[] {
  const [first = "", ...others] = line.trim().replace("tributary-lake ", "").split(" --", 1)[0]!.split(" | ");
  const words = first.split(" ");
  return words.map((word, at) => (at === words.length - 1 ? [word, ...others] : [word]));
}

function begins(words: readonly (readonly string[])[], wanted: readonly string[]): boolean {
  return wanted.length <= words.length && wanted.every((word, at) => words[at]?.includes(word) === true);
}
