/** A request that cannot be answered with a verdict. Its text is ours alone and never quotes the request. */
export class Refusal extends Error {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;

  constructor(status: number, text: string, headers: Readonly<Record<string, string>> = {}) {
    super(text);
    this.status = status;
    this.headers = headers;
  }
}

/**
 * Sends the API server to another replica, after a wait that has left little of its time: it asks again within that
 * time, at once when told so (k8s client-go/rest/with_retry.go), but the connection that it has would lead here again.
 */
export function askElsewhere(text: string): Refusal {
  return new Refusal(503, text, { 'Retry-After': '0', Connection: 'close' });
}
