import { spawn } from 'node:child_process'
import fs from 'node:fs'
import os from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { StoreLocked } from './disk.ts'
import { lockFolder } from './owner-lock.ts'

const fieldsOf = (pid: number) => fs.readFileSync(`/proc/${pid}/stat`, 'latin1').split(') ')[1].split(' ')

it.runIf(process.platform === 'linux')('takes a folder from a process that has ended, also where its parent has not asked how', async () => {
  const folder = fs.mkdtempSync(join(os.tmpdir(), 'pipit-owner-'))
  // What the shell becomes never asks for its child, which lasts as a zombie once it has ended.
  const parent = spawn('sh', ['-c', 'cat <&3 >/dev/null & echo $!; exec 3<&-; exec sleep 60'], { stdio: ['ignore', 'pipe', 'ignore', 'pipe'] })
  try {
    const pid = Number(await new Promise<Buffer>((resolve) => { parent.stdout?.once('data', resolve) }))
    const running = fieldsOf(pid)
    fs.writeFileSync(join(folder, 'owner'), `${pid} ${running[19]}`)
    await expect(lockFolder(folder)).rejects.toThrow(new StoreLocked(folder, pid))
    ;(parent.stdio[3] as NodeJS.WritableStream).end()
    while (fieldsOf(pid)[0] !== 'Z') await new Promise((resolve) => { setTimeout(resolve, 5) })
    const release = await lockFolder(folder)
    expect(fs.readFileSync(join(folder, 'owner'), 'latin1')).toMatch(new RegExp(`^${process.pid} `))
    release()
  } finally {
    parent.kill('SIGKILL')
    fs.rmSync(folder, { recursive: true })
  }
})
