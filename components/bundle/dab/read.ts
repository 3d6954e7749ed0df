import { Bundlefile, BundlePort, BundleService, EMPTY_SERVICE } from "./bundlefile";
import { JsonTypeError, JsonValue, listOf, mapOf, readOptionalText, readText, readUint32, structOf } from "./decode";
import { JsonEndError, JsonSyntaxError } from "./syntax";

/** The file cannot be read as a bundle; the message is the reference client's own, to the byte. */
export class BundleError extends Error {}

const readTexts = listOf("[]string", readText);
const readLabels = mapOf("map[string]string", readText);

const readPort = structOf<BundlePort>("bundlefile.Port", { protocol: "", port: 0 }, {
  protocol: { name: "Protocol", read: readText },
  port: { name: "Port", read: readUint32 },
});

const readService = structOf<BundleService>("bundlefile.Service", EMPTY_SERVICE, {
  image: { name: "Image", read: readText },
  command: { name: "Command", read: readTexts },
  args: { name: "Args", read: readTexts },
  env: { name: "Env", read: readTexts },
  labels: { name: "Labels", read: (value, before) => readLabels(value, before) ?? new Map() },
  ports: { name: "Ports", read: listOf("[]bundlefile.Port", readPort) },
  workingDir: { name: "WorkingDir", read: readOptionalText },
  user: { name: "User", read: readOptionalText },
  networks: { name: "Networks", read: readTexts },
});

const readBundlefile = structOf<Bundlefile>("bundlefile.Bundlefile", { version: "", services: undefined }, {
  version: { name: "Version", read: readText },
  services: { name: "Services", read: mapOf("map[string]bundlefile.Service", readService) },
});

/**
 * Reads a DAB 0.1 file exactly as the last Docker client with bundles does (docker/cli 8547dfcff72f).
 * @throws BundleError with that client's message: "EOF", "JSON syntax error at byte …", "Unexpected type at byte …"
 */
export function readBundle(bytes: Buffer): Bundlefile {
  try {
    return readBundlefile(JsonValue.first(bytes), undefined);
  } catch (error) {
    const message = referenceMessage(error);
    if (message === undefined) throw error;
    throw new BundleError(message, { cause: error });
  }
}

function referenceMessage(error: unknown): string | undefined {
  if (error instanceof JsonSyntaxError) return `JSON syntax error at byte ${error.offset}: ${error.message}`;
  if (error instanceof JsonTypeError) return `Unexpected type at byte ${error.offset}. Expected ${error.want} but received ${error.got}.`;
  return error instanceof JsonEndError ? error.message : undefined;
}
