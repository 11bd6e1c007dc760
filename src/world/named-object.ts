import type { ApiConversation, Reply } from './api-conversation.ts';
import { problemOf } from './api-server.ts';

/** Longer than any of these requests should take: the API server answers them from etcd. */
const ANSWER_MS = 5_000;

/** What the API server has sent. */
export interface Seen {
  /** Undefined where there is none of that name. */
  object: unknown;
  /** What the API server's clock showed, if it told. */
  date: Date | undefined;
}

/** Why the API server did not do as it was asked, in words that quote nothing of an answer. */
export class ApiProblem extends Error {}

/** Somebody else has changed the object meanwhile. */
export class Conflict extends ApiProblem {}

/** One object of a cluster, by its name. Every method throws {@link ApiProblem}, those that change it {@link Conflict}. */
export class NamedObject {
  readonly #conversation: ApiConversation;
  /** Where it is, without its name: `/api/v1/namespaces/shop/secrets` */
  readonly #collection: string;
  readonly #name: string;
  readonly #answerMs: number;

  constructor(conversation: ApiConversation, collection: string, name: string, answerMs = ANSWER_MS) {
    this.#conversation = conversation;
    this.#collection = collection;
    this.#name = name;
    this.#answerMs = answerMs;
  }

  /** As it is in etcd at this moment. */
  async get(): Promise<Seen> {
    const signal = AbortSignal.timeout(this.#answerMs);
    const reply = await this.#answer(this.#conversation.get(`${this.#collection}/${this.#name}`, signal));
    return reply.status === 404 ? { object: undefined, date: reply.date } : this.#seen(reply, 'get');
  }

  /** A conflict if it is there already. */
  create(object: object): Promise<Seen> {
    return this.#change('create', 'POST', this.#collection, 'application/json', object);
  }

  /** A conflict if it is no longer of the `resourceVersion` that the new one has. */
  replace(object: object): Promise<Seen> {
    const path = `${this.#collection}/${this.#name}`;
    return this.#change('update', 'PUT', path, 'application/json', object);
  }

  /** By a JSON Patch (RFC 6902). A conflict if one of its tests fails. */
  patch(steps: readonly object[]): Promise<Seen> {
    const path = `${this.#collection}/${this.#name}`;
    return this.#change('patch', 'PATCH', path, 'application/json-patch+json', steps);
  }

  async #change(
    verb: string,
    method: 'POST' | 'PUT' | 'PATCH',
    path: string,
    contentType: string,
    body: object,
  ): Promise<Seen> {
    const signal = AbortSignal.timeout(this.#answerMs);
    const change = { method, pathAndQuery: `${path}?fieldManager=premortem`, contentType };
    return this.#seen(
      await this.#answer(this.#conversation.change({ ...change, body: JSON.stringify(body) }, signal)),
      verb,
    );
  }

  async #answer(reply: Promise<Reply>): Promise<Reply> {
    try {
      return await reply;
    } catch (error) {
      throw new ApiProblem(`the API server cannot be reached: ${problemOf(error)}`);
    }
  }

  #seen({ status, json, date }: Reply, verb: string): Seen {
    const what = `${verb} ${this.#collection.slice(this.#collection.lastIndexOf('/') + 1)}/${this.#name}`;
    if (status === 401 || status === 403) throw new ApiProblem(`premortem may not ${what} (HTTP ${status})`);
    // A JSON Patch of which a test fails is a 422, as whatever else it makes invalid.
    const isConflict = status === 409 || status === 412 || (status === 422 && verb === 'patch');
    if (status < 200 || status > 299)
      throw new (isConflict ? Conflict : ApiProblem)(`the API server answered HTTP ${status} to ${what}`);
    if (json === undefined) throw new ApiProblem(`the API server sent nothing readable to ${what}`);
    return { object: json, date };
  }
}
