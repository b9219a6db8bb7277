import { randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import { TributaryError } from "@tributary/schema";
import { openSqliteCatalog } from "../catalog/sqlite-catalog.ts";
import { systemClock } from "../clock.ts";
import { changeControl } from "../control/change-control.ts";
import { ControlView } from "../control/control-view.ts";
import { createIdentity } from "../identity/create-identity.ts";
import { putIdentityPolicy } from "../identity/put-identity-policy.ts";
import { openDataDirectory } from "../serve/data-directory.ts";
import { type CommandIo, type CommandValues, readText, required } from "./command.ts";

/** `identity create | list | policy put`: works on the catalog directly, whether or not a lake serves it. */
export async function identityCommand(command: string, values: CommandValues, io: CommandIo): Promise<number> {
  const directory = openDataDirectory(required(values, "data"));
  if (command !== "identity create" && !existsSync(directory.catalogFile))
    throw new TributaryError(`There is no lake in ${directory.path}. "identity create" or "serve" makes one.`, {
      code: "LAKE_NOT_FOUND",
    });
  const catalog = await openSqliteCatalog({ file: directory.catalogFile, clock: systemClock });
  const fresh = async (): Promise<ControlView> => new ControlView(await catalog.readControl());
  const print = (value: Readonly<Record<string, unknown>>, text: string): void =>
    void io.stdout.write(values.json ? `${JSON.stringify(value)}\n` : text);
  try {
    if (command === "identity list") {
      const { state } = await fresh();
      for (const { arn, accountId, name, administrator, policy } of state.identities.values()) {
        const accessKeyIds = [...state.accessKeys.values()]
          .filter((key) => key.identityArn === arn)
          .map((key) => key.accessKeyId);
        const may = administrator ? "administrator" : policy === undefined ? "no policy" : "policy";
        print(
          { arn, accountId, name, administrator, policy: policy !== undefined, accessKeyIds },
          `${arn}  ${may}  ${accessKeyIds.join(" ")}\n`,
        );
      }
      return 0;
    }
    const user = { accountId: required(values, "account"), name: required(values, "name") };
    if (command === "identity policy put") {
      const policy = readText(required(values, "policy"));
      const { arn } = await changeControl(catalog, fresh, (view) => putIdentityPolicy(view, { ...user, policy }));
      print({ arn }, `${arn} has the policy now.\n`);
      return 0;
    }
    const policy = values.policy === undefined ? undefined : readText(values.policy);
    const { identity, accessKey } = await changeControl(catalog, fresh, (view) =>
      createIdentity(
        view,
        { ...user, policy, administrator: values.administrator },
        { now: systemClock.now(), randomBytes },
      ),
    );
    const { accessKeyId, secretAccessKey } = accessKey;
    const may = identity.administrator
      ? "administrator of its account"
      : policy === undefined
        ? "may do nothing until given a policy"
        : "may do what its policy allows";
    print(
      {
        arn: identity.arn,
        accountId: identity.accountId,
        name: identity.name,
        administrator: identity.administrator,
        accessKeyId,
        secretAccessKey,
      },
      `# ${identity.arn}, ${may}. The secret is shown this once.\nexport AWS_ACCESS_KEY_ID=${accessKeyId}\nexport AWS_SECRET_ACCESS_KEY=${secretAccessKey}\n`,
    );
    return 0;
  } finally {
    await catalog.close();
  }
}
