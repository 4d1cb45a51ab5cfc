# Tab for md2server, in bash. tests/e2e/completion_test.cc compares the words with the program's own.

_md2server() {
  local typed=$2 option=$3
  [[ $typed == = ]] && typed=
  [[ $option == = ]] && option=${COMP_WORDS[COMP_CWORD - 2]}
  case $option in
    --log | --keys)
      compopt -o filenames
      mapfile -t COMPREPLY < <(compgen -f -- "$typed")
      ;;
    --listen | --new-key) ;;
    *)
      local words='--listen= --log= --keys= --until-idle --new-key= --write-only --purge -h --help --version'
      mapfile -t COMPREPLY < <(compgen -W "$words" -- "$typed")
      [[ ${#COMPREPLY[@]} == 1 && ${COMPREPLY[0]} == *= ]] && compopt -o nospace
      ;;
  esac
}

complete -F _md2server md2server
