/* eslint-disable @typescript-eslint/no-require-imports -- the SDK has to be loaded once more for every run */
import type * as Pulumi from "@pulumi/pulumi";
import type { RegisterResourceRequest } from "@pulumi/pulumi/proto/resource_pb";
import type { Struct } from "google-protobuf/google/protobuf/struct_pb";
import { COMPONENTS, CUSTOM, FUNCTIONS } from "./kinds";
import { secretOnWire, withSecrets } from "./wire";

/*
 * Strict mocks: they know what kinds of resource this project has, and refuse everything else. They stand where the
 * engine stands, behind the SDK's monitor, because the options of a resource are to be seen nowhere else. All that
 * they know of the SDK's inside is in this file.
 */

/** A value that a test reads from what it knows to be there; what is not there fails the test. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any
export type Read = any;

/** A resource as the engine would have been asked for it. */
export interface Registration {
  readonly urn: string;
  readonly type: string;
  readonly name: string;
  readonly custom: boolean;
  readonly id: string;
  /** As on the wire: secrets are marked. */
  readonly wire: Record<string, unknown>;
  /** Secrets as they are. */
  readonly inputs: Record<string, Read>;
  /** Secrets replaced by a placeholder. */
  readonly masked: Record<string, Read>;
  /** URNs, in no order. */
  readonly dependencies: readonly string[];
  /** URN, "" when there is none. */
  readonly parent: string;
  readonly deletedWith: string;
  /** "URN::id" of an explicit provider, "" for the default one. */
  readonly provider: string;
  /** Undefined: the provider decides. */
  readonly deleteBeforeReplace: boolean | undefined;
  readonly protect: boolean;
  readonly retainOnDelete: boolean;
  readonly ignoreChanges: readonly string[];
  readonly aliases: readonly string[];
  /** What a component said of itself in the end, as on the wire; undefined until then. */
  outputs?: Record<string, unknown>;
}

export interface MockedStack {
  readonly project?: string;
  readonly stack?: string;
  /** Values as `pulumi config` keeps them, by full key: text, or JSON text. */
  readonly config?: Readonly<Record<string, string>>;
  /** Keys of `config` that are encrypted. */
  readonly secretKeys?: readonly string[];
}

export const MASK = "[secret]";

type Callback = (error: unknown, response?: unknown) => void;

/**
 * Runs a program against the mocks, with modules of its own, until everything it registers is registered.
 * @param program has to `require` what makes resources, so that it is loaded after the mocks are in place
 * @throws what the program throws; Error naming each resource or function that the mocks do not know
 */
export async function record(program: (pulumi: typeof Pulumi) => unknown, { project = "dockyard", stack = "dev", config = {}, secretKeys = [] }: MockedStack = {}) {
  const { prepareStackTrace } = Error;
  const atExit = process.listeners("exit");
  jest.resetModules();
  const pulumi = require("@pulumi/pulumi") as typeof Pulumi;
  const engine = new Engine(`urn:pulumi:${stack}::${project}`);
  await pulumi.runtime.setMocks({ newResource: refuse, call: refuse }, project, stack, false);
  engine.take(require("@pulumi/pulumi/runtime/settings").getMonitor());
  pulumi.runtime.setAllConfig({ ...config }, [...secretKeys]);
  try {
    const outputs = await known(pulumi, await program(pulumi));
    await pulumi.runtime.disconnect();
    if (engine.refusals.length > 0) throw new Error(engine.refusals.join("\n"));
    return { graph: new Graph(engine.registrations), outputs };
  } finally {
    await pulumi.runtime.disconnect();
    Error.prepareStackTrace = prepareStackTrace;
    // Each loading of the SDK adds one.
    for (const listener of process.listeners("exit").filter((each) => !atExit.includes(each))) process.off("exit", listener);
  }
}

function refuse(): never {
  throw new Error("the mocks answer in place of the monitor; this is never asked");
}

/** Answers for the engine. */
class Engine {
  readonly registrations: Registration[] = [];
  readonly refusals: string[] = [];

  constructor(private readonly prefix: string) {}

  take(monitor: Record<string, unknown>): void {
    monitor["registerResource"] = (request: RegisterResourceRequest, callback: Callback) => callback(null, this.register(request));
    monitor["registerResourceOutputs"] = (request: { getUrn(): string; getOutputs(): Struct | undefined }, callback: Callback) => {
      this.registrations.find(({ urn }) => urn === request.getUrn())!.outputs = request.getOutputs()?.toJavaScript() ?? {};
      callback(null, {});
    };
    for (const method of ["invoke", "call", "readResource"]) {
      monitor[method] = (request: { getTok?(): string; getType?(): string; getArgs?(): Struct }, callback: Callback) => {
        const answer = method === "invoke" ? FUNCTIONS[request.getTok!()] : undefined;
        if (answer) {
          const { Struct } = require("google-protobuf/google/protobuf/struct_pb");
          const result = Struct.fromJavaScript(answer((request.getArgs!()?.toJavaScript() ?? {}) as Record<string, unknown>));
          return callback(null, { getReturn: () => result, getFailuresList: () => [] });
        }
        this.refusals.push(`the mocks know no function, and no resource to read: ${request.getTok?.() ?? request.getType?.()}`);
        callback(null, { getReturn: () => undefined, getFailuresList: () => [], getUrn: () => "", getProperties: () => undefined });
      };
    }
  }

