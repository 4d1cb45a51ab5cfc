# Tab for md2client, in bash. tests/e2e/completion_test.cc compares the words with the program's own.

_md2client_diaries() {
  sed -n 's/^[[:blank:]]*\[\([^]]*\)\].*/\1/p' "${XDG_CONFIG_HOME:-$HOME/.config}/md2/config" 2>/dev/null
}

# What "$@" tags says within the time that nobody feels. Who never had a diary gets none made by Tab.
_md2client_tags() {
  [[ -d ${XDG_STATE_HOME:-$HOME/.local/state}/md2 ]] || return
  timeout 0.05 "$@" tags </dev/null 2>/dev/null | sed -n 's/^ *[0-9]*  #/#/p'
}

_md2client_days='today yesterday this-week last-week this-month last-month this-year last-year on-this-day
  今天 昨天 前天 大前天 本周 这周 上周 上星期 上个星期 上礼拜 本月 这个月 上月 上个月 今年 去年 那年今日'
# There are many: for who has typed something.
_md2client_weekdays='monday tuesday wednesday thursday friday saturday sunday 周一 周二 周三 周四 周五 周六 周日 周天
  星期一 星期二 星期三 星期四 星期五 星期六 星期日 星期天 礼拜一 礼拜二 礼拜三 礼拜四 礼拜五 礼拜六 礼拜日 礼拜天'

# What may stand behind $option, or behind $command, goes into $words; what begins with a hyphen, into $options.
# No diary's name has a colon.
_md2client_offer() {
  case $option in
    -s | --server) words=$(_md2client_diaries) ;;
    -k | --key) words=:file ;;
    --outbox) words=:folder ;;
    --at) words="today yesterday 今天 昨天 前天 大前天 ${typed:+$_md2client_weekdays}" ;;
    --from) words='diary jrnl json org dated paragraphs' ;;
    --encoding) words=$(iconv -l 2>/dev/null | sed 's,//.*,,') ;;
    *)
      case $command in
        '')
          options='-s -k --server= --key= --outbox= -h --help --version'
          words='write read edit delete tags cal stats import status announce'
          ;;
        write) options='--at=' ;;
        read) options='--json --html --follow --all' words=:query ;;
        edit) options='--all --yes' words=:query ;;
        delete) options='--yes' words=:query ;;
        tags | cal | stats) words=:query ;;
        import) options='--from= --encoding= --dry-run --again' words=:file ;;
      esac
      ;;
  esac
}

_md2client() {
  local program=$1 typed=$2 option=$3 command= options= words= i name
  local -a diary=() all=()
  [[ $typed == = ]] && typed=
  [[ $option == = ]] && option=${COMP_WORDS[COMP_CWORD - 2]}
  for ((i = 1; i < COMP_CWORD; ++i)); do
    name=${COMP_WORDS[i]}
    case $name in
      -s | -k | --server | --key | --outbox)
        [[ ${COMP_WORDS[i + 1]} == = ]] && ((++i))
        diary+=("$name" "${COMP_WORDS[++i]}")
        ;;
      -*) ;;
      *)
        command=$name
        break
        ;;
    esac
  done
  _md2client_offer

  case $words in
    :file | :folder)
      if [[ $typed != -* ]]; then
        compopt -o filenames
        [[ $words == :file ]] && i=-f || i=-d
        mapfile -t COMPREPLY < <(compgen "$i" -- "$typed")
        return
      fi
      words=
      ;;
    :query)
      words="$_md2client_days -10 -7d -2w -3m ${typed:+$_md2client_weekdays}"
      [[ $typed == *'#'* ]] && words=$(_md2client_tags "$program" "${diary[@]}")
      ;;
  esac
  [[ $typed == -* ]] && words+=" $options"

  # A hash that no quote and no backslash stands before begins a comment.
  local quoted=${COMP_WORDS[COMP_CWORD]//[^\"\']/}
  typed=${typed//[\\\"\']/}
  COMPREPLY=()
  read -rd '' -a all <<<"$words"
  for name in "${all[@]}"; do
    [[ $name == "$typed"* ]] || continue
    [[ $name == '#'* && -z $quoted ]] && name=\\$name
    COMPREPLY+=("$name")
  done
  [[ ${#COMPREPLY[@]} == 1 && ${COMPREPLY[0]} == *= ]] && compopt -o nospace
}

complete -F _md2client md2client
