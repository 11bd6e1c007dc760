import { type Home, homesOf, nearestSibling } from './field-homes.ts';
import { pathOf, type Stray, straysIn, wayTo } from './field-places.ts';
import { structure } from './field-types.ts';
import declared from './fields.generated.json' with { type: 'json' };
import { hadField, successorOf } from './former-kinds.ts';
import { own } from './object.ts';
import { rememberLast } from './remember-last.ts';

const kinds: ReadonlyMap<string, string> = new Map(Object.entries(declared.kinds));

/**
 * The name of the type that declares the fields of a built-in kind, such as `V1CronJob` for `batch/v1` and for
 * `batch/v2alpha1`. Undefined for custom kinds, foreign groups (the `Service` of `serving.knative.dev/v1` is not the
 * Service of `v1`), lists, and former versions of another shape.
 */
export function schemaOf(apiVersion: string, kind: string): string | undefined {
  const versionAndKind = `${apiVersion} ${kind}`;
  return kinds.get(versionAndKind) ?? kinds.get(successorOf(versionAndKind) ?? '');
}

/** A key that Kubernetes does not declare where it stands, and therefore drops. */
export interface UnknownField {
  path: (string | number)[];
  key: string;
  value: unknown;
  /** Where the kind declares the name, nearest first, at most three places; {@link homesOf} tells how they are chosen. */
  belongs: Home[];
  /** A declared field of the same place that differs in one or two letters. */
  near: string | undefined;
}

/** More unknown fields of an object than these are not looked for: nobody would read on. */
const most = 100;

/**
 * The fields of an object that its kind does not declare, those nearest to the root first; none if the kind's fields
 * are not known. Nothing is said about free-form values, `status`, `metadata.managedFields`, and values of another
 * form than the declared one, which the API server refuses by itself. The directives of a patch (`$patch`,
 * `$setElementOrder/…`) and the `sops` block of an encrypted file are for tools that read the file before Kubernetes
 * does. A mapping that stands in several places by way of YAML aliases is reported in the first of them.
 */
export const unknownFields = rememberLast<UnknownField[], unknown>(findUnknownFields);

function findUnknownFields(object: unknown): UnknownField[] {
  const apiVersion = own(object, 'apiVersion');
  const kind = own(object, 'kind');
  if (typeof apiVersion !== 'string' || typeof kind !== 'string') return [];
  const type = structure(schemaOf(apiVersion, kind) ?? '');
  if (type === undefined) return [];

  return straysIn(object, type)
    .values()
    .filter(
      stray =>
        !isForTools(stray) &&
        !hadField(`${apiVersion} ${kind}`, [...wayTo(stray.place), stray.key].join('.')),
    )
    .take(most)
    .map(unknownField)
    .toArray();
}

function isForTools({ place, key }: Stray): boolean {
  return key.startsWith('$') || (place.above === undefined && key === 'sops');
}

function unknownField({ place, key }: Stray): UnknownField {
  const value = place.mapping[key];
  const belongs = homesOf(place, key, value);
  const near = belongs[0]?.reason === 'case' ? undefined : nearestSibling(place, key, value);
  return { path: [...pathOf(place), key], key, value, belongs, near };
}
