/** The front page: the first sync's progress follows by itself; charts answer to the pointer when they come into view. */

const region = document.querySelector('[data-backfill]');
if (region) {
  const LOOK_MS = 3000;
  const format = new Intl.NumberFormat('en');
  const look = async () => {
    try {
      const answer = await fetch('/api/v1/runs?job=sync&limit=1');
      const { data, asOf } = await answer.json();
      const run = data[0];
      // complete: the whole page has something new to say
      if (asOf !== null) return location.reload();
      if (run?.status === 'running') {
        const done = run.stored + run.updated + run.unchanged + run.excluded + run.missing + run.failed;
        const expected = run.counts.expected ?? null;
        const bar = region.querySelector('progress');
        if (expected !== null) {
          bar.max = expected;
          bar.value = Math.min(done, expected);
          region.querySelector('[data-backfill-words]').textContent =
            `${format.format(done)} of ${format.format(expected)} papers are here, the newest first.`;
        }
        // the first papers fill the page
        if (done >= 200 && !document.querySelector('.entry')) return location.reload();
      }
    } catch {
      // the server is away for a moment: look again
    }
    setTimeout(look, LOOK_MS);
  };
  setTimeout(look, LOOK_MS);
}

const charts = document.querySelectorAll('[data-timeline]');
if (charts.length > 0) {
  const observer = new IntersectionObserver(async (entries) => {
    for (const { isIntersecting, target } of entries) {
      if (!isIntersecting) continue;
      observer.unobserve(target);
      const { enrich } = await import('./charts.js');
      enrich(target);
    }
  });
  for (const chart of charts) observer.observe(chart);
}
