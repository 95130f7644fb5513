# fish completion for care; `care completion fish` prints it

# What stands on the line before the cursor: the command, the place, and which desk --db, --config and --as name.
function __care_read
    set -l line (commandline -cp | string collect)
    test "$line" = "$__care_line"; and return
    set -g __care_line $line
    set -g __care_command
    set -g __care_place 1
    set -g __care_given
    set -l option
    set -l words (commandline -opc)
    set -g __care_program $words[1]
    for word in $words[2..-1]
        if test -n "$option"
            contains -- $option --db --config --as; and set -a __care_given $option (__care_plain $word)
            set option
        else if string match -qr -- '^--(db|config|as)=' $word
            set -a __care_given (string split -m 1 = -- $word)[1] (__care_plain (string split -m 1 = -- $word)[2])
        else if string match -q -- '-?*' $word
            __care_valued "$__care_command" $word; and set option $word
        else if test $__care_place = 1; and __care_named (string trim "$__care_command $word")
            set __care_command (string trim "$__care_command $word")
        else
            set __care_place (math $__care_place + 1)
        end
    end
end

# A word whose variable at the front is put in place.
function __care_plain
    set -l found (string match -r -- '^\$\{?([A-Za-z_][A-Za-z0-9_]*)\}?(.*)$' $argv[1])
    if set -q found[2]; and set -q $found[2]
        set -l name $found[2]
        echo -- $$name$found[3]
    else
        printf '%s\n' $argv[1]
    end
end

# Whether this command stands there, and the cursor at this place.
function __care_at
    __care_read
    test "$__care_command" = "$argv[1]"; or return
    switch "$argv[2]"
        case ''
            return 0
        case '*+'
            test $__care_place -ge (string trim -c + -- $argv[2])
        case '*'
            test $__care_place = $argv[2]
    end
end

# What the desk knows.
function __care_ask
    __care_read
    set -l word (commandline -ct | string replace -r -- '^--[a-z-]+=' '' | string replace -ar -- '["\'\\\\]' '')
    $__care_program $__care_given complete $argv[1] -- "$word" 2>/dev/null </dev/null
end

# Whether these words name a command.
function __care_named
    contains -- $argv[1] 'open' 'list' 'search' 'show' 'log' 'explain' 'update' 'close' 'reopen' 'accept' 'reject' 'escalate' 'assign' 'investigate' 'ask' 'propose' 'restore' 'priority' 'link' 'tick' 'forecast' 'cron' 'cron show' 'cron install' 'calendar' 'calendar add' 'calendar between' 'calendar show' 'calendar check' 'init' 'policy' 'policy show' 'policy check' 'policy list' 'demo' 'account' 'account add' 'account edit' 'account list' 'account show' 'contact' 'contact add' 'contact edit' 'contact deactivate' 'contact list' 'staff' 'staff add' 'staff edit' 'staff deactivate' 'staff list' 'import' 'completion' 'verify' 'doctor' 'schema' 'help'
end

# Whether a value follows this option.
function __care_valued
    contains -- $argv[2] --db --config --as --now; and return
    switch $argv[1]
        case 'open'
            contains -- $argv[2] --subject -s --description -m --file -F --impact --priority --account --contact --deployment --service --component --stage --type --subtype --users-affected --frequency --observed-at --steps --troubleshooting --local-contact --hours-location --field --via --follows --form
        case 'list'
            contains -- $argv[2] --in-group --status --tab --type --priority --account --deployment --service --component --owner --contact --since --until --sort --at --limit -n --page --format --fields --output -o
        case 'search'
            contains -- $argv[2] --in-group --status --tab --type --priority --account --deployment --service --component --owner --contact --since --until --sort --at --limit -n --page --format --fields --output -o
        case 'show'
            contains -- $argv[2] --at --fields
        case 'log'
            contains -- $argv[2] --at --format --fields --output -o
        case 'explain'
            contains -- $argv[2] --metric --at
        case 'update'
            contains -- $argv[2] --message -m --file -F --via --contact --pin
        case 'close'
            contains -- $argv[2] --message -m --file -F --substatus --root-cause --via --contact --pin
        case 'reopen'
            contains -- $argv[2] --message -m --file -F --via --contact --pin
        case 'accept'
            contains -- $argv[2] --message -m --file -F --via --contact --pin
        case 'reject'
            contains -- $argv[2] --message -m --file -F --via --contact --pin
        case 'escalate'
            contains -- $argv[2] --reason --message -m --file -F --to --priority --via --contact --pin
        case 'assign'
            contains -- $argv[2] --product-group --reason --message -m --file -F
        case 'investigate'
            contains -- $argv[2] --reason --message -m --file -F
        case 'ask'
            contains -- $argv[2] --message -m --file -F
        case 'propose'
            contains -- $argv[2] --message -m --file -F --substatus
        case 'restore'
            contains -- $argv[2] --message -m --file -F --substatus
        case 'priority'
            contains -- $argv[2] --reason --message -m --file -F --via
        case 'link'
            contains -- $argv[2] --kind
        case 'tick'
            contains -- $argv[2] --limit --watch --format --at
        case 'forecast'
            contains -- $argv[2] --within --limit -n --format --fields --output -o
        case 'cron show'
            contains -- $argv[2] --every
        case 'cron install'
            contains -- $argv[2] --every
        case 'calendar add'
            contains -- $argv[2] --account
        case 'calendar between'
            contains -- $argv[2] --account
        case 'calendar show'
            contains -- $argv[2] --months --account --timezone --hours --holidays --close-on
        case 'calendar check'
            contains -- $argv[2] --account --timezone --hours --holidays --close-on
        case 'init'
            contains -- $argv[2] --email --name --timezone --hours --holidays --close-on --policy --desk-name
        case 'policy show'
            contains -- $argv[2] --case
        case 'policy list'
            contains -- $argv[2] --format --fields --output -o
        case 'account add'
            contains -- $argv[2] --plan --timezone --hours --holidays --close-on --deployment --service --component --add-on --executive --success-manager
        case 'account edit'
            contains -- $argv[2] --plan --timezone --hours --holidays --close-on --deployment --service --component --add-on --executive --success-manager
        case 'account list'
            contains -- $argv[2] --format --fields --output -o
        case 'contact add'
            contains -- $argv[2] --account --name --access --phone --pin
        case 'contact edit'
            contains -- $argv[2] --name --access --phone --pin
        case 'contact list'
            contains -- $argv[2] --account --format --fields --output -o
        case 'staff add'
            contains -- $argv[2] --name --role --product-group
        case 'staff edit'
            contains -- $argv[2] --name --role --product-group
        case 'staff list'
            contains -- $argv[2] --format --fields --output -o
        case 'import'
            contains -- $argv[2] --from --account --timezone --sla
        case 'doctor'
            contains -- $argv[2] --format
        case '*'
            return 1
    end
