import { type ChildProcess, spawn } from "node:child_process";
import { join } from "node:path";
import * as grpc from "@grpc/grpc-js";
import { ResourceProviderClient } from "@pulumi/pulumi/proto/provider_grpc_pb";
import * as rpc from "@pulumi/pulumi/proto/provider_pb";
import { Status } from "@pulumi/pulumi/proto/status_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import type { ProviderTimeouts, RegistryLogin } from "../../../provider/configuration";
import type { Connection } from "../../../provider/remote/connection";
import type { Owner } from "../../../provider/swarm/owner/owner";
import { fromWire, toWire } from "../../../provider/wire";

const EXECUTABLE = join(__dirname, "../../../provider/pulumi-resource-dockyard");

export interface ProviderSettings {
  owner?: Owner;
  privateKey?: string;
  managers?: Connection[];
  registries?: Record<string, RegistryLogin>;
  timeouts?: ProviderTimeouts;
}

export interface Difference {
  changes: boolean;
  /** Path → "add" | "update" | "delete", with "!" for a replacement. */
  detail: Record<string, string>;
  deleteBeforeReplace: boolean;
}

/** An error of a verb; `partial` holds what a create that failed half-way left behind. */
export class VerbFailed extends Error {
  constructor(
    message: string,
    readonly partial?: { id: string },
  ) {
    super(message);
  }
}

/** The real provider plugin in its own process, spoken to as Pulumi's engine does. */
export class ProviderProcess {
  private constructor(
    readonly process: ChildProcess,
    private readonly client: ResourceProviderClient,
  ) {}

  /** Starts the plugin and configures it. @param env what its environment has besides this process's */
  static async start(settings: ProviderSettings = {}, env: Readonly<Record<string, string>> = {}): Promise<ProviderProcess> {
    const child = spawn(EXECUTABLE, { stdio: ["ignore", "pipe", "inherit"], env: { ...process.env, ...env } });
    const port = await new Promise<string>((resolve, reject) => {
      child.stdout!.once("data", (line: Buffer) => resolve(line.toString().trim()));
      child.once("exit", (code) => reject(new Error(`the provider ended with ${code} before it named its port`)));
    });
    const limits = { "grpc.max_receive_message_length": -1, "grpc.max_send_message_length": -1 };
    const provider = new ProviderProcess(child, new ResourceProviderClient(`127.0.0.1:${port}`, grpc.credentials.createInsecure(), limits));
    await provider.configure(settings);
    return provider;
  }

  async configure(settings: ProviderSettings): Promise<void> {
    const request = new rpc.ConfigureRequest();
    request.setArgs(toWire(Object.fromEntries(Object.entries(settings).map(([key, value]) => [key, key === "privateKey" ? value : JSON.stringify(value)]))));
    await this.call("configure", request);
  }

  async schema(): Promise<Record<string, unknown>> {
    const response = await this.call<rpc.GetSchemaResponse>("getSchema", new rpc.GetSchemaRequest());
    return JSON.parse(response.getSchema()) as Record<string, unknown>;
  }

  /** What is wrong with the inputs, "path: reason" each. */
  async check(type: string, inputs: object): Promise<string[]> {
    const request = new rpc.CheckRequest();
    identify(request, type);
    request.setNews(toWire(inputs));
    const response = await this.call<rpc.CheckResponse>("check", request);
    return response.getFailuresList().map((failure) => `${failure.getProperty()}: ${failure.getReason()}`);
  }

  /** After a check, as for what a program asks. */
  async diff(type: string, id: string, old: { inputs: object; outputs?: object }, inputs: object): Promise<Difference> {
    await this.check(type, inputs);
    const request = new rpc.DiffRequest();
    identify(request, type);
    request.setId(id);
    request.setOldInputs(toWire(old.inputs));
    request.setOlds(toWire(old.outputs ?? {}));
    request.setNews(toWire(inputs));
    const response = await this.call<rpc.DiffResponse>("diff", request);
    const kinds = ["add", "add!", "delete", "delete!", "update", "update!"];
    const detail: Record<string, string> = {};
    response.getDetaileddiffMap().forEach((value: rpc.PropertyDiff, path: string) => (detail[path] = kinds[value.getKind()]!));
    return { changes: response.getChanges() === rpc.DiffResponse.DiffChanges.DIFF_SOME, detail, deleteBeforeReplace: response.getDeletebeforereplace() };
  }

  async create(type: string, inputs: object): Promise<{ id: string; outputs: Record<string, unknown> }> {
    const request = new rpc.CreateRequest();
    identify(request, type);
    request.setProperties(toWire(inputs));
    const response = await this.call<rpc.CreateResponse>("create", request);
    return { id: response.getId(), outputs: fromWire(response.getProperties()) };
  }

  /** Undefined when it is gone. */
  async read(type: string, id: string, stored: { inputs: object; outputs?: object }): Promise<{ inputs: Record<string, unknown>; outputs: Record<string, unknown> } | undefined> {
    const request = new rpc.ReadRequest();
    identify(request, type);
    request.setId(id);
    request.setInputs(toWire(stored.inputs));
    request.setProperties(toWire(stored.outputs ?? {}));
    const response = await this.call<rpc.ReadResponse>("read", request);
    return response.getId() === "" ? undefined : { inputs: fromWire(response.getInputs()), outputs: fromWire(response.getProperties()) };
  }

  async update(type: string, id: string, old: { inputs: object; outputs?: object }, inputs: object): Promise<Record<string, unknown>> {
    const request = new rpc.UpdateRequest();
    identify(request, type);
    request.setId(id);
    request.setOldInputs(toWire(old.inputs));
    request.setOlds(toWire(old.outputs ?? {}));
    request.setNews(toWire(inputs));
    return fromWire((await this.call<rpc.UpdateResponse>("update", request)).getProperties());
  }

  async delete(type: string, id: string, stored: { inputs: object; outputs?: object }): Promise<void> {
    const request = new rpc.DeleteRequest();
    identify(request, type);
    request.setId(id);
    request.setOldInputs(toWire(stored.inputs));
    request.setProperties(toWire(stored.outputs ?? {}));
    await this.call("delete", request);
  }

  async cancel(): Promise<void> {
    await this.call("cancel", new Empty());
  }

  stop(): void {
    this.client.close();
    this.process.kill();
  }

  private call<T>(verb: string, request: unknown): Promise<T> {
    const client = this.client as unknown as Record<string, (request: unknown, done: (error: grpc.ServiceError | null, response: T) => void) => void>;
    return new Promise((resolve, reject) => client[verb]!(request, (error, response) => (error ? reject(verbFailed(error)) : resolve(response))));
  }
}

function identify(request: { setUrn(urn: string): void; setType?(type: string): void }, type: string): void {
  request.setUrn(`urn:pulumi:test::dockyard::${type}::test`);
  request.setType?.(type);
}

function verbFailed(error: grpc.ServiceError): VerbFailed {
  const [status] = error.metadata?.get("grpc-status-details-bin") ?? [];
  if (!(status instanceof Buffer)) return new VerbFailed(error.details);
  const detail = Status.deserializeBinary(status).getDetailsList()[0];
  const partial = detail && rpc.ErrorResourceInitFailed.deserializeBinary(detail.getValue_asU8());
  return new VerbFailed(error.details, partial && { id: partial.getId() });
}
