import type * as pulumi from "@pulumi/pulumi";
import type { Connection } from "../../provider/remote/connection";
import type { PresentLogin } from "./loginKeys";

/** A host of the platform, whatever it is made of: a container, a machine of one's own, an instance. */
export interface PlatformHost {
  readonly name: string;
  readonly role: "manager" | "worker";
  readonly availability: "active" | "pause" | "drain";
  /** Node labels that placement constraints see; the zone is one of them. */
  readonly labels: Readonly<Record<string, string>>;
  /** Address that the other hosts reach it at. */
  readonly advertiseAddress: string;
  readonly connection: pulumi.Input<Connection>;
  /** What has to exist before it can be reached. */
  readonly machine: readonly pulumi.Resource[];
}

/** A bucket that holds the registry's images, which its hosts have access to. */
export interface S3Storage {
  readonly bucket: string;
  readonly region: string;
  /** KMS key that encrypts the objects; left out, the bucket's own rule does. */
  readonly key?: string;
}

/** Where hosts come from. Nothing after this knows more of a source than this. */
export interface HostSource {
  readonly hosts: readonly PlatformHost[];
  /** Secret key that logs in on hosts whose connection names no key file. */
  readonly privateKey?: pulumi.Output<string>;
  /** The key that is to log in there instead of the one that hosts were made with. */
  readonly login?: PresentLogin;
  /** Where the registry is to keep its images, when not in a volume. */
  readonly registryStorage?: pulumi.Output<S3Storage>;
  /** What the source adds to the stack's outputs. */
  readonly outputs?: Readonly<Record<string, pulumi.Output<string>>>;
}
