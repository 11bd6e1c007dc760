/** One outage that somebody told in public, in our own words. */
export interface Incident {
  /** Lower-case words joined by dashes; also the file's name. */
  readonly id: string;
  readonly title: string;
  readonly who: string;
  /** The year in which it was told. */
  readonly when: string;
  /** Where it was told: talk or article. */
  readonly source: string;
  /** What happened, with the speaker's figures. */
  readonly story: string;
  readonly lessons: Readonly<Record<string, Lesson>>;
}

/** What one incident teaches. A rule cites it, or `beyondReach` says why no check of a manifest can. */
export interface Lesson {
  /** `L36`, its place in the ledger. */
  readonly id: string;
  readonly teaches: string;
  /** The incident in one line, as a denial quotes it. */
  readonly inShort: string;
  readonly beyondReach?: string;
  /** The incident that it belongs to; filled in by {@link incident}. */
  readonly incident: Pick<Incident, 'id' | 'title' | 'who' | 'when' | 'source'>;
}

type LessonSpec = Omit<Lesson, 'incident'>;
type IncidentSpec<L extends string> = Omit<Incident, 'lessons'> & { lessons: Record<L, LessonSpec> };

/** Declares an incident and gives each of its lessons the way back to it. */
export function incident<L extends string>(
  spec: IncidentSpec<L>,
): Omit<Incident, 'lessons'> & { readonly lessons: Readonly<Record<L, Lesson>> } {
  const { id, title, who, when, source } = spec;
  const lessons = {} as Record<L, Lesson>;
  for (const name of Object.keys(spec.lessons) as L[]) {
    lessons[name] = { ...spec.lessons[name], incident: { id, title, who, when, source } };
  }
  return { ...spec, lessons };
}
