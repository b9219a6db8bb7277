import { formatTables } from "./format-tables.ts";
import { languageTables } from "./language-tables.ts";

/** The README with its generated parts as the source has them: what stands between `<!-- name -->` and `<!-- /name -->`. */
export function withTables(readme: string): string {
  return filled(filled(readme, "language", languageTables()), "formats", formatTables());
}

function filled(readme: string, name: string, text: string): string {
  const begin = readme.indexOf(`<!-- ${name}: `);
  const end = readme.indexOf(`<!-- /${name} -->`);
  const from = readme.indexOf("-->", begin) + 3;
  if (begin < 0 || end < from) throw new TypeError(`README.md has no place for ${name}.`);
  return `${readme.slice(0, from)}\n\n${text}\n\n${readme.slice(end)}`;
}
