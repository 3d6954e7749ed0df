/** Variables that hold what the run itself logs in with, decrypts or connects by. */
const RESERVED = ["PULUMI_", "DOCKYARD_", "AWS_", "SSH_"];

/** Whether no application gets this variable of the process, whatever bundle or settings say. */
export const isReservedVariable = (name: string): boolean => RESERVED.some((beginning) => name.toUpperCase().startsWith(beginning));

/** For messages: what is never handed over. */
export const RESERVED_TEXT = `variables that begin with ${RESERVED.join(", ")} hold the run's own access, and no application gets them`;

/** The same for one secret or config alone: its value goes nowhere else, as it would with `variables`. */
export const sourceAdvice = (kind: "secrets" | "configs", key: string, variable: string): string =>
  isReservedVariable(variable) ? `${RESERVED_TEXT}; take it from elsewhere` : `write ${kind}: { ${JSON.stringify(key)}: { environment: ${variable} } } in the settings`;

/** How the operator's settings hand a variable to the files of a bundle. */
export const namingAdvice = (name: string): string =>
  isReservedVariable(name) ? `${RESERVED_TEXT}; take it out of the file` : `write variables: { ${name}: { environment: ${name} } } in the settings`;
