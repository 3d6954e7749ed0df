/** Bundles and their operator's settings, to a plan of Swarm services and networks. Pure, but for `load`. */
export { applicationOf } from "./dab/application";
export type { Bundlefile, BundlePort, BundleService } from "./dab/bundlefile";
export { printBundle } from "./dab/print";
export { BundleError, readBundle } from "./dab/read";
export { relocated, type PlannedImage, type Relocation, type ResolveImage } from "./image";
export { bundleOf, type WrittenBundle } from "./dab/write";
export { readCompose, type ComposeOptions, type ComposeReading } from "./compose/read";
export { lint, type LintedApplication, type LintOptions } from "./lint";
export { loadBundle, loadSettings } from "./load";
export { isComposePath, loadApplication, loadPlan, type ApplicationFiles, type LoadedApplication, type LoadOptions } from "./loadPlan";
export { noticeLine, type Notice } from "./notice";
export type * from "./model";
export {
  planApplication,
  type ApplicationPlan,
  type ExternalNetworkPlan,
  type NetworkPlan,
  type OwnNetworkPlan,
  type PlanOptions,
  type ServicePlan,
  type ServiceSpec,
} from "./plan";
export { ApplicationError } from "./problems";
export type { ExternalFilePlan, MountedFilePlan, OwnFilePlan, StoredFilePlan } from "./storedFiles";
export { publishedPortClashes, type PublishingApplication } from "./publishedPorts";
export { fullName, serviceNameProblem } from "./serviceName";
export { parseSettings } from "./settings/parse";
export { settingsSchema, type Settings } from "./settings/schema";
