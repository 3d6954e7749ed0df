import * as z from "zod";
import { DIGEST_REFERENCE_PATTERN, REPOSITORY_PATTERN } from "../image";
import { serviceSettings } from "./serviceSettings";
import { configSetting, secretSetting } from "./storedFiles";
import { fields, flag, list, matching, processVariable, text, texts, whole } from "./values";

/** The network exists in the platform and is only attached to, or it is the application's own. */
const network = fields({
  /** Name of a network in the platform's configuration. */
  external: text("write the name of a network of the platform").optional(),
  /** Containers outside Swarm may attach to it. Default false. */
  attachable: flag.optional(),
  /** Default false. */
  encrypted: flag.optional(),
  /** No way out of it. Default false. */
  internal: flag.optional(),
  /** Left out, one is planned. */
  subnet: matching(/^\d{1,3}(\.\d{1,3}){3}\/\d{1,2}$/, 'write a subnet such as "10.20.0.0/24"').optional(),
  /** Full name in the Swarm. Default: STACK_name. */
  name: text("write the name that it has in the Swarm").optional(),
  labels: texts("write a label").optional(),
  /** Largest packet in bytes. Default: the engine's. */
  mtu: whole(576, 65485).optional(),
}).superRefine(({ external, ...own }, context) => {
  const foreign = Object.keys(own).filter((key) => own[key as keyof typeof own] !== undefined);
  if (external === undefined || foreign.length === 0) return;
  context.addIssue({ code: "custom", message: `remove ${foreign.join(", ")}, which the platform decides for an external network, or remove external` });
});

const WRITE_RELOCATION = {
  error: "write { archive: <path of an image archive>, repository: <name> } or a text such as registry.example/name@sha256:<64 hex digits>",
};
const relocation = z.union(
  [
    z.string().regex(DIGEST_REFERENCE_PATTERN, WRITE_RELOCATION),
    z.strictObject({
      /** Path relative to the project's folder. */
      archive: z.string().min(1, WRITE_RELOCATION),
      /** Its name in the platform's registry, "demo/web". */
      repository: z.string().regex(REPOSITORY_PATTERN, 'write a lowercase name without tag, such as "demo/web"'),
    }),
  ],
  WRITE_RELOCATION,
);

const WRITE_VARIABLE = { error: "write a value in quotes, or { environment: NAME } for a variable of the process" };
const variable = z.union([z.string(), z.strictObject({ environment: processVariable }, WRITE_VARIABLE)], WRITE_VARIABLE);

/** An operator's settings for one application in one environment. */
export const settingsSchema = fields({
  /** Holds for every service; a service's own settings go before it, block by block and name by name, lists as a whole. */
  defaults: serviceSettings.optional(),
  /** By the short name of the service in the bundle. */
  services: z.record(z.string(), serviceSettings, { error: "write services by name" }).optional(),
  /** By the name of the network in the bundle, or a new one that a service's `networks` names. */
  networks: z.record(z.string(), network, { error: "write networks by name" }).optional(),
  /** By the name in the bundle, or a new one that a service's `secrets` names. */
  secrets: z.record(z.string(), secretSetting, { error: "write secrets by name" }).optional(),
  /** By the name in the bundle, or a new one that a service's `configs` names. */
  configs: z.record(z.string(), configSetting, { error: "write configs by name" }).optional(),
  /** By service, the services that must have converged before it changes; adds to the bundle's own order. */
  order: z.record(z.string(), list(text("write the name of a service"), "write services"), { error: "write the order as { web: [db] }" }).optional(),
  /** The variables that Compose files see, and no others: a value, or { environment: NAME } for a variable of the process. */
  variables: z.record(z.string(), variable, { error: "write values by name" }).optional(),
  /** Folders beside the bundle's own that its files may lie in (env_file, label_file, extends, secrets and configs), relative to the project's folder. */
  folders: list(text("write the path of a folder"), "write folders").optional(),
  /** Profiles of Compose files whose services run too. */
  profiles: list(text("write the name of a profile"), "write profiles").optional(),
  /** By the image as written in the bundle. */
  relocate: z.record(z.string(), relocation, { error: "write relocations by the image as written in the bundle" }).optional(),
});

/** What a settings file says, in the types of the model. */
export type Settings = z.infer<typeof settingsSchema>;
