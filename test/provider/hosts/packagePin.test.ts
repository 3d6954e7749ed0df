import { matchesPin, packagesToInstall, parseOffers } from "../../../provider/hosts/packagePin";

const MADISON = ` docker.io | 26.1.5+dfsg1-9+b9 | http://mirror.example/debian trixie/main amd64 Packages
 docker.io | 26.1.4+dfsg1-1 | http://mirror.example/debian trixie/main amd64 Packages
 docker.io | 26.1.5+dfsg1-9 | http://mirror.example/debian trixie/main Sources
docker-cli | 26.1.5+dfsg1-9+b9 | http://mirror.example/debian trixie/main amd64 Packages
docker-cli | 26.1.4+dfsg1-1 | http://mirror.example/debian trixie/main amd64 Packages
`;

describe("a pinned version", () => {
  test.each([
    ["26.1.5+dfsg1-9+b9", "26.1.5", true],
    ["26.1.5+dfsg1-9+b9", "26.1", true],
    ["26.1.5+dfsg1-9+b9", "26.1.5+dfsg1-9+b9", true],
    ["26.1.5+dfsg1-9+b9", "26.1.5+dfsg1-9", false],
    ["26.1.5+dfsg1-9+b9", "26.1.5+dfsg1", false],
    ["26.1.50-1", "26.1.5", false],
    ["26.10.0", "26.1", false],
    ["5:27.5.1-1~debian.12~bookworm", "27.5", true],
    ["5:27.5.1-1~debian.12~bookworm", "5:27.5.1", true],
    ["5:27.5.1-1~debian.12~bookworm", "5", false],
  ])("%s for %s: %s", (version, pin, fits) => expect(matchesPin(version, pin)).toBe(fits));
});

describe("packages to install", () => {
  const offers = parseOffers(MADISON);

  test("offers are read without sources", () => expect(offers.map((offer) => offer.version)).toEqual(["26.1.5+dfsg1-9+b9", "26.1.4+dfsg1-1", "26.1.5+dfsg1-9+b9", "26.1.4+dfsg1-1"]));
  test("no pin: the best that apt has", () => expect(packagesToInstall("distribution", undefined, offers)).toEqual(["docker.io", "docker-cli"]));
  test("a pin holds for engine and client", () =>
    expect(packagesToInstall("distribution", "26.1.4", offers)).toEqual(["docker.io=26.1.4+dfsg1-1", "docker-cli=26.1.4+dfsg1-1"]));
  test("no package of its own for the client (Debian 12)", () =>
    expect(packagesToInstall("distribution", undefined, [{ package: "docker.io", version: "20.10.24+dfsg1-1" }])).toEqual(["docker.io"]));
  test("Docker's containerd has versions of its own", () =>
    expect(
      packagesToInstall("docker", "27.5", [
        { package: "docker-ce", version: "5:28.0.0-1~debian.12~bookworm" },
        { package: "docker-ce", version: "5:27.5.1-1~debian.12~bookworm" },
        { package: "docker-ce-cli", version: "5:27.5.1-1~debian.12~bookworm" },
        { package: "containerd.io", version: "1.7.25-1" },
      ]),
    ).toEqual(["docker-ce=5:27.5.1-1~debian.12~bookworm", "docker-ce-cli=5:27.5.1-1~debian.12~bookworm", "containerd.io"]));
  test("a version that nobody offers is told with those that are", () =>
    expect(() => packagesToInstall("distribution", "20.10", offers)).toThrow("no package docker.io of version 20.10 is offered; there is 26.1.5+dfsg1-9+b9, 26.1.4+dfsg1-1"));
  test("a source without the engine is told", () => expect(() => packagesToInstall("docker", undefined, offers)).toThrow("no package docker-ce is offered"));
});
