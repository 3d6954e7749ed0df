import { encryptedVolumes, metadataTokens, noOpenPorts, privateBuckets, tagged } from "./aws";
import { protectedAuthority, shortLivedCertificates } from "./certificates";
import { engineSettings, noInsecureRegistries } from "./engine";
import { noSecretsInEnvironment } from "./environment";
import { imagePinned } from "./image";
import { modernKeys } from "./keys";
import { labLabel } from "./lab";
import { noSensitiveMounts } from "./mounts";
import { encryptedOverlay } from "./network";
import { publishedPorts } from "./ports";
import { networkRoom } from "./room";
import type { ResourceRule, StackRule } from "./rule";
import { healthCheck, memoryLimit, notRoot } from "./tasks";

/** Rules on single resources. `never`: each takes other properties, so whoever calls one must first have compared the types. */
export const RESOURCE_RULES: readonly ResourceRule<never>[] = [
  imagePinned,
  noSensitiveMounts,
  noSecretsInEnvironment,
  memoryLimit,
  notRoot,
  healthCheck,
  engineSettings,
  noInsecureRegistries,
  encryptedOverlay,
  modernKeys,
  shortLivedCertificates,
  labLabel,
  noOpenPorts,
  metadataTokens,
  encryptedVolumes,
];

export const STACK_RULES: readonly StackRule[] = [publishedPorts, networkRoom, protectedAuthority, privateBuckets, tagged];
