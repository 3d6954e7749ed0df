/** The command could not do its work, or found what --strict forbids. */
export const FAILED = 1;
/** The files are refused: they cannot be read, or cannot be deployed. */
export const REFUSED = 2;
