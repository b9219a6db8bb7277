// Fails when a publishable package has no pending changeset and was never released (its version still waits for one).
// `changeset status` compares with a branch that a fresh clone may lack, so the pending files are read here.
import { readdirSync, readFileSync } from "node:fs";
import { execFileSync } from "node:child_process";
import { join } from "node:path";

const pending = readdirSync(".changeset").filter((file) => file.endsWith(".md") && file !== "README.md");
const named = new Set(
  pending.flatMap((file) =>
    [...readFileSync(join(".changeset", file), "utf8").matchAll(/^"([^"]+)": (?:patch|minor|major)$/gm)].map(
      (match) => match[1],
    ),
  ),
);
const manifests = execFileSync(
  "git",
  ["ls-files", "packages/**/package.json", "apps/*/package.json", "conformance/package.json"],
  { encoding: "utf8" },
)
  .split("\n")
  .filter((file) => file !== "" && !file.includes("/test/") && !file.includes("/template"))
  .map((file) => JSON.parse(readFileSync(file, "utf8")));
const tags = execFileSync("git", ["tag", "--list"], { encoding: "utf8" }).split("\n");
const missing = manifests
  .filter((one) => one.private !== true && !named.has(one.name) && !tags.includes(`${one.name}@${one.version}`))
  .map((one) => one.name);
const unknown = [...named].filter((name) => !manifests.some((one) => one.name === name));
if (missing.length + unknown.length > 0) {
  console.error(
    `no changeset for: ${missing.join(", ") || "-"}; changesets name unknown packages: ${unknown.join(", ") || "-"}`,
  );
  process.exit(1);
}
console.log(`${named.size} packages have a changeset.`);
