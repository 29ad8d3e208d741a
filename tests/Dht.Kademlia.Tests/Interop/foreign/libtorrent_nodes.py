"""A network of libtorrent nodes in one process, told what to do by lines of JSON and answering each by one.

Arguments: BLOCK FIRST COUNT PORT [BOOTSTRAP]. Node n is at BLOCK.(FIRST + n).1:PORT, in a /24 of its own: libtorrent takes one node of each.
"""

import json
import os
import random
import select
import sys
import tempfile
import time

import libtorrent as lt

STAGGER = 0.15  # seconds; the first node must answer before the next asks it, and nodes that start together know nobody
KNOWN = 8  # nodes that each is told of, and in larger networks knows before all begins
SPIN = 0.02  # seconds in which the end of a look-up is watched for without a pause: on loopback it comes within one millisecond
PAUSE = 0.002
QUIET = lt.alert.category_t.dht_operation_notification
TALKATIVE = QUIET | lt.alert.category_t.dht_notification
WORDY = TALKATIVE | lt.alert.category_t.dht_log_notification
MESSAGES = ["dht.dht_messages_in", "dht.dht_messages_out"]


class Node:
    def __init__(self, address, port, bootstrap):
        self.endpoint = (address, port)
        self.operation = None
        self.ask_again_at = None
        self.session = lt.session(
            {
                "listen_interfaces": f"{address}:{port}",
                "outgoing_interfaces": address,
                "enable_dht": True,
                "dht_bootstrap_nodes": bootstrap,
                "enable_lsd": False,
                "enable_upnp": False,
                "enable_natpmp": False,
                "dht_upload_rate_limit": 10**7,  # tests ask in a second what people ask in a day
                "dht_block_ratelimit": 10**5,
                "enable_outgoing_tcp": False,  # nobody is to be connected to, only found
                "enable_outgoing_utp": False,
                "alert_mask": QUIET,
            }
        )
        self.bell, rung = os.pipe()
        os.set_blocking(self.bell, False)
        os.set_blocking(rung, False)
        self.session.set_alert_fd(rung)  # wait_for_alert gives an alert that may be gone by then, and crashes

    def mask(self, mask):
        self.session.apply_settings({"alert_mask": mask})

    def step(self):
        """Gives an operation, a generator that is sent alerts, those that have come; its result once it has one."""
        try:
            os.read(self.bell, 1024)
        except BlockingIOError:
            pass
        if self.ask_again_at and time.monotonic() >= self.ask_again_at:
            self.ask_again_at = None
            self.session.post_dht_stats()
        try:
            for alert in self.session.pop_alerts():
                self.operation.send(alert)
        except StopIteration as end:
            self.operation = None
            return end.value
        return None

    def begin(self, operation):
        self.operation = operation
        next(operation)

    def run(self, operation):
        self.begin(operation)
        while self.operation:
            select.select([self.bell], [], [], PAUSE)
            result = self.step()
        return result

    def next(self, kind):
        while not isinstance(alert := (yield), kind):
            pass
        return alert

    def table(self):
        self.session.post_dht_stats()
        alert = yield from self.next(lt.dht_stats_alert)
        return sum(bucket["num_nodes"] for bucket in alert.routing_table)

    def datagrams(self):
        self.session.post_session_stats()
        values = (yield from self.next(lt.session_stats_alert)).values
        return sum(values[name] for name in MESSAGES)

    def announce(self, key):
        """Its time counts from the first query: when a torrent's turn comes is not the DHT's affair."""
        self.mask(WORDY)
        before, started, handle, waiting, told = (yield from self.datagrams()), None, None, set(), 0
        torrent = lt.add_torrent_params()
        torrent.info_hashes = lt.info_hash_t(lt.sha1_hash(bytes.fromhex(key)))
        torrent.save_path = tempfile.gettempdir()  # nothing is ever written: there are no peers
        self.session.async_add_torrent(torrent)
        while not told or waiting:
            alert = yield
            if isinstance(alert, lt.add_torrent_alert):
                handle = alert.handle
            elif isinstance(alert, lt.dht_outgoing_get_peers_alert):
                started = started or time.monotonic()
            elif isinstance(alert, lt.dht_pkt_alert) and (message := lt.bdecode(alert.pkt_buf)):
                if message.get(b"q") == b"announce_peer" and message[b"a"][b"info_hash"].hex() == key:
                    waiting.add(message[b"t"])
                    told += 1
                elif message.get(b"y") != b"q":
                    waiting.discard(message.get(b"t"))
        done = time.monotonic() - started
        self.session.remove_torrent(handle)
        self.mask(QUIET)
        return {"done": done, "stored": told, "datagrams": (yield from self.datagrams()) - before}

    def find(self, key):
        before = yield from self.datagrams()
        started = time.monotonic()
        self.session.dht_get_peers(lt.sha1_hash(bytes.fromhex(key)))
        self.session.post_dht_stats()
        peers, first = set(), None
        while True:
            alert = yield
            if isinstance(alert, lt.dht_get_peers_reply_alert) and str(alert.info_hash) == key:
                first = first or time.monotonic() - started
                peers.update(f"{address}:{port}" for address, port in alert.peers())
            elif isinstance(alert, lt.dht_stats_alert):
                if not any(request["type"] == "get_peers" for request in alert.active_requests):
                    break
                if time.monotonic() - started > SPIN:
                    self.ask_again_at = time.monotonic() + PAUSE
                else:
                    self.session.post_dht_stats()
        done = time.monotonic() - started
        return {"peers": sorted(peers), "first": first, "done": done, "datagrams": (yield from self.datagrams()) - before}

    def put(self, value):
        self.mask(TALKATIVE)
        target = self.session.dht_put_immutable_item(value.encode())
        alert = yield from self.next(lt.dht_put_alert)
        self.mask(QUIET)
        return {"target": str(target), "stored": alert.num_success}

    def get(self, target):
        self.session.dht_get_immutable_item(lt.sha1_hash(bytes.fromhex(target)))
        alert = yield from self.next(lt.dht_immutable_item_alert)
        try:
            return {"value": lt.bencode(alert.item["value"]).hex()}
        except RuntimeError:  # nobody has it
            return {"value": None}


