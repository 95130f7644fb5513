# bash completion for care; `care completion bash` prints it

# The words before the cursor as bash would read them, but that nothing in them is run; of the last one also how it
# stands there: raw, the quote that is open, and what stood before that quote.
_care_split() {
    local line="${COMP_LINE:0:COMP_POINT}" begun= char
    local -i at
    for ((at = 0; at < ${#line}; at++)); do
        char="${line:at:1}"
        raw+="$char"
        if [[ -z $quote && $char == [[:space:]] ]]; then
            [[ -n $begun ]] && words+=("$current")
            current= raw= begun=
            continue
        fi
        begun=1
        if [[ $char == \\ && $quote != \' ]]; then
            at+=1
            current+="${line:at:1}" raw+="${line:at:1}"
        elif [[ -n $quote && $char == "$quote" ]]; then
            quote=
        elif [[ -z $quote && $char == [\"\'] ]]; then
            quote="$char" before="$current"
        else
            current+="$char"
        fi
    done
}

# A word whose variable at the front is put in place.
_care_plain() {
    if [[ $1 =~ ^\$\{?([A-Za-z_][A-Za-z0-9_]*)\}?(.*)$ ]]; then
        printf '%s' "${!BASH_REMATCH[1]}${BASH_REMATCH[2]}"
    else
        printf '%s' "$1"
    fi
}

# What stands on the line before the cursor: the command, an option that waits for its value, the place.
_care_read() {
    local word
    for word in "${words[@]:1}"; do
        if [[ -n $option ]]; then
            case "$option" in
                --db | --config | --as) given+=("$option" "$(_care_plain "$word")") ;;
            esac
            option=
        elif [[ -n $literal ]]; then
            place+=1
        elif [[ $word == -- ]]; then
            literal=1
        elif [[ $word == --db=* || $word == --config=* || $word == --as=* ]]; then
            given+=("${word%%=*}" "$(_care_plain "${word#*=}")")
        elif [[ $word == -?* ]]; then
            _care_value "$word" && option="$word"
        elif _care_node "${node:+$node }$word"; then
            node+="${node:+ }$word"
        else
            place+=1
        fi
    done
}

# Take in a word that fits, written as it must stand on the line.
_care_offer() {
    local word="$1"
    [[ ${word,,} == "${current,,}"* ]] || return
    case "$quote" in
        \") word="${word//\\/\\\\}" word="${word//\"/\\\"}" word="${word//\$/\\\$}" word="${word//\`/\\\`}" ;;
        \') word="${word//\'/\'\\\'\'}" ;;
        *) printf -v word '%q' "$word" ;;
    esac
    COMPREPLY+=("${lead}${word:skip}")
}

_care_ask() {
    local line
    compopt -o nosort 2>/dev/null
    while IFS= read -r line; do
        _care_offer "${line%%$'\t'*}"
    done < <("${words[0]/#\~/$HOME}" "${given[@]}" complete "$1" -- "$current" 2>/dev/null </dev/null)
}

_care() {
    local -a words=() given=()
    local current= raw= quote= before= node= option= literal= lead= offer= choices= word
    local -i place=1 skip=0
    _care_split
    _care_read
    offer= choices=
    if [[ -z $option && -z $literal && $current == --*=* ]]; then
        lead="${current%%=*}="
        option="${lead%=}" current="${current#*=}" before="${before#"$lead"}"
    fi
    # Readline puts in place what stands behind the last of its word breaks, or behind the quote that is open.
    if [[ -n $quote ]]; then
        skip=${#before}
        lead=
    elif [[ $raw == *"$2" ]]; then
        skip=${#raw}-${#2}-${#lead}
        if ((skip >= 0)); then lead=; else lead="${lead:${#lead}+skip}" skip=0; fi
    fi
    if [[ -n $option ]]; then
        _care_value "$option"
    elif [[ -z $literal && $current == -* ]]; then
        _care_options
    else
        _care_place || { [[ -n $current || -n $literal ]] || _care_options; }
    fi
    COMPREPLY=()
    case "$offer" in
        "") for word in $choices; do _care_offer "$word"; done ;;
        nothing) ;;
        file) compopt -o default 2>/dev/null ;;
        *) _care_ask "$offer" ;;
    esac
}

# Whether these words name a command.
_care_node() {
    case "$1" in
        "open" | "list" | "search" | "show" | "similar" | "kb" | "kb search" | "kb show" | "kb list" | "kb vote" | "kb add" | "kb edit" | "kb import" | "kb publish" | "kb retire" | "kb from-case" | "kb link" | "kb versions" | "kb diff" | "log" | "explain" | "export" | "bundle" | "bundle write" | "bundle verify" | "attachment" | "attachment add" | "attachment list" | "attachment get" | "attachment confirm" | "attachment scan" | "attachment tidy" | "update" | "close" | "reopen" | "accept" | "reject" | "chat" | "chat join" | "chat list" | "chat show" | "escalate" | "assign" | "investigate" | "ask" | "propose" | "restore" | "priority" | "link" | "split" | "component" | "component learn" | "component predict" | "component list" | "component set" | "incident" | "incident declare" | "incident describe" | "incident show" | "incident affect" | "incident post-mortem" | "incident action" | "incident action add" | "incident action done" | "incident action list" | "incident request" | "incident report" | "request" | "request ack" | "request accept" | "request reject" | "request resubmit" | "request sign" | "request complete" | "feature" | "feature product-management" | "feature under-review" | "feature future-candidate" | "feature planned" | "feature committed" | "feature delivered" | "feature declined" | "feature duplicate" | "feature exists" | "feature convert" | "approve" | "decline" | "maintenance" | "maintenance show" | "maintenance reschedule" | "maintenance announce" | "advisory" | "advisory list" | "advisory show" | "advisory read" | "advisory subscribe" | "advisory unsubscribe" | "advisory subscriptions" | "advisory add" | "advisory edit" | "advisory publish" | "advisory withdraw" | "contact-us" | "whatnext" | "tick" | "forecast" | "report" | "exempt" | "cron" | "cron show" | "cron install" | "calendar" | "calendar add" | "calendar between" | "calendar show" | "calendar check" | "calendar impact" | "calendar rebase" | "init" | "policy" | "policy show" | "policy check" | "policy list" | "policy diff" | "policy impact" | "policy use" | "policy rebase" | "mail" | "mail outbox" | "mail show" | "mail deliver" | "mail resend" | "mail fetch" | "mail receive" | "mail inbox" | "mail triage" | "mail triage list" | "mail triage show" | "mail triage link" | "mail triage discard" | "mail key" | "mail key show" | "mail key renew" | "demo" | "account" | "account add" | "account edit" | "account list" | "account show" | "account entitlements" | "contact" | "contact add" | "contact edit" | "contact deactivate" | "contact list" | "staff" | "staff add" | "staff edit" | "staff deactivate" | "staff list" | "gate" | "gate enter" | "gate keys" | "gate log" | "import" | "postgres" | "postgres roles" | "completion" | "verify" | "backup" | "copy" | "doctor" | "schema" | "help") true ;;
        *) return 1 ;;
    esac
}

# Whether a value follows this option; what is offered for it.
_care_value() {
    case "$node $1" in
        *" --db" | *" --config" | "open --file" | "open -F" | "open --form" | "open --attach" | "list --output" | "list -o" | "search --output" | "search -o" | "similar --output" | "similar -o" | "kb search --output" | "kb search -o" | "kb list --output" | "kb list -o" | "kb add --file" | "kb add -F" | "kb edit --file" | "kb edit -F" | "log --output" | "log -o" | "explain --html" | "bundle write --output" | "bundle write -o" | "attachment add --file" | "attachment add -F" | "attachment list --output" | "attachment list -o" | "attachment get --output" | "attachment get -o" | "update --file" | "update -F" | "update --attach" | "close --file" | "close -F" | "reopen --file" | "reopen -F" | "reopen --attach" | "accept --file" | "accept -F" | "reject --file" | "reject -F" | "chat join --file" | "chat join -F" | "chat list --output" | "chat list -o" | "escalate --file" | "escalate -F" | "assign --file" | "assign -F" | "investigate --file" | "investigate -F" | "ask --file" | "ask -F" | "propose --file" | "propose -F" | "restore --file" | "restore -F" | "priority --file" | "priority -F" | "split --file" | "split -F" | "component predict --output" | "component predict -o" | "component list --output" | "component list -o" | "component set --file" | "component set -F" | "incident declare --file" | "incident declare -F" | "incident describe --file" | "incident describe -F" | "incident affect --file" | "incident affect -F" | "incident post-mortem --file" | "incident post-mortem -F" | "incident action add --file" | "incident action add -F" | "incident action done --file" | "incident action done -F" | "incident action list --output" | "incident action list -o" | "incident request --file" | "incident request -F" | "incident report --output" | "incident report -o" | "request ack --file" | "request ack -F" | "request accept --order" | "request accept --sow" | "request accept --file" | "request accept -F" | "request reject --file" | "request reject -F" | "request resubmit --file" | "request resubmit -F" | "request resubmit --attach" | "request sign --file" | "request sign -F" | "request complete --file" | "request complete -F" | "feature product-management --file" | "feature product-management -F" | "feature under-review --file" | "feature under-review -F" | "feature future-candidate --file" | "feature future-candidate -F" | "feature planned --file" | "feature planned -F" | "feature committed --file" | "feature committed -F" | "feature delivered --file" | "feature delivered -F" | "feature declined --file" | "feature declined -F" | "feature duplicate --file" | "feature duplicate -F" | "feature exists --file" | "feature exists -F" | "feature convert --file" | "feature convert -F" | "approve --file" | "approve -F" | "decline --file" | "decline -F" | "maintenance show --output" | "maintenance show -o" | "maintenance reschedule --file" | "maintenance reschedule -F" | "maintenance announce --file" | "maintenance announce -F" | "advisory list --output" | "advisory list -o" | "advisory subscriptions --output" | "advisory subscriptions -o" | "advisory add --file" | "advisory add -F" | "advisory edit --file" | "advisory edit -F" | "contact-us --output" | "contact-us -o" | "whatnext --output" | "whatnext -o" | "forecast --output" | "forecast -o" | "report --policy" | "report --html" | "report --output" | "report -o" | "exempt --file" | "exempt -F" | "calendar impact --output" | "calendar impact -o" | "policy list --output" | "policy list -o" | "policy diff --output" | "policy diff -o" | "policy impact --output" | "policy impact -o" | "mail outbox --output" | "mail outbox -o" | "mail fetch --maildir" | "mail inbox --output" | "mail inbox -o" | "mail triage list --output" | "mail triage list -o" | "mail triage show --output" | "mail triage show -o" | "account list --output" | "account list -o" | "account entitlements --output" | "account entitlements -o" | "contact add --ssh-key" | "contact edit --ssh-key" | "contact list --output" | "contact list -o" | "staff add --ssh-key" | "staff edit --ssh-key" | "staff list --output" | "staff list -o" | "gate keys --care" | "gate keys --output" | "gate keys -o" | "gate log --output" | "gate log -o" | "copy --to") offer=file ;;
        *" --as" | "advisory subscribe --for" | "advisory unsubscribe --for") offer=person ;;
        *" --now" | "open --subject" | "open -s" | "open --description" | "open -m" | "open --impact" | "open --subtype" | "open --users-affected" | "open --frequency" | "open --observed-at" | "open --steps" | "open --troubleshooting" | "open --local-contact" | "open --hours-location" | "open --field" | "open --check" | "open --solved-by" | "list --since" | "list --until" | "list --at" | "list --limit" | "list -n" | "list --page" | "list --fields" | "search --since" | "search --until" | "search --at" | "search --limit" | "search -n" | "search --page" | "search --fields" | "show --at" | "show --fields" | "similar --subject" | "similar -s" | "similar --description" | "similar -m" | "similar --limit" | "similar -n" | "similar --fields" | "kb search --limit" | "kb search -n" | "kb search --fields" | "kb show --version" | "kb list --limit" | "kb list -n" | "kb list --fields" | "kb add --title" | "kb add --subject" | "kb add -s" | "kb add --message" | "kb add -m" | "kb add --slug" | "kb add --keyword" | "kb edit --title" | "kb edit --subject" | "kb edit -s" | "kb edit --message" | "kb edit -m" | "kb edit --keyword" | "kb edit --base" | "kb publish --base" | "kb link --defect" | "log --at" | "log --fields" | "explain --at" | "export --words" | "export --since" | "export --until" | "export --at" | "export --limit" | "export -n" | "export --page" | "export --fields" | "attachment add --name" | "attachment add --message" | "attachment add -m" | "attachment add --pin" | "attachment list --fields" | "attachment get --name" | "attachment confirm --pin" | "update --message" | "update -m" | "update --field" | "update --pin" | "close --message" | "close -m" | "close --root-cause" | "close --defect" | "close --pin" | "reopen --message" | "reopen -m" | "reopen --pin" | "accept --message" | "accept -m" | "accept --pin" | "reject --message" | "reject -m" | "reject --pin" | "chat join --message" | "chat join -m" | "chat list --fields" | "escalate --reason" | "escalate --message" | "escalate -m" | "escalate --pin" | "assign --reason" | "assign --message" | "assign -m" | "investigate --reason" | "investigate --message" | "investigate -m" | "ask --message" | "ask -m" | "propose --message" | "propose -m" | "restore --message" | "restore -m" | "priority --reason" | "priority --message" | "priority -m" | "split --subject" | "split -s" | "split --impact" | "split --reason" | "split --message" | "split -m" | "component learn --text-column" | "component learn --label-column" | "component predict --text-column" | "component predict --label-column" | "component predict --fields" | "component list --fields" | "component set --reason" | "component set --message" | "component set -m" | "incident declare --title" | "incident declare --started" | "incident declare --message" | "incident declare -m" | "incident declare --specific" | "incident describe --title" | "incident describe --started" | "incident describe --message" | "incident describe -m" | "incident describe --details" | "incident describe --specific" | "incident describe --restoration" | "incident describe --root-cause" | "incident describe --measures" | "incident describe --comments" | "incident affect --message" | "incident affect -m" | "incident post-mortem --message" | "incident post-mortem -m" | "incident post-mortem --root-cause" | "incident action add --due" | "incident action add --message" | "incident action add -m" | "incident action done --message" | "incident action done -m" | "incident action list --fields" | "incident request --message" | "incident request -m" | "incident request --pin" | "request ack --message" | "request ack -m" | "request accept --message" | "request accept -m" | "request reject --reason" | "request reject --message" | "request reject -m" | "request resubmit --message" | "request resubmit -m" | "request resubmit --field" | "request resubmit --pin" | "request sign --document" | "request sign --message" | "request sign -m" | "request complete --message" | "request complete -m" | "feature product-management --message" | "feature product-management -m" | "feature under-review --message" | "feature under-review -m" | "feature future-candidate --message" | "feature future-candidate -m" | "feature planned --message" | "feature planned -m" | "feature planned --release" | "feature committed --message" | "feature committed -m" | "feature committed --release" | "feature delivered --message" | "feature delivered -m" | "feature delivered --release" | "feature declined --reason" | "feature declined --message" | "feature declined -m" | "feature duplicate --message" | "feature duplicate -m" | "feature exists --message" | "feature exists -m" | "feature exists --release" | "feature convert --message" | "feature convert -m" | "feature convert --impact" | "feature convert --priority" | "approve --message" | "approve -m" | "decline --reason" | "decline --message" | "decline -m" | "maintenance show --within" | "maintenance show --fields" | "maintenance reschedule --window" | "maintenance reschedule --to" | "maintenance reschedule --reason" | "maintenance reschedule --message" | "maintenance reschedule -m" | "maintenance announce --from" | "maintenance announce --to" | "maintenance announce --title" | "maintenance announce -s" | "maintenance announce --message" | "maintenance announce -m" | "advisory list --limit" | "advisory list -n" | "advisory list --fields" | "advisory subscriptions --fields" | "advisory add --title" | "advisory add --subject" | "advisory add -s" | "advisory add --message" | "advisory add -m" | "advisory add --solution" | "advisory add --from" | "advisory add --to" | "advisory edit --title" | "advisory edit --subject" | "advisory edit -s" | "advisory edit --message" | "advisory edit -m" | "advisory edit --solution" | "advisory edit --from" | "advisory edit --to" | "advisory withdraw --reason" | "advisory withdraw --message" | "advisory withdraw -m" | "contact-us --fields" | "whatnext --fields" | "tick --limit" | "tick --watch" | "tick --at" | "forecast --within" | "forecast --limit" | "forecast -n" | "forecast --fields" | "report --since" | "report --until" | "report --at" | "report --fields" | "exempt --from" | "exempt --to" | "exempt --reason" | "exempt --message" | "exempt -m" | "exempt --withdraw" | "calendar show --months" | "calendar show --timezone" | "calendar show --hours" | "calendar show --holidays" | "calendar show --close-on" | "calendar check --timezone" | "calendar check --hours" | "calendar check --holidays" | "calendar check --close-on" | "calendar impact --timezone" | "calendar impact --hours" | "calendar impact --holidays" | "calendar impact --close-on" | "calendar impact --from" | "calendar impact --fields" | "calendar rebase --from" | "init --email" | "init --name" | "init --timezone" | "init --hours" | "init --holidays" | "init --close-on" | "init --desk-name" | "policy list --fields" | "policy diff --fields" | "policy impact --from" | "policy impact --fields" | "policy rebase --from" | "mail outbox --limit" | "mail outbox -n" | "mail outbox --fields" | "mail fetch --limit" | "mail inbox --limit" | "mail inbox -n" | "mail inbox --fields" | "mail triage list --limit" | "mail triage list -n" | "mail triage list --fields" | "mail triage show --file" | "mail triage discard --reason" | "mail triage discard --message" | "mail triage discard -m" | "mail key renew --accept-for" | "account add --timezone" | "account add --hours" | "account add --holidays" | "account add --close-on" | "account add --deployment" | "account add --service" | "account add --component" | "account add --add-on" | "account add --executive" | "account add --success-manager" | "account edit --timezone" | "account edit --hours" | "account edit --holidays" | "account edit --close-on" | "account edit --deployment" | "account edit --service" | "account edit --component" | "account edit --add-on" | "account edit --executive" | "account edit --success-manager" | "account edit --remove-add-on" | "account list --fields" | "account entitlements --fields" | "contact add --name" | "contact add --phone" | "contact add --pin" | "contact edit --name" | "contact edit --phone" | "contact edit --pin" | "contact list --fields" | "staff add --name" | "staff edit --name" | "staff list --fields" | "gate enter --allow" | "gate keys --for" | "gate log --limit" | "gate log -n" | "gate log --fields" | "import --timezone" | "verify --against" | "backup --keep") offer=nothing ;;
        "open --priority" | "list --priority" | "search --priority" | "export --priority" | "escalate --priority" | "split --priority" | "contact-us --priority" | "report --priority") choices="critical high medium low" ;;
        "open --account" | "list --account" | "search --account" | "similar --account" | "export --account" | "incident affect --account" | "incident request --for" | "incident report --for" | "maintenance show --account" | "maintenance reschedule --account" | "maintenance announce --account" | "advisory add --account" | "advisory edit --account" | "contact-us --account" | "report --account" | "calendar add --account" | "calendar between --account" | "calendar show --account" | "calendar check --account" | "calendar impact --account" | "calendar rebase --account" | "policy impact --account" | "policy rebase --account" | "account add --parent" | "account edit --parent" | "contact add --account" | "contact list --account" | "import --account") offer=account ;;
        "open --contact" | "list --contact" | "search --contact" | "export --contact" | "attachment add --contact" | "attachment confirm --contact" | "update --contact" | "close --contact" | "reopen --contact" | "accept --contact" | "reject --contact" | "escalate --contact" | "split --contact" | "incident request --contact" | "request resubmit --contact" | "maintenance reschedule --contact" | "mail triage link --contact") offer=contact ;;
        "open --deployment" | "list --deployment" | "search --deployment" | "export --deployment" | "split --deployment" | "maintenance reschedule --deployment" | "report --deployment") offer=deployment ;;
        "open --service" | "list --service" | "search --service" | "similar --service" | "kb search --service" | "kb list --service" | "kb add --service" | "kb edit --service" | "export --service" | "split --service" | "component predict --service" | "maintenance show --service" | "advisory list --service" | "advisory subscribe --service" | "advisory unsubscribe --service" | "advisory add --service" | "advisory edit --service" | "contact-us --service" | "report --service") offer=service ;;
        "open --component" | "list --component" | "search --component" | "kb search --component" | "kb list --component" | "kb add --component" | "kb edit --component" | "export --component" | "report --component") offer=component ;;
        "open --stage" | "split --stage" | "feature convert --stage") choices="production uat" ;;
        "open --type") choices="support service-request feature-request admin" ;;
        "open --via") choices="portal phone monitoring" ;;
        "open --follows" | "feature duplicate --of" | "policy show --case" | "policy diff --case") offer=case ;;
        "list --in-group" | "search --in-group" | "export --in-group" | "assign --product-group" | "report --in-group" | "staff add --product-group" | "staff edit --product-group") offer=group ;;
        "list --status" | "list --tab" | "search --status" | "search --tab" | "export --status" | "export --tab") choices="open awaiting-info service-restored solution-proposed closed open-customer-care open-product-management" ;;
        "list --type" | "search --type" | "export --type" | "report --type") choices="support service-request feature-request admin incident" ;;
        "list --owner" | "search --owner" | "export --owner" | "incident action add --owner" | "report --owner") offer=staff ;;
        "list --sort" | "search --sort" | "export --sort") choices="modified opened number priority status subject account owner contact" ;;
        "list --format" | "search --format" | "similar --format" | "kb search --format" | "kb list --format" | "log --format" | "attachment list --format" | "chat list --format" | "component predict --format" | "component list --format" | "incident action list --format" | "maintenance show --format" | "advisory list --format" | "advisory subscriptions --format" | "contact-us --format" | "whatnext --format" | "forecast --format" | "report --format" | "calendar impact --format" | "policy list --format" | "policy diff --format" | "policy impact --format" | "mail outbox --format" | "mail inbox --format" | "mail triage list --format" | "account list --format" | "account entitlements --format" | "contact list --format" | "staff list --format" | "gate log --format") choices="table json jsonl csv tsv xlsx" ;;
        "kb search --status" | "kb list --status") choices="draft published retired" ;;
        "kb search --audience" | "kb list --audience" | "kb add --audience" | "kb edit --audience") choices="public internal" ;;
        "explain --metric" | "report --metric" | "exempt --metric") choices="response restoration resolution" ;;
        "export --format") choices="json jsonl csv tsv xlsx" ;;
        "attachment add --via" | "attachment confirm --via" | "update --via" | "close --via" | "reopen --via" | "accept --via" | "reject --via" | "escalate --via" | "priority --via" | "incident request --via" | "request resubmit --via") choices="phone" ;;
        "close --substatus" | "propose --substatus" | "restore --substatus") choices="new investigation customer-responded info-required-from-customer pending-permanent-solution pending-rca solution-proposed problem-resolved cancelled resolved redirected under-review future-candidate planned committed declined delivered duplicate" ;;
        "close --article") offer=article ;;
        "chat join --format") choices="text json jsonl" ;;
        "escalate --to") choices="manager executive success-manager cxm" ;;
        "link --kind") choices="relates duplicate-of duplicated-by caused-by causes follows followed-by split-from split-to" ;;
        "incident report --format") choices="md html" ;;
        "feature convert --subtype") choices="problem question" ;;
        "advisory list --kind" | "advisory add --kind" | "advisory edit --kind") choices="advisory maintenance news" ;;
        "advisory list --status") choices="draft published withdrawn" ;;
        "tick --format") choices="table json jsonl" ;;
        "report --by") choices="plan priority account owner group service component type day week month quarter" ;;
        "report --plan" | "account add --plan" | "account edit --plan") choices="care business-care" ;;
        "report --list") choices="attainment breaches backlog clocks cases" ;;
        "cron show --every" | "cron install --every") choices="1m 5m 15m 1h" ;;
        "init --policy") choices="default guide process-2025" ;;
        "mail outbox --state") choices="queued sent failed bounced withdrawn" ;;
        "mail inbox --outcome") choices="updated triaged ignored duplicate bounce" ;;
        "contact add --access" | "contact edit --access") choices="basic read-only read-write" ;;
        "staff add --role" | "staff edit --role") choices="agent manager admin" ;;
        "import --from") choices="care servicenow zendesk zendesk-csv" ;;
        "import --sla") choices="opened now none" ;;
        "import --show-mapping") choices="servicenow zendesk zendesk-csv" ;;
        "doctor --format") choices="table json prometheus" ;;
        *) return 1 ;;
    esac
}

