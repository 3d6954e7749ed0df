import { createHash, X509Certificate } from "node:crypto";
import * as z from "zod";
import { changesBetween, replacing } from "../diff";
import { registryAnswer } from "../registry/login";
import { Connection } from "../remote/connection";
import type { Machine } from "../remote/machine";
import { machineToLookAt } from "../remote/silent";
import type { CheckFailure, Operation, ResourceKind } from "../resource";
import { DNS_NAME } from "./engineInputs";
import { machineIdOf, mustBe } from "./machineId";
import { withUnknown } from "./unknownChanges";

const Inputs = z.strictObject({
  connection: Connection.describe("How the host is reached over SSH."),
  host: z.string().min(1).describe("The machine-id of the host."),
  registry: z.string().min(1).describe('The registry as it stands in image references, "registry.example:5000".'),
  certificate: z.string().describe("PEM of one CA certificate."),
});
type Inputs = z.infer<typeof Inputs>;

const Outputs = z.strictObject({ file: z.string().describe("Where the certificate lies on the host.") });
type Outputs = z.infer<typeof Outputs>;

/**
 * One CA that a host's engine trusts for a registry, in a file of its own in /etc/docker/certs.d; the engine reads all of them at
 * every request. Another certificate is another resource: the new one is there before anything that needs it is made, and the
 * former goes when everything else is done. That order, which is Pulumi's own for replacements, is the rotation of a CA.
 */
export const trustKind: ResourceKind<Inputs, Outputs> = {
  type: "dockyard:hosts:Trust",
  description: "A CA certificate that a host's engine trusts for one registry. Several may be there at once.",
  inputs: Inputs,
  outputs: Outputs,
  takesOver: true,

  check: ({ registry, certificate }) => {
    const problems: [string, string | undefined][] = [
      ["registry", registryProblem(registry)],
      ["certificate", certificateProblem(certificate)],
    ];
    return problems.flatMap(([property, reason]): CheckFailure[] => (reason === undefined ? [] : [{ property, reason }]));
  },

  diff: (old, wanted, unknown) => replacing(withUnknown(changesBetween(old.inputs, wanted), unknown), ["host", "registry", "certificate"]),

  create: async (op, inputs) => {
    const machine = await op.machine(inputs.connection);
    await mustBe(machine, inputs.host);
    const file = fileOf(inputs);
    await add(op, machine, inputs, file);
    return { id: `${inputs.host} ${file}`, outputs: { file } };
  },

  read: async (op, _id, stored) => {
    const machine = await machineToLookAt(op, stored.inputs.connection);
    if (!machine) return stored;
    const there = (await machineIdOf(machine)) === stored.inputs.host ? await machine.readFile(stored.outputs.file) : undefined;
    return there?.toString() === asFile(stored.inputs.certificate) ? stored : undefined;
  },

  // Only the connection can differ.
  update: async (_op, _id, old) => ({ outputs: old.outputs }),

  delete: async (op, _id, { inputs, outputs }) => {
    const machine = await op.machine(inputs.connection).catch((error: Error) => op.warn(`the certificate stays on a host that does not answer: ${error.message}`));
    if (!machine || (await machineIdOf(machine)) !== inputs.host) return;
    await machine.remove(outputs.file);
    // Somebody else's certificates may lie there too: only an empty folder goes.
    await machine.exec(["rmdir", "--", trustFolder(inputs.registry)]);
  },
};

/** Writes the file. Beside others, it asks the registry before and after: what is added for later must take nothing away now. */
async function add(op: Operation, machine: Machine, { registry, certificate }: Inputs, file: string): Promise<void> {
  const text = asFile(certificate);
  if ((await machine.readFile(file))?.toString() === text) return;
  const others = await machine.exec(["sh", "-c", 'ls -- "$1"/*.crt', "sh", trustFolder(registry)]);
  if (others.code !== 0) return machine.writeFile(file, text, 0o444);
  const login = op.registryAuth(`${registry}/any`);
  const before = await registryAnswer(machine.docker, registry, login);
  await machine.writeFile(file, text, 0o444);
  const after = await registryAnswer(machine.docker, registry, login);
  if (before.trusted && after.trusted === false) {
    await machine.remove(file);
    throw new Error(`${machine.address}: the engine trusted ${registry} and does not with one more CA for it: ${after.says}. The file ${file} was taken away again`);
  }
}

function fileOf({ registry, certificate }: Inputs): string {
  const fingerprint = createHash("sha256").update(new X509Certificate(certificate).raw).digest("hex").slice(0, 16);
  return `${trustFolder(registry)}/dockyard-${fingerprint}.crt`;
}

/** Where the CAs of a registry lie on a host. */
function trustFolder(registry: string): string {
  return `/etc/docker/certs.d/${registry}`;
}

/** A certificate as it is written: one line end at its end. */
function asFile(pem: string): string {
  return `${pem.trim()}\n`;
}

/** Why this is no registry, whose name becomes a folder's. */
function registryProblem(registry: string): string | undefined {
  const [, host, port] = /^(.*?)(?::(\d+))?$/.exec(registry)!;
  if (DNS_NAME.test(host!) && (port === undefined || (Number(port) >= 1 && Number(port) <= 65535))) return undefined;
  return `${JSON.stringify(registry)} is no registry; write host or host:port as it stands in image references, "registry.example:5000"`;
}

/** Why this is no certificate for others to see. */
function certificateProblem(pem: string): string | undefined {
  if (pem.includes("PRIVATE KEY")) return "holds a private key; only certificates belong here, every user of the host can read them";
  const certificates = pem.match(/-----BEGIN CERTIFICATE-----[^-]*-----END CERTIFICATE-----/g);
  if (!certificates) return 'holds no certificate in PEM form ("-----BEGIN CERTIFICATE-----")';
  try {
    for (const certificate of certificates) new X509Certificate(certificate);
    return undefined;
  } catch (error) {
    return `holds a certificate that cannot be read: ${(error as Error).message}`;
  }
}
