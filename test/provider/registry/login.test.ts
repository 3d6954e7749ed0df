import { trustOf } from "../../../provider/registry/login";

// Messages of engine 26.1.5, as the API gave them.
test.each<[string, number | undefined, string, boolean | undefined]>([
  ["another CA", 500, 'Get "https://r:5000/v2/": tls: failed to verify certificate: x509: certificate signed by unknown authority', false],
  ["a certificate that has ended", 500, 'Get "https://r:5000/v2/": tls: failed to verify certificate: x509: certificate has expired or is not yet valid', false],
  ["a wrong password", 401, 'Get "https://r:5000/v2/": unauthorized: authentication required', true],
  ["nobody there", 500, 'Get "https://r:5000/v2/": dial tcp 10.0.0.1:5000: connect: connection refused', undefined],
  ["no name", 500, 'Get "https://r:5000/v2/": dial tcp: lookup r: no such host', undefined],
  ["no engine", undefined, "10.0.0.1: the engine does not answer", undefined],
])("%s: whether the registry's certificate is trusted", (_what, status, message, trusted) => expect(trustOf(status, message)).toBe(trusted));
