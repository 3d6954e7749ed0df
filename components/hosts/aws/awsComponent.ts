import type * as pulumi from "@pulumi/pulumi";
import { Component } from "../../component";
import { stackLabel } from "./tags";
import type { AwsPlan } from "./plan";

/** What components of AWS share: the plan, and names and tags for whatever they make. */
export abstract class AwsComponent extends Component {
  protected constructor(
    kind: string,
    name: string,
    protected readonly plan: AwsPlan,
    opts?: pulumi.ComponentResourceOptions,
  ) {
    super(kind, name, opts);
  }

  /** What the thing is called in the console; names need not be unique there. */
  protected tags(suffix: string): Record<string, string> {
    return { ...this.plan.tags, Name: `${this.prefix}-${suffix}` };
  }

  /** What names begin with that AWS knows things by: "dockyard-prod". At most 25 characters. */
  protected get prefix(): string {
    return `dockyard-${stackLabel(this.plan.stack)}`;
  }

  /** Path of IAM's names, so that the deployer's own rights can be limited to it. */
  protected get iamPath(): string {
    return `/dockyard/${stackLabel(this.plan.stack)}/`;
  }
}
