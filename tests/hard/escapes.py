"""Ways in which a client of SSH might try to get out of what its key may do.

Each is refused, and none leaves a trace. `FILE` stands for a readable file with a secret in it, `LINK` for a link
to that, `NEW` for a path at which nothing is and nothing may come to be, `DESK` for the desk's database.
"""

from collections.abc import Mapping
from itertools import product
from typing import Final

SECRET: Final = "xyzzy-the-secret-of-the-machine"
"""What stands in the file: it is in no answer."""

CHOICES: Final = ("--db", "--config", "--as", "--now")
"""Options that come with the key."""
VALUES: Final[Mapping[str, str]] = {
    "--db": "FILE",
    "--config": "FILE",
    "--as": "mia@desk.example",
    "--now": "2020-01-01",
}
SPELLINGS: Final = (
    *("{o} {v} list", "{o}={v} list", "list {o} {v}", "list {o}={v}", "list --json {o}={v}", "care {o} {v} list"),
    *("kb {o} {v} list", "kb list {o}={v}", "-q {o} {v} show 1", "show 1 --json -q {o} {v}", "'{o}={v}' list"),
    *('"{o}" "{v}" list', "list \\{o}={v}", "list {o}='{v}'", "{o}={v}"),
)
CHOOSING: Final = tuple(form.format(o=option, v=VALUES[option]) for option, form in product(CHOICES, SPELLINGS))
"""Another person, desk or moment, before and behind the command, in quotes and without."""

ABBREVIATED: Final = (
    *("--d=FILE list", "--conf FILE list", "--a=mia@desk.example list", "--n 2020-01-01 list", "list --out NEW"),
    *("list -oNEW", "list -qoNEW", "list -- --db FILE", "-- list --db FILE", "list --DB=FILE", "--db"),
)

LOOK_ALIKES: Final = (
    *("list \u2014\u2014db FILE", "list \u2014db FILE", "list \u2010\u2010as mia@desk.example", "l\u200bist"),
    *("list \uff0d\uff0ddb=FILE", "\uff4c\uff49\uff53\uff54", "l\u0456st", "list\u00a0--db\u00a0FILE"),
    *("list\u2028--db FILE", "\u202elist", "\ufefflist", "list \u2212\u2212config=FILE", "i\u0307nit"),
)
"""Hyphens that are none, letters of other alphabets, spaces without width."""

SHELL: Final = (
    *("list; cat FILE", "list && cat FILE", "list || cat FILE", "list | sh", "list > NEW", "list >> NEW"),
    *("list $(touch NEW)", "list `touch NEW`", "$(touch NEW)", "`touch NEW`", "list & touch NEW", "(list)"),
    *("list < FILE", "!list", "sh -c 'touch NEW'", "bash", "/bin/sh", "env", "exec sh", "sudo -n touch NEW"),
    *('python3 -c \'open("NEW", "w")\'', "care care list", "care; touch NEW", "CARE_DB=FILE list", "{list,}"),
    *("CARE_AS=mia@desk.example care list", "env CARE_DB=FILE care list", "/usr/bin/care list", "./care list"),
    *("../../../bin/sh", "~/.profile", "list $IFS--db$IFS/x", "list ${HOME}", "list 2>&1", "list #", "eval list"),
    *("list\ntouch NEW", "list\n--db FILE", "list \\\n --db FILE", "show 1\ncare init", "list --json\n--as=x"),
)
CONTROL: Final = (
    *("list \x1b[31m", "list\x0b--db FILE", "list\rcat FILE", "list \x7f", "list \x9b31m", "show 1 \x08\x08"),
    *("list \udcff", "list \udcc0\udcaf", "list \x01", "search a\x1b]0;pwned\x07"),
)
"""Characters that a terminal would obey, and bytes that are no UTF-8."""
QUOTING: Final = ('list "', "list '", "list \\", "list \"a' ", "list 'x", 'update 1 -m "x', "'")
LONG: Final = ("list " + "x" * 40_000, "x " * 20_000, "update 1 -m " + "'" + "y" * 33_000 + "'")

