import { once } from 'node:events';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import { makeCertificates } from '../../certs/authority.ts';
import type { ReviewBody } from './capture.ts';

/** A webhook that allows everything and keeps what it was sent. */
export class Recorder {
  readonly reviews: ReviewBody[] = [];
  readonly #server = createServer((request, response) => {
    json(request)
      .then(body => {
        const review = body as ReviewBody;
        this.reviews.push(review);
        const { apiVersion, kind } = review;
        response.setHeader('content-type', 'application/json');
        response.end(
          JSON.stringify({ apiVersion, kind, response: { uid: review.request.uid, allowed: true } }),
        );
      })
      .catch(() => response.destroy());
  });

  /** What a webhook configuration must say of it. */
  async start(): Promise<{ url: string; caBundle: string }> {
    const { authority, serving, servingKey } = await makeCertificates(['localhost']);
    this.#server.setSecureContext({ cert: serving, key: servingKey });
    await once(this.#server.listen(0, '127.0.0.1'), 'listening');
    const { port } = this.#server.address() as AddressInfo;
    return { url: `https://localhost:${port}`, caBundle: Buffer.from(authority).toString('base64') };
  }

  async stop(): Promise<void> {
    this.#server.close();
    this.#server.closeAllConnections();
    if (this.#server.listening) await once(this.#server, 'close');
  }
}
