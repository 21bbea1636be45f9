// One cold start, in CommonJS and without imports so that nothing is loaded but the bundle: the milliseconds from
// the start of the process to the first answer.
const [bundle, event] = [process.argv[2], JSON.parse(process.argv[3])];
const load = bundle.endsWith('.mjs') ? import(bundle) : Promise.resolve(require(bundle));
load
  .then(({ handler }) => handler(event, {}))
  .then(() => {
    const elapsed = performance.now();
    require('node:fs').writeSync(3, String(elapsed));
    process.exit();
  });
