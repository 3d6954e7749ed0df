import type * as pulumi from "@pulumi/pulumi";
import type { Configuration } from "../config";
import type { HostSource } from "./host";
import { Lab } from "./lab/lab";

/** The hosts of the configuration, made (lab, aws) or taken as they are (bare). */
export function hostSource({ source, hosts, swarm, mayEncrypt, registry }: Configuration, opts?: pulumi.ComponentResourceOptions): HostSource {
  switch (source.kind) {
    case "lab":
      return new Lab("lab", { image: source.image, subnet: source.subnet, prefix: source.prefix, loginGeneration: source.loginGeneration, hosts }, opts);
    case "bare":
      return { hosts: hosts.map((host) => ({ ...host, connection: source.connections[host.name]!, machine: [] })) };
    case "aws": {
      // Loaded here alone: its SDK takes a tenth of a second, and every other platform does without.
      // eslint-disable-next-line @typescript-eslint/no-require-imports
      const { awsHosts } = require("./aws/aws") as typeof import("./aws/aws");
      const traffic = { dataPathPort: swarm.dataPathPort, encrypted: mayEncrypt, registryPort: registry.port };
      return awsHosts({ plan: source.plan, traffic, registryHosts: registry.storage === "s3" ? registry.hosts : undefined }, opts);
    }
  }
}
