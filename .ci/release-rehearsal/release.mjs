import { readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";

// The version that bootstrap.mjs and the workspace use.
const pnpm = ["--yes", "pnpm@12.21.0"];

/**
 * Makes a release of HEAD, in a clone: installed, built, with the versions and changelogs of its changesets. Answers the
 * clone's folder and the packages to publish with their new versions.
 */
export async function makeRelease(stage, root) {
  const { own } = stage.environments;
  const directory = stage.path("clone");
  const inClone = (...args) => stage.run("npx", [...pnpm, ...args], { cwd: directory, env: own });
  await stage.step("clone HEAD", async () => {
    const changed = await stage.run("git", ["status", "--porcelain"], { cwd: root, env: own });
    if (changed !== "") process.stdout.write(` (without ${changed.trimEnd().split("\n").length} uncommitted paths)`);
    await stage.run("git", ["clone", "--quiet", root, directory], { env: own });
  });
  await stage.step("install what the lock file names", () =>
    inClone("install", "--frozen-lockfile", "--prefer-offline"),
  );
  await stage.step("build", () => inClone("exec", "turbo", "run", "build", "--output-logs=errors-only"));
  await stage.step("changeset version", async () => {
    const pending = readdirSync(join(directory, ".changeset")).filter((file) => /^(?!README).*\.md$/.test(file));
    // Without any HEAD is a commit that `changeset version` made, and a second one would be an error.
    if (pending.length === 0) process.stdout.write(" (no changesets: the versions are HEAD's)");
    // Changesets calls pnpm by its name to bring the lock file up to date; `pnpm exec` under npx puts it on the path.
    else await inClone("exec", "changeset", "version");
  });
  const packages = await stage.step("see what is to be published", async () => {
    const listed = JSON.parse(await inClone("list", "--recursive", "--depth=-1", "--json"));
    return listed
      .filter((one) => one.private !== true)
      .map(({ path }) => ({ path: relative(directory, path), ...manifestIn(path) }));
  });
  return Object.freeze({ directory, packages });
}

/** Publishes every package of the release, and only those, with `workspace:` ranges replaced as pnpm does it. */
export async function publishRelease(stage, release, registry) {
  await stage.step(`publish ${release.packages.length} packages`, async () => {
    // Provenance is CI's to give. As a stranger, since that one has no token and no registry but the throw-away one.
    const options = ["--no-git-checks", "--provenance=false", "--registry", registry.url, "--report-summary"];
    await stage.run("npx", [...pnpm, "publish", "--recursive", ...options], { cwd: release.directory });
    const summary = JSON.parse(readFileSync(join(release.directory, "pnpm-publish-summary.json"), "utf8"));
    const published = new Set(summary.publishedPackages.map(({ name, version }) => `${name}@${version}`));
    const wanted = release.packages.map(({ name, version }) => `${name}@${version}`);
    const missing = wanted.filter((one) => !published.has(one));
    const unwanted = [...published].filter((one) => !wanted.includes(one));
    if (missing.length + unwanted.length > 0)
      throw new Error(`Not published: ${missing.join(", ") || "-"}; published unasked: ${unwanted.join(", ") || "-"}.`);
  });
}

function manifestIn(directory) {
  const { name, version } = JSON.parse(readFileSync(join(directory, "package.json"), "utf8"));
  return { name, version };
}
