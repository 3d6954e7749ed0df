import * as pulumi from "@pulumi/pulumi";
import { applicationPlans } from "./components/applicationPlans";
import { Application } from "./components/bundle/application";
import type { Configuration } from "./components/config";
import type { PlatformHost } from "./components/hosts/host";
import { Machines } from "./components/hosts/machines";
import { proxiesOf } from "./components/hosts/proxies";
import { hostSource } from "./components/hosts/source";
import { OverlayNetwork } from "./components/network/overlay";
import { forgoOrigins } from "./components/origins";
import { describe } from "./components/outputs";
import { platformOwner } from "./components/owner";
import { CertificateAuthority } from "./components/pki/authority";
import { readConfiguration, refuseUnaskedSecrets } from "./components/readConfiguration";
import { refuseOtherRegistries } from "./components/registry/archive";
import { registryLogin, registryUsers, type RegistryUser } from "./components/registry/passwords";
import { Registry } from "./components/registry/registry";
import { Swarm } from "./components/swarm/swarm";
import { visibly } from "./components/visibly";
import { Provider, Rebalance } from "./provider/sdk";
import type { Owner } from "./provider/swarm/owner/owner";
import { visible } from "./provider/visible";

forgoOrigins();

/** hosts → authority → engines → Swarm → registry → networks → applications, in one diff. */
export = visibly(() => {
  const configuration = readConfiguration();
  const plans = applicationPlans(configuration, (line) => void pulumi.log.warn(visible(line)));
  refuseUnaskedSecrets(plans);
  refuseOtherRegistries(configuration.registry.archive);

  const source = hostSource(configuration);
  const users = registryUsers(configuration.registry);
  const owner = platformOwner();
  const provider = platformProvider(configuration, source, users, owner);
  const opts = { providers: { dockyard: provider } };
  const { registry: planned, timeouts } = configuration;
  const registryHosts = planned.hosts.map((host) => source.hosts.find(({ name }) => name === host)!);
  const registryAddress = `${planned.name}:${planned.port}`;

  const authority = new CertificateAuthority("ca", { commonName: `Dockyard ${pulumi.getStack()}`, protect: configuration.source.kind !== "lab", ...configuration.pki });
  const { machines, withoutEsp, holes } = new Machines(
    "machines",
    {
      hosts: source.hosts,
      requirements: { ...configuration.requirements, features: [...configuration.requirements.features] },
      pools: [...configuration.pools],
      login: source.login,
      bootTimeout: timeouts.boot,
      engine: { package: configuration.engine.package, daemon: { ...configuration.engine.daemon } },
      trust: { registry: registryAddress, certificate: authority.certificate },
      names: { [planned.name]: addressesOf(registryHosts) },
    },
    opts,
  );
  holes.apply((lines) => lines.forEach((line) => void pulumi.log.warn(`${line}. Another version: dockyard:engine.version`)));
  const { addressPool, subnetSize, dataPathPort, taskHistory, certificateExpiry, autolock, rotation } = configuration.swarm;
  const swarm = new Swarm("swarm", { owner, machines, settings: { addressPool, subnetSize, dataPathPort, taskHistory, certificateExpiry, autolock, rotation } }, opts);
  const { cluster } = swarm;
  const inSwarm = { ...opts, dependsOn: [...swarm.nodes] };

  const { constraint, name, port, archive, volume } = planned;
  const registry = new Registry(
    "registry",
    { cluster, constraint, hosts: registryHosts, machines, name, port, users, archive, volume, storage: source.registryStorage, authority },
    inSwarm,
  );
  const encryptable = withoutEsp.apply((hosts) => hosts.length === 0);
  if (configuration.swarm.encryptNetworks === "possible" && configuration.mayEncrypt) withoutEsp.apply(warnOfClearNetworks);
  const networks = Object.fromEntries(configuration.networks.map((network) => [network.name, new OverlayNetwork(network.name, { cluster, encryptable, ...network }, inSwarm)]));
  const applications = plans.map((plan) => new Application(plan.stack, { cluster, plan, registry, networks, encryptable }, inSwarm));
  const { count, pause } = configuration.swarm.rebalance;
  if (count > 0) new Rebalance("rebalance", { cluster, count, pause }, { provider, dependsOn: [...swarm.nodes, ...applications] });
  return {
    ...describe(configuration, plans, registryAddress),
    owner,
    ...source.outputs,
    certificateAuthority: authority.certificate,
    engineHoles: holes,
    certificates: [...authority.certificates, registry.tlsCertificate],
  };
});

function warnOfClearNetworks(hosts: readonly string[]): void {
  if (hosts.length === 0) return;
  void pulumi.log.warn(
    `networks that are made now go in the clear between hosts: IPsec ESP does not work on ${hosts.join(", ")}. Run "modprobe esp4" there, or say that it is meant: "dockyard:swarm: { encryptNetworks: false }"`,
  );
}

/** A list only where there are several. */
function addressesOf(hosts: readonly PlatformHost[]): string | string[] {
  const addresses = hosts.map(({ advertiseAddress }) => advertiseAddress);
  return addresses.length === 1 ? addresses[0]! : addresses;
}

function platformProvider(configuration: Configuration, source: ReturnType<typeof hostSource>, users: pulumi.Output<RegistryUser[]>, owner: pulumi.Output<Owner>) {
  const { registry, timeouts, engine, backup } = configuration;
  const managers = source.hosts.filter(({ role }) => role === "manager").map(({ name, connection }) => pulumi.output(connection).apply((known) => ({ ...known, name })));
  return new Provider("dockyard", {
    owner,
    privateKey: source.privateKey,
    proxies: proxiesOf(configuration),
    managers,
    nodes: source.hosts.map(({ name, role, availability }) => ({ name, role, availability })),
    engines: { workersAtOnce: engine.workersAtOnce, backupMaxAge: backup.maxAge / 1000 },
    registries: { [`${registry.name}:${registry.port}`]: users.apply(registryLogin) },
    timeouts: timeouts.provider,
  });
}
