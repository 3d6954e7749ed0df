const YEAR = 365 * 24;

/** How long a root is valid, in hours: ten years. It is replaced by one more generation in the configuration. */
export const ROOT_LIFE_HOURS = 10 * YEAR;
/** How long what it signs is valid, in hours: 90 days. */
export const LEAF_LIFE_HOURS = 90 * 24;
