package dev.bulwark.cli;

import java.util.stream.Collectors;

/** {@code completion}: a script for a shell, made from what the commands say of themselves. */
final class CompletionCommand implements Command {
  @Override
  public String name() {
    return "completion";
  }

  @Override
  public String summary() {
    return "print a script that completes command lines in bash";
  }

  @Override
  public String operands() {
    return "bash";
  }

  @Override
  public String description() {
    return "Put it where bash-completion looks: /usr/share/bash-completion/completions/bulwark";
  }

  @Override
  public Options options() {
    return new Options();
  }

  @Override
  public int run(Call call) throws UsageException {
    String shell = call.operand("the shell");
    if (!shell.equals("bash")) {
      throw new UsageException("there is a completion for bash alone, not for '" + shell + "'");
    }
    call.out().print(script());
    return 0;
  }

  static String script() {
    String commands =
        CommandTable.all().stream().map(Command::name).collect(Collectors.joining(" "));
    StringBuilder cases = new StringBuilder();
    for (Command command : CommandTable.all()) {
      cases
          .append("    ")
          .append(command.name())
          .append(") words='")
          .append(String.join(" ", command.options().words()))
          .append(" --help' ;;\n");
    }
    return """
        # Completion of bulwark for bash; made by 'bulwark completion bash'.
        _bulwark() {
          local command= word words
          for word in "${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
            case " %1$s " in *" $word "*) command=$word; break ;; esac
          done
          case $command in
            '') words='%2$s %1$s' ;;
        %3$s  esac
          if [[ ${COMP_WORDS[COMP_CWORD]} == -* || -z $command ]]; then
            COMPREPLY=($(compgen -W "$words" -- "${COMP_WORDS[COMP_CWORD]}"))
          else
            COMPREPLY=($(compgen -W "$(bulwark list -q 2>/dev/null)" -- "${COMP_WORDS[COMP_CWORD]}"))
          fi
        }
        complete -o default -F _bulwark bulwark
        """
        .formatted(commands, String.join(" ", Globals.options().words()), cases);
  }
}
