// Text of internet addresses as bytes.

/** The 16 bytes of an IPv6 address (or of an IPv4 address within); null: the text is none. */
export function ipv6Bytes(text: string): Uint8Array | null {
  const bytes = new Uint8Array(16)
  const v4 = /^(.*?:)?(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/.exec(text)
  if (v4 !== null) {
    const parts = v4.slice(2).map(Number)
    if (parts.some((part) => part > 255)) return null
    const head = v4[1] ?? '::ffff:'
    const front = ipv6Bytes(`${head}${((parts[0] << 8) | parts[1]).toString(16)}:`
      + ((parts[2] << 8) | parts[3]).toString(16))
    return front
  }
  const halves = text.split('::')
  if (halves.length > 2) return null
  const words = halves.map((half) => (half === '' ? [] : half.split(':')))
  if (words.flat().some((word) => !/^[0-9a-fA-F]{1,4}$/.test(word))) return null
  const count = words.flat().length
  if (halves.length === 1 ? count !== 8 : count > 7) return null
  const all = halves.length === 1 ? words[0]
    : [...words[0], ...Array.from({ length: 8 - count }, () => '0'), ...words[1]]
  all.forEach((word, i) => {
    const value = Number.parseInt(word, 16)
    bytes[i * 2] = value >> 8
    bytes[i * 2 + 1] = value & 255
  })
  return bytes
}
