// One project per level of realism; the file's suffix says which one it belongs to.
const project = (displayName, testMatch, extra = {}) => ({
  displayName,
  testMatch,
  testEnvironment: "node",
  // The encryption library and what it needs are ES modules only, which jest cannot load as they are.
  transformIgnorePatterns: ["/node_modules/(?!(age-encryption|@noble|@scure)/)"],
  transform: { "(\\.ts|/node_modules/(age-encryption|@noble|@scure)/.+\\.js)$": ["@swc/jest", { jsc: { parser: { syntax: "typescript" }, target: "es2022" }, module: { type: "commonjs" } }] },
  ...extra,
});

/** @type {import("jest").Config} */
module.exports = {
  // Jest leaves one core idle by default; on two cores that is half of the machine.
  maxWorkers: "100%",
  projects: [
    // Pure code: no Pulumi, no network.
    project("unit", ["<rootDir>/test/**/*.test.ts"], {
      testPathIgnorePatterns: ["/node_modules/", "\\.(component|provider|aws|e2e)\\.test\\.ts$"],
    }),
    // Components under strict Pulumi mocks.
    project("component", ["<rootDir>/test/**/*.component.test.ts"]),
    // The provider over gRPC against real lab hosts.
    project("provider", ["<rootDir>/test/**/*.provider.test.ts"]),
    // The real AWS provider against a local AWS API; cloud-init on a real host.
    project("aws", ["<rootDir>/test/aws/**/*.aws.test.ts"]),
    // The real CLI, real hosts, real bundles.
    project("e2e", ["<rootDir>/test/e2e/**/*.e2e.test.ts"]),
  ],
};
