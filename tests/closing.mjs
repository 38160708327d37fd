// What a test has opened is closed when it ends: the last first, and all of it, whatever fails. A hook that fails skips
// the hooks behind it, and a service that is left alone keeps the file from ending.
const opened = new WeakMap();

export function closing(t, close) {
  if (opened.has(t)) return void opened.get(t).push(close);
  opened.set(t, [close]);
  t.after(async () => {
    const faults = [];
    for (const one of opened.get(t).reverse())
      try { await one(); } catch (fault) { faults.push(fault); }
    if (faults.length) throw faults[0];
  });
}
