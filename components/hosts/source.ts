import type * as pulumi from "@pulumi/pulumi";
import type { Configuration } from "../config";
import type { HostSource } from "./host";
import { Lab } from "./lab/lab";

/** The hosts of the configuration, made (lab) or taken as they are (bare). AWS gets its own branch here. */
export function hostSource({ source, hosts }: Configuration, opts?: pulumi.ComponentResourceOptions): HostSource {
  switch (source.kind) {
    case "lab":
      return new Lab("lab", { image: source.image, subnet: source.subnet, prefix: source.prefix, hosts }, opts);
    case "bare":
      return { hosts: hosts.map((host) => ({ ...host, connection: source.connections[host.name]!, machine: [] })) };
  }
}
