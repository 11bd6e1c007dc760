import { incident } from '../src/model/incident.ts';

const { paint } = incident({
  id: 'toy-incident',
  title: 'Somebody painted it red',
  who: 'Toy Inc',
  when: '2020',
  source: 'a talk',
  story: 'It was red.',
  lessons: { paint: { id: 'L0', teaches: 'never paint it red', inShort: 'it was red' } },
}).lessons;

/** What every rule of the toys says. */
export const toyWords = {
  lessons: [paint] as const,
  why: 'What is painted is seen.',
  unless: 'it is a toy',
};
