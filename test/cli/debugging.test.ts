import { debuggingWarning } from "../../cli/debugging";

test.each([
  ["PULUMI_OPTION_VERBOSE", "9"], ["PULUMI_OPTION_VERBOSE", "4"], ["PULUMI_OPTION_VERBOSE", "11"], ["PULUMI_OPTION_TRACING", "file:./trace"], ["PULUMI_DEBUG_GRPC", "grpc.json"],
  ["PULUMI_OPTION_SHOW_SECRETS", "true"], ["PULUMI_OPTION_SHOW_SECRETS", "1"], ["TF_LOG", "TRACE"], ["TF_LOG", "debug"], ["TF_LOG_PROVIDER", "JSON"],
  ["DEBUG", "*"], ["DEBUG", "modem"], ["DEBUG", "a,modem*"], ["DEBUG", "http modem"],
])("%s=%s is warned of by name", (name, value) => {
  expect(debuggingWarning({ [name]: value })).toMatch(new RegExp(`^warning: ${name} makes Pulumi log secrets in the clear`));
});

test.each([
  ["PULUMI_OPTION_VERBOSE", "3"], ["PULUMI_OPTION_VERBOSE", ""], ["PULUMI_OPTION_TRACING", ""], ["PULUMI_OPTION_SHOW_SECRETS", "false"], ["TF_LOG", "ERROR"], ["DEBUG", "express"], ["DEBUG", "modems"], ["PULUMI_SKIP_UPDATE_CHECK", "true"],
])("%s=%s is not", (name, value) => expect(debuggingWarning({ [name]: value })).toBeUndefined());

test("several are one warning, which repeats no value", () => {
  expect(debuggingWarning({ PULUMI_OPTION_VERBOSE: "9", PULUMI_DEBUG_GRPC: "SECRET-PLACE" })).toMatch(/^warning: PULUMI_OPTION_VERBOSE and PULUMI_DEBUG_GRPC make /);
  expect(debuggingWarning({ PULUMI_DEBUG_GRPC: "SECRET-PLACE" })).not.toContain("SECRET-PLACE");
});
