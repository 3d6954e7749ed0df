import * as pulumi from "@pulumi/pulumi";

/**
 * What all our components share: children are named after their parent, options are merged rather than overwritten,
 * outputs are registered once, at the end. Arguments stay out of state: some are big, some are secret.
 */
export abstract class Component extends pulumi.ComponentResource {
  private registered = false;
  private readonly after: pulumi.ComponentResourceOptions["dependsOn"];

  /**
   * @param kind type name within this project: "Swarm"
   * @param name logical name; unique among its siblings
   */
  protected constructor(
    kind: string,
    protected readonly name: string,
    opts?: pulumi.ComponentResourceOptions,
  ) {
    super(`dockyard:components:${kind}`, name, {}, opts);
    this.after = opts?.dependsOn;
  }

  /** Logical name of a child. */
  protected child(suffix: string): string {
    return `${this.name}-${suffix}`;
  }

  /**
   * A child's options: this as its parent, and whatever else it asks for. What the component waits for its children wait
   * for too; Pulumi by itself holds back nothing but the component's own, empty registration.
   */
  protected under(opts: pulumi.CustomResourceOptions = {}): pulumi.CustomResourceOptions {
    return pulumi.mergeOptions({ parent: this, dependsOn: this.after }, opts);
  }

  /** Says that the component is complete. @throws Error when called twice: later outputs would be ignored in silence */
  protected complete(outputs: pulumi.Inputs = {}): void {
    if (this.registered) throw new Error(`${this.name}: outputs were registered before`);
    this.registered = true;
    this.registerOutputs(outputs);
  }
}
