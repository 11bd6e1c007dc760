import { Agent, type RequestOptions, request } from 'node:https';
import { Writable } from 'node:stream';
import { text } from 'node:stream/consumers';
import type { Settings } from '../../src/engine/review.ts';
import { Namespace, Pod } from '../../src/kubernetes/kinds.ts';
import { defaultConfiguration } from '../../src/model/configuration.ts';
import { asWritten } from '../../src/model/query.ts';
import { type Rule, rule, type Severity } from '../../src/model/rule.ts';
import { emptyWorld } from '../../src/model/world.ts';
import { type Certificate, selfSignedCertificate } from '../../src/webhook/certificates.ts';
import { createLogger } from '../../src/webhook/log.ts';
import { type RunningServer, type ServerOptions, startServer } from '../../src/webhook/server.ts';
import { toyWords } from '../toy-incident.ts';

function painted(colour: string, severity: Severity): Rule {
  return rule({
    ...words(`painted-${colour}`, severity),
    kinds: [Pod, Namespace],
    operations: ['CREATE', 'UPDATE', 'DELETE'],
    *check({ object }) {
      if (object.metadata?.labels?.colour !== colour) return;
      const { name } = object.metadata;
      yield {
        path: ['metadata', 'labels', 'colour'],
        what: `${name} is ${colour}`,
        fix: () => 'colour: green',
      };
    },
  });
}

function words(id: string, severity: Severity) {
  return { ...toyWords, id, title: id, severity };
}

/** What the rule `breaks` throws, and what it stumbled over. */
export const CANARY = 'canary-7d3a91';

const breaks = rule({
  ...words('breaks', 'deny'),
  kinds: [Pod],
  // biome-ignore lint/correctness/useYield: it breaks before it says anything
  *check({ object }) {
    if (object.metadata?.labels?.breaks) throw new Error(`cannot read ${JSON.stringify(object)}`);
  },
});

const readsWritten = rule({
  ...words('reads-written', 'deny'),
  kinds: [Pod],
  needs: { written: asWritten },
  *check({ known }) {
    if ('colour' in known.written)
      yield { path: ['colour'], what: 'colour is dropped', fix: () => 'move it' };
  },
});

/** `painted-red` denies, `painted-amber` warns, `painted-white` notes, by the label `colour`. */
export const toyRules: readonly Rule[] = [
  painted('red', 'deny'),
  painted('amber', 'warn'),
  painted('white', 'note'),
  readsWritten,
  breaks,
];

/** For the process that judges large bodies, which loads them from this file. */
export { toyRules as rules };

export const toySettings: Settings = {
  rules: toyRules,
  world: emptyWorld,
  today: '2026-11-21',
  configuration: defaultConfiguration,
};

interface PodOptions {
  labels?: Record<string, string>;
  annotations?: Record<string, string>;
  more?: Record<string, unknown>;
}

export function pod({ labels = {}, annotations = {}, more = {} }: PodOptions = {}) {
  const metadata = { name: 'toy', namespace: 'shop', labels, annotations, ...more };
  return { apiVersion: 'v1', kind: 'Pod', metadata, spec: { containers: [] } };
}

export function namespace(labels: Record<string, string>) {
  return { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop', labels } };
}

/** The AdmissionReview of a CREATE, UPDATE or DELETE, by which of the two objects there are. */
export function reviewOf(object: object | null, oldObject: object | null = null, more: object = {}) {
  const { kind } = (object ?? oldObject) as { kind: string };
  const operation = object ? (oldObject ? 'UPDATE' : 'CREATE') : 'DELETE';
  const request = {
    uid: 'a5a5-toy',
    kind: { group: kind === 'Gadget' ? 'example.com' : '', version: 'v1', kind },
    name: 'toy',
    namespace: 'shop',
    operation,
    userInfo: { username: 'alice' },
    object,
    oldObject,
    options: { fieldValidation: 'Strict' },
    ...more,
  };
  return { apiVersion: 'admission.k8s.io/v1', kind: 'AdmissionReview', request };
}

export interface Answer {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  text: string;
}

export interface AdmissionAnswer {
  apiVersion: string;
  kind: string;
  response: {
    uid: string;
    allowed: boolean;
    status?: {
      code: number;
      reason: string;
      message: string;
      details: { causes: { reason: string; message: string; field: string }[] };
    };
    warnings?: string[];
    auditAnnotations?: Record<string, string>;
  };
}

export interface ToyServer extends RunningServer {
  certificate: Certificate;
  /** What has been logged so far, as text. */
  log(): string;
  /** Sends anything anywhere and gives the answer, whatever it is. */
  send(path: string, body: string | Buffer, options?: RequestOptions): Promise<Answer>;
  /** Sends an AdmissionReview as the API server does. */
  ask(route: string, review: object): Promise<AdmissionAnswer['response']>;
  metrics(): Promise<string>;
}

const JSON_BODY = { 'content-type': 'application/json' };
let certificate: Promise<Certificate> | undefined;

/** A server with the toy rules on loopback; `stop` ends it at once. */
export async function startToyServer(options: Partial<ServerOptions> = {}): Promise<ToyServer> {
  certificate ??= selfSignedCertificate();
  const tls = await certificate;
  const log = new LogText();
  const server = await startServer({
    host: '127.0.0.1',
    port: 0,
    opsPort: 0,
    tls,
    settings: () => toySettings,
    rulesUrl: new URL(import.meta.url),
    logger: createLogger(log, 'debug'),
    drain: { graceMs: 0, limitMs: 0 },
    ...options,
  });
  const agent = new Agent({ keepAlive: true });
  const send: ToyServer['send'] = (path, body, sending = {}) =>
    exchange(`${server.url}${path}`, body, { agent, ca: tls.cert, headers: JSON_BODY, ...sending });
  return {
    ...server,
    certificate: tls,
    log: () => log.text,
    send,
    async ask(route, review) {
      const { status, text } = await send(`/validate/${route}?timeout=3s`, JSON.stringify(review));
      if (status !== 200) throw new Error(`answered ${status}: ${text}`);
      return (JSON.parse(text) as AdmissionAnswer).response;
    },
    metrics: async () => (await fetch(`${server.opsUrl}/metrics`)).text(),
    stop() {
      agent.destroy();
      return server.stop();
    },
  };
}

export class LogText extends Writable {
  text = '';

  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    this.text += chunk;
    done();
  }
}

/** One request and its answer. */
export function exchange(url: string, body: string | Buffer, options: RequestOptions): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const length = { 'content-length': Buffer.byteLength(body) };
    const outgoing = request(url, {
      method: 'POST',
      ...options,
      headers: { ...length, ...(options.headers as object) },
    });
    outgoing.on('error', reject);
    outgoing.on('response', async response => {
      const { statusCode: status = 0, headers } = response;
      resolve({ status, headers, text: await text(response) });
    });
    outgoing.end(body);
  });
}
