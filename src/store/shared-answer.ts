const ignore = () => undefined;

/**
 * One question of many at the same time, asked once for all of them: whoever comes while it is under way shares the
 * next asking with all who came meanwhile. So nobody gets an answer to a question that was put before they came.
 */
export class SharedAnswer<T> {
  private next: Promise<T> | null = null;
  private underWay: Promise<unknown> = Promise.resolve();

  constructor(private readonly ask: () => Promise<T>) {}

  get(): Promise<T> {
    return (this.next ??= this.underWay.then(() => {
      this.next = null;
      const answer = this.ask();
      this.underWay = answer.catch(ignore);
      return answer;
    }));
  }
}
