import * as acm from "@pulumi/aws/acm";
import * as lb from "@pulumi/aws/lb";
import * as route53 from "@pulumi/aws/route53";
import * as pulumi from "@pulumi/pulumi";
import type { AwsHosts } from "../../config/awsSchema";
import { AwsComponent } from "./awsComponent";
import type { AwsInstances } from "./instances";
import type { AwsNetwork } from "./network";
import type { AwsPlan } from "./plan";
import type { AwsSecurity } from "./security";

type Edge = NonNullable<AwsHosts["edge"]>;
type Port = Edge["ports"][number];

/** TLS 1.2 and 1.3, with forward secrecy. */
const TLS_POLICY = "ELBSecurityPolicy-TLS13-1-2-2021-06";

/** The network load balancer in front of the hosts that serve clients, with names and a certificate where they are asked for. */
export class AwsEdge extends AwsComponent {
  /** Name that leads to it. */
  readonly address: pulumi.Output<string>;
  private readonly edge: Edge;

  constructor(
    name: string,
    plan: AwsPlan,
    private readonly ground: { readonly network: AwsNetwork; readonly security: AwsSecurity; readonly instances: AwsInstances },
    opts?: pulumi.ComponentResourceOptions,
  ) {
    super("AwsEdge", name, plan, opts);
    this.edge = plan.settings.edge!;
    const { network, security } = ground;
    const balancer = new lb.LoadBalancer(
      this.child("balancer"),
      {
        // AWS allows 32 characters.
        name: `${this.prefix}-edge`,
        loadBalancerType: "network",
        internal: !network.publicEdge,
        subnets: [...network.edge],
        securityGroups: [security.id("balancer")],
        enableCrossZoneLoadBalancing: true,
        tags: this.tags("edge"),
      },
      this.under({ dependsOn: [network] }),
    );
    const certificate = this.certificate();
    for (const port of this.edge.ports) this.listen(port, balancer, certificate);
    for (const each of this.edge.dns?.names ?? []) this.named(each, balancer);
    this.address = balancer.dnsName;
    this.complete({ address: this.address });
  }

  private listen(port: Port, balancer: lb.LoadBalancer, certificate: pulumi.Output<string> | undefined): void {
    const target = this.target(port);
    const tls = port.protocol === "tls";
    new lb.Listener(
      this.child(`port-${port.port}`),
      {
        loadBalancerArn: balancer.arn,
        port: port.port,
        protocol: tls ? "TLS" : "TCP",
        certificateArn: tls ? certificate : undefined,
        sslPolicy: tls ? TLS_POLICY : undefined,
        defaultActions: [{ type: "forward", targetGroupArn: target.arn }],
        tags: this.tags(`port-${port.port}`),
      },
      this.under(),
    );
  }

  private target({ port, target = port }: Port): lb.TargetGroup {
    const { clientAddress, healthPath } = this.edge;
    const group = new lb.TargetGroup(
      this.child(`port-${port}`),
      {
        name: `${this.prefix}-${port}`,
        vpcId: this.ground.network.vpc,
        port: target,
        protocol: "TCP",
        targetType: "instance",
        preserveClientIp: String(clientAddress === "preserved"),
        proxyProtocolV2: clientAddress === "proxyProtocol",
        deregistrationDelay: 30,
        healthCheck: { protocol: healthPath === undefined ? "TCP" : "HTTP", path: healthPath, port: String(target), interval: 10, healthyThreshold: 3, unhealthyThreshold: 3 },
        tags: this.tags(`port-${port}`),
      },
      this.under(),
    );
    const serving = this.plan.machines.filter((machine) => (this.edge.groups ?? [machine.group]).includes(machine.group));
    for (const { resource, name } of serving) {
      // The machine's own name: its successor is registered before it goes.
      new lb.TargetGroupAttachment(this.child(`port-${port}-${resource}`), { targetGroupArn: group.arn, targetId: this.ground.instances.instances.get(name)!.id, port: target }, this.under());
    }
    return group;
  }

  private named(name: string, balancer: lb.LoadBalancer): void {
    new route53.Record(
      this.child(name),
      { zoneId: this.edge.dns!.zone, name, type: "A", aliases: [{ name: balancer.dnsName, zoneId: balancer.zoneId, evaluateTargetHealth: true }] },
      this.under(),
    );
  }

  /** The certificate that is named, or one for the names that is proved by records in their zone. */
  private certificate(): pulumi.Output<string> | undefined {
    const { certificate, dns } = this.edge;
    if (certificate !== undefined) return pulumi.output(certificate);
    if (!dns?.certificate) return undefined;
    const [first, ...others] = dns.names;
    const made = new acm.Certificate(
      this.child("certificate"),
      { domainName: first!, subjectAlternativeNames: others, validationMethod: "DNS", tags: this.tags("certificate") },
      this.under(),
    );
    const proofs = dns.names.map((name) => {
      const proof = made.domainValidationOptions.apply((options) => options.find(({ domainName }) => domainName === name)!);
      return new route53.Record(
        this.child(`proof-${name}`),
        { zoneId: dns.zone, name: proof.resourceRecordName, type: proof.resourceRecordType, records: [proof.resourceRecordValue], ttl: 60, allowOverwrite: true },
        this.under(),
      );
    });
    return new acm.CertificateValidation(this.child("certificate"), { certificateArn: made.arn, validationRecordFqdns: proofs.map(({ fqdn }) => fqdn) }, this.under()).certificateArn;
  }
}