# What is offered at this place, if anything.
_care_place() {
    case "$node $place" in
        " 1") choices="open list search show similar kb log explain export bundle attachment update close reopen accept reject chat escalate assign investigate ask propose restore priority link split component incident request feature approve decline maintenance advisory contact-us whatnext tick forecast report exempt cron calendar init policy mail demo account contact staff gate import postgres completion verify backup copy doctor schema help" ;;
        "show 1" | "similar 1" | "kb from-case 1" | "kb link 2" | "log 1" | "explain 1" | "bundle write 1" | "attachment add 1" | "attachment list 1" | "attachment get 1" | "attachment confirm 1" | "update 1" | "close 1" | "reopen 1" | "accept 1" | "reject 1" | "chat join 1" | "chat show 1" | "escalate 1" | "assign 1" | "investigate 1" | "ask 1" | "propose 1" | "restore 1" | "priority 1" | "link 1" | "link 2" | "split 1" | "component set 1" | "incident declare 1" | "incident describe 1" | "incident show 1" | "incident affect 1" | "incident affect "* | "incident post-mortem 1" | "incident action add 1" | "incident action done 1" | "incident action list 1" | "incident request 1" | "incident report 1" | "request ack 1" | "request accept 1" | "request reject 1" | "request resubmit 1" | "request sign 1" | "request complete 1" | "feature product-management 1" | "feature under-review 1" | "feature future-candidate 1" | "feature planned 1" | "feature committed 1" | "feature delivered 1" | "feature declined 1" | "feature duplicate 1" | "feature exists 1" | "feature convert 1" | "approve 1" | "decline 1" | "exempt 1" | "mail outbox 1" | "mail inbox 1" | "mail triage link 2" | "verify 1") offer=case ;;
        "kb 1") choices="search show list vote add edit import publish retire from-case link versions diff" ;;
        "kb show 1" | "kb vote 1" | "kb edit 1" | "kb publish 1" | "kb retire 1" | "kb link 1" | "kb versions 1" | "kb diff 1") offer=article ;;
        "kb import "* | "export 1" | "bundle verify 1" | "attachment add "* | "attachment scan "* | "component learn 1" | "component predict 1" | "policy show 1" | "policy check "* | "policy diff 1" | "policy impact 1" | "policy use 1" | "policy rebase 1" | "import 1" | "backup 1") offer=file ;;
        "bundle 1") choices="write verify" ;;
        "attachment 1") choices="add list get confirm scan tidy" ;;
        "chat 1") choices="join list show" ;;
        "assign 2" | "staff add 1" | "staff edit 1" | "staff deactivate 1") offer=staff ;;
        "priority 2") choices="critical high medium low" ;;
        "component 1") choices="learn predict list set" ;;
        "component set 2") offer=component ;;
        "incident 1") choices="declare describe show affect post-mortem action request report" ;;
        "incident action 1") choices="add done list" ;;
        "request 1") choices="ack accept reject resubmit sign complete" ;;
        "feature 1") choices="product-management under-review future-candidate planned committed delivered declined duplicate exists convert" ;;
        "maintenance 1") choices="show reschedule announce" ;;
        "maintenance reschedule 1" | "maintenance announce "*) offer=service ;;
        "advisory 1") choices="list show read subscribe unsubscribe subscriptions add edit publish withdraw" ;;
        "advisory show 1" | "advisory read "* | "advisory edit 1" | "advisory publish 1" | "advisory withdraw 1") offer=advisory ;;
        "advisory subscribe 1") choices="at-once daily weekly" ;;
        "cron 1") choices="show install" ;;
        "calendar 1") choices="add between show check impact rebase" ;;
        "policy 1") choices="show check list diff impact use rebase" ;;
        "mail 1") choices="outbox show deliver resend fetch receive inbox triage key" ;;
        "mail triage 1") choices="list show link discard" ;;
        "mail key 1") choices="show renew" ;;
        "account 1") choices="add edit list show entitlements" ;;
        "account add 1" | "account edit 1" | "account show 1" | "account entitlements 1") offer=account ;;
        "contact 1" | "staff 1") choices="add edit deactivate list" ;;
        "contact add 1" | "contact edit 1" | "contact deactivate 1") offer=contact ;;
        "gate 1") choices="enter keys log" ;;
        "postgres 1") choices="roles" ;;
        "completion 1") choices="bash zsh fish" ;;
        "help 1") choices="open list search show similar kb log explain export bundle attachment update close reopen accept reject chat escalate assign investigate ask propose restore priority link split component incident request feature approve decline maintenance advisory contact-us whatnext tick forecast report exempt cron calendar init policy mail demo account contact staff gate import postgres completion verify backup copy doctor schema help exit-codes environment formats times ssh" ;;
        *) return 1 ;;
    esac
}

