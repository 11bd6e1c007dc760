import { type Kind, kindOf } from '../kubernetes/kinds.ts';
import type { KubeObject } from '../kubernetes/object.ts';
import type { Query, Siblings } from '../model/query.ts';

/** An object, and the file that it stands in. */
export interface Member {
  readonly object: KubeObject;
  readonly file: string;
}

type AmongFiles = Query & { ask: 'among-files' };

/** The objects of files that are checked together, as rules ask for them. */
export class FileSet {
  readonly #members: readonly Member[];
  readonly #files: ReadonlyMap<object, string>;
  /** By the query, and by the folder or, for a whole run, the empty string. */
  readonly #answers = new Map<AmongFiles, ReadonlyMap<string, Answer>>();

  constructor(members: readonly Member[]) {
    this.#members = members;
    this.#files = new Map(members.map(({ object, file }) => [object, file]));
  }

  /** The file of one of these very objects. */
  fileOf(object: object): string | undefined {
    return this.#files.get(object);
  }

  /** Undefined for what stands in no file. */
  siblings(query: AmongFiles, object: KubeObject, file: string | undefined): Siblings<unknown> | undefined {
    if (file === undefined) return undefined;
    const answers = this.#answers.get(query) ?? this.#answersTo(query);
    this.#answers.set(query, answers);
    const { all, byPlace } = answers.get(groupOf(file, query)) ?? NOTHING;
    return { all, self: byPlace.get(placeOf(object, file)) };
  }

  #answersTo(query: AmongFiles): ReadonlyMap<string, Answer> {
    const kinds = new Set<Kind<unknown> | undefined>(query.kinds);
    const asked = this.#members.filter(({ object }) => kinds.has(kindOf(object)));
    const groups = Map.groupBy(asked, ({ file }) => groupOf(file, query));
    return new Map(
      [...groups].map(([group, members]) => {
        const byPlace = new Map<string, KubeObject>();
        for (const { object, file } of members) {
          const place = placeOf(object, file);
          if (!byPlace.has(place)) byPlace.set(place, object);
        }
        return [group, { all: members.map(({ object }) => object), byPlace }];
      }),
    );
  }
}

interface Answer {
  all: readonly KubeObject[];
  byPlace: ReadonlyMap<string, KubeObject>;
}

const NOTHING: Answer = { all: [], byPlace: new Map() };

function groupOf(file: string, { within }: AmongFiles): string {
  return within === 'folder' ? folderOf(file) : '';
}

/** Files are read anew for judging, so that an object is known by where it stands. */
function placeOf({ apiVersion, kind, metadata }: KubeObject, file: string): string {
  return JSON.stringify([file, apiVersion, kind, metadata?.namespace, metadata?.name]);
}

/** `deploy/web.yaml` → `deploy/`, with nothing for what stands in none. */
export function folderOf(file: string): string {
  return file.slice(0, Math.max(file.lastIndexOf('/'), file.lastIndexOf('\\')) + 1);
}
