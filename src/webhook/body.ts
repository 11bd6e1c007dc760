import type { IncomingMessage } from 'node:http';
import type { ByteBudget } from './byte-budget.ts';
import { askElsewhere, Refusal } from './refusal.ts';

/**
 * The largest AdmissionReview is about 27 MiB: an object of 3 MiB and its predecessor, both with every character
 * escaped to six bytes (k8s apiserver/pkg/server/config.go).
 */
export const MOST_BYTES = 32 * 1024 * 1024;
/** Bodies up to this size are read at once, whatever else is under way. */
const SMALL = 16 * 1024;
/** Bodies from this size on are judged by the lane, where they may have to wait for long. */
export const LARGE = 512 * 1024;

export interface Body {
  readonly bytes: Buffer;
  /** Gives its room in the budget back, once it has been judged. */
  free(): void;
}

export interface BodyLimits {
  budget: ByteBudget;
  /** For large bodies, so that the others need not wait for these. */
  largeBudget: ByteBudget;
  /** From the headers to the last byte, in milliseconds. */
  deadlineMs: number;
}

/** Reads a body that says it is JSON. Throws a {@link Refusal} where it does not, is too large or too slow. */
export async function readBody(request: IncomingMessage, limits: BodyLimits): Promise<Body> {
  return receive(request, declaredLength(request), limits);
}

function declaredLength({ headers }: IncomingMessage): number {
  if (!isJson(headers['content-type'] ?? '')) throw new Refusal(415, 'send application/json in UTF-8');
  if ((headers['content-encoding'] ?? 'identity') !== 'identity')
    throw new Refusal(415, 'send the body without compression');
  // Node has checked that it is a number (RFC 9110, 8.6).
  const length = headers['content-length'];
  if (length === undefined) throw new Refusal(411, 'send a Content-Length');
  if (Number(length) > MOST_BYTES) throw new Refusal(413, 'the body is larger than 32 MiB');
  return Number(length);
}

function isJson(contentType: string): boolean {
  return (
    contentType === 'application/json' ||
    /^application\/json\s*(;\s*charset\s*=\s*("utf-8"|utf-8)\s*)?$/i.test(contentType)
  );
}

/** Waits for room in the budget by leaving the body in its socket. */
function receive(request: IncomingMessage, length: number, limits: BodyLimits): Promise<Body> {
  return new Promise((resolve, reject) => {
    let body: Buffer | undefined;
    let received = 0;
    let reading = false;
    let settled = false;
    let handedOver = false;

    const settle = () => {
      settled = true;
      clearTimeout(timer);
    };
    const fail = (refusal: Refusal) => {
      settle();
      body = undefined;
      reject(refusal);
    };
    const start = () => {
      reading = true;
      request.on('data', (chunk: Buffer) => {
        if (settled) return;
        if (chunk.length === length) {
          body = chunk;
          return;
        }
        body ??= Buffer.allocUnsafe(length);
        received += chunk.copy(body, received);
      });
      request.on('end', () => {
        if (settled) return;
        settle();
        handedOver = true;
        resolve({ bytes: body ?? Buffer.alloc(0), free: () => release?.() });
      });
    };

    const timer = setTimeout(() => {
      fail(queued ? tooMany() : tooSlow());
      // What is being read gives its room back when its connection is closed: otherwise each in the queue would
      // start just before its own time is over.
      if (!reading) release?.();
    }, limits.deadlineMs);
    request.on('close', () => {
      if (handedOver) return;
      if (!settled) fail(new Refusal(400, 'the body breaks off'));
      release?.();
    });
    const budget = length >= LARGE ? limits.largeBudget : limits.budget;
    const release = length > SMALL ? budget.claim(length, start) : start();
    const queued = !reading;
  });
}

function tooSlow(): Refusal {
  return new Refusal(408, 'the body takes too long');
}

function tooMany(): Refusal {
  return askElsewhere('too many large bodies at once');
}
