import * as iam from "@pulumi/aws/iam";
import * as pulumi from "@pulumi/pulumi";
import { AwsComponent } from "./awsComponent";
import { metricsNamespace } from "./boot/metrics";
import type { AwsPlan } from "./plan";
import { instancesMayAssume, keyAccess, metricsAccess, type PolicyDocument, registryAccess } from "./policies";
import type { AwsStorage } from "./storage";

const SYSTEMS_MANAGER = "arn:aws:iam::aws:policy/AmazonSSMManagedInstanceCore";

/** A role for each group of hosts, with what its hosts do and no more. */
export class AwsRoles extends AwsComponent {
  private readonly profiles = new Map<string, iam.InstanceProfile>();

  constructor(
    name: string,
    plan: AwsPlan,
    private readonly storage: AwsStorage,
    /** Hosts that serve the registry's bucket. */
    private readonly registryHosts: readonly string[],
    opts?: pulumi.ComponentResourceOptions,
  ) {
    super("AwsRoles", name, plan, opts);
    for (const group of new Set(plan.machines.map((machine) => machine.group))) this.profiles.set(group, this.profile(group));
    this.complete();
  }

  /** Name of the instance profile of a group's hosts. */
  of(group: string): pulumi.Output<string> {
    return this.profiles.get(group)!.name;
  }

  private profile(group: string): iam.InstanceProfile {
    const role = new iam.Role(
      this.child(group),
      { path: this.iamPath, assumeRolePolicy: JSON.stringify(instancesMayAssume()), description: `Hosts of the group ${group}`, maxSessionDuration: 3600, tags: this.tags(group) },
      this.under(),
    );
    for (const [purpose, policy] of Object.entries(this.rights(group))) {
      new iam.RolePolicy(this.child(`${group}-${purpose}`), { role: role.name, policy: pulumi.output(policy).apply((document) => JSON.stringify(document)) }, this.under());
    }
    if (this.plan.settings.access.systemsManager) {
      new iam.RolePolicyAttachment(this.child(`${group}-systems-manager`), { role: role.name, policyArn: SYSTEMS_MANAGER }, this.under());
    }
    return new iam.InstanceProfile(this.child(group), { path: this.iamPath, role: role.name, tags: this.tags(group) }, this.under());
  }

  private rights(group: string): Record<string, pulumi.Input<PolicyDocument>> {
    const { settings, machines, stack } = this.plan;
    const servesImages = machines.some((machine) => machine.group === group && this.registryHosts.includes(machine.name));
    const registry = servesImages ? this.storage.registry : undefined;
    return {
      ...(registry && { registry: registry.arn.apply(registryAccess) }),
      ...(registry && settings.kmsKey && { key: keyAccess(settings.kmsKey, settings.region) }),
      ...(settings.alarms && { metrics: metricsAccess(metricsNamespace(stack)) }),
    };
  }
}
