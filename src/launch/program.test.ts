import { execFileSync } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { keepCode } from './kept-code.ts'
import { FLAGS, runProgram } from './program.ts'

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..')
const bundle = (body: string): string => `(function (require, module, exports, moduleUrl) {\n${body}\n})`
const BODY = "globalThis.launched = (globalThis.launched ?? 0) + require('node:path').join('a', 'b').length + moduleUrl.length - moduleUrl.length"
const launched = () => (globalThis as { launched?: number }).launched

let folder = ''
beforeEach(() => { folder = mkdtempSync(join(tmpdir(), 'pipit-launch-')) })
afterEach(() => {
  rmSync(folder, { recursive: true, force: true })
  delete (globalThis as { launched?: number }).launched
})

const codeFiles = () => readdirSync(folder).filter((name) => name.endsWith('.code'))

it('runs a bundle, keeps its code once, and takes what was kept', () => {
  const file = join(folder, 'some-123.cjs')
  writeFileSync(file, bundle(BODY))
  runProgram(file)
  expect(launched()).toBe(3)
  keepCode()
  const [name] = codeFiles()
  expect(name).toMatch(/^some-123-v.*\.code$/)
  rmSync(join(folder, name))
  keepCode()
  expect(codeFiles()).toEqual([])

  runProgram(file)
  keepCode()
  runProgram(file)
  const kept = readFileSync(join(folder, name))
  rmSync(join(folder, name))
  keepCode() // taken: there is nothing to keep
  expect(launched()).toBe(9)
  expect(existsSync(join(folder, name))).toBe(false)
  expect(kept.length).toBeGreaterThan(100)
})

it('runs without a kept code that is damaged, and keeps another', () => {
  const whole = join(folder, 'whole.cjs')
  writeFileSync(whole, bundle(`${BODY} + 9 - 9`)) // as long as the others: V8 looks at no more of a text
  runProgram(whole)
  keepCode()
  const [name] = codeFiles()
  const kept = readFileSync(join(folder, name))
  // What V8 would end the process over.
  const changed = Buffer.from(kept)
  changed.fill(0xaa, kept.length >> 1)
  for (const [index, code] of ['', 'no code', kept.subarray(0, 200), changed].entries()) {
    // A text of its own: V8 knows what this thread has compiled already.
    const file = join(folder, `other-${index}.cjs`)
    const codeFile = join(folder, name.replace('whole', `other-${index}`))
    writeFileSync(file, bundle(`${BODY} + ${index} - ${index}`))
    writeFileSync(codeFile, code)
    runProgram(file)
    keepCode()
    expect(readFileSync(codeFile).length).toBeGreaterThan(200)
  }
  expect(launched()).toBe(15)
  expect(readdirSync(folder).length).toBe(10)
})

it('sets every flag before code is taken that the program sets later', () => {
  const files = execFileSync('git', ['ls-files', 'src', 'storage'], { cwd: root, encoding: 'utf8' }).split('\n')
  const set = files.filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts') && existsSync(join(root, file)))
    .flatMap((file) => [...readFileSync(join(root, file), 'utf8').matchAll(/setFlagsFromString\('([^']+)'\)/g)].map(([, flag]) => flag))
  expect(set.length).toBeGreaterThan(0)
  expect(set.filter((flag) => !FLAGS.includes(flag))).toEqual([])
})

it('is kept by a build whose server nothing that is set for others reaches', async () => {
  const { plainEnvironment } = await import(join(root, 'src', 'build', 'build.mjs')) as { plainEnvironment: (environment: object) => object }
  expect(plainEnvironment({ PATH: '/bin', PIPIT_WARM_UP: 'off', PIPIT_HOST: '0.0.0.0', NODE_OPTIONS: '--jitless' })).toEqual({ PATH: '/bin', NODE_OPTIONS: '' })
})
