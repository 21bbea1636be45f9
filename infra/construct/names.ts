/** Names as CloudFormation takes them: letters and digits. */

/** `credential-provider` becomes `CredentialProvider`. */
export function pascal(name: string): string {
  return name.replace(/(?:^|-)([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
}