def start(block, first, count, port, bootstrap):
    nodes = []
    for number in range(count):
        nodes.append(Node(f"{block}.{first + number}.1", port, bootstrap or (f"{block}.{first}.1:{port}" if number else "")))
        time.sleep(STAGGER)
    if not bootstrap:
        for node in nodes:  # or their tables stay nearly empty
            for other in random.sample([other for other in nodes if other is not node], min(KNOWN, count - 1)):
                node.session.add_dht_node(other.endpoint)
    for node in nodes:
        while node.run(node.table()) < (1 if bootstrap else min(KNOWN, count // 2)):
            time.sleep(0.05)
    return nodes


def serve(nodes):
    """Operations of several nodes may run side by side; "id" tells whose answer it is."""
    running, unread = {}, b""
    while True:
        ready, _, _ = select.select([0, *(node.bell for node in running)], [], [], PAUSE if running else None)
        if 0 in ready:
            if not (text := os.read(0, 65536)):
                return
            *lines, unread = (unread + text).split(b"\n")
            for command in map(json.loads, lines):
                node = nodes[command.pop("node")]
                running[node] = command.pop("id", None)
                node.begin(getattr(node, command.pop("do"))(**command))
        for node, number in list(running.items()):
            if (not ready or node.bell in ready or node.ask_again_at) and (reply := node.step()) is not None:
                del running[node]
                print(json.dumps({"id": number, **reply}), flush=True)


def main():
    block, first, count, port = sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4])
    nodes = start(block, first, count, port, sys.argv[5] if len(sys.argv) > 5 else "")
    print(json.dumps({"nodes": [f"{address}:{port}" for address, port in (node.endpoint for node in nodes)]}), flush=True)
    serve(nodes)
    os._exit(0)  # sessions that end politely tell trackers, for seconds


if __name__ == "__main__":
    main()
