// Loaded into a gateway before its own code (--import): records a CPU profile from SIGUSR2 to its end, into the file
// named by the environment. Start and warm-up would be half of what `--cpu-prof` sees.
import { writeFileSync } from "node:fs";
import { Session } from "node:inspector";

const INTERVAL_US = 200;

process.once("SIGUSR2", () => {
  const session = new Session();
  session.connect();
  session.post("Profiler.enable");
  session.post("Profiler.setSamplingInterval", { interval: INTERVAL_US });
  session.post("Profiler.start");
  process.once("exit", () => {
    // A session of one's own thread answers at once.
    session.post("Profiler.stop", (_error, { profile }) => {
      writeFileSync(process.env["BENCH_PROFILE"] ?? "profile.cpuprofile", JSON.stringify(profile));
    });
  });
});
