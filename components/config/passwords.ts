import { ConfigurationError, listText, type Problem } from "./problems";

/** bcrypt looks at no more bytes than these, so that a longer password would be weaker than it looks. */
const BCRYPT_BYTES = 72;

const HOW = "set each with: pulumi config set --secret --path 'dockyard:registryPasswords.USER'";

/**
 * Checks the secret `registryPasswords`: login name → password. Users without one are left out, for the program to make one.
 * Nothing of a value is ever repeated in a message.
 * @param raw the key's value, undefined when it is not set
 * @param users who may log in, from `registry.users`
 * @param encrypted whether the stack's file keeps the key encrypted (`pulumi.runtime.isConfigSecret`)
 * @throws ConfigurationError
 */
export function parseRegistryPasswords(raw: unknown, users: readonly string[], encrypted: boolean): Record<string, string> {
  const path = ["registryPasswords"];
  if (raw === undefined) return {};
  if (typeof raw !== "object" || raw === null || Array.isArray(raw)) {
    throw new ConfigurationError([{ path, says: `is no mapping of users to passwords; ${HOW}` }]);
  }
  if (!encrypted && Object.keys(raw).length > 0)
    throw new ConfigurationError([{ path, says: `is in the clear; take it out of the file, change the passwords, and ${HOW}` }]);
  const problems = Object.entries(raw).flatMap(([user, password]): Problem[] => {
    const says = users.includes(user)
      ? passwordProblem(password)
      : `is for a user who is not in registry.users (${listText(users, "and")}); add the user there, or take it out`;
    return says ? [{ path: [...path, user], says }] : [];
  });
  if (problems.length > 0) throw new ConfigurationError(problems);
  return { ...(raw as Record<string, string>) };
}

function passwordProblem(password: unknown): string | undefined {
  if (typeof password !== "string") return "is no text; write the password in quotes";
  if (password === "") return "is empty; write a password, or take the key out to have one made";
  // HTTP's basic logins have no room for them (RFC 7617).
  // eslint-disable-next-line no-control-regex -- they are what is looked for
  if (/[\u0000-\u001f\u007f-\u009f]/.test(password)) return "has a control character, such as a line end; write a password without";
  return Buffer.byteLength(password) > BCRYPT_BYTES
    ? `has more than ${BCRYPT_BYTES} bytes, of which bcrypt would use the first; write a shorter password`
    : undefined;
}
