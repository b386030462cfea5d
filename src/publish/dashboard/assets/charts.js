/** A chart answers to the pointer: the values of the month under it, read from the table that stands below. */

export function enrich(figure) {
  const table = figure.querySelector('table.figures');
  const names = [...figure.querySelectorAll('.lines-key a')].map((one) => one.textContent);
  // the table stands newest first
  const rows = [...table.tBodies[0].rows].reverse().map((row) => ({
    month: row.cells[0].textContent,
    values: [...row.cells].slice(1).map((cell) => Number(cell.textContent)),
  }));
  for (const plot of figure.querySelectorAll('.plot')) watch(plot, names, rows);
}

function watch(plot, names, rows) {
  const [width, height, left, right, top, bottom] = plot.dataset.plot.split(' ').map(Number);
  const line = document.createElement('div');
  line.className = 'pointer-line';
  const box = document.createElement('div');
  box.className = 'pointer-box';
  line.hidden = box.hidden = true;
  plot.append(line, box);

  const hide = () => {
    line.hidden = box.hidden = true;
  };
  plot.addEventListener('pointerleave', hide);
  plot.addEventListener('pointermove', (event) => {
    const area = plot.getBoundingClientRect();
    const scale = area.width / width;
    const x = (event.clientX - area.left) / scale;
    if (x < left - 10 || x > right + 10) return hide();
    const at = Math.max(0, Math.min(rows.length - 1, Math.round(((x - left) / (right - left)) * (rows.length - 1))));
    const row = rows[at];
    const place = left + ((right - left) * at) / (rows.length - 1);
    line.hidden = box.hidden = false;
    line.style.left = `${place * scale}px`;
    line.style.top = `${top * scale}px`;
    line.style.height = `${(bottom - top) * scale}px`;
    box.replaceChildren();
    const head = document.createElement('strong');
    head.textContent = row.month;
    box.append(head);
    names
      .map((name, index) => ({ name, index, value: row.values[index] }))
      .sort((a, b) => b.value - a.value)
      .forEach(({ name, index, value }) => {
        const item = document.createElement('div');
        const swatch = document.createElement('span');
        swatch.className = `swatch s${index + 1}`;
        const count = document.createElement('b');
        count.textContent = String(value);
        item.append(swatch, `${name} `, count);
        box.append(item);
      });
    const all = document.createElement('div');
    all.className = 'all';
    all.textContent = `All papers ${row.values[row.values.length - 1]}`;
    box.append(all);
    const onLeft = place * scale > area.width / 2;
    box.style.left = onLeft ? '' : `${place * scale + 12}px`;
    box.style.right = onLeft ? `${area.width - place * scale + 12}px` : '';
    box.style.top = `${(top / height) * area.height}px`;
  });
}
