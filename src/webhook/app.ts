import type { RequestListener } from 'node:http';
import express, { type Request, type Response } from 'express';
import { ROUTES } from './outcome.ts';
import { Refusal } from './refusal.ts';
import { refuse } from './respond.ts';
import { traceOf } from './trace.ts';
import { validate, type Webhook } from './validate.ts';

/**
 * `POST /validate/<route>`. Express routes and nothing else: an application of it, its body reader and its answers
 * would cost more than the judging.
 */
export function createApp(webhook: Webhook): RequestListener {
  const router = express.Router({ caseSensitive: true, strict: true });
  for (const route of ROUTES) {
    const path = `/validate/${route}`;
    router.post(path, (request, response) => validate(route, request, response, webhook));
    router.all(path, (request, response) => {
      refuse(request, response, new Refusal(405, 'only POST', { Allow: 'POST' }), webhook.draining);
    });
  }
  return (request, response) => {
    router(request as Request, response as Response, (error?: unknown) => {
      if (error) webhook.logger.error(traceOf(error), 'routing failed');
      const refusal = error ? new Refusal(500, 'premortem failed') : new Refusal(404, 'no such path');
      if (!response.headersSent) refuse(request, response, refusal, webhook.draining);
    });
  };
}
