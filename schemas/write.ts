import { writeFileSync } from "node:fs";
import { SETTINGS_SCHEMA, settingsJsonSchema } from "./settings";

// npm run schemas
writeFileSync(SETTINGS_SCHEMA, settingsJsonSchema());
