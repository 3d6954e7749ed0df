import * as grpc from "@grpc/grpc-js";
import { PluginInfo } from "@pulumi/pulumi/proto/plugin_pb";
import * as rpc from "@pulumi/pulumi/proto/provider_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { checkInputs } from "./check";
import { checkConfiguration, parseConfiguration, plannedNodes } from "./configuration";
import { changesBetween } from "./diff";
import { type EngineLog, engineLog, silentLog } from "./engineLog";
import { wireError } from "./errors";
import { LivingObjects } from "./living";
import { Session } from "./operation";
import { type Change, type CheckFailure, type Operation, Refused, type ResourceKind, type Stored } from "./resource";
import { packageSchema } from "./schema";
import { foreseen, goingDown } from "./swarm/plan/foresee";
import { warnOfInterruptions } from "./swarm/plan/interruptions";
import { message } from "./visible";
import { fromWire, pathText, toWire, UNKNOWN, unknownPaths, withoutUnknowns } from "./wire";

export const VERSION = "0.1.0";

/** How what is asked for differs from what there is. */
function differences(kind: ResourceKind, old: Stored<object, object>, news: Record<string, unknown>): Change[] {
  if (!kind.diff) return changesBetween(old.inputs as Record<string, unknown>, news);
  return kind.diff(old, withoutUnknowns(news) as object, unknownPaths(news).map(pathText));
}

/**
 * How what a refresh has found differs from what the state knew, for which Pulumi asks with the two exchanged: as if the found were to become
 * the known again. Nobody wants that, so it is refused for nothing: after a kill it may well be a way back that there is not.
 */
function found(kind: ResourceKind, old: Stored<object, object>, known: Record<string, unknown>): Change[] {
  try {
    return differences(kind, old, known);
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    return changesBetween(old.inputs as Record<string, unknown>, known);
  }
}

/** What changes a cluster is its owner's to do, and keeps others out of it. Before there is one, there is nobody to keep out. */
async function admitted<T>({ type }: ResourceKind, op: Operation, work: () => Promise<T>): Promise<T> {
  if (type.startsWith("dockyard:swarm:")) return op.leased(work);
  // A host says itself whose it is, and is asked when it answers; the managers may be about to boot.
  if (type !== "dockyard:hosts:Host") await op.assertOwned();
  return work();
}

type Answer<T> = grpc.sendUnaryData<T>;
type Call<T> = grpc.ServerUnaryCall<T, unknown>;
type ResourceRequest = { getUrn(): string; getType(): string };

/** Pulumi's provider protocol, mapped to resource kinds; nothing is decided here. */
export class ProviderServer {
  private session: Session | undefined;
  private readonly kinds: ReadonlyMap<string, ResourceKind>;
  private living = new LivingObjects();
  /** Resources, by URN, whose inputs the program has given in this run. */
  private readonly asked = new Set<string>();
  /** Nodes that the new list of nodes drains or removes, and the provider that it is of. */
  private goingDown: { readonly urn: string; readonly nodes: readonly string[] } = { urn: "", nodes: [] };

  constructor(
    kinds: readonly ResourceKind[],
    private log: EngineLog,
  ) {
    this.kinds = new Map(kinds.map((kind) => [kind.type, kind]));
  }

  /** The service as grpc-js takes it. Verbs that are missing answer "unimplemented" by themselves. */
  implementation(): grpc.UntypedServiceImplementation {
    const handle = <Q, A>(verb: (request: Q) => Promise<A> | A) =>
      ((call: Call<Q>, answer: Answer<A>) => {
        Promise.resolve()
          .then(() => verb(call.request))
          .then(
            (result) => answer(null, result),
            (error) => answer(wireError(error, inputsOf(call.request)), null),
          );
      }) as grpc.UntypedHandleCall;
    return {
      getPluginInfo: handle(() => pluginInfo()),
      getSchema: handle(() => this.getSchema()),
      attach: handle((request: { getAddress(): string }) => this.attach(request.getAddress())),
      checkConfig: handle((request: rpc.CheckRequest) => checkResponse(request, checkConfiguration(fromWire(request.getNews())))),
      diffConfig: handle((request: rpc.DiffRequest) => this.diffConfig(request)),
      configure: handle((request: rpc.ConfigureRequest) => this.configure(request)),
      check: handle((request: rpc.CheckRequest) => this.check(request)),
      diff: handle((request: rpc.DiffRequest) => this.diff(request)),
      create: handle((request: rpc.CreateRequest) => this.create(request)),
      read: handle((request: rpc.ReadRequest) => this.read(request)),
      update: handle((request: rpc.UpdateRequest) => this.update(request)),
      delete: handle((request: rpc.DeleteRequest) => this.delete(request)),
      cancel: handle(() => this.cancel()),
    };
  }

