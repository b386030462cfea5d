import fc from 'fast-check';
import { PACE, Pacer, pacerFor, type Pace, type Timing } from './pacer.js';

/** A clock that jumps from timer to timer. */
class FakeTiming implements Timing {
  private at = 0;
  private timers: { at: number; then: () => void }[] = [];
  now = () => this.at;
  after(ms: number, then: () => void) {
    const timer = { at: this.at + ms, then };
    this.timers.push(timer);
    return () => void (this.timers = this.timers.filter((other) => other !== timer));
  }
  async run(untilMs = Infinity) {
    for (;;) {
      for (let i = 0; i < 20; i++) await Promise.resolve();
      const next = this.timers.sort((a, b) => a.at - b.at)[0];
      if (!next || next.at > untilMs) return;
      this.timers.shift();
      this.at = Math.max(this.at, next.at);
      next.then();
    }
  }
}

const mostInAnySecond = (arrivals: readonly number[]) => {
  const sorted = [...arrivals].sort((a, b) => a - b);
  return Math.max(...sorted.map((from) => sorted.filter((at) => at >= from && at - from < 1000).length));
};

describe('Pacer', () => {
  it('keeps the gap, counted from the sending and not from the leave to send', async () => {
    const timing = new FakeTiming();
    const pacer = new Pacer(PACE.withoutKey, timing);
    const sends: number[] = [];
    const slowToConnect = async () => {
      const turn = await pacer.turn();
      timing.after(200, () => {
        sends.push(timing.now());
        turn.sent();
        turn.answered();
        turn.ended();
      });
    };
    void Promise.all([slowToConnect(), slowToConnect(), slowToConnect()]);
    await timing.run();
    expect(sends).toEqual([200, 750, 1300]);
  });

  it.each(Object.entries(PACE))(
    'never lets more arrive in one second than it may, however long each travels (%s)',
    async (_, pace: Pace) => {
      await fc.assert(
        fc.asyncProperty(
          fc.array(fc.record({ transit: fc.integer({ min: 0, max: 240 }), work: fc.integer({ min: 0, max: 3_000 }) }), {
            minLength: pace.perSecond + 1,
            maxLength: 40,
          }),
          async (requests) => {
            const timing = new FakeTiming();
            const pacer = new Pacer(pace, timing);
            const arrivals: number[] = [];
            for (const { transit, work } of requests)
              void pacer.turn().then((turn) => {
                turn.sent();
                timing.after(transit, () => arrivals.push(timing.now()));
                timing.after(transit + work, () => (turn.answered(), turn.ended()));
              });
            await timing.run();
            expect(arrivals).toHaveLength(requests.length);
            expect(mostInAnySecond(arrivals)).toBeLessThanOrEqual(pace.perSecond);
          },
        ),
        { numRuns: 60 },
      );
    },
  );

  it('loses little of the rate when answers are quick', async () => {
    const timing = new FakeTiming();
    const pacer = new Pacer(PACE.withKey, timing);
    for (let i = 0; i < 101; i++)
      void pacer.turn().then((turn) => {
        turn.sent();
        timing.after(90, () => (turn.answered(), turn.ended()));
      });
    await timing.run();
    expect(timing.now()).toBeLessThan(100 * 110 + 100);
  });

  it('serves in the order of asking', async () => {
    const timing = new FakeTiming();
    const pacer = new Pacer(PACE.withKey, timing);
    const order: number[] = [];
    for (let i = 0; i < 8; i++) void pacer.turn().then((turn) => (order.push(i), turn.sent(), turn.ended()));
    await timing.run();
    expect(order).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
  });

  it('gives the place of an aborted request to the next one', async () => {
    const timing = new FakeTiming();
    const pacer = new Pacer(PACE.withoutKey, timing);
    const leaving = new AbortController();
    const served: string[] = [];
    const ask = (name: string, signal?: AbortSignal) =>
      pacer.turn(signal).then(
        (turn) => (served.push(`${name} ${timing.now()}`), turn.sent(), turn.ended()),
        (reason: unknown) => served.push(`${name} ${String(reason)}`),
      );
    void Promise.all([ask('first'), ask('second', leaving.signal), ask('third')]);
    timing.after(100, () => leaving.abort('gone'));
    await timing.run();
    expect(served).toEqual(['first 0', 'second gone', 'third 350']);
    await expect(pacer.turn(AbortSignal.abort('before'))).rejects.toBe('before');
  });

  it('stops everybody after a refusal, for as long as the service asks', async () => {
    const timing = new FakeTiming();
    const pacer = new Pacer(PACE.withKey, timing, () => 0);
    const sends: number[] = [];
    const ask = (retryAfterMs?: number | null) =>
      pacer.turn().then((turn) => {
        sends.push(timing.now());
        turn.sent();
        if (retryAfterMs !== undefined) turn.refused(retryAfterMs);
        turn.ended();
      });
    void Promise.all([ask(5_000), ask(), ask()]);
    expect(pacer.pausedMs()).toBe(0);
    await timing.run(0);
    expect(pacer.pausedMs()).toBe(5_000);
    await timing.run();
    expect(sends).toEqual([0, 5_000, 5_110]);
  });

  it('pauses longer with each refusal that follows a pause, and forgets them after a success', async () => {
    const timing = new FakeTiming();
    const pacer = new Pacer(PACE.withKey, timing, () => 0);
    const sends: number[] = [];
    const ask = async (refused: boolean) => {
      const turn = await pacer.turn();
      sends.push(timing.now());
      turn.sent();
      if (refused) turn.refused(null);
      turn.ended();
    };
    void (async () => {
      for (const refused of [true, true, true, false, true, false]) await ask(refused);
    })();
    await timing.run();
    expect(sends).toEqual([0, 1_000, 3_000, 7_000, 7_110, 8_110]);
  });

  it('takes refusals of requests that were under way together for one', async () => {
    const timing = new FakeTiming();
    const pacer = new Pacer(PACE.withKey, timing, () => 0);
    for (let i = 0; i < 3; i++)
      void pacer.turn().then((turn) => {
        turn.sent();
        timing.after(400, () => (turn.refused(null), turn.ended()));
      });
    await timing.run(620);
    expect(pacer.pausedMs()).toBe(1_000);
  });

  it('goes on when a turn ends without a sending', async () => {
    const timing = new FakeTiming();
    const pacer = new Pacer(PACE.withoutKey, timing);
    const first = await pacer.turn();
    let second = false;
    void pacer.turn().then(() => (second = true));
    first.ended();
    await timing.run();
    expect(second).toBe(true);
    expect(timing.now()).toBe(350);
  });

  it('is one for all clients of a service, with and without a key', () => {
    const base = 'https://pubmed.example/entrez/eutils/';
    expect(pacerFor(base, false)).toBe(pacerFor('https://pubmed.example/other/', false));
    expect(pacerFor(base, true)).not.toBe(pacerFor(base, false));
    expect(pacerFor('https://other.example/', false)).not.toBe(pacerFor(base, false));
  });
});
