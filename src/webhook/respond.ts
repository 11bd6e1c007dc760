import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Refusal } from './refusal.ts';

/** How long a sender whose body was not read may take to see the answer, in milliseconds. */
const LINGER_MS = 500;

/** Sends a JSON text. `last`: the connection ends with it. */
export function respond(response: ServerResponse, json: string, last: boolean): void {
  response.writeHead(200, {
    'Content-Type': 'application/json',
    'Content-Length': Buffer.byteLength(json),
    ...(last && { Connection: 'close' }),
  });
  response.end(json);
}

/** Sends a refusal as one line of text. Where the body was not read, the connection ends with it. */
export function refuse(
  request: IncomingMessage,
  response: ServerResponse,
  { status, message, headers }: Refusal,
  last: boolean,
): void {
  const text = `${message}\n`;
  const unread = !request.complete && hasBody(request);
  response.writeHead(status, {
    'Content-Type': 'text/plain; charset=utf-8',
    'Content-Length': Buffer.byteLength(text),
    ...headers,
    ...((last || unread) && { Connection: 'close' }),
  });
  if (!unread) {
    response.end(text);
    return;
  }
  // To close now would reset the connection while the sender still writes, and it would never see the answer; to
  // read on would fill the memory with what is not wanted.
  request.pause();
  response.write(text);
  setTimeout(() => response.destroy(), LINGER_MS);
}

function hasBody({ headers }: IncomingMessage): boolean {
  return headers['transfer-encoding'] !== undefined || (headers['content-length'] ?? '0') !== '0';
}
