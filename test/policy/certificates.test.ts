import { protectedAuthority, shortLivedCertificates } from "../../policy/rules/certificates";
import { labLabel } from "../../policy/rules/lab";
import type { StackResource } from "../../policy/rules/rule";
import { findings, resource } from "./support";

describe("a signed certificate", () => {
  const lives = (validityPeriodHours: number, earlyRenewalHours?: number, more = {}) => findings(shortLivedCertificates, { validityPeriodHours, earlyRenewalHours, ...more });

  it.each([[2160, 720], [24, 1], [2, 1]])("may live %i hours and be renewed %i hours before", (life, renewal) => expect(lives(life, renewal)).toEqual([]));
  it.each([[2161, 720], [24 * 365, 720]])("may not live %i hours", (life, renewal) => expect(lives(life, renewal)).toEqual([expect.stringContaining(`validityPeriodHours: ${life}`)]));
  it.each([undefined, 0, 24, 25])("that lives a day is not renewed in time or always: %j", (renewal) => expect(lives(24, renewal)).toEqual([expect.stringContaining("between 1 and 23")]));
  it("of an authority below the root may live longer", () => expect(lives(24 * 365 * 5, 0, { isCaCertificate: true })).toEqual([]));
});

describe("a root certificate", () => {
  const key = (name: string, protect: boolean) => resource("tls:index/privateKey:PrivateKey", name, { privateKeyPem: `pem of ${name}` }, { protect });
  const root = (protect: boolean, of = "ca-key", isCaCertificate = true) =>
    resource("tls:index/selfSignedCert:SelfSignedCert", "ca-root", { isCaCertificate, privateKeyPem: `pem of ${of}` }, { protect });
  const container = (label: string) => resource("docker:index/container:Container", "lab-m1", { labels: [{ label, value: "dev" }] });
  const open = (resources: readonly StackResource[], ...allowed: string[]) => [...protectedAuthority.checkAll(resources, allowed)].map((found) => found.split(" ")[0]);

  it("is protected, and so is its key", () => {
    expect(open([key("ca-key", true), root(true)])).toEqual([]);
    expect(open([key("ca-key", false), root(false)])).toEqual(["ca-root", "ca-key"]);
    expect(open([key("ca-key", false), root(true)])).toEqual(["ca-key"]);
  });
  it("asks nothing of other keys and certificates", () => expect(open([key("ca-key", true), key("web-key", false), root(true), root(false, "web-key", false)])).toEqual([]));
  it("of a laboratory goes with it; another container is none", () => {
    expect(open([key("ca-key", false), root(false), container("dockyard.stack")])).toEqual([]);
    expect(open([key("ca-key", false), root(false), container("other")])).toEqual(["ca-root", "ca-key"]);
  });
  it("may be excepted by name", () => expect(open([key("ca-key", false), root(false)], "ca-key", "ca-root")).toEqual([]));
  it("is told of even when its key cannot be known yet", () => {
    const unknown = { ...root(false), props: { isCaCertificate: true, get privateKeyPem(): string { throw new Error("not known yet"); } } };
    const told = protectedAuthority.checkAll([unknown], [])[Symbol.iterator]();
    expect(told.next().value).toContain("ca-root");
    expect(() => told.next()).toThrow("not known yet");
  });
});

describe("what stands on the local engine", () => {
  it("is labelled with its stack", () => expect(findings(labLabel, { labels: [{ label: "other", value: "x" }, { label: "dockyard.stack", value: "dev" }] })).toEqual([]));
  it.each([{}, { labels: [] }, { labels: [{ label: "other", value: "dev" }] }, { labels: [{ label: "dockyard.stack", value: "" }] }])("is told of without: %j", (props) =>
    expect(findings(labLabel, props)).toEqual([expect.stringContaining("dockyard.stack")]),
  );
});
