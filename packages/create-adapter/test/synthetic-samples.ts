/** Sample files of invented vendors, one for each way records are written. */
export const syntheticSamples: Readonly<Record<string, { readonly file: string; readonly text: string }>> = {
  "json-lines": {
    file: "lines.ndjson",
    text: [
      '{"id":"9f0c1c1e-1111-4111-8111-000000000001","created_at":"2025-11-02T10:11:12.345Z","action":"user.login","actor":{"id":"usr_8101","type":"user","email":"jane@corp.test"},"ip":"203.0.113.9","userAgent":"Mozilla/5.0 (X11; canary)","outcome":{"result":"SUCCESS"}}',
      '{"id":"9f0c1c1e-1111-4111-8111-000000000002","created_at":"2025-11-02T10:12:12.345Z","action":"file.shared","actor":{"id":"usr_8102","type":"user","email":"john@corp.test"},"ip":"2001:db8:1::7","userAgent":"Mozilla/5.0 (X11; canary)","target":[{"id":"f_7731","name":"Gehaltsliste"}],"apiKey":"sk_live_canary"}',
      '{"id":"9f0c1c1e-1111-4111-8111-000000000003","created_at":"2025-11-02T10:13:12.345Z","action":"file.shared","actor":{"id":null,"email":"john@corp.test"},"ip":"n/a","note":"Passwort war Sommer2025"}',
      "",
    ].join("\n"),
  },
  "json-array": {
    file: "array.json",
    text: JSON.stringify(
      [
        {
          eventId: 81_001,
          ts: 1_762_078_272_345,
          operation: "CreateVolume",
          user: "ops-canary",
          size: 3.25,
          ok: true,
          "weird key\n*/": "x",
        },
        { eventId: 81_002, ts: 1_762_078_273_345, operation: "DeleteVolume", user: "ops-canary", size: 12, ok: false },
      ],
      null,
      2,
    ),
  },
  "json-page": {
    file: "page.json",
    text: JSON.stringify({
      meta: { next: "cursor-canary" },
      data: [
        {
          uuid: "a1",
          event: { name: "door.opened", time: "2025-11-02 10:11:12 UTC" },
          badge: { owner: "canary-owner" },
        },
        {
          uuid: "a2",
          event: { name: "door.closed", time: "2025-11-02 10:11:13 UTC" },
          badge: { owner: "canary-owner" },
        },
      ],
    }),
  },
  csv: {
    file: "rows.csv",
    text: '\uFEFFOperation start time,Details,Status,User name,Source IP\r\n2025-11-02T10:11:12Z,"Create File, ""canary"" one",Success,jane@corp.test,203.0.113.9\r\n2025-11-02T10:11:13Z,Delete File,Failed,john@corp.test,\r\n',
  },
  cef: {
    file: "events.cef",
    text: [
      "Nov  2 10:11:12 canary-host CEF:0|Canary Corp|Vault|12.1|300|Retrieve password|5|rt=1762078272345 suser=jane.canary src=203.0.113.9 externalId=77001 cs1Label=Safe Name cs1=Finance-canary msg=a\\=b requestClientApplication=curl/8.1",
      "Nov  2 10:11:13 canary-host CEF:0|Canary Corp|Vault|12.1|301|Store | password".replace(
        "Store | password",
        "Store \\| password",
      ) +
        "|7|rt=1762078273345 suser=john.canary src=203.0.113.10 externalId=77002 cs1Label=Safe Name cs1=Finance-canary reason=",
      "",
    ].join("\n"),
  },
  "two-kinds-of-times": {
    file: "times.ndjson",
    text: [
      '{"time":"2025-11-02T10:11:12+02:00","type":"started","user":{"id":7,"name":"canary-name"}}',
      '{"date":"2025-11-02T10:11:13+02:00","type":"ended","user":{"id":8,"name":"canary-name"}}',
      '{"date":"2025-11-02T10:11:13+02:00","type":"ended","user":"canary-text"}',
      "",
    ].join("\n"),
  },
  "no-time-and-no-name": {
    file: "bare.ndjson",
    text: '{"who":"canary-who","x":{"203.0.113.9":{"seen":3}},"tags":["canary-tag",{"k":"canary-deep"}]}\n{"who":"canary-other"}\n',
  },
  large: {
    file: "large.json",
    text: JSON.stringify([
      {
        time: "2025-11-02T10:11:12Z",
        action: "export",
        body: "canary ".repeat(4000),
        n: 12_345_678_901_234_567_890n.toString(),
      },
    ]),
  },
};
