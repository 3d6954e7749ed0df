/* eslint-disable @typescript-eslint/no-require-imports -- the CLI loads a pack by require */
// The CLI's own way to translate TypeScript checks the types of everything first, which takes longer than a preview.
require("tsx/cjs");
require("./index.ts");
