# bash completion for care; written by completions/generate.py
_care() {
    local current="${COMP_WORDS[COMP_CWORD]}" previous="${COMP_WORDS[COMP_CWORD-1]}"
    local name= member= word skip= place words=
    local everywhere="--db --config --as --now --json --quiet -q --no-color --no-input --version"
    COMPREPLY=()
    for ((place = 1; place < COMP_CWORD; place++)); do
        word="${COMP_WORDS[place]}"
        if [[ -n "$skip" ]]; then skip=; continue; fi
        case "$word" in
            --db|--config|--as|--now) skip=1 ;;
            -*) ;;
            *) if [[ -z "$name" ]]; then name="$word"; else member="${member:-$word}"; fi ;;
        esac
    done
    case "$previous" in
        --config|--db|--file|--form|--output|--policy|-F|-o) COMPREPLY=($(compgen -f -- "$current")); return ;;
    esac
    case "$name" in
        "") words="open list search show log update close reopen accept reject assign investigate ask propose restore priority tick calendar init demo account contact staff import help $everywhere" ;;
        help) words="open list search show log update close reopen accept reject assign investigate ask propose restore priority tick calendar init demo account contact staff import help exit-codes environment formats" ;;
        open) words="-s --subject -m --description -F --file --impact --priority --account --contact --deployment --service --component --stage --type --subtype --users-affected --frequency --observed-at --steps --troubleshooting --local-contact --hours-location --field --via --follows --form -y --yes -h --help $everywhere" ;;
        list) words="--mine --group -a --all --in-group --status --tab --type --priority --account --deployment --service --component --owner --contact --since --until --sort -n --limit --page --format --fields -o --output -h --help $everywhere" ;;
        search) words="--mine --group -a --all --in-group --status --tab --type --priority --account --deployment --service --component --owner --contact --since --until --sort -n --limit --page --format --fields -o --output -h --help $everywhere" ;;
        show) words="--fields -h --help $everywhere" ;;
        log) words="--all --format --fields -o --output -h --help $everywhere" ;;
        update) words="-m --message -F --file --internal --via --contact --pin -h --help $everywhere" ;;
        close) words="-m --message -F --file --substatus --root-cause --via --contact --pin -h --help $everywhere" ;;
        reopen) words="-m --message -F --file --via --contact --pin -h --help $everywhere" ;;
        accept) words="-m --message -F --file --via --contact --pin -h --help $everywhere" ;;
        reject) words="-m --message -F --file --via --contact --pin -h --help $everywhere" ;;
        assign) words="--product-group -m --reason --message -F --file -h --help $everywhere" ;;
        investigate) words="-m --reason --message -F --file -h --help $everywhere" ;;
        ask) words="-m --message -F --file -h --help $everywhere" ;;
        propose) words="-m --message -F --file --substatus -h --help $everywhere" ;;
        restore) words="-m --message -F --file --substatus -h --help $everywhere" ;;
        priority) words="-m --reason --message -F --file --via -y --yes -h --help $everywhere" ;;
        tick) words="-n --dry-run --replay --limit --exit-code -h --help $everywhere" ;;
        calendar)
            case "$member" in
                add) words="--account -h --help $everywhere" ;;
                between) words="--account -h --help $everywhere" ;;
                *) words="add between -h --help $everywhere" ;;
            esac
            ;;
        init) words="--email --name --timezone --hours --holidays --close-on --policy --desk-name -h --help $everywhere" ;;
        demo) words="-h --help $everywhere" ;;
        account)
            case "$member" in
                add) words="--plan --timezone --hours --holidays --close-on --deployment --service --component --add-on --executive --success-manager -h --help $everywhere" ;;
                edit) words="--plan --timezone --hours --holidays --close-on --deployment --service --component --add-on --executive --success-manager --active --inactive -h --help $everywhere" ;;
                list) words="--format --fields -o --output -h --help $everywhere" ;;
                show) words="-h --help $everywhere" ;;
                *) words="add edit list show -h --help $everywhere" ;;
            esac
            ;;
        contact)
            case "$member" in
                add) words="--account --name --access --trained --not-trained --phone --pin -h --help $everywhere" ;;
                edit) words="--name --access --trained --not-trained --phone --pin --active --inactive -h --help $everywhere" ;;
                deactivate) words="-h --help $everywhere" ;;
                list) words="--account --format --fields -o --output -h --help $everywhere" ;;
                *) words="add edit deactivate list -h --help $everywhere" ;;
            esac
            ;;
        staff)
            case "$member" in
                add) words="--name --role --product-group -h --help $everywhere" ;;
                edit) words="--name --role --product-group --active --inactive -h --help $everywhere" ;;
                deactivate) words="-h --help $everywhere" ;;
                list) words="--format --fields -o --output -h --help $everywhere" ;;
                *) words="add edit deactivate list -h --help $everywhere" ;;
            esac
            ;;
        import) words="--from --account --timezone --sla -n --dry-run -h --help $everywhere" ;;
    esac
    COMPREPLY=($(compgen -W "$words" -- "$current"))
}
complete -o default -F _care care
