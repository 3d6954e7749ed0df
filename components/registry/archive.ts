import { archiveLabels } from "../images/archive";
import { ConfigurationError } from "../config";
import { ROLES_LABEL } from "./config";

/**
 * Holds the registry's archive against what the platform asks of it. Anybody's registry would not start with the platform's
 * configuration; with a configuration that it knew, every host could push.
 * @throws ConfigurationError when the image is another one, Error when the file cannot be read
 */
export function refuseOtherRegistries(archive: string): void {
  if (archiveLabels(archive)[ROLES_LABEL] === "1") return;
  const says = `found ${JSON.stringify(archive)}, a registry that does not know users who only pull (no label ${ROLES_LABEL}); take the key out, and have the platform's own made with: ./dockyard images`;
  throw new ConfigurationError([{ path: ["registry", "archive"], says }]);
}
