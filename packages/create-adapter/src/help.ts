/** The text of --help. */
export const help = `npm create @tributary/adapter NAME -- [options]

Writes the first version of an adapter: a package with a mapping proposed from your sample records, fixtures, and a
suite that passes. Asks for what no option gives.

  NAME, --name NAME      of the adapter: lower case letters, digits and hyphens
  --display-name TEXT    the vendor's name (default: made of NAME)
  --source SOURCE        the channel's source: Custom (default), or a row of CloudTrail's table of sources
  --samples FILE         sample records: JSON lines, a JSON array or document, CSV, or CEF lines
                         (default: a made-up record to replace)
  --directory DIR        where to write (default: ./NAME); must not exist or be empty
  --keep-values          fixtures keep the samples' own values. Without it every text and number is replaced by a
                         made-up one, since samples may hold secrets and personal data
  --yes                  ask nothing
  --help, --version

Exit codes:
  0    written
  2    wrong command line
  3    the directory is not empty, or cannot be written
  4    the sample file cannot be read, is in no known format, or holds no record
  70   a bug: please report
  130  interrupted at a question
`;