  /** Answers also where it refuses: an error would come up somewhere inside the SDK, after the program. */
  private register(request: RegisterResourceRequest): unknown {
    const [type, name] = [request.getType(), request.getName()];
    const registration = this.registration(request);
    const { urn, inputs, id } = registration;
    const isKnown = request.getCustom() ? Object.hasOwn(CUSTOM, type) : COMPONENTS.includes(type);
    if (!isKnown) this.refusals.push(`the mocks know no resource of type ${type} (${name})`);
    if (this.registrations.some((other) => other.urn === urn)) this.refusals.push(`two resources have the URN ${urn}`);
    this.registrations.push(registration);

    const outputs = CUSTOM[type]?.(name, inputs) ?? {};
    const secrets = request.getAdditionalsecretoutputsList();
    const marked = Object.entries(outputs).map(([key, value]) => [key, secrets.includes(key) ? secretOnWire(value) : value]);
    const { RegisterResourceResponse } = require("@pulumi/pulumi/proto/resource_pb");
    const { Struct } = require("google-protobuf/google/protobuf/struct_pb");
    const response = new RegisterResourceResponse();
    response.setUrn(urn);
    response.setId(id);
    response.setObject(Struct.fromJavaScript({ ...registration.wire, ...Object.fromEntries(marked) }));
    return response;
  }

  private registration(request: RegisterResourceRequest): Registration {
    const [type, name, custom] = [request.getType(), request.getName(), request.getCustom()];
    const asked = (request.getObject()?.toJavaScript() ?? {}) as Record<string, unknown>;
    // The engine goes on with what its state has of an input whose changes are ignored.
    const kept = Object.entries(CUSTOM[type]?.(name, asked) ?? {}).filter(([key]) => request.getIgnorechangesList().includes(key));
    const wire = { ...asked, ...Object.fromEntries(kept) };
    const typesAbove = request.getParent() === "" ? "" : `${request.getParent().split("::")[2]}$`;
    return {
      urn: `${this.prefix}::${typesAbove}${type}::${name}`,
      type,
      name,
      custom,
      id: custom ? `${name}.${type.split(":").at(-1)}` : "",
      wire,
      inputs: withSecrets(wire, (secret) => secret) as Record<string, unknown>,
      masked: withSecrets(wire, () => MASK) as Record<string, unknown>,
      dependencies: request.getDependenciesList(),
      parent: request.getParent(),
      deletedWith: request.getDeletedwith(),
      provider: request.getProvider(),
      deleteBeforeReplace: request.getDeletebeforereplacedefined() ? request.getDeletebeforereplace() : undefined,
      protect: request.getProtect() ?? false,
      retainOnDelete: request.getRetainondelete() ?? false,
      ignoreChanges: request.getIgnorechangesList(),
      aliases: [...request.getAliasurnsList(), ...request.getAliasesList().map((alias) => alias.getUrn() || JSON.stringify(alias.toObject()))],
    };
  }
}

/** What a program exports, with every value known. */
function known(pulumi: typeof Pulumi, exported: unknown): Promise<unknown> {
  return (pulumi.output(exported) as unknown as { promise(): Promise<unknown> }).promise();
}

/** All that a program asked for. */
export class Graph {
  constructor(readonly all: readonly Registration[]) {}

  /** @param type the end of a type token: "swarm:Node" */
  ofType(type: string): Registration[] {
    return this.all.filter((resource) => resource.type.endsWith(`:${type}`));
  }

  /** @throws Error when there is not exactly one */
  one(type: string, name?: string): Registration {
    const found = this.ofType(type).filter((resource) => name === undefined || resource.name === name);
    if (found.length !== 1) throw new Error(`${found.length} resources are ${type} ${name ?? ""}; there are ${this.ofType(type).map((r) => r.name).join(", ")}`);
    return found[0]!;
  }

  /** What has to be there before a resource is made, and is only deleted after it: directly, or by way of others. */
  before(resource: Registration): ReadonlySet<Registration> {
    const found = new Set<Registration>();
    const follow = ({ dependencies }: Registration): void => {
      for (const next of this.all.filter(({ urn }) => dependencies.includes(urn))) {
        if (found.has(next)) continue;
        found.add(next);
        follow(next);
      }
    };
    follow(resource);
    return found;
  }
}
