import * as ec2 from "@pulumi/aws/ec2";
import * as vpc from "@pulumi/aws/vpc";
import type * as pulumi from "@pulumi/pulumi";
import { AwsComponent } from "./awsComponent";
import type { AwsPlan } from "./plan";
import { type GroupName, ruleName, type SecurityRule, securityRules, type Traffic } from "./securityRules";

const DESCRIPTIONS: Readonly<Record<GroupName, string>> = {
  members: "Hosts of the platform",
  managers: "Managers of the Swarm",
  edge: "Hosts that serve clients",
  balancer: "Load balancer of the edge",
};

/** The security groups, with one resource for each rule, so that a change of one touches no other. */
export class AwsSecurity extends AwsComponent {
  private readonly groups: Partial<Record<GroupName, ec2.SecurityGroup>>;

  constructor(name: string, plan: AwsPlan, vpcId: pulumi.Output<string>, traffic: Traffic, opts?: pulumi.ComponentResourceOptions) {
    super("AwsSecurity", name, plan, opts);
    const { edge } = plan.settings;
    const wanted: GroupName[] = ["members", "managers", ...(edge ? (["edge"] as const) : []), ...(edge?.balancer ? (["balancer"] as const) : [])];
    this.groups = Object.fromEntries(
      wanted.map((group) => [
        group,
        new ec2.SecurityGroup(
          this.child(group),
          // Rules written here would fight with those that are resources: there are none, and AWS's own (all outwards) goes.
          { vpcId, name: `${this.prefix}-${group}`, description: DESCRIPTIONS[group], revokeRulesOnDelete: true, tags: this.tags(group) },
          this.under(),
        ),
      ]),
    );
    for (const rule of securityRules(plan.settings, traffic)) this.rule(rule);
    this.complete({ groups: wanted });
  }

  /** @throws Error when the platform has no such group */
  id(group: GroupName): pulumi.Output<string> {
    const made = this.groups[group];
    if (!made) throw new Error(`there is no security group "${group}"`);
    return made.id;
  }

  private rule(rule: SecurityRule): void {
    const { peer, protocol, port, group, direction, why } = rule;
    const other = "cidr" in peer ? { cidrIpv4: peer.cidr } : { referencedSecurityGroupId: "group" in peer ? this.id(peer.group) : peer.securityGroup };
    const args = { securityGroupId: this.id(group), ipProtocol: protocol, fromPort: port, toPort: port, description: why, ...other, tags: this.plan.tags };
    const name = this.child(ruleName(rule));
    if (direction === "in") new vpc.SecurityGroupIngressRule(name, args, this.under());
    else new vpc.SecurityGroupEgressRule(name, args, this.under());
  }
}