# The options of this command.
_care_own() {
    case "$node" in
        "open") choices="--subject -s --description -m --file -F --impact --priority --account --contact --deployment --service --component --stage --type --subtype --users-affected --frequency --observed-at --steps --troubleshooting --local-contact --hours-location --field --via --follows --form --template --check --attach --redact --confirm-sanitized --resume --solved-by --from-alert --yes -y -h --help" ;;
        "list" | "search") choices="--mine --group --all -a --in-group --status --tab --type --priority --escalated --account --deployment --service --component --owner --contact --since --until --sort --at --limit -n --page --format --fields --output -o -h --help" ;;
        "show") choices="--at --fields -h --help" ;;
        "similar") choices="--subject -s --description -m --all -a --account --service --limit -n --format --fields --output -o -h --help" ;;
        "kb" | "kb from-case" | "kb versions" | "kb diff" | "bundle" | "bundle verify" | "attachment" | "attachment scan" | "chat" | "chat show" | "component" | "incident" | "incident show" | "incident action" | "request" | "feature" | "maintenance" | "advisory" | "advisory show" | "advisory publish" | "cron" | "calendar" | "policy" | "policy use" | "mail" | "mail show" | "mail resend" | "mail receive" | "mail triage" | "mail key" | "mail key show" | "demo" | "account" | "account show" | "contact" | "contact deactivate" | "staff" | "staff deactivate" | "gate" | "postgres" | "completion") choices="-h --help" ;;
        "kb search" | "kb list") choices="--service --component --status --audience --limit -n --format --fields --output -o -h --help" ;;
        "kb show") choices="--version -h --help" ;;
        "kb vote") choices="--helpful --not-helpful -h --help" ;;
        "kb add") choices="--title --subject -s --message -m --file -F --slug --service --component --keyword --audience --publish -h --help" ;;
        "kb edit") choices="--title --subject -s --message -m --file -F --service --component --keyword --audience --base --publish -h --help" ;;
        "kb import") choices="--publish --dry-run -n -h --help" ;;
        "kb publish") choices="--base -h --help" ;;
        "kb retire") choices="--yes -y -h --help" ;;
        "kb link") choices="--defect -h --help" ;;
        "log") choices="--all --at --format --fields --output -o -h --help" ;;
        "explain") choices="--metric --at --html -h --help" ;;
        "export") choices="--words --mine --group --all -a --in-group --status --tab --type --priority --escalated --account --deployment --service --component --owner --contact --since --until --sort --at --limit -n --page --format --fields -h --help" ;;
        "bundle write") choices="--output -o -h --help" ;;
        "attachment add") choices="--name --redact --confirm-sanitized --internal --message -m --file -F --via --contact --pin -h --help" ;;
        "attachment list" | "chat list" | "component list" | "incident action list" | "whatnext" | "policy list" | "account list" | "account entitlements" | "staff list") choices="--format --fields --output -o -h --help" ;;
        "attachment get") choices="--name --output -o --force -f -h --help" ;;
        "attachment confirm") choices="--via --contact --pin -h --help" ;;
        "attachment tidy") choices="--dry-run -h --help" ;;
        "update") choices="--message -m --file -F --internal --field --via --contact --pin --attach --redact --confirm-sanitized -h --help" ;;
        "close") choices="--message -m --file -F --substatus --root-cause --article --draft-article --defect --via --contact --pin -h --help" ;;
        "reopen") choices="--message -m --file -F --via --contact --pin --attach --redact --confirm-sanitized -h --help" ;;
        "accept" | "reject") choices="--message -m --file -F --via --contact --pin -h --help" ;;
        "chat join") choices="--message -m --file -F --format -h --help" ;;
        "escalate") choices="--reason --message -m --file -F --to --priority --answer --withdraw --via --contact --pin -h --help" ;;
        "assign") choices="--product-group --reason --message -m --file -F -h --help" ;;
        "investigate" | "component set" | "request reject" | "feature declined" | "decline") choices="--reason --message -m --file -F -h --help" ;;
        "ask" | "incident action done" | "request ack" | "request complete" | "feature product-management" | "feature under-review" | "feature future-candidate" | "approve") choices="--message -m --file -F -h --help" ;;
        "propose" | "restore") choices="--message -m --file -F --substatus -h --help" ;;
        "priority") choices="--reason --message -m --file -F --via --yes -y -h --help" ;;
        "link") choices="--kind --remove -h --help" ;;
        "split") choices="--subject -s --contact --deployment --service --stage --priority --impact --reason --message -m --file -F -h --help" ;;
        "component learn") choices="--text-column --label-column --afresh -h --help" ;;
        "component predict") choices="--text-column --label-column --service --why --format --fields --output -o -h --help" ;;
        "incident declare") choices="--title --started --message -m --file -F --specific -h --help" ;;
        "incident describe") choices="--title --started --message -m --details --file -F --specific --restoration --root-cause --measures --comments -h --help" ;;
        "incident affect") choices="--account --message -m --file -F --remove -h --help" ;;
        "incident post-mortem") choices="--message -m --file -F --root-cause -h --help" ;;
        "incident action add") choices="--due --message -m --file -F --owner -h --help" ;;
        "incident request") choices="--message -m --file -F --for --via --contact --pin -h --help" ;;
        "incident report") choices="--format --output -o --for --send -h --help" ;;
        "request accept") choices="--order --sow --message -m --file -F --redact --confirm-sanitized -h --help" ;;
        "request resubmit") choices="--message -m --file -F --field --via --contact --pin --attach --redact --confirm-sanitized -h --help" ;;
        "request sign") choices="--document --message -m --file -F -h --help" ;;
        "feature planned" | "feature committed" | "feature delivered" | "feature exists") choices="--message -m --file -F --release -h --help" ;;
        "feature duplicate") choices="--message -m --file -F --of -h --help" ;;
        "feature convert") choices="--message -m --file -F --subtype --stage --impact --priority -h --help" ;;
        "maintenance show") choices="--service --account --within --format --fields --output -o -h --help" ;;
        "maintenance reschedule") choices="--window --to --reason --message -m --file -F --account --contact --deployment -h --help" ;;
        "maintenance announce") choices="--from --to --title -s --message -m --file -F --account -h --help" ;;
        "advisory list") choices="--kind --service --unread --all --status --limit -n --format --fields --output -o -h --help" ;;
        "advisory read") choices="--all -h --help" ;;
        "advisory subscribe" | "advisory unsubscribe") choices="--service --for -h --help" ;;
        "advisory subscriptions") choices="--all --format --fields --output -o -h --help" ;;
        "advisory add" | "advisory edit") choices="--title --subject -s --message -m --file -F --solution --kind --service --account --from --to --publish -h --help" ;;
        "advisory withdraw") choices="--reason --message -m --yes -y -h --help" ;;
        "contact-us") choices="--account --service --priority --format --fields --output -o -h --help" ;;
        "tick") choices="--dry-run -n --replay --limit --exit-code --watch --format --at --yes -y -h --help" ;;
        "forecast") choices="--within --mine --group --all -a --limit -n --format --fields --output -o -h --help" ;;
        "report") choices="--since --until --by --account --plan --priority --metric --owner --in-group --deployment --service --component --type --policy --at --list --numbers --html --format --fields --output -o -h --help" ;;
        "exempt") choices="--from --to --reason --message -m --file -F --metric --withdraw -h --help" ;;
        "cron show") choices="--every --systemd -h --help" ;;
        "cron install") choices="--every --systemd --yes -y -h --help" ;;
        "calendar add" | "calendar between") choices="--account -h --help" ;;
        "calendar show") choices="--months --account --timezone --hours --holidays --close-on -h --help" ;;
        "calendar check") choices="--account --timezone --hours --holidays --close-on -h --help" ;;
        "calendar impact") choices="--account --timezone --hours --holidays --close-on --from --all --format --fields --output -o -h --help" ;;
        "calendar rebase" | "policy rebase") choices="--account --from --dry-run --yes -y -h --help" ;;
        "init") choices="--email --name --timezone --hours --holidays --close-on --policy --desk-name -h --help" ;;
        "policy show") choices="--case --toml -h --help" ;;
        "policy check") choices="--desk -h --help" ;;
        "policy diff") choices="--case --format --fields --output -o -h --help" ;;
        "policy impact") choices="--account --from --all --format --fields --output -o -h --help" ;;
        "mail outbox") choices="--state --limit -n --format --fields --output -o -h --help" ;;
        "mail deliver") choices="--all -a -h --help" ;;
        "mail fetch") choices="--maildir --limit --keep --delete -h --help" ;;
        "mail inbox") choices="--outcome --limit -n --format --fields --output -o -h --help" ;;
        "mail triage list") choices="--all --limit -n --format --fields --output -o -h --help" ;;
        "mail triage show") choices="--raw --file --output -o -h --help" ;;
        "mail triage link") choices="--contact --internal -h --help" ;;
        "mail triage discard") choices="--reason --message -m -h --help" ;;
        "mail key renew") choices="--accept-for --forget -h --help" ;;
        "account add") choices="--plan --timezone --hours --holidays --close-on --deployment --service --component --add-on --executive --success-manager --parent -h --help" ;;
        "account edit") choices="--plan --timezone --hours --holidays --close-on --deployment --service --component --add-on --executive --success-manager --parent --no-parent --remove-add-on --active --inactive -h --help" ;;
        "contact add") choices="--account --name --access --trained --not-trained --phone --pin --ssh-key -h --help" ;;
        "contact edit") choices="--name --access --trained --not-trained --phone --pin --unlock-pin --active --inactive --ssh-key --no-ssh-keys -h --help" ;;
        "contact list") choices="--account --format --fields --output -o -h --help" ;;
        "staff add") choices="--name --role --product-group --ssh-key -h --help" ;;
        "staff edit") choices="--name --role --product-group --active --inactive --ssh-key --no-ssh-keys -h --help" ;;
        "gate enter") choices="--allow -h --help" ;;
        "gate keys") choices="--care --for --output -o -h --help" ;;
        "gate log") choices="--limit -n --format --fields --output -o -h --help" ;;
        "import") choices="--from --account --timezone --sla --dry-run -n --copies --show-mapping -h --help" ;;
        "postgres roles") choices="--apply -h --help" ;;
        "verify") choices="--seal --against --repair --dry-run --yes -y -h --help" ;;
        "backup") choices="--keep --no-verify --list -h --help" ;;
        "copy") choices="--to --move -h --help" ;;
        "doctor") choices="--check --format -h --help" ;;
        "schema") choices="--lines -h --help" ;;
        "help") choices="" ;;
        *) return 1 ;;
    esac
}

_care_options() {
    _care_own
    choices+=" --db --config --as --now --json --quiet -q --no-color --no-pager --no-input --version"
}
complete -F _care care
