import { ROOT, pulumiEnvironment, stackPaths } from "../../cli/environment";
import { kinds } from "../../provider/kinds";
import { capture } from "../../toolchain/process";
import { requireSetup } from "./support/machine";

jest.setTimeout(600_000);

interface Property {
  readonly type?: string;
  readonly $ref?: string;
  readonly oneOf?: readonly Property[];
  readonly items?: Property;
  readonly additionalProperties?: Property;
  readonly description?: string;
  readonly secret?: boolean;
}

interface Resource {
  readonly description?: string;
  readonly inputProperties?: Readonly<Record<string, Property>>;
  readonly requiredInputs?: readonly string[];
  readonly properties?: Readonly<Record<string, Property>>;
}

interface Schema {
  readonly name: string;
  readonly version: string;
  readonly resources: Readonly<Record<string, Resource>>;
  readonly types: Readonly<Record<string, { readonly properties?: Readonly<Record<string, Property>> }>>;
  readonly provider: Resource;
}

describe("pulumi package get-schema", () => {
  let schema: Schema;

  beforeAll(async () => {
    await requireSetup();
    const env = await pulumiEnvironment(stackPaths("e2e-schema"));
    const { code, stdout, stderr } = await capture("pulumi", ["package", "get-schema", "./provider/pulumi-resource-dockyard"], { cwd: ROOT, env });
    expect({ code, stderr }).toMatchObject({ code: 0 });
    schema = JSON.parse(stdout) as Schema;
  });

  it("answers with every resource of the provider, each described", () => {
    expect(schema.name).toBe("dockyard");
    expect(Object.keys(schema.resources).sort()).toEqual(kinds.map(({ type }) => type).sort());
    expect(Object.entries(schema.resources).filter(([, { description }]) => !description)).toEqual([]);
  });

  it("says of every input what it means", () => {
    const silent = Object.entries(schema.resources).flatMap(([type, { inputProperties = {} }]) =>
      Object.entries(inputProperties).flatMap(([name, { description }]) => (description ? [] : [`${type}.${name}`])),
    );
    expect(silent).toEqual([]);
  });

  it("requires only inputs that there are", () => {
    for (const { inputProperties = {}, requiredInputs = [] } of Object.values(schema.resources)) {
      expect(Object.keys(inputProperties)).toEqual(expect.arrayContaining([...requiredInputs]));
    }
  });

  it("has every type that it refers to", () => {
    const owners = [...Object.values(schema.resources).flatMap(({ inputProperties, properties }) => [inputProperties, properties]), ...Object.values(schema.types).map(({ properties }) => properties)];
    const references = new Set(owners.flatMap((properties) => Object.values(properties ?? {}).flatMap(referencesOf)));
    expect(references.size).toBeGreaterThan(10);
    const missing = [...references].filter((reference) => reference.startsWith("#/types/") && !(decodeURIComponent(reference.slice("#/types/".length)) in schema.types));
    expect(missing).toEqual([]);
  });

  it("marks as secret what is secret", () => {
    expect(schema.resources["dockyard:swarm:Secret"]?.inputProperties?.data?.secret).toBe(true);
    expect(schema.provider.inputProperties?.privateKey?.secret).toBe(true);
    expect(schema.provider.inputProperties?.registries?.secret).toBe(true);
  });
});

function referencesOf({ $ref, oneOf = [], items, additionalProperties }: Property): string[] {
  return [...($ref ? [$ref] : []), ...[...oneOf, ...(items ? [items] : []), ...(additionalProperties ? [additionalProperties] : [])].flatMap(referencesOf)];
}
