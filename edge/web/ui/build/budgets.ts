import { gzipSync } from 'node:zlib';
import type { Plugin, Rolldown } from 'vite';

/** Kilobytes of gzipped JavaScript that a screen may load before it can be used. */
const eagerKilobytesMax: Record<string, number> = {
  pos: 110,
  kitchen: 110,
  gate: 110,
  dashboard: 260,
};

/** Fails the build when a screen grows past its budget: a till starts on a small, slow computer. */
export function budgets(): Plugin {
  return {
    name: 'budgets',
    apply: 'build',
    generateBundle(_options, bundle) {
      for (const entry of Object.values(bundle)) {
        if (entry.type !== 'chunk' || !entry.isEntry) continue;
        const budget = eagerKilobytesMax[entry.name];
        const bytes = eagerBytes(entry, bundle, new Set());
        const kilobytes = Math.ceil(bytes / 1024);
        this.info(`${entry.name}: ${kilobytes} kB gzipped, budget ${budget ?? 'none'}`);
        if (budget === undefined || kilobytes > budget) {
          this.error(`${entry.name} loads ${kilobytes} kB gzipped; its budget is ${budget} kB`);
        }
      }
    },
  };
}

function eagerBytes(
  chunk: Rolldown.OutputChunk,
  bundle: Rolldown.OutputBundle,
  seen: Set<string>,
): number {
  if (seen.has(chunk.fileName)) return 0;
  seen.add(chunk.fileName);
  let bytes = gzipSync(chunk.code).length;
  for (const name of chunk.imports) {
    const imported = bundle[name];
    if (imported?.type === 'chunk') bytes += eagerBytes(imported, bundle, seen);
  }
  return bytes;
}
