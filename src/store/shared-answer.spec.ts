import { SharedAnswer } from './shared-answer.js';

/** A question whose answers are given by hand. */
function aQuestion() {
  const open: { resolve: (value: number) => void; reject: (error: Error) => void }[] = [];
  const shared = new SharedAnswer(() => new Promise<number>((resolve, reject) => open.push({ resolve, reject })));
  return { shared, open };
}
const turn = () => new Promise((resolve) => setImmediate(resolve));

describe('an answer that is shared', () => {
  it('is asked for once by all who come together', async () => {
    const { shared, open } = aQuestion();
    const answers = Promise.all([shared.get(), shared.get(), shared.get()]);
    await turn();
    expect(open).toHaveLength(1);
    open[0]?.resolve(7);
    expect(await answers).toEqual([7, 7, 7]);
  });

  it('is never that of a question which was put before one came', async () => {
    const { shared, open } = aQuestion();
    const first = shared.get();
    await turn();
    const late = [shared.get(), shared.get()];
    open[0]?.resolve(1);
    expect(await first).toBe(1);
    await turn();
    expect(open).toHaveLength(2);
    open[1]?.resolve(2);
    expect(await Promise.all(late)).toEqual([2, 2]);
  });

  it('fails for those who share it, and is asked for anew by the next', async () => {
    const { shared, open } = aQuestion();
    const first = shared.get();
    await turn();
    const second = shared.get();
    open[0]?.reject(new Error('gone'));
    await expect(first).rejects.toThrow('gone');
    await turn();
    open[1]?.resolve(3);
    expect(await second).toBe(3);
  });
});
