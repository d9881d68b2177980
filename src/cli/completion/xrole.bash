# Completion of xrole for bash 4 and later: eval "$(xrole completion bash)"
_xrole() {
  local at first=1 line
  # What follows -- is another command, with a completion of its own.
  for ((at = 2; at < COMP_CWORD; at++)); do
    if [[ ${COMP_WORDS[at]} == -- ]]; then
      if declare -F _comp_command_offset >/dev/null; then
        _comp_command_offset $((at + 1))
      elif declare -F _command_offset >/dev/null; then
        _command_offset $((at + 1))
      elif ((at + 1 == COMP_CWORD)); then
        _xrole_command "$2"
      else
        compopt -o default
      fi
      return
    fi
  done
  while IFS= read -r line; do
    if [[ $first == 1 ]]; then
      first=
      case $line in
        :files) compopt -o default ;;
        :command*) _xrole_command "$2" ;;
      esac
    else
      COMPREPLY+=("$line")
    fi
  done < <(command xrole __complete bash -- "${COMP_LINE:0:COMP_POINT}" "$2" 2>/dev/null </dev/null)
}
_xrole_command() {
  local line
  compopt -o filenames
  while IFS= read -r line; do COMPREPLY+=("$line"); done < <(compgen -A command -- "$1")
}
complete -F _xrole xrole
