type Format = NonNullable<typeof Error.prepareStackTrace>;

/** V8's own. A TypeScript that the SDK carries along raises it to 100 when it is loaded, and the SDK takes a trace for every promise. */
const FRAMES = 10;

/**
 * Leaves out where in the program each resource was made. The SDK notes that for every resource and each of its properties, as the
 * trace of an error without a message; to find all those places again in the TypeScript sources took a third of a preview, and they
 * were a third of the state. Traces of real errors stay as they are. Not while the SDK is asked to tell about promises that leak.
 */
export function forgoOrigins(): void {
  if (process.env["PULUMI_DEBUG_PROMISE_LEAKS"]) return;
  Error.stackTraceLimit = FRAMES;
  const format: Format = Error.prepareStackTrace ?? plain;
  Error.prepareStackTrace = (error, sites) => (error.name === "Error" && error.message === "" ? "Error" : format(error, sites));
}

/** As V8 does it by itself. */
const plain: Format = (error, sites) => [String(error), ...sites.map((site) => `    at ${site}`)].join("\n");
