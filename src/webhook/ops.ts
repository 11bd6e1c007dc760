import type { ServerResponse } from 'node:http';
import express, { type Express } from 'express';
import type { Registry } from 'prom-client';

export interface OpsSource {
  /** Undefined when it is. */
  whyNotReady(): string | undefined;
  /** Called before metrics are read, to bring those up to date that tell a state. */
  beforeMetrics(): void;
}

/** What the kubelet and Prometheus ask, in plain HTTP: `/healthz`, `/readyz` and `/metrics`. */
export function createOpsApp(registry: Registry, { whyNotReady, beforeMetrics }: OpsSource): Express {
  const app = express();
  app.disable('x-powered-by').set('env', 'production');
  app.get('/healthz', (_request, response) => send(response, 200, 'ok\n'));
  app.get('/readyz', (_request, response) => {
    const reason = whyNotReady();
    if (reason === undefined) send(response, 200, 'ok\n');
    else send(response, 503, `${reason}\n`);
  });
  app.get('/metrics', async (_request, response) => {
    beforeMetrics();
    send(response, 200, await registry.metrics(), registry.contentType);
  });
  app.use((_request, response) => send(response, 404, 'no such path\n'));
  return app;
}

function send(
  response: ServerResponse,
  status: number,
  text: string,
  type = 'text/plain; charset=utf-8',
): void {
  response.writeHead(status, { 'Content-Type': type, 'Content-Length': Buffer.byteLength(text) });
  response.end(text);
}
