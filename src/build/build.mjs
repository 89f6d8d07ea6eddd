// Sources to dist/: the kernels to one WebAssembly module, the program and its worker to one bundle
// each. Plain JavaScript, so that a fresh clone can run it with nothing but Node.
//
//   storage/kernels/*.as.ts -> dist/kernels.wasm     src/cli/main.ts -> dist/cli.js
//   src/workers/worker.ts   -> dist/worker.js        bench/main.ts   -> dist/bench.js
//   test/crash/main.ts      -> dist/simulate.js

import { execFileSync } from 'node:child_process'
import { copyFileSync, existsSync, mkdirSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { createRequire } from 'node:module'

const here = dirname(fileURLToPath(import.meta.url))
const root = join(here, '..', '..')
const require = createRequire(import.meta.url)

/** Compiles all kernels into dist/kernels.wasm. One module, because each module of its own would be
 * compiled and warmed apart in every worker. */
export function buildKernels() {
  const folder = join(root, 'storage', 'kernels')
  const files = readdirSync(folder).filter((name) => name.endsWith('.as.ts')).sort()
  mkdirSync(join(root, 'dist'), { recursive: true })
  const entry = join(root, 'dist', `kernels-entry-${process.pid}.ts`)
  const names = files.map((name) => `export * from '../storage/kernels/${name.slice(0, -3)}'`)
  writeFileSync(entry, `${names.join('\n')}\n`)
  const target = join(root, 'dist', 'kernels.wasm')
  const built = join(root, 'dist', `kernels-${process.pid}.wasm`)
  try {
    execFileSync(process.execPath, [
      require.resolve('assemblyscript/bin/asc.js'), entry, '-O3', '--runtime', 'stub',
      '--noAssert', '--importMemory', '--initialMemory', '1', '--enable', 'simd', '--enable',
      'bulk-memory', '--use', 'abort=', '-o', built,
    ], { cwd: root, stdio: ['ignore', 'inherit', 'inherit'] })
    execFileSync('mv', [built, target])
  } finally {
    rmSync(entry, { force: true })
    rmSync(built, { force: true })
  }
}

/** Bundles the program; packages stay outside, so native bindings load as installed. */
export async function buildProgram() {
  const { build } = await import('esbuild')
  const began = Date.now()
  const entries = {
    cli: 'src/cli/main.ts', worker: 'src/workers/worker.ts', bench: 'bench/main.ts',
    simulate: 'test/crash/main.ts', durability: 'bench/durability/main.ts',
    'engines-bench': 'bench/engines/main.ts',
    load: 'bench/load/main.ts', 'load-client': 'bench/load/client.ts',
    'load-empty': 'bench/load/empty.ts', point: 'bench/load/point.ts', growth: 'bench/growth/main.ts',
    'ingest-kernel': 'bench/ingest-kernel.ts', 'store-kernels': 'bench/store-kernels.ts',
  }
  const entryPoints = Object.fromEntries(
    Object.entries(entries).filter(([, file]) => existsSync(join(root, file)))
      .map(([name, file]) => [name, join(root, file)]))
  // Chunks are named by their content: those of earlier builds would pile up.
  const old = existsSync(join(root, 'dist')) ? readdirSync(join(root, 'dist')).filter((name) => name.startsWith('chunk-')) : []
  await build({
    entryPoints, outdir: join(root, 'dist'), bundle: true, platform: 'node', target: 'node20',
    format: 'esm', packages: 'external', sourcemap: true, logLevel: 'warning',
    chunkNames: 'chunk-[hash]', splitting: true,
    // Each thread holds the text of what it loads: without comments, and a byte a character.
    minifyWhitespace: true, lineLimit: 200,
  })
  // A process of its own, which must load without the bundle.
  copyFileSync(join(root, 'src', 'compare', 'chdb-child.mjs'), join(root, 'dist', 'chdb-child.mjs'))
  for (const name of old) {
    const path = join(root, 'dist', name)
    if (statSync(path).mtimeMs < began) rmSync(path)
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  buildKernels()
  await buildProgram()
}