  private getSchema(): rpc.GetSchemaResponse {
    const response = new rpc.GetSchemaResponse();
    response.setSchema(JSON.stringify(packageSchema([...this.kinds.values()], VERSION)));
    return response;
  }

  private attach(address: string): Empty {
    this.log = address ? engineLog(address) : silentLog;
    return new Empty();
  }

  /** The list of nodes is no difference of the provider: what becomes of each node shows there. It tells the order of their steps. */
  private diffConfig(request: rpc.DiffRequest): rpc.DiffResponse {
    const { nodes: before, ...old } = fromWire(request.getOldInputs() ?? request.getOlds());
    const { nodes: after, ...wanted } = fromWire(request.getNews());
    const [from, to] = [plannedNodes({ nodes: before }), plannedNodes({ nodes: after })];
    const steps = foreseen(from, to);
    if (steps !== undefined) this.log.info(request.getUrn(), steps);
    this.goingDown = { urn: request.getUrn(), nodes: goingDown(from, to) };
    return diffResponse(changesBetween(old, wanted), false);
  }

  private async configure(request: rpc.ConfigureRequest): Promise<rpc.ConfigureResponse> {
    this.session?.close();
    this.session = new Session(parseConfiguration(fromWire(request.getArgs())), this.log);
    this.living = new LivingObjects();
    if (this.goingDown.nodes.length > 0) await warnOfInterruptions(this.session.operation(this.goingDown.urn), this.goingDown.nodes);
    const response = new rpc.ConfigureResponse();
    // Secrets come as plain values; the engine itself marks what it stores, input by input.
    response.setAcceptsecrets(false);
    response.setSupportspreview(true);
    response.setAcceptresources(false);
    response.setAcceptoutputs(false);
    return response;
  }

  private check(request: rpc.CheckRequest): rpc.CheckResponse {
    this.asked.add(request.getUrn());
    const kind = this.kind(request);
    const news = fromWire(request.getNews());
    if (!kind.decide) return checkResponse(request, checkInputs(kind, news));
    const decided = kind.decide(news, request.getOlds() && fromWire(request.getOlds()));
    // The others go back as they came: their secrets are marked.
    return checkResponse(request, checkInputs(kind, { ...news, ...decided })).setInputs(toWire({ ...request.getNews()?.toJavaScript(), ...decided }));
  }

  private async diff(request: rpc.DiffRequest): Promise<rpc.DiffResponse> {
    const kind = this.kind(request);
    const old: Stored<object, object> = { inputs: fromWire(request.getOldInputs()), outputs: fromWire(request.getOlds()) };
    const news = fromWire(request.getNews());
    if (!this.asked.has(request.getUrn())) return diffResponse(found(kind, old, news), false);
    const differing = differences(kind, old, news);
    const seen = kind.look && this.session ? await kind.look(this.operation(request), old) : [];
    const changes = [...differing, ...seen.filter(({ path }) => differing.every((change) => change.path !== path))];
    const effect = changes.length > 0 ? kind.explain?.(changes, withoutUnknowns(news) as object) : undefined;
    if (effect) this.log.info(request.getUrn(), effect);
    if (changes.length > 0 && this.session) await kind.foretell?.(this.operation(request), changes, old, withoutUnknowns(news) as object);
    if (changes.some(({ replace }) => replace)) this.living.leaves(request.getUrn());
    else this.living.keeps(request.getUrn(), kind.type, request.getId());
    return diffResponse(changes, kind.deleteBeforeReplace ?? false);
  }

  private async create(request: rpc.CreateRequest): Promise<rpc.CreateResponse> {
    const kind = this.kind(request);
    const response = new rpc.CreateResponse();
    if (request.getPreview()) {
      const unknown = Object.fromEntries(Object.keys(kind.outputs.shape).map((name) => [name, UNKNOWN]));
      response.setProperties(toWire({ ...unknown, ...repeated(kind, fromWire(request.getProperties())) }));
      return response;
    }
    const operation = this.operation(request);
    const { id, outputs } = await admitted(kind, operation, () => kind.create(operation, fromWire(request.getProperties())));
    this.living.keeps(request.getUrn(), kind.type, id);
    response.setId(id);
    response.setProperties(toWire(outputs));
    return response;
  }