READING_FILES: Final = (
    *("update 1 -F FILE", "update 1 -FFILE", "update 1 --file=FILE", "update 1 --file FILE --internal"),
    *("update 1 -m x --attach FILE", "update 1 -m x --attach=LINK", "attachment add 1 FILE", "reopen 1 -F FILE"),
    *(
        "attachment add 1 - FILE",
        "attachment add 1 LINK",
        "attachment add 1 /proc/self/environ",
        "close 1 -F FILE",
    ),
    *("attachment add 1 /dev/stdin", "attachment add 1 /dev/fd/0", "attachment add 1 ~/.ssh/id_rsa --name k"),
    *("attachment add 1 -/../FILE", "attachment add 1 ./-", "attachment add 1 ''", "attachment add 1 /etc/passwd"),
    *("attachment scan FILE", "attachment scan /etc/shadow", "attachment scan LINK --json", "open --form FILE"),
    *(
        "open --form LINK",
        "open -F FILE -s x",
        "open --from-alert -F FILE",
        "open --attach FILE",
        "chat 1 -F FILE",
    ),
    *("bundle verify FILE", "bundle verify DESK", "policy show FILE", "policy check FILE", "policy check - FILE"),
    *("policy diff guide FILE", "policy diff FILE", "policy use FILE", "policy impact FILE", "policy rebase FILE"),
    *(
        "report --policy FILE",
        "component predict FILE",
        "component learn FILE",
        "kb import FILE",
        "kb import /etc",
    ),
    *(
        "kb add -s x -F FILE",
        "kb edit 1 -F FILE",
        "import FILE --from care",
        "import - --from FILE",
        "ask 1 -F FILE",
    ),
    *(
        "import --show-mapping FILE",
        "import DESK --from zendesk",
        "request accept 1 --order FILE",
        "advisory add -F FILE",
    ),
    *(
        "request accept 1 --order - --sow FILE",
        "contact edit dana@abc.example --ssh-key FILE",
        "propose 1 -F FILE",
    ),
    *(
        "staff add eve@desk.example --ssh-key FILE",
        "assign 1 -F FILE",
        "escalate 1 -F FILE",
        "policy show ../guide",
    ),
    *("policy show file:FILE", "policy show ~/x.toml", "policy show abcdefg", "policy show ''"),
)
WRITING_FILES: Final = (
    *("list --output NEW", "list -o NEW", "list -oNEW", "list --output=NEW", "list --output=/etc/cron.d/care"),
    *(
        "list --format xlsx --output ../../NEW",
        "list --output /dev/stdout",
        "list --output /dev/fd/1",
        "list -o ''",
    ),
    *("list --output FILE", "list --output LINK", "list --output DESK", "list --output -/../NEW", "list -o ./-"),
    *("export NEW", "export FILE.csv", "export /etc/passwd", "export ~/.bashrc", "export ~/.ssh/authorized_keys"),
    *("export 'NEW.xlsx'", "report --html NEW", "report --html=NEW", "report -o NEW", "explain 1 --html NEW"),
    *("attachment get 1 1 --output NEW", "attachment get 1 1 -o .", "attachment get 1 1 --output /tmp --force"),
    *(
        "attachment get 1 --json --output NEW",
        "attachment get 1 -fo NEW",
        "attachment get 1 1 --output ~/.ssh/authorized_keys",
    ),
    *(
        "bundle write 1 --output NEW",
        "mail triage show in-1 --raw -o NEW",
        "mail triage show in-1 --file 1 -o NEW",
    ),
    *(
        "incident report 1 --output NEW",
        "forecast -o NEW",
        "contact-us -o NEW",
        "component predict - --output NEW",
    ),
    *("log --all --output NEW", "policy list -o NEW", "contact list -o NEW", "kb list -o NEW", "chat list -o NEW"),
)
LOCAL: Final = (
    *("init", "init --email eve@desk.example", "init --policy FILE", "demo", "gate log", "gate keys", "gate"),
    *(
        "gate --as mia@desk.example",
        "gate enter --allow list",
        "gate keys --output NEW",
        "gate keys --care /bin/sh",
    ),
    *("cron show", "cron install --yes", "cron install --systemd --yes", "completion bash", "mail receive"),
    *(
        "mail fetch",
        "mail fetch --maildir /tmp",
        "mail deliver",
        "tick",
        "tick --now 2030-01-01",
        "tick --watch 1",
    ),
    *(
        "tick --dry-run --watch 1",
        "tick --replay --yes",
        "open --resume",
        "backup",
        "backup NEW",
        "backup NEW --keep 1",
        "backup --list",
        "mail key show",
        "mail key renew",
    ),
)
"""What is for whoever sits at the machine."""
TRANSFERS: Final = (
    *("scp -t NEW", "scp -f FILE", "scp -r -p -t -- /etc", "internal-sftp", "/usr/lib/openssh/sftp-server"),
    *("sftp-server -e", "rsync --server -vlogDtpre.iLsfxC . /etc", "git-upload-pack '/srv/x.git'", "borg serve"),
)

ESCAPES: Final = tuple(
    dict.fromkeys(
        (
            *(*CHOOSING, *ABBREVIATED, *LOOK_ALIKES, *SHELL, *CONTROL, *QUOTING, *LONG, *READING_FILES),
            *(*WRITING_FILES, *LOCAL, *TRANSFERS),
        )
    )
)
"""All of them."""


def placed(line: str, places: Mapping[str, object]) -> str:
    """A line with the paths that its words stand for."""
    for name, path in places.items():
        line = line.replace(name, str(path))
    return line
