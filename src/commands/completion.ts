import type { Command } from "commander";

/** A completion script, generated from the definitions of the commands and flags. */
export function completionScript(shell: "bash" | "zsh" | "fish", program: Command): string {
  const commands = program.commands.map((command) => ({
    name: command.name(),
    about: command.description(),
    flags: command.options.map((option) => option.long ?? option.short ?? ""),
  }));
  return { bash, zsh, fish }[shell](commands);
}

interface Completion {
  readonly name: string;
  readonly about: string;
  readonly flags: readonly string[];
}

function bash(commands: readonly Completion[]): string {
  const cases = commands.map(({ name, flags }) => `    ${name}) words="${flags.join(" ")}" ;;\n`).join("");
  const first = flagsOf(commands, "generate");
  return `_gen_batch_config() {
  local current="\${COMP_WORDS[COMP_CWORD]}" words
  case "\${COMP_WORDS[1]}" in
${cases}    *) words="${[...commands.map(({ name }) => name), ...first].join(" ")}" ;;
  esac
  mapfile -t COMPREPLY < <(compgen -W "$words" -- "$current"; compgen -f -- "$current")
}
complete -o filenames -F _gen_batch_config gen-batch-config
`;
}

function zsh(commands: readonly Completion[]): string {
  return `#compdef gen-batch-config
autoload -U +X bashcompinit && bashcompinit
${bash(commands).replace('mapfile -t COMPREPLY < <(compgen -W "$words" -- "$current"; compgen -f -- "$current")', 'COMPREPLY=($(compgen -W "$words" -- "$current") $(compgen -f -- "$current"))')}`;
}

function fish(commands: readonly Completion[]): string {
  const names = commands.map(({ name }) => name).join(" ");
  const lines = commands.flatMap(({ name, about, flags }) => [
    `complete -c gen-batch-config -n "not __fish_seen_subcommand_from ${names}" -a ${name} -d ${quote(about)}`,
    ...flags.map(
      (flag) => `complete -c gen-batch-config -n "__fish_seen_subcommand_from ${name}" -l ${flag.replace(/^-+/, "")}`,
    ),
  ]);
  const plain = flagsOf(commands, "generate").map(
    (flag) =>
      `complete -c gen-batch-config -n "not __fish_seen_subcommand_from ${names}" -l ${flag.replace(/^-+/, "")}`,
  );
  return `${[...lines, ...plain].join("\n")}\n`;
}

function flagsOf(commands: readonly Completion[], name: string): readonly string[] {
  return commands.find((command) => command.name === name)?.flags ?? [];
}

function quote(text: string): string {
  return `'${text.replaceAll("'", "\\'")}'`;
}
