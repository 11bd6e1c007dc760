import { request } from 'node:https';
import { Writable } from 'node:stream';
import { text } from 'node:stream/consumers';
import type { Settings } from '../src/engine/review.ts';
import { selfSignedCertificate } from '../src/webhook/certificates.ts';
import { createLogger } from '../src/webhook/log.ts';
import { startServer } from '../src/webhook/server.ts';
import { admissionReview, type Change } from './admission-request.ts';

/** What the API server gets back. */
export interface Response {
  allowed: boolean;
  status?: { message: string; details?: { causes?: { reason: string; field: string }[] } };
  warnings?: string[];
  auditAnnotations?: Record<string, string>;
}

export interface Webhook {
  url: string;
  /** Sends what an API server would send of a change in an enforcing namespace. */
  ask(change: Change): Promise<Response>;
  stop(): Promise<void>;
}

/** The real webhook on loopback, with a certificate made for it and without a log. */
export async function startWebhook(settings: () => Settings): Promise<Webhook> {
  const tls = await selfSignedCertificate();
  const { url, stop } = await startServer({
    host: '127.0.0.1',
    port: 0,
    opsPort: 0,
    tls,
    settings,
    logger: createLogger(new Writable({ write: (_chunk, _encoding, done) => done() })),
    drain: { graceMs: 0, limitMs: 0 },
  });
  return {
    url,
    stop,
    ask: change => post(`${url}/validate/${routeOf(change)}`, tls.cert, admissionReview(change)),
  };
}

/** The webhook that asks about a change: Namespaces are deleted under their own label. */
function routeOf({ operation }: Change): 'enforce' | 'by-label' {
  return operation === 'DELETE' ? 'by-label' : 'enforce';
}

function post(url: string, ca: string, review: unknown): Promise<Response> {
  return new Promise((resolve, reject) => {
    const options = {
      method: 'POST',
      ca,
      agent: false as const,
      headers: { 'content-type': 'application/json' },
    };
    const sent = request(url, options, async response => {
      resolve((JSON.parse(await text(response)) as { response: Response }).response);
    });
    sent.on('error', reject).end(JSON.stringify(review));
  });
}
