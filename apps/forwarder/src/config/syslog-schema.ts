import { type Static, Type as T } from "@sinclair/typebox";

const closed = { additionalProperties: false } as const;
const text = (description: string) => T.String({ minLength: 1, description });
const whole = (minimum: number, maximum: number, normal: number, description: string) =>
  T.Integer({ minimum, maximum, default: normal, description });
const networks = (description: string) => T.Array(T.String({ minLength: 1 }), { minItems: 1, description });

/** Where something listens. */
const address = {
  host: T.String({ default: "127.0.0.1", minLength: 1, description: "Address to listen on." }),
  port: T.Integer({ minimum: 0, maximum: 65_535, description: "Port to listen on; 0 takes a free one." }),
};

const listener = T.Object(
  {
    name: T.String({
      pattern: "^[a-z0-9][a-z0-9._-]{0,62}$",
      default: "syslog",
      description: "Names it in integrations, in logs and in metrics; needed where there are several.",
    }),
    udp: T.Optional(
      T.Object(
        {
          ...address,
          receiveBufferBytes: whole(
            8192,
            1_073_741_824,
            8_388_608,
            "What the kernel holds of datagrams; it may allow less, see net.core.rmem_max.",
          ),
        },
        { ...closed, description: "RFC 5426. A datagram that finds no room is lost, and counted." },
      ),
    ),
    tcp: T.Optional(
      T.Object(address, { ...closed, description: "RFC 6587: both framings, told apart by each message." }),
    ),
    tls: T.Optional(
      T.Object(
        {
          ...address,
          cert: text("Certificate chain, PEM."),
          key: text("Its private key, PEM."),
          clientCa: T.Optional(text("Certificates that signed the senders', PEM: only senders with one are taken.")),
        },
        { ...closed, description: "RFC 5425. The files are read again at SIGHUP." },
      ),
    ),
    allow: T.Optional(
      networks("Who may send: addresses and networks such as 192.0.2.0/24. Default: anybody on this machine."),
    ),
    maxMessageBytes: whole(
      1024,
      16_777_216,
      262_144,
      "Longest message; a longer one becomes dead letters, one for each part of this length.",
    ),
    maxConnections: whole(1, 65_536, 256, "Connections of tcp and of tls; more are closed at once, and counted."),
    idleSeconds: whole(0, 604_800, 3600, "A connection that sends nothing for so long is closed; 0: never."),
  },
  closed,
);

/** Listeners for syslog; several integrations may share one. */
export const syslogListeners = T.Array(listener, {
  minItems: 1,
  maxItems: 64,
  description: "Where syslog is received. Which integration a message belongs to is said by the syslog of each.",
});

const patterns = (what: string) =>
  T.Array(text(`${what}; * stands for any text, and case does not matter.`), { minItems: 1 });

/** Of an integration: which messages are its. */
export const syslogSource = T.Object(
  {
    listener: T.Optional(text("Name of the listener. Default: each.")),
    from: T.Optional(networks("Addresses of senders, as the connection tells them.")),
    host: T.Optional(patterns("Host of the syslog header")),
    app: T.Optional(patterns("APP-NAME of the syslog header, or the tag of RFC 3164")),
    format: T.Optional(
      text("A format of the adapter. Default: syslog. Any other is given what stands behind the syslog header."),
    ),
  },
  {
    ...closed,
    description:
      "Syslog messages that fit all of its members; {} takes each. The first integration of the file that fits takes it.",
  },
);

export type SyslogListenerConfig = Static<typeof listener>;
export type SyslogSourceConfig = Static<typeof syslogSource>;
