import { setTimeout as wait } from 'node:timers/promises';
import { freshAuthority } from '../../../src/webhook/authority/succession.ts';
import { makeServing, serviceNames } from '../../../src/webhook/authority/x509.ts';
import type { Certificate } from '../../../src/webhook/certificates.ts';
import { pod, reviewOf, type ToyServer } from '../toy.ts';

const SWAP_MS = 100;
const CLIENTS = 8;

export interface Swaps {
  swaps: number;
  requests: number;
  /** How each request ended that got no answer. */
  lost: string[];
}

/**
 * Swaps the certificate of a server every 100 ms, between two authorities of which the clients believe both, while
 * eight clients ask, each request with a handshake of its own.
 */
export async function swapUnderLoad(server: ToyServer, ms: number): Promise<Swaps> {
  const now = new Date();
  const validity = { from: new Date(now.getTime() - 3_600_000), until: new Date(now.getTime() + 3_600_000) };
  const authorities = [await freshAuthority(now), await freshAuthority(now)];
  const ca = authorities.map(({ cert }) => cert);
  const names = serviceNames('premortem');
  const certificates: Certificate[] = [];
  for (let i = 0; i < 10; i++)
    for (const authority of authorities) certificates.push(await makeServing(authority, names, validity));

  const result: Swaps = { swaps: 0, requests: 0, lost: [] };
  const end = performance.now() + ms;
  const swap = async () => {
    while (performance.now() < end) {
      await wait(SWAP_MS);
      const next = certificates[++result.swaps % certificates.length];
      if (next) server.useCertificate(next);
    }
  };
  const review = JSON.stringify(reviewOf(pod()));
  const ask = async () => {
    while (performance.now() < end) {
      result.requests++;
      try {
        const connection = { agent: false, ca, servername: names[0] } as const;
        const { status } = await server.send('/validate/enforce', review, { ...connection });
        if (status !== 200) result.lost.push(`HTTP ${status}`);
      } catch (error) {
        result.lost.push(String(error));
      }
    }
  };
  server.useCertificate(certificates[0] as Certificate);
  await Promise.all([swap(), ...Array.from({ length: CLIENTS }, ask)]);
  return result;
}
