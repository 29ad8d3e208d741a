// A network of bittorrent-dht nodes in one process, told what to do by lines of JSON and answering each by one.
// Arguments: BLOCK FIRST COUNT PORT [BOOTSTRAP]. Node n is at BLOCK.(FIRST + n).1:PORT.
import { createInterface } from 'node:readline'
import bencode from 'bencode'
import DHT from 'bittorrent-dht'

const [block, first, count, port, bootstrap] = process.argv.slice(2)
const seconds = () => performance.now() / 1000

class Node {
  constructor (address, bootstrap) {
    this.address = address
    this.datagrams = 0
    this.dht = new DHT({ host: false, bootstrap })
    this.dht.on('error', error => console.error(`${address}: ${error.message}`))
  }

  async listen () {
    const ready = new Promise(resolve => this.dht.once('ready', resolve))
    await new Promise(resolve => this.dht.listen(Number(port), this.address, resolve))
    const socket = this.dht._rpc.socket.socket
    const send = socket.send
    socket.send = (...args) => {
      this.datagrams++
      return send.apply(socket, args)
    }
    socket.on('message', () => { this.datagrams++ })
    await ready
  }

  async announce ({ key }) {
    const [started, before] = [seconds(), this.datagrams]
    await new Promise(resolve => this.dht.announce(key, Number(port), resolve))
    return { done: seconds() - started, datagrams: this.datagrams - before }
  }

  async find ({ key }) {
    const [started, before, peers] = [seconds(), this.datagrams, new Set()]
    let first = null
    const onpeer = (peer, hash) => {
      if (hash.toString('hex') === key) {
        first ??= seconds() - started
        peers.add(`${peer.host}:${peer.port}`)
      }
    }
    this.dht.on('peer', onpeer)
    await new Promise(resolve => this.dht.lookup(key, resolve))
    this.dht.off('peer', onpeer)
    return { peers: [...peers], first, done: seconds() - started, datagrams: this.datagrams - before }
  }

  put ({ value }) {
    return new Promise(resolve => this.dht.put({ v: value }, (error, target, stored) =>
      resolve({ target: target?.toString('hex') ?? null, stored: error ? 0 : stored })))
  }

  get ({ target }) {
    return new Promise(resolve => this.dht.get(target, { cache: false }, (_, found) =>
      resolve({ value: found ? Buffer.from(bencode.encode(found.v)).toString('hex') : null })))
  }
}

const nodes = []
for (let n = 0; n < Number(count); n++) {
  const node = new Node(`${block}.${Number(first) + n}.1`, bootstrap ? [bootstrap] : n ? [`${block}.${first}.1:${port}`] : false)
  await node.listen() // one after the other: each is in the network when the next comes
  nodes.push(node)
}

console.log(JSON.stringify({ nodes: nodes.map(node => `${node.address}:${port}`) }))
for await (const line of createInterface({ input: process.stdin })) {
  const command = JSON.parse(line) // several may run side by side; "id" tells whose answer it is
  nodes[command.node][command.do](command).then(answer => console.log(JSON.stringify({ id: command.id, ...answer })))
}
process.exit(0)
