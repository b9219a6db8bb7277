export const usage = `tributary-lake: an open CloudTrail Lake on your own machine.

  tributary-lake serve --data DIR [options]
  tributary-lake identity create --data DIR --account ID --name NAME [--policy FILE] [--administrator]
  tributary-lake identity list --data DIR
  tributary-lake identity delete --data DIR --account ID --name NAME
  tributary-lake identity disable | enable --data DIR --account ID --name NAME
  tributary-lake identity policy put --data DIR --account ID --name NAME --policy FILE [--policy-name P]
  tributary-lake identity policy list --data DIR --account ID --name NAME
  tributary-lake identity policy delete --data DIR --account ID --name NAME [--policy-name P]
  tributary-lake identity key create --data DIR --account ID --name NAME
  tributary-lake identity key disable | enable | delete --data DIR --access-key-id ID
  tributary-lake identity role create --data DIR --account ID --name ROLE --trust-policy FILE [--policy FILE]
                              [--max-session-duration S]
  tributary-lake identity role list --data DIR
  tributary-lake identity role delete --data DIR --account ID --name ROLE
  tributary-lake identity role policy put --data DIR --account ID --name ROLE --policy FILE [--policy-name P]
  tributary-lake identity role policy delete --data DIR --account ID --name ROLE [--policy-name P]
  tributary-lake identity role trust put --data DIR --account ID --name ROLE --trust-policy FILE
  tributary-lake identity role revoke-sessions --data DIR --account ID --name ROLE
  tributary-lake identity session create --data DIR --account ID --name ROLE [--session-name S] [--duration S] [--policy FILE]
  tributary-lake identity master-key rotate --data DIR [--new-master-key-file FILE] [--new-data-key]
  tributary-lake account disable | enable --data DIR --account ID
  tributary-lake doctor --data DIR [--endpoint URL]
  tributary-lake verify --data DIR [--store ID] [--heads FILE] [--signed-heads DIR --public-key FILE]
  tributary-lake heads --data DIR
  tributary-lake export --data DIR --store ID [--from T] [--to T] [--out FILE]
  tributary-lake rebuild --data DIR --store ID | --all
  tributary-lake backup --data DIR --to DIR
  tributary-lake restore --data NEWDIR --from DIR
  tributary-lake store purge --data DIR --store ID
  tributary-lake events purge --data DIR --store ID --event-ids FILE
  tributary-lake purge list --data DIR

serve
  --data DIR             where the lake keeps everything; made with mode 0700 (default $TRIBUTARY_LAKE_DATA)
  --region REGION        region of the endpoint and of every ARN (default us-east-1)
  --host HOST            address to listen on (default 127.0.0.1)
  --port PORT            port to listen on, 0 for a free one (default 4570)
  --workers N            processes that take PutAuditEvents, on Linux; elsewhere it is one (default 1, 32 at most)
  --tls-cert FILE        certificate chain, PEM
  --tls-key FILE         its private key, PEM
  --insecure             listen on other addresses than loopback without TLS
  --strict               refuse events with unknown keys or a sourceIPAddress that is no address
  --default-category ActivityAuditLog
                         the category of event data stores created without selectors
  --quotas aws|default   default: 25 channels and 10 event data stores an account, one channel a source, no limit
                         of calls; aws: AWS's limits of calls too (100 PutAuditEvents a second, 10 of each Get,
                         Describe and List, 3 StartQuery and CancelQuery, 1 of each other operation)
  --channels N, --channels-per-source N, --event-data-stores N, --concurrent-queries N, --tags-per-resource N
                         another quota than 25 channels, 1 channel a source, 10 event data stores, 10 queries queued or
                         running an account, and 50 tags a resource
  --put-rate N           PutAuditEvents calls a second that an account may make (default: no limit; 100 with
                         --quotas aws)
  --event-time-ahead HOURS
                         how far ahead of the lake's clock an eventTime may lie (default 24; 8760 at most)
  --cors-origins ORIGIN,ORIGIN
                         web pages of these origins, such as https://app.example.com, may call PutAuditEvents
                         (default: of none)
  --external-id-mode gate|iam
                         gate: where a channel's policy names an external id, every call must carry it, the
                         owner's too; iam: only as IAM evaluates it (default gate)
  --sources FILE         more sources than AWS's sixteen: a JSON list of objects with name, displayName,
                         type (direct or solution) and, as needed, partnerAccountIds, documentationUrl,
                         eventSources (the only ones its channels may carry)
  --metrics-port PORT    serve /metrics for Prometheus, and /healthz and /readyz, on this port; 0 for a free one
                         (default: metrics are not served; the probes are on --port too)
  --metrics-host HOST    address of the metrics (default 127.0.0.1)
  --access-log data|off|-
                         a line for each control call, query and refusal: to files in access/ of the data
                         directory, not at all, or to standard output (default data)
  --access-log-days N    days that its files are kept (default 90)
  --access-log-bytes N   what its files may take together; beyond it the oldest are deleted (default 4294967296,
                         4 GiB; 1048576 at least)
  --removed-grace MINUTES
                         how long a table file that was merged, rebuilt or dropped stays for readers of the published
                         tables (default 10, which is the least; 43200 at most)
  --sign-heads KEYFILE   sign where each store's history ends, by the hour, with the Ed25519 private key in this PEM
                         file, which is kept outside of the data directory
  --signed-heads DIR     where the signed heads go (default signed-heads in the data directory)
  --max-result-bytes N   bytes that one query's result may take on the disk; a query with more fails
                         (default 1073741824, 1 GiB)
  --delivery-directory DIR
                         where queries with a DeliveryS3Uri leave their results: s3://BUCKET/PREFIX is
                         DIR/ACCOUNT/BUCKET/PREFIX, and ACCOUNT/BUCKET must be there
  --delivery-s3-endpoint URL
                         or a server that speaks S3's API, such as https://s3.example.com, with the credentials
                         AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_SESSION_TOKEN of the environment;
                         plain http beyond loopback needs --insecure
  --delivery-s3-region REGION
                         region that its requests are signed for (default: the lake's)
  --delivery-buckets FILE
                         which of its buckets each account may deliver to, JSON: {"ACCOUNT": ["BUCKET"]}
  --child-user NAME      when run as root, the user that query processes become (default nobody)
  SIGTERM and SIGINT finish what is in flight, for 30 seconds at most, and end it with exit code 0. SIGHUP reads the
  certificate and its key again, and begins new files of the access log: for whoever renews the one or moves away the other

identity and account
  create                 makes a user and prints its access key, once. The first user of an account is its
                         administrator; a later one may do nothing until it is given a policy
  list                   shows users and access key ids, never secrets
  delete                 deletes a user with its policy and its access keys
  disable, enable        of a disabled user no key is accepted, and no session that it began
  policy put             gives a user an identity policy, in place of the one of that name (default "default");
                         a user has ten at most, and all of them count
  policy list, delete    shows a user's policies, deletes one
  key create             makes another access key, two at most a user, and prints it, once
  key disable, enable, delete
                         a disabled or deleted key is answered as an unknown one; a disabled one can come back
  role create            makes a role: rights that those whom its trust policy names take on for a time, by
                         AssumeRole of AWS's token service, which the lake speaks on the same endpoint
  role list, delete      shows roles; deletes one, which ends its sessions
  role policy put, delete, role trust put
                         changes what a role may do and who may take it on
  role revoke-sessions   ends the sessions of a role that were made until now
  session create         prints credentials of a role that end by themselves; with --json as the AWS CLI's
                         credential_process wants them
  master-key rotate      changes the master key, while the lake runs; with --new-data-key what it seals is sealed
                         anew too, which ends sessions
  account disable, enable
                         of a disabled account no key is accepted, and its channels take no events
  --account ID           12 digits, such as 111122223333
  --name NAME            1 to 64 of A-Z a-z 0-9 + = , . @ _ -
  --access-key-id ID     of the key to change, as "identity list" shows it
  --policy FILE          identity policy, JSON
  --policy-name NAME     of the identity policy to put or delete (default "default")
  --trust-policy FILE    who may take on the role, JSON
  --max-session-duration SECONDS
                         the longest session of the role, 3600 to 43200 (default 3600)
  --session-name NAME    2 to 64 of A-Z a-z 0-9 + = , . @ _ - (default host)
  --duration SECONDS     of the session, at most the role's longest (default 3600)
  --new-master-key-file FILE
                         changes to the key in this file; without it the present file gets a new one
  --new-data-key         also makes a new data key: after the old one may have been seen
  --administrator        makes a later user an administrator too
  These commands also work while a lake serves the directory.

doctor
  looks at what a lake needs and names what is wrong, with what to do: the release of Node, the directory, its owner and
  its file system, room on the disk, the catalog's format and log, what waits in the journal, the clock, the master key,
  the user of queries. Changes nothing, and works while a lake serves the directory. Exit code 0: nothing fails, though
  there may be warnings; 1: something does
  --endpoint URL         also compares this machine's clock with that endpoint's
  --child-user NAME      as of serve

verify and heads
  verify                 proves that nothing was changed: each store's chain of commits, the hash of every file, the
                         journal, the Delta log, missing and extra objects. Exit code 0: sound; 1: problems, each named
  heads                  prints where each store's history ends. Kept elsewhere, it lets verify find an end cut off
  --store ID             this store alone
  --heads FILE           what "heads --json" printed before
  --signed-heads DIR     what "serve --sign-heads" wrote: finds a history that was written anew, or cut off before the
                         newest of them
  --public-key FILE      the public key, PEM; of a key that was changed both, one after the other
  These commands also work while a lake serves the directory.

purge
  store purge            takes a deleted event data store away now, in place of seven days after its deletion
  events purge           takes events of a store away, and keeps them from coming back when they are sent again
  purge list             what was ordered, and how far it is
  --store ID             the store
  --event-ids FILE       eventIDs, one a line, 100,000 at most
  They wait until nothing is left in the data directory. While a lake serves it, that lake does the work; otherwise
  the command does. Ctrl-C ends the waiting, not the order.

export
  prints a store's events, one JSON object a line, each once and with the text that was received; what waits in the
  journal is moved into the tables first, by the lake that serves or by the command itself
  --store ID             the store
  --from T, --to T       eventTimes from this one on, and before that one: 2026-01-31 or 2026-01-31T12:00:00Z
  --out FILE             where to, when it is whole; mode 0600 (default standard output)

rebuild
  makes the typed columns of table files from the text of their events again, where they differ from what this
  release makes of it; the text stays as it is. Works while a lake serves the directory
  --store ID | --all     one store, or each

backup and restore
  backup                 copies the lake, while it runs, with everything acknowledged before; what the directory holds
                         of an earlier backup is not copied again, and that backup stays whole until this one is
  restore                makes a new data directory of a backup, when every file and each history in it is proved
  --to DIR               where backups of this lake are kept; made with mode 0700
  --from DIR             a directory that backup wrote
  The master key is in no backup: keep it elsewhere, and put it into the new directory.

common
  --master-key-file FILE what the lake's secrets are sealed with: 32 random bytes in Base64, mode 0600 (default
                         $TRIBUTARY_LAKE_MASTER_KEY_FILE, then the key itself in $TRIBUTARY_LAKE_MASTER_KEY, then
                         master.key in the data directory, made when there is none)
  --json                 print JSON, one value a line; a failure too, to standard error: code, message, retryable
  --help                 print this; after a command, what there is to say of it. "help COMMAND" does the same
  --version              print the version

exit codes
  0  done    1  failed, or verify and doctor found something    2  wrong usage
  3  the data directory is in use by another lake
  SIGINT and SIGTERM stop export, backup, restore and rebuild in good order, with exit code 1; a second one at once

examples
  tributary-lake identity create --data ./lake --account 111122223333 --name alice
  tributary-lake serve --data ./lake
  aws --endpoint-url http://127.0.0.1:4570 cloudtrail list-channels
`;
