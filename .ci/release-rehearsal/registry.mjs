import { mkdirSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";

const version = "6.10.4";

/**
 * Starts verdaccio on a free port of loopback, with its storage on the stage. It takes our packages and those of the strangers
 * of the rehearsal from anybody, never asks another registry for them, and passes every other package on from the
 * registry that npm is set to. Answers its URL.
 */
export async function startRegistry(stage, root) {
  const directory = stage.path("registry");
  const env = stage.environments.own;
  mkdirSync(directory);
  await stage.step(`install verdaccio ${version}`, async () => {
    // Its audit plugin asks for a dist-tag, `node-fetch@cjs`, that mirrors do not always have; the tag stands for 2.x.
    const manifest = { private: true, dependencies: { verdaccio: version }, overrides: { "node-fetch": "2.7.0" } };
    writeFileSync(join(directory, "package.json"), JSON.stringify(manifest));
    await stage.run("npm", ["install", "--ignore-scripts", "--no-package-lock", "--prefer-offline"], {
      cwd: directory,
      env,
    });
  });
  return await stage.step("start the registry and point a stranger's npm at it", async () => {
    const configured = (await stage.run("npm", ["config", "get", "registry"], { cwd: root, env })).trim();
    const port = await freePort();
    const url = `http://127.0.0.1:${port}/`;
    writeFileSync(join(directory, "config.yaml"), configuration(configured));
    const listen = ["--config", "config.yaml", "--listen", `127.0.0.1:${port}`];
    await stage.start("verdaccio", "node", ["node_modules/verdaccio/bin/verdaccio", ...listen], {
      cwd: directory,
      env,
      ready: () => answers(`${url}-/ping`),
    });
    // npm publishes with a token alone; verdaccio lets anybody publish and does not look at it.
    const npmrc = [`registry=${url}`, `//127.0.0.1:${port}/:_authToken=anybody`, "audit=false", "fund=false"];
    writeFileSync(stage.path("home", ".npmrc"), [...npmrc, "update-notifier=false", ""].join("\n"));
    return Object.freeze({ url });
  });
}

/** JSON is YAML. */
function configuration(configured) {
  const open = { access: "$all", publish: "$all", unpublish: "$all" };
  return JSON.stringify({
    storage: "./storage",
    web: { enable: false },
    uplinks: { configured: { url: configured, timeout: "60s", max_fails: 20 } },
    packages: { "@tributary/*": open, "@acme/*": open, "**": { access: "$all", proxy: "configured" } },
    log: { type: "stdout", format: "pretty", level: "warn" },
  });
}

async function answers(url) {
  try {
    return (await fetch(url)).ok || undefined;
  } catch {
    return undefined;
  }
}

/** A port that was free a moment ago. Verdaccio cannot be asked which one it took, so it must be told. */
async function freePort() {
  const server = createServer();
  await new Promise((resolve, reject) => server.once("error", reject).listen(0, "127.0.0.1", resolve));
  const { port } = server.address();
  await new Promise((resolve) => server.close(resolve));
  return port;
}
