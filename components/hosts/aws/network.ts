import * as ec2 from "@pulumi/aws/ec2";
import * as pulumi from "@pulumi/pulumi";
import { AwsComponent } from "./awsComponent";
import type { AwsPlan, NetworkPlan } from "./plan";
import { endpointAccess } from "./policies";
import type { ZoneSubnets } from "./addresses";

type Own = Extract<NetworkPlan, { kind: "own" }>;

/** The VPC with its subnets, or the ones that are there. */
export class AwsNetwork extends AwsComponent {
  readonly vpc: pulumi.Output<string>;
  /** Where hosts stand, by zone. */
  readonly hosts: Readonly<Record<string, pulumi.Output<string>>>;
  /** Where the balancer stands. */
  readonly edge: readonly pulumi.Output<string>[];
  /** Whether the balancer's subnets have a way in from the internet. */
  readonly publicEdge: boolean;

  constructor(name: string, plan: AwsPlan, private readonly account: pulumi.Output<string>, opts?: pulumi.ComponentResourceOptions) {
    super("AwsNetwork", name, plan, opts);
    const { network } = plan;
    if (network.kind === "existing") {
      const byZone = network.subnets.map(({ zone, id }) => [zone, pulumi.output(id!)] as const);
      this.vpc = pulumi.output(network.vpc);
      this.hosts = Object.fromEntries(byZone);
      this.publicEdge = network.edgeSubnets.length > 0;
      this.edge = this.publicEdge ? network.edgeSubnets.map(({ id }) => pulumi.output(id)) : byZone.map(([, id]) => id);
    } else {
      const vpc = new ec2.Vpc(this.child("vpc"), { cidrBlock: network.cidr, enableDnsHostnames: true, enableDnsSupport: true, tags: this.tags("vpc") }, this.under());
      // What is started without a group of its own gets AWS's: with no rule in it, nothing goes in or out there.
      new ec2.DefaultSecurityGroup(this.child("default"), { vpcId: vpc.id, ingress: [], egress: [], tags: this.tags("default") }, this.under());
      const made = this.subnets(network, vpc);
      this.vpc = vpc.id;
      this.hosts = plan.settings.access.address === "public" ? made.public : made.private;
      this.edge = Object.values(made.public);
      this.publicEdge = true;
    }
    this.complete({ vpc: this.vpc });
  }

  private subnets(network: Own, vpc: ec2.Vpc) {
    const gateway = new ec2.InternetGateway(this.child("internet"), { vpcId: vpc.id, tags: this.tags("internet") }, this.under());
    const open = this.routes("public", vpc);
    new ec2.Route(this.child("public-internet"), { routeTableId: open.id, destinationCidrBlock: EVERYWHERE, gatewayId: gateway.id }, this.under());
    const publicSubnets = network.subnets.map((zone) => this.subnet(zone, "public", vpc, open));
    const exits = this.exits(network, publicSubnets, gateway);
    const tables: ec2.RouteTable[] = [];
    const privateSubnets = network.subnets.map((zone, index) => {
      const table = this.routes(`private-${zone.zone}`, vpc);
      tables.push(table);
      const exit = exits[Math.min(index, exits.length - 1)];
      if (exit) new ec2.Route(this.child(`private-${zone.zone}-nat`), { routeTableId: table.id, destinationCidrBlock: EVERYWHERE, natGatewayId: exit.id }, this.under());
      return this.subnet(zone, "private", vpc, table);
    });
    // Costs nothing, and keeps the registry's layers away from NAT gateways, which cost by the byte.
    const policy = this.account.apply((account) => JSON.stringify(endpointAccess([account, ...network.s3Accounts])));
    new ec2.VpcEndpoint(
      this.child("s3"),
      { vpcId: vpc.id, serviceName: `com.amazonaws.${this.plan.settings.region}.s3`, vpcEndpointType: "Gateway", routeTableIds: [open, ...tables].map(({ id }) => id), policy, tags: this.tags("s3") },
      this.under(),
    );
    const byZone = (subnets: ec2.Subnet[]) => Object.fromEntries(network.subnets.map(({ zone }, index) => [zone, subnets[index]!.id]));
    return { public: byZone(publicSubnets), private: byZone(privateSubnets) };
  }

  /** NAT gateways, in the zones' order: none, one for all, or one in each zone, which outlives the others' failure. */
  private exits({ nat, subnets }: Own, publicSubnets: ec2.Subnet[], gateway: ec2.InternetGateway): ec2.NatGateway[] {
    const count = { none: 0, one: 1, zone: subnets.length }[nat];
    return subnets.slice(0, count).map(({ zone }, index) => {
      const address = new ec2.Eip(this.child(`nat-${zone}`), { domain: "vpc", tags: this.tags(`nat-${zone}`) }, this.under({ dependsOn: [gateway] }));
      return new ec2.NatGateway(this.child(`nat-${zone}`), { allocationId: address.id, subnetId: publicSubnets[index]!.id, tags: this.tags(`nat-${zone}`) }, this.under({ dependsOn: [gateway] }));
    });
  }

  private routes(suffix: string, vpc: ec2.Vpc): ec2.RouteTable {
    return new ec2.RouteTable(this.child(suffix), { vpcId: vpc.id, tags: this.tags(suffix) }, this.under());
  }

  private subnet(zone: ZoneSubnets, kind: "public" | "private", vpc: ec2.Vpc, table: ec2.RouteTable): ec2.Subnet {
    const suffix = `${kind}-${zone.zone}`;
    // Public addresses are given out one by one, never by standing in a subnet.
    const subnet = new ec2.Subnet(
      this.child(suffix),
      { vpcId: vpc.id, availabilityZone: zone.zone, cidrBlock: zone[kind], mapPublicIpOnLaunch: false, tags: this.tags(suffix) },
      this.under(),
    );
    new ec2.RouteTableAssociation(this.child(suffix), { subnetId: subnet.id, routeTableId: table.id }, this.under());
    return subnet;
  }
}

const EVERYWHERE = "0.0.0.0/0";
