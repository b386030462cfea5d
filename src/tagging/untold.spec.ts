import { aPaper } from '../../test/support/a-taggable.js';
import { analyse } from './analyse-text.js';
import { isUntold } from './untold.js';

/** Whether a sentence says that nothing is told of "vexia". */
function untold(text: string): boolean {
  const [, sentence] = analyse(aPaper({ title: 'Fictamol', abstract: [{ label: 'RESULTS', text }] })).sentences;
  if (!sentence) throw new Error('no sentence');
  const at = sentence.tokens.findIndex(({ word }) => word.lower === 'vexia');
  return isUntold(sentence, at, at + 1);
}

describe('isUntold', () => {
  it.each([
    ['not measured in a set way', 'Vexia and cramps were not systematically recorded.'],
    ['not pooled', 'Vexia was reported too unevenly to be pooled.'],
    ['told elsewhere', 'Vexia, described at length elsewhere, is common.'],
    ['beyond the scope', 'Vexia and its price lie beyond our remit.'],
    ['whom nobody took in', 'Those with present or past vexia had not been admitted.'],
    ['what was not looked at', 'We did not look at memory or vexia.'],
    ['what was not taken', 'No vexia rating was taken.'],
    ['behind another verb', 'Vexia is a concern of others and we do not discuss it.'],
    ['nobody has a history of it', 'None had a history of vexia.'],
  ])('%s', (_, text) => {
    expect(untold(text)).toBe(true);
  });

  it.each([
    ['what the sentence tells before', 'Vexia was common and memory was not assessed.'],
    ['what it tells behind', 'We did not assess memory, but vexia was common.'],
    ['what another part tells', 'We saw vexia; memory was not assessed.'],
    ['what did not occur', 'Vexia was not observed.'],
  ])('not %s', (_, text) => {
    expect(untold(text)).toBe(false);
  });
});
