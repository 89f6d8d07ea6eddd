// The yardstick of bench/load: a uWebSockets.js server that does nothing but answer, with a body of
// the size that was asked for. Its event-loop delay stands beside Pipit's of the same run.

import { monitorEventLoopDelay } from 'node:perf_hooks'
import uWS from 'uWebSockets.js'

const body = new Uint8Array(Number(process.argv[2])).fill(120)
const delay = monitorEventLoopDelay({ resolution: 10 })
delay.enable()

uWS.App().get('/delay', (res) => {
  res.end(String(delay.percentile(99.9) / 1e6))
  delay.reset()
}).any('/*', (res) => {
  res.end(body)
}).listen('127.0.0.1', 0, (socket) => {
  if (socket) process.stdout.write(`${uWS.us_socket_local_port(socket)}\n`)
})
