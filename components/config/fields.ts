import * as z from "zod";
import { isAddress, parseSubnet } from "../../provider/swarm/subnet";
import { parseDuration } from "../../provider/swarm/service/duration";
import { BYTE_SIZE_PATTERN } from "../bundle/byteSize";
import { defaults } from "./defaults";

/**
 * The kinds of values in the configuration. The message of each says what to write; what was found is put before it by
 * `structure.ts`.
 */

export const text = (write: string, pattern = /\S/) => z.string(write).regex(pattern, write);

export const choice = <const T extends readonly [string, ...string[]]>(values: T) =>
  z.enum(values, `write ${values.map((value) => `"${value}"`).join(" or ")}`);

export const flag = z.boolean("write true or false");

export const integer = (lowest: number, highest: number) => {
  const write = `write a whole number from ${lowest} to ${highest}`;
  return z.int(write).min(lowest, write).max(highest, write);
};

export const port = integer(1, 65535);

/** A duration as Go and Docker write it, kept as text. `lowest` in the same notation. */
export const duration = (lowest = "0", examples = '"10s" or "1m30s"') => {
  const write = `write a duration${lowest === "0" ? "" : ` of at least "${lowest}"`}, such as ${examples}`;
  const longEnough = (value: string) => {
    try {
      return parseDuration(value) >= parseDuration(lowest);
    } catch {
      return false;
    }
  };
  // Rules that follow can read it.
  return z.string(write).refine(longEnough, { error: write, abort: true });
};

export const size = text('write an amount of bytes such as "512M" or "5G"', BYTE_SIZE_PATTERN);

/** What a host must bring along, wherever it comes from. */
export const requirements = (diskFree: string) =>
  z
    .strictObject(
      {
        /** Free disk that a host must have where the engine keeps its data. */
        diskFree: size.default(diskFree),
        /** Most that a host's clock may differ from that of the program's machine. */
        clockSkew: duration().default(defaults.clockSkew),
      },
      "write a mapping such as { diskFree: 5G }",
    )
    .prefault({});

/** Which key of the platform's own logs in on hosts that it makes, counted from 1. Every one before it is kept, too. */
export const loginGeneration = integer(1, 999).default(defaults.loginGeneration);

/** Whether a node takes tasks. */
export const availability = choice(["active", "pause", "drain"]).default(defaults.availability);

export const subnet = z.string('write an IPv4 subnet such as "10.144.7.0/24"').superRefine((value, context) => {
  try {
    parseSubnet(value);
  } catch (error) {
    context.addIssue({ code: "custom", message: (error as Error).message });
  }
});

export const address = z.string('write an IPv4 address such as "10.0.0.11"').refine(isAddress, 'write an IPv4 address such as "10.0.0.11"');

const LABEL = "[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?";
const HOSTNAME = new RegExp(`^${LABEL}$`);
/** Swarm compares names letter by letter, and DNS does not: lower case keeps the two apart from each other. */
export const hostname = text('write a host name: lower-case letters, digits and hyphens, at most 63 characters, such as "m1"', HOSTNAME);

const DNS_NAME = new RegExp(`^(?=.{1,253}$)${LABEL}(\\.${LABEL})*$`);
export const dnsName = text('write a DNS name in lower case, such as "registry.example.internal"', DNS_NAME);

/** An address or a name: what SSH connects to. */
export const endpoint = z
  .string("write an IPv4 address or a DNS name")
  .refine((value) => isAddress(value) || (DNS_NAME.test(value) && !/^[\d.]+$/.test(value)), "write an IPv4 address or a DNS name");

/** Keys and values that Swarm's placement constraints can name; others could be set, but never be asked for. */
const LABEL_KEY = /^[A-Za-z0-9][A-Za-z0-9_.-]*$/;
const LABEL_VALUE = /^[A-Za-z0-9:_ ./-]*$/;
const labelKey = 'write a label\'s name of letters, digits, ".", "_" and "-", such as "storage"';
const labelValue = 'write the label\'s value as text of letters, digits, ".", ":", "/", "_", "-" and blanks, such as "ssd"';

/** Labels. YAML reads `registry: true` as a boolean and `rack: 7` as a number: both are as good as their text. */
export const labels = z.record(
  z.string(labelKey).regex(LABEL_KEY, labelKey),
  z
    .union([z.boolean(labelValue), z.int(labelValue), z.string(labelValue)], labelValue)
    .transform(String)
    .refine((value) => LABEL_VALUE.test(value), labelValue),
  "write a mapping of label names to values, such as { storage: ssd }",
);

/** The public key types of OpenSSH that a host can have. */
const KEY_TYPES = ["ssh-ed25519", "ecdsa-sha2-nistp256", "ecdsa-sha2-nistp384", "ecdsa-sha2-nistp521", "ssh-rsa"];
/** A host's public key. Its base64 part names its type once more and tells all lengths, which finds cut and mixed-up keys. */
export const hostKey = z.string(hostKeyWrite()).refine(isHostKey, hostKeyWrite());

function isHostKey(value: string): boolean {
  const [type = "", data = "", ...rest] = value.split(" ");
  const blob = Buffer.from(data, "base64");
  const fields = wireFields(blob);
  return (
    rest.length === 0 &&
    KEY_TYPES.includes(type) &&
    blob.toString("base64") === data &&
    fields !== undefined &&
    fields.length > 1 &&
    fields[0] === type
  );
}

/** The length-prefixed strings that a public key is made of (RFC 4253, section 6.6), or undefined when it is cut short. */
function wireFields(blob: Buffer): string[] | undefined {
  const fields: string[] = [];
  for (let at = 0; at < blob.length;) {
    const end = at + 4 <= blob.length ? at + 4 + blob.readUInt32BE(at) : Infinity;
    if (end > blob.length) return undefined;
    fields.push(blob.toString("latin1", at + 4, end));
    at = end;
  }
  return fields;
}

function hostKeyWrite(): string {
  return 'write the host\'s public key, "ssh-ed25519 AAAA…": the first two words of /etc/ssh/ssh_host_ed25519_key.pub on that host';
}
