// Three tasks: one is done, one fails for good, one ends with a business error.
import { BasicAuthInterceptor, Client, Variables } from "camunda-external-task-client-js";

const [url, token] = process.argv.slice(2);
const interceptors = new BasicAuthInterceptor({ username: "client-everything", password: token });
const client = new Client({ baseUrl: url, interceptors, workerId: "js", interval: 20, maxTasks: 3 });
const seen = {};
let done = 0;

async function weigh({ task, taskService }) {
  const kind = task.variables.get("kind");
  if (kind === "good") {
    seen.good = task.variables.get("list");
    const results = new Variables();
    results.set("weight", 7);
    results.setTyped("when", { type: "date", value: new Date(0), valueInfo: {} });
    results.set("parts", [{ n: 1.5 }]);
    await taskService.extendLock(task, 60_000);
    await taskService.complete(task, results);
  } else if (kind === "bad") {
    await taskService.handleFailure(task, { errorMessage: "broken", retries: 0, retryTimeout: 0 });
    seen.bad = true;
  } else {
    await taskService.handleBpmnError(task, "too_heavy", "too heavy");
    seen.heavy = true;
  }
  done += 1;
  if (done === 3) {
    client.stop();
    process.stdout.write(JSON.stringify(seen));
  }
}

client.on("complete:error", (_, error) => fail(error));
client.on("handleFailure:error", (_, error) => fail(error));
client.on("handleBpmnError:error", (_, error) => fail(error));
client.on("extendLock:error", (_, error) => fail(error));
client.on("poll:error", (error) => fail(error));
client.subscribe("weigh", { lockDuration: 30_000 }, weigh);

function fail(error) {
  process.stderr.write(String(error));
  process.exit(1);
}
