import type { TagRecognition } from '../../src/taxonomy/recognition.js';

/** A condition that no phrase names; everything can be chosen. */
export const aTag = (given: Partial<TagRecognition> = {}): TagRecognition => ({
  facet: 'condition',
  tag: 'vexia',
  parent: null,
  itself: [],
  strong: [],
  phrases: [],
  weak: [],
  not: [],
  mesh: [],
  headings: [],
  from: [],
  for: [],
  against: [],
  yields: [],
  types: [],
  sections: [],
  ...given,
});
