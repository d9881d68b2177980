// The command table, which help, completion and the manual page are made from. Of each command's file, only `declaration` is in the same
// part of the bundle as this table (scripts/command-declarations.mjs). The rest is loaded when the command runs.
import { declaration as cache } from "../commands/other/cache.ts";
import { declaration as complete } from "../commands/other/__complete.ts";
import { declaration as completion } from "../commands/other/completion.ts";
import { declaration as configure } from "../commands/set-up/configure.ts";
import { declaration as console } from "../commands/use/console.ts";
import { declaration as credentialProcess } from "../commands/use/credential-process.ts";
import { declaration as doctor } from "../commands/set-up/doctor.ts";
import { declaration as env } from "../commands/use/env.ts";
import { declaration as exec } from "../commands/use/exec.ts";
import { declaration as explain } from "../commands/look/explain.ts";
import { declaration as graph } from "../commands/look/graph.ts";
import { declaration as list } from "../commands/look/list.ts";
import { declaration as sandbox } from "../commands/services/sandbox.ts";
import { declaration as serve } from "../commands/services/serve.ts";
import { declaration as setup } from "../commands/set-up/setup.ts";
import { declaration as status } from "../commands/look/status.ts";
import { declaration as whoami } from "../commands/look/whoami.ts";
import { entry, type Entry } from "./entry.ts";

/** In the order of help, under the heading of each group. */
export const COMMANDS: readonly Entry[] = [
  entry(exec, () => import("../commands/use/exec.ts")),
  entry(env, () => import("../commands/use/env.ts")),
  entry(credentialProcess, () => import("../commands/use/credential-process.ts")),
  entry(list, () => import("../commands/look/list.ts")),
  entry(graph, () => import("../commands/look/graph.ts")),
  entry(explain, () => import("../commands/look/explain.ts")),
  entry(doctor, () => import("../commands/set-up/doctor.ts")),
  entry(whoami, () => import("../commands/look/whoami.ts")),
  entry(status, () => import("../commands/look/status.ts")),
  entry(serve, () => import("../commands/services/serve.ts")),
  entry(configure, () => import("../commands/set-up/configure.ts")),
  entry(setup, () => import("../commands/set-up/setup.ts")),
  entry(console, () => import("../commands/use/console.ts")),
  entry(cache, () => import("../commands/other/cache.ts")),
  entry(sandbox, () => import("../commands/services/sandbox.ts")),
  entry(completion, () => import("../commands/other/completion.ts")),
  entry(complete, async () => {
    const { answerFrom } = await import("../commands/other/__complete.ts");
    return { run: answerFrom(COMMANDS) };
  }),
];
