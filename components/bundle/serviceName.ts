/** Longest name of a Swarm service or network, stack name and underscore included (swarmkit, validateAnnotations). */
export const MAX_NAME_LENGTH = 63;

/** The rule of swarmkit, `^[a-zA-Z0-9](?:[-_]*[A-Za-z0-9]+)*$`, written so that no input makes it slow. */
const NAME = /^[a-zA-Z0-9](?:[-_a-zA-Z0-9]*[a-zA-Z0-9])?$/;

/** The name of `key` (a service, network or volume) of a stack, as the reference client forms it. */
export const fullName = (stack: string, key: string): string => `${stack}_${key}`;

/**
 * Why Swarm would refuse a service (or network) of this full name, stack name included, and what to write instead;
 * undefined when it accepts it.
 */
export function serviceNameProblem(name: string): string | undefined {
  if (name === "") return "the name is empty; write letters, digits, - and _";
  if (!NAME.test(name)) {
    const accepted = acceptedName(name);
    return (
      `"${name}" is no name for Swarm, which takes ASCII letters, digits, - and _, the first and the last a letter or a digit` +
      (accepted === undefined ? "" : `; write ${accepted} instead`)
    );
  }
  if (name.length > MAX_NAME_LENGTH) {
    return `"${name}" has ${name.length} characters, and Swarm takes ${MAX_NAME_LENGTH} with the stack name; shorten it by ${name.length - MAX_NAME_LENGTH}`;
  }
  return undefined;
}

/** The nearest name that Swarm accepts, if anything of the name is left. */
function acceptedName(name: string): string | undefined {
  // Trimming a long row of hyphens would take time by the square of its length.
  if (name.length > 4 * MAX_NAME_LENGTH) return undefined;
  const plain = name.normalize("NFKD").replace(/\p{M}/gu, "").replace(/[^-_a-zA-Z0-9]+/g, "-");
  const accepted = plain.replace(/^[-_]+|[-_]+$/g, "");
  return accepted === "" ? undefined : `"${accepted}"`;
}