  private async read(request: rpc.ReadRequest): Promise<rpc.ReadResponse> {
    const stored = { inputs: fromWire(request.getInputs()), outputs: fromWire(request.getProperties()) };
    const found = await this.kind(request).read(this.operation(request), request.getId(), stored);
    const response = new rpc.ReadResponse();
    if (found === undefined) return response; // an empty id says that it is gone
    response.setId(request.getId());
    response.setInputs(toWire(found.inputs));
    response.setProperties(toWire(found.outputs));
    return response;
  }

  private async update(request: rpc.UpdateRequest): Promise<rpc.UpdateResponse> {
    const kind = this.kind(request);
    const old = { inputs: fromWire(request.getOldInputs()), outputs: fromWire(request.getOlds()) };
    const response = new rpc.UpdateResponse();
    if (request.getPreview()) {
      response.setProperties(toWire({ ...old.outputs, ...repeated(kind, fromWire(request.getNews())) }));
      return response;
    }
    if (!kind.update) throw new Error(`${kind.type} cannot be changed in place; this is a defect of its diff`);
    const [operation, update] = [this.operation(request), kind.update.bind(kind)];
    const { outputs } = await admitted(kind, operation, () => update(operation, request.getId(), old, fromWire(request.getNews())));
    response.setProperties(toWire(outputs));
    return response;
  }

  private async delete(request: rpc.DeleteRequest): Promise<Empty> {
    const stored = { inputs: fromWire(request.getOldInputs()), outputs: fromWire(request.getProperties()) };
    const kind = this.kind(request);
    if (kind.takesOver && this.living.has(kind.type, request.getId())) return new Empty();
    const operation = this.operation(request);
    await admitted(kind, operation, () => kind.delete(operation, request.getId(), stored));
    return new Empty();
  }

  private cancel(): Empty {
    this.session?.cancel();
    return new Empty();
  }

  private kind(request: ResourceRequest): ResourceKind {
    const type = request.getType() || (request.getUrn().split("::").at(-2)?.split("$").at(-1) ?? "");
    const kind = this.kinds.get(type);
    if (!kind) throw new Error(`the dockyard provider has no resource type ${type}; it has ${[...this.kinds.keys()].join(", ")}`);
    return kind;
  }

  private operation(request: ResourceRequest) {
    if (!this.session) throw new Error("the dockyard provider was used before it was configured");
    return this.session.operation(request.getUrn());
  }
}

/** Inputs that come back as outputs of the same name: a preview knows what they will be. */
function repeated({ outputs }: ResourceKind, inputs: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.keys(outputs.shape).flatMap((name) => (name in inputs ? [[name, inputs[name]]] : [])));
}

function pluginInfo(): PluginInfo {
  const info = new PluginInfo();
  info.setVersion(VERSION);
  return info;
}

function inputsOf(request: unknown): object {
  if (request instanceof rpc.CreateRequest) return fromWire(request.getProperties());
  if (request instanceof rpc.UpdateRequest) return fromWire(request.getNews());
  return {};
}

function checkResponse(request: rpc.CheckRequest, failures: readonly CheckFailure[]): rpc.CheckResponse {
  const response = new rpc.CheckResponse();
  response.setInputs(request.getNews());
  response.setFailuresList(
    failures.map(({ property, reason }) => {
      const failure = new rpc.CheckFailure();
      failure.setProperty(property);
      failure.setReason(message(reason));
      return failure;
    }),
  );
  return response;
}

function diffResponse(changes: readonly Change[], deleteBeforeReplace: boolean): rpc.DiffResponse {
  const response = new rpc.DiffResponse();
  const { DIFF_SOME, DIFF_NONE } = rpc.DiffResponse.DiffChanges;
  response.setChanges(changes.length > 0 ? DIFF_SOME : DIFF_NONE);
  response.setHasdetaileddiff(true);
  for (const change of changes) {
    const detail = new rpc.PropertyDiff();
    detail.setKind(diffKind(change));
    detail.setInputdiff(true);
    response.getDetaileddiffMap().set(change.path, detail);
  }
  const replaces = changes.filter((change) => change.replace).map((change) => change.path);
  response.setReplacesList(replaces);
  response.setDeletebeforereplace(replaces.length > 0 && deleteBeforeReplace);
  response.setDiffsList(changes.map((change) => change.path));
  return response;
}

function diffKind({ kind, replace }: Change) {
  const { ADD, ADD_REPLACE, DELETE, DELETE_REPLACE, UPDATE, UPDATE_REPLACE } = rpc.PropertyDiff.Kind;
  return { add: replace ? ADD_REPLACE : ADD, delete: replace ? DELETE_REPLACE : DELETE, update: replace ? UPDATE_REPLACE : UPDATE }[kind];
}
