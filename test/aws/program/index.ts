import type { Region } from "@pulumi/aws";
import { Provider } from "@pulumi/aws/provider";
import * as pulumi from "@pulumi/pulumi";
import { parseConfiguration } from "../../../components/config";
import { Aws } from "../../../components/hosts/aws/aws";

/*
 * The same components as in the platform's program, from the same configuration, up to where somebody would have to answer over
 * SSH: instances of the local API do not boot.
 */
export = (() => {
  const raw = new pulumi.Config("dockyard");
  const { source, swarm, mayEncrypt, registry } = parseConfiguration(
    { hosts: raw.requireObject("hosts"), registry: raw.requireObject("registry"), networks: raw.getObject("networks") ?? [] },
    pulumi.getStack(),
  );
  if (source.kind !== "aws") throw new Error("this program is for hosts in AWS");
  const url = process.env["DOCKYARD_TEST_AWS"]!;
  const provider = new Provider("local", {
    region: source.plan.settings.region as Region,
    accessKey: "test",
    secretKey: "test",
    skipCredentialsValidation: true,
    skipMetadataApiCheck: true,
    skipRegionValidation: true,
    s3UsePathStyle: true,
    maxRetries: 3,
    // Tags of buckets go to a host that is made of the account's number; this sends them to the local API as well.
    httpProxy: url,
    endpoints: [{ ec2: url, iam: url, s3: url, s3control: url, elbv2: url, sts: url, route53: url, kms: url, logs: url, cloudwatch: url }],
  });
  const traffic = { dataPathPort: swarm.dataPathPort, encrypted: mayEncrypt, registryPort: registry.port };
  const made = new Aws("aws", { plan: source.plan, traffic, registryHosts: registry.storage === "s3" ? registry.hosts : undefined }, { providers: { aws: provider } });
  return {
    ...made.outputs,
    storage: made.registryStorage,
    connections: pulumi.all(made.hosts.map(({ name, connection }) => pulumi.output(connection).apply((known) => ({ name, ...known })))),
    addresses: made.hosts.map(({ name, advertiseAddress }) => `${name} ${advertiseAddress}`),
  };
})();
