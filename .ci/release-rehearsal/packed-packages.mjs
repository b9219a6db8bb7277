import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path";

/** Looks into every tarball as the registry hands it out, and names all that is wrong with any. */
export async function checkPackedPackages(stage, release, registry) {
  await stage.step("look into the tarballs", async () => {
    const versions = new Map(release.packages.map(({ name, version }) => [name, version]));
    const flaws = [];
    for (const one of release.packages) {
      const directory = await unpack(stage, registry, one);
      const manifest = JSON.parse(readFileSync(join(directory, "package.json"), "utf8"));
      const files = readdirSync(directory, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => normalize(join(entry.parentPath, entry.name)).slice(directory.length + 1));
      const found = [
        ...rangeFlaws(manifest, versions),
        ...fileFlaws(manifest, files),
        ...linkFlaws(files, directory, join(release.directory, one.path)),
        ...changelogFlaws(join(release.directory, one.path), one.version),
      ];
      flaws.push(...found.map((flaw) => `${one.name}@${one.version}: ${flaw}`));
    }
    if (flaws.length > 0) throw new Error(flaws.join("\n"));
  });
}

async function unpack(stage, registry, { name, version }) {
  const directory = stage.path("packed", name);
  mkdirSync(directory, { recursive: true });
  const described = await fetch(new URL(name.replace("/", "%2f"), registry.url));
  const { versions } = await described.json();
  const tarball = await fetch(versions[version].dist.tarball);
  writeFileSync(`${directory}.tgz`, new Uint8Array(await tarball.arrayBuffer()));
  await stage.run("tar", ["-xzf", `${name}.tgz`, "-C", name, "--strip-components=1"], { cwd: stage.path("packed") });
  return directory;
}

/** Ranges that only the workspace understands, and ranges of our own packages that this release does not meet. */
function rangeFlaws(manifest, versions) {
  const kinds = ["dependencies", "peerDependencies", "optionalDependencies", "devDependencies"];
  return kinds.flatMap((kind) =>
    Object.entries(manifest[kind] ?? {}).flatMap(([name, range]) => {
      if (/^(workspace|catalog|link|file):/.test(range)) return [`${kind} has ${name} ${range}`];
      // What only development needs is never installed with a package.
      if (!name.startsWith("@tributary/") || kind === "devDependencies") return [];
      const version = versions.get(name);
      if (version === undefined) return [`${kind} has ${name}, which is not published`];
      return range === version || range === `^${version}` ? [] : [`${kind} has ${name} ${range}, not ${version}`];
    }),
  );
}

/** Files that the manifest names but the tarball lacks, and those that are nobody's business. */
function fileFlaws(manifest, files) {
  const { exports, imports, bin, main, types } = manifest;
  const named = [...pathsIn({ exports, imports, bin, main, types }), "README.md", "LICENSE"];
  const lacking = named.filter((path) => {
    const [start, end = ""] = path.replace(/^\.\//, "").split("*");
    return !files.some((file) => (path.includes("*") ? file.startsWith(start) && file.endsWith(end) : file === start));
  });
  const stray = files.filter((file) => /^(test|test-heavy|bench|node_modules|scripts)\/|\.tsbuildinfo$/.test(file));
  const folders = new Set(stray.map((file) => file.split("/")[0]));
  return [...lacking.map((path) => `no file ${path}`), ...[...folders].map((name) => `${name} should not be in it`)];
}

function pathsIn(value) {
  if (typeof value === "string") return [value];
  return typeof value === "object" && value !== null ? Object.values(value).flatMap(pathsIn) : [];
}

/**
 * Links of the README to files. Registries' sites resolve them in the repository, people in node_modules on their disk: what
 * lies in the package's own folder must be in the tarball, all else in the repository.
 */
function linkFlaws(files, directory, source) {
  const readme = join(directory, "README.md");
  if (!existsSync(readme)) return [];
  const links = [...readFileSync(readme, "utf8").matchAll(/\]\(([^)#\s]+)[^)]*\)/g)].map(([, link]) => link);
  return links
    .filter((link) => !/^[a-z]+:/.test(link))
    .filter((link) => {
      const path = normalize(link).replace(/\/$/, "");
      if (path.startsWith("..")) return !existsSync(join(source, path));
      return !files.some((file) => file === path || dirname(file).startsWith(path));
    })
    .map((link) => `README.md links to ${link}, which is not there`);
}

/** Whoever reads the changelog must find the version they install. */
function changelogFlaws(source, version) {
  const file = join(source, "CHANGELOG.md");
  if (existsSync(file) && readFileSync(file, "utf8").split("\n").includes(`## ${version}`)) return [];
  return [`CHANGELOG.md says nothing of ${version}`];
}
