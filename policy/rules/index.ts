import { encryptedVolumes, metadataTokens, noOpenPorts, privateBuckets, tagged } from "./aws";
import { capabilities } from "./capabilities";
import { protectedAuthority, shortLivedCertificates } from "./certificates";
import { daemonKeys, engineSettings, noInsecureRegistries } from "./engine";
import { noSecretsInEnvironment } from "./environment";
import { imagePinned } from "./image";
import { sysctls, ulimits } from "./kernel";
import { modernKeys } from "./keys";
import { labLabel } from "./lab";
import { reservedLabels } from "./labels";
import { logDrivers } from "./logs";
import { noSensitiveMounts } from "./mounts";
import { encryptedOverlay, networkOptions, serviceNetworks } from "./network";
import { portNumbers, publishedPorts } from "./ports";
import { restrictedCapabilities, restrictedEngine, restrictedHost, restrictedLimits, restrictedNetwork, restrictedRootFilesystem, restrictedUser } from "./restricted";
import { networkRoom } from "./room";
import type { ResourceRule, StackRule } from "./rule";
import { noSecretsElsewhere, noSecretsInConfigs, noSecretsInServices } from "./secretTexts";
import { healthCheck, memoryLimit, notRoot } from "./tasks";
import { volumeOptions } from "./volumes";

/** Rules on single resources. `never`: each takes other properties, so whoever calls one must first have compared the types. */
export const RESOURCE_RULES: readonly ResourceRule<never>[] = [
  imagePinned,
  noSensitiveMounts,
  volumeOptions,
  capabilities,
  serviceNetworks,
  portNumbers,
  sysctls,
  ulimits,
  logDrivers,
  reservedLabels,
  noSecretsInEnvironment,
  noSecretsInServices,
  noSecretsInConfigs,
  noSecretsElsewhere,
  memoryLimit,
  notRoot,
  healthCheck,
  engineSettings,
  daemonKeys,
  noInsecureRegistries,
  encryptedOverlay,
  networkOptions,
  modernKeys,
  shortLivedCertificates,
  labLabel,
  noOpenPorts,
  metadataTokens,
  encryptedVolumes,
  restrictedUser,
  restrictedCapabilities,
  restrictedRootFilesystem,
  restrictedHost,
  restrictedLimits,
  restrictedEngine,
  restrictedNetwork,
];

export const STACK_RULES: readonly StackRule[] = [publishedPorts, networkRoom, protectedAuthority, privateBuckets, tagged];
