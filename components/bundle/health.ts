import { Duration, seconds } from "./duration";
import type { Healthcheck } from "./model";

// The engine's defaults (moby, daemon/health.go).
const DEFAULT_INTERVAL = seconds(30);
const DEFAULT_RETRIES = 3;

/**
 * How long a new task may be unhealthy until its healthcheck has failed for good: start period + interval × retries.
 * Undefined when no check is known: none is written, or it is switched off.
 */
export function failureTime(healthcheck: Healthcheck | undefined): Duration | undefined {
  if (healthcheck === undefined || healthcheck.test?.[0] === "NONE") return undefined;
  const { startPeriod = seconds(0), interval = DEFAULT_INTERVAL, retries = DEFAULT_RETRIES } = healthcheck;
  return { nanoseconds: startPeriod.nanoseconds + interval.nanoseconds * retries };
}
