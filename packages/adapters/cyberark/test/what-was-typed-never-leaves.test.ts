import { mapFrame } from "@tributary/adapter-kit";
import type { Result } from "@tributary/adapter-kit";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { cyberark } from "../src/index.ts";

const context = {
  accountId: "111122223333",
  origin: { receivedAt: "2026-01-31T12:00:00Z", occurrence: 0 },
};
const mapped = (line: string, format = "syslog"): readonly Result[] =>
  mapFrame(cyberark, format, new TextEncoder().encode(line), context);

const secret = "hunter2-typed";
const command = `mysql -u root -p${secret}; select 1 where a=${secret}`;
const escaped = command.replaceAll(";", String.raw`\;`);
const details = (typed: string) => `DstHost=192.0.2.6;Command=${typed};Protocol=SSH;`;
/** Without the last semicolon and with the escaped ones read. */
const plain = (value: string) => value.replace(/(?<!\\);$/, "").replaceAll("\\;", ";");
const json = (code: string, extra: string) =>
  JSON.stringify({ syslog: { audit_record: { MessageID: code, Desc: "Keystroke logging", ExtraDetails: extra } } });

test.each(["359", "360", "361", "362", "412", "413"])("of a record with code %s, in any translation", (code) => {
  const lines = [
    json(code, details(escaped)),
    json(code, details(command)),
    json(code, details(`set a=1;b=${secret}`)),
    json(code, details(`a;User=x;User=${secret}`)),
    json(code, command),
    json(code, `Command=${command}`),
    json(code, `User=x; Command=${escaped};Protocol=SSH`),
    json(code, `DstHost=x;command=${escaped}`),
    json(code, `COMMAND=${escaped}`),
    JSON.stringify({ MessageID: code, Desc: "SQL Command", ExtraDetails: details(escaped), Message: command }),
    JSON.stringify({ MessageID: code, Desc: "SQL Command", Reason: `Command=${escaped.slice(0, 60)}` }),
    `LEEF:1.0|Cyber-Ark|Vault|14.4|${code}|usrName=ann\tExtraDetails=${details(escaped)}\tReason=Command=${escaped}`,
    `Jan 15 08:00:00 VAULT01 ${json(code, details(escaped))}`,
    `<syslog><audit_record><MessageID>${code}</MessageID><ExtraDetails>${details(escaped)}</ExtraDetails></audit_record></syslog>`,
    `CEF:0|Cyber-Ark|Vault|14.2|${code}|SSH command|5|suser=ann reason="${command}" cs5Label="Other info" cs5="${command}" msg="${command}"`,
    `CEF:0|Cyber-Ark|Vault|14.2|${code}|SSH command|5|suser=ann msg=${secret}`,
    `LEEF:1.0|Cyber-Ark|Vault|14.4|${code}|usrName=ann\tExtraDetails=${details(escaped)}\treason=${escaped.slice(0, 40)}\\`,
  ];
  for (const line of lines) {
    const results = mapped(line);
    expect(results).toMatchObject([{ kind: "event" }]);
    expect(JSON.stringify(results)).not.toContain(secret);
    expect(JSON.stringify(results)).toContain('"kind":"redacted"');
  }
});

test("the Audit service's command neither", () => {
  const record = { uuid: "1", auditCode: "PAM00361", timestamp: 1_768_465_680_904, command };
  expect(JSON.stringify(mapped(JSON.stringify(record), "ndjson"))).not.toContain(secret);
});

test("the reason that a person wrote stays", () => {
  const record = {
    MessageID: "359",
    Desc: "SQL Command",
    ExtraDetails: details(escaped),
    Reason: "Ticket 17, by order",
  };
  expect(JSON.stringify(mapped(JSON.stringify(record), "ndjson"))).toContain("Ticket 17, by order");
});

test("other records keep their details", () => {
  expect(JSON.stringify(mapped(json("411", details(escaped))))).toContain(secret);
});

test("records keep their ids when what they hold is unfolded already", () => {
  const [once] = cyberark.parts(JSON.parse(json("361", details(escaped))));
  expect(cyberark.parts(once!)).toEqual([once]);
  expect(cyberark.map(once!, context)).toEqual(mapped(json("361", details(escaped))));
});

test("details that do not read as keys and values stay as they are, and the others lose nothing", () => {
  const piece = fc.constantFrom("a", "b", "=", ";", "\\;", " ", "Key", "é", "\\");
  fc.assert(
    fc.property(
      fc.array(piece, { maxLength: 20 }).map((pieces) => pieces.join("")),
      (text) => {
        const [record] = cyberark.parts({ MessageID: "7", ExtraDetails: text });
        const { ExtraDetails: read } = record as { ExtraDetails: string | Record<string, string> };
        const written =
          typeof read === "string"
            ? plain(read)
            : Object.entries(read)
                .map(([key, value]) => `${key}=${value}`)
                .join(";");
        expect(written).toBe(plain(text));
      },
    ),
    { numRuns: 2000 },
  );
});
