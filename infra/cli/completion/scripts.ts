/** The script for each shell: it defines the command `mfa`, and makes Tab ask it for the next word. */

type Script = (node: string, program: string) => string;

export const scripts = {
  bash: (node, program) => {
    const call = `${inBash(node)} ${inBash(program)}`;
    return [
      `mfa() { ${call} "$@"; }`,
      '_mfa() {',
      '  local words line',
      '  words=("${COMP_WORDS[@]:1:COMP_CWORD}")',
      '  COMPREPLY=()',
      '  while IFS= read -r line; do',
      '    [ -n "$line" ] && COMPREPLY+=("$line")',
      `  done < <(${call} complete -- "\${words[@]}" 2> /dev/null)`,
      '}',
      'complete -o default -F _mfa mfa',
    ].join('\n');
  },
  powershell: (node, program) => {
    const call = `& ${inPowerShell(node)} ${inPowerShell(program)}`;
    return [
      `function mfa { ${call} @args }`,
      'Register-ArgumentCompleter -Native -CommandName mfa -ScriptBlock {',
      '  param($typed, $line, $cursor)',
      '  $words = @($line.CommandElements | Select-Object -Skip 1 | ForEach-Object { "$_" })',
      // Windows PowerShell drops an empty argument: three characters stand in, which complete takes for none.
      `  if ($typed -eq '') { $words += '${emptyWord}' }`,
      `  ${call} complete -- @words 2> $null | Where-Object { $_ }`,
      '}',
    ].join('\n');
  },
} as const satisfies Record<string, Script>;

/** Stands for the empty word that is being typed. */
export const emptyWord = '{-}';

const inBash = (path: string): string => `'${path.replaceAll("'", "'\\''")}'`;
const inPowerShell = (path: string): string => `'${path.replaceAll("'", "''")}'`;
