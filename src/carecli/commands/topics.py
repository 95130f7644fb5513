"""What `care help` explains beside the commands."""

EXIT_CODES = """Exit codes
  0    done
  1    failed: disk, mail, database; a verify or doctor that finds a fault
  2    usage: an unknown command or option, an invalid value
  3    no such thing
  4    not permitted, an unknown actor too
  5    refused by a rule of the support process
  6    database busy, damaged, newer than this program, or not there
  10   care tick --exit-code: a breach stands
  130  interrupted
  141  the reader of the output is gone

  care mail receive answers a mail server, which goes by
  0    the message is stored for good, whatever becomes of it
  65   never: nothing at all, or larger than max_bytes; the sender is told
  75   anything else, even a wrong option: keep the message, and try again

  care doctor --check answers a monitor with its own:
  0    fine
  1    the tick is late, or mail is stuck
  2    clocks are at risk
  3    nothing can be known
"""

ENVIRONMENT = """Environment (a flag beats it, it beats the configuration file)
  CARE_DB        the desk's database, as --db
  CARE_CONFIG    the configuration file, as --config
  CARE_AS        who acts, as --as
  CARE_NOW       the present moment, as --now
  CARE_NO_INPUT  never prompt and never page, as --no-input
  CARE_EDITOR    the editor for long texts; else VISUAL, else EDITOR
  CARE_PAGER     the pager at a terminal; else PAGER, else less;
                 empty or cat: none, as --no-pager
  CARE_SMTP_PASSWORD, CARE_IMAP_PASSWORD
                 the passwords of [mail.smtp] and [mail.imap] in the config file
  CARE_REFERENCE_KEY
                 the key of mail references, as `care mail key renew` writes it
  CARE_DEBUG     with 1, errors show where they arose
  NO_COLOR       no colour; FORCE_COLOR: colour in any case
  TERM           dumb: no colour, no pager and no progress at a terminal
  COLUMNS, LINES the size of the terminal
  LESS           how less behaves; FRX where it is not set
  XDG_CONFIG_HOME, XDG_DATA_HOME
                 where config.toml and desk.db lie: care/ in there
"""

FORMATS = """Formats
  table   for people at a terminal; where none reads it, tab-separated
          lines with a header
  json    one document on standard output, also as --json
  jsonl   a document a line, every row
  csv     every row; no cell starts a formula
  tsv     the same, no tabs or line breaks within cells
  xlsx    every row as a workbook: instants are dates by your clock,
          whose zone the heading names; text stays text. For a file
          or a pipe

  --fields a,b     fields of JSON, columns of tables; a wrong name
                   lists them
  --output FILE    its ending tells the format; - is standard output.
                   It gets its name when all is written

  Instants in JSON are UTC, 2026-03-02T14:30:00Z; lengths of time are
  whole seconds, names ending in _s. A table longer than the screen goes
  through a pager: `care help environment`.
"""

TIMES = """Times
  Instants, as --now and --at take them
  2026-03-02           the start of that day
  '2026-03-02 09:30'   by your clock; 2026-03-02T09:30Z by UTC,
                       2026-03-02T09:30-05:00 by the offset it names
  '2 March 2026 9am'   a month by its name, with the year
  now, today, noon     9am, 17:30, 'today 9am': of today
  'tomorrow 9am', 'yesterday 17:00'
  'fri 17:00'          the next Friday; with --at, which looks back,
                       the last one, as a time alone is
  'next fri', 'last friday 17:00'
  +2h, +3d, 'in 90 minutes', -15m, '2d ago'
                       s m h d w; days keep the time of day

  Your clock is the `timezone` of the config file, else your account's,
  else the desk's. A time that daylight saving skips moves forward.

  Amounts, as a policy, `care calendar add` and `care forecast` take them
  90s 15m 4h 3d        day and night
  30bm 6bh 2bd         business time; 2bd: the same time of day, two
                       business days later
"""

SSH = """By SSH
  Whoever has a key at the desk names a command behind the host:
    ssh desk.example list
    ssh desk.example "update 42 -m 'It works again.'"
    ssh desk.example "update 42 -m -" < text.txt
  Your own shell takes one pair of quotation marks away, so that words
  with blanks take two; -m - reads a text from standard input.

  Files travel over standard input and output, one at a time:
    ssh desk.example attachment add 42 - --name trace.log < trace.log
    ssh desk.example attachment get 42 1 > trace.log
    ssh desk.example export - --format xlsx > cases.xlsx
    ssh desk.example report --html - > report.html

  Person, desk and moment come with the key: --as, --db, --config and
  --now are refused, as is any other name of a file. There are no
  prompts, no editor and no pager. Exit codes and --json are as usual.

  An admin keeps the keys:
    care contact edit EMAIL --ssh-key FILE.pub   also care staff edit
    care gate keys --output ~/.ssh/authorized_keys
    care gate log                                what was refused
  A line of another make may allow less:
    care gate --as EMAIL --allow reading         nothing is changed
    care gate --as EMAIL --allow list --allow show
"""

TOPICS = {"exit-codes": EXIT_CODES, "environment": ENVIRONMENT, "formats": FORMATS, "times": TIMES, "ssh": SSH}