end

complete -c care -f
complete -c care -l db -r -F -d 'The desk\'s database (CARE_DB)'
complete -c care -l config -r -F -d 'The configuration file (CARE_CONFIG)'
complete -c care -l as -x -k -a '(__care_ask person)' -d 'Who acts: a contact, a member of staff or system (CARE_AS)'
complete -c care -l now -x -d 'Take this for the present moment (CARE_NOW)'
complete -c care -l json -d 'Answer with one JSON document'
complete -c care -l quiet -s q -d 'Say only what was asked for'
complete -c care -l no-color -d 'No colour (NO_COLOR, FORCE_COLOR count too)'
complete -c care -l no-pager -d 'Never page long output (CARE_PAGER, PAGER)'
complete -c care -l no-input -d 'Never prompt (CARE_NO_INPUT)'
complete -c care -l version -d 'Show the version'
complete -c care -n '__care_at "" 1' -a open -d 'Open a case'
complete -c care -n '__care_at "" 1' -a list -d 'List cases: your own, a group\'s, all'
complete -c care -n '__care_at "" 1' -a search -d 'Find cases by number or words'
complete -c care -n '__care_at "" 1' -a show -d 'Show a case and what happens next'
complete -c care -n '__care_at "" 1' -a log -d 'Show the events of a case or the desk'
complete -c care -n '__care_at "" 1' -a explain -d 'Prove a case\'s clocks, to add up by hand'
complete -c care -n '__care_at "" 1' -a update -d 'Add an update or an internal note'
complete -c care -n '__care_at "" 1' -a close -d 'Close a case'
complete -c care -n '__care_at "" 1' -a reopen -d 'Reopen a closed case'
complete -c care -n '__care_at "" 1' -a accept -d 'Accept a solution; the case closes'
complete -c care -n '__care_at "" 1' -a reject -d 'Reject a solution; work goes on'
complete -c care -n '__care_at "" 1' -a escalate -d 'Escalate a case to a manager, or answer that'
complete -c care -n '__care_at "" 1' -a assign -d 'Take a case, or give it to somebody'
complete -c care -n '__care_at "" 1' -a investigate -d 'Begin to work on a case'
complete -c care -n '__care_at "" 1' -a ask -d 'Ask the customer for information'
complete -c care -n '__care_at "" 1' -a propose -d 'Propose a solution'
complete -c care -n '__care_at "" 1' -a restore -d 'Record that the service works again'
complete -c care -n '__care_at "" 1' -a priority -d 'Set a case\'s priority'
complete -c care -n '__care_at "" 1' -a link -d 'Link two cases'
complete -c care -n '__care_at "" 1' -a tick -d 'Do everything that is due by now; for cron'
complete -c care -n '__care_at "" 1' -a forecast -d 'List what time will do next'
complete -c care -n '__care_at "" 1' -a cron -d 'Have `care tick` run by cron or systemd'
complete -c care -n '__care_at "" 1' -a calendar -d 'Business time: shown, checked, reckoned'
complete -c care -n '__care_at "" 1' -a init -d 'Set up a desk'
complete -c care -n '__care_at "" 1' -a policy -d 'The policy: shown and checked'
complete -c care -n '__care_at "" 1' -a demo -d 'Walk through a trial desk'
complete -c care -n '__care_at "" 1' -a account -d 'Accounts and what they bought'
complete -c care -n '__care_at "" 1' -a contact -d 'The people at an account'
complete -c care -n '__care_at "" 1' -a staff -d 'The people of the desk'
complete -c care -n '__care_at "" 1' -a import -d 'Bring in another desk\'s cases'
complete -c care -n '__care_at "" 1' -a completion -d 'Print the completion script of a shell'
complete -c care -n '__care_at "" 1' -a verify -d 'Hold the record against its events'
complete -c care -n '__care_at "" 1' -a doctor -d 'Say how the desk is doing, and what mends it'
complete -c care -n '__care_at "" 1' -a schema -d 'Print the JSON Schema of the answers'
complete -c care -n '__care_at "" 1' -a help -d 'Explain a command, exit-codes, environment, formats or times'
complete -c care -n '__care_at "open"' -l subject -s s -x -d 'In a few words'
complete -c care -n '__care_at "open"' -l description -s m -x -d 'What happens; - reads standard input'
complete -c care -n '__care_at "open"' -l file -s F -r -F -d 'Read the description from a file'
complete -c care -n '__care_at "open"' -l impact -x -d 'The business impact'
complete -c care -n '__care_at "open"' -l priority -x -k -a 'critical high medium low' -d 'critical, high, medium, low, or 1 to 4'
complete -c care -n '__care_at "open"' -l account -x -k -a '(__care_ask account)' -d 'The account'
complete -c care -n '__care_at "open"' -l contact -x -k -a '(__care_ask contact)' -d 'Staff: the Designated Contact'
complete -c care -n '__care_at "open"' -l deployment -x -k -a '(__care_ask deployment)' -d 'The cloud deployment'
complete -c care -n '__care_at "open"' -l service -x -k -a '(__care_ask service)' -d 'The cloud service'
complete -c care -n '__care_at "open"' -l component -x -k -a '(__care_ask component)' -d 'A component of the service'
complete -c care -n '__care_at "open"' -l stage -x -k -a 'production uat' -d 'production or uat'
complete -c care -n '__care_at "open"' -l type -x -k -a 'support service-request feature-request admin' -d 'support, service-request, feature-request, admin'
complete -c care -n '__care_at "open"' -l subtype -x -d 'problem or question, and more'
complete -c care -n '__care_at "open"' -l users-affected -x -d 'How many users'
complete -c care -n '__care_at "open"' -l frequency -x -d 'How often'
complete -c care -n '__care_at "open"' -l observed-at -x -d 'When it was first seen'
complete -c care -n '__care_at "open"' -l steps -x -d 'How to reproduce it'
complete -c care -n '__care_at "open"' -l troubleshooting -x -d 'What was tried'
complete -c care -n '__care_at "open"' -l local-contact -x -d 'Whom to call on site'
complete -c care -n '__care_at "open"' -l hours-location -x -d 'Their hours and place'
complete -c care -n '__care_at "open"' -l field -x -d 'Any other field; repeatable'
complete -c care -n '__care_at "open"' -l via -x -k -a 'portal phone monitoring' -d 'portal, phone or monitoring'
complete -c care -n '__care_at "open"' -l follows -x -k -a '(__care_ask case)' -d 'The closed case it goes on from'
complete -c care -n '__care_at "open"' -l form -r -F -d 'Read fields from JSON or TOML'
complete -c care -n '__care_at "open"' -l yes -s y -d 'Answer yes to confirmations'
complete -c care -n '__care_at "open"' -s h -l help -d 'Show this message and exit'
complete -c care -n '__care_at "list"' -l mine -d 'Only my own'
complete -c care -n '__care_at "list"' -l group -d 'My account\'s, or my product group\'s'
complete -c care -n '__care_at "list"' -l all -s a -d 'Closed ones too; for staff every case'
complete -c care -n '__care_at "list"' -l in-group -x -k -a '(__care_ask group)' -d 'This product group\'s'
complete -c care -n '__care_at "list"' -l status -l tab -x -k -a 'open awaiting-info service-restored solution-proposed closed open-customer-care open-product-management' -d 'In this status; repeatable'
complete -c care -n '__care_at "list"' -l type -x -k -a 'support service-request feature-request admin incident' -d 'Of this type'
complete -c care -n '__care_at "list"' -l priority -x -k -a 'critical high medium low' -d 'critical, high, medium, low, or 1 to 4'
complete -c care -n '__care_at "list"' -l escalated -d 'Escalated, and not answered yet'
complete -c care -n '__care_at "list"' -l account -x -k -a '(__care_ask account)' -d 'Of this account'
complete -c care -n '__care_at "list"' -l deployment -x -k -a '(__care_ask deployment)' -d 'On this deployment'
complete -c care -n '__care_at "list"' -l service -x -k -a '(__care_ask service)' -d 'On this service'
complete -c care -n '__care_at "list"' -l component -x -k -a '(__care_ask component)' -d 'On this component'
complete -c care -n '__care_at "list"' -l owner -x -k -a '(__care_ask staff)' -d 'Of this owner'
complete -c care -n '__care_at "list"' -l contact -x -k -a '(__care_ask contact)' -d 'Of this contact'
complete -c care -n '__care_at "list"' -l since -x -d 'Opened then or later'
complete -c care -n '__care_at "list"' -l until -x -d 'Opened before then'
complete -c care -n '__care_at "list"' -l sort -x -k -a 'modified opened number priority status subject account owner contact' -d 'modified, opened, number, priority, status, subject, account, owner, contact; a - in front turns it round'
complete -c care -n '__care_at "list"' -l at -x -d 'As it stood then; \'fri 17:00\' is the last one'
complete -c care -n '__care_at "list"' -l limit -s n -x -d 'So many on a page'
complete -c care -n '__care_at "list"' -l page -x -d 'Which page'
complete -c care -n '__care_at "list"' -l format -x -k -a 'table json jsonl csv tsv' -d 'One of table, json, jsonl, csv, tsv'
complete -c care -n '__care_at "list"' -l fields -x -d 'Fields of JSON, columns of tables'
complete -c care -n '__care_at "list"' -l output -s o -r -F -d 'Write to a file, - for standard output'
complete -c care -n '__care_at "list"' -s h -l help -d 'Show this message and exit'
complete -c care -n '__care_at "search"' -l mine -d 'Only my own'
complete -c care -n '__care_at "search"' -l group -d 'My account\'s, or my product group\'s'
complete -c care -n '__care_at "search"' -l all -s a -d 'Closed ones too; for staff every case'
complete -c care -n '__care_at "search"' -l in-group -x -k -a '(__care_ask group)' -d 'This product group\'s'
complete -c care -n '__care_at "search"' -l status -l tab -x -k -a 'open awaiting-info service-restored solution-proposed closed open-customer-care open-product-management' -d 'In this status; repeatable'
complete -c care -n '__care_at "search"' -l type -x -k -a 'support service-request feature-request admin incident' -d 'Of this type'
complete -c care -n '__care_at "search"' -l priority -x -k -a 'critical high medium low' -d 'critical, high, medium, low, or 1 to 4'
complete -c care -n '__care_at "search"' -l escalated -d 'Escalated, and not answered yet'
complete -c care -n '__care_at "search"' -l account -x -k -a '(__care_ask account)' -d 'Of this account'
complete -c care -n '__care_at "search"' -l deployment -x -k -a '(__care_ask deployment)' -d 'On this deployment'
complete -c care -n '__care_at "search"' -l service -x -k -a '(__care_ask service)' -d 'On this service'
complete -c care -n '__care_at "search"' -l component -x -k -a '(__care_ask component)' -d 'On this component'
complete -c care -n '__care_at "search"' -l owner -x -k -a '(__care_ask staff)' -d 'Of this owner'
complete -c care -n '__care_at "search"' -l contact -x -k -a '(__care_ask contact)' -d 'Of this contact'
complete -c care -n '__care_at "search"' -l since -x -d 'Opened then or later'
complete -c care -n '__care_at "search"' -l until -x -d 'Opened before then'
complete -c care -n '__care_at "search"' -l sort -x -k -a 'modified opened number priority status subject account owner contact' -d 'Instead of best first: as `care list --sort`'
complete -c care -n '__care_at "search"' -l at -x -d 'As it stood then; \'fri 17:00\' is the last one'
complete -c care -n '__care_at "search"' -l limit -s n -x -d 'So many on a page'
complete -c care -n '__care_at "search"' -l page -x -d 'Which page'
complete -c care -n '__care_at "search"' -l format -x -k -a 'table json jsonl csv tsv' -d 'One of table, json, jsonl, csv, tsv'
complete -c care -n '__care_at "search"' -l fields -x -d 'Fields of JSON, columns of tables'
complete -c care -n '__care_at "search"' -l output -s o -r -F -d 'Write to a file, - for standard output'
complete -c care -n '__care_at "search"' -s h -l help -d 'Show this message and exit'
complete -c care -n '__care_at "show" 1' -x -k -a '(__care_ask case)'
complete -c care -n '__care_at "show"' -l at -x -d 'As it stood then; \'fri 17:00\' is the last one'
complete -c care -n '__care_at "show"' -l fields -x -d 'Fields of JSON, columns of tables'
complete -c care -n '__care_at "show"' -s h -l help -d 'Show this message and exit'
complete -c care -n '__care_at "log" 1' -x -k -a '(__care_ask case)'
complete -c care -n '__care_at "log"' -l all -d 'Every event of the desk, in the order recorded'
complete -c care -n '__care_at "log"' -l at -x -d 'What had happened by then'
complete -c care -n '__care_at "log"' -l format -x -k -a 'table json jsonl csv tsv' -d 'One of table, json, jsonl, csv, tsv'
complete -c care -n '__care_at "log"' -l fields -x -d 'Fields of JSON, columns of tables'
complete -c care -n '__care_at "log"' -l output -s o -r -F -d 'Write to a file, - for standard output'
complete -c care -n '__care_at "log"' -s h -l help -d 'Show this message and exit'
complete -c care -n '__care_at "explain" 1' -x -k -a '(__care_ask case)'
complete -c care -n '__care_at "explain"' -l metric -x -k -a 'response restoration resolution' -d 'This clock alone: response, restoration, resolution'
complete -c care -n '__care_at "explain"' -l at -x -d 'As it stood then; \'fri 17:00\' is the last one'
complete -c care -n '__care_at "explain"' -s h -l help -d 'Show this message and exit'
complete -c care -n '__care_at "update" 1' -x -k -a '(__care_ask case)'
complete -c care -n '__care_at "update"' -l message -s m -x -d 'The text; - reads standard input'
complete -c care -n '__care_at "update"' -l file -s F -r -F -d 'Read the text from a file, - for standard input'
complete -c care -n '__care_at "update"' -l internal -d 'A note that only staff read'
complete -c care -n '__care_at "update"' -l via -x -k -a 'phone' -d 'phone: staff log a caller\'s act'
complete -c care -n '__care_at "update"' -l contact -x -k -a '(__care_ask contact)' -d 'The caller; by default the case\'s contact'
complete -c care -n '__care_at "update"' -l pin -x -d 'The caller\'s PIN; - prompts or reads standard input'
complete -c care -n '__care_at "update"' -s h -l help -d 'Show this message and exit'
complete -c care -n '__care_at "close" 1' -x -k -a '(__care_ask case)'
complete -c care -n '__care_at "close"' -l message -s m -x -d 'The text; - reads standard input'
complete -c care -n '__care_at "close"' -l file -s F -r -F -d 'Read the text from a file, - for standard input'
complete -c care -n '__care_at "close"' -l substatus -x -k -a 'new investigation customer-responded info-required-from-customer pending-permanent-solution pending-rca solution-proposed problem-resolved cancelled resolved redirected under-review future-candidate planned committed declined delivered duplicate' -d 'The sub-status to choose'
complete -c care -n '__care_at "close"' -l root-cause -x -d 'An incident\'s root cause'
complete -c care -n '__care_at "close"' -l via -x -k -a 'phone' -d 'phone: staff log a caller\'s act'
complete -c care -n '__care_at "close"' -l contact -x -k -a '(__care_ask contact)' -d 'The caller; by default the case\'s contact'
complete -c care -n '__care_at "close"' -l pin -x -d 'The caller\'s PIN; - prompts or reads standard input'
complete -c care -n '__care_at "close"' -s h -l help -d 'Show this message and exit'
complete -c care -n '__care_at "reopen" 1' -x -k -a '(__care_ask case)'
complete -c care -n '__care_at "reopen"' -l message -s m -x -d 'The text; - reads standard input'
complete -c care -n '__care_at "reopen"' -l file -s F -r -F -d 'Read the text from a file, - for standard input'
complete -c care -n '__care_at "reopen"' -l via -x -k -a 'phone' -d 'phone: staff log a caller\'s act'
complete -c care -n '__care_at "reopen"' -l contact -x -k -a '(__care_ask contact)' -d 'The caller; by default the case\'s contact'
complete -c care -n '__care_at "reopen"' -l pin -x -d 'The caller\'s PIN; - prompts or reads standard input'
complete -c care -n '__care_at "reopen"' -s h -l help -d 'Show this message and exit'
complete -c care -n '__care_at "accept" 1' -x -k -a '(__care_ask case)'
complete -c care -n '__care_at "accept"' -l message -s m -x -d 'The text; - reads standard input'
complete -c care -n '__care_at "accept"' -l file -s F -r -F -d 'Read the text from a file, - for standard input'
complete -c care -n '__care_at "accept"' -l via -x -k -a 'phone' -d 'phone: staff log a caller\'s act'
complete -c care -n '__care_at "accept"' -l contact -x -k -a '(__care_ask contact)' -d 'The caller; by default the case\'s contact'
complete -c care -n '__care_at "accept"' -l pin -x -d 'The caller\'s PIN; - prompts or reads standard input'
complete -c care -n '__care_at "accept"' -s h -l help -d 'Show this message and exit'
complete -c care -n '__care_at "reject" 1' -x -k -a '(__care_ask case)'
complete -c care -n '__care_at "reject"' -l message -s m -x -d 'The text; - reads standard input'
complete -c care -n '__care_at "reject"' -l file -s F -r -F -d 'Read the text from a file, - for standard input'
complete -c care -n '__care_at "reject"' -l via -x -k -a 'phone' -d 'phone: staff log a caller\'s act'
complete -c care -n '__care_at "reject"' -l contact -x -k -a '(__care_ask contact)' -d 'The caller; by default the case\'s contact'
complete -c care -n '__care_at "reject"' -l pin -x -d 'The caller\'s PIN; - prompts or reads standard input'
complete -c care -n '__care_at "reject"' -s h -l help -d 'Show this message and exit'
complete -c care -n '__care_at "escalate" 1' -x -k -a '(__care_ask case)'
complete -c care -n '__care_at "escalate"' -l reason -l message -s m -x -d 'Why; - reads standard input'
complete -c care -n '__care_at "escalate"' -l file -s F -r -F -d 'Read the text from a file, - for standard input'
complete -c care -n '__care_at "escalate"' -l to -x -k -a 'manager executive success-manager cxm' -d 'manager, executive, success-manager, cxm; the first by default'
complete -c care -n '__care_at "escalate"' -l priority -x -k -a 'critical high medium low' -d 'The priority that you wish for'
complete -c care -n '__care_at "escalate"' -l answer -d 'Answer the escalation; managers do'
complete -c care -n '__care_at "escalate"' -l withdraw -d 'Take the escalation back'
complete -c care -n '__care_at "escalate"' -l via -x -k -a 'phone' -d 'phone: staff log a caller\'s act'
complete -c care -n '__care_at "escalate"' -l contact -x -k -a '(__care_ask contact)' -d 'The caller; by default the case\'s contact'
complete -c care -n '__care_at "escalate"' -l pin -x -d 'The caller\'s PIN; - prompts or reads standard input'
complete -c care -n '__care_at "escalate"' -s h -l help -d 'Show this message and exit'
complete -c care -n '__care_at "assign" 1' -x -k -a '(__care_ask case)'
complete -c care -n '__care_at "assign" 2' -x -k -a '(__care_ask staff)'
complete -c care -n '__care_at "assign"' -l product-group -x -k -a '(__care_ask group)' -d 'Hand it to a product group'
complete -c care -n '__care_at "assign"' -l reason -l message -s m -x -d 'Why; - reads standard input'
complete -c care -n '__care_at "assign"' -l file -s F -r -F -d 'Read the text from a file, - for standard input'
complete -c care -n '__care_at "assign"' -s h -l help -d 'Show this message and exit'
complete -c care -n '__care_at "investigate" 1' -x -k -a '(__care_ask case)'
complete -c care -n '__care_at "investigate"' -l reason -l message -s m -x -d 'Why; - reads standard input'
complete -c care -n '__care_at "investigate"' -l file -s F -r -F -d 'Read the text from a file, - for standard input'
complete -c care -n '__care_at "investigate"' -s h -l help -d 'Show this message and exit'
complete -c care -n '__care_at "ask" 1' -x -k -a '(__care_ask case)'
complete -c care -n '__care_at "ask"' -l message -s m -x -d 'The text; - reads standard input'
complete -c care -n '__care_at "ask"' -l file -s F -r -F -d 'Read the text from a file, - for standard input'
complete -c care -n '__care_at "ask"' -s h -l help -d 'Show this message and exit'
complete -c care -n '__care_at "propose" 1' -x -k -a '(__care_ask case)'
complete -c care -n '__care_at "propose"' -l message -s m -x -d 'The text; - reads standard input'
complete -c care -n '__care_at "propose"' -l file -s F -r -F -d 'Read the text from a file, - for standard input'
complete -c care -n '__care_at "propose"' -l substatus -x -k -a 'new investigation customer-responded info-required-from-customer pending-permanent-solution pending-rca solution-proposed problem-resolved cancelled resolved redirected under-review future-candidate planned committed declined delivered duplicate' -d 'The sub-status to choose'
complete -c care -n '__care_at "propose"' -s h -l help -d 'Show this message and exit'
complete -c care -n '__care_at "restore" 1' -x -k -a '(__care_ask case)'
complete -c care -n '__care_at "restore"' -l message -s m -x -d 'The text; - reads standard input'
complete -c care -n '__care_at "restore"' -l file -s F -r -F -d 'Read the text from a file, - for standard input'
complete -c care -n '__care_at "restore"' -l substatus -x -k -a 'new investigation customer-responded info-required-from-customer pending-permanent-solution pending-rca solution-proposed problem-resolved cancelled resolved redirected under-review future-candidate planned committed declined delivered duplicate' -d 'The sub-status to choose'
complete -c care -n '__care_at "restore"' -s h -l help -d 'Show this message and exit'
complete -c care -n '__care_at "priority" 1' -x -k -a '(__care_ask case)'
complete -c care -n '__care_at "priority" 2' -x -k -a 'critical high medium low'
complete -c care -n '__care_at "priority"' -l reason -l message -s m -x -d 'Why; - reads standard input'
complete -c care -n '__care_at "priority"' -l file -s F -r -F -d 'Read the text from a file, - for standard input'
complete -c care -n '__care_at "priority"' -l via -x -k -a 'phone' -d 'phone: staff log a caller\'s act'
complete -c care -n '__care_at "priority"' -l yes -s y -d 'Answer yes to confirmations'
complete -c care -n '__care_at "priority"' -s h -l help -d 'Show this message and exit'
complete -c care -n '__care_at "link" 1' -x -k -a '(__care_ask case)'
complete -c care -n '__care_at "link" 2' -x -k -a '(__care_ask case)'
complete -c care -n '__care_at "link"' -l kind -x -k -a 'relates duplicate-of duplicated-by caused-by causes follows followed-by' -d 'relates, duplicate-of, duplicated-by, caused-by, causes, follows, followed-by; the first by default'
complete -c care -n '__care_at "link"' -l remove -d 'Undo the link'
complete -c care -n '__care_at "link"' -s h -l help -d 'Show this message and exit'
complete -c care -n '__care_at "tick"' -l dry-run -s n -d 'Show what would happen; change nothing'
complete -c care -n '__care_at "tick"' -l replay -d 'Fire late stages at their own times'
complete -c care -n '__care_at "tick"' -l limit -x -d 'Fire at most so many timers'
complete -c care -n '__care_at "tick"' -l exit-code -d 'Exit with 10 where a breach stands'
complete -c care -n '__care_at "tick"' -l watch -x -d 'Repeat, so many seconds apart, until Ctrl-C'
complete -c care -n '__care_at "tick"' -l format -x -k -a 'table json jsonl' -d 'table, json or jsonl'
complete -c care -n '__care_at "tick"' -l at -x -d 'With --dry-run: as the desk stood then'
complete -c care -n '__care_at "tick"' -l yes -s y -d 'Answer yes where --now lies ahead'
complete -c care -n '__care_at "tick"' -s h -l help -d 'Show this message and exit'
complete -c care -n '__care_at "forecast"' -l within -x -d 'How far to look: 8h 3d, or 4bh 3bd of business time'
complete -c care -n '__care_at "forecast"' -l mine -d 'Only my own cases'
complete -c care -n '__care_at "forecast"' -l group -d 'My account\'s, or my product group\'s'
complete -c care -n '__care_at "forecast"' -l all -s a -d 'Every case that I may see; the default'
complete -c care -n '__care_at "forecast"' -l limit -s n -x -d 'The first so many'
complete -c care -n '__care_at "forecast"' -l format -x -k -a 'table json jsonl csv tsv' -d 'One of table, json, jsonl, csv, tsv'
complete -c care -n '__care_at "forecast"' -l fields -x -d 'Fields of JSON, columns of tables'
complete -c care -n '__care_at "forecast"' -l output -s o -r -F -d 'Write to a file, - for standard output'
complete -c care -n '__care_at "forecast"' -s h -l help -d 'Show this message and exit'
complete -c care -n '__care_at "cron" 1' -a show -d 'Show the crontab line, or the systemd units, that run the tick of this database'
complete -c care -n '__care_at "cron" 1' -a install -d 'Add the tick to your crontab, or write a systemd timer of yours; asks first'
complete -c care -n '__care_at "cron"' -s h -l help -d 'Show this message and exit'
complete -c care -n '__care_at "cron show"' -l every -x -k -a '1m 5m 15m 1h' -d 'How often: 1m 5m 15m 1h'
complete -c care -n '__care_at "cron show"' -l systemd -d 'A systemd timer of the user, instead of a crontab line'
complete -c care -n '__care_at "cron show"' -s h -l help -d 'Show this message and exit'
complete -c care -n '__care_at "cron install"' -l every -x -k -a '1m 5m 15m 1h' -d 'How often: 1m 5m 15m 1h'
complete -c care -n '__care_at "cron install"' -l systemd -d 'A systemd timer of the user, instead of a crontab line'
complete -c care -n '__care_at "cron install"' -l yes -s y -d 'Answer yes to confirmations'
complete -c care -n '__care_at "cron install"' -s h -l help -d 'Show this message and exit'
complete -c care -n '__care_at "calendar" 1' -a add -d 'Tell when an amount of time has gone by'
complete -c care -n '__care_at "calendar" 1' -a between -d 'Tell how much business time lies between two instants'
complete -c care -n '__care_at "calendar" 1' -a show -d 'Draw a month with its open hours, holidays and changes of the clocks'
complete -c care -n '__care_at "calendar" 1' -a check -d 'Tell what is wrong with a calendar, and what looks like a slip'
complete -c care -n '__care_at "calendar"' -s h -l help -d 'Show this message and exit'
complete -c care -n '__care_at "calendar add"' -l account -x -k -a '(__care_ask account)' -d 'Whose calendar; by default the desk\'s, for contacts their own'
complete -c care -n '__care_at "calendar add"' -s h -l help -d 'Show this message and exit'
complete -c care -n '__care_at "calendar between"' -l account -x -k -a '(__care_ask account)' -d 'Whose calendar; by default the desk\'s, for contacts their own'
complete -c care -n '__care_at "calendar between"' -s h -l help -d 'Show this message and exit'
complete -c care -n '__care_at "calendar show"' -l months -x -d 'How many months'
complete -c care -n '__care_at "calendar show"' -l account -x -k -a '(__care_ask account)' -d 'Whose calendar; by default the desk\'s, for contacts their own'
complete -c care -n '__care_at "calendar show"' -l timezone -x -d 'Its time zone, as Europe/Madrid'
complete -c care -n '__care_at "calendar show"' -l hours -x -d 'Its hours, as \'Mon-Fri 09:00-17:00\''
complete -c care -n '__care_at "calendar show"' -l holidays -x -d 'Its holidays: a country or region, as US, ES-MD, JP'
complete -c care -n '__care_at "calendar show"' -l close-on -x -d 'An extra closed day; repeatable'
complete -c care -n '__care_at "calendar show"' -s h -l help -d 'Show this message and exit'
complete -c care -n '__care_at "calendar check"' -l account -x -k -a '(__care_ask account)' -d 'Whose calendar, or all; by default the desk\'s, for contacts their own'
complete -c care -n '__care_at "calendar check"' -l timezone -x -d 'Its time zone, as Europe/Madrid'
complete -c care -n '__care_at "calendar check"' -l hours -x -d 'Its hours, as \'Mon-Fri 09:00-17:00\''
complete -c care -n '__care_at "calendar check"' -l holidays -x -d 'Its holidays: a country or region, as US, ES-MD, JP'
complete -c care -n '__care_at "calendar check"' -l close-on -x -d 'An extra closed day; repeatable'
complete -c care -n '__care_at "calendar check"' -s h -l help -d 'Show this message and exit'
complete -c care -n '__care_at "init"' -l email -x -d 'Your e-mail address'
complete -c care -n '__care_at "init"' -l name -x -d 'Your name'
complete -c care -n '__care_at "init"' -l timezone -x -d 'The desk\'s time zone'
complete -c care -n '__care_at "init"' -l hours -x -d 'Its office hours'
complete -c care -n '__care_at "init"' -l holidays -x -d 'Its holidays: a country or region, as US, ES-MD, JP'
complete -c care -n '__care_at "init"' -l close-on -x -d 'An extra closed day'
complete -c care -n '__care_at "init"' -l policy -x -k -a 'default guide process-2025' -d 'default, guide, process-2025'
complete -c care -n '__care_at "init"' -l desk-name -x -d 'What the desk is called'
complete -c care -n '__care_at "init"' -s h -l help -d 'Show this message and exit'
complete -c care -n '__care_at "policy" 1' -a show -d 'Show a policy: targets, priorities, follow-up, limits'
complete -c care -n '__care_at "policy" 1' -a check -d 'Tell what is wrong with a policy, all of it, and what looks like a slip'
complete -c care -n '__care_at "policy" 1' -a list -d 'List the policies that can be named: those shipped, and those the desk has had'
complete -c care -n '__care_at "policy"' -s h -l help -d 'Show this message and exit'
complete -c care -n '__care_at "policy show" 1' -r -F
complete -c care -n '__care_at "policy show"' -l case -x -k -a '(__care_ask case)' -d 'The one a case was opened under'
complete -c care -n '__care_at "policy show"' -l toml -d 'Print it as a policy file'
complete -c care -n '__care_at "policy show"' -s h -l help -d 'Show this message and exit'
complete -c care -n '__care_at "policy check" 1+' -r -F
complete -c care -n '__care_at "policy check"' -l desk -d 'Hold them against the desk\'s staff too'
complete -c care -n '__care_at "policy check"' -s h -l help -d 'Show this message and exit'
complete -c care -n '__care_at "policy list"' -l format -x -k -a 'table json jsonl csv tsv' -d 'One of table, json, jsonl, csv, tsv'
complete -c care -n '__care_at "policy list"' -l fields -x -d 'Fields of JSON, columns of tables'
complete -c care -n '__care_at "policy list"' -l output -s o -r -F -d 'Write to a file, - for standard output'
complete -c care -n '__care_at "policy list"' -s h -l help -d 'Show this message and exit'
complete -c care -n '__care_at "demo"' -s h -l help -d 'Show this message and exit'
complete -c care -n '__care_at "account" 1' -a add -d 'Add an account'
complete -c care -n '__care_at "account" 1' -a edit -d 'Change an account; products and add-ons are added to what it has'
complete -c care -n '__care_at "account" 1' -a list -d 'List the accounts'
complete -c care -n '__care_at "account" 1' -a show -d 'Show an account: what it is entitled to, its products and contacts'
complete -c care -n '__care_at "account"' -s h -l help -d 'Show this message and exit'
complete -c care -n '__care_at "account add" 1' -x -k -a '(__care_ask account)'
complete -c care -n '__care_at "account add"' -l plan -x -k -a 'care business-care' -d 'care or business-care'
complete -c care -n '__care_at "account add"' -l timezone -x -d 'Its time zone, as Europe/Madrid'
complete -c care -n '__care_at "account add"' -l hours -x -d 'Its hours, as \'Mon-Fri 09:00-17:00\''
complete -c care -n '__care_at "account add"' -l holidays -x -d 'Its holidays: a country or region, as US, ES-MD, JP'
complete -c care -n '__care_at "account add"' -l close-on -x -d 'An extra closed day; repeatable'
complete -c care -n '__care_at "account add"' -l deployment -x -d 'A cloud deployment; repeatable'
complete -c care -n '__care_at "account add"' -l service -x -d 'A service; repeatable'
complete -c care -n '__care_at "account add"' -l component -x -d 'A component of a service; repeatable'
complete -c care -n '__care_at "account add"' -l add-on -x -d 'cxm, support-architect, dedicated-specialist'
complete -c care -n '__care_at "account add"' -l executive -x -d 'The account executive'
complete -c care -n '__care_at "account add"' -l success-manager -x -d 'The customer success manager'
complete -c care -n '__care_at "account add"' -s h -l help -d 'Show this message and exit'
complete -c care -n '__care_at "account edit" 1' -x -k -a '(__care_ask account)'
complete -c care -n '__care_at "account edit"' -l plan -x -k -a 'care business-care' -d 'care or business-care'
complete -c care -n '__care_at "account edit"' -l timezone -x -d 'Its time zone, as Europe/Madrid'
complete -c care -n '__care_at "account edit"' -l hours -x -d 'Its hours, as \'Mon-Fri 09:00-17:00\''
complete -c care -n '__care_at "account edit"' -l holidays -x -d 'Its holidays: a country or region, as US, ES-MD, JP'
complete -c care -n '__care_at "account edit"' -l close-on -x -d 'An extra closed day; repeatable'
complete -c care -n '__care_at "account edit"' -l deployment -x -d 'A cloud deployment; repeatable'
complete -c care -n '__care_at "account edit"' -l service -x -d 'A service; repeatable'
complete -c care -n '__care_at "account edit"' -l component -x -d 'A component of a service; repeatable'
complete -c care -n '__care_at "account edit"' -l add-on -x -d 'cxm, support-architect, dedicated-specialist'
complete -c care -n '__care_at "account edit"' -l executive -x -d 'The account executive'
complete -c care -n '__care_at "account edit"' -l success-manager -x -d 'The customer success manager'
complete -c care -n '__care_at "account edit"' -l active -l inactive -d 'Whether it is served'
complete -c care -n '__care_at "account edit"' -s h -l help -d 'Show this message and exit'
complete -c care -n '__care_at "account list"' -l format -x -k -a 'table json jsonl csv tsv' -d 'One of table, json, jsonl, csv, tsv'
complete -c care -n '__care_at "account list"' -l fields -x -d 'Fields of JSON, columns of tables'
complete -c care -n '__care_at "account list"' -l output -s o -r -F -d 'Write to a file, - for standard output'
complete -c care -n '__care_at "account list"' -s h -l help -d 'Show this message and exit'
complete -c care -n '__care_at "account show" 1' -x -k -a '(__care_ask account)'
complete -c care -n '__care_at "account show"' -s h -l help -d 'Show this message and exit'
complete -c care -n '__care_at "contact" 1' -a add -d 'Add a contact to an account; with read-write access a Designated Contact'
complete -c care -n '__care_at "contact" 1' -a edit -d 'Change a contact; everybody may change the own name, telephone and PIN'
complete -c care -n '__care_at "contact" 1' -a deactivate -d 'Let a contact act no more; the history stays'
complete -c care -n '__care_at "contact" 1' -a list -d 'List contacts with what each may do'
complete -c care -n '__care_at "contact"' -s h -l help -d 'Show this message and exit'
complete -c care -n '__care_at "contact add" 1' -x -k -a '(__care_ask contact)'
complete -c care -n '__care_at "contact add"' -l account -x -k -a '(__care_ask account)' -d 'The contact\'s account'
complete -c care -n '__care_at "contact add"' -l name -x -d 'The contact\'s name'
complete -c care -n '__care_at "contact add"' -l access -x -k -a 'basic read-only read-write' -d 'basic, read-only or read-write (opens cases)'
complete -c care -n '__care_at "contact add"' -l trained -l not-trained -d 'Trained as Designated Contact'
complete -c care -n '__care_at "contact add"' -l phone -x -d 'The contact\'s telephone'
complete -c care -n '__care_at "contact add"' -l pin -x -d 'A PIN for calls; - prompts or reads standard input'
complete -c care -n '__care_at "contact add"' -s h -l help -d 'Show this message and exit'
complete -c care -n '__care_at "contact edit" 1' -x -k -a '(__care_ask contact)'
complete -c care -n '__care_at "contact edit"' -l name -x -d 'The contact\'s name'
complete -c care -n '__care_at "contact edit"' -l access -x -k -a 'basic read-only read-write' -d 'basic, read-only or read-write (opens cases)'
complete -c care -n '__care_at "contact edit"' -l trained -l not-trained -d 'Trained as Designated Contact'
complete -c care -n '__care_at "contact edit"' -l phone -x -d 'The contact\'s telephone'
complete -c care -n '__care_at "contact edit"' -l pin -x -d 'A PIN for calls; - prompts or reads standard input'
complete -c care -n '__care_at "contact edit"' -l active -l inactive -d 'Whether the contact may act'
complete -c care -n '__care_at "contact edit"' -s h -l help -d 'Show this message and exit'
complete -c care -n '__care_at "contact deactivate" 1' -x -k -a '(__care_ask contact)'
complete -c care -n '__care_at "contact deactivate"' -s h -l help -d 'Show this message and exit'
complete -c care -n '__care_at "contact list"' -l account -x -k -a '(__care_ask account)' -d 'Of this account'
complete -c care -n '__care_at "contact list"' -l format -x -k -a 'table json jsonl csv tsv' -d 'One of table, json, jsonl, csv, tsv'
complete -c care -n '__care_at "contact list"' -l fields -x -d 'Fields of JSON, columns of tables'
complete -c care -n '__care_at "contact list"' -l output -s o -r -F -d 'Write to a file, - for standard output'
complete -c care -n '__care_at "contact list"' -s h -l help -d 'Show this message and exit'
complete -c care -n '__care_at "staff" 1' -a add -d 'Add a member of staff'
complete -c care -n '__care_at "staff" 1' -a edit -d 'Change a member of staff'
complete -c care -n '__care_at "staff" 1' -a deactivate -d 'Let a member of staff act no more; the history stays'
complete -c care -n '__care_at "staff" 1' -a list -d 'List the staff'
complete -c care -n '__care_at "staff"' -s h -l help -d 'Show this message and exit'
complete -c care -n '__care_at "staff add" 1' -x -k -a '(__care_ask staff)'
complete -c care -n '__care_at "staff add"' -l name -x -d 'The person\'s name'
complete -c care -n '__care_at "staff add"' -l role -x -k -a 'agent manager admin' -d 'agent, manager or admin'
complete -c care -n '__care_at "staff add"' -l product-group -x -k -a '(__care_ask group)' -d 'The product group'
complete -c care -n '__care_at "staff add"' -s h -l help -d 'Show this message and exit'
complete -c care -n '__care_at "staff edit" 1' -x -k -a '(__care_ask staff)'
complete -c care -n '__care_at "staff edit"' -l name -x -d 'The person\'s name'
complete -c care -n '__care_at "staff edit"' -l role -x -k -a 'agent manager admin' -d 'agent, manager or admin'
complete -c care -n '__care_at "staff edit"' -l product-group -x -k -a '(__care_ask group)' -d 'The product group'
complete -c care -n '__care_at "staff edit"' -l active -l inactive -d 'Whether the person may act'
complete -c care -n '__care_at "staff edit"' -s h -l help -d 'Show this message and exit'
complete -c care -n '__care_at "staff deactivate" 1' -x -k -a '(__care_ask staff)'
complete -c care -n '__care_at "staff deactivate"' -s h -l help -d 'Show this message and exit'
complete -c care -n '__care_at "staff list"' -l format -x -k -a 'table json jsonl csv tsv' -d 'One of table, json, jsonl, csv, tsv'
complete -c care -n '__care_at "staff list"' -l fields -x -d 'Fields of JSON, columns of tables'
complete -c care -n '__care_at "staff list"' -l output -s o -r -F -d 'Write to a file, - for standard output'
complete -c care -n '__care_at "staff list"' -s h -l help -d 'Show this message and exit'
complete -c care -n '__care_at "import" 1' -r -F
complete -c care -n '__care_at "import"' -l from -x -k -a 'servicenow' -d 'The desk it comes from: servicenow'
complete -c care -n '__care_at "import"' -l account -x -k -a '(__care_ask account)' -d 'The account that the cases go to'
complete -c care -n '__care_at "import"' -l timezone -x -d 'The zone of the file\'s times'
complete -c care -n '__care_at "import"' -l sla -x -k -a 'opened now none' -d 'Count clocks from opened, now or none'
complete -c care -n '__care_at "import"' -l dry-run -s n -d 'Read all, keep nothing'
complete -c care -n '__care_at "import"' -s h -l help -d 'Show this message and exit'
complete -c care -n '__care_at "completion" 1' -x -k -a 'bash zsh fish'
complete -c care -n '__care_at "completion"' -s h -l help -d 'Show this message and exit'
complete -c care -n '__care_at "verify" 1' -x -k -a '(__care_ask case)'
complete -c care -n '__care_at "verify"' -s h -l help -d 'Show this message and exit'
complete -c care -n '__care_at "doctor"' -l check -d 'Answer a monitor: one line, exit 0 to 3'
complete -c care -n '__care_at "doctor"' -l format -x -k -a 'table json prometheus' -d 'table, json or prometheus'
complete -c care -n '__care_at "doctor"' -s h -l help -d 'Show this message and exit'
complete -c care -n '__care_at "schema"' -l lines -d 'Of a line of its JSON lines'
complete -c care -n '__care_at "schema"' -s h -l help -d 'Show this message and exit'
complete -c care -n '__care_at "help" 1' -x -k -a 'open list search show log explain update close reopen accept reject escalate assign investigate ask propose restore priority link tick forecast cron calendar init policy demo account contact staff import completion verify doctor schema help exit-codes environment formats times'
