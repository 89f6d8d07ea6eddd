// Sources to dist/: the kernels to one WebAssembly module, the program and its worker to one bundle
// each. Plain JavaScript, so that a fresh clone can run it with nothing but Node.
//
//   storage/kernels/*.as.ts -> dist/kernels.wasm                bench/main.ts      -> dist/bench.js
//   src/cli/main.ts         -> dist/program-HASH.cjs            test/crash/main.ts -> dist/simulate.js
//   src/workers/worker.ts   -> dist/worker-program-HASH.cjs
//   src/launch/             -> dist/cli.js, dist/worker.cjs, which run them

import { execFileSync, spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
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

/** Packages that become part of the program's bundles: those without bindings of their own that every start
 * loads, so that their code is kept with it, and those that CommonJS cannot load. */
const BUNDLED = [
  '@fastify/busboy', 'commander', 'croner', 'csv-parse', 'hyparquet', 'hyparquet-compressors', 'hyparquet-writer',
  'jose', 'msgpackr', 'picocolors', 're2js', 'yaml', 'zstddec',
]

// Each thread holds the text of what it loads: without comments, and a byte a character.
const SHORT = { minifyWhitespace: true, lineLimit: 200, charset: 'ascii' }
const COMMON = { bundle: true, platform: 'node', target: 'node20', logLevel: 'warning', ...SHORT }

/** Bundles what runs, with its launcher (src/launch/program.ts says why there is one). */
async function buildLaunched(build, { name, entry, launcher, format, target }) {
  const { dependencies, optionalDependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
  const { outputFiles } = await build({
    ...COMMON, entryPoints: [join(root, entry)], outfile: join(root, 'dist', `${name}.cjs`), format: 'cjs', write: false,
    banner: { js: '(function (require, module, exports, moduleUrl) {' }, footer: { js: '})' },
    sourcemap: true, define: { 'import.meta.url': 'moduleUrl' },
    external: ['msgpackr-extract', ...Object.keys({ ...dependencies, ...optionalDependencies }).filter((each) => !BUNDLED.includes(each))],
    // What is not in the bundle is CommonJS, too; for an import of it V8 would ask a module that there is not.
    supported: { 'dynamic-import': false },
  })
  const [map, text] = [outputFiles.find(({ path }) => path.endsWith('.map')), outputFiles.find(({ path }) => path.endsWith('.cjs'))]
  const file = `${name}-${createHash('sha256').update(text.contents).digest('hex').slice(0, 12)}.cjs`
  writeFileSync(join(root, 'dist', file), text.text.replace(`${name}.cjs.map`, `${file}.map`))
  writeFileSync(join(root, 'dist', `${file}.map`), map.contents)
  await build({
    ...COMMON, entryPoints: [join(root, launcher)], outfile: join(root, 'dist', target), format, define: { PROGRAM: JSON.stringify(file) },
  })
  return file
}

/** Bundles the program; packages with bindings stay outside, so these load as installed. */
export async function buildProgram() {
  const { build } = await import('esbuild')
  const began = Date.now()
  const launched = [
    await buildLaunched(build, { name: 'program', entry: 'src/cli/main.ts', launcher: 'src/launch/cli.ts', format: 'esm', target: 'cli.js' }),
    await buildLaunched(build, { name: 'worker-program', entry: 'src/workers/worker.ts', launcher: 'src/launch/worker.ts', format: 'cjs', target: 'worker.cjs' }),
  ]
  const entries = {
    bench: 'bench/main.ts', simulate: 'test/crash/main.ts', durability: 'bench/durability/main.ts',
    'engines-bench': 'bench/engines/main.ts',
    load: 'bench/load/main.ts', 'load-client': 'bench/load/client.ts',
    'load-empty': 'bench/load/empty.ts', point: 'bench/load/point.ts', growth: 'bench/growth/main.ts',
    'ingest-kernel': 'bench/ingest-kernel.ts', 'store-kernels': 'bench/store-kernels.ts',
    bounds: 'bench/bounds/main.ts',
  }
  const entryPoints = Object.fromEntries(
    Object.entries(entries).filter(([, file]) => existsSync(join(root, file)))
      .map(([name, file]) => [name, join(root, file)]))
  // Named by their content: those of earlier builds would pile up. Code that was kept of this one stays.
  const old = readdirSync(join(root, 'dist')).filter((name) => /^(chunk|program|worker-program)-/.test(name)
    && !launched.some((file) => name.startsWith(file.slice(0, -'.cjs'.length))))
  await build({
    ...COMMON, entryPoints, outdir: join(root, 'dist'), format: 'esm', packages: 'external', sourcemap: true,
    chunkNames: 'chunk-[hash]', splitting: true,
  })
  // A process of its own, which must load without the bundle.
  copyFileSync(join(root, 'src', 'compare', 'chdb-child.mjs'), join(root, 'dist', 'chdb-child.mjs'))
  for (const name of old) {
    const path = join(root, 'dist', name)
    if (statSync(path).mtimeMs < began) rmSync(path)
  }
}

/** How long a server may take until it keeps the code that it has compiled. */
const KEEP_MS = 30_000

/** The environment of a server of the build's own: what is set for another one (no warm-up, an address that is
 * not only this machine's) is not for it. */
export const plainEnvironment = (environment) => ({
  ...Object.fromEntries(Object.entries(environment).filter(([name]) => !name.startsWith('PIPIT_'))), NODE_OPTIONS: '',
})

/** Lets the program keep its code: a server over an empty store does so after its warm-up. Whoever starts
 * first has it then; where it does not come to that, the first server of a user keeps it. */
export async function keepProgramCode() {
  const dist = join(root, 'dist')
  const isKept = () => {
    const names = readdirSync(dist)
    return ['program-', 'worker-program-'].every((kind) => names.some((name) => name.startsWith(kind) && name.endsWith('.code')))
  }
  if (isKept()) return
  const data = mkdtempSync(join(tmpdir(), 'pipit-build-'))
  const server = spawn(process.execPath, [
    join(dist, 'cli.js'), 'start', join(root, 'examples', 'saas'), '--port', '0', '--data', data, '--no-demo',
  ], { stdio: 'ignore', env: plainEnvironment(process.env) })
  let hasEnded = false
  const ended = new Promise((resolve) => { server.on('exit', resolve) }).then(() => { hasEnded = true })
  for (const began = Date.now(); !isKept() && !hasEnded && Date.now() - began < KEEP_MS;) {
    await new Promise((resolve) => { setTimeout(resolve, 50) })
  }
  server.kill('SIGTERM')
  await ended
  rmSync(data, { recursive: true, force: true })
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  buildKernels()
  await buildProgram()
  await keepProgramCode()
}
