// The client, in a process of its own so that it can have a core of its own. Latencies in milliseconds.
import { readFileSync } from 'node:fs';
import { Agent, request } from 'node:https';

const [url, bodyFile, connections, seconds] = process.argv.slice(2);
const body = readFileSync(bodyFile);
const agent = new Agent({ keepAlive: true, maxSockets: Number(connections), rejectUnauthorized: false });
const headers = { 'content-type': 'application/json', 'content-length': body.length };
const latencies = [];
const counts = { errors: 0, non2xx: 0 };
const end = performance.now() + Number(seconds) * 1000;

await Promise.all(Array.from({ length: Number(connections) }, askUntilTheEnd));
latencies.sort((a, b) => a - b);
const total = latencies.length;
console.log(
  JSON.stringify({
    requests: { average: total / Number(seconds), total },
    latency: { p50: latencies[Math.floor(total * 0.5)], p99: latencies[Math.floor(total * 0.99)] },
    ...counts,
  }),
);
agent.destroy();

async function askUntilTheEnd() {
  while (performance.now() < end) await ask().catch(() => counts.errors++);
}

function ask() {
  const started = performance.now();
  return new Promise((resolve, reject) => {
    const sent = request(url, { method: 'POST', agent, headers }, response => {
      if (response.statusCode !== 200) counts.non2xx++;
      response.on('end', () => resolve(latencies.push(performance.now() - started)));
      response.resume();
    });
    sent.on('error', reject);
    sent.end(body);
  });
}
